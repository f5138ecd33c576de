"""Editorial review of content: the policies, one policy with its examples and versions, an editor's word."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from ...model.errors import InputError
from ...review.content import CONTENT_STATUSES
from ..forms import EMPTY_FORM, Form
from ..here import Here
from ..views import content as views

_AT = "/content/{publisher:str}/{policy:str}"


@get("/content", name="content", include_in_schema=False, sync_to_thread=True)
def content(
    here: NamedDependency[Here], pack: FromQuery[str] = "", status: FromQuery[str] = ""
) -> Response[str]:
    """How content is reviewed, and every policy with its status."""
    if status and status not in CONTENT_STATUSES:
        raise InputError(
            "this is not a status", where="status", mend=f"known: {', '.join(CONTENT_STATUSES)}"
        )
    with here.look() as work:
        view = views.policies(work, pack, status)
    chosen = {"pack": pack, "status": status}
    return here.page("content/content.html", view, chosen=chosen, status_words=views.STATUS_WORDS)


@get(_AT, name="content.policy", include_in_schema=False, sync_to_thread=True)
def policy(
    here: NamedDependency[Here], publisher: FromPath[str], policy: FromPath[str]
) -> Response[str]:
    """One policy as an editor reads it."""
    return _policy(here, f"{publisher}/{policy}")


def _policy(
    here: Here, policy_id: str, *, typed: Form = EMPTY_FORM, problem: Exception | None = None
) -> Response[str]:
    with here.look() as work:
        view = views.policy(work, policy_id)
    return here.page(
        "content/policy.html",
        view,
        typed=typed,
        problem=problem,
        status_words=views.STATUS_WORDS,
        status_means=views.STATUS_MEANS,
    )


@post(_AT, name="content.review", include_in_schema=False, sync_to_thread=True)
def review(
    here: NamedDependency[Here],
    publisher: FromPath[str],
    policy: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Say, as an editor, where the version that was shown stands."""
    policy_id = f"{publisher}/{policy}"
    try:
        with here.work() as work:
            view = views.say(work, policy_id, form.into(views.EditorWord))
    except InputError as error:
        return _policy(here, policy_id, typed=form, problem=error)
    words = views.STATUS_WORDS[view.status].lower()
    return here.redirect(
        "content.policy",
        say=f"This version is {words} now.",
        publisher=publisher,
        policy=policy,
    )


@get(f"{_AT}/examples", name="content.examples", include_in_schema=False, sync_to_thread=True)
def examples(
    here: NamedDependency[Here], publisher: FromPath[str], policy: FromPath[str]
) -> Response[str]:
    """The examples of a policy, run now."""
    with here.look() as work:
        view = views.examples(work, f"{publisher}/{policy}")
    return here.page("content/examples.html", view)


@get(f"{_AT}/versions", name="content.versions", include_in_schema=False, sync_to_thread=True)
def versions(
    here: NamedDependency[Here], publisher: FromPath[str], policy: FromPath[str]
) -> Response[str]:
    """The versions of a policy that were kept, with what changed."""
    with here.look() as work:
        view = views.versions(work, f"{publisher}/{policy}")
    return here.page("content/versions.html", view)


ROUTES = (content, policy, review, examples, versions)
