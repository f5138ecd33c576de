"""Submitting an inquiry for review: the record as it is judged today, a number, and a clock from receipt."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite

from ..answer import Answer
from ..model.errors import InputError
from ..policy.clock_rule import URGENCIES, Urgency
from ..policy.prose import join
from . import written
from .case_clock import CaseClock, clock_columns, reading, rule_of
from .cases import Case, find_case
from .errors import NotAllowed, NotFound, Stale
from .records import RecordKept, answer_of, keep_record, last_record
from .settings import organisation
from .store.schema import case_counter, inquiry, record, review_case
from .vouching import without_unvouched
from .work import Work, new_id

#: How long before it was entered a request may have been received, such as by fax over a holiday.
_ENTERED_LATE = timedelta(days=60)


def submit(
    work: Work,
    inquiry_id: str,
    *,
    urgency: Urgency,
    member_name: str,
    member_reference: str = "",
    requester_name: str,
    requester_address: str = "",
    expected: int,
    received_at: datetime | None = None,
) -> Case:
    """Submit the person's own inquiry for review, as it was when its version was `expected`.

    The record under review is the latest of the inquiry; it is judged anew where the packs have changed
    since, and where somebody other than a reviewer called facts confirmed: those are `stated` again, or
    `read` where they came from a note. The clock runs from receipt: a reviewer who enters what came by
    other ways gives `received_at`.

    Raises `NotFound` for an inquiry of somebody else, `Stale`, `InputError` for what is lacking, and
    `NotAllowed` where the inquiry is under review already.
    """
    work.require("requester", "nurse_reviewer", "physician_reviewer")
    _lock(work, inquiry_id, expected)
    if urgency not in URGENCIES:
        raise InputError(
            "this is not an urgency", where="urgency", mend=f"write {join(URGENCIES, 'or')}"
        )
    received = _received(work, received_at)
    latest = last_record(work.connection, inquiry_id)
    _refuse_twice(work, inquiry_id, latest)
    case_id = new_id()
    kept, answer = _judged_today(work, inquiry_id, latest, case_id)
    coverage = answer.reading.request.coverage
    rule = rule_of(
        work.connection,
        work.desk.medwarrant.library,
        coverage.line_of_business or "",
        "initial",
    )
    clock = CaseClock(rule=rule)
    zone = organisation(work.connection).zone
    found = reading(clock, urgency, received, work.now, zone)
    number = _next_number(work)
    work.connection.execute(
        insert(review_case),
        {
            "id": case_id,
            "number": number,
            "inquiry_id": inquiry_id,
            "record_id": kept.id,
            "submitted_record_id": kept.id,
            "version": 1,
            "state": "received",
            "is_open": True,
            "stage": "initial",
            "stage_number": 0,
            "urgency": urgency,
            "submitted_by": work.person.id,
            "member_name": written.line(member_name, "member_name"),
            "member_reference": written.line(
                member_reference, "member_reference", most=100, needed=False
            ),
            "requester_name": written.line(requester_name, "requester_name"),
            "requester_address": written.passage(
                requester_address, "requester_address", most=1_000, needed=False
            ),
            "received_at": received,
            "stage_at": received,
            "changed_at": work.now,
            "changed_by": work.person.id,
            **clock_columns(found, clock),
            **judged_columns(kept, answer),
        },
    )
    case = find_case(work.connection, case_id)
    work.log(
        "submitted",
        case.subject,
        number=number,
        inquiry=inquiry_id,
        record=kept.id,
        record_digest=kept.record_digest,
        urgency=urgency,
        received_at=received.isoformat(),
    )
    return case


def judged_columns(kept: RecordKept, answer: Answer) -> dict[str, object]:
    """The columns of a case that follow from its latest record."""
    coverage = answer.reading.request.coverage
    return {
        "record_id": kept.id,
        "outcome": kept.outcome,
        "provisional": kept.provisional,
        "payer": coverage.payer or "",
        "line_of_business": coverage.line_of_business or "",
        "summary": summary_of(answer),
    }


def summary_of(answer: Answer) -> str:
    """Services and diagnoses in a line, for lists."""
    services = (
        f"{read.code} {read.name}" if read.name else read.code for read in answer.reading.services
    )
    diagnoses = (
        f"{read.code} {read.title}" if read.title else read.code
        for read in answer.reading.diagnoses
    )
    said = f"{', '.join(dict.fromkeys(services))} for {', '.join(dict.fromkeys(diagnoses))}"
    return said if len(said) <= 400 else f"{said[:399]}…"


def _lock(work: Work, inquiry_id: str, expected: int) -> None:
    row = work.connection.execute(
        select(inquiry.c.person_id, inquiry.c.version)
        .where(inquiry.c.id == inquiry_id)
        .with_for_update()
    ).one_or_none()
    if row is None or row.person_id != work.person.id:
        raise NotFound("there is no such inquiry of yours", mend="ask anew to submit your own")
    if row.version != expected:
        raise Stale(
            "this inquiry changed since you opened it", mend="look again and submit it then"
        )


def _received(work: Work, received_at: datetime | None) -> datetime:
    if received_at is None:
        return work.now
    work.require("nurse_reviewer", "physician_reviewer")
    if received_at.tzinfo is None:
        raise InputError("a moment needs its time zone", where="received_at", mend="give it in UTC")
    if not work.now - _ENTERED_LATE <= received_at <= work.now:
        raise InputError(
            f"a request was received in the last {_ENTERED_LATE.days} days",
            where="received_at",
            mend="give the moment at which it came in",
        )
    return received_at


def _refuse_twice(work: Work, inquiry_id: str, latest: RecordKept) -> None:
    rows = work.connection.execute(
        select(review_case.c.number, review_case.c.is_open, review_case.c.state, record.c.digest)
        .join(record, record.c.id == review_case.c.record_id)
        .where(review_case.c.inquiry_id == inquiry_id)
    )
    for row in rows:
        if row.is_open:
            raise NotAllowed(
                f"this is under review already, as case {row.number}",
                mend="hand in what is new with that case",
            )
        if row.state == "decided" and row.digest == latest.digest:
            raise NotAllowed(
                f"exactly this was decided as case {row.number}",
                mend="appeal that decision, or add what is new and submit again",
            )


def _judged_today(
    work: Work, inquiry_id: str, latest: RecordKept, case_id: str
) -> tuple[RecordKept, Answer]:
    answer = answer_of(work.desk, latest)
    request = answer.reading.request
    for missing, what, mend in (
        (not request.services, "no service is asked for", "name at least one service"),
        (not request.diagnoses, "no diagnosis is named", "name at least one diagnosis"),
    ):
        if missing:
            raise InputError(what, where="inquiry", mend=f"{mend} before it is submitted")
    vouched = without_unvouched(answer, frozenset())
    packs = tuple(pack.digest for pack in work.desk.medwarrant.library.packs)
    judged_with = tuple(pack.digest for pack in answer.determination.packs)
    if vouched is answer and judged_with == packs:
        return latest, answer
    answer = work.desk.medwarrant.revise(vouched)
    kept = keep_record(work, inquiry_id, answer, why="submitted", case_id=case_id)
    return kept, answer


def _next_number(work: Work) -> str:
    """The next number of the year; a transaction that is rolled back gives its number back."""
    insert_or = sqlite.insert if work.connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert_or(case_counter).values(year=work.now.year, last=1)
    last = work.connection.execute(
        statement.on_conflict_do_update(
            index_elements=[case_counter.c.year], set_={"last": case_counter.c.last + 1}
        ).returning(case_counter.c.last)
    ).scalar_one()
    return f"{work.now.year}-{last:06}"


def cases_of_inquiry(work: Work, inquiry_id: str) -> list[Case]:
    """The cases that an inquiry was submitted as, the first first; of somebody else's, none."""
    rows = work.connection.execute(
        select(review_case.c.id)
        .where(review_case.c.inquiry_id == inquiry_id, review_case.c.submitted_by == work.person.id)
        .order_by(review_case.c.received_at, review_case.c.number)
    )
    return [find_case(work.connection, case_id) for case_id in rows.scalars()]
