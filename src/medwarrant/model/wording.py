"""How English lists things and writes dates, the same wherever a person reads them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def join(parts: Iterable[str], word: str) -> str:
    """A list as English has it.

    >>> join(["a", "b", "c"], "or")
    'a, b or c'
    """
    items = [part for part in parts if part]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def lower_first(text: str) -> str:
    """A title as it reads inside a sentence; abbreviations keep their capitals.

    >>> lower_first("Neck pain"), lower_first("MRI report")
    ('neck pain', 'MRI report')
    """
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def date_words(iso: str | None) -> str:
    """A date as readers know it; a partial date as far as it goes, a span with both its ends.

    >>> date_words("2026-11-23"), date_words("2026-11"), date_words("2026"), date_words(None)
    ('November 23, 2026', 'November 2026', '2026', 'date not known')
    >>> date_words("2026-01-15/2026-02-02")
    'between January 15, 2026 and February 2, 2026'
    """
    if not iso:
        return "date not known"
    first, between, last = iso.partition("/")
    if between:
        return f"between {date_words(first)} and {date_words(last)}"
    parts = iso.split("-")
    try:
        if len(parts) == 3:
            day = date.fromisoformat(iso)
            return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"
        if len(parts) == 2:
            return f"{_MONTHS[int(parts[1]) - 1]} {parts[0]}"
    except (ValueError, IndexError):
        pass
    return iso
