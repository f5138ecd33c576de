"""How the question was read: services, diagnoses, facts, coverage, and what was put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..engine.supplied import COVERAGE_FACTS
from ..policy.fact_words import fact_words, value_words
from .article import (
    Bullets,
    Callout,
    Line,
    Section,
)
from .text import clean, counted, sentence, shortened, upper_first
from .view import LONGEST_TITLE, ArticleView, Named
from .words import (
    BASIS_WORDS,
    Audience,
    Depth,
)

if TYPE_CHECKING:
    from ..intake.reading import FactRead


def reading_section(view: ArticleView, audience: Audience, depth: Depth = "full") -> Section:
    """What was understood, what was corrected or assumed, and what was not understood."""
    plain = audience == "patient"
    reading = view.reading
    services = [
        _known(
            service, plain, view.library.procedure(service.code) is not None, "not in the library"
        )
        for service in view.services
    ]
    real = {read.code for read in reading.diagnoses if read.title}
    diagnoses = [
        _known(entry, plain, entry.code in real, "no such code in ICD-10-CM")
        for entry in view.diagnoses
    ]
    lines = [
        Line(
            lead="Treatments:" if plain else "Services:",
            text=_listed(services, "none was recognised"),
        ),
        Line(
            lead="Conditions:" if plain else "Diagnoses:",
            text=_listed(diagnoses, "none was recognised"),
        ),
    ]
    facts = [
        _fact_line(view, fact, audience)
        for fact in reading.facts
        if not _told_as_coverage(view, fact)
    ]
    lines.append(
        Line(lead="What we know about you:" if plain else "Facts:", inner=tuple(facts))
        if facts
        else Line(
            lead="What we know about you:" if plain else "Facts:",
            text="nothing more was said." if plain else "none stated.",
        )
    )
    coverage = _coverage(view, audience)
    lines.append(coverage)
    if depth == "brief" and not facts:
        lines[-2:] = [
            Line(
                lead=lines[-2].lead,
                text=f"{lines[-2].text} {coverage.lead} {coverage.text}",
                note=coverage.note,
            )
        ]
    blocks: list[Any] = [Bullets(tuple(lines))]
    remarks: list[Line] = []
    if reading.corrections:
        if plain:
            many = counted(len(reading.corrections), "thing")
            said = [
                f"We had to set {many} right. Your doctor's office can see what in the full report."
            ]
        else:
            said = [sentence(clean(entry.message)) for entry in reading.corrections]
        blocks.append(Callout("correction", "Corrections", tuple(Line(text=text) for text in said)))
    if reading.assumptions and not plain:
        remarks += [
            Line(lead="Assumed:", text=sentence(_assumed(clean(entry.message), depth)))
            for entry in reading.assumptions
        ]
    for entry in reading.unrecognised:
        remarks.append(Line(lead="Not understood:", text=f"“{clean(shortened(entry.text, 200))}”"))
    if remarks:
        blocks.append(Bullets(tuple(remarks)))
    if view.answer.question and len(clean(view.answer.question)) > LONGEST_TITLE:
        asked = Line(text=clean(view.answer.question))
        blocks.append(Callout("note", "The question in full", (asked,)))
    return Section(
        id="reading",
        title="What we understood" if plain else "How the question was read",
        blocks=tuple(blocks),
    )


def _assumed(message: str, depth: Depth) -> str:
    """What was assumed; the questions that follow come back with "What would change this"."""
    return message.partition(". ")[0] if depth == "brief" else message


def _known(named: Named, plain: bool, known: bool, otherwise: str) -> str:
    name = named.plain if plain else named.full
    return name if known or plain else f"{name} ({otherwise})"


def _listed(names: list[str], none: str) -> str:
    return sentence("; ".join(dict.fromkeys(names)) or none)


def coverage_parts(view: ArticleView, *, plain: bool) -> tuple[str, ...]:
    """Who pays and where, each part in words, once."""
    coverage = view.reading.coverage
    named = ((name, getattr(coverage, name)) for name in COVERAGE_FACTS)
    words = (value_words(name, value, view.library, plain=plain) for name, value in named if value)
    return tuple(dict.fromkeys(map(clean, words)))


def _coverage(view: ArticleView, audience: Audience) -> Line:
    """Who pays; where from, for readers who check it."""
    plain = audience == "patient"
    parts = coverage_parts(view, plain=plain)
    none = "none named" if plain else "no payer named"
    coverage = view.reading.coverage
    if not (coverage.payer or coverage.line_of_business or coverage.contractor):
        parts = (none, *parts)
    known = [] if plain else [fact for fact in view.reading.facts if _told_as_coverage(view, fact)]
    notes: dict[str, list[str]] = {}
    for fact in known:
        basis, *more = _notes(fact, audience)
        notes.setdefault(basis, []).append(", ".join(more))
    return Line(
        lead="Health plan:" if plain else "Coverage:",
        text=sentence("; ".join(parts) if parts[0] == none else upper_first("; ".join(parts))),
        note="; ".join(
            f"{basis}: {'; '.join(filter(None, more))}" if any(more) else basis
            for basis, more in notes.items()
        ),
    )


def _told_as_coverage(view: ArticleView, fact: FactRead) -> bool:
    """Whether the line on coverage says this fact already."""
    if fact.fact not in COVERAGE_FACTS or fact.status != "present" or fact.service:
        return False
    return bool(fact.value == getattr(view.reading.coverage, fact.fact))


def _fact_line(view: ArticleView, fact: FactRead, audience: Audience) -> Line:
    words = fact_words(
        fact.fact, fact.status, fact.value, view.library, plain=audience == "patient"
    )
    note = "" if audience == "patient" else "; ".join(_notes(fact, audience))
    return Line(text=sentence(clean(words)), note=note)


def _notes(fact: FactRead, audience: Audience) -> list[str]:
    """How a fact came to be known; for reviewers its document, for auditors its id."""
    notes = [BASIS_WORDS.get(fact.basis, fact.basis)]
    if fact.service:
        notes.append(f"for {clean(fact.service)}")
    if fact.quote:
        notes.append(f"“{shortened(clean(fact.quote), 160)}”")
    if fact.document and audience in ("reviewer", "auditor"):
        notes.append(clean(fact.document))
    if audience == "auditor":
        notes.append(fact.id)
    return notes
