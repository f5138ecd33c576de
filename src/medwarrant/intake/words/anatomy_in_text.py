"""Spinal levels and sides in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ...policy.library import Library

_SPINE: Final = (
    *(f"C{n}" for n in range(8)),
    *(f"T{n}" for n in range(1, 13)),
    *(f"L{n}" for n in range(1, 6)),
    *(f"S{n}" for n in range(1, 6)),
)
_LEVEL: Final = re.compile(
    r"(?<![A-Za-z0-9.])(?:[CTLS]\d{1,2}(?:\s?[-\u2013/]\s?[CTLS]?\d{1,2}){0,4}|[ctls]\d{1,2}(?:\s?[-\u2013/]\s?[ctls]?\d{1,2}){1,4})(?![A-Za-z0-9]|\.\d)"
)


@dataclass(frozen=True, slots=True)
class LevelsRead:
    """Levels as one expression states them: single vertebrae, or the segments between."""

    levels: tuple[str, ...]
    start: int
    end: int


def levels_in(text: str, start: int = 0, end: int | None = None) -> Iterator[LevelsRead]:
    """Spinal levels: *L4-5* is one segment, *L4-S1* two, *C3* a single vertebra or nerve.

    >>> [found.levels for found in levels_in("L4-S1 and C4-5, C6")]
    [('L4-L5', 'L5-S1'), ('C4-C5',), ('C6',)]
    """
    for found in _LEVEL.finditer(text, start, len(text) if end is None else end):
        parts: list[str] = []
        letter = ""
        for part in re.split(r"\s?[-\u2013/]\s?", found[0].upper()):
            letter = part[0] if part[0].isalpha() else letter
            parts.append(part if part[0].isalpha() else f"{letter}{part}")
        # L5-1 means L5-S1: the numbers begin anew below the lumbar spine.
        parts = [_begun_anew(parts[at - 1], part) if at else part for at, part in enumerate(parts)]
        if any(part not in _SPINE for part in parts):
            continue
        levels = _segments(parts)
        if levels:
            yield LevelsRead(tuple(levels), found.start(), found.end())


def _begun_anew(before: str, part: str) -> str:
    if (
        part in _SPINE
        and before in _SPINE
        and _SPINE.index(part) < _SPINE.index(before)
        and part[0] == before[0]
    ):
        following = {"C": "T", "T": "L", "L": "S"}.get(part[0], part[0])
        return f"{following}{part[1:]}"
    return part


def _segments(parts: list[str]) -> list[str]:
    if len(parts) == 1:
        return parts
    found: list[str] = []
    for first, last in zip(parts, parts[1:]):
        low, high = _SPINE.index(first), _SPINE.index(last)
        if high <= low:
            return []
        found += [f"{_SPINE[at]}-{_SPINE[at + 1]}" for at in range(low, high)]
    return list(dict.fromkeys(found))


def region_of_level(level: str, library: Library) -> str | None:
    """The region of the library that counts a level, or one of its vertebrae, among its own.

    >>> from medwarrant import load_packs
    >>> region_of_level("L4", load_packs())
    'lumbar-sacral'
    """
    for region in library.regions.values():
        if level in region.levels:
            return region.id
    for region in library.regions.values():
        if any(level in known.split("-") for known in region.levels):
            return region.id
    return None
