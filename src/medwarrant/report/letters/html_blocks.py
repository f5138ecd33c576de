"""The blocks of a letter as HTML elements: lines, lists, boxes, tables, sources."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..markup import Markup, element, joined, void
from ..text import safe_address
from .letter import Block, Boxed, Line, Listed, SourceEntry, Sources, Table, Text, Ticks
from .signs import SIGNS

#: Words of people and plans may be in any language and run either way.
_FOREIGN = ("person", "plan")
#: A number of several groups, such as that of a phone: one piece, and one way in any script.
_NUMBER = re.compile(r"(\+?\d[\d().\- ]{5,24}\d)")


class Blocks:
    """Draws the blocks of one letter; `sources` are the numbers that its list of sources has."""

    def __init__(self, prefix: str, sources: frozenset[int]) -> None:
        self.prefix = prefix
        self.sources = sources

    def id(self, name: str) -> str:
        """An id of this letter, apart from those of the page around it."""
        return f"{self.prefix}-{name}"

    def drawn(self, block: Block) -> Markup:
        """A block as elements."""
        match block:
            case Text(lines=lines):
                return joined(self._paragraph(line) for line in lines)
            case Listed(lines=lines, numbered=numbered):
                return self._list(lines, "ol" if numbered else "ul")
            case Ticks(lines=lines):
                ticks = (self._tick(line) for line in lines)
                return element("ul", *ticks, class_="letter-ticks", role="list")
            case Boxed(title=title, lines=lines):
                head = element("p", element("b", title))
                inside = (self._paragraph(line) for line in lines)
                return element("div", head, *inside, class_="letter-box")
            case Table():
                return self._table(block)
            case Sources(entries=entries):
                listed = (self._source(entry) for entry in entries)
                return element("ol", *listed, class_="letter-sources", role="list")

    def _inline(self, line: Line) -> Markup:
        parts: list[str | Markup] = []
        if line.sign in SIGNS:
            sign = element("span", SIGNS[line.sign], class_="letter-sign", aria_hidden="true")
            parts += [sign, " "]
        if line.lead:
            parts += [element("b", line.lead), " "]
        foreign = line.origin in _FOREIGN and line.text
        text = _numbered(line.text) if foreign else line.text
        parts.append(element("bdi", text) if foreign and (line.lead or line.sign) else text)
        for cite in line.cites:
            parts += [" ", self._cite(cite.n, cite.mark)]
        if line.note:
            parts += [" ", element("span", f"({line.note})", class_="letter-note")]
        return joined(parts)

    def _cite(self, n: int, mark: str) -> Markup:
        label = f"[{n}{f' {mark}' if mark else ''}]"
        if n not in self.sources:
            return element("span", label, class_="letter-cite")
        said = f"source {n}{f', {mark}' if mark else ''}"
        target = f"#{self.id(f'source-{n}')}"
        return element("a", label, href=target, class_="letter-cite", aria_label=said)

    def _paragraph(self, line: Line) -> Markup:
        drawn = element("p", self._inline(line), dir=_way(line), lang=line.lang or None)
        return joined([drawn, self._list(line.inner)]) if line.inner else drawn

    def _list(self, lines: Iterable[Line], tag: str = "ul") -> Markup:
        found = tuple(lines)
        signed = tag == "ul" and all(line.sign in SIGNS for line in found)
        items = (self._item(line) for line in found)
        return element(tag, *items, class_="letter-signed" if signed else None)

    def _item(self, line: Line) -> Markup:
        inner = self._list(line.inner) if line.inner else None
        return element("li", self._inline(line), inner, dir=_way(line), lang=line.lang or None)

    def _tick(self, line: Line) -> Markup:
        """An entry with a real box, to be ticked on the page or on paper; it is sent nowhere."""
        box = void("input", type="checkbox")
        inner = self._list(line.inner) if line.inner else None
        return element("li", element("label", box, element("span", self._inline(line))), inner)

    def _table(self, table: Table) -> Markup:
        columns = (element("th", name, scope="col", role="columnheader") for name in table.header)
        rows = []
        for first, *others in table.rows:
            cells = [element("th", self._cell(first), scope="row", role="rowheader")]
            cells += [
                element("td", self._cell(line), data_label=name, role="cell")
                for line, name in zip(others, table.header[1:], strict=True)
            ]
            rows.append(element("tr", *cells, role="row"))
        drawn = element(
            "table",
            element("caption", table.caption),
            element("thead", element("tr", *columns, role="row"), role="rowgroup"),
            element("tbody", *rows, role="rowgroup"),
            role="table",
        )
        # What can scroll can be reached by keyboard, and says what it is.
        return element(
            "div",
            drawn,
            class_="letter-table",
            tabindex="0",
            role="region",
            aria_label=table.caption,
        )

    def _cell(self, line: Line) -> Markup:
        inner = (element("p", self._inline(one)) for one in line.inner)
        return joined([self._inline(line), *inner])

    def _source(self, entry: SourceEntry) -> Markup:
        parts: list[str | Markup] = []
        for mark in entry.marks:
            parts += [element("b", mark, class_="letter-mark"), " "]
        parts.append(entry.text)
        shown = entry.place or entry.url
        if entry.url and safe_address(entry.url):
            parts += [" ", element("a", shown, href=entry.url, rel="noreferrer")]
        elif shown:
            parts += [" ", shown]
        if entry.facts:
            parts += [" ", element("span", f"({entry.facts})", class_="letter-note")]
        number = element("span", f"[{entry.n}]")
        return element("li", number, element("span", *parts), id=self.id(f"source-{entry.n}"))


def _way(line: Line) -> str | None:
    """The direction of a line that is a person's or a plan's alone: that of its first letter."""
    return "auto" if line.origin in _FOREIGN and not (line.lead or line.sign) else None


def _numbered(text: str) -> Markup:
    """A text whose numbers of several groups keep their order and stay on one line."""
    parts = _NUMBER.split(text)
    return joined(
        element("bdi", part, dir="ltr", class_="letter-number") if number % 2 else part
        for number, part in enumerate(parts)
    )
