"""Quantities as people state them: a number, a range or a bound, in a unit.

Durations are compared in days: a week is 7, a month 30, a year 360, so that "12 months" and "1 year"
are the same length. Windows back from a date use the calendar instead (see `dates`).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal

DAYS_IN = {"days": 1, "weeks": 7, "months": 30, "years": 360}
UNITS = frozenset(
    {*DAYS_IN, "percent", "points", "mg", "mg/kg", "kg", "mL", "units", "days/month"}
    | {"hours/day", "hours", "count", "ratio", "celsius"}
)
_SPELLINGS = {
    "day": "days", "d": "days", "week": "weeks", "wk": "weeks", "wks": "weeks", "month": "months",
    "mo": "months", "mos": "months", "year": "years", "yr": "years", "yrs": "years", "%": "percent",
    "percent": "percent", "point": "points", "/10": "points", "mgs": "mg", "ml": "mL", "cc": "mL",
    "unit": "units", "u": "units", "hour": "hours", "hrs": "hours", "hr": "hours",
    "days per month": "days/month", "days a month": "days/month", "hours per day": "hours/day",
    "kilograms": "kg", "c": "celsius", "degrees": "celsius",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Range:
    """All values a quantity may have: from `low` to `high`, both included; None is unbounded.

    >>> Range(15.0, 20.0).text("days/month")
    '15 to 20 days a month'
    """

    low: float | None
    high: float | None

    @property
    def exact(self) -> bool:
        """Whether the range is a single number."""
        return self.low is not None and self.low == self.high

    def text(self, unit: str = "") -> str:
        """The range in words with its unit; durations in the largest unit that fits."""
        if self.low is not None and self.exact:
            return amount_text(self.low, unit)
        if self.low is None:
            return f"at most {amount_text(self.high or 0.0, unit)}"
        if self.high is None:
            return f"at least {amount_text(self.low, unit)}"
        return f"{number_text(self.low)} to {unit_words(number_text(self.high), unit)}"


@dataclass(frozen=True, slots=True)
class Bound:
    """A comparison with a threshold, as criteria state it.

    >>> Bound(at_least=50.0).covers(Range(60.0, 80.0))
    True
    >>> Bound(at_least=50.0).covers(Range(40.0, 60.0)) is None
    True
    """

    at_least: float | None = None
    more_than: float | None = None
    at_most: float | None = None
    less_than: float | None = None

    def covers(self, value: Range) -> bool | None:
        """True if every value of the range satisfies the bound, False if none does, else None."""
        verdicts = []
        low = -math.inf if value.low is None else value.low
        high = math.inf if value.high is None else value.high
        if self.at_least is not None:
            verdicts.append(
                True if low >= self.at_least else False if high < self.at_least else None
            )
        if self.more_than is not None:
            above = self.more_than
            verdicts.append(True if low > above else False if high <= above else None)
        if self.at_most is not None:
            verdicts.append(True if high <= self.at_most else False if low > self.at_most else None)
        if self.less_than is not None:
            below = self.less_than
            verdicts.append(True if high < below else False if low >= below else None)
        if False in verdicts:
            return False
        return None if None in verdicts else True

    def text(self, unit: str = "") -> str:
        """The comparison in words.

        >>> Bound(at_least=42.0).text("days")
        'at least 6 weeks'
        """
        parts = []
        if self.at_least is not None:
            parts.append(f"at least {amount_text(self.at_least, unit)}")
        if self.more_than is not None:
            parts.append(f"more than {amount_text(self.more_than, unit)}")
        if self.at_most is not None:
            parts.append(f"at most {amount_text(self.at_most, unit)}")
        if self.less_than is not None:
            parts.append(f"less than {amount_text(self.less_than, unit)}")
        return " and ".join(parts)

    def witness(self) -> float:
        """One value that satisfies the bound.

        >>> Bound(more_than=3.0).witness()
        4.0
        """
        if self.at_least is not None:
            return self.at_least
        if self.more_than is not None:
            ceiling = min(
                (limit for limit in (self.at_most, self.less_than) if limit is not None),
                default=math.inf,
            )
            return min(self.more_than + 1.0, (self.more_than + ceiling) / 2)
        if self.at_most is not None:
            return self.at_most
        assert self.less_than is not None, "a bound has at least one limit"
        return self.less_than - 1.0 if self.less_than >= 1.0 else self.less_than / 2

    def counterexample(self) -> float:
        """One value that does not satisfy the bound.

        >>> Bound(at_least=50.0).counterexample()
        49.0
        """
        if self.at_least is not None:
            return self.at_least - 1.0 if self.at_least >= 1.0 else self.at_least / 2
        if self.more_than is not None:
            return self.more_than
        if self.at_most is not None:
            return self.at_most + 1.0
        assert self.less_than is not None, "a bound has at least one limit"
        return self.less_than


def number_text(value: float) -> str:
    """A number without a needless fraction.

    >>> number_text(4.5), number_text(50.0)
    ('4.5', '50')
    """
    if value == int(value):
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def canonical_unit(word: str) -> str | None:
    """The unit a word stands for, or None.

    >>> canonical_unit("wks")
    'weeks'
    """
    word = word.strip()
    if word in UNITS:
        return word
    return _SPELLINGS.get(word.lower()) or (word.lower() if word.lower() in UNITS else None)


_LONGEST = 400  # the longest text a number can have, with its unit
_QUANTITY = re.compile(
    r"^\s*(?:(?P<bound>at least|more than|over|>=|>|at most|less than|under|<=|<|about|~)\s*)?"
    r"(?P<low>\d+(?:\.\d+)?)"
    r"(?:\s*(?:-|to|\u2013)\s*(?P<high>\d+(?:\.\d+)?))?\s*(?P<unit>[%/A-Za-z][%/A-Za-z0-9 ]*)?\s*$"
)


def parse_quantity(raw: object, unit: str) -> Range:
    """Read a quantity that a request, a pack or a command line states, into the fact's own unit.

    Durations come out in days. Raises `ValueError` with a plain message if the value is not a
    number, range or bound, is NaN, or is in another unit.

    >>> parse_quantity("6 weeks", "days")
    Range(low=42.0, high=42.0)
    >>> parse_quantity([15, 20], "days/month")
    Range(low=15.0, high=20.0)
    >>> parse_quantity({"at_least": "50%"}, "percent")
    Range(low=50.0, high=None)
    """
    if isinstance(raw, Range):
        return raw
    if isinstance(raw, bool):
        raise ValueError("a number is needed, not true or false")
    if isinstance(raw, int | float):
        value = _finite(float(raw)) * _factor(unit)
        return Range(value, value)
    if isinstance(raw, list | tuple):
        if len(raw) != 2:
            raise ValueError("a range has two numbers")
        first, last = (parse_quantity(part, unit) for part in raw)
        if first.low is None or last.high is None or first.low > last.high:
            raise ValueError("a range goes from a lower to a higher number")
        return Range(first.low, last.high)
    if isinstance(raw, dict):
        return _parse_bounds(raw, unit)
    if isinstance(raw, str):
        return _parse_quantity_text(raw, unit)
    raise ValueError("a number, a range or a bound is needed")


def _parse_bounds(raw: dict[object, object], unit: str) -> Range:
    if not raw or not set(raw) <= {"at_least", "at_most"}:
        raise ValueError("a bound has the keys at_least and at_most only")
    low = parse_quantity(raw["at_least"], unit).low if "at_least" in raw else None
    high = parse_quantity(raw["at_most"], unit).high if "at_most" in raw else None
    if low is not None and high is not None and low > high:
        raise ValueError("at_least is above at_most")
    return Range(low, high)


def _parse_quantity_text(raw: str, unit: str) -> Range:
    found = _QUANTITY.match(raw) if len(raw) <= _LONGEST else None
    if found is None:
        raise ValueError(f"'{raw[:40]}' is not a quantity")
    word = (found["unit"] or "").strip()
    stated = canonical_unit(word) if word else unit
    if stated is None or not same_dimension(stated, unit):
        raise ValueError(f"'{word}' is not a unit of {unit}")
    factor = _factor(stated) if word else _factor(unit)
    low = _finite(float(found["low"])) * factor
    if found["high"] is not None:
        high = _finite(float(found["high"])) * factor
        if high < low:
            raise ValueError("a range goes from a lower to a higher number")
        return Range(low, high)
    match found["bound"]:
        case "at least" | "more than" | "over" | ">=" | ">":
            return Range(low, None)
        case "at most" | "less than" | "under" | "<=" | "<":
            return Range(None, low)
        case _:
            return Range(low, low)


def same_dimension(one: str, other: str) -> bool:
    """Whether two units measure the same thing (all durations do).

    >>> same_dimension("weeks", "days"), same_dimension("percent", "days")
    (True, False)
    """
    return one == other or (one in DAYS_IN and other in DAYS_IN)


def base_unit(unit: str) -> str:
    """The unit in which values of this unit are compared: days for durations, itself otherwise."""
    return "days" if unit in DAYS_IN else unit


def _factor(unit: str) -> int:
    return DAYS_IN.get(unit, 1)


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("the number must be finite")
    return value


_SAID = {
    "days/month": "days a month",
    "hours/day": "hours a day",
    "celsius": "degrees Celsius",
}


def unit_words(number: str, unit: str) -> str:
    """A number with its unit as people write it.

    >>> unit_words("50", "percent"), unit_words("15", "days/month"), unit_words("1", "points")
    ('50%', '15 days a month', '1 point')
    """
    match unit:
        case "" | "count" | "ratio":
            return number
        case "percent":
            return f"{number}%"
    said = _SAID.get(unit, unit)
    if number == "1":  # one day a month, one point
        first, space, rest = said.partition(" ")
        said = f"{first.removesuffix('s')}{space}{rest}"
    return f"{number} {said}"


def amount_text(value: float, unit: str) -> str:
    """A number with its unit; durations in the largest unit that leaves no fraction.

    >>> amount_text(42.0, "days"), amount_text(50.0, "percent")
    ('6 weeks', '50%')
    """
    if unit not in DAYS_IN:
        return unit_words(number_text(value), unit)
    for name in ("years", "months", "weeks"):
        size = DAYS_IN[name]
        if value >= size and value % size == 0 and not (name == "months" and value % 7 == 0):
            count = int(value // size)
            return f"{count} {name if count != 1 else name[:-1]}"
    return f"{number_text(value)} {'day' if value == 1 else 'days'}"
