"""How plain a letter is: the member's sentences of ours, and warnings on those that people wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from ..readability import reading_grade
from ..text import shortened
from .letter import Letter, Line, lines_of
from .member_words import MEMBER_GRADE
from .names import has_code

#: So many of the hardest sentences are named, each cut to so many characters.
_HARDEST, _LONGEST = 3, 200
_END = re.compile(r"(?<=[.?!])\s+")


def member_sentences(letter: Letter) -> list[str]:
    """What a member reads in words of ours, of the packs and of the record; people's words left out.

    Headings are left out too: they are no sentences, and would only make a letter seem easier than it is.

    >>> from datetime import date
    >>> from medwarrant.report.letters.letter import Part, Text
    >>> made = Letter(kind="approval_letter", title="t", audience="member", dated=date(2026, 11, 23),
    ...               sender="Plan", subject="s",
    ...               parts=(Part(id="a", blocks=(Text((Line(text="We approved it."),)),)),))
    >>> member_sentences(made)
    ['We approved it.']
    """
    found: list[str] = []
    for line in lines_of(letter, "member"):
        if line.origin in ("ours", "packs", "record"):
            found.append(" ".join(filter(None, (line.lead, line.text, line.note))))
        elif line.lead:
            found.append(line.lead)
    return [text for text in found if text]


def hardest(text: str) -> list[str]:
    """The sentences of a text above the grade a member is given, the hardest first.

    >>> hardest("It may help. Radiofrequency denervation necessitates prior authorization.")
    ['Radiofrequency denervation necessitates prior authorization.']
    """
    parts = [part for part in _END.split(text) if reading_grade([part]) > MEMBER_GRADE]
    return sorted(parts, key=lambda part: -reading_grade([part]))


def warnings_on(letter: Letter, more: Iterable[str] = ()) -> Letter:
    """The letter with warnings on people's words that a member may not be able to read.

    A person's words are never changed and never refused for their style: whoever signs can mend them
    first, or give the reason again in plain words for the member.
    """
    found = dict.fromkeys((*letter.warnings, *more))
    for line in lines_of(letter, "member"):
        if line.origin == "person":
            found |= dict.fromkeys(_on_line(line))
    return msgspec.structs.replace(letter, warnings=tuple(found))


def _on_line(line: Line) -> Iterable[str]:
    grade = reading_grade([line.text])
    if grade > MEMBER_GRADE:
        named = "; ".join(
            f"“{shortened(part, _LONGEST)}”" for part in hardest(line.text)[:_HARDEST]
        )
        told = f" Hardest: {named}" if named else ""
        yield (
            f"What a person wrote for the member reads at grade {grade:.1f}; "
            f"the aim is {MEMBER_GRADE:.0f} or lower.{told}"
        )
    if has_code(line.text):
        yield (
            "What a person wrote for the member holds a code; codes belong in the part for the "
            f"doctor's office: “{shortened(line.text, _LONGEST)}”"
        )
