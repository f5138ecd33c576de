"""Blind second reviews: auditors draw a sample, reviewers answer without knowing what was decided."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from ...model.errors import InputError
from ..forms import EMPTY_FORM, Form
from ..here import Here
from ..views import second_reviews as views


@get("/second-reviews", name="second_reviews", include_in_schema=False, sync_to_thread=True)
def second_reviews(here: NamedDependency[Here]) -> Response[str]:
    """The samples, and what is open to the person."""
    return _all(here)


def _all(
    here: Here, *, typed: Form = EMPTY_FORM, problem: Exception | None = None
) -> Response[str]:
    with here.look() as work:
        view = views.second_reviews(work)
    return here.page("second_reviews/second_reviews.html", view, typed=typed, problem=problem)


@post("/second-reviews", name="second_reviews.draw", include_in_schema=False, sync_to_thread=True)
def draw(here: NamedDependency[Here], form: NamedDependency[Form]) -> Response[Any]:
    """Draw a sample of decided cases."""
    try:
        with here.work() as work:
            drawn = views.drawn(work, form.into(views.NewSample))
    except InputError as error:
        return _all(here, typed=form, problem=error)
    number = f"{drawn.drawn} {'case was' if drawn.drawn == 1 else 'cases were'}"
    return here.redirect("second_reviews", say=f"{number} drawn as {drawn.sample}.")


@get(
    "/second-reviews/samples/{sample:str}",
    name="second_reviews.sample",
    include_in_schema=False,
    sync_to_thread=True,
)
def sample(here: NamedDependency[Here], sample: FromPath[str]) -> Response[str]:
    """How far the second reviewers of a sample agree with what was decided."""
    with here.look() as work:
        view = views.sample(work, sample)
    return here.page("second_reviews/sample.html", view, outcome_names=dict(views.OUTCOME_NAMES))


@post(
    "/second-reviews/{review_id:str}/take",
    name="second_reviews.take",
    include_in_schema=False,
    sync_to_thread=True,
)
def take(here: NamedDependency[Here], review_id: FromPath[str]) -> Response[None]:
    """Take a second review."""
    with here.work() as work:
        views.take(work, review_id)
    return here.redirect("second_reviews.one", say="It is yours now.", review_id=review_id)


@get(
    "/second-reviews/{review_id:str}",
    name="second_reviews.one",
    include_in_schema=False,
    sync_to_thread=True,
)
def one(here: NamedDependency[Here], review_id: FromPath[str]) -> Response[str]:
    """The sheet of a second review that the person has taken."""
    with here.work() as work:
        view = views.sheet(work, review_id)
    return _one(here, view)


def _one(
    here: Here,
    view: views.SheetView,
    *,
    typed: Form = EMPTY_FORM,
    problem: Exception | None = None,
) -> Response[str]:
    return here.page(
        "second_reviews/sheet.html",
        view,
        typed=typed,
        problem=problem,
        answers=views.ANSWER_WORDS,
        outcomes=views.OUTCOME_WORDS,
    )


@post(
    "/second-reviews/{review_id:str}",
    name="second_reviews.answer",
    include_in_schema=False,
    sync_to_thread=True,
)
def answer(
    here: NamedDependency[Here], review_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Answer a second review, once."""
    with here.work() as work:
        view = views.sheet(work, review_id)
    try:
        sent = views.answers_of(view, form)
        with here.work() as work:
            views.answered(work, review_id, sent)
    except InputError as error:
        return _one(here, view, typed=form, problem=error)
    return here.redirect("second_reviews", say="Your answers are kept. Thank you.")


ROUTES = (second_reviews, draw, sample, take, one, answer)
