"""The article as Markdown (CommonMark with tables), all text escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable

from . import article as a
from .words import OUTCOME_SHAPES, STATUS_SHAPES, STATUS_WORDS

_SIGNS = {**OUTCOME_SHAPES, **STATUS_SHAPES}
_VERDICTS = {"evidence": "Evidence", "coverage": "Coverage", "coding": "Coding", "safety": "Safety"}


def escaped(text: str) -> str:
    r"""Text that Markdown leaves as it is.

    >>> escaped("1. a *b* <i> [c]")
    '1\\. a \\*b\\* &lt;i&gt; \\[c\\]'
    """
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"([\\`*_\[\]|~$])", r"\\\1", text)
    return re.sub(r"^(\s*)(#|\+|-|=|\d+(?=[.)]))(\.|\))?", _first, text)


def _first(match: re.Match[str]) -> str:
    space, mark, after = match[1], match[2], match[3] or ""
    return f"{space}{mark}\\{after}" if mark.isdigit() else f"{space}\\{mark}{after}"


def markdown(article: a.Article) -> str:
    """The whole article; citations link to the references, the grid to its sections."""
    parts = [f"# {escaped(article.title)}"]
    for section in article.sections:
        title = escaped(section.title)
        if section.words:
            title += f" — {_sign(section.sign)}{escaped(section.words)}"
        parts.append(f'<a id="{section.id}"></a>\n\n{"#" * section.level} {title}')
        parts += [text for block in section.blocks if (text := _block(block))]
    return "\n\n".join(parts) + "\n"


def _block(block: a.Block) -> str:
    match block:
        case a.Prose(lines=lines):
            return "\n\n".join(_line(line) + _nested(line, 0) for line in lines)
        case a.Bullets(lines=lines, numbered=numbered):
            return _list(lines, 0, numbered)
        case a.Callout(title=title, lines=lines):
            body = "\n>\n".join("> " + _line(line) for line in lines)
            return f"> **{escaped(title)}**\n>\n{body}"
        case a.Tracker(steps=steps):
            return "\n".join(f"- {_step(step)}" for step in steps)
        case a.Choices(title=title, choices=choices, hint=hint):
            named = [
                f"**{escaped(one.label)}** (this version)"
                if one.chosen
                else f"[{escaped(one.label)}]({_address(one.url)})"
                if one.url
                else f"{escaped(one.label)} (`{one.id}`)"
                for one in choices
            ]
            return f"{escaped(title)} {' · '.join(named)}" + (
                f"\n\n{escaped(hint)}" if hint else ""
            )
        case a.Grid():
            return _grid(block)
        case a.Verdicts(verdicts=verdicts):
            return "\n".join(_verdict(one) for one in verdicts)
        case a.Table(caption=caption, header=header, rows=rows):
            drawn = _table(
                [escaped(name) for name in header],
                [[_cell(_whole(line)) for line in row] for row in rows],
            )
            return f"**{escaped(caption)}**\n\n{drawn}"
        case a.Tree(title=title, description=description, root=root):
            drawn = "\n".join(_tree(root, 0))
            return f"**{escaped(title)}** — {escaped(description)}\n\n{drawn}"
        case a.Command(text=text, says=says):
            return f"{escaped(says)}:\n\n{_fenced(text)}"
        case a.References(entries=entries):
            return "\n".join(_reference(entry) for entry in entries)
        case a.Details(summary=summary, blocks=blocks):
            inside = "\n\n".join(text for block in blocks if (text := _block(block)))
            return f"<details>\n<summary>{_plain(summary)}</summary>\n\n{inside}\n\n</details>"
        case a.Slot(blocks=blocks):
            return "\n\n".join(text for block in blocks if (text := _block(block)))


def _plain(text: str) -> str:
    """Text inside an HTML element, which Markdown does not look into."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _verdict(verdict: a.Verdict) -> str:
    said = " ".join(_line(line) for line in verdict.lines)
    return f"- **{_VERDICTS[verdict.kind]}: {escaped(verdict.word)}.** {said}".rstrip()


def _step(step: a.Step) -> str:
    mark = {"done": "[x]", "current": "**[now]**", "ahead": "[ ]"}[step.state]
    label = f"**{escaped(step.label)}**" if step.state == "current" else escaped(step.label)
    return f"{mark} {label}" + (f" ({escaped(step.detail)})" if step.detail else "")


def _line(line: a.Line) -> str:
    parts = []
    sign = _sign(line.sign)
    if line.lead:
        lead = f"**{escaped(line.lead)}**"
        parts.append(
            f"{sign}{f'[{lead}](#{line.target})' if line.target and not line.see else lead}"
        )
    elif sign:
        parts.append(sign.strip())
    if line.text:
        parts.append(escaped(line.text))
    if line.see:
        to = _address(line.url) if line.url else f"#{line.target}"
        parts.append(f"[{escaped(line.see)}]({to}).")
    text = " ".join(parts)
    for cite in line.cites:
        mark = f", {cite.mark}" if cite.mark else ""
        text += f" [\\[{cite.n}{mark}\\]](#ref-{cite.n})"
    if line.code:
        text += f" {_code(line.code)}"
    if line.note:
        text += f" *({escaped(line.note)})*"
    if line.wording is not None and not line.wording.quote:
        text += f" *{escaped(line.wording.told)}*"
    return text.strip()


def _whole(line: a.Line) -> str:
    """A line with the words of its source beside it, where nothing can stand below it."""
    said = line.wording
    return _line(line) + (f" {_quotation(said)}" if said is not None and said.quote else "")


def _code(text: str) -> str:
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _fenced(text: str) -> str:
    fence = "`" * max(3, max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    return f"{fence}text\n{text}\n{fence}"


def _sign(sign: str) -> str:
    return f"{_SIGNS[sign]} " if sign in _SIGNS else ""


def _nested(line: a.Line, depth: int) -> str:
    quoted = f"\n{_quoted(line.wording, depth)}" if line.wording and line.wording.quote else ""
    return f"{quoted}\n\n{_list(line.inner, depth)}" if line.inner else quoted


def _quoted(said: a.Wording, depth: int) -> str:
    """The words of a source, as a quotation below the line they belong to."""
    return f"{' ' * depth}> {_quotation(said)}"


def _quotation(said: a.Wording) -> str:
    return f"“{escaped(said.quote)}” *({escaped(said.place)})*"


def _list(lines: Iterable[a.Line], depth: int, numbered: bool = False) -> str:
    found = []
    for number, line in enumerate(lines, start=1):
        mark = f"{number}." if numbered else "-"
        pad = " " * depth
        found.append(f"{pad}{mark} {_line(line)}")
        below = depth + len(mark) + 1
        if line.wording is not None and line.wording.quote:
            found.append(_quoted(line.wording, below))
        if line.inner:
            found.append(_list(line.inner, below))
    return "\n".join(found)


def _grid(grid: a.Grid) -> str:
    def head(one: a.Head) -> str:
        name = escaped(one.name) + (f" ({escaped(one.code)})" if one.code else "")
        return f"[{name}](#{one.target})" if one.target else name

    def cell(one: a.Cell) -> str:
        words = f"{_sign(one.outcome)}{escaped(one.words)}"
        linked = f"[{words}](#{one.target})" if one.target else words
        return linked + (f" ({escaped(one.detail)})" if one.detail else "")

    header = [escaped(grid.corner), *(head(column) for column in grid.columns)]
    rows = [[f"**{head(row.head)}**", *(cell(one) for one in row.cells)] for row in grid.rows]
    return f"{escaped(grid.caption)}\n\n{_table(header, rows)}"


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(header)} |", "|" + " --- |" * len(header)]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


def _cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", text).replace("\n", " ") or " "


def _tree(node: a.TreeNode, depth: int) -> list[str]:
    joins = f" — {node.joins}:" if node.joins else ""
    why = f" *({escaped(node.quiet)})*" if node.quiet else ""
    found = [
        f"{'  ' * depth}- {STATUS_SHAPES[node.status]} **{STATUS_WORDS[node.status]}** {escaped(node.title)}{joins}{why}"
    ]
    for child in node.children:
        found += _tree(child, depth + 1)
    return found


def _reference(entry: a.ReferenceEntry) -> str:
    marks = f" **{', '.join(escaped(mark) for mark in entry.marks)}**" if entry.marks else ""
    place = f" [{escaped(entry.place or entry.url)}]({_address(entry.url)})" if entry.url else ""
    facts = "; ".join(filter(None, (entry.kind, *entry.facts)))
    told = f" *({escaped(facts)})*" if facts else ""
    head = f'- <a id="ref-{entry.n}"></a>\\[{entry.n}\\]{marks} {escaped(entry.text)}{place}{told}'
    quoted = [_quoted(one, 2) for one in entry.wordings if one.quote]
    bare = "".join(f" *{escaped(one.told)}*" for one in entry.wordings if not one.quote)
    return "\n".join([head + bare, *quoted])


def _address(url: str) -> str:
    return re.sub(r"[\s()<>\"\\]", lambda match: f"%{ord(match[0]):02X}", url)
