"""Letters of a case: made from its record and decision, kept as they were made, drawn again to the same bytes."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

import msgspec
from sqlalchemy import Row, func, insert, select, update

from ..answer import Answer
from ..model.canonical import canonical
from ..report.letters import (
    Letter,
    LetterKind,
    LetterReplaced,
    adverse_notice,
    approval_letter,
    letter_data,
    letter_from_data,
    letter_html,
    letter_pdf,
    letter_text,
    peer_to_peer_brief,
    submission_checklist,
)
from . import written
from .cases import Case, case_answer, case_for, change, load_case, record_of
from .correspondence import correspondence, decision_told
from .decisions import DecisionBody, DecisionKept, last_decision
from .errors import NotAllowed, NotFound
from .records import load_record
from .store.schema import letter
from .store.witness import text_digest
from .work import Work, new_id

Drawn = Literal["html", "pdf", "text"]
#: What stays inside the house.
INTERNAL: Final[frozenset[str]] = frozenset({"peer_to_peer_brief"})
#: Letters that tell a decision, and belong to one.
OF_DECISIONS: Final[frozenset[str]] = frozenset({"approval_letter", "adverse_notice"})


class LetterKept(msgspec.Struct, frozen=True, kw_only=True):
    """A letter as it was made; `body` is its data, from which every format is drawn."""

    id: str
    case_id: str
    number: int
    kind: LetterKind
    title: str
    body: str
    record_digest: str
    decision_id: str | None
    person_id: str
    created_at: datetime
    sent_at: datetime | None
    sent_to: str

    def letter(self) -> Letter:
        """The letter itself."""
        return letter_from_data(msgspec.json.decode(self.body))

    def drawn(self, as_: Drawn) -> bytes:
        """The letter as a page, as paper or as text: the same bytes whenever it is drawn."""
        made = self.letter()
        match as_:
            case "html":
                return letter_html(made).encode()
            case "pdf":
                return letter_pdf(made)
            case "text":
                return letter_text(made).encode()


def decision_letter(
    work: Work,
    answer: Answer,
    body: DecisionBody,
    case: Case,
    replaces: LetterReplaced | None = None,
) -> Letter:
    """The letter that tells a decision; raises `InputError` where something it needs is lacking."""
    to = correspondence(work, case, body.appeal_rights)
    to = msgspec.structs.replace(to, replaces=replaces)
    make = approval_letter if body.kind == "approved" else adverse_notice
    return make(answer, decision_told(work, body), to)


def write_decision_letter(work: Work, case_id: str, *, expected: int) -> tuple[Case, LetterKept]:
    """Make the letter of a case's latest decision: an approval, or an adverse notice.

    One that is made again for the same decision is a new version, says so, and takes the place of the one
    before, which is not sent any more. Raises `NotAllowed` where nothing was decided, and `InputError` where the letterhead lacks what the
    letter needs.
    """
    case, standing = case_for(work, case_id, "write_letter", expected)
    signed = last_decision(work.connection, case.id)
    if signed is None or case.state != "decided":
        raise NotAllowed("there is no decision to tell", mend="decide the case first")
    answer = case_answer(work.desk, load_record(work.connection, signed.record_id))
    before = _of_decision(work, signed)
    replaces = (
        LetterReplaced(dated=before[-1].letter().dated, version=len(before) + 1) if before else None
    )
    made = decision_letter(work, answer, signed.said(), case, replaces)
    kept = keep_letter(work, case, made, signed)
    return change(work, case, standing), kept


def write_brief(
    work: Work, case_id: str, *, expected: int, pairs: tuple[tuple[str, str], ...] = ()
) -> tuple[Case, LetterKept]:
    """Make the brief for a peer-to-peer talk; it stays in the house."""
    case, standing = case_for(work, case_id, "write_letter", expected)
    answer = case_answer(work.desk, record_of(work, case))
    made = peer_to_peer_brief(answer, correspondence(work, case), pairs)
    return change(work, case, standing), keep_letter(work, case, made)


def write_checklist(work: Work, case_id: str, *, expected: int) -> tuple[Case, LetterKept]:
    """Make the checklist of what a practice submits."""
    case, standing = case_for(work, case_id, "write_letter", expected)
    answer = case_answer(work.desk, record_of(work, case))
    made = submission_checklist(answer, correspondence(work, case))
    return change(work, case, standing), keep_letter(work, case, made)


def keep_letter(
    work: Work, case: Case, made: Letter, decided: DecisionKept | None = None
) -> LetterKept:
    """Keep a letter as the case's next one."""
    last = work.connection.scalar(
        select(func.max(letter.c.number)).where(letter.c.case_id == case.id)
    )
    digest = decided.record_digest if decided else record_of(work, case).record_digest
    kept = LetterKept(
        id=new_id(),
        case_id=case.id,
        number=(last or 0) + 1,
        kind=made.kind,
        title=made.title,
        body=canonical(letter_data(made)).decode(),
        record_digest=digest,
        decision_id=decided.id if decided else None,
        person_id=work.person.id,
        created_at=work.now,
        sent_at=None,
        sent_to="",
    )
    work.connection.execute(insert(letter), msgspec.structs.asdict(kept))
    work.log(
        "letter",
        case.subject,
        letter=kept.id,
        digest=text_digest(kept.body),
        kind=kept.kind,
        record_digest=digest,
        decision=kept.decision_id,
    )
    return kept


def send_letter(
    work: Work, case_id: str, letter_id: str, to: str, *, expected: int
) -> tuple[Case, LetterKept]:
    """Mark a letter as sent, with how and to whom; from then on the requester sees it too.

    Raises `NotAllowed` for a letter that was sent, that stays inside, that rests on a record which is
    provisional, that tells a decision which is no longer the latest, or of which there is a newer version.
    """
    case, standing = case_for(work, case_id, "write_letter", expected)
    kept = _find(work, case.id, letter_id)
    if kept.sent_at is not None:
        raise NotAllowed("this letter was sent", mend="make another to send it again")
    if kept.kind in INTERNAL:
        raise NotAllowed("this document stays inside the house")
    if kept.kind in OF_DECISIONS:
        signed = last_decision(work.connection, case.id)
        if signed is None or signed.id != kept.decision_id or case.state != "decided":
            raise NotAllowed(
                "this letter tells a decision that is not the one that stands",
                mend="make the letter of the latest decision",
            )
        if _of_decision(work, signed)[-1].id != kept.id:
            raise NotAllowed(
                "a newer version of this letter took its place", mend="send the newest version"
            )
    elif kept.record_digest != record_of(work, case).record_digest:
        raise NotAllowed("the record changed after this letter was made", mend="make it anew")
    if case.provisional:
        raise provisional_refusal()
    marked = mark_sent(work, case, kept, written.line(to, "sent_to", most=400))
    return change(work, case, standing), marked


def _of_decision(work: Work, signed: DecisionKept) -> list[LetterKept]:
    """The letters that tell a decision, the first version first."""
    rows = work.connection.execute(
        select(letter).where(letter.c.decision_id == signed.id).order_by(letter.c.number)
    )
    return [_kept(row) for row in rows]


def mark_sent(work: Work, case: Case, kept: LetterKept, to: str) -> LetterKept:
    """Mark a letter as sent; for acts that send it themselves."""
    work.connection.execute(
        update(letter)
        .where(letter.c.id == kept.id, letter.c.sent_at.is_(None))
        .values(sent_at=work.now, sent_to=to)
    )
    work.log("letter_sent", case.subject, letter=kept.id)
    return msgspec.structs.replace(kept, sent_at=work.now, sent_to=to)


def provisional_refusal() -> NotAllowed:
    """The refusal of whatever may not happen while facts were only read by the machine."""
    return NotAllowed(
        "the record is provisional: it rests on facts that only the machine has read",
        mend="accept, correct or reject those facts first",
    )


def letters_of(work: Work, case: Case) -> list[LetterKept]:
    """The letters of a case, the first first; a requester sees those that were sent."""
    rows = work.connection.execute(
        select(letter).where(letter.c.case_id == case.id).order_by(letter.c.number)
    )
    return [kept for kept in map(_kept, rows) if _may_see(work, kept)]


def load_letter(work: Work, case_id: str, letter_id: str) -> LetterKept:
    """A letter of a case that the person may see; raises `NotFound` for any other."""
    kept = _find(work, load_case(work, case_id).id, letter_id)
    if not _may_see(work, kept):
        raise _not_found()
    return kept


def _may_see(work: Work, kept: LetterKept) -> bool:
    if work.person.is_a("nurse_reviewer", "physician_reviewer", "auditor", "administrator"):
        return True
    return kept.sent_at is not None and kept.kind not in INTERNAL


def _find(work: Work, case_id: str, letter_id: str) -> LetterKept:
    row = work.connection.execute(
        select(letter).where(letter.c.id == letter_id, letter.c.case_id == case_id)
    ).one_or_none()
    if row is None:
        raise _not_found()
    return _kept(row)


def _kept(row: Row[tuple[object, ...]]) -> LetterKept:
    return LetterKept(**row._mapping)


def _not_found() -> NotFound:
    return NotFound("there is no such letter, or it was not sent to you")
