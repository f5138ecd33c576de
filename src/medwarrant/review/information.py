"""Requests for information: what is missing becomes a letter, and what comes back a new record.

The clock runs on while a case awaits information, unless it is paused by itself, where the rule of the line of
business allows a pause.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

import msgspec
from sqlalchemy import insert, select, update

from ..answer import Answer
from ..intake.corrections import FactLike
from ..model.errors import InputError
from ..policy.clock_rule import Urgency
from ..report.letters import Asked, InformationAsked, information_request_letter, missing_criteria
from . import settings, written
from .case_clock import clock_columns, reading
from .cases import Case, case_answer, case_for, change, note, record_of
from .correspondence import correspondence, today
from .facts import keep_judged, vouched
from .inquiries import FileSent, add_documents, documents_of
from .letters import LetterKept, keep_letter, mark_sent, provisional_refusal
from .records import RecordKept
from .sent_in import named_apart, stated_facts, with_statements
from .setting_values import InformationTime, LeastTime
from .store.schema import information_request
from .timing import resumed
from .vouching import without_unvouched
from .work import Work, new_id


class InformationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for, by when, and whether it was answered; `ended_at` is when the review went on."""

    id: str
    letter_id: str
    stage_number: int
    items: tuple[Asked, ...]
    asked_at: datetime
    answer_by: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    person_id: str

    def over(self, now: datetime) -> bool:
        """Whether an answer has come, or the time for one has passed."""
        return self.answered_at is not None or (self.answer_by is not None and now > self.answer_by)


def information_to_ask(answer: Answer) -> tuple[Asked, ...]:
    """What a reviewer may choose from: criteria that are missing and documents that would close them."""
    documents = (
        Asked(about="document", id=document.id) for document in answer.determination.documents
    )
    return (*missing_criteria(answer), *documents)


def request_information(
    work: Work,
    case_id: str,
    asked: Sequence[Asked],
    *,
    answer_by: date | None = None,
    words: str = "",
    sent_to: str = "",
    expected: int,
) -> tuple[Case, LetterKept]:
    """Ask the practice for information: the letter is made and sent, and the case awaits the answer.

    Without a day to answer by, that of the settings holds, and never less than the least time of the line of
    business. Raises `NotAllowed` while the record is provisional, and `InputError` where nothing is asked, for
    what the record does not hold, for a day that has passed or is sooner than the least time, and where the
    letterhead gives no way to answer.
    """
    case, standing = case_for(work, case_id, "request_information", expected)
    if case.provisional:
        raise provisional_refusal()
    day = _answer_by(work, case, answer_by)
    for one in asked:
        written.undecided(one.words, "more")
    answer = case_answer(work.desk, record_of(work, case))
    made = information_request_letter(
        answer,
        InformationAsked(
            asked=tuple(asked),
            answer_by=day,
            words=written.undecided(written.passage(words, "words", needed=False), "words"),
            asked_by=work.person.name,
            credentials=work.person.credentials,
        ),
        correspondence(work, case),
    )
    kept = keep_letter(work, case, made)
    to = written.line(sent_to, "sent_to", most=400, needed=False) or case.requester_name
    kept = mark_sent(work, case, kept, to)
    zone = settings.organisation(work.connection).zone
    request_id = new_id()
    work.connection.execute(
        insert(information_request),
        {
            "id": request_id,
            "case_id": case.id,
            "letter_id": kept.id,
            "stage_number": case.stage_number,
            "items": msgspec.json.encode(list(asked)).decode(),
            "asked_at": work.now,
            "answer_by": datetime.combine(day, time(23, 59, 59), zone).astimezone(UTC),
            "person_id": work.person.id,
        },
    )
    work.log(
        "information_requested", case.subject, request=request_id, letter=kept.id, items=len(asked)
    )
    return change(work, case, standing), kept


def receive_information(
    work: Work,
    case_id: str,
    *,
    facts: Iterable[FactLike] = (),
    files: Iterable[FileSent] = (),
    words: str = "",
    expected: int,
) -> tuple[Case, RecordKept]:
    """Take in what the practice sends, asked for or not: notes, facts it states, words.

    A case that awaited it goes back to review, with a new record and its clock running. Facts are the
    practice's statement, whatever they call themselves; one that contradicts what a reviewer confirmed
    stands beside it, and the fact is conflicting. Raises `InputError` where nothing comes, or for a file
    that is no note.
    """
    case, standing = case_for(work, case_id, "receive_information", expected)
    said = written.passage(words, "words", needed=False)
    sent = named_apart(files, {kept.name for kept in documents_of(work, case.inquiry_id)})
    stated = stated_facts(work.desk.medwarrant.library, facts)
    if not (said or sent or stated):
        raise InputError("nothing is handed in", where="files", mend="add a note, a fact or words")
    answer = without_unvouched(case_answer(work.desk, record_of(work, case)), vouched(work, case))
    supplied = with_statements(answer.reading, stated, work.desk.medwarrant.library)
    revised = work.desk.medwarrant.revise(
        Answer(answer.question, supplied, answer.determination, answer.library),
        notes=[file.note() for file in sent],
    )
    add_documents(work, case.inquiry_id, sent)
    changed, made = keep_judged(work, case, revised, "information_received")
    if said:
        note(work, case, "receive_information", said)
    _end_requests(work, case, answered=True)
    work.log(
        "information_received",
        case.subject,
        record=made.id,
        record_digest=made.record_digest,
        files=len(sent),
        facts=len(stated),
        state=standing.state,
    )
    return change(work, changed, standing, **_running(work, changed)), made


def end_waiting(work: Work, case_id: str, why: str, *, expected: int) -> Case:
    """Go on without the information, with the reason; what is missing stays missing."""
    case, standing = case_for(work, case_id, "end_waiting", expected)
    note(work, case, "end_waiting", written.reason(why, "why"))
    _end_requests(work, case, answered=False)
    work.log("waiting_ended", case.subject, state=standing.state)
    return change(work, case, standing, **_running(work, case))


def information_requests(work: Work, case: Case) -> list[InformationRequest]:
    """The requests for information of a case, of every stage, the first first."""
    columns = [information_request.c[name] for name in InformationRequest.__struct_fields__]
    rows = work.connection.execute(
        select(*columns)
        .where(information_request.c.case_id == case.id)
        .order_by(information_request.c.asked_at, information_request.c.id)
    )
    return [
        InformationRequest(
            **{**row._mapping, "items": msgspec.json.decode(row.items, type=tuple[Asked, ...])}
        )
        for row in rows
    ]


def _answer_by(work: Work, case: Case, asked: date | None) -> date:
    now = today(work)
    least = settings.least_information_time(work.connection, case.line_of_business)
    earliest = now + timedelta(days=_days_of(least, case.urgency)) if least else now
    if asked is None:
        usual = settings.information_time(work.connection)
        days = _days_of(usual, case.urgency)
        if not (days or earliest > now):
            raise InputError(
                "no day to answer by is given, and none is set",
                where="answer_by",
                mend="give a day, or set 'information' in the settings",
            )
        return max(now + timedelta(days=days), earliest)
    if asked < now:
        raise InputError("this day has passed", where="answer_by", mend="give today or a later day")
    if least and asked < earliest:
        raise InputError(
            f"a practice has {_days_of(least, case.urgency)} days at least to answer ({least.source})",
            where="answer_by",
            mend=f"give {earliest.isoformat()} or a later day",
        )
    return asked


def _days_of(time: InformationTime | LeastTime, urgency: Urgency) -> int:
    return time.expedited_days if urgency == "expedited" else time.standard_days


def _end_requests(work: Work, case: Case, *, answered: bool) -> None:
    values = {"ended_at": work.now, **({"answered_at": work.now} if answered else {})}
    work.connection.execute(
        update(information_request)
        .where(information_request.c.case_id == case.id, information_request.c.ended_at.is_(None))
        .values(values)
    )


def _running(work: Work, case: Case) -> dict[str, object]:
    """The columns of a clock that runs again, where it had been paused."""
    if case.paused_since is None:
        return {}
    clock = resumed(case.clock, work.now)
    zone = settings.organisation(work.connection).zone
    return clock_columns(reading(clock, case.urgency, case.stage_at, work.now, zone), clock)
