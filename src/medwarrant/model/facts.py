"""Assertions about the patient and the plan of care, with where each came from."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Literal

import msgspec

from .dates import DateSpan
from .measures import Range

FactStatus = Literal["present", "absent", "unknown", "conflicting"]
Basis = Literal["coded", "stated", "read", "confirmed"]

#: What an attribute or a fact may hold: a word of a vocabulary, several, a quantity or a date.
Value = str | tuple[str, ...] | Range | DateSpan


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """Where a fact was read: the document, the characters, and the words themselves.

    `span` counts characters of the document from 0, end excluded; None where there is no text.
    """

    document: str = "question"
    span: tuple[int, int] | None = None
    quote: str = ""


class History(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that every event of a kind in a period is listed: the history is closed there.

    `where` narrows it to events with these attribute values; None bounds are open (all time).
    """

    where: tuple[tuple[str, Value], ...] = ()
    period: DateSpan | None = None


class EventValue(msgspec.Struct, frozen=True, kw_only=True):
    """The attributes of one event; an attribute that is not listed is unknown."""

    attributes: tuple[tuple[str, Value], ...] = ()

    def get(self, name: str) -> Value | None:
        """The value of an attribute, or None where it is unknown."""
        for key, value in self.attributes:
            if key == name:
                return value
        return None

    @staticmethod
    def of(attributes: Mapping[str, Value]) -> EventValue:
        """An event from a mapping, its attributes in one order whatever theirs was."""
        return EventValue(attributes=tuple(sorted(attributes.items())))


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One assertion: a flag, choice, quantity, date, event, or the closing of a history.

    `fact` is an id of the fact dictionary. `service` limits it to the service lines with that code.
    An event fact that is `absent` says that there was no such event.
    """

    fact: str
    status: FactStatus = "present"
    value: Value | EventValue | History | None = None
    basis: Basis = "stated"
    service: str | None = None
    provenance: Provenance = Provenance()


def fact_ids(facts: Sequence[Fact], events: Container[str]) -> list[str]:
    """The id of each fact, the same whatever order they were read in.

    A fact is named by itself, with the service where it is about one (`intent@64405`); events of
    one kind, and further statements of one fact, are numbered in the order of what they say
    (`drug-trial#1`, `intent#2`).

    >>> fact_ids([Fact(fact="intent", value="acute")], {"drug-trial"})
    ['intent']
    """
    groups: dict[str, list[int]] = {}
    for index, fact in enumerate(facts):
        name = f"{fact.fact}@{fact.service}" if fact.service else fact.fact
        groups.setdefault(name, []).append(index)
    ids = [""] * len(facts)
    for name, group in groups.items():
        numbered = facts[group[0]].fact in events
        if len(group) > 1:
            group.sort(key=lambda index: (repr(facts[index].value), facts[index].status))
        for number, index in enumerate(group, start=1):
            ids[index] = f"{name}#{number}" if numbered or number > 1 else name
    return ids
