"""The engine's output, field by field as the JSON contract `medwarrant/determination/1` has it."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from .sources import Certainty, Direction, Strength

SCHEMA = "medwarrant/determination/1"

Outcome = Literal["meets_criteria", "needs_information", "needs_clinical_review", "no_policy"]
#: Best to worst: a service line takes the best of its items, a request the worst of its lines.
OUTCOMES: tuple[Outcome, ...] = (
    "meets_criteria",
    "needs_information",
    "needs_clinical_review",
    "no_policy",
)
Reason = Literal[
    "not_met",
    "neither",
    "against",
    "no_support_found",
    "mismatch",
    "contraindication",
    "request_rule",
    "out_of_scope",
    "rule_unverified",
]
ReviewStatus = Literal["submitted", "under_review", "approved"]


class CriterionResult(msgspec.Struct, frozen=True, kw_only=True):
    """One node of the criteria tree with its status, in words, and the facts it read."""

    id: str
    title: str
    kind: str
    status: Literal["met", "not_met", "missing"]
    why: str
    document: str | None = None
    basis: str | None = None
    verified: bool = True
    facts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    children: tuple[CriterionResult, ...] = ()


class Supply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A fact that would close a criterion: its id with the value, or the event, to supply."""

    fact: str
    value: Any = None
    event: dict[str, Any] | None = None


class CriterionSupply(msgspec.Struct, frozen=True, kw_only=True):
    """A missing criterion, by id, and what closes it."""

    id: str
    supply: Supply


class WouldChange(msgspec.Struct, frozen=True, kw_only=True):
    """A smallest set of facts that turns the item to `meets_criteria`."""

    indication: str
    criteria: tuple[CriterionSupply, ...]


class Governing(msgspec.Struct, frozen=True, kw_only=True):
    """The policy whose rules decide the item, and why it is that one."""

    policy: str
    authority: str
    status: str
    effective: dict[str, str | None]
    why: str


class SelectionShown(msgspec.Struct, frozen=True, kw_only=True):
    """Which policies may govern an item, best first, and why; one alone governs for certain."""

    candidates: tuple[str, ...]
    why: str


class IndicationResult(msgspec.Struct, frozen=True, kw_only=True):
    """One indication that names the pair, judged on its own."""

    id: str
    title: str
    policy: str
    scope: Literal["met", "not_met", "missing"]
    direction: Direction
    strength: Strength | None
    certainty: Certainty | None
    outcome: Outcome
    note: str = ""


class StatementShown(msgspec.Struct, frozen=True, kw_only=True):
    """A statement of a source, as an item shows it.

    `quote` are words of the source, `quoted_by` whose account they were read in; both are left out where no
    wording is held, so that the digest of an answer that quotes nothing stays what it was.
    """

    id: str
    source: str
    claim: str
    direction: str
    strength: str | None
    grade: str | None
    verified: str
    certainty: str | None = None
    supports: bool = True
    locator: str = ""
    quote: str | msgspec.UnsetType = msgspec.UNSET
    quoted_by: str | msgspec.UnsetType = msgspec.UNSET


class EvidenceSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What guidelines and studies say of the pair, whoever pays.

    `direction` is null where it depends on facts not yet known; `depends_on` names them.
    """

    direction: Direction | None
    strength: Strength | None
    certainty: Certainty | None
    statements: tuple[StatementShown, ...] = ()
    depends_on: tuple[str, ...] = ()


class RuleShown(msgspec.Struct, frozen=True, kw_only=True):
    """A whole-request rule of a coverage policy, applied or not: met means respected."""

    id: str
    title: str
    status: Literal["met", "not_met", "missing"]
    message: str


class CoverageResult(msgspec.Struct, frozen=True, kw_only=True):
    """What one coverage policy says of the pair, whether it governs or not."""

    policy: str
    publisher: str
    authority: str
    status: str
    effective: dict[str, str | None]
    last_seen: str | None
    outcome: Outcome
    summary: str
    applies: Literal["met", "not_met", "missing"] = "missing"
    governs: bool = False
    rules: tuple[RuleShown, ...] = ()


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A coding or safety remark; `severity` is `refer` where it sends the item to a clinician."""

    kind: str
    severity: str
    message: str
    source: str | None = None
    id: str = ""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """A question for the requester: about a missing fact, or whether another code is meant."""

    kind: Literal["fact", "code"]
    question: str
    fact: str | None = None
    code: str | None = None
    why: str = ""
    document: str | None = None


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One service line judged for one diagnosis."""

    service: str
    diagnosis: str
    line: int
    outcome: Outcome
    provisional: bool
    reasons: tuple[Reason, ...]
    summary: str
    governing: Governing | None
    selection: SelectionShown
    indications: tuple[IndicationResult, ...]
    evidence: EvidenceSummary
    coverage: tuple[CoverageResult, ...]
    coding: tuple[Finding, ...]
    safety: tuple[Finding, ...]
    criteria: CriterionResult | None
    would_change: tuple[WouldChange, ...]
    ask: tuple[Ask, ...]
    missing: tuple[str, ...] = ()
    request_rules: tuple[CriterionResult, ...] = ()


class ServiceResult(msgspec.Struct, frozen=True, kw_only=True):
    """The roll-up of one service line: the best outcome of its items, and the diagnosis it is for."""

    service: str
    line: int
    outcome: Outcome
    best: str | None


class DocumentFor(msgspec.Struct, frozen=True, kw_only=True):
    """Which criterion of which item a document closes."""

    service: str
    diagnosis: str
    criterion: str


class DocumentNeeded(msgspec.Struct, frozen=True, kw_only=True):
    """A document to send, and what it is for."""

    id: str
    what: str
    for_: tuple[DocumentFor, ...] = msgspec.field(name="for")


class ConflictStatement(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a disagreement."""

    source: str
    says: str
    date: str | None


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """A matter on which sources disagree; both stand side by side, never averaged."""

    about: str
    statements: tuple[ConflictStatement, ...]


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A numbered reference of the answer."""

    n: int
    id: str
    kind: str
    title: str
    container: str | None
    year: int | None
    doi: str | None
    pmid: str | None
    url: str | None
    verified: str
    retracted: bool
    status: str = "unknown"
    contested: bool = False
    author: str = ""
    note: str = ""


class PackUsed(msgspec.Struct, frozen=True, kw_only=True):
    """A pack that the determination was made with, by content."""

    id: str
    version: str
    digest: str


class CodeSetUsed(msgspec.Struct, frozen=True, kw_only=True):
    """The release of a code set that codes were judged on."""

    id: str
    release: str
    valid_until: str
    older_than_service: bool


class ProposedDetermination(msgspec.Struct, frozen=True, kw_only=True):
    """The case as judged: a pure function of request, packs and date.

    What was asked in which words (`question`, `reading`), the review and the digests are added by
    `medwarrant.answer`.
    """

    as_of: str
    packs: tuple[PackUsed, ...]
    code_sets: tuple[CodeSetUsed, ...]
    items: tuple[Item, ...]
    services: tuple[ServiceResult, ...]
    outcome: Outcome | None
    documents: tuple[DocumentNeeded, ...]
    conflicts: tuple[Conflict, ...]
    references: tuple[Reference, ...]
