"""Calendar dates as records state them: exact, or vague ("2025", "2025-10")."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 12, 31)


@dataclass(frozen=True, slots=True, order=True)
class DateSpan:
    """Every day on which something may have happened, from `first` to `last`, both included.

    >>> parse_date("2025-02").text()
    '2025-02'
    """

    first: date
    last: date

    @property
    def exact(self) -> bool:
        """Whether the day is known."""
        return self.first == self.last

    def text(self) -> str:
        """The date as it would be written: a day, a month, a year, or two days."""
        if self.exact:
            return self.first.isoformat()
        if self.first == date(self.first.year, 1, 1) and self.last == date(self.first.year, 12, 31):
            return f"{self.first.year:04d}"
        if self.first.day == 1 and self.last == _month_end(self.first):
            return f"{self.first.year:04d}-{self.first.month:02d}"
        return f"{self.first.isoformat()}/{self.last.isoformat()}"


@dataclass(frozen=True, slots=True)
class Window:
    """A length back from the date of service, in calendar units.

    >>> Window(12, "months").start(date(2026, 2, 28))
    datetime.date(2025, 2, 28)
    """

    length: int
    unit: str

    def start(self, until: date) -> date:
        """The day the window reaches back to; that day itself is outside the window."""
        match self.unit:
            case "days":
                return until - timedelta(days=self.length)
            case "weeks":
                return until - timedelta(weeks=self.length)
            case "months":
                return months_before(until, self.length)
            case _:
                return months_before(until, 12 * self.length)

    def text(self) -> str:
        """The window in words.

        >>> Window(12, "months").text()
        '12 months'
        """
        return f"{self.length} {self.unit if self.length != 1 else self.unit[:-1]}"


def months_before(day: date, months: int) -> date:
    """The same day of the month so many calendar months earlier; the month's end where it has none.

    >>> months_before(date(2026, 3, 31), 1)
    datetime.date(2026, 2, 28)
    """
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def parse_window(raw: object) -> Window:
    """Read a window such as "12 months".

    Raises `ValueError` if it is not a whole number of days, weeks, months or years.

    >>> parse_window("2 years")
    Window(length=2, unit='years')
    """
    found = re.fullmatch(r"\s*(\d{1,4})\s*(day|week|month|year)s?\s*", str(raw))
    if found is None or int(found[1]) == 0:
        raise ValueError(f"'{str(raw)[:30]}' is not a window such as '12 months'")
    return Window(int(found[1]), f"{found[2]}s")


def parse_date(raw: object) -> DateSpan:
    """Read a date that may be vague: a day, a month, a year, or a span `first/last`.

    Raises `ValueError` with a plain message for anything else, and for years outside 1900-2200.

    >>> parse_date("2025-10")
    DateSpan(first=datetime.date(2025, 10, 1), last=datetime.date(2025, 10, 31))
    """
    if isinstance(raw, DateSpan):
        return raw
    if isinstance(raw, date):
        return _checked(DateSpan(raw, raw))
    text = str(raw).strip()
    try:
        if re.fullmatch(r"\d{4}", text):
            return _checked(DateSpan(date(int(text), 1, 1), date(int(text), 12, 31)))
        if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
            first = date(int(found[1]), int(found[2]), 1)
            return _checked(DateSpan(first, _month_end(first)))
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            day = date.fromisoformat(text)
            return _checked(DateSpan(day, day))
        if found := re.fullmatch(r"(\S+)/(\S+)", text):
            first_span, last_span = parse_date(found[1]), parse_date(found[2])
            if first_span.first <= last_span.last:
                return _checked(DateSpan(first_span.first, last_span.last))
    except ValueError as error:
        if "outside" in str(error):
            raise
    raise ValueError(f"'{text[:30]}' is not a date such as 2026-11-23, 2026-11 or 2026")


def _checked(span: DateSpan) -> DateSpan:
    if span.first < EARLIEST or span.last > LATEST:
        raise ValueError("the date is outside the years 1900 to 2200")
    return span


def _month_end(day: date) -> date:
    return date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])
