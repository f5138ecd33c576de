"""What a note says of diagnoses and findings: denied or not, how surely, when, of whom, on which side.

Statements inform; they add no diagnosis and no service to a request. What is denied is listed also where
no code or fact of the library knows the words, because a reader looks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, Literal

import msgspec

from ..words.diagnoses import worded_diagnoses
from ..words.marked import Marked
from .sections import Section

Status = Literal["present", "absent"]
Certainty = Literal["stated", "possible", "conditional"]
Time = Literal["current", "past"]
Person = Literal["patient", "relative"]

#: Where a phrase within a denial ends.
_PARTS: Final = re.compile(
    r"\s*(?:,\s*(?:and|or|nor)\b|[,;:]|(?<=[A-Za-z])/(?=[A-Za-z])|\band\b|\bor\b|\bnor\b|\bas well as\b|\bwhen\b|\bon the\b(?=\s+(?:left|right)))\s*",
    re.IGNORECASE,
)
_EDGES: Final = re.compile(
    r"^(?:[\W_]|(?:having|an?|the|any|of|for|had|has|have|been|being|is|are|was|were|be|to|in|recent|no|not|without|denies|denied|focal|difficulty with|difficulties with|problems with|trouble with|history|significant|evidence|complaints?|signs?|or|and|other|current|currently|there)\b)+|[\s\W_]+$",
    re.IGNORECASE,
)
_LONGEST_FINDING: Final = 9
#: A phrase with one of these is no finding but a clause.
_CLAUSE: Final = frozenset(
    "they that what state stated states while she he i we obtained think believe recommend such this perform".split()
)
_SAYS_NOTHING: Final = frozenset(
    "it this that only known change longer doubt one more further so further noted acute distress".split()
)


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a note says: a diagnosis with the code its words support, or a finding.

    `time` is past where it is told as resolved or long ago; `person` is relative where it is told of one.
    """

    words: str
    code: str | None = None
    status: Status = "present"
    certainty: Certainty = "stated"
    time: Time = "current"
    person: Person = "patient"
    side: str | None = None
    section: str = "other"
    span: tuple[int, int]


def read_statements(marked: Marked, sections: Iterable[Section]) -> tuple[Statement, ...]:
    """The diagnoses a note names, and what it denies, in the order of the text."""
    parts = tuple(sections)
    found = {statement.span: statement for statement in _diagnoses(marked, parts)}
    taken = [span for span, statement in found.items() if statement.status == "absent"]
    for statement in _denied(marked, parts):
        if not any(start < statement.span[1] and statement.span[0] < end for start, end in taken):
            found.setdefault(statement.span, statement)
    return tuple(found[span] for span in sorted(found))


def section_at(sections: Iterable[Section], character: int) -> Section | None:
    """The section that holds a character."""
    return next((part for part in sections if part.start <= character < part.end), None)


def side_of(marked: Marked, first: int, last: int) -> str | None:
    """The side told with words: in their own clause, the nearest one."""
    sentence = marked.document.sentence[first]
    best: tuple[int, str] | None = None
    for start, end, side in marked.sides:
        if marked.document.sentence[start] != sentence:
            continue
        gap = max(start - last, first - end, 0)
        between = range(last, start + 1) if start >= last else range(end, first + 1)
        if gap > 8 or any(_parts(marked, at) for at in between if 0 < at < len(marked.norms)):
            continue
        if best is None or gap < best[0]:
            best = (gap, side)
    return best[1] if best else None


def _parts(marked: Marked, at: int) -> bool:
    """Whether another clause begins at a word."""
    return "," in marked.document.gap(at) or marked.norms[at] in ("but", "however")


def _diagnoses(marked: Marked, sections: tuple[Section, ...]) -> Iterator[Statement]:
    scopes = marked.scopes
    for first, last, code in worded_diagnoses(marked):
        if scopes.has("heading", first, last):
            continue
        span = marked.document.span(first, last)
        section = section_at(sections, span[0])
        certainty: Certainty = "stated"
        if scopes.has("conditional", first, last) or scopes.has("ruled_out", first, last):
            certainty = "conditional"
        elif scopes.has("uncertain", first, last):
            certainty = "possible"
        yield Statement(
            words=marked.document.text[span[0] : span[1]],
            code=code,
            status="absent" if scopes.has("denied", first, last) else "present",
            certainty=certainty,
            time="past" if scopes.has("resolved", first, last) else "current",
            person="relative" if scopes.has("family", first, last) else "patient",
            side=side_of(marked, first, last),
            section=section.kind.id if section else "other",
            span=span,
        )


def _denied(marked: Marked, sections: tuple[Section, ...]) -> Iterator[Statement]:
    """The phrases that denials govern, each by itself."""
    document, scopes = marked.document, marked.scopes
    for effect, first, last in scopes.governed:
        if effect != "denied" or first >= last:
            continue
        start, end = document.span(first, last)
        for low, high in _phrases(document.text, start, end):
            at, until = document.at(low), document.at(high)
            if not at < until <= at + _LONGEST_FINDING:
                continue
            if scopes.has("conditional", at, until) and not scopes.has("heading", at, until):
                continue
            words = set(marked.norms[at:until])
            if (
                words <= _SAYS_NOTHING
                or words & _CLAUSE
                or not any(word.isalpha() for word in words)
            ):
                continue
            section = section_at(sections, low)
            yield Statement(
                words=document.text[low:high],
                status="absent",
                person="relative" if scopes.has("family", at, until) else "patient",
                side=side_of(marked, at, until),
                section=section.kind.id if section else "other",
                span=(low, high),
            )


def _phrases(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    region = text[start:end]
    at = 0
    for separator in [*_PARTS.finditer(region), None]:
        stop = separator.start() if separator else len(region)
        part = region[at:stop]
        lead = _EDGES.match(part)
        first = start + at + (lead.end() if lead and lead.start() == 0 and lead[0][:1] else 0)
        last = start + at + len(part.rstrip(" \t\r\n.,;:?!)([]-\u2013"))
        if last - first >= 3:
            yield first, last
        at = separator.end() if separator else stop
