"""From a question in plain words to a request, with where each part of it was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from ..model.facts import Fact
from ..model.request import Diagnosis, Request
from ..policy.library import Library
from ..terminology.icd10cm import Icd10cm
from .reading import DiagnosisRead, Reading, Remark, ServiceRead, facts_read
from .words.coverage_in_text import read_coverage
from .words.diagnoses import read_diagnoses
from .words.diagnosis_found import DiagnosisFound
from .words.document import Document
from .words.events.read import read_events
from .words.facts_in_text import read_facts
from .words.further_levels import with_further_levels
from .words.implied import implied_facts
from .words.links import linked
from .words.marked import Marked
from .words.service_details import lines, read_details
from .words.service_found import ServiceFound, ServicesRead
from .words.service_owners import Details
from .words.services import read_services
from .words.unrecognised import find_unrecognised


def read_question(question: str, library: Library, icd: Icd10cm, *, as_of: date) -> Reading:
    """Read a question: services, diagnoses, facts and coverage, each with its words.

    The same words always give the same reading. Nothing is made more specific than it was said;
    what was assumed or corrected is told, and what looks clinical and was not understood is listed.
    Raises `InputError` where the text is too long.

    >>> from medwarrant import load_packs
    >>> reading = read_question(
    ...     "Is 64405 medically necessary for intractable migraine?",
    ...     load_packs(), Icd10cm.open(), as_of=date(2026, 11, 23),
    ... )
    >>> [service.code for service in reading.services], [d.code for d in reading.diagnoses]
    (['64405'], ['G43.919'])
    """
    marked = Marked(Document(question), library, icd)
    services = read_services(marked)
    diagnoses = read_diagnoses(marked, services.found)
    details = read_details(marked, services.found)
    services.found, further = with_further_levels(marked, services.found, details)
    coverage, coverage_facts = read_coverage(marked)
    events = read_events(marked, services)
    patient = read_facts(marked)
    facts = _in_order([*details.facts, *coverage_facts, *patient, *events.facts])
    links = linked(marked.document, services.found, diagnoses.found)
    request = Request(
        services=_lines(marked, services.found, details, links),
        diagnoses=tuple(_diagnosis(marked, found) for found in diagnoses.found),
        facts=facts,
        coverage=coverage,
        as_of=as_of,
    )
    request = msgspec.structs.replace(
        request, facts=_in_order((*request.facts, *implied_facts(request, library)))
    )
    understood = _understood(marked, services, diagnoses.understood, facts)
    return Reading(
        request=request,
        services=tuple(_service_read(marked, found) for found in services.found),
        diagnoses=tuple(_diagnosis_read(marked, found) for found in diagnoses.found),
        facts=facts_read(request, library),
        corrections=_remarks(
            services.corrections, diagnoses.corrections, _misspellings(marked, understood)
        ),
        assumptions=_remarks(
            services.assumptions,
            further,
            diagnoses.assumptions,
            events.assumptions,
            _link_remarks(links),
        ),
        unrecognised=find_unrecognised(
            marked, understood, bool(services.found), services.without_code
        ),
    )


def _lines(
    marked: Marked,
    found: Sequence[ServiceFound],
    details: Details,
    links: dict[str, tuple[str, ...]],
) -> tuple:  # type: ignore[type-arg]
    for code, diagnoses in links.items():
        details.say([code], "diagnoses", diagnoses)
    return lines(found, details, [_text(marked, service.span) for service in found])


def _text(marked: Marked, span: tuple[int, int]) -> str:
    return marked.document.text[span[0] : span[1]]


def _service_read(marked: Marked, found: ServiceFound) -> ServiceRead:
    return ServiceRead(
        code=found.code, name=found.name, text=_text(marked, found.span), span=found.span
    )


def _diagnosis(marked: Marked, found: DiagnosisFound) -> Diagnosis:
    return Diagnosis(
        code=found.code,
        text=_text(marked, found.span),
        provenance=marked.document.provenance_of(found.span),
    )


def _diagnosis_read(marked: Marked, found: DiagnosisFound) -> DiagnosisRead:
    return DiagnosisRead(
        code=found.code,
        title=found.title,
        text=_text(marked, found.span),
        span=found.span,
        candidates=found.candidates,
    )


def _in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(
        sorted(
            facts, key=lambda fact: (fact.provenance.span or (0, 0), fact.fact, fact.service or "")
        )
    )


def _understood(
    marked: Marked,
    services: ServicesRead,
    diagnoses: list[tuple[int, int]],
    facts: tuple[Fact, ...],
) -> list[tuple[int, int]]:
    """The word ranges that something was read from."""
    document = marked.document
    found = [(s.first, s.last) for s in services.found] + services.understood + diagnoses
    found += [(p.first, p.last) for p in services.performed]
    found += [(m.first, m.last) for m in marked.of("drug", "drug_class")]
    found += [(r.start, max(r.stop, r.start + 1)) for r in map(marked.words_of, marked.codes)]
    for fact in facts:
        if fact.provenance.span and fact.fact not in ("side", "levels"):
            found.append(
                (document.at(fact.provenance.span[0]), document.at(fact.provenance.span[1]))
            )
    return found


def _misspellings(marked: Marked, understood: list[tuple[int, int]]) -> list[Remark]:
    return [
        Remark(
            kind="misspelling", message=f"Read '{marked.document.tokens[at].text}' as '{meant}'."
        )
        for at, meant in marked.mended.items()
        if any(first <= at < last for first, last in understood)
    ]


def _link_remarks(links: dict[str, tuple[str, ...]]) -> list[Remark]:
    if not links:
        return []
    told = "; ".join(f"{code} for {', '.join(codes)}" for code, codes in links.items())
    return [
        Remark(
            kind="linked",
            message=f"Each service was judged for the diagnoses named with it: {told}.",
        )
    ]


def _remarks(*groups: Iterable[Remark]) -> tuple[Remark, ...]:
    return tuple(dict.fromkeys(remark for group in groups for remark in group))
