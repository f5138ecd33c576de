"""Numbers with their units in a text: durations, percentages, scores, days a month, dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from ..model.dates import DateSpan, parse_date
from ..model.measures import DAYS_IN, Range, canonical_unit

_WORDS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "a": 1, "an": 1, "couple of": 2,
}  # fmt: skip
_NUMBER: Final = r"\d{1,5}(?:\.\d{1,3})?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_BOUND: Final = r"(?:(?P<bound>at least|more than|over|greater than|at most|less than|under|up to|about|approximately|around|nearly|almost|>=|<=|>|<|~)\s*)?"
_RANGE: Final = rf"{_BOUND}(?P<low>{_NUMBER})(?:\s*(?:-|\u2013|to)\s*(?P<high>{_NUMBER}))?"
_DURATION: Final = re.compile(
    rf"\b{_RANGE}\+?[\s-]*(?P<unit>days?|weeks?|wks?|months?|mos?|years?|yrs?)\b(?!\s*(?:old|of age))|(?<![\w])(?P<article>an?)\s+(?P<unit2>day|week|month|year)\b",
    re.IGNORECASE,
)
_PERCENT: Final = re.compile(rf"{_RANGE}\s*(?:%|percent\b|per cent\b)", re.IGNORECASE)
_DATE: Final = re.compile(
    r"(?<!\d)(?:(?P<iso>\d{4}-\d{2}(?:-\d{2})?)|(?P<us>(\d{1,2})/(\d{1,2})/(\d{4}|\d{2}))|(?P<my>(\d{1,2})/(\d{4}))"
    r"|(?P<named>(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?\s+(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+)?(?P<year>\d{4})))(?![\d/-])",
    re.IGNORECASE,
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Measured:
    """A quantity and the characters that state it."""

    value: Range
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Dated:
    """A date, perhaps vague, and the characters that state it."""

    value: DateSpan
    start: int
    end: int


def number(text: str) -> float:
    """A number in digits or a small one in words.

    >>> number("three"), number("2.5")
    (3.0, 2.5)
    """
    return float(_WORDS.get(text.lower(), 0) or text)


def bounded(found: re.Match[str], factor: float = 1.0) -> Range:
    """The range that a match of a number, a range or a bound states."""
    low = number(found["low"]) * factor
    if found["high"] is not None:
        high = number(found["high"]) * factor
        return Range(min(low, high), max(low, high))
    match (found["bound"] or "").lower():
        case "at least" | "more than" | "over" | "greater than" | ">" | ">=":
            return Range(low, None)
        case "at most" | "less than" | "under" | "up to" | "<" | "<=":
            return Range(None, low)
        case _:
            return Range(low, low)


def durations(text: str, start: int = 0, end: int | None = None) -> Iterator[Measured]:
    """Lengths of time, in days.

    >>> [m.value.low for m in durations("8 weeks of relief, then a year")]
    [56.0, 360.0]
    """
    for found in _DURATION.finditer(text, start, len(text) if end is None else end):
        if found["article"]:
            days = float(DAYS_IN[canonical_unit(found["unit2"].lower()) or "days"])
            yield Measured(Range(days, days), found.start(), found.end())
            continue
        unit = canonical_unit(found["unit"].lower()) or "days"
        yield Measured(bounded(found, DAYS_IN[unit]), found.start(), found.end())


def percentages(text: str, start: int = 0, end: int | None = None) -> Iterator[Measured]:
    """Percentages of at most 100.

    >>> [m.value for m in percentages("50-60% relief")]
    [Range(low=50.0, high=60.0)]
    """
    for found in _PERCENT.finditer(text, start, len(text) if end is None else end):
        value = bounded(found)
        if (value.high or value.low or 0) <= 100:
            yield Measured(value, found.start(), found.end())


def dates(text: str, start: int = 0, end: int | None = None) -> Iterator[Dated]:
    """Calendar dates: 2026-03-01, 3/1/2026, March 2026.

    >>> [d.value.text() for d in dates("on 2026-03-01, again in April 2026")]
    ['2026-03-01', '2026-04']
    """
    for found in _DATE.finditer(text, start, len(text) if end is None else end):
        value = _date(found)
        if value is not None:
            yield Dated(value, found.start(), found.end())


def _date(found: re.Match[str]) -> DateSpan | None:
    try:
        if found["iso"]:
            return parse_date(found["iso"])
        if found["us"]:
            month, day, year = (int(part) for part in found["us"].split("/"))
            return parse_date(date(year if year > 99 else 2000 + year, month, day))
        if found["my"]:
            month, year = (int(part) for part in found["my"].split("/"))
            return parse_date(f"{year:04d}-{month:02d}")
        month = _MONTHS.index(found["month"].lower()[:3]) + 1
        if found["day"]:
            return parse_date(date(int(found["year"]), month, int(found["day"])))
        return parse_date(f"{int(found['year']):04d}-{month:02d}")
    except ValueError:
        return None
