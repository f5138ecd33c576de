"""Where quotes stand in the text that a worksheet shows; pure.

Spans of facts count characters of the original file. What is shown is the text that was read of it, without
tags and with lines joined: every span is brought from the one to the other, or it is said that it cannot be.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..intake.files.note_text import NoteText


class Place(msgspec.Struct, frozen=True):
    """Characters of the shown text, from `start` to before `end`."""

    start: int
    end: int


class Unplaced(msgspec.Struct, frozen=True):
    """Why a quote cannot be shown where it was written."""

    why: str


class Marked(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of the shown text with the facts that were read from it; none for plain text."""

    start: int
    end: int
    text: str
    facts: tuple[str, ...] = ()


def place_of(note: NoteText, span: tuple[int, int] | None, quote: str) -> Place | Unplaced:
    """The characters of a note's text that stand for characters of its original.

    The quote must be what stands there: where it is not, the file is not the one that was read.

    >>> from medwarrant.intake.files.read import read_file
    >>> note = read_file(b"<p>Pain &ge; 7/10 daily</p>", "visit.html")
    >>> place_of(note, (8, 12), "&ge;")
    Place(start=5, end=6)
    >>> place_of(note, (8, 12), "mild").why
    'the file holds other words at this place'
    """
    if span is None:
        return Unplaced("the fact names no place in a text")
    first, last = span
    if not 0 <= first < last:
        return Unplaced("the place of the fact is not in the text")
    place = _shown(note, first, last)
    if place is None:
        return Unplaced("the place of the fact is not in the text")
    here = note.quote(place.start, place.end)
    if quote and _tidy(quote) not in _tidy(here) and _tidy(here) not in _tidy(quote):
        return Unplaced("the file holds other words at this place")
    return place


def _shown(note: NoteText, first: int, last: int) -> Place | None:
    """The first to the last character of the text that stand for characters of a span."""
    if not note.pieces:
        return Place(first, last) if last <= len(note.text) else None
    found: list[tuple[int, int]] = []
    ends = [piece[0] for piece in note.pieces[1:]] + [len(note.text)]
    for (start, begins, stops), end in zip(note.pieces, ends, strict=True):
        low, high = max(first, begins), min(last, stops)
        if low >= high and not (begins == stops and first <= begins < last):
            continue
        if end - start == stops - begins:  # as it stands in the file
            found.append((start + low - begins, start + high - begins))
        else:  # several characters that are read as one
            found.append((start, end))
    if not found:
        return None
    return Place(min(start for start, _ in found), max(end for _, end in found))


def _tidy(text: str) -> str:
    return "".join(text.split())


def marked(text: str, places: Iterable[tuple[str, Place]]) -> tuple[Marked, ...]:
    """The text cut at the ends of places, each piece with the facts whose places it lies in.

    Places may overlap, lie within each other or follow each other at once; the pieces together are the
    text.

    >>> [(one.text, one.facts) for one in marked("abcd", [("x", Place(0, 3)), ("y", Place(2, 4))])]
    [('ab', ('x',)), ('c', ('x', 'y')), ('d', ('y',))]
    """
    known = sorted(places, key=lambda one: (one[1].start, one[1].end, one[0]))
    cuts = {0, len(text)}
    for _, place in known:
        cuts |= {place.start, place.end}
    edges = sorted(cut for cut in cuts if 0 <= cut <= len(text))
    found = []
    for start, end in zip(edges, edges[1:]):
        facts = tuple(
            dict.fromkeys(
                name for name, place in known if place.start <= start and end <= place.end
            )
        )
        found.append(Marked(start=start, end=end, text=text[start:end], facts=facts))
    return tuple(found)
