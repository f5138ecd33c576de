"""What reviewers say of the facts of a case: accepted, corrected, rejected, added.

Each act makes the next record, so that whoever decides sees what was judged on which facts. Only a nurse or
physician reviewer confirms: the practice's own statement stays `stated`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, get_args

import msgspec
from sqlalchemy import func, insert, select

from ..answer import Answer
from ..intake.corrections import Corrections, FactLike
from ..intake.reading import FactRead, read_facts
from ..model.errors import InputError
from ..model.facts import Fact, Provenance
from ..policy.library import Library
from . import written
from .cases import Case, case_answer, case_for, change, record_of
from .records import RecordKept, keep_record
from .states import Standing
from .store.schema import fact_review
from .submitting import judged_columns
from .timing import clock_anew
from .vouching import same_fact, without_unvouched
from .work import Work, new_id

SaidOfFact = Literal["accepted", "corrected", "rejected", "added"]
SAID_OF_FACT: Final[tuple[SaidOfFact, ...]] = get_args(SaidOfFact)
#: What the provenance of a fact that a reviewer adds calls its document.
BY_REVIEWER: Final = "reviewer"


class FactSaid(msgspec.Struct, frozen=True, kw_only=True):
    """What a reviewer says of a fact: `fact` is its id in the record, `value` what to put in its place.

    `value` is text as `--fact` takes it (`intent=acute`) or a mapping; it is needed to correct and to add.
    """

    act: SaidOfFact
    fact: str = ""
    value: FactLike | None = None
    comment: str = ""


class FactReview(msgspec.Struct, frozen=True, kw_only=True):
    """What a person said of a fact, with the fact before and after, and the record that it led to."""

    id: str
    number: int
    act: SaidOfFact
    before: FactRead | None
    after: FactRead | None
    comment: str
    record_id: str
    person_id: str
    created_at: datetime


def review_facts(
    work: Work, case_id: str, said: Sequence[FactSaid], *, expected: int
) -> tuple[Case, RecordKept]:
    """Say something of facts of a case, as the reviewer who has it; the case and its record then.

    All of it makes one record. Raises `InputError` for a fact that the record does not hold, that is
    named twice, or that cannot be read.
    """
    case, standing = case_for(work, case_id, "review_facts", expected)
    if not said:
        raise InputError("nothing is said of any fact", where="facts", mend="choose at least one")
    kept = record_of(work, case)
    answer = case_answer(work.desk, kept)
    known = {fact.id: fact for fact in answer.reading.facts}
    _check_names(said, known)
    library = work.desk.medwarrant.library
    pairs = [(one, _after(one, known.get(one.fact), library)) for one in said]
    revised = work.desk.medwarrant.revise(
        without_unvouched(answer, vouched(work, case)),
        confirmed=[one.fact for one in said if one.act == "accepted"],
        rejected=[one.fact for one in said if one.act in ("corrected", "rejected")],
        facts=[fact for _, fact in pairs if fact is not None],
    )
    made = _kept(work, case, kept, revised, "facts_reviewed")
    number = work.connection.scalar(
        select(func.max(fact_review.c.number)).where(fact_review.c.case_id == case.id)
    )
    for place, (one, fact) in enumerate(pairs, start=(number or 0) + 1):
        before = known.get(one.fact)
        after = _confirmed(before) if one.act == "accepted" else _read(fact, library)
        work.connection.execute(
            insert(fact_review),
            {
                "id": new_id(),
                "case_id": case.id,
                "number": place,
                "act": one.act,
                "fact_before": msgspec.json.encode(before).decode(),
                "fact_after": msgspec.json.encode(after).decode(),
                "comment": written.passage(one.comment, "comment", needed=False),
                "record_id": made.id,
                "person_id": work.person.id,
                "created_at": work.now,
            },
        )
    acts = [one.act for one in said]
    work.log(
        "facts_reviewed",
        case.subject,
        record=made.id,
        record_digest=made.record_digest,
        **{act: acts.count(act) for act in SAID_OF_FACT if act in acts},
    )
    return _changed(work, case, standing, made, revised), made


def accept_document(
    work: Work, case_id: str, document: str, *, expected: int, comment: str = ""
) -> tuple[Case, RecordKept]:
    """Accept every fact that the machine read from one document, once the reviewer has read it."""
    case, _ = case_for(work, case_id, "review_facts", expected)
    answer = case_answer(work.desk, record_of(work, case))
    said = [
        FactSaid(act="accepted", fact=fact.id, comment=comment)
        for fact in answer.reading.facts
        if fact.basis == "read" and fact.document == document
    ]
    if not said:
        raise InputError(
            "no fact that awaits a reviewer was read from it",
            where="document",
            mend="choose a document whose facts are marked as read",
        )
    return review_facts(work, case_id, said, expected=expected)


def judge_again(work: Work, case_id: str, *, expected: int) -> tuple[Case, RecordKept]:
    """Judge the same facts with the packs of today, where they changed since the record was made."""
    case, standing = case_for(work, case_id, "review_facts", expected)
    kept = record_of(work, case)
    answer = case_answer(work.desk, kept)
    revised = work.desk.medwarrant.revise(without_unvouched(answer, vouched(work, case)))
    made = _kept(work, case, kept, revised, "judged_again")
    work.log("judged_again", case.subject, record=made.id, record_digest=made.record_digest)
    return _changed(work, case, standing, made, revised), made


def fact_reviews(work: Work, case: Case) -> list[FactReview]:
    """What people said of the facts of a case, the first first."""
    rows = work.connection.execute(
        select(fact_review).where(fact_review.c.case_id == case.id).order_by(fact_review.c.number)
    )
    return [
        FactReview(
            id=row.id,
            number=row.number,
            act=row.act,
            before=msgspec.json.decode(row.fact_before, type=FactRead | None),
            after=msgspec.json.decode(row.fact_after, type=FactRead | None),
            comment=row.comment,
            record_id=row.record_id,
            person_id=row.person_id,
            created_at=row.created_at,
        )
        for row in rows
    ]


def vouched(work: Work, case: Case) -> frozenset[bytes]:
    """The facts that a reviewer of this case accepted, corrected or added."""
    return frozenset(same_fact(one.after) for one in fact_reviews(work, case) if one.after)


def keep_judged(work: Work, case: Case, revised: Answer, why: str) -> tuple[Case, RecordKept]:
    """Keep a revised answer as the case's next record; for acts that have changed its facts."""
    made = _kept(work, case, record_of(work, case), revised, why)
    return _changed(work, case, None, made, revised), made


def _kept(work: Work, case: Case, before: RecordKept, revised: Answer, why: str) -> RecordKept:
    if revised.record_digest == before.record_digest:
        return before
    return keep_record(work, case.inquiry_id, revised, why=why, case_id=case.id)


def _changed(
    work: Work, case: Case, standing: Standing | None, made: RecordKept, revised: Answer
) -> Case:
    values: dict[str, Any] = dict(judged_columns(made, revised))
    if values["line_of_business"] != case.line_of_business:
        values |= clock_anew(work, case, str(values["line_of_business"]), case.stage)
    return change(work, case, standing, **values)


def _check_names(said: Iterable[FactSaid], known: Mapping[str, FactRead]) -> None:
    seen = set()
    for one in said:
        if one.act not in SAID_OF_FACT:
            raise InputError("this is not said of a fact", where="act")
        if one.act in ("corrected", "added") and one.value is None:
            raise InputError(
                "nothing stands in its place", where="value", mend="write it, such as intent=acute"
            )
        if one.act == "added":
            continue
        if one.fact not in known:
            raise InputError(
                f"the record holds no fact '{one.fact[:60]}'",
                where="fact",
                mend="name it as the record does",
            )
        if one.fact in seen:
            raise InputError(
                f"'{one.fact[:60]}' is named twice", where="fact", mend="say one thing"
            )
        seen.add(one.fact)


def _after(one: FactSaid, before: FactRead | None, library: Library) -> Fact | None:
    """What stands in the place of a fact: confirmed by the reviewer, found where the first was."""
    if one.act not in ("corrected", "added") or one.value is None:
        return None
    found = Corrections.read(library, facts=[one.value]).facts
    if len(found) != 1:
        raise InputError("one fact at a time", where="value", mend="add the others by themselves")
    (fact,) = found
    place = Provenance(document=BY_REVIEWER)
    if before is not None and one.act == "corrected":
        if fact.fact != before.fact:
            raise InputError(
                f"this corrects '{before.fact}', and names '{fact.fact}'",
                where="value",
                mend="reject the one and add the other",
            )
        place = Provenance(document=before.document, span=before.span, quote=before.quote)
        if fact.service is None:
            fact = msgspec.structs.replace(fact, service=before.service)
    return msgspec.structs.replace(fact, basis="confirmed", provenance=place)


def _confirmed(fact: FactRead | None) -> FactRead | None:
    return None if fact is None else msgspec.structs.replace(fact, basis="confirmed")


def _read(fact: Fact | None, library: Library) -> FactRead | None:
    return None if fact is None else read_facts((fact,), library)[0]
