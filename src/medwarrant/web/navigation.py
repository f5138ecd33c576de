"""The entries of the header: those whose page the person may open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

#: Words and the route they lead to; shown to whoever the permission table lets in. The part of a route's name before
#: the first dot is its area: the entry of the area in which one is counts as the current one.
NAVIGATION: Final[tuple[tuple[str, str], ...]] = (
    ("Home", "home"),
    ("Ask", "ask"),
    ("Inquiries", "inquiries"),
    ("Cases", "cases"),
    ("Dashboard", "dashboard"),
    ("Content", "content"),
    ("Audit", "audit"),
    ("Settings", "settings"),
    ("People", "people"),
    ("About", "about"),
)


class Entry(msgspec.Struct, frozen=True):
    """One entry of the header."""

    words: str
    path: str
    #: As `aria-current` says it: `page`, `true` for another page of the same area, or nothing.
    current: str = ""


def entries(at: str, *, may: Callable[[str], bool], url: Callable[[str], str]) -> tuple[Entry, ...]:
    """The entries of whoever may open them, that of the route `at` marked."""
    return tuple(
        Entry(words, url(route), _current(at, route)) for words, route in NAVIGATION if may(route)
    )


def _current(at: str, route: str) -> str:
    """How an entry stands to the page that is shown.

    >>> _current("cases", "cases"), _current("cases.worksheet", "cases"), _current("home", "cases")
    ('page', 'true', '')
    """
    if at == route:
        return "page"
    return "true" if at.partition(".")[0] == route.partition(".")[0] else ""
