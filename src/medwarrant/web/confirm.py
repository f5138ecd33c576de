"""The page that asks before an act which cannot be undone."""

from __future__ import annotations

import msgspec


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What `confirm.html` asks: what will be done, where the form goes, and the way back."""

    title: str
    lines: tuple[str, ...]
    action: str
    words: str
    back: str
    back_words: str = "Not now"
    values: dict[str, str] = msgspec.field(default_factory=dict)
