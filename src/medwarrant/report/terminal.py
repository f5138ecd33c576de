"""The article in a terminal: colour where there is one, words and shapes always."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable

from rich.box import ROUNDED
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from . import article as a
from .words import OUTCOME_SHAPES, STATUS_SHAPES, STATUS_WORDS

_SIGNS = {**OUTCOME_SHAPES, **STATUS_SHAPES}
_COLOURS = {
    "meets_criteria": "green",
    "met": "green",
    "needs_information": "yellow",
    "missing": "yellow",
    "needs_clinical_review": "magenta",
    "not_met": "red",
    "no_policy": "cyan",
    "uncounted": "cyan",
}
_VERDICTS = {"evidence": "Evidence", "coverage": "Coverage", "coding": "Coding", "safety": "Safety"}
_NARROWEST = 24
_WIDEST = 110
_LEAST_COLUMN = 11


def terminal(article: a.Article, *, width: int | None = None, color: bool | None = None) -> str:
    """The article as text with ANSI colours where they are wanted.

    `width` None takes the terminal's, at most 110; `color` None asks the terminal, and the variables
    `NO_COLOR` and `TERM=dumb` switch colour off.
    """
    if color is None:
        color = (
            sys.stdout.isatty()
            and "NO_COLOR" not in os.environ
            and os.environ.get("TERM") != "dumb"
        )
    console = Console(
        file=io.StringIO(),
        width=max(_NARROWEST, width if width is not None else min(Console().width, _WIDEST)),
        force_terminal=color,
        no_color=not color,
        color_system="standard" if color else None,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
        safe_box=True,
        _environ={},
    )
    console.print(Text(article.title, style="bold"))
    for section in article.sections:
        if not (article.depth == "brief" and section.level == 3):
            console.print()
        console.print(_heading(section))
        for block in a.opened(section.blocks):
            for part in _block(block, console.width):
                console.print(part)
    written = console.file.getvalue() if isinstance(console.file, io.StringIO) else ""
    return "\n".join(line.rstrip() for line in written.split("\n"))


def _heading(section: a.Section) -> Text:
    text = Text()
    if section.level == 2:
        text.append(section.title.upper(), style="bold underline")
    else:
        text.append(f"▸ {section.title}", style="bold")
    if section.words:
        text.append(" — ")
        text.append(
            f"{_SIGNS.get(section.sign, '')} {section.words}".strip(), style=_style(section.sign)
        )
    return text


def _style(sign: str) -> str:
    colour = _COLOURS.get(sign)
    return f"bold {colour}" if colour else "bold"


def _block(block: a.Block, width: int) -> list[RenderableType]:
    match block:
        case a.Prose(lines=lines):
            found: list[RenderableType] = []
            for line in lines:
                found.append(_line(line))
                found += _list(line.inner, 2)
            return found
        case a.Bullets(lines=lines, numbered=numbered):
            return _list(lines, 1, numbered)
        case a.Callout(title=title, lines=lines):
            body = Text("\n").join(_line(line) for line in lines)
            return [Panel(body, title=Text(title, style="bold"), title_align="left", box=ROUNDED)]
        case a.Tracker(steps=steps):
            return [_tracker(steps)]
        case a.Choices():
            return _choices(block)
        case a.Grid():
            return _grid(block, width)
        case a.Verdicts(verdicts=verdicts):
            return [_verdicts_inline(verdicts) if block.inline else _verdicts(verdicts)]
        case a.Table():
            return _table(block, width)
        case a.Tree():
            headed = [Text(block.title, style="bold")] if block.title else []
            return [*headed, _tree(block.root)]
        case a.Command(text=text, says=says):
            return [Text(f"{says}:"), Padding(Text(text, style="bold"), (0, 0, 0, 2))]
        case a.References(entries=entries):
            return [_reference(entry) for entry in entries]
        case a.Details(blocks=blocks) | a.Slot(blocks=blocks):
            return [part for inside in a.opened(blocks) for part in _block(inside, width)]


def _line(line: a.Line) -> Text:
    text = Text()
    if line.sign in _SIGNS:
        text.append(f"{_SIGNS[line.sign]} ", style=_style(line.sign))
    if line.lead:
        text.append(line.lead, style="bold")
        text.append(" " if line.text or line.see else "")
    text.append(line.text)
    if line.see:
        text.append(f" {line.see}: {line.url}" if line.url else f" “{line.see}”.")
    for cite in line.cites:
        text.append(
            f" [{cite.n}{' ' + cite.mark if cite.mark else ''}]",
            style="bold red" if cite.mark else "cyan",
        )
    if line.code:
        text.append(f" {line.code}", style="bold")
    if line.note:
        text.append(f" ({line.note})", style="dim")
    if line.wording is not None:
        _wording(text, line.wording)
    text.rstrip()
    return text


def _wording(text: Text, said: a.Wording) -> None:
    """The words of a source after what is ours, with their place."""
    if said.quote:
        text.append(f" “{said.quote}”", style="italic")
    text.append(f" ({said.place})", style="dim")


def _hanging(mark: str, body: RenderableType, indent: int) -> Table:
    """A list entry whose lines stay under its text."""
    table = Table.grid(padding=0)
    table.add_column(width=indent + len(mark) + 1, no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    table.add_row(f"{' ' * indent}{mark}", body)
    return table


def _list(lines: Iterable[a.Line], indent: int, numbered: bool = False) -> list[RenderableType]:
    found: list[RenderableType] = []
    for number, line in enumerate(lines, start=1):
        mark = f"{number:>2}." if numbered else "•"
        found.append(_hanging(mark, _line(line), indent))
        found += _list(line.inner, indent + (4 if numbered else 2))
    return found


def _tracker(steps: Iterable[a.Step]) -> Text:
    text = Text()
    for number, step in enumerate(steps):
        if number:
            text.append("  →  ", style="dim")
        mark = {"done": "✓", "current": "●", "ahead": "○"}[step.state]
        style = "bold" if step.state == "current" else "" if step.state == "done" else "dim"
        text.append(f"{mark} {step.label}", style=style)
        if step.detail:
            text.append(f" ({step.detail})", style="dim")
    return text


def _choices(block: a.Choices) -> list[RenderableType]:
    text = Text()
    for number, choice in enumerate(block.choices):
        text.append("   " if number else "")
        if choice.chosen:
            text.append(f"● {choice.id} (this version)", style="bold")
        else:
            text.append(f"○ {choice.id}", style="dim")
    found: list[RenderableType] = [text]
    if block.hint:
        found.append(Text(f"{block.title} {block.hint}", style="dim"))
    return found


def _grid(grid: a.Grid, width: int) -> list[RenderableType]:
    """A table where it fits, else the same as a list."""
    columns = len(grid.columns) + 1
    if (width - columns - 1) // columns - 2 < _LEAST_COLUMN:
        return _grid_list(grid)
    table = Table(box=ROUNDED, show_lines=True, expand=True, padding=(0, 1))
    table.add_column(Text(grid.corner, style="dim"), overflow="fold", ratio=1)
    for head in grid.columns:
        table.add_column(_head(head), overflow="fold", ratio=1)
    for row in grid.rows:
        table.add_row(_head(row.head), *(_cell(cell) for cell in row.cells))
    return [table]


def _grid_list(grid: a.Grid) -> list[RenderableType]:
    found: list[RenderableType] = []
    for row in grid.rows:
        found.append(_head(row.head))
        for head, cell in zip(grid.columns, row.cells, strict=True):
            text = Text(f"{head.name}{f' ({head.code})' if head.code else ''}: ")
            text.append_text(_cell(cell, " — "))
            found.append(_hanging("•", text, 1))
    return found


def _head(head: a.Head) -> Text:
    text = Text(head.name, style="bold")
    if head.code:
        text.append(f" ({head.code})", style="not bold")
    return text


def _cell(cell: a.Cell, between: str = "\n") -> Text:
    text = Text()
    sign = _SIGNS.get(cell.outcome, "")
    text.append(f"{sign} {cell.words}".strip(), style=_style(cell.outcome) if sign else "dim")
    if cell.detail:
        text.append(f"{between}{cell.detail}", style="dim")
    return text


def _verdicts(verdicts: Iterable[a.Verdict]) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=10, no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for verdict in verdicts:
        body = Text(verdict.word, style="bold")
        for line in verdict.lines:
            body.append(". " if body.plain[-1:].isalnum() else " ", style="not bold")
            body.append_text(_line(line))
        table.add_row(Text(f" {_VERDICTS[verdict.kind]}", style="dim"), body)
    return table


def _verdicts_inline(verdicts: Iterable[a.Verdict]) -> Text:
    """The four in one flowing passage."""
    text = Text()
    for verdict in verdicts:
        text.append(" · " if text.plain else "", style="dim")
        text.append(f"{_VERDICTS[verdict.kind]} ", style="dim")
        text.append(verdict.word)
        before = ""
        for line in verdict.lines:
            text.append("" if not line.text else " " if before else ": ")
            text.append_text(_line(line))
            before = line.text
    return text


def _table(table: a.Table, width: int) -> list[RenderableType]:
    found: list[RenderableType] = [Text(table.caption, style="bold")] if table.caption else []
    if width < 70 or len(table.header) > 4:
        for row in table.rows:
            text = Text()
            for name, line in zip(table.header, row, strict=True):
                part = _line(line)
                if not part.plain.strip():
                    continue
                if text.plain:
                    text.append(f" · {name.lower()}: ", style="dim")
                text.append_text(part)
            found.append(_hanging("•", text, 1))
        return found
    drawn = Table(box=None, expand=True, padding=(0, 1), show_header=True, header_style="dim")
    last = len(table.header) - 1
    for number, name in enumerate(table.header):
        if name in ("Date", "Last seen"):
            drawn.add_column(name, width=10, no_wrap=True)
        else:
            drawn.add_column(name, overflow="fold", ratio=5 if number == last else 2)
    for row in table.rows:
        drawn.add_row(*(_line(line) for line in row))
    return [*found, drawn]


def _tree(root: a.TreeNode) -> Tree:
    drawn = Tree(_node(root), guide_style="dim")
    _branches(drawn, root)
    return drawn


def _branches(drawn: Tree, node: a.TreeNode) -> None:
    for child in node.children:
        _branches(drawn.add(_node(child)), child)


def _node(node: a.TreeNode) -> Text:
    text = Text()
    text.append(
        f"{STATUS_SHAPES[node.status]} {STATUS_WORDS[node.status]}: ", style=_style(node.status)
    )
    text.append(node.title, style="bold" if node.children else "")
    if node.joins:
        text.append(f" — {node.joins}:")
    if node.quiet:
        text.append(f" ({node.quiet})", style="dim")
    return text


def _reference(entry: a.ReferenceEntry) -> Table:
    text = Text()
    for mark in entry.marks:
        text.append(f"{mark} ", style="bold red")
    text.append(entry.text)
    if entry.place:
        text.append(f" {entry.place}", style="cyan")
    facts = "; ".join(filter(None, (entry.kind, *entry.facts)))
    if facts:
        text.append(f" ({facts})", style="dim")
    for said in entry.wordings:
        _wording(text, said)
    return _hanging(f"[{entry.n}]".rjust(5), text, 0)
