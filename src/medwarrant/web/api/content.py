"""The twins of the pages of editorial review."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from ...review.content import ContentStatus
from ..here import Here
from ..views import content as views

_AT = "/content/{publisher:str}/{policy:str}"


@get(
    "/content",
    name="api.content",
    tags=["content"],
    summary="How content is reviewed, and where every policy stands",
    sync_to_thread=True,
)
def content(
    here: NamedDependency[Here],
    pack: Annotated[str | None, QueryParameter(max_length=100)] = None,
    status: Annotated[ContentStatus | None, QueryParameter()] = None,
) -> views.ContentView:
    """The editorial policy in words, the packs, and the policies of a pack and a status."""
    with here.look() as work:
        return views.policies(work, pack or "", status or "")


@get(_AT, name="api.content.policy", tags=["content"], summary="One policy", sync_to_thread=True)
def policy(
    here: NamedDependency[Here], publisher: FromPath[str], policy: FromPath[str]
) -> views.PolicyView:
    """A policy in prose and as criteria, its sources and statements, and the words of editors."""
    with here.look() as work:
        return views.policy(work, f"{publisher}/{policy}")


@post(
    _AT,
    name="api.content.review",
    tags=["content"],
    summary="Say where a version of a policy stands",
    status_code=200,
    sync_to_thread=True,
)
def review(
    here: NamedDependency[Here],
    publisher: FromPath[str],
    policy: FromPath[str],
    data: JSONBody[views.EditorWord],
) -> views.PolicyView:
    """An editor's word on the version with the digest that is sent; 409 where it says something else by now."""
    with here.work() as work:
        return views.say(work, f"{publisher}/{policy}", data)


@get(
    f"{_AT}/examples",
    name="api.content.examples",
    tags=["content"],
    summary="Run the examples of a policy",
    sync_to_thread=True,
)
def examples(
    here: NamedDependency[Here], publisher: FromPath[str], policy: FromPath[str]
) -> views.ExamplesView:
    """Every example of a policy, run with the packs of today, with what came out otherwise."""
    with here.look() as work:
        return views.examples(work, f"{publisher}/{policy}")


@get(
    f"{_AT}/versions",
    name="api.content.versions",
    tags=["content"],
    summary="The versions of a policy",
    sync_to_thread=True,
)
def versions(
    here: NamedDependency[Here], publisher: FromPath[str], policy: FromPath[str]
) -> views.VersionsView:
    """The versions that were kept, each with what changed to the version of today."""
    with here.look() as work:
        return views.versions(work, f"{publisher}/{policy}")


ROUTES = (content, policy, review, examples, versions)
