"""The twins of the pages of inquiries."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from ...model.errors import InputError
from ...report.compose import article
from ...report.plain_text import plain_text
from ...report.view import article_view
from ...report.words import Audience
from ...review.inquiries import revise_inquiry, share_inquiry
from ..here import Here
from ..opened import opened
from ..views import asking
from ..views import inquiries as views

Page = Annotated[int, QueryParameter(ge=1, le=100_000, description="Pages of 25, from 1.")]
Reader = Annotated[Audience, QueryParameter(description="For whom questions are worded.")]


@get(
    "/inquiries",
    name="api.inquiries",
    tags=["inquiries"],
    summary="One's own inquiries",
    sync_to_thread=True,
)
def inquiries(here: NamedDependency[Here], page: Page = 1) -> views.InquiriesView:
    """The person's own inquiries, the latest first."""
    with here.look() as work:
        return views.inquiries(work, page)


@post(
    "/inquiries",
    name="api.inquiries.new",
    tags=["inquiries"],
    summary="Ask and keep the answer",
    sync_to_thread=True,
)
def new(here: NamedDependency[Here], data: JSONBody[asking.Asked]) -> asking.InquiryMade:
    """Judge what is asked and keep it, with its notes, as an inquiry."""
    answer = asking.determine(here.desk.medwarrant, data)
    here.house.metrics.determined(answer.determination.outcome)
    with here.work() as work:
        return asking.keep(work, answer, [note.file() for note in data.notes])


@get(
    "/inquiries/{inquiry_id:str}",
    name="api.inquiries.one",
    tags=["inquiries"],
    summary="An inquiry",
    sync_to_thread=True,
)
def one(
    here: NamedDependency[Here],
    inquiry_id: FromPath[str],
    record: FromQuery[int | None] = None,
    audience: Reader = "clinician",
) -> views.InquiryView:
    """An inquiry with its latest determination, or the record of a number, and what it still asks."""
    files, review = opened(here, inquiry_id, record)
    return views.inquiry_view(files, review, here.signed_in.id, here.house, audience)


@get(
    "/inquiries/{inquiry_id:str}/records/{number:int}",
    name="api.inquiries.record",
    tags=["inquiries"],
    summary="A stored determination, byte for byte",
    sync_to_thread=True,
)
def record(
    here: NamedDependency[Here], inquiry_id: FromPath[str], number: FromPath[int]
) -> Response[dict[str, Any]]:
    """The determination as it was stored, as `medwarrant/determination/1`."""
    files, _ = opened(here, inquiry_id, number)
    return Response(msgspec.Raw(files.record.body.encode()))  # type: ignore[arg-type]  # JSON as it is


@get(
    "/inquiries/{inquiry_id:str}/text",
    name="api.inquiries.text",
    tags=["inquiries"],
    summary="The article as plain text",
    sync_to_thread=True,
)
def text(
    here: NamedDependency[Here],
    inquiry_id: FromPath[str],
    record: FromQuery[int | None] = None,
    audience: Reader = "clinician",
) -> views.TextView:
    """The article of the latest determination, or of the record of a number, as plain text."""
    files, review = opened(here, inquiry_id, record)
    view = article_view(here.house.answers.answer(files.record), review)
    return views.text_of(files, plain_text(article(view, audience)))


@post(
    "/inquiries/{inquiry_id:str}/answers",
    name="api.inquiries.answer",
    tags=["inquiries"],
    summary="Answer open questions",
    sync_to_thread=True,
)
def answer(
    here: NamedDependency[Here], inquiry_id: FromPath[str], data: JSONBody[views.AnswersSent]
) -> views.Changed:
    """Judge again with the answers, by the names of the fields that `questions[].groups[].fields[]` give."""
    files, _ = opened(here, inquiry_id)
    before = here.house.answers.answer(files.record)
    said, revised = views.answered(here.house, before, "clinician", data.values)
    if said.errors:
        where, problem = next(iter(said.errors.items()))
        raise InputError(problem, where=where)
    if revised is None:
        raise InputError("nothing was answered", where="values", mend="fill in a field")
    with here.work() as work:
        made = revise_inquiry(work, inquiry_id, revised, why="answered", expected=data.expected)
    return views.Changed(id=inquiry_id, version=data.expected + 1, record=made.number)


@post(
    "/inquiries/{inquiry_id:str}/follow-ups",
    name="api.inquiries.follow_up",
    tags=["inquiries"],
    summary="Ask on",
    sync_to_thread=True,
)
def follow_up(
    here: NamedDependency[Here], inquiry_id: FromPath[str], data: JSONBody[views.FollowUpSent]
) -> views.Changed:
    """A follow-up: facts that are stated or put right make a new record; questions and what-if do not."""
    files, _ = opened(here, inquiry_id)
    found = views.ask_on(here.house, files, data.question, data.audience)
    with here.work() as work:
        return views.keep_follow_up(work, inquiry_id, data, found)


@put(
    "/inquiries/{inquiry_id:str}/sharing",
    name="api.inquiries.share",
    tags=["inquiries"],
    summary="Share, or stop sharing",
    sync_to_thread=True,
)
def share(
    here: NamedDependency[Here], inquiry_id: FromPath[str], data: JSONBody[views.Sharing]
) -> views.Changed:
    """Let everyone inside the organisation who has the link read it, or no longer."""
    with here.work() as work:
        share_inquiry(work, inquiry_id, shared=data.shared, expected=data.expected)
    return views.Changed(id=inquiry_id, version=data.expected + 1)


ROUTES = (inquiries, new, one, record, text, answer, follow_up, share)
