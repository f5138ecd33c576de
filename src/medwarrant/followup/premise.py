"""What is supposed in a *what if*: the words that would be facts if they were so."""

from __future__ import annotations

import re
from typing import Final

_LEAD: Final = re.compile(
    r"^.*?\b(?:(?:what|how\s+about|what\s+happens|what\s+changes|what\s+would\s+(?:happen|change))\s+(?:would\s+happen\s+|happens\s+|changes\s+)?if"
    r"|suppose|supposing|assume|assuming|imagine|pretend|hypothetically|let'?s\s+(?:say|assume|suppose|imagine)|^say)(?:\s+that|,|:)?\s",
    re.IGNORECASE | re.DOTALL,
)
_IF_LAST: Final = re.compile(
    r"^.*\b(?:if|assuming|provided|supposing|in\s+case|once|as\s+soon\s+as|even\s+though)(?:\s+that)?\s(?=\S)",
    re.IGNORECASE | re.DOTALL,
)
_MATTER: Final = re.compile(
    r"^.*?\b(?:matter|help|change|difference)\b.*?\b(?:that|if|when|to|were)\s",
    re.IGNORECASE | re.DOTALL,
)
_INVERTED: Final = re.compile(r"^\W*(?:and\s+|but\s+)?(?:had|were|should)\s", re.IGNORECASE)
_LEADING_IF: Final = re.compile(r"^\W*(?:\w+\s+)?if\s", re.IGNORECASE)
_THEN: Final = re.compile(
    r",\s*(?:and\s+|then\s+)?(?:would|will|is|does|could|can|should|what|how|which|do|are|then)\b"
    r"|\s(?:would|will)\s+(?:it|this|that|they)\b|\sthen\s+(?:would|will|is|does)\b|\?",
    re.IGNORECASE,
)
_TENSE: Final = re.compile(
    r"\b(?:to\s+document|to\s+show|were\s+to|would|could|might|should|hypothetically)\b",
    re.IGNORECASE,
)


def premise(text: str) -> str:
    """The supposition alone, everything else blank, so that characters keep their places.

    >>> premise("What if she had tried naproxen, would it be covered?").strip()
    'she had tried naproxen'
    >>> premise("Would it be covered if she failed two triptans?").strip()
    'she failed two triptans'
    >>> premise("If the payer were Aetna, would it be covered?").strip()
    'the payer were Aetna'
    """
    start = 0
    for cue in (_LEAD, _LEADING_IF, _MATTER, _IF_LAST, _INVERTED):
        match = cue.match(text)
        if match:
            start = match.end()
            break
    end = len(text)
    then = _THEN.search(text, start)
    if then is not None and re.search(r"[^\W_]", text[start : then.start()]):
        end = then.start()
    kept = " " * start + text[start:end] + " " * (len(text) - end)
    return _TENSE.sub(lambda match: " " * len(match[0]), kept)
