"""Codes as text: how a diagnosis code is written."""

from __future__ import annotations

import re


def diagnosis_code(raw: object) -> str:
    """A diagnosis code in capitals with its dot.

    >>> diagnosis_code("g43919")
    'G43.919'
    """
    text = re.sub(r"[^A-Z0-9]", "", str(raw).upper())
    return f"{text[:3]}.{text[3:]}" if len(text) > 3 else text
