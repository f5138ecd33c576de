"""Time as a clock counts it: calendar days that survive the change to summer time, and pauses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo

from ..model.errors import InputError

Span = tuple[datetime, datetime | None]


def days_later(moment: datetime, days: int, zone: tzinfo = UTC) -> datetime:
    """The same clock time so many calendar days later in a time zone, in UTC.

    Where the zone turns its clocks on the way, the day before is an hour shorter or longer and the time
    on the clock stays. A clock time that the day skips is read as before the change (the clocks show an
    hour later), one that it has twice as the first.

    >>> days_later(datetime(2026, 11, 23, 14, 30, tzinfo=UTC), 7).isoformat()
    '2026-11-30T14:30:00+00:00'
    """
    if days == 0:
        return moment.astimezone(UTC)
    there = moment.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
    return there.replace(tzinfo=zone, fold=0).astimezone(UTC)


def whole_days_between(first: datetime, last: datetime, zone: tzinfo = UTC) -> int:
    """The most calendar days that can be added to `first` without passing `last`.

    >>> start = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
    >>> whole_days_between(start, datetime(2026, 11, 25, 14, 29, tzinfo=UTC))
    1
    """
    days = (last.astimezone(zone).date() - first.astimezone(zone).date()).days
    while days > 0 and days_later(first, days, zone) > last:
        days -= 1
    return max(days, 0)


def with_pauses(
    start: datetime, end: datetime, pauses: Iterable[Span], now: datetime
) -> tuple[datetime, datetime | None]:
    """When a clock that began at `start` and had until `end` runs out, and since when it stands still.

    A pause moves the end by as long as it lasted, an open one by as long as it has lasted. Overlapping
    pauses count once; what began after the clock had run out, or lies in the future, does not count.

    >>> start, end = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 8, tzinfo=UTC)
    >>> pauses = [(datetime(2026, 11, 3, tzinfo=UTC), datetime(2026, 11, 5, tzinfo=UTC))]
    >>> with_pauses(start, end, pauses, end)[0].isoformat()
    '2026-11-10T00:00:00+00:00'
    """
    counted, since = start, None
    for began, ended in sorted(pauses, key=lambda pause: pause[0]):
        until = now if ended is None else min(ended, now)
        began = max(began, counted)
        if began > now or began >= end:
            continue
        if ended is None or ended > now:
            since = began if since is None else since
        if until > began:
            end += until - began
            counted = until
    return end, since


def in_words(length: timedelta) -> str:
    """A length of time in its two largest units.

    >>> in_words(timedelta(days=2, hours=3, minutes=4))
    '2 days 3 hours'
    >>> in_words(timedelta(seconds=20))
    'less than a minute'
    """
    minutes = abs(length) // timedelta(minutes=1)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [
        f"{number} {unit}{'' if number == 1 else 's'}"
        for number, unit in ((days, "day"), (hours, "hour"), (minutes, "minute"))
        if number
    ]
    return " ".join(parts[:2]) or "less than a minute"


def aware(moment: datetime, name: str) -> datetime:
    """The moment in UTC; raises `InputError` where it has no time zone."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise InputError("a moment needs its time zone", where=name, mend="give it in UTC")
    return moment.astimezone(UTC)
