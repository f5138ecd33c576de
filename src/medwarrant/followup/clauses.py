"""The statements and the sentences of a text, by their characters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .cues import CLAUSE_END

Span = tuple[int, int]


def clauses(text: str) -> Iterator[Span]:
    """The statements of a text, by their characters.

    >>> text = "Ignore the MRI, it was wrong. PT was 6 weeks, not 3"
    >>> [text[start:end].strip(" ,") for start, end in clauses(text)]
    ['Ignore the MRI', 'it was wrong.', 'PT was 6 weeks, not 3']
    """
    start = 0
    for match in CLAUSE_END.finditer(text):
        if re.search(r"\w", text[start : match.start()]):
            yield start, match.end()
            start = match.end()
    if re.search(r"\w", text[start:]):
        yield start, len(text)


def sentences(text: str) -> Iterator[Span]:
    """The sentences of a text, by their characters."""
    start = 0
    for match in re.finditer(r"[.;!?](?=\s|$)|[\n\r\u2028\u2029]+", text):
        yield start, match.end()
        start = match.end()
    yield start, len(text)
