"""Numbers with their units in a text: durations, percentages, scores, days a month, dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ...model.dates import DateSpan, parse_date
from ...model.measures import DAYS_IN, Range, canonical_unit

_WORDS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "a": 1, "an": 1, "couple of": 2,
}  # fmt: skip
_NUMBER: Final = (
    r"\d{1,5}(?:\.\d{1,3})?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
)
_BOUND: Final = r"(?:(?P<bound>at least|more than|over|greater than|at most|less than|under|up to|about|approximately|around|nearly|almost|>=|<=|>|<|~)\s*)?"
_RANGE: Final = rf"{_BOUND}(?P<low>{_NUMBER})(?:\s*(?:-|\u2013|to)\s*(?P<high>{_NUMBER}))?"
_DURATION: Final = re.compile(
    rf"(?<![\w.]){_RANGE}\+?[\s-]*(?P<unit>days?|weeks?|wks?|months?|mos?|years?|yrs?)\b(?!\s*(?:old|of age))|(?<![\w])(?P<article>an?)\s+(?P<unit2>day|week|month|year)\b",
    re.IGNORECASE,
)
_PERCENT: Final = re.compile(rf"{_RANGE}\s*(?:%|percent\b|per cent\b)", re.IGNORECASE)
_DATE: Final = re.compile(
    r"(?<!\d)(?:(?P<iso>\d{4}-\d{2}(?:-\d{2})?)|(?P<us>(\d{1,2})/(\d{1,2})/(\d{4}|\d{2}))|(?P<my>(\d{1,2})/(\d{4}))"
    r"|(?<=\bin )(?P<year_only>(?:19|20)\d{2})|(?P<named>(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?\s+(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+)?(?P<year>\d{4})))(?![\d/-])",
    re.IGNORECASE,
)
_AGO: Final = re.compile(
    rf"\b(?:(?:about|approximately|around|roughly|over|nearly|almost|some)\s+)?(?:(?P<count>{_NUMBER})(?:\s*(?:-|\u2013|to|or)\s*(?P<high>{_NUMBER}))?\s+(?P<unit>days?|weeks?|wks?|months?|mos?|years?|yrs?)|(?:a|an)\s+(?P<unit2>day|week|month|year))\s+(?:ago|prior|earlier|back)\b(?!\s+to\b)|\blast\s+(?P<last>week|month|year)\b",
    re.IGNORECASE,
)
_CALENDAR_DAYS: Final = {"days": 1.0, "weeks": 7.0, "months": 30.4375, "years": 365.25}
_LONGEST_AGO: Final = 36_525
_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)


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


def dates(
    text: str, start: int = 0, end: int | None = None, *, day: date | None = None
) -> Iterator[Dated]:
    """Calendar dates: 2026-03-01, 3/1/2026, March 2026; with the day of writing also *2 weeks ago*.

    A time that is told in weeks, months or years is as vague as its unit.

    >>> [d.value.text() for d in dates("on 2026-03-01, again in April 2026")]
    ['2026-03-01', '2026-04']
    >>> [d.value.text() for d in dates("10 days ago", day=date(2026, 3, 11))]
    ['2026-03-01']
    """
    end = len(text) if end is None else end
    found_dates = [
        Dated(value, found.start(), found.end())
        for found in _DATE.finditer(text, start, end)
        if (value := _date(found)) is not None
    ]
    if day is not None:
        found_dates += _ago(text, start, end, day)
        found_dates.sort(key=lambda dated: dated.start)
    yield from found_dates


def _ago(text: str, start: int, end: int, day: date) -> Iterator[Dated]:
    for found in _AGO.finditer(text, start, end):
        if found["last"]:
            days, unit = float(DAYS_IN[f"{found['last'].lower()}s"]), f"{found['last'].lower()}s"
        else:
            unit = canonical_unit((found["unit"] or found["unit2"]).lower()) or "days"
            count = number(found["count"]) if found["count"] else 1.0
            if found["high"]:
                count = (count + number(found["high"])) / 2
            days = count * _CALENDAR_DAYS[unit]
        if days > _LONGEST_AGO:
            continue
        slack = _CALENDAR_DAYS[unit] / 2 if unit != "days" else 0
        first, last = (
            timedelta(days=round(days + slack)),
            timedelta(days=round(max(days - slack, 0))),
        )
        yield Dated(DateSpan(day - first, day - last), found.start(), found.end())


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
        if found["year_only"]:
            return parse_date(found["year_only"])
        month = _MONTHS.index(found["month"].lower()[:3]) + 1
        if found["day"]:
            return parse_date(date(int(found["year"]), month, int(found["day"])))
        return parse_date(f"{int(found['year']):04d}-{month:02d}")
    except ValueError:
        return None
