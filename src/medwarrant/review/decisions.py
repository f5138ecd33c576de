"""Decisions: signed determinations of people, as canonical JSON that is never changed.

The signature of a decision is the digest of its body with the `record_digest` of exactly the record that
was shown; it stands in the keyed audit log too, so that neither can be put in the other's place.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import Connection, Row, select

from ..model.canonical import canonical, sha256
from ..model.determination import Outcome
from ..report.letters import Decided, DecisionKind
from .errors import NotFound, NotIntact
from .records import load_record
from .states import Stage
from .store.schema import audit, decision

DECISION_SCHEMA: Final = "medwarrant/decision/1"
DECISION_WORDS: Final[dict[DecisionKind, str]] = {
    "approved": "Approved as requested",
    "partially_approved": "Approved in part",
    "modified": "Approved in another form",
    "adverse": "Not approved",
}
#: Kinds that give less than was asked: signed by a physician alone.
LESS_THAN_ASKED: Final[frozenset[DecisionKind]] = frozenset(
    {"partially_approved", "modified", "adverse"}
)
AppealResult = Literal["upheld", "overturned", "partly_overturned"]


class LineOfDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided of one service line, beside what was proposed.

    `criteria` are the grounds, by id. `lacking` says that what was
    asked for and did not come is a ground.
    """

    line: int
    service: str
    diagnoses: tuple[str, ...]
    proposed: Outcome
    decided: Decided
    words: str = ""
    reason: str = ""
    member_reason: str = ""
    criteria: tuple[str, ...] = ()
    lacking: bool = False


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """Where the person decided otherwise than was proposed: about which criteria, and why."""

    line: int
    service: str
    diagnosis: str
    proposed: Outcome
    decided: Decided
    criteria: tuple[str, ...]
    reason: str


class InformationSought(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for before a decision for lack of information, and why it was not waited for."""

    requests: tuple[str, ...]
    answer_by: str | None
    answered: bool
    time_over: bool
    without_waiting: str = ""


class TalkOffered(msgspec.Struct, frozen=True, kw_only=True):
    """The peer-to-peer talk that was offered before the decision, and what became of it."""

    id: str
    state: str
    offered_at: str


class AppealText(msgspec.Struct, frozen=True, kw_only=True):
    """The plan's text on appeals that goes with the decision, as it was then."""

    line_of_business: str
    state: str
    source: str
    text: str


class AgainstDecision(msgspec.Struct, frozen=True, kw_only=True):
    """Of a reopening or an appeal: the decision that was looked at again, and what became of it."""

    decision: str
    number: int
    result: str


class Signer(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed: name and credentials as typed, the role, and the statement that was signed."""

    person: str
    name: str
    credentials: str
    role: str
    statement: str


class DecisionBody(msgspec.Struct, frozen=True, kw_only=True):
    """What is signed."""

    schema: str = DECISION_SCHEMA
    case: str
    case_number: str
    number: int
    stage: Stage
    kind: DecisionKind
    record: str
    record_number: int
    digest: str
    record_digest: str
    proposed: Outcome | None
    lines: tuple[LineOfDecision, ...]
    overrides: tuple[Override, ...] = ()
    information: InformationSought | None = None
    peer_to_peer: TalkOffered | None = None
    appeal_rights: AppealText | None = None
    against: AgainstDecision | None = None
    content_pending: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    signer: Signer
    signed_at: str


class DecisionKept(msgspec.Struct, frozen=True, kw_only=True):
    """A decision as it is kept; `body` is canonical JSON."""

    id: str
    case_id: str
    number: int
    stage: Stage
    kind: DecisionKind
    record_digest: str
    record_id: str
    body: str
    signature: str
    person_id: str
    signed_at: datetime

    def said(self) -> DecisionBody:
        """What was signed; raises `NotIntact` where it cannot be read."""
        try:
            return msgspec.json.decode(self.body, type=DecisionBody)
        except (msgspec.DecodeError, msgspec.ValidationError):
            raise NotIntact("a decision cannot be read", where=f"decision {self.id}") from None


def signature_of(body: str, record_digest: str) -> str:
    """The signature of a decision: the digest of its canonical body with the digest of the record.

    >>> signature_of("{}", "sha256:a") == signature_of("{}", "sha256:b")
    False
    """
    return sha256([msgspec.Raw(body.encode()), record_digest])


def decisions_of(connection: Connection, case_id: str) -> list[DecisionKept]:
    """The decisions of a case, the first first, once each agrees with its signature."""
    rows = connection.execute(
        select(decision).where(decision.c.case_id == case_id).order_by(decision.c.number)
    )
    return [_checked(row) for row in rows]


def last_decision(connection: Connection, case_id: str) -> DecisionKept | None:
    """The latest decision of a case, or None."""
    found = decisions_of(connection, case_id)
    return found[-1] if found else None


def load_decision(connection: Connection, decision_id: str) -> DecisionKept:
    """A decision by its id; raises `NotFound`, or `NotIntact` where somebody altered it."""
    row = connection.execute(select(decision).where(decision.c.id == decision_id)).one_or_none()
    if row is None:
        raise NotFound("there is no such decision")
    return _checked(row)


def verify_decision(connection: Connection, kept: DecisionKept) -> None:
    """Hold a decision against its signature, its record and the audit log.

    Raises `NotIntact` where one of them does not agree. `store.verify` looks at all of them, and at the log
    itself.
    """
    where = f"decision {kept.id}"
    _check(kept)
    record = load_record(connection, kept.record_id)
    if record.record_digest != kept.record_digest:
        raise NotIntact("the record is not the one that was signed", where=where)
    entries = connection.execute(
        select(audit.c.detail).where(
            audit.c.subject == f"case:{kept.case_id}", audit.c.act == "decided"
        )
    ).scalars()
    signed = [msgspec.json.decode(detail) for detail in entries]
    if not any(
        entry.get("decision") == kept.id and entry.get("signature") == kept.signature
        for entry in signed
    ):
        raise NotIntact("the audit log does not know this signature", where=where)


def _checked(row: Row[Any]) -> DecisionKept:
    kept = DecisionKept(**row._mapping)
    _check(kept)
    return kept


def _check(kept: DecisionKept) -> None:
    where = f"decision {kept.id}"
    said = kept.said()
    if canonical(msgspec.json.decode(kept.body)) != kept.body.encode():
        raise NotIntact("a decision is not in the form that was signed", where=where)
    if signature_of(kept.body, kept.record_digest) != kept.signature:
        raise NotIntact("a decision does not agree with its signature", where=where)
    beside = (kept.case_id, kept.number, kept.stage, kept.kind, kept.record_id, kept.record_digest)
    own = (said.case, said.number, said.stage, said.kind, said.record, said.record_digest)
    if beside != own or said.signer.person != kept.person_id:
        raise NotIntact("a decision does not agree with its place in the database", where=where)
