"""What a person says after seeing the reading: it outweighs what was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from ..engine.supplied import COVERAGE_FACTS, with_facts
from ..model.errors import InputError
from ..model.facts import Fact, fact_ids
from ..model.request import Diagnosis, Request, ServiceLine
from ..policy.library import Library
from ..terminology.icd10cm import Icd10cm
from .facts import FactReader
from .reading import DiagnosisRead, Reading, ServiceRead, facts_read
from .structured import RequestReader

#: A fact as Python callers and the command line give it: `intent=acute`, a mapping, or a `Fact`.
FactLike = Fact | str | Mapping[str, Any]
#: A service or diagnosis: its code, or a mapping as in a structured request.
CodeLike = str | Mapping[str, Any]


class Corrections(msgspec.Struct, frozen=True, kw_only=True):
    """Everything supplied beside the question or request.

    Services and diagnoses, where any are given, replace those that were read; facts and coverage
    replace what was read of the same fact.
    """

    facts: tuple[Fact, ...] = ()
    services: tuple[ServiceLine, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()

    @staticmethod
    def read(
        library: Library,
        *,
        facts: Iterable[FactLike] = (),
        services: Iterable[CodeLike] = (),
        diagnoses: Iterable[CodeLike] = (),
        coverage: Mapping[str, str | None] | None = None,
    ) -> Corrections:
        """Check what is supplied; raises `InputError` for what cannot be used."""
        reader = FactReader(library)
        named = RequestReader(library).read(
            {"services": list(services), "diagnoses": list(diagnoses)}, today=date.min
        )
        found = [
            reader.fact(name, value, where=f"--{name.replace('_', '-')}")
            for name, value in (coverage or {}).items()
            if value is not None
        ]
        for fact in facts:
            if isinstance(fact, str):
                found.append(reader.assignment(fact))
            elif isinstance(fact, Fact):
                found.append(fact)
            else:
                found += [reader.fact(str(k), v, where="facts") for k, v in fact.items()]
        return Corrections(
            facts=tuple(found),
            services=named.services,
            diagnoses=named.diagnoses,
        )


def corrected(
    reading: Reading, corrections: Corrections, library: Library, icd: Icd10cm
) -> Reading:
    """The reading once the corrections are applied."""
    if corrections == Corrections():
        return reading
    request = reading.request
    services, diagnoses = reading.services, reading.diagnoses
    if corrections.services:
        request = msgspec.structs.replace(request, services=corrections.services)
        services = services_read(request, library)
    if corrections.diagnoses:
        request = msgspec.structs.replace(request, diagnoses=corrections.diagnoses)
        request = _with_known_links(request)
        diagnoses = diagnoses_read(request, icd)
    request = with_facts(request, corrections.facts, library)
    return msgspec.structs.replace(
        reading,
        request=request,
        services=services,
        diagnoses=diagnoses,
        facts=facts_read(request, library),
    )


def _with_known_links(request: Request) -> Request:
    """Links to diagnoses that are no longer asked about are dropped."""
    codes = {diagnosis.code for diagnosis in request.diagnoses}
    lines = tuple(
        msgspec.structs.replace(
            line, diagnoses=tuple(code for code in line.diagnoses if code in codes)
        )
        for line in request.services
    )
    return msgspec.structs.replace(request, services=lines)


def services_read(request: Request, library: Library) -> tuple[ServiceRead, ...]:
    """The service lines of a structured request, as a reading lists them."""
    found = []
    for line in request.services:
        procedure = library.procedure(line.code)
        name = procedure.name if procedure else None
        found.append(ServiceRead(code=line.code, name=name, text=line.text or line.code))
    return tuple(found)


def diagnoses_read(request: Request, icd: Icd10cm) -> tuple[DiagnosisRead, ...]:
    """The diagnoses of a structured request, as a reading lists them."""
    found = []
    for diagnosis in request.diagnoses:
        known = icd.lookup(diagnosis.code)
        title = known.title if known else None
        text = diagnosis.text or diagnosis.code
        found.append(DiagnosisRead(code=diagnosis.code, title=title, text=text))
    return tuple(found)


def judged_by_person(
    reading: Reading, *, confirmed: Iterable[str], rejected: Iterable[str], library: Library
) -> Reading:
    """The reading once a person has looked at what was read, fact by fact.

    Facts are named by the ids of `reading.facts`. A confirmed fact gets the basis `confirmed`; a
    rejected one is taken out. What is known of the coverage is rejected by its name (`payer`). Raises `InputError` for an id that the reading does not hold.
    """
    confirmed, rejected = frozenset(confirmed), frozenset(rejected)
    if not confirmed and not rejected:
        return reading
    covered = {name for name in COVERAGE_FACTS if getattr(reading.coverage, name)}
    known = covered | {fact.id for fact in reading.facts}
    for name in sorted((confirmed | rejected) - known):
        raise InputError(
            f"the reading holds no fact '{name[:60]}'", mend="name it as reading.facts[].id does"
        )
    request = reading.request
    ids = fact_ids(request.facts, library.events)
    kept = tuple(
        msgspec.structs.replace(fact, basis="confirmed") if name in confirmed else fact
        for name, fact in zip(ids, request.facts, strict=True)
        if name not in rejected
    )
    coverage = msgspec.structs.replace(request.coverage, **dict.fromkeys(covered & rejected))
    request = msgspec.structs.replace(request, facts=kept, coverage=coverage)
    # What a service line says itself is no fact of the request: it is withdrawn from the line.
    withdrawn = [
        Fact(fact=fact.fact, status="unknown", service=fact.service)
        for fact in reading.facts
        if fact.id in rejected and fact.id not in ids
    ]
    request = with_facts(request, withdrawn, library)
    return msgspec.structs.replace(reading, request=request, facts=facts_read(request, library))
