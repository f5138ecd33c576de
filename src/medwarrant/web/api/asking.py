"""Determinations and readings that keep nothing, and the twins of the pages for asking."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from ...review import drafts
from ..here import Here
from ..views import asking as views
from ..views.reading import CoverageOptions, ReadingView, coverage_options


@post(
    "/determinations",
    name="api.determinations",
    tags=["ask"],
    summary="Judge a question or a request; nothing is kept",
    status_code=200,
    sync_to_thread=True,
)
def determine(here: NamedDependency[Here], data: JSONBody[views.Asked]) -> Response[dict[str, Any]]:
    """The proposed determination of every service for every diagnosis, as `medwarrant/determination/1`.

    The same object that `medwarrant ask --format json` prints. Nothing is kept: no record, no log.
    """
    answer = views.determine(here.desk.medwarrant, data)
    here.house.metrics.determined(answer.determination.outcome)
    return Response(answer.to_dict())


@post(
    "/readings",
    name="api.readings",
    tags=["ask"],
    summary="Read a question or a request without judging it; nothing is kept",
    status_code=200,
    sync_to_thread=True,
)
def read(here: NamedDependency[Here], data: JSONBody[views.Asked]) -> ReadingView:
    """Services, diagnoses, facts and coverage as they are understood, each with where it stands."""
    return views.read(here.desk.medwarrant, data)


@get("/ask", name="api.ask", tags=["ask"], summary="What may be chosen", sync_to_thread=False)
def ask(here: NamedDependency[Here]) -> CoverageOptions:
    """Payers and lines of business that the packs know."""
    return coverage_options(here.desk.medwarrant.library)


@post("/ask", name="api.ask.new", tags=["ask"], summary="Keep a draft", sync_to_thread=True)
def new(here: NamedDependency[Here], data: JSONBody[views.DraftSent]) -> views.DraftMade:
    """Keep a question that is being put together, for a day at most."""
    with here.work() as work:
        return views.new_draft(work, data.question, [note.file() for note in data.notes])


@get(
    "/ask/{draft_id:str}",
    name="api.ask.draft",
    tags=["ask"],
    summary="A draft and what is read of it",
    sync_to_thread=True,
)
def draft(here: NamedDependency[Here], draft_id: FromPath[str]) -> views.DraftView:
    """A draft of one's own, with the reading before any correction."""
    with here.look() as work:
        return views.draft_view(work, draft_id)


@put(
    "/ask/{draft_id:str}",
    name="api.ask.change",
    tags=["ask"],
    summary="Change a draft",
    sync_to_thread=True,
)
def change(
    here: NamedDependency[Here], draft_id: FromPath[str], data: JSONBody[views.DraftChange]
) -> views.DraftView:
    """Put another question, and what is said of its reading, in place of those of the draft."""
    with here.work() as work:
        drafts.change_draft(work, draft_id, question=data.question, shown=data.shown)
        return views.draft_view(work, draft_id)


@post(
    "/ask/{draft_id:str}",
    name="api.ask.judge",
    tags=["ask"],
    summary="Judge a draft and keep the answer",
    sync_to_thread=True,
)
def judge(here: NamedDependency[Here], draft_id: FromPath[str]) -> views.InquiryMade:
    """Judge the draft with the corrections it holds; it becomes an inquiry."""
    with here.look() as work:
        kept = drafts.load_draft(work, draft_id)
    answer = views.judged(here.desk.medwarrant, kept, kept.shown)
    here.house.metrics.determined(answer.determination.outcome)
    with here.work() as work:
        made = views.keep(work, answer, kept.files)
    return made


ROUTES = (determine, read, ask, new, draft, change, judge)
