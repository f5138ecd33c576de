"""What was understood: services, diagnoses, facts and coverage, each with the words it came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from ..engine.supply import event_json, history_json, value_json
from ..model.facts import EventValue, Fact, History, fact_ids
from ..model.request import LINE_FACTS, Coverage, Request, ServiceLine
from ..policy.library import Library

Span = tuple[int, int] | None


class ServiceRead(msgspec.Struct, frozen=True, kw_only=True):
    """A service line as it was read; `name` is our plain name, None where the code is not known."""

    code: str
    name: str | None
    text: str
    span: Span = None


class DiagnosisRead(msgspec.Struct, frozen=True, kw_only=True):
    """A diagnosis as it was read; `title` is None where the code does not exist."""

    code: str
    title: str | None
    text: str
    span: Span = None
    candidates: tuple[str, ...] = ()


class FactRead(msgspec.Struct, frozen=True, kw_only=True):
    """A fact as it was read; `value` is None for a flag, an object for an event."""

    id: str
    fact: str
    status: str
    value: Any
    basis: str
    document: str
    quote: str
    span: Span = None
    service: str | None = None


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """A correction or an assumption, by kind and in words."""

    kind: str
    message: str


class Unrecognised(msgspec.Struct, frozen=True, kw_only=True):
    """Words that look like a service, diagnosis or fact and were not understood."""

    text: str
    span: Span = None


class SaidInNote(msgspec.Struct, frozen=True, kw_only=True):
    """A diagnosis or finding that a note states: denied or not, how surely, when, and of whom."""

    text: str
    code: str | None
    status: str
    certainty: str
    time: str
    person: str
    side: str | None
    section: str
    span: Span = None


class NamedInNote(msgspec.Struct, frozen=True, kw_only=True):
    """A service that a note names: planned, performed in the visit, done earlier, or only named."""

    text: str
    code: str | None
    told: str
    section: str
    span: Span = None


class NoteRead(msgspec.Struct, frozen=True, kw_only=True):
    """A note that was read; its facts stand among the facts, with its name as their document."""

    document: str
    kind: str
    date: str | None = None
    statements: tuple[SaidInNote, ...] = ()
    services: tuple[NamedInNote, ...] = ()


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The request with where each part of it was read, as the answer shows it first."""

    request: Request
    services: tuple[ServiceRead, ...] = ()
    diagnoses: tuple[DiagnosisRead, ...] = ()
    facts: tuple[FactRead, ...] = ()
    corrections: tuple[Remark, ...] = ()
    assumptions: tuple[Remark, ...] = ()
    unrecognised: tuple[Unrecognised, ...] = ()
    notes: tuple[NoteRead, ...] = ()

    @property
    def coverage(self) -> Coverage:
        """The payer, line of business, state and contractor that were read."""
        return self.request.coverage


def facts_read(request: Request, library: Library) -> tuple[FactRead, ...]:
    """The facts of a request as the answer lists them, with those that its service lines carry."""
    stated = read_facts(request.facts, library)
    said = {(fact.fact, fact.service) for fact in request.facts}
    return (
        *stated,
        *(
            fact
            for line in request.services
            for fact in _line_facts(line, library)
            if (fact.fact, None) not in said and (fact.fact, line.code) not in said
        ),
    )


def read_facts(facts: Sequence[Fact], library: Library) -> tuple[FactRead, ...]:
    """Facts in the plain form of `reading.facts`, in their order."""
    ids = fact_ids(facts, library.events)
    return tuple(_fact_read(fact, name, library) for fact, name in zip(facts, ids, strict=True))


def _fact_read(fact: Fact, fact_id: str, library: Library) -> FactRead:
    return FactRead(
        id=fact_id,
        fact=fact.fact,
        status=fact.status,
        value=plain_value(fact, library),
        basis=fact.basis,
        document=fact.provenance.document,
        quote=fact.provenance.quote,
        span=fact.provenance.span,
        service=fact.service,
    )


def _line_facts(line: ServiceLine, library: Library) -> Iterator[FactRead]:
    for name in sorted(LINE_FACTS):
        value = line.attribute(name)
        if value is None:
            continue
        definition = library.facts.get(name)
        yield FactRead(
            id=f"{name}@{line.code}",
            fact=name,
            status="present",
            value=value_json(value, definition.unit if definition else ""),
            basis="coded" if line.provenance.span is None else "stated",
            document=line.provenance.document,
            quote=line.provenance.quote,
            span=line.provenance.span,
            service=line.code,
        )


def plain_value(fact: Fact, library: Library) -> Any:
    """The value of a fact as plain JSON."""
    match fact.value:
        case EventValue():
            return event_json(fact.fact, fact.value, library)
        case History():
            return history_json(fact.fact, fact.value, library)
        case None:
            return None
        case _:
            definition = library.facts.get(fact.fact)
            return value_json(fact.value, definition.unit if definition else "")
