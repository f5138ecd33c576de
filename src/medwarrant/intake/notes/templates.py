"""Forms in notes: blanks that nobody filled in, boxes, and answers such as *Fever: no*.

A blank states nothing. A ticked box or a *yes* states what stands beside it, a *no* denies it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

#: A field with nothing in it: lines to write on, empty brackets, placeholders, "select one".
_BLANK: Final = re.compile(
    r"_{3,}|\.{5,}|\[\s*(?:\.{3}|\*{3}|x{3,}|fill in|select(?: one)?|enter[^\]]{0,40}|date|name|[a-z ]{0,20}here)?\s*\](?=\s*$|\s*[,;.)]|\s*\n)"
    r"|<[a-z _/]{2,30}>|\{[^}]{0,60}\}|\*{3}",
    re.IGNORECASE | re.MULTILINE,
)
_EMPTY_FIELD: Final = re.compile(
    r"^[ \t]*(?P<label>[A-Z][^:\n]{2,60}):[ \t]*(?:n/?a\.?|not applicable|not documented|not recorded|not assessed|not tested|deferred|unknown|\?|tbd)?[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_BOX: Final = re.compile(
    r"\[(?P<square>[ xX\u2713\u2714]?)\]|\((?P<round>[ xX\u2713\u2714])\)|(?P<empty>[\u2610\u25a1\u25fb])|(?P<full>[\u2611\u2612\u2713\u2714\u2705\u25a0])"
)
_ANSWER: Final = re.compile(
    r"(?:^|(?<=[,;|\n.])|(?<=\s{2}))[ \t]*(?:[-*\u2022]\s*)?(?P<label>[A-Za-z][^:;,|\n.?]{1,70}?)\s*(?::|\?|\s[-\u2013]|\||\t)\s*(?P<answer>no|none|negative|neg|denies|denied|absent|n|nil|not present|false|yes|y|positive|pos|present|true)\b(?=[ \t]*(?:$|[,;|.\n(]|\s{2}))",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNED: Final = re.compile(
    r"(?:(?<=\s)|^)\((?P<sign>[-+\u2212])\)\s*(?P<label>[A-Za-z][^,;.\n()]{1,50})|(?<=[;,:] )(?P<bare>[-+\u2212])\s?(?P<label2>[A-Za-z][^,;.\n()]{1,50})",
    re.MULTILINE,
)
_NO: Final = frozenset(
    {
        "no",
        "none",
        "negative",
        "neg",
        "denies",
        "denied",
        "absent",
        "n",
        "nil",
        "not present",
        "false",
    }
)
_SAYS_YES: Final = frozenset({"yes", "y"})
_SAYS_NO: Final = frozenset({"no", "n", "none", "denies"})


@dataclass(frozen=True, slots=True)
class Marks:
    """What the form does to a stretch of text: `blank` says nothing, `denied` and `affirmed` answer."""

    effect: str
    start: int
    end: int


def read_templates(text: str) -> Iterator[Marks]:
    r"""The answers and blanks of a form, with the characters they govern.

    >>> text = "Diabetes: no\nTrigger points: ______\n[ ] Fever  [x] Numbness"
    >>> [(m.effect, text[m.start:m.end].strip()) for m in read_templates(text)]
    [('blank', 'Trigger points: ______'), ('denied', 'Diabetes'), ('blank', 'Fever'), ('affirmed', 'Numbness')]
    """
    for found in _BLANK.finditer(text):
        start, end = _field(text, found.start(), found.end())
        yield Marks("blank", start, end)
    for found in _EMPTY_FIELD.finditer(text):
        after = text[found.end() : found.end() + 80].lstrip("\r\n")
        next_field = re.match(r"\s*[A-Z][^:\n]{2,60}:", after)
        if (
            found[0].rstrip().endswith(":")
            and not next_field
            and re.match(r"\s*(?:[-*\u2022\d(\[]|[A-Za-z])", after)
        ):
            continue  # a heading over what follows
        yield Marks("blank", *found.span("label"))
    for found in _ANSWER.finditer(text):
        answer = found["answer"].lower()
        yield Marks("denied" if answer in _NO else "affirmed", *found.span("label"))
    for found in _SIGNED.finditer(text):
        sign = found["sign"] or found["bare"]
        yield Marks(
            "affirmed" if sign == "+" else "denied",
            *found.span("label" if found["sign"] else "label2"),
        )
    yield from _boxes(text)


def _field(text: str, start: int, end: int) -> tuple[int, int]:
    """The label of a blank: what stands before it in its clause."""
    low = (
        max(
            text.rfind("\n", 0, start),
            text.rfind(". ", 0, start),
            text.rfind("; ", 0, start),
            text.rfind(", ", 0, start),
        )
        + 1
    )
    return max(low, start - 80), end


def _boxes(text: str) -> Iterator[Marks]:
    """Boxes tick what follows them; *yes* and *no* boxes answer what precedes them."""
    boxes = list(_BOX.finditer(text))
    for number, box in enumerate(boxes):
        line_end = text.find("\n", box.end())
        line_end = len(text) if line_end < 0 else line_end
        following = boxes[number + 1].start() if number + 1 < len(boxes) else len(text)
        end = min(line_end, following)
        ticked = bool((box["square"] or box["round"] or "").strip() or box["full"])
        label = text[box.end() : end].strip(" \t:.,;").lower()
        word = label.split()[0].strip(",.;:") if label else ""
        if word in _SAYS_YES | _SAYS_NO:
            line_start = text.rfind("\n", 0, box.start()) + 1
            if ticked:
                first = next(b.start() for b in boxes if b.start() >= line_start)
                yield Marks("denied" if word in _SAYS_NO else "affirmed", line_start, first)
            elif not any(_ticked(b) for b in boxes if line_start <= b.start() < line_end):
                yield Marks("blank", line_start, box.start())
        elif label:
            yield Marks("affirmed" if ticked else "blank", box.end(), end)


def _ticked(box: re.Match[str]) -> bool:
    return bool((box["square"] or box["round"] or "").strip() or box["full"])
