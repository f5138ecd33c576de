"""What an answer's request holds, and which of it some words speak of.

A fact is spoken of by the phrases of the packs that name it or its value (*the MRI*, *ibuprofen*, *NSAIDs*,
*PT*), else by the words of its title. A phrase that fits many facts only qualifies one that fits fewer: *the
failed topiramate* is one drug, not everything that failed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..answer import Answer
from ..evidence.concepts import ASKING
from ..intake.reading import FactRead
from ..intake.words.lexicon import Mention
from ..intake.words.marked import longest
from ..model.facts import EventValue, Fact, History, Value, fact_ids
from ..model.request import LINE_FACTS
from ..policy.fact_words import said_words, title_of
from ..policy.library import Library
from ..report.comparison import coverage_read
from ..terminology.text import normalise
from .readings import Readings

#: What a phrase names: its kind, the fact, event or entry, and the value.
Concept = tuple[str, str, str]
_SHORT: Final = re.compile(r"\b[a-z]{2,4}\b")
_ALL: Final = re.compile(r"\b(?:all|both|every|each|any|everything)\b", re.IGNORECASE)
#: Words of a title that many facts have.
_COMMON: Final = frozenset("fact treatment patient type kind care whole".split())


@dataclass(frozen=True)
class Held:
    """One fact that the request holds: as the reading lists it, and as the model has it."""

    read: FactRead
    model: Fact
    concepts: frozenset[Concept]
    words: frozenset[str]


@dataclass(frozen=True)
class Named:
    """The facts that some words name; several where they do not tell which one is meant."""

    found: tuple[Held, ...]
    sure: bool


def held_facts(answer: Answer, readings: Readings) -> tuple[Held, ...]:
    """Every fact of an answer's request, those of its lines and who pays among them."""
    request = answer.reading.request
    models = dict(zip(fact_ids(request.facts, answer.library.events), request.facts, strict=True))
    for line in request.services:
        for name in sorted(LINE_FACTS):
            value = line.attribute(name)
            if value is not None:
                models.setdefault(
                    f"{name}@{line.code}", Fact(fact=name, value=value, service=line.code)
                )
    for read in coverage_read(answer):
        models[read.id] = Fact(fact=read.fact, value=read.value)
    known = {read.id: read for read in (*answer.reading.facts, *coverage_read(answer))}
    return tuple(
        _held(read, models[name], answer.library, readings)
        for name, read in known.items()
        if name in models and read.status in ("present", "absent", "conflicting")
    )


def _held(read: FactRead, model: Fact, library: Library, readings: Readings) -> Held:
    concepts = set(_concepts_of(model, library))
    if read.quote:
        own = {
            concept
            for mention in longest(readings.marked(read.quote).mentions)
            for concept in concepts_of(mention)
            if concept[1] == read.fact
        }
        # An event is named by the words it was read from, where they name it, not by all known besides.
        named_by = {concept for concept in concepts if concept[0] == "attribute"}
        if own & named_by or any(c[0] == "drug" for c in concepts):
            concepts -= named_by - own
        concepts |= own
    said = said_words(read.fact, read.status, read.value, library)
    words = normalise(f"{title_of(read.fact, library)} {said} {read.quote}").split()
    return Held(read, model, frozenset(concepts), frozenset(words) - ASKING - _COMMON)


def _concepts_of(fact: Fact, library: Library) -> Iterable[Concept]:
    """What a fact may be called by: what it is, and its value."""
    name, value = fact.fact, fact.value
    for kind in ("flag", "deniable", "quantity", "event"):
        yield (kind, name, "")
    yield ("flag", name, "present")
    if isinstance(value, EventValue):
        for attribute, entry in value.attributes:
            for word in _strings(entry):
                yield ("attribute", name, word)
                yield from _drug(word, library) if attribute == "drug" else ()
                if attribute == "drug_class":
                    yield ("drug_class", word, "")
        return
    for word in _strings(value):
        yield ("choice", name, word)
        yield (name, word, word)
        yield (name, word, "")


def _drug(name: str, library: Library) -> Iterable[Concept]:
    yield ("drug", name, "")
    if (drug := library.drugs.get(name)) is not None:
        for group in drug.classes:
            yield ("drug_class", group, "")


def _strings(value: Value | EventValue | History | None) -> tuple[str, ...]:
    match value:
        case str():
            return (value,)
        case tuple():
            return tuple(str(one) for one in value)
        case _:
            return ()


def concepts_of(mention: Mention) -> tuple[Concept, ...]:
    """What a phrase may name."""
    return tuple((entry.kind, entry.id, entry.value) for entry in mention.entries)


def named(text: str, held: Sequence[Held], readings: Readings, *, titles: bool = True) -> Named:
    """The facts that a text names, by phrases of the packs, else by `titles`; none where none fits.

    One phrase in the singular that fits several facts does not tell which one is meant.
    """
    # An abbreviation counts in small letters too: what the request holds leaves little else to mean.
    capitals = _SHORT.sub(lambda match: match[0].upper(), text)
    phrases = [
        fitting
        for written in dict.fromkeys((text, capitals))
        for fitting in _spoken_of(readings.marked(written).mentions, held)
    ]
    if phrases:
        ids = [{one.read.id for one in fitting} for fitting in phrases]
        telling = [
            fitting
            for fitting, own in zip(phrases, ids, strict=True)
            if not any(other < own for other in ids)
        ]
        found = tuple({one.read.id: one for fitting in telling for one in fitting}.values())
        return Named(found, all(_one(fitting) or _several(text) for fitting in telling))
    return _by_title(text, held) if titles else Named((), False)


def _spoken_of(mentions: Iterable[Mention], held: Sequence[Held]) -> Iterator[tuple[Held, ...]]:
    """The facts that each phrase fits: of phrases within each other, the longest that fits any."""
    taken: set[int] = set()
    for mention in sorted(mentions, key=lambda one: one.first - one.last):
        own = set(range(mention.first, mention.last))
        concepts = concepts_of(mention)
        fitting = tuple(one for one in held if not one.concepts.isdisjoint(concepts))
        if fitting and not own & taken:
            taken |= own
            yield fitting


def _one(found: Sequence[Held]) -> bool:
    """Whether facts say one thing, if of several service lines."""
    return len({(one.read.fact, repr(one.read.value)) for one in found}) == 1


def _several(text: str) -> bool:
    """Whether words mean several things at once: *both drugs*, *the trials*."""
    return bool(_ALL.search(text) or re.search(r"[a-z]{3,}s\b", text.lower()))


def _by_title(text: str, held: Sequence[Held]) -> Named:
    """The facts whose title or value holds the most of the words, at least half of them."""
    words = {word for word in normalise(text).split() if word not in ASKING}
    if not words:
        return Named((), False)
    scores = {one.read.id: len(words & one.words) for one in held}
    best = max(scores.values(), default=0)
    if best * 2 < len(words) or best == 0:
        return Named((), False)
    found = tuple(one for one in held if scores[one.read.id] == best)
    together = len({one.read.fact for one in found}) == 1 or bool(_ALL.search(text))
    return Named(found, _one(found) or (together and _several(text)))
