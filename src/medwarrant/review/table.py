"""A table of figures: as the text beside a picture, and as CSV."""

from __future__ import annotations

import msgspec

Cell = str | int | float | None
#: What a spreadsheet may take for the beginning of a formula; the wide forms are read like the plain ones.
_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Figures in rows under named columns; None is what cannot be said."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def csv_text(table: Table) -> str:
    r"""The table as CSV by RFC 4180: a header line, commas, lines that end in CR LF.

    Text is always quoted, so that it stays one cell whatever separates cells where it is opened, and text
    that a spreadsheet would run as a formula begins with an apostrophe. Numbers are plain; None is empty.

    >>> table = Table(caption="", columns=("who", "n"), rows=(("=1+1", 2), ("a,b", None)))
    >>> csv_text(table).splitlines()
    ['"who","n"', '"\'=1+1",2', '"a,b",']
    """
    lines = [table.columns, *table.rows]
    return "".join(",".join(_written(cell) for cell in line) + "\r\n" for line in lines)


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return '"' + _harmless(cell).replace('"', '""') + '"'
    return str(cell)


def _harmless(text: str) -> str:
    start = text.lstrip(" \u00a0")[:1]
    return f"'{text}" if text[:1] in _FORMULA or start in _FORMULA else text
