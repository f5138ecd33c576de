"""The day a note was written, where it says so."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from ..words.quantities import dates

_SAID: Final = re.compile(
    r"(?:date\s+of\s+(?:service|visit|procedure|exam(?:ination)?|evaluation|consultation|encounter|note|operation|surgery)"
    r"|(?:visit|service|encounter|note|procedure|exam|consultation|clinic)[ \t]+date|dos|date\s*/\s*time|date|dated|seen on|examined on|evaluated on|evaluated today,?|visit of|visit on|encounter)"
    r"\s*[:\-]?\s*",
    re.IGNORECASE,
)
_FORBIDDEN: Final = re.compile(
    r"(?:birth|dob|injury|onset|accident|loss|last|start)\W*(?:date)?\W*$", re.IGNORECASE
)
_OPENING: Final = 600


def date_of_note(text: str, as_of: date) -> date | None:
    r"""The date that a note states as its own, no later than `as_of`; None where it states none.

    A labelled date counts anywhere; else a line near the top, or before the first sentence ends, that is
    only a date.

    >>> date_of_note("Date of service: 11/11/2025\nNeck pain.", date(2026, 1, 1))
    datetime.date(2025, 11, 11)
    """
    for label in _SAID.finditer(text):
        if _FORBIDDEN.search(text, max(0, label.start() - 20), label.start()):
            continue
        if label.start() and text[label.start() - 1].isalpha():
            continue
        found = next(dates(text, label.end(), min(len(text), label.end() + 24)), None)
        if found and found.start == label.end() and found.value.first == found.value.last <= as_of:
            return found.value.first
    for found in dates(text, 0, min(len(text), _OPENING)):
        line_start = text.rfind("\n", 0, found.start) + 1
        line_end = text.find("\n", found.end)
        line = text[line_start : line_end if line_end >= 0 else len(text)]
        only = line.replace(text[found.start : found.end], "").strip(" \t.,;|-*#")
        if not only and found.value.first == found.value.last <= as_of:
            return found.value.first
    return None
