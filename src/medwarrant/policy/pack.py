"""A pack: a versioned folder of policies, procedures, facts, value sets, evidence and examples."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from ..model.procedure import (
    Drug,
    DrugClass,
    Muscle,
    Nerve,
    Procedure,
    ProcedureFamily,
    ProcedureKind,
    Region,
    SpinePlace,
)
from ..model.sources import EvidenceStatement, Source
from .clock_rule import ClockRule
from .coded import CodedFact
from .criteria import Criterion
from .fact_dictionary import EventDefinition, FactDefinition
from .policy import CodeQuestion, Policy, SafetyProfile
from .valueset import SpecificityQuestion, ValueSet


class PackReview(msgspec.Struct, frozen=True):
    """Editorial status of a pack's content: the three statuses every answer shows."""

    status: Literal["submitted", "under_review", "approved"] = "submitted"
    submitted: str | None = None
    approved: str | None = None
    by: str | None = None


class CodingRule(msgspec.Struct, frozen=True, omit_defaults=True):
    """Code, nerve and diagnosis that do not fit together, or a remark on coding."""

    id: str
    kind: Literal["mismatch", "note"]
    message: str
    services: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    when: Criterion | None = None
    ask: tuple[CodeQuestion, ...] = ()
    rests_on: tuple[str, ...] = ()
    verified: bool = True
    line: int = 0


class NamedPayer(msgspec.Struct, frozen=True, omit_defaults=True):
    """A payer, with the words that name it and the lines of business it sells."""

    id: str
    title: str
    plain: str = ""
    words: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


class LineOfBusiness(msgspec.Struct, frozen=True, omit_defaults=True):
    """A kind of coverage: commercial, Medicare Advantage and so on."""

    id: str
    title: str
    plain: str = ""
    words: tuple[str, ...] = ()


class Contractor(msgspec.Struct, frozen=True, omit_defaults=True):
    """A Medicare contractor and the states that a source gives it without conflict."""

    id: str
    title: str
    plain: str = ""
    words: tuple[str, ...] = ()
    states: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)


class NoteSection(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of a clinical note, by the headings that begin it.

    `reads` says what a statement there means: about the patient (`facts`), about relatives, what is
    reacted to, taken now, done in the past, intended, done in the visit itself, or `nothing`.
    """

    id: str
    title: str
    reads: Literal[
        "facts", "relatives", "allergies", "medications", "past", "plan", "performed", "nothing"
    ] = "facts"
    words: tuple[str, ...] = ()


class ConflictRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A matter on which sources disagree."""

    about: str
    services: tuple[str, ...]
    diagnoses: tuple[str, ...]
    statements: tuple[str, ...]
    line: int = 0


class Example(msgspec.Struct, frozen=True, omit_defaults=True):
    """A test case inside a pack: a request in the format of requests, and what must come out."""

    it: str
    request: dict[str, Any]
    expect: dict[str, Any]
    policy: str | None = None
    indication: str | None = None
    file: str = ""
    line: int = 0


class Pack(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything one pack folder says; ids of other packs appear as plain text.

    `digest` is over the bytes of the folder's files and names the pack for ever.
    """

    id: str
    version: str
    title: str
    digest: str
    about: str = ""
    requires: tuple[str, ...] = ()
    review: PackReview = PackReview()
    facts: dict[str, FactDefinition] = msgspec.field(default_factory=dict)
    events: dict[str, EventDefinition] = msgspec.field(default_factory=dict)
    drugs: dict[str, Drug] = msgspec.field(default_factory=dict)
    drug_classes: dict[str, DrugClass] = msgspec.field(default_factory=dict)
    procedures: dict[str, Procedure] = msgspec.field(default_factory=dict)
    kinds: dict[str, ProcedureKind] = msgspec.field(default_factory=dict)
    families: dict[str, ProcedureFamily] = msgspec.field(default_factory=dict)
    nerves: dict[str, Nerve] = msgspec.field(default_factory=dict)
    muscles: dict[str, Muscle] = msgspec.field(default_factory=dict)
    regions: dict[str, Region] = msgspec.field(default_factory=dict)
    valuesets: dict[str, ValueSet] = msgspec.field(default_factory=dict)
    specificity: tuple[SpecificityQuestion, ...] = ()
    shorthand: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    places: dict[str, SpinePlace] = msgspec.field(default_factory=dict)
    coding: tuple[CodingRule, ...] = ()
    coded: tuple[CodedFact, ...] = ()
    sections: dict[str, NoteSection] = msgspec.field(default_factory=dict)
    boilerplate: tuple[str, ...] = ()
    payers: dict[str, NamedPayer] = msgspec.field(default_factory=dict)
    lines_of_business: dict[str, LineOfBusiness] = msgspec.field(default_factory=dict)
    contractors: dict[str, Contractor] = msgspec.field(default_factory=dict)
    clocks: dict[str, ClockRule] = msgspec.field(default_factory=dict)
    sources: dict[str, Source] = msgspec.field(default_factory=dict)
    statements: dict[str, EvidenceStatement] = msgspec.field(default_factory=dict)
    safety: dict[str, SafetyProfile] = msgspec.field(default_factory=dict)
    conflicts: tuple[ConflictRecord, ...] = ()
    policies: dict[str, Policy] = msgspec.field(default_factory=dict)
    examples: tuple[Example, ...] = ()
