"""A letter as plain text: for a secure message, a fax cover or a record that holds text only."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from ..text import date_words
from .letter import Block, Boxed, Letter, Line, Listed, Part, Sources, Table, Text, Ticks

_WIDTH = 78


def letter_text(letter: Letter) -> str:
    """The letter as lines of at most 78 characters; tables are told row by row.

    >>> from datetime import date
    >>> made = Letter(kind="approval_letter", title="t", audience="member", dated=date(2026, 11, 23),
    ...               sender="Plan", subject="Your care is approved")
    >>> letter_text(made).splitlines()[0]
    'Plan'
    """
    found = []
    for address in ((letter.sender, *letter.sender_lines), letter.to):
        lines = [text for line in address for text in _wrapped(line)]
        found += [*lines, ""] if lines else []
    found.append(f"Date: {date_words(letter.dated.isoformat())}")
    for field in letter.fields:
        found += _wrapped(f"{field.label}: {field.value}")
    found += ["", *_wrapped(letter.subject.upper()), ""]
    found += [*_wrapped(letter.greeting), ""] if letter.greeting else []
    for part in letter.parts:
        found += _part(part)
    if letter.signature is not None:
        who = ", ".join(filter(None, (letter.signature.name, letter.signature.credentials)))
        found += [*_wrapped(letter.signature.lead), *_wrapped(who), letter.signature.on, ""]
    if letter.copies:
        found += [*_wrapped(f"Copy to: {', '.join(letter.copies)}"), ""]
    if letter.enclosed:
        found += ["=" * _WIDTH, *_wrapped(letter.enclosed_title.upper()), ""]
        for part in letter.enclosed:
            found += _part(part)
    for line in letter.foot:
        found += _wrapped(line)
    return "\n".join(found).rstrip() + "\n"


def _part(part: Part) -> list[str]:
    found: list[str] = []
    if part.title:
        title = _wrapped(part.title)
        found += [*title, "-" * min(max(map(len, title)), _WIDTH)]
    for block in part.blocks:
        found += _block(block)
    return [*found, ""] if found and found[-1] else found


def _block(block: Block) -> list[str]:
    match block:
        case Text(lines=lines):
            return [text for line in lines for text in (*_line(line), "")]
        case Listed(lines=lines, numbered=numbered):
            return [*_list(lines, numbered=numbered), ""]
        case Ticks(lines=lines):
            return [*(text for line in lines for text in _line(line, "[ ] ")), ""]
        case Boxed(title=title, lines=lines):
            inside = [text for line in lines for text in _line(line)]
            return ["*" * 40, *_wrapped(title), *inside, "*" * 40, ""]
        case Table(caption=caption, header=header, rows=rows):
            found = _wrapped(f"{caption}:")
            for row in rows:
                for number, (name, line) in enumerate(zip(header, row, strict=True)):
                    found += _cell(name, line, "- " if number == 0 else "  ")
            return [*found, ""]
        case Sources(entries=entries):
            found = []
            for entry in entries:
                marks = "".join(f"({mark}) " for mark in entry.marks)
                text = " ".join(filter(None, (entry.text, entry.place or entry.url)))
                facts = f" ({entry.facts})" if entry.facts else ""
                found += _wrapped(f"{marks}{text}{facts}", f"[{entry.n}] ")
            return [*found, ""]


def _cell(name: str, line: Line, first: str) -> list[str]:
    told = "; ".join(filter(None, (_said(line), *(_said(one) for one in line.inner))))
    return _wrapped(f"{name}: {told}", first) if told else []


def _list(lines: Iterable[Line], indent: str = "", *, numbered: bool = False) -> list[str]:
    found: list[str] = []
    for number, line in enumerate(lines, start=1):
        found += _line(line, f"{indent}{f'{number}.' if numbered else '-'} ")
    return found


def _line(line: Line, first: str = "") -> list[str]:
    found = _wrapped(_said(line), first)
    if line.inner:
        found += _list(line.inner, " " * (len(first) or 2))
    return found


def _said(line: Line) -> str:
    cited = "".join(f"[{cite.n}{f' {cite.mark}' if cite.mark else ''}]" for cite in line.cites)
    note = f"({line.note})" if line.note else ""
    return " ".join(filter(None, (line.lead, line.text, cited, note)))


def _wrapped(text: str, first: str = "") -> list[str]:
    if not text:
        return []
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_on_hyphens=False,
    )
