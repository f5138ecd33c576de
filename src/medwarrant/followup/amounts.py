"""An amount said alone, to put another right: *no, 6 weeks not 3*, *PT was 4 wks*, *15 days, not 18*.

It belongs to the one amount that the request holds of its kind. Where the words name the fact, or what was
wrong, only what they name counts; where several fit, nothing is changed and it is asked which is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from ..intake.words.quantities import durations, number, percentages
from ..model.facts import EventValue, Fact
from ..model.measures import Range, base_unit
from ..policy.library import Library
from .held import Held

_PLAIN: Final = re.compile(
    r"(?<![\w./-])(?P<number>\d{1,4}(?:\.\d{1,2})?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?![\w/]|[.-]\d)",
    re.IGNORECASE,
)


class Amount(msgspec.Struct, frozen=True):
    """An amount in a text: its value, its unit (empty where none is said), and its characters."""

    value: Range
    unit: str
    start: int
    end: int


class Slot(msgspec.Struct, frozen=True):
    """An amount that the request holds: of a fact, or of one attribute of an event."""

    held: Held
    attribute: str
    value: Range
    unit: str


def amounts(text: str, start: int = 0, end: int | None = None) -> tuple[Amount, ...]:
    """The amounts of a text, in order.

    >>> [(one.value.low, one.unit) for one in amounts("6 weeks, 80% or 15")]
    [(42.0, 'days'), (80.0, 'percent'), (15.0, '')]
    """
    end = len(text) if end is None else end
    found = [Amount(one.value, "days", one.start, one.end) for one in durations(text, start, end)]
    found += [Amount(m.value, "percent", m.start, m.end) for m in percentages(text, start, end)]
    taken = [(one.start, one.end) for one in found]
    for match in _PLAIN.finditer(text, start, end):
        if not any(first <= match.start() < last for first, last in taken):
            value = number(match["number"])
            found.append(Amount(Range(value, value), "", match.start(), match.end()))
    return tuple(sorted(found, key=lambda one: one.start))


def slots(held: Sequence[Held], library: Library) -> Iterator[Slot]:
    """The amounts that a request holds."""
    for one in held:
        value = one.model.value
        if isinstance(value, Range):
            definition = library.facts.get(one.model.fact)
            yield Slot(one, "", value, base_unit(definition.unit if definition else ""))
        elif isinstance(value, EventValue) and one.model.status == "present":
            event = library.events.get(one.model.fact)
            for name, entry in value.attributes:
                attribute = event.attributes.get(name) if event else None
                if isinstance(entry, Range):
                    yield Slot(one, name, entry, base_unit(attribute.unit if attribute else ""))


def fits(slot: Slot, amount: Amount) -> bool:
    """Whether an amount can stand there: its unit is the slot's, or none was said."""
    return not amount.unit or amount.unit == slot.unit


def same(slot: Slot, amount: Amount) -> bool:
    """Whether an amount is what the slot holds; *not 3* may be of any length of time."""
    low = amount.value.low
    if amount.unit or low is None:
        return amount.unit == slot.unit and amount.value == slot.value
    scales = (1.0, 7.0, 30.0, 360.0) if slot.unit == "days" else (1.0,)
    return any(Range(low * scale, low * scale) == slot.value for scale in scales)


def put_right(slot: Slot, value: Range) -> Fact:
    """The fact with another amount, all else as it was."""
    fact = slot.held.model
    if not slot.attribute or not isinstance(fact.value, EventValue):
        return msgspec.structs.replace(fact, value=value)
    attributes = {**dict(fact.value.attributes), slot.attribute: value}
    return msgspec.structs.replace(fact, value=EventValue.of(attributes))
