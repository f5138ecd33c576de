"""What the pictures of figures are made of: the frame, the legend, scales, and the table beside them.

Horizontal places are percentages of the picture's width and vertical ones are pixels, so that a picture
fits any width while its letters keep their size. Colours, weights and fonts are set by the style sheet
(`plots.css`) through classes; there is no style attribute and no script.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, floor, log10
from typing import Literal, get_args

import msgspec

from ..report.markup import Markup, element
from ..report.tree_svg import wrapped
from .table import Cell, Table

#: The colours that the style sheet knows: those of determinations, of clocks, and plain ones.
Tone = Literal[
    "approved",
    "partially_approved",
    "modified",
    "adverse",
    "withdrawn",
    "late",
    "waiting",
    "plain",
    "other",
]
TONES: tuple[Tone, ...] = get_args(Tone)
#: The tones that a texture tells apart too, for those who see no colours and for paper.
_TEXTURES: dict[str, str] = {
    "partially_approved": "M0 8L8 0M-2 2L2 -2M6 10L10 6",
    "modified": "M0 2H8M0 6H8",
    "adverse": "M0 0L8 8M-2 6L2 10M6 -2L10 2M0 8L8 0M-2 2L2 -2M6 10L10 6",
    "withdrawn": "M2 0V8M6 0V8",
    "late": "M0 0L8 8M-2 6L2 10M6 -2L10 2M0 8L8 0M-2 2L2 -2M6 10L10 6",
    "waiting": "M0 8L8 0M-2 2L2 -2M6 10L10 6",
}
#: The narrowest picture that labels are broken for, in pixels.
NARROW = 280
LINE = 17
BAR = 14
GAP = 12
NO_FIGURES = "There are no figures for this period."
Anchor = Literal["start", "middle", "end"]


class Plot(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of figures with the same figures as a table."""

    title: str
    svg: Markup
    table: Table


def picture(
    name: str, title: str, description: str, height: float, parts: Iterable[Markup]
) -> Markup:
    """The `svg` element around the parts; `name` makes its ids unique in a page."""
    drawn = list(parts)
    used = [tone for tone in _TEXTURES if any(f"{name}-{tone}" in part for part in drawn)]
    textures = element("defs", *(_texture(name, tone) for tone in used)) if used else None
    return element(
        "svg",
        element("title", title, id=f"{name}-t"),
        element("desc", description, id=f"{name}-d"),
        textures,
        *drawn,
        xmlns="http://www.w3.org/2000/svg",
        class_="plot",
        role="img",
        aria_labelledby=f"{name}-t {name}-d",
        width="100%",
        height=f"{ceil(height)}",
        focusable="false",
    )


def _texture(name: str, tone: str) -> Markup:
    return element(
        "pattern",
        element("path", d=_TEXTURES[tone], class_="plot-texture", fill="none"),
        id=f"{name}-{tone}",
        width="8",
        height="8",
        patternUnits="userSpaceOnUse",
    )


def bar(
    name: str, tone: Tone, x: float, y: float, width: float, height: float, told: str = ""
) -> Markup:
    """A rectangle in a tone, `x` and `width` in percent; `told` is what pointing at it shows."""
    place = {
        "x": f"{x:.2f}%",
        "y": f"{y:g}",
        "width": f"{width:.2f}%",
        "height": f"{height:g}",
    }
    texture = (
        element("rect", fill=f"url(#{name}-{tone})", class_="plot-overlay", **place)
        if tone in _TEXTURES
        else None
    )
    shape = element("rect", class_=f"plot-bar plot-{tone}", **place)
    return element("g", element("title", told) if told else None, shape, texture)


def text(
    words: str,
    x: float,
    y: float,
    *,
    kind: str = "label",
    anchor: Anchor = "start",
) -> Markup:
    """A line of text; `x` in percent. `kind` is label, value, quiet or on (a number on a bar)."""
    return element(
        "text",
        words,
        x=f"{x:.2f}%",
        y=f"{y:g}",
        class_=f"plot-{kind}",
        text_anchor=anchor if anchor != "start" else None,
    )


def upright(x: float, top: float, bottom: float, kind: str) -> Markup:
    """A vertical line; `x` in percent."""
    return element(
        "line",
        x1=f"{x:.2f}%",
        x2=f"{x:.2f}%",
        y1=f"{top:g}",
        y2=f"{bottom:g}",
        class_=f"plot-line plot-{kind}",
    )


def level(y: float, kind: str, left: float = 0) -> Markup:
    """A horizontal line from `left`, in percent, to the right edge."""
    return element(
        "line",
        x1=f"{left:g}%",
        x2="100%",
        y1=f"{y:g}",
        y2=f"{y:g}",
        class_=f"plot-line plot-{kind}",
    )


def label_lines(label: str, room: float) -> list[str]:
    """A label broken for the narrowest picture, at most three lines."""
    lines = wrapped(label, room)
    return lines if len(lines) <= 3 else [*lines[:2], f"{lines[2]}…"]


def legend(
    name: str, entries: Sequence[tuple[str, Tone]], top: float
) -> tuple[list[Markup], float]:
    """The names of the tones in two columns, and the height they take."""
    parts: list[Markup] = []
    for index, (words, tone) in enumerate(entries):
        x, y = 50.0 * (index % 2), top + 20 * (index // 2)
        swatch = {"x": f"{x:g}%", "y": f"{y:g}", "width": "14", "height": "14"}
        parts.append(element("rect", class_=f"plot-bar plot-{tone}", **swatch))
        if tone in _TEXTURES:
            parts.append(
                element("rect", class_="plot-overlay", fill=f"url(#{name}-{tone})", **swatch)
            )
        # A shift in pixels keeps the words beside the square at any width.
        parts.append(
            element("text", words, x=f"{x:g}%", dx="20", y=f"{y + 11:g}", class_="plot-quiet")
        )
    return parts, 20.0 * ceil(len(entries) / 2) + 8


def steps(most: float, number: int = 4) -> list[int]:
    """Round whole numbers from 0 up to or past `most`, about `number` of them.

    >>> steps(37), steps(3), steps(0)
    ([0, 10, 20, 30, 40], [0, 1, 2, 3], [0, 1])
    """
    rough = max(most, 1) / number
    power = 10 ** floor(log10(rough))
    step = max(1, round(next(power * one for one in (1, 2, 5, 10) if power * one >= rough)))
    return [step * index for index in range(ceil(max(most, 1) / step) + 1)]


def nothing(name: str, title: str, table: Table, words: str) -> Plot:
    """The picture of no figures, which says so."""
    svg = picture(name, title, words, 32, [text(words, 0, 20, kind="quiet")])
    return Plot(title=title, svg=svg, table=table)


def figure(plot: Plot) -> Markup:
    """The picture with its caption, and the same figures as a table to open."""
    caption = element("figcaption", plot.title)
    if not plot.table.rows:
        return element("figure", caption, plot.svg, class_="plot-figure")
    head = element("tr", *(element("th", column, scope="col") for column in plot.table.columns))
    shown = element(
        "table",
        element("caption", plot.table.caption),
        element("thead", head),
        element("tbody", *(element("tr", *_cells(row)) for row in plot.table.rows)),
    )
    # The table may scroll sideways: whoever uses the keyboard must be able to reach it.
    room = element(
        "div", shown, class_="plot-table", role="region", aria_label=plot.title, tabindex="0"
    )
    more = element("details", element("summary", "The figures as a table"), room)
    return element("figure", caption, plot.svg, more, class_="plot-figure")


def _cells(row: Sequence[Cell]) -> list[Markup]:
    first, *rest = ["not known" if cell is None else str(cell) for cell in row] or [""]
    return [element("th", first, scope="row"), *(element("td", cell) for cell in rest)]


def told(parts: Iterable[str]) -> str:
    """A description: the parts as one sentence.

    >>> told(["approved 3", "adverse 1"])
    'approved 3; adverse 1.'
    """
    return f"{'; '.join(parts)}."
