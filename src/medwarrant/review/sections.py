"""The sections of a worksheet, and which of them whoever signs must have opened, of exactly one record."""

from __future__ import annotations

from typing import Final, Literal, get_args

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from ..answer import Answer
from ..model.errors import InputError
from ..policy.prose import join
from .cases import Case, load_case, record_of
from .errors import NotAllowed, Stale
from .inquiries import documents_of
from .store.schema import section_opened
from .work import Work, new_id

SectionId = Literal["request", "criteria", "facts", "evidence", "safety", "conflicts", "documents"]
#: In the order in which a worksheet shows them, and in which they are opened one after the other.
SECTION_IDS: Final[tuple[SectionId, ...]] = get_args(SectionId)
SECTION_WORDS: Final[dict[SectionId, str]] = {
    "request": "What is asked, and how it was read",
    "facts": "Facts, and what reviewers said of them",
    "criteria": "Criteria",
    "evidence": "Evidence and coverage policies",
    "safety": "Safety and coding",
    "conflicts": "Where sources or statements disagree",
    "documents": "Documents",
}
#: What a nurse has opened before an approval.
FOR_APPROVAL: Final[tuple[SectionId, ...]] = ("request", "criteria")


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A section of a worksheet; `needed` for the signature of a physician, unless it is empty."""

    id: SectionId
    title: str
    needed: bool
    opened: bool


def sections(work: Work, case: Case, answer: Answer) -> tuple[Section, ...]:
    """The sections of a record, with what the person has opened of them."""
    opened = opened_by(work, case.id, work.person.id, answer.record_digest)
    filled = _filled(answer, bool(documents_of(work, case.inquiry_id)))
    return tuple(
        Section(id=name, title=SECTION_WORDS[name], needed=name in filled, opened=name in opened)
        for name in SECTION_IDS
    )


def open_section(work: Work, case_id: str, section: str, record_digest: str) -> None:
    """Keep that the person opened a section of the record with this digest.

    The case's version stays: looking changes nothing. Raises `Stale` where the case has another record
    by now, `InputError` for a section that there is not, and `NotAllowed` for whoever does not review.
    """
    work.require("nurse_reviewer", "physician_reviewer")
    if section not in SECTION_IDS:
        raise InputError(
            "there is no such section", where="section", mend=f"known: {', '.join(SECTION_IDS)}"
        )
    case = load_case(work, case_id)
    refuse_other_record(work, case, record_digest)
    insert = sqlite.insert if work.connection.dialect.name == "sqlite" else postgresql.insert
    row = {
        "id": new_id(),
        "case_id": case.id,
        "person_id": work.person.id,
        "record_digest": record_digest,
        "section": section,
        "opened_at": work.now,
    }
    added = work.connection.scalar(
        insert(section_opened).values(row).on_conflict_do_nothing().returning(section_opened.c.id)
    )
    if added is not None:
        work.log("opened", case.subject, section=section, record_digest=record_digest)


def opened_by(work: Work, case_id: str, person_id: str, record_digest: str) -> frozenset[str]:
    """The sections of a record that a person has opened."""
    rows = work.connection.execute(
        select(section_opened.c.section).where(
            section_opened.c.case_id == case_id,
            section_opened.c.person_id == person_id,
            section_opened.c.record_digest == record_digest,
        )
    )
    return frozenset(rows.scalars())


def refuse_other_record(work: Work, case: Case, record_digest: str) -> None:
    """Raises `Stale` unless the digest is that of the case's latest record."""
    if record_of(work, case).record_digest != record_digest:
        raise Stale(
            f"case {case.number} has another record than the one you saw",
            mend="look at it again and repeat what still holds",
        )


def refuse_unopened(work: Work, case: Case, answer: Answer, needed: tuple[SectionId, ...]) -> None:
    """Raises `NotAllowed`, naming the sections, unless the person opened those that are needed."""
    filled = _filled(answer, bool(documents_of(work, case.inquiry_id)))
    opened = opened_by(work, case.id, work.person.id, answer.record_digest)
    left = [
        SECTION_WORDS[name] for name in SECTION_IDS if name in needed and name in filled - opened
    ]
    if left:
        raise NotAllowed(
            "you have not opened every section of this record",
            where="sections",
            mend=f"open first: {join(left, 'and')}",
        )


def _filled(answer: Answer, has_documents: bool) -> frozenset[SectionId]:
    """The sections that hold something; request and criteria always do."""
    items = answer.determination.items
    found: set[SectionId] = {"request", "criteria"}
    if answer.reading.facts:
        found.add("facts")
    if any(item.evidence.statements or item.coverage for item in items):
        found.add("evidence")
    if any(item.safety or item.coding for item in items):
        found.add("safety")
    if answer.determination.conflicts or any(
        fact.status == "conflicting" for fact in answer.reading.facts
    ):
        found.add("conflicts")
    if has_documents:
        found.add("documents")
    return frozenset(found)
