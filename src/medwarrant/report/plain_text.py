"""The article as plain text: no colours, no boxes, no markup, for a record that takes text only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from . import article as a
from .words import STATUS_WORDS

_VERDICTS = {"evidence": "Evidence", "coverage": "Coverage", "coding": "Coding", "safety": "Safety"}
_STATES = {"done": "done", "current": "now", "ahead": "not yet"}


def plain_text(article: a.Article, *, width: int = 80) -> str:
    """The whole article in lines no wider than `width` (24 at least), with everything that the page folds.

    Outcomes and statuses are told by words alone, since a record may not keep every character. What
    only a page can do is left out: the contents, the choice of a reader, and how to ask on.
    """
    width = max(width, 24)
    lines = [*_wrapped(article.title, width), "=" * min(width, 60)]
    for section in article.sections:
        if section.id in ("reader", "follow-up"):
            continue
        title = section.title if section.level == 3 else section.title.upper()
        named = f"{title}: {section.words}" if section.words else title
        lines += ["", *_wrapped(named, width)]
        lines.append("-" * min(width, 60 if section.level == 2 else 20))
        for block in a.opened(section.blocks):
            lines += _block(block, width)
    lines += ["", *_wrapped(f"Case digest {article.digest}", width)]
    return "\n".join(lines) + "\n"


def _block(block: a.Block, width: int) -> Iterator[str]:
    match block:
        case a.Prose(lines=lines):
            for line in lines:
                yield from _wrapped(_line(line), width)
                yield from _list(line.inner, width)
        case a.Bullets(lines=lines, numbered=numbered):
            yield from _list(lines, width, numbered=numbered)
        case a.Callout(title=title, lines=lines):
            yield from _wrapped(f"{title.upper()}: {' '.join(map(_line, lines))}", width)
        case a.Tracker(steps=steps):
            told = [
                f"{step.label} ({_STATES[step.state]}{f', {step.detail}' if step.detail else ''})"
                for step in steps
            ]
            yield from _wrapped("; ".join(told), width)
        case a.Grid():
            yield from _grid(block, width)
        case a.Verdicts(verdicts=verdicts):
            for verdict in verdicts:
                said = " ".join(map(_line, verdict.lines))
                yield from _hanging(
                    "- ", f"{_VERDICTS[verdict.kind]}: {verdict.word}. {said}", width
                )
        case a.Table():
            yield from _table(block, width)
        case a.Tree(title=title, description=description, root=root):
            if title:
                yield from _wrapped(f"{title}. {description}", width)
            yield from _tree(root, width, 0)
        case a.Command(text=text, says=says):
            yield f"{says}:"
            yield from _hanging("    ", text, width)
        case a.References(entries=entries):
            for entry in entries:
                yield from _reference(entry, width)
        case a.Choices() | a.Details() | a.Slot():
            pass  # the choice of a reader; folded parts were opened before


def _wrapped(text: str, width: int, first: str = "", further: str = "") -> Iterator[str]:
    """Lines no wider than `width`; a word that is too long for a line is cut."""
    line, empty = first, True
    for whole in text.split():
        word = whole
        while word:
            room = width - len(line) - (0 if empty else 1)
            if len(word) <= room:
                line += word if empty else f" {word}"
                word, empty = "", False
            elif empty:
                yield line + word[: max(room, 1)]
                word = word[max(room, 1) :]
                line = further
            else:
                yield line
                line, empty = further, True
    if not empty:
        yield line


def _hanging(mark: str, text: str, width: int) -> Iterator[str]:
    """Text whose further lines stay under its first word."""
    return _wrapped(text, width, mark, " " * len(mark))


def _line(line: a.Line) -> str:
    parts = [line.lead, line.text]
    if line.see:
        parts.append(f"{line.see}: {line.url}" if line.url else f"“{line.see}”.")
    parts += [f"[{cite.n}{f' {cite.mark}' if cite.mark else ''}]" for cite in line.cites]
    parts.append(line.code)
    parts.append(f"({line.note})" if line.note else "")
    parts.append(line.wording.told if line.wording else "")
    return " ".join(part for part in parts if part)


def _list(
    lines: Iterable[a.Line], width: int, depth: int = 0, *, numbered: bool = False
) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        mark = f"{'  ' * depth}{f'{number}.' if numbered else '-'} "
        yield from _hanging(mark, _line(line), width)
        yield from _list(line.inner, width, depth + 1)


def _grid(grid: a.Grid, width: int) -> Iterator[str]:
    for row in grid.rows:
        yield from _wrapped(f"{_head(row.head)}:", width)
        for head, cell in zip(grid.columns, row.cells, strict=True):
            detail = f" ({cell.detail})" if cell.detail else ""
            yield from _hanging("- ", f"{_head(head)}: {cell.words}{detail}", width)


def _head(head: a.Head) -> str:
    return f"{head.name} ({head.code})" if head.code else head.name


def _table(table: a.Table, width: int) -> Iterator[str]:
    yield from _wrapped(f"{table.caption}:", width)
    for row in table.rows:
        first, *others = map(_line, row)
        told = [
            f"{name.lower()}: {text}"
            for name, text in zip(table.header[1:], others, strict=True)
            if text
        ]
        yield from _hanging("- ", f"{first} | {'; '.join(told)}" if told else first, width)


def _tree(node: a.TreeNode, width: int, depth: int) -> Iterator[str]:
    joins = f", {node.joins}:" if node.joins else ""
    why = f" ({node.quiet})" if node.quiet else ""
    text = f"[{STATUS_WORDS[node.status]}] {node.title}{joins}{why}"
    yield from _hanging(f"{'  ' * min(depth, 12)}- ", text, width)
    for child in node.children:
        yield from _tree(child, width, depth + 1)


def _reference(entry: a.ReferenceEntry, width: int) -> Iterator[str]:
    marks = f"{', '.join(entry.marks)}: " if entry.marks else ""
    facts = "; ".join(filter(None, (entry.kind, *entry.facts)))
    place = f" {entry.place}" if entry.place else ""
    told = f" ({facts})" if facts else ""
    said = "".join(f" {one.told}" for one in entry.wordings)
    return _hanging(f"[{entry.n}] ", f"{marks}{entry.text}{place}{told}{said}", width)
