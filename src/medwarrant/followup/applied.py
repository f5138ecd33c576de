"""New facts and suppositions: the request judged again, and what differs, told pair by pair."""

from __future__ import annotations

import dataclasses

import msgspec

from ..answer import Answer, Medwarrant
from ..intake.reading import FactRead, read_facts
from ..report.article import Bullets, Line, Prose
from .changes import changes_between, turned_between
from .given import Given
from .talk import Talk, Told
from .understood import fact_line, nothing_new, understood
from .what_changes import changed_blocks


def applied(given: Given, answer: Answer, medwarrant: Medwarrant) -> Answer:
    """The answer judged again with what a follow-up gives.

    How words were taken is told among the assumptions of the new answer's reading.
    """
    found = medwarrant.revise(
        answer,
        facts=given.facts,
        services=given.services or (),
        diagnoses=given.diagnoses or (),
        rejected=[one.fact.id for one in given.withdrawn],
        as_of=given.as_of,
    )
    if not given.remarks:
        return found
    told = (*found.reading.assumptions, *given.remarks)
    reading = msgspec.structs.replace(found.reading, assumptions=tuple(dict.fromkeys(told)))
    return dataclasses.replace(found, reading=reading)


def tell_new_facts(talk: Talk, given: Given) -> Told:
    """What was understood, what it changes, and what stays as it is; the new answer is kept."""
    if not given.anything:
        lines = (*understood(talk, given), nothing_new(talk, given))
        return Told("new_facts", (Bullets(lines),), facts=read_facts(given.known, talk.library))
    after = applied(given, talk.answer, talk.medwarrant)
    changes = changes_between(talk.answer, after)
    blocks = (
        Bullets(understood(talk, given, after)),
        *changed_blocks(talk, talk.of(after), changes),
    )
    facts = read_facts((*given.facts, *given.known), talk.library)
    turned = turned_between(talk.answer, after)
    return Told("new_facts", blocks, changes, facts, keeps=True, answer=after, turned=turned)


def tell_what_if(talk: Talk, given: Given) -> Told:
    """What would change if it were so; nothing is kept."""
    if not given.anything:
        lines = (*understood(talk, given), nothing_new(talk, given))
        return Told("what_if", (Bullets(lines),), facts=read_facts(given.known, talk.library))
    after = applied(given, talk.answer, talk.medwarrant)
    changes = changes_between(talk.answer, after)
    said = (
        "This is only a guess at what might be. Nothing was saved."
        if talk.plain
        else "Only supposed: nothing of this is kept. State it as a fact to keep it."
    )
    blocks = (
        Bullets(understood(talk, given, after, lead="Suppose:" if talk.plain else "Supposed:")),
        *changed_blocks(talk, talk.of(after), changes, would=True),
        Prose((Line(text=said),)),
    )
    facts = read_facts((*given.facts, *given.known), talk.library)
    turned = turned_between(talk.answer, after)
    return Told("what_if", blocks, changes, facts, answer=after, turned=turned)


def tell_record(talk: Talk, given: Given) -> Told:
    """What the request says of facts that a question asks after: as it was said, or not stated."""
    asked = read_facts((*given.facts, *given.known), talk.library)
    held = {fact.id: fact for one in asked for fact in _held(talk, one)}
    unknown = [fact for fact in asked if not _held(talk, fact)]
    lines = []
    if held:
        told = tuple(fact_line(talk, fact) for fact in held.values())
        lines.append(Line(lead="We know:" if talk.plain else "Stated:", inner=told))
    if unknown:
        lead = "We were not told:" if talk.plain else "Not stated in the request:"
        told = tuple(fact_line(talk, fact) for fact in unknown)
        lines.append(Line(lead=lead, inner=told))
        said = (
            "If it is so, tell us."
            if talk.plain
            else "If it is so, state it, and the request is judged again."
        )
        lines.append(Line(text=said))
    return Told("missing", (Bullets(tuple(lines)),))


def _held(talk: Talk, asked: FactRead) -> tuple[FactRead, ...]:
    """What the answer's reading says of the same fact; of events those that agree with what is asked."""
    found = []
    for fact in talk.answer.reading.facts:
        if fact.fact != asked.fact:
            continue
        if isinstance(asked.value, dict) and isinstance(fact.value, dict):
            if any(fact.value.get(key, value) != value for key, value in asked.value.items()):
                continue
            if "drug" in asked.value and "drug" not in fact.value:
                continue
        found.append(fact)
    return tuple(found)
