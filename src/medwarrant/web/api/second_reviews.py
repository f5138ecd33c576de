"""The twins of the pages of second reviews."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from ..here import Here
from ..views import second_reviews as views


@get(
    "/second-reviews",
    name="api.second_reviews",
    tags=["second-reviews"],
    summary="Samples, and second reviews that are open",
    sync_to_thread=True,
)
def second_reviews(here: NamedDependency[Here]) -> views.SecondReviewsView:
    """The samples that were drawn, and for reviewers the second reviews that they may take or have taken."""
    with here.look() as work:
        return views.second_reviews(work)


@post(
    "/second-reviews",
    name="api.second_reviews.draw",
    tags=["second-reviews"],
    summary="Draw a sample",
    sync_to_thread=True,
)
def draw(here: NamedDependency[Here], data: JSONBody[views.NewSample]) -> views.DrawnView:
    """Draw decided cases at random, in proportion to their outcomes; the seed is the head of the audit log."""
    with here.work() as work:
        return views.drawn(work, data)


@get(
    "/second-reviews/samples/{sample:str}",
    name="api.second_reviews.sample",
    tags=["second-reviews"],
    summary="Agreement in a sample",
    sync_to_thread=True,
)
def sample(here: NamedDependency[Here], sample: FromPath[str]) -> views.SampleView:
    """Percent agreement and Cohen's kappa with their intervals, on criteria and on outcomes."""
    with here.look() as work:
        return views.sample(work, sample)


@post(
    "/second-reviews/{review_id:str}/take",
    name="api.second_reviews.take",
    tags=["second-reviews"],
    summary="Take a second review",
    status_code=200,
    sync_to_thread=True,
)
def take(here: NamedDependency[Here], review_id: FromPath[str]) -> views.SheetView:
    """Take a second review, and see what there is to judge."""
    with here.work() as work:
        return views.take(work, review_id)


@get(
    "/second-reviews/{review_id:str}",
    name="api.second_reviews.one",
    tags=["second-reviews"],
    summary="A second review",
    sync_to_thread=True,
)
def one(here: NamedDependency[Here], review_id: FromPath[str]) -> views.SheetView:
    """The sheet of a second review that the person has taken: facts and criteria without any status."""
    with here.work() as work:
        return views.sheet(work, review_id)


@post(
    "/second-reviews/{review_id:str}",
    name="api.second_reviews.answer",
    tags=["second-reviews"],
    summary="Answer a second review",
    status_code=200,
    sync_to_thread=True,
)
def answer(
    here: NamedDependency[Here], review_id: FromPath[str], data: JSONBody[views.AnswersSent]
) -> views.Answered:
    """Answer every criterion and every service line, once."""
    with here.work() as work:
        return views.answered(work, review_id, data)


ROUTES = (second_reviews, draw, sample, take, one, answer)
