"""Pictures of figures for the dashboard: bars and stacked bars here, those of times in `plot_times`.

Each comes with the same figures as a table, for those who cannot see it and for those who want the numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..report.markup import Markup
from .plot_parts import (
    BAR,
    GAP,
    LINE,
    NARROW,
    NO_FIGURES,
    Plot,
    Tone,
    bar,
    figure,
    label_lines,
    legend,
    nothing,
    picture,
    text,
    told,
)
from .plot_times import Due, due_line, histogram
from .table import Table

__all__ = ["Bar", "Due", "Plot", "Stack", "bars", "due_line", "figure", "histogram", "stacked_bars"]


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One bar: None is a value that cannot be said. `note` stands behind the value."""

    label: str
    value: float | None
    note: str = ""


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """One bar of several parts, in the order of the series."""

    label: str
    values: tuple[int, ...]


def bars(
    name: str,
    title: str,
    shown: Sequence[Bar],
    *,
    what: str = "group",
    unit: str = "",
    most: float | None = None,
    tone: Tone = "plain",
) -> Plot:
    """Horizontal bars with their labels and values in words; `most` is the value of a full bar.

    `what` names the labels in the table.

    >>> plot = bars("overrides", "Overrides", [Bar(label="trigger points", value=3)])
    >>> 'class="plot"' in plot.svg, plot.table.rows
    (True, (('trigger points', 3, ''),))
    """
    table = Table(
        caption=title,
        columns=(what, unit or "number", "note"),
        rows=tuple((one.label, one.value, one.note) for one in shown),
    )
    known = [one.value for one in shown if one.value is not None]
    if not known:
        return nothing(name, title, table, NO_FIGURES)
    full = most or max(*known, 1)
    parts: list[Markup] = []
    y = 0.0
    for one in shown:
        said = _said(one, unit)
        parts.append(text(said, 100, y + 13, kind="value", anchor="end"))
        for line in label_lines(one.label, max(NARROW - 8.0 * len(said), 120)):
            parts.append(text(line, 0, y + 13))
            y += LINE
        parts.append(bar(name, "other", 0, y + 2, 100, BAR))
        if one.value:
            parts.append(bar(name, tone, 0, y + 2, min(100 * one.value / full, 100), BAR))
        y += BAR + GAP
    description = told(f"{one.label}: {_said(one, unit)}" for one in shown)
    return Plot(title=title, svg=picture(name, title, description, y, parts), table=table)


def stacked_bars(
    name: str,
    title: str,
    series: Sequence[tuple[str, Tone]],
    shown: Sequence[Stack],
    *,
    what: str = "group",
) -> Plot:
    """Horizontal bars of counts in several parts; the longest fills the width.

    A part too narrow for its number shows it where it is pointed at, and in the table.

    >>> plot = stacked_bars(
    ...     "outcomes",
    ...     "Outcomes",
    ...     [("approved", "approved"), ("adverse", "adverse")],
    ...     [Stack(label="October", values=(3, 1))],
    ... )
    >>> plot.table.rows
    (('October', 3, 1, 4),)
    """
    table = Table(
        caption=title,
        columns=(what, *(words for words, _ in series), "all"),
        rows=tuple((one.label, *one.values, sum(one.values)) for one in shown),
    )
    full = max((sum(one.values) for one in shown), default=0)
    if not full:
        return nothing(name, title, table, NO_FIGURES)
    parts, y = legend(name, series, 0)
    y += 4
    for one in shown:
        total = sum(one.values)
        parts.append(text(one.label, 0, y + 13))
        parts.append(text(str(total), 100, y + 13, kind="value", anchor="end"))
        y += LINE
        x = 0.0
        for (words, tone), value in zip(series, one.values, strict=True):
            width = 100 * value / full
            if not value:
                continue
            parts.append(bar(name, tone, x, y + 2, width, 20, f"{one.label}, {words}: {value}"))
            if width >= 2 + 3 * len(str(value)):
                parts.append(text(str(value), x + width / 2, y + 16.5, kind="on", anchor="middle"))
            x += width
        y += 20 + GAP
    description = told(
        f"{one.label}: "
        + ", ".join(f"{words} {value}" for (words, _), value in zip(series, one.values))
        for one in shown
    )
    return Plot(title=title, svg=picture(name, title, description, y, parts), table=table)


def _said(one: Bar, unit: str) -> str:
    value = "not known" if one.value is None else f"{one.value:g}{unit}"
    return f"{value} ({one.note})" if one.note else value
