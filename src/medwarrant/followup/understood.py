"""What a follow-up was understood to give: facts, codes added and taken out, and what was left aside."""

from __future__ import annotations

from typing import Any

from ..engine.supplied import COVERAGE_FACTS
from ..intake.reading import FactRead, read_facts
from ..policy.prose import value_title
from ..report.article import Line
from ..report.question_read import fact_words
from ..report.text import clean, lower_first, sentence, shortened, upper_first
from ..report.view import plain_diagnosis
from .given import Given
from .talk import Talk


def understood(talk: Talk, given: Given, lead: str = "Understood:") -> tuple[Line, ...]:
    """What was read from the words, how it was taken, and what was left aside."""
    lines = []
    if talk.plain and lead == "Understood:":
        lead = "You told us:"
    told = [fact_line(talk, fact) for fact in read_facts(given.facts, talk.library)]
    told += [Line(text=f"{_named(talk, code)} is added.") for code in given.added]
    told += [Line(text=f"{_named(talk, code)} is taken out.") for code in given.removed]
    if told:
        lines.append(Line(lead=lead, inner=tuple(told)))
    if given.known:
        before = tuple(fact_line(talk, fact) for fact in read_facts(given.known, talk.library))
        lines.append(Line(lead="We knew this:" if talk.plain else "Known before:", inner=before))
    if not talk.plain:
        lines += [
            Line(lead="Taken so:", text=sentence(clean(remark.message))) for remark in given.remarks
        ]
    for code in given.beside:
        name = _named(talk, code)
        said = "it is not part of your question." if talk.plain else _how_to_add(code)
        lines.append(Line(lead="Named only:", text=f"{lower_first(name)}: {said}"))
    for text in given.unrecognised:
        lines.append(Line(lead="Not understood:", text=f"“{clean(shortened(text, 200))}”"))
    return tuple(lines)


def _how_to_add(code: str) -> str:
    return f"it is not asked about. To have it judged, write “add {clean(code)}”."


def fact_line(talk: Talk, fact: FactRead) -> Line:
    """A fact in the reader's words, with the words it was read from."""
    library = talk.library
    entry = library.facts.get(fact.fact) or library.events.get(fact.fact)
    title = fact.fact.replace("-", " ").replace("_", " ")
    if entry is not None:
        title = entry.plain if talk.plain and entry.plain else entry.title
    value = _value(talk, fact)
    said = value if value and fact.status == "present" else fact.status
    if fact.status == "absent" and value:
        said = f"not {value}"
    if talk.plain:
        said = {"present": "yes", "absent": "no"}.get(said, said)
        return Line(text=sentence(f"{clean(title).rstrip('.')}: {clean(said)}"))
    notes = [f"for {clean(fact.service)}"] if fact.service else []
    if fact.quote:
        notes.append(f"“{shortened(clean(fact.quote), 160)}”")
    return Line(text=sentence(f"{clean(title)}: {clean(said)}"), note="; ".join(notes))


def _value(talk: Talk, fact: FactRead) -> str:
    if fact.fact in COVERAGE_FACTS:
        return value_title(fact.fact, str(fact.value), talk.library)
    known = talk.library.facts.get(fact.fact)
    if talk.plain and known is not None and isinstance(fact.value, str):
        choice = known.values.get(fact.value)
        if choice is not None and choice.plain:
            return choice.plain
    if talk.plain and isinstance(fact.value, dict):
        return _plain_event(talk, fact.fact, fact.value)
    return fact_words(talk.view, fact.fact, fact.value)


def _plain_event(talk: Talk, name: str, value: dict[str, Any]) -> str:
    """An event in the patient's words: the values alone, each as patients read it."""
    event = talk.library.events.get(name)
    words = []
    for key, entry in value.items():
        attribute = event.attributes.get(key) if event else None
        choice = attribute.values.get(entry) if attribute and isinstance(entry, str) else None
        if choice is not None:
            words.append(choice.plain or choice.title)
        elif key == "drug" and entry in talk.library.drugs:
            words.append(talk.library.drugs[entry].name)
        elif isinstance(entry, str):
            words.append(entry.replace("-", " "))
    return ", ".join(words)


def _named(talk: Talk, code: str) -> str:
    """A code with its name, in the patient's words for patients."""
    procedure = talk.library.procedure(code)
    if procedure is not None:
        return upper_first(clean(procedure.plain if talk.plain else f"{procedure.name} ({code})"))
    known = talk.medwarrant.icd.lookup(code)
    if talk.plain:
        return upper_first(plain_diagnosis(code, talk.library) or "one more condition")
    return f"{clean(known.title)} ({code})" if known else clean(code)


def nothing_new(talk: Talk, given: Given) -> Line:
    """That the request stays as it was."""
    if talk.plain:
        return Line(text="Nothing new was said, so nothing changes.")
    if given.known:
        return Line(text="Nothing changes: all of it was known before.")
    return Line(text="Nothing changes: no new fact was read.")
