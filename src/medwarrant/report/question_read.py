"""How the question was read: services, diagnoses, facts, coverage, and what was put right."""

from __future__ import annotations

from typing import Any

from ..policy.prose import value_title
from .article import (
    Bullets,
    Callout,
    Line,
    Section,
)
from .text import clean, counted, sentence, shortened
from .view import LONGEST_TITLE, ArticleView, Named
from .words import (
    BASIS_WORDS,
    Audience,
    Depth,
)


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
    facts = [_fact_line(view, fact, audience) for fact in reading.facts]
    lines.append(
        Line(lead="What we know about you:" if plain else "Facts:", inner=tuple(facts))
        if facts
        else Line(
            lead="What we know about you:" if plain else "Facts:",
            text="nothing more was said." if plain else "none stated.",
        )
    )
    lines.append(Line(lead="Health plan:" if plain else "Coverage:", text=_coverage(view, plain)))
    coverage = lines[-1]
    if depth == "brief" and not facts:
        lines[-2:] = [
            Line(lead=lines[-2].lead, text=f"{lines[-2].text} {coverage.lead} {coverage.text}")
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


def _coverage(view: ArticleView, plain: bool) -> str:
    coverage = view.reading.coverage
    parts = []
    for name in ("payer", "line_of_business", "contractor"):
        value = getattr(coverage, name)
        if value:
            parts.append(clean(value_title(name, value, view.library)))
    if coverage.state:
        parts.append(f"state {clean(coverage.state)}")
    if parts:
        return sentence("; ".join(parts))
    return "none named." if plain else "no payer named."


def _fact_line(view: ArticleView, fact: Any, audience: Audience) -> Line:
    library = view.library
    entry = library.facts.get(fact.fact) or library.events.get(fact.fact)
    plain = audience == "patient"
    title = (entry.plain if plain and entry.plain else entry.title) if entry else fact.fact
    value = fact_words(view, fact.fact, fact.value)
    said = fact.status if not value or fact.status != "present" else value
    notes = [] if plain else [BASIS_WORDS.get(fact.basis, fact.basis)]
    if fact.service and not plain:
        notes.append(f"for {clean(fact.service)}")
    if fact.quote and not plain:
        notes.append(f"“{shortened(clean(fact.quote), 160)}”")
    if fact.document and audience in ("reviewer", "auditor"):
        notes.append(clean(fact.document))
    if audience in ("reviewer", "auditor"):
        notes.append(fact.id)
    return Line(text=sentence(f"{clean(title)}: {clean(said)}"), note="; ".join(notes))


def fact_words(view: ArticleView, name: str, value: Any) -> str:
    """The value of a fact in words."""
    match value:
        case None:
            return ""
        case dict():
            parts = []
            event = view.library.events.get(name)
            for key, entry in value.items():
                if key == "history":
                    parts.append("history complete")
                    continue
                attribute = event.attributes.get(key) if event else None
                title = (attribute.title if attribute and attribute.title else key).replace(
                    "_", " "
                )
                parts.append(f"{title.lower()} {_value_words(view, key, entry)}")
            return ", ".join(parts)
        case _:
            return _value_words(view, name, value)


def _value_words(view: ArticleView, name: str, value: Any) -> str:
    match value:
        case list() | tuple():
            return (
                " to ".join(map(str, value))
                if _numbers(value)
                else ", ".join(_value_words(view, name, entry) for entry in value)
            )
        case dict():
            return ", ".join(f"{key.replace('_', ' ')} {entry}" for key, entry in value.items())
        case str():
            if name == "drug" and value in view.library.drugs:
                return view.library.drugs[value].name
            return value_title(name, value, view.library)
        case _:
            return str(value)


def _numbers(values: Any) -> bool:
    return len(values) == 2 and all(str(value)[:1].isdigit() for value in values)
