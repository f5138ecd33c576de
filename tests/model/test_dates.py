"""Dates as records state them, windows in calendar units, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medwarrant.model.dates import DateSpan, Window, months_before, parse_date, parse_window

days = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    ("raw", "first", "last"),
    [
        ("2026-11-23", "2026-11-23", "2026-11-23"),
        (" 2026-11-23 ", "2026-11-23", "2026-11-23"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026", "2026-01-01", "2026-12-31"),
        (2026, "2026-01-01", "2026-12-31"),
        (date(2026, 1, 2), "2026-01-02", "2026-01-02"),
        ("2025-10/2026-01-15", "2025-10-01", "2026-01-15"),
        ("1900", "1900-01-01", "1900-12-31"),
        ("2200-12-31", "2200-12-31", "2200-12-31"),
    ],
)
def test_read(raw, first, last):
    span = parse_date(raw)
    assert (span.first.isoformat(), span.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "raw",
    [
        "1800-01-01", "1899", "2201-01-01", "0000", "2026-13", "2026-00", "2026-02-30", "2025-02-29",
        "yesterday", "23/11/2026", "11-23-2026", "2026-11-23T10:00", "20261123", "", "2026/2025", "/",
        "2026-1-1", None, [], True, float("nan"), "2026-" * 50_000,
    ],
)  # fmt: skip
def test_refused(raw):
    with pytest.raises(ValueError, match=r"is not a date|outside the years") as caught:
        parse_date(raw)
    assert len(str(caught.value)) < 120


@given(days, st.integers(0, 400))
def test_text_reads_back_the_same(day, length):
    span = DateSpan(day, min(day + timedelta(days=length), date(2200, 12, 31)))
    assert parse_date(span.text()) == span


@pytest.mark.parametrize(
    ("window", "until", "start"),
    [
        ("12 months", "2026-11-23", "2025-11-23"),
        ("1 month", "2026-03-31", "2026-02-28"),
        ("1 month", "2024-03-31", "2024-02-29"),
        ("12 months", "2024-02-29", "2023-02-28"),
        ("1 year", "2024-02-29", "2023-02-28"),
        ("2 weeks", "2026-01-10", "2025-12-27"),
        ("84 days", "2026-11-23", "2026-08-31"),
        ("24 months", "2026-01-31", "2024-01-31"),
    ],
)
def test_windows_go_back_by_the_calendar(window, until, start):
    assert parse_window(window).start(date.fromisoformat(until)).isoformat() == start


@pytest.mark.parametrize(
    "raw", ["0 days", "12", "months", "1.5 years", "-3 days", "99999 days", None]
)
def test_windows_refused(raw):
    with pytest.raises(ValueError, match="is not a window"):
        parse_window(raw)


@given(days.filter(lambda day: day.year > 1950), st.integers(1, 300))
def test_months_before_is_the_same_day_or_the_end_of_the_month(day, months):
    earlier = months_before(day, months)
    assert (day.year - earlier.year) * 12 + day.month - earlier.month == months
    assert earlier.day == day.day or (earlier + timedelta(days=1)).day == 1


def test_window_in_words():
    assert [parse_window(raw).text() for raw in ("1 months", "12 months", "2 year")] == [
        "1 month",
        "12 months",
        "2 years",
    ]
    assert Window(3, "weeks").text() == "3 weeks"
