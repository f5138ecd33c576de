"""The library: all packs loaded together, with the indexes every reader of them needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import TypeVar

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
from .coded import CodedFacts
from .fact_dictionary import EventDefinition, FactDefinition
from .pack import (
    CodingRule,
    ConflictRecord,
    Contractor,
    LineOfBusiness,
    NamedPayer,
    NoteSection,
    Pack,
)
from .policy import Policy
from .valueset import CodePattern, SpecificityQuestion, ValueSet

T = TypeVar("T")

#: In a list of diagnoses: every diagnosis.
ANY = "any"


class Library:
    """Packs merged in the order they were loaded; immutable once made.

    Pack ids, and the ids inside packs, are unique: the loader reports a clash as an error.
    """

    def __init__(self, packs: Iterable[Pack]) -> None:
        self.packs: tuple[Pack, ...] = tuple(packs)
        self._service_matches = lru_cache(maxsize=65_536)(self._match_service)
        self._diagnosis_matches = lru_cache(maxsize=65_536)(self._match_diagnosis)
        self._specificity_for = lru_cache(maxsize=16_384)(self._find_specificity)
        self._source_for = lru_cache(maxsize=16_384)(self._find_source)

    def _merged(self, name: str) -> dict[str, T]:
        merged: dict[str, T] = {}
        for pack in self.packs:
            merged.update(getattr(pack, name))
        return merged

    @cached_property
    def facts(self) -> Mapping[str, FactDefinition]:
        """The fact dictionary."""
        return self._merged("facts")

    @cached_property
    def events(self) -> Mapping[str, EventDefinition]:
        """The kinds of event."""
        return self._merged("events")

    @cached_property
    def drugs(self) -> Mapping[str, Drug]:
        """Drugs by id."""
        return self._merged("drugs")

    @cached_property
    def drug_classes(self) -> Mapping[str, DrugClass]:
        """Drug classes by id."""
        return self._merged("drug_classes")

    @cached_property
    def procedures(self) -> Mapping[str, Procedure]:
        """Procedures by id."""
        return self._merged("procedures")

    @cached_property
    def families(self) -> Mapping[str, ProcedureFamily]:
        """Procedure families by id."""
        return self._merged("families")

    @cached_property
    def nerves(self) -> Mapping[str, Nerve]:
        """Nerves by id."""
        return self._merged("nerves")

    @cached_property
    def muscles(self) -> Mapping[str, Muscle]:
        """Muscles by id."""
        return self._merged("muscles")

    @cached_property
    def regions(self) -> Mapping[str, Region]:
        """Regions by id."""
        return self._merged("regions")

    @cached_property
    def valuesets(self) -> Mapping[str, ValueSet]:
        """Value sets by id."""
        return self._merged("valuesets")

    @cached_property
    def payers(self) -> Mapping[str, NamedPayer]:
        """Payers by id."""
        return self._merged("payers")

    @cached_property
    def lines_of_business(self) -> Mapping[str, LineOfBusiness]:
        """Lines of business by id."""
        return self._merged("lines_of_business")

    @cached_property
    def contractors(self) -> Mapping[str, Contractor]:
        """Medicare contractors by id."""
        return self._merged("contractors")

    @cached_property
    def clocks(self) -> Mapping[str, ClockRule]:
        """The clock rules of the review desk by line of business."""
        return self._merged("clocks")

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The source registry."""
        return self._merged("sources")

    @cached_property
    def statements(self) -> Mapping[str, EvidenceStatement]:
        """Evidence statements by id."""
        return self._merged("statements")

    @cached_property
    def policies(self) -> Mapping[str, Policy]:
        """Policies by id."""
        return self._merged("policies")

    @cached_property
    def coding(self) -> tuple[CodingRule, ...]:
        """Coding rules, in the order of the packs."""
        return tuple(rule for pack in self.packs for rule in pack.coding)

    @cached_property
    def conflicts(self) -> tuple[ConflictRecord, ...]:
        """Recorded disagreements between sources."""
        return tuple(record for pack in self.packs for record in pack.conflicts)

    @cached_property
    def specificity(self) -> tuple[SpecificityQuestion, ...]:
        """Questions for codes that say too little."""
        return tuple(question for pack in self.packs for question in pack.specificity)

    @cached_property
    def coded(self) -> CodedFacts:
        """What codes of records say in our own facts."""
        return CodedFacts(entry for pack in self.packs for entry in pack.coded)

    @cached_property
    def sections(self) -> Mapping[str, NoteSection]:
        """The parts of a clinical note by id."""
        return self._merged("sections")

    @cached_property
    def shorthand(self) -> Mapping[str, tuple[str, ...]]:
        """Words by the words they are short for, as people write them."""
        found: dict[str, tuple[str, ...]] = {}
        for pack in self.packs:
            for meant, short in pack.shorthand.items():
                found[meant] = (*found.get(meant, ()), *short)
        return found

    @cached_property
    def places(self) -> Mapping[str, SpinePlace]:
        """The parts of the spine that diagnosis codes tell apart."""
        return self._merged("places")

    @cached_property
    def boilerplate(self) -> tuple[str, ...]:
        """Phrases after which a note explains, warns or claims, and states nothing."""
        return tuple(words for pack in self.packs for words in pack.boilerplate)

    # --- look-ups -------------------------------------------------------------------------------

    @cached_property
    def _procedure_by_code(self) -> Mapping[str, Procedure]:
        return {code: item for item in self.procedures.values() for code in item.codes}

    def procedure(self, code: str) -> Procedure | None:
        """The procedure that a CPT or HCPCS code stands for, or None."""
        return self._procedure_by_code.get(code.strip().upper())

    @cached_property
    def kinds(self) -> Mapping[str, ProcedureKind]:
        """The vocabulary of procedure kinds."""
        return self._merged("kinds")

    def service_matches(self, code: str, names: tuple[str, ...]) -> bool:
        """Whether a code is among procedures named by id, by kind or by code."""
        return self._service_matches(code, names)

    def _match_service(self, code: str, names: tuple[str, ...]) -> bool:
        procedure = self.procedure(code)
        own = (code,) if procedure is None else (code, procedure.id, procedure.kind)
        return any(name in own for name in names)

    def knows_service(self, name: str) -> bool:
        """Whether a name is a procedure id, a procedure kind or a procedure code."""
        return name in self.procedures or name in self.kinds or name in self._procedure_by_code

    def codes_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """All procedure codes that names (ids, kinds, codes) stand for, in order."""
        wanted = set(names)
        return tuple(
            dict.fromkeys(
                code
                for item in self.procedures.values()
                for code in item.codes
                if wanted & {item.id, item.kind, code}
            )
        )

    def diagnosis_matches(self, code: str, names: tuple[str, ...]) -> bool:
        """Whether a diagnosis code is in one of these value sets, codes or ranges, or `any`."""
        return self._diagnosis_matches(code, names)

    def _match_diagnosis(self, code: str, names: tuple[str, ...]) -> bool:
        for name in names:
            if name == ANY:
                return True
            known = self.valuesets.get(name)
            if known.contains(code) if known else _pattern(name).covers(code):
                return True
        return False

    def nerve_codes(self, nerve: str) -> tuple[str, ...]:
        """The procedure codes of a nerve: its own, or its nearest ancestor's."""
        for ancestor in self.nerve_line(nerve):
            if self.nerves[ancestor].codes:
                return self.nerves[ancestor].codes
        return ()

    def nerve_line(self, nerve: str) -> tuple[str, ...]:
        """The nerve and its ancestors, nearest first."""
        line: list[str] = []
        current: str | None = nerve
        while current is not None and current in self.nerves and current not in line:
            line.append(current)
            current = self.nerves[current].parent
        return tuple(line)

    @cached_property
    def nerve_branches(self) -> Mapping[str, frozenset[str]]:
        """Everything that branches off a nerve, at any distance."""
        found: dict[str, set[str]] = {name: set() for name in self.nerves}
        for name in self.nerves:
            for ancestor in self.nerve_line(name)[1:]:
                found[ancestor].add(name)
        return {name: frozenset(branches) for name, branches in found.items()}

    @cached_property
    def _coding_by_service(self) -> dict[str, tuple[CodingRule, ...]]:
        return {}

    def coding_for(self, code: str) -> tuple[CodingRule, ...]:
        """The coding rules that speak of a procedure code."""
        known = self._coding_by_service.get(code)
        if known is None:
            known = tuple(
                rule
                for rule in self.coding
                if not rule.services or self.service_matches(code, rule.services)
            )
            self._coding_by_service[code] = known
        return known

    def specificity_for(self, diagnosis: str) -> tuple[SpecificityQuestion, ...]:
        """The questions to ask where a diagnosis code says too little."""
        return self._specificity_for(diagnosis)

    def _find_specificity(self, diagnosis: str) -> tuple[SpecificityQuestion, ...]:
        return tuple(
            question
            for question in self.specificity
            if any(pattern.covers(diagnosis) for pattern in question.codes)
        )

    @cached_property
    def _policies_by_service(self) -> Mapping[str, tuple[Policy, ...]]:
        found: dict[str, list[Policy]] = {}
        for policy in self.policies.values():
            for code in self.codes_of(policy.services):
                found.setdefault(code, []).append(policy)
        return {code: tuple(policies) for code, policies in found.items()}

    def policies_for(self, code: str) -> tuple[Policy, ...]:
        """The policies that speak of a procedure code."""
        return self._policies_by_service.get(code, ())

    def contractor_for(self, state: str) -> str | None:
        """The Medicare contractor of a state, where a source gives it without conflict."""
        for contractor in self.contractors.values():
            if state in contractor.states:
                return contractor.id
        return None

    def source_for(self, statements: tuple[str, ...]) -> str | None:
        """The source to cite for a sentence: of its first statement that supports, else the first."""
        return self._source_for(statements)

    def _find_source(self, statements: tuple[str, ...]) -> str | None:
        known = [name for name in statements if name in self.statements]
        chosen = next((name for name in known if self.supports(name)), known[0] if known else None)
        return self.statements[chosen].source if chosen else None

    @cached_property
    def supporting(self) -> frozenset[str]:
        """The statements that may carry a rule: verified, of a source that is not retracted."""
        return frozenset(
            name
            for name in self.statements
            if self.any_supports((name,), self.statements, self.sources)
        )

    def supports(self, statement: str) -> bool:
        """Whether a statement may carry a rule."""
        return statement in self.supporting

    @staticmethod
    def any_supports(
        names: Iterable[str],
        statements: Mapping[str, EvidenceStatement],
        sources: Mapping[str, Source],
    ) -> bool:
        """Whether one of the statements is verified and its source is not retracted."""
        for name in names:
            statement = statements.get(name)
            source = sources.get(statement.source) if statement else None
            if statement is None or source is None:
                continue
            if statement.verified.how != "unverified" and not source.retracted:
                return True
        return False


@lru_cache(maxsize=4096)
def _pattern(text: str) -> CodePattern:
    return CodePattern.read(text)
