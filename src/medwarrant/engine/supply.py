"""A fact written as the answer's `supply`: what to give on the command line or in a request."""

from __future__ import annotations

from typing import Any

from ..model.dates import DateSpan
from ..model.determination import Supply
from ..model.facts import EventValue, Fact, History, Value
from ..model.measures import Range, amount_text, number_text
from ..policy.library import Library


def supply_of(fact: Fact, library: Library) -> Supply:
    """The fact as `fact=value` or `fact={event}` would state it.

    Reading it back (`medwarrant.intake.facts`) gives the same fact; a test holds the two together.
    """
    if isinstance(fact.value, EventValue):
        return Supply(fact=fact.fact, event=event_json(fact.fact, fact.value, library))
    if isinstance(fact.value, History):
        return Supply(fact=fact.fact, event=history_json(fact.fact, fact.value, library))
    if fact.value is None:
        return Supply(fact=fact.fact, value=fact.status)
    definition = library.facts.get(fact.fact)
    unit = definition.unit if definition else ""
    return Supply(fact=fact.fact, value=value_json(fact.value, unit))


def event_json(kind: str, event: EventValue, library: Library) -> dict[str, Any]:
    """The attributes of an event as plain values with their units."""
    definition = library.events.get(kind)
    found: dict[str, Any] = {}
    for name, value in event.attributes:
        attribute = definition.attributes.get(name) if definition else None
        found[name] = value_json(value, attribute.unit if attribute else "")
    return found


def history_json(kind: str, history: History, library: Library) -> dict[str, Any]:
    """A closed history as a request states it."""
    found: dict[str, Any] = {"history": "complete"}
    found |= event_json(kind, EventValue(attributes=history.where), library)
    if history.period is not None:
        found["from"] = history.period.first.isoformat()
        found["to"] = history.period.last.isoformat()
    return found


def value_json(value: Value, unit: str) -> Any:
    """A value as plain JSON, quantities with their unit so that they read back the same."""
    match value:
        case str():
            return value
        case tuple():
            return list(value)
        case DateSpan():
            return value.text()
        case Range():
            return range_json(value, "days" if unit in ("weeks", "months", "years") else unit)


def range_json(value: Range, unit: str) -> Any:
    """A quantity: a number with its unit, a pair, or bounds."""

    def one(number: float) -> Any:
        if unit in ("", "count", "ratio", "points") and number == int(number):
            return int(number)
        if unit == "days":
            return amount_text(number, unit)
        return f"{number_text(number)} {unit}".strip()  # no fractions: see model/canonical

    if value.low is not None and value.exact:
        return one(value.low)
    if value.low is not None and value.high is not None:
        return [one(value.low), one(value.high)]
    return (
        {"at_least": one(value.low)} if value.low is not None else {"at_most": one(value.high or 0)}
    )
