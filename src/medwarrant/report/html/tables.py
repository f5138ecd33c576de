"""The grid of pairs and plain tables: real tables that become lists where the page is narrow."""

from __future__ import annotations

from .. import article as a
from ..markup import Markup, as_markup, element, joined, maker
from .lines import inline, kept, sign

# The roles say again what the elements are: where the page is narrow they are set as blocks.
_row = maker("tr", role="row")
_row_head = maker("th", scope="row", role="rowheader")
_column = maker("th", scope="col", role="columnheader")


def grid(block: a.Grid) -> Markup:
    """Every service for every diagnosis; each cell says its outcome and links to its section."""
    columns = [_column(*_label(head)) for head in block.columns]
    corner = element("th", block.corner, class_="corner", scope="col", role="columnheader")
    rows = []
    for row in block.rows:
        cells = [_cell(cell, head) for cell, head in zip(row.cells, block.columns, strict=True)]
        rows.append(_row(_row_head(*_label(row.head)), *cells))
    top = _row(corner, *columns)
    return _scrolled("grid stack", block.caption, top, rows, label="Grid of services and diagnoses")


def _label(head: a.Head) -> list[Markup | str]:
    name: Markup | str = head.name
    if head.target:
        name = element("a", head.name, href=f"#{head.target}")
    return [name, element("small", head.code)] if head.code else [name]


def _cell(cell: a.Cell, head: a.Head) -> Markup:
    words = kept(cell.words)
    linked = element("a", words, href=f"#{cell.target}") if cell.target else as_markup(words)
    signed = joined([sign(cell.outcome) or "", linked])
    detail = element("small", cell.detail) if cell.detail else None
    name = f"{head.name} ({head.code})" if head.code else head.name
    return element("td", signed, detail, class_=f"o-{cell.outcome}", data_label=name, role="cell")


def table(block: a.Table) -> Markup:
    """A plain table; the first column heads its row."""
    heads = [_column(name) for name in block.header]
    cells = [maker("td", data_label=name, role="cell") for name in block.header]
    rows = []
    for first, *others in block.rows:
        made = [cell(inline(line)) for cell, line in zip(cells[1:], others, strict=True)]
        rows.append(_row(_row_head(inline(first)), *made))
    return _scrolled("plain stack", block.caption, _row(*heads), rows, label=block.caption)


def _scrolled(kind: str, caption: str, head: Markup, rows: list[Markup], *, label: str) -> Markup:
    """A table that scrolls by itself where the page is too narrow; a group, since so many are no landmarks."""
    made = element(
        "table",
        element("caption", caption),
        element("thead", head, role="rowgroup"),
        element("tbody", *rows, role="rowgroup"),
        class_=kind,
        role="table",
    )
    return element("div", made, class_="scroll", tabindex="0", role="group", aria_label=label)
