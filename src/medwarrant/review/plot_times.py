"""Pictures of time: how long decisions took, and the clocks that are running."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from math import ceil

import msgspec

from ..report.markup import Markup
from .plot_parts import (
    BAR,
    GAP,
    LINE,
    NO_FIGURES,
    Anchor,
    Plot,
    Tone,
    bar,
    level,
    nothing,
    picture,
    steps,
    text,
    told,
    upright,
)
from .running_time import in_words
from .table import Table

#: The space at the left for the numbers of the scale, in percent.
_LEFT = 11.0
_HEIGHT = 170.0
#: Lengths of a bin, in hours, and how many bins there may be.
_BINS = (1, 2, 4, 6, 12, 24, 48, 72, 168, 336, 720)
_MOST_BINS = 24
_HOUR = timedelta(hours=1)
#: What takes longer is told in days.
_IN_HOURS = timedelta(days=5)


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """One running clock: `label` is the number of the case."""

    label: str
    received_at: datetime
    due_at: datetime
    paused: bool = False


def histogram(
    name: str,
    title: str,
    times: Sequence[timedelta],
    *,
    limit: timedelta | None = None,
    median: timedelta | None = None,
) -> Plot:
    """How many cases took how long, with the time limit and the median as lines.

    The bins are of equal length, a round number of hours or days of which the limit is a multiple where
    one is given. A bin holds what took as long as its end, so that a decision at the limit itself stands
    before it.

    >>> plot = histogram("time", "Time to decision", [timedelta(hours=5), timedelta(hours=30)])
    >>> sum(row[1] for row in plot.table.rows)
    2
    """
    width, number = _bins(max((*times, limit or timedelta(0)), default=timedelta(0)), limit)
    counts = [0] * number
    for time in times:
        counts[max(ceil(time / width) - 1, 0)] += 1
    unit, one = ("days", timedelta(days=1)) if number * width > _IN_HOURS else ("hours", _HOUR)
    table = Table(
        caption=title,
        columns=(f"time taken, {unit}", "cases"),
        rows=tuple(
            (f"{index * width / one:g} to {(index + 1) * width / one:g}", count)
            for index, count in enumerate(counts)
        ),
    )
    if not times:
        return nothing(name, title, table, NO_FIGURES)
    scale = steps(max(counts))
    base = 40.0 + _HEIGHT

    def across(time: timedelta) -> float:
        return _LEFT + (100 - _LEFT) * (time / (number * width))

    parts: list[Markup] = []
    for value in scale:
        y = base - _HEIGHT * value / scale[-1]
        parts.append(level(y, "axis" if value == 0 else "grid", _LEFT))
        parts.append(text(f"{value:g}", _LEFT - 2, y + 4, kind="quiet", anchor="end"))
    for index, count in enumerate(counts):
        if count:
            left, right = across(index * width), across((index + 1) * width)
            height = _HEIGHT * count / scale[-1]
            tone: Tone = "late" if limit is not None and index * width >= limit else "plain"
            pointed = f"{table.rows[index][0]} {unit}: {count}"
            parts.append(
                bar(name, tone, left + 0.25, base - height, right - left - 0.5, height, pointed)
            )
    parts += _scale_of_time(number * width, one, base, across)
    parts.append(text(unit, 100, base + 33, kind="quiet", anchor="end"))
    for line, (words, time_of) in enumerate((("limit", limit), ("median", median))):
        if time_of is not None:
            at, y = across(time_of), 12.0 + 16 * line
            parts.append(upright(at, y + 3, base, words))
            side: Anchor = "end" if at > 55 else "start"
            parts.append(text(f"{words}: {in_words(time_of)}", at, y, kind="quiet", anchor=side))
    description = told(
        [f"{len(times)} cases", *(f"{row[0]} {unit}: {row[1]}" for row in table.rows if row[1])]
    )
    return Plot(title=title, svg=picture(name, title, description, base + 40, parts), table=table)


def _bins(longest: timedelta, limit: timedelta | None) -> tuple[timedelta, int]:
    """The length of a bin and how many there are."""
    for hours in _BINS:
        width = timedelta(hours=hours)
        if limit is not None and limit % width:
            continue
        if longest / width <= _MOST_BINS:
            return width, max(ceil(longest / width), 1)
    days = ceil(longest / timedelta(days=_MOST_BINS))
    return timedelta(days=days), ceil(longest / timedelta(days=days))


def _scale_of_time(
    longest: timedelta, one: timedelta, base: float, across: Callable[[timedelta], float]
) -> list[Markup]:
    """Marks and numbers below the bars, as many as fit the narrowest picture."""
    parts: list[Markup] = []
    steps_of = (timedelta(hours=hours) for hours in _BINS if timedelta(hours=hours) >= one)
    step = next((step for step in steps_of if longest / step <= 9), ceil(longest / 9 / one) * one)
    for index in range(int(longest / step) + 1):
        at = across(index * step)
        parts.append(upright(at, base, base + 4, "axis"))
        side: Anchor = "end" if at > 97 else "middle"
        parts.append(text(f"{index * step / one:g}", at, base + 17, kind="quiet", anchor=side))
    return parts


def due_line(
    name: str,
    title: str,
    clocks: Sequence[Due],
    now: datetime,
    *,
    zone: tzinfo = UTC,
    most: int = 20,
    reach: timedelta = timedelta(days=15),
) -> Plot:
    """Running clocks from receipt to the due time, soonest due first, around a line that is now.

    At most `most` are drawn, and no further than `reach` from now; the table has them all.

    >>> start = datetime(2026, 11, 20, tzinfo=UTC)
    >>> one = Due(label="2026-000007", received_at=start, due_at=start + timedelta(days=7))
    >>> due_line("due", "Due", [one], start + timedelta(days=8)).table.rows[0][3]
    'overdue by 1 day'
    """
    ordered = sorted(clocks, key=lambda one: (one.due_at, one.label))
    table = Table(
        caption=title,
        columns=("case", "received", "due", "state"),
        rows=tuple(
            (one.label, _moment(one.received_at, zone), _moment(one.due_at, zone), _state(one, now))
            for one in ordered
        ),
    )
    drawn = ordered[:most]
    if not drawn:
        return nothing(name, title, table, "No clock is running.")
    first = max(min(now, *(one.received_at for one in drawn)), now - reach)
    last = min(max(now, *(one.due_at for one in drawn)), now + reach)
    last = max(last, first + timedelta(hours=1))

    def across(moment: datetime) -> float:
        return 100 * min(max((moment - first) / (last - first), 0.0), 1.0)

    parts: list[Markup] = []
    y = 20.0
    for one in drawn:
        parts.append(text(one.label, 0, y + 13))
        parts.append(text(_state(one, now), 100, y + 13, kind="value", anchor="end"))
        y += LINE
        late = one.due_at < now
        # However short a clock is, half a percent of it is seen.
        start, end = min(across(one.received_at), 99.5), min(across(one.due_at), 99.5)
        parts.append(bar(name, "other", start, y + 2, max(end - start, 0.5), BAR))
        tone: Tone = "waiting" if one.paused else "plain"
        done = across(min(now, one.due_at))
        if done > start:
            parts.append(bar(name, tone, start, y + 2, done - start, BAR))
        if late:
            parts.append(bar(name, "late", end, y + 2, max(across(now) - end, 0.5), BAR))
        y += BAR + GAP
    at = across(now)
    parts.insert(0, upright(at, 16, y, "now"))
    parts.append(text("now", at, 11, kind="quiet", anchor=_anchor(at)))
    parts.append(level(y, "axis"))
    for moment in _days(first, last, zone):
        place = across(moment)
        parts.append(upright(place, y, y + 4, "axis"))
        there = moment.astimezone(zone)
        day = f"{there.day} {there:%b}"
        parts.append(text(day, place, y + 17, kind="quiet", anchor=_anchor(place)))
    y += 26
    if len(ordered) > most:
        parts.append(text(f"and {len(ordered) - most} more, due later", 0, y + 12, kind="quiet"))
        y += LINE
    late_ones = sum(one.due_at < now for one in ordered)
    description = told(
        [f"{len(ordered)} running clocks, {late_ones} overdue"]
        + [f"{one.label} {_state(one, now)}" for one in drawn]
    )
    return Plot(title=title, svg=picture(name, title, description, y, parts), table=table)


def _state(one: Due, now: datetime) -> str:
    if one.paused:
        return f"stands still, {in_words(one.due_at - now)} left"
    if one.due_at < now:
        return f"overdue by {in_words(now - one.due_at)}"
    return f"due in {in_words(one.due_at - now)}"


def _moment(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _anchor(place: float) -> Anchor:
    return "start" if place < 6 else "end" if place > 94 else "middle"


def _days(first: datetime, last: datetime, zone: tzinfo) -> list[datetime]:
    """Midnights within the span, at most six, evenly apart."""
    day = (first.astimezone(zone) + timedelta(days=1)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    number = max((last - day).days + 1, 0)
    every = max(1, ceil(number / 6))
    return [day + timedelta(days=index) for index in range(0, number, every)]
