"""An inquiry as its page shows it: the determination, its questions, its thread."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from sqlalchemy import select

from ...answer import Answer
from ...followup import FollowUp, FollowUpReply, ItemChange, follow_up
from ...followup.changes import changes_between
from ...model.errors import InputError
from ...report.question_answers import Answers, FormValues, read_answers, with_codes
from ...report.questions import OpenQuestion, open_questions
from ...report.words import AUDIENCES, Audience
from ...review import inquiries as kept
from ...review.inquiries import Inquiry
from ...review.records import RecordKept, load_record
from ...review.store.schema import review_case
from ...review.work import Work
from ..house import House
from .reading import ReadingView, reading_view

PAGE = 25
Expected = Annotated[
    int, Meta(ge=1, le=2**31 - 1, description="The version of the inquiry that was seen.")
]


class InquiryLine(msgspec.Struct, frozen=True, kw_only=True):
    """An inquiry in a list."""

    id: str
    title: str
    shared: bool
    created_at: datetime
    changed_at: datetime
    outcome: str | None
    records: int


class InquiriesView(msgspec.Struct, frozen=True, kw_only=True):
    """The person's own inquiries, the latest first."""

    inquiries: tuple[InquiryLine, ...]
    page: int
    more: bool


class RecordLine(msgspec.Struct, frozen=True, kw_only=True):
    """A stored determination of the inquiry."""

    id: str
    number: int
    record_digest: str
    outcome: str | None
    provisional: bool
    why: str
    created_at: datetime


class ThreadEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A follow-up question and its reply; `record` is the number of the record that it made."""

    number: int
    question: str
    reply: FollowUp
    record: int | None
    asked_at: datetime


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """The review case that the inquiry was submitted as."""

    id: str
    number: str
    state: str


class DocumentLine(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the inquiry."""

    id: str
    name: str
    media_type: str


class InquiryPage(msgspec.Struct, frozen=True, kw_only=True):
    """What stands around the article of an inquiry: what it still asks, its thread, what is kept.

    `own` says whether the person may go on with it; others may read and ask anew.
    """

    id: str
    title: str
    version: int
    own: bool
    shared: bool
    record: RecordLine
    records: tuple[RecordLine, ...]
    latest: bool
    questions: tuple[OpenQuestion, ...]
    thread: tuple[ThreadEntry, ...]
    cases: tuple[CaseLine, ...]
    documents: tuple[DocumentLine, ...]


class InquiryView(InquiryPage, frozen=True, kw_only=True):
    """An inquiry whole: the page, and as data what the page tells as an article.

    `review` is how far the review has come by now, where `determination.review` is how far it had when the record
    was made.
    """

    determination: dict[str, Any]
    review: dict[str, Any]
    reading: ReadingView
    changes: tuple[ItemChange, ...]


class InquiryFiles(msgspec.Struct, frozen=True):
    """What a page needs beside the view: the record shown and the one before it, and a line for each."""

    inquiry: Inquiry
    record: RecordKept
    before: RecordKept | None
    records: tuple[RecordLine, ...]
    thread: tuple[kept.FollowUpKept, ...]
    cases: tuple[CaseLine, ...]
    documents: tuple[DocumentLine, ...]


def inquiries(work: Work, page: int) -> InquiriesView:
    """The person's own inquiries."""
    found = kept.inquiries_of(work, limit=PAGE + 1, offset=(page - 1) * PAGE)
    lines = []
    for one in found[:PAGE]:
        records = kept.record_lines(work, one.id)
        lines.append(
            InquiryLine(
                id=one.id,
                title=one.title,
                shared=one.shared,
                created_at=one.created_at,
                changed_at=one.changed_at,
                outcome=records[-1].outcome if records else None,
                records=len(records),
            )
        )
    return InquiriesView(inquiries=tuple(lines), page=page, more=len(found) > PAGE)


def load(work: Work, inquiry_id: str, number: int | None = None) -> InquiryFiles:
    """An inquiry with one of its records, the latest if none is named; whoever shows it logs it (`seen`).

    Raises `NotFound` where the person may not see it or there is no such record.
    """
    inquiry = kept.load_inquiry(work, inquiry_id)
    lines = [RecordLine(**row._mapping) for row in kept.record_lines(work, inquiry_id)]
    place = len(lines) - 1
    if number is not None:
        place = next((n for n, one in enumerate(lines) if one.number == number), -1)
    if place < 0:
        raise kept.no_record()
    cases = work.connection.execute(
        select(review_case.c.id, review_case.c.number, review_case.c.state)
        .where(review_case.c.inquiry_id == inquiry_id)
        .order_by(review_case.c.number)
    )
    return InquiryFiles(
        inquiry,
        load_record(work.connection, lines[place].id),
        load_record(work.connection, lines[place - 1].id) if place else None,
        tuple(lines),
        tuple(kept.thread_of(work, inquiry_id)),
        tuple(CaseLine(id=row.id, number=row.number, state=row.state) for row in cases),
        tuple(
            DocumentLine(id=one.id, name=one.name, media_type=one.media_type)
            for one in kept.documents_of(work, inquiry_id)
        ),
    )


def seen(work: Work, files: InquiryFiles) -> None:
    """Log that the person saw a record of an inquiry."""
    work.log("seen", f"inquiry:{files.inquiry.id}", record=files.record.number)


def inquiry_page(
    files: InquiryFiles, person_id: str, house: House, audience: Audience
) -> InquiryPage:
    """What stands around the article of an inquiry, for the page."""
    return InquiryPage(**_around(files, person_id, house, audience))


def inquiry_view(
    files: InquiryFiles,
    review: Mapping[str, Any],
    person_id: str,
    house: House,
    audience: Audience,
) -> InquiryView:
    """The page of an inquiry as data; `review` is how far its review has come by now."""
    answer = house.answers.answer(files.record)
    before = house.answers.answer(files.before) if files.before else None
    return InquiryView(
        **_around(files, person_id, house, audience),
        determination=answer.to_dict(),
        review=dict(review),
        reading=reading_view(answer),
        changes=changes_between(before, answer) if before else (),
    )


def _around(
    files: InquiryFiles, person_id: str, house: House, audience: Audience
) -> dict[str, Any]:
    numbers = {one.id: one.number for one in files.records}
    thread = (
        ThreadEntry(
            number=one.number,
            question=one.question,
            reply=msgspec.convert(one.reply, FollowUp),
            record=numbers.get(one.record_id) if one.record_id else None,
            asked_at=one.created_at,
        )
        for one in files.thread
    )
    return {
        "id": files.inquiry.id,
        "title": files.inquiry.title,
        "version": files.inquiry.version,
        "own": files.inquiry.person_id == person_id,
        "shared": files.inquiry.shared,
        "record": next(one for one in files.records if one.id == files.record.id),
        "records": files.records,
        "latest": files.record.id == files.records[-1].id,
        "questions": house.answers.questions(files.record, audience),
        "thread": tuple(thread),
        "cases": files.cases,
        "documents": files.documents,
    }


# --- going on -------------------------------------------------------------------------------------


class FollowUpSent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A follow-up question; `expected` is the version of the inquiry that was seen."""

    question: Annotated[str, Meta(min_length=1, max_length=5_000)]
    expected: Expected
    audience: Audience = "clinician"


class AnswersSent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answers to open questions, by the names of their fields, as the page's form sends them."""

    values: Annotated[
        dict[str, Annotated[str, Meta(max_length=500)] | tuple[str, ...]], Meta(max_length=1_000)
    ]
    expected: Expected


class Sharing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether everyone inside the organisation who has the link may read the inquiry."""

    shared: bool
    expected: Expected


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What an act left: the version of the inquiry and, where one was made, the number of the record."""

    id: str
    version: int
    record: int | None = None
    reply: FollowUp | None = None


def ask_on(house: House, files: InquiryFiles, question: str, audience: Audience) -> FollowUpReply:
    """The reply to a follow-up question on the record shown; nothing is kept yet.

    *Scratch that* goes back to the record before, where the person's own words made the last one.
    """
    before = files.before if files.record.why in ("follow_up", "answered") else None
    reply = follow_up(
        house.desk.medwarrant,
        house.answers.answer(files.record),
        question,
        audience=audience,
        before=house.answers.answer(before) if before else None,
    )
    if reply.answer is not None:
        house.metrics.determined(reply.answer.determination.outcome)
    return reply


def keep_follow_up(
    work: Work, inquiry_id: str, sent: FollowUpSent, found: FollowUpReply
) -> Changed:
    """Keep a follow-up with its reply and, where facts were given, the new record."""
    answer = found.answer if found.reply.keeps else None
    reply = msgspec.to_builtins(found.reply)
    made = kept.add_follow_up(
        work, inquiry_id, sent.question, reply, answer=answer, expected=sent.expected
    )
    number = kept.current_record(work, inquiry_id).number if made.record_id else None
    return Changed(id=inquiry_id, version=sent.expected + 1, record=number, reply=found.reply)


def answered(
    house: House, answer: Answer, audience: Audience, values: FormValues
) -> tuple[Answers, Answer | None]:
    """What a form of answers says, and the answer judged with it; None where nothing can be judged."""
    medwarrant = house.desk.medwarrant
    questions = open_questions(answer, audience, medwarrant.icd)
    said = read_answers(questions, values, medwarrant.library)
    if said.errors or said.empty:
        return said, None
    codes = with_codes(answer.reading.request, said.codes, medwarrant.library)
    revised = medwarrant.revise(answer, facts=said.facts, **codes)
    house.metrics.determined(revised.determination.outcome)
    return said, revised


def audience_of(name: str) -> Audience:
    """An audience by its name. Raises `InputError` for any other word."""
    for one in AUDIENCES:
        if one == name:
            return one
    raise InputError(
        "this reader is not known", where="for", mend=f"choose one of {', '.join(AUDIENCES)}"
    )


class TextView(msgspec.Struct, frozen=True, kw_only=True):
    """The article as plain text."""

    id: str
    number: int
    text: str


def text_of(files: InquiryFiles, text: str) -> TextView:
    """The article of a record as plain text."""
    return TextView(id=files.inquiry.id, number=files.record.number, text=text)
