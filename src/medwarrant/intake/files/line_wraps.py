"""Line ends that only wrap a sentence, told from those that end a statement.

The reading takes a line end for the end of a sentence, which lists and forms need. In a text wrapped at
a fixed width it would tear "headache for / three months" apart. A line end is taken for a wrap only
where the next line could not have begun earlier: its first word would not have fitted.
"""

from __future__ import annotations

import re
from statistics import median
from typing import Final

_END: Final = re.compile(r"\r\n?|\n")
_SHORTEST, _WIDEST = 40, 140
_ITEM: Final = re.compile(
    r"\s*(?:[-*+\u2022\u00b7\u25aa\u25e6\u2610-\u2612\u2013\u2014>|#]|\[.?\]|\(?\d{1,3}[.)](?:\s|$)|\(?[a-z][.)]\s|```|~~~)"
)
_HEADING: Final = re.compile(r"\s*[A-Z][\w/&' -]{0,40}:")
_TABLE: Final = re.compile(r"\t|\S {3,}\S|\|")
_STATEMENT_ENDS: Final = (".", "?", "!", ":", ";")


def wraps(text: str) -> list[tuple[int, int]]:
    r"""The spans of the line ends that only wrap.

    >>> text = "She has had headaches on most days of the month\nsince 2023.\nPlan: nerve block"
    >>> wraps(text)
    [(47, 48)]
    """
    lines: list[tuple[int, int]] = []
    at = 0
    for found in _END.finditer(text):
        lines.append((at, found.start()))
        at = found.end()
    lines.append((at, len(text)))
    written = [text[start:end] for start, end in lines]
    widths = [len(line.rstrip()) for line in written]
    widest = max((width for width in widths if width <= _WIDEST), default=0)
    candidates = [
        number
        for number in range(len(lines) - 1)
        if _SHORTEST <= widths[number] <= _WIDEST
        and _may_go_on(written[number], written[number + 1])
    ]
    # A line that goes on in a small letter is a wrap for certain; such lines show the width.
    certain = [
        number
        for number in candidates
        if written[number + 1].lstrip()[0].islower()
        and _reach(widths[number], written[number + 1]) > 0.75 * widest
    ]
    found_wraps = set(certain)
    if len(certain) >= 2:
        width = median(widths[number] for number in certain)
        found_wraps.update(
            number
            for number in candidates
            if _reach(widths[number], written[number + 1]) > 0.92 * width
        )
    return [(lines[number][1], lines[number + 1][0]) for number in sorted(found_wraps)]


def _may_go_on(line: str, following: str) -> bool:
    if not following.strip() or line.endswith("  ") or line.rstrip().endswith(_STATEMENT_ENDS):
        return False
    if _ITEM.match(following) or _HEADING.match(following) or line.lstrip().startswith(("#", "|")):
        return False
    return not (_TABLE.search(line.strip()) or _TABLE.search(following.strip()))


def _reach(width: int, following: str) -> int:
    """How long the line would have been with the next word on it."""
    return width + 1 + len(following.split(maxsplit=1)[0])


def unwrapped(text: str) -> str:
    r"""The text with blanks in the place of wraps, character for character.

    >>> unwrapped("She has had headaches on most days of the month\nsince 2023.")
    'She has had headaches on most days of the month since 2023.'
    """
    parts, at = [], 0
    for start, end in wraps(text):
        parts += [text[at:start], " " * (end - start)]
        at = end
    return "".join((*parts, text[at:]))
