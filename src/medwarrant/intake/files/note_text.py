"""The text of a note as it is read, with the way back to the file it came from.

What is read is not always what the file holds: HTML has tags and entities, a hard-wrapped text has line
ends in the middle of sentences. Every character read knows the characters of the original it stands
for, so that a quote can be shown where it was written.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import Final, Literal

import msgspec

Kind = Literal["text", "markdown", "html", "pdf", "docx"]

#: More than any note holds; the reading itself takes less at once.
MOST_CHARACTERS: Final = 5_000_000

#: Characters that are not seen: soft hyphens, joiners, marks of direction and of byte order. They would
#: cut words apart, or show a reader another order than the machine reads.
INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")


class NoteText(msgspec.Struct, frozen=True, kw_only=True):
    """A note: its name, what kind of file it is, and the text to read.

    Spans that the reading finds count characters of `text`; `original_span` turns them into characters
    of the original: of the decoded file (after a byte-order mark, line ends as they stand) for text,
    Markdown and HTML, of the extracted text for PDF and DOCX. `remarks` tell the user what could not be
    read. `pieces`, `places` and `original` carry the ways back and are not meant for callers.
    """

    name: str
    kind: Kind
    text: str
    remarks: tuple[str, ...] = ()
    pieces: tuple[tuple[int, int, int], ...] = ()
    place_word: str = "line"
    places: tuple[int, ...] = ()
    original: str = ""

    def __repr__(self) -> str:
        """Name, kind and length; never the text, which may end up in a log."""
        return f"NoteText(name={self.name!r}, kind={self.kind!r}, {len(self.text)} characters)"

    def original_span(self, start: int, end: int) -> tuple[int, int] | None:
        """The characters of the original that `text[start:end]` stands for.

        None where the span is empty, lies outside the text, or stands for nothing in the original
        (a line break that a tag made).

        >>> note = NoteText(name="n", kind="html", text="a < b", pieces=((0, 3, 5), (2, 5, 9), (3, 9, 11)))
        >>> note.original_span(2, 5)   # of '<p>a &lt; b</p>'
        (5, 11)
        """
        if not 0 <= start < end <= len(self.text):
            return None
        first = self._original(start)[0]
        last = self._original(end - 1)[1]
        return (first, last) if first < last else None

    def quote(self, start: int, end: int) -> str:
        """The characters of the original that `text[start:end]` stands for, as they stand there.

        >>> note = NoteText(name="n", kind="html", text="a < b", pieces=((0, 3, 5), (2, 5, 9), (3, 9, 11)), original="<p>a &lt; b</p>")
        >>> note.quote(2, 5)
        '&lt; b'
        """
        span = self.original_span(start, end)
        if span is None or not self.original:
            return self.text[start:end]
        return self.original[span[0] : span[1]]

    def place(self, start: int) -> str:
        """Where a character of `text` stands, for people: its line, page or paragraph.

        >>> NoteText(name="n", kind="pdf", text="ab", place_word="page", places=(0, 1)).place(1)
        'page 2'
        """
        at = self._original(min(max(start, 0), max(len(self.text) - 1, 0)))[0]
        return f"{self.place_word} {max(bisect_right(self.places, at), 1)}"

    def _original(self, at: int) -> tuple[int, int]:
        """The original characters of one character of the text."""
        if not self.pieces:
            return at, at + 1
        number = bisect_right(self.pieces, at, key=lambda piece: piece[0]) - 1
        start, first, last = self.pieces[number]
        end = self.pieces[number + 1][0] if number + 1 < len(self.pieces) else len(self.text)
        if end - start == last - first:
            return first + at - start, first + at - start + 1
        return first, last


class TextBuilder:
    """Puts together the text to read from an original, keeping the way back."""

    def __init__(self, original: str) -> None:
        self.original = original
        self._parts: list[str] = []
        self._pieces: list[tuple[int, int, int]] = []
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def copy(self, start: int, end: int) -> None:
        """Read characters of the original as they stand, without those that are not seen."""
        at = start
        for found in INVISIBLE.finditer(self.original, start, end):
            self._add(self.original[at : found.start()], at, found.start())
            at = found.end()
        self._add(self.original[at:end], at, end)

    def put(self, text: str, start: int, end: int) -> None:
        """Read a text in the place of characters of the original, as one."""
        self._add(INVISIBLE.sub("", text), start, end)

    def _add(self, text: str, start: int, end: int) -> None:
        if not text:
            return
        before = self._pieces[-1] if self._pieces else None
        follows = before is not None and before[2] == start
        verbatim = len(text) == end - start
        if before and follows and verbatim and self._length - before[0] == before[2] - before[1]:
            self._pieces[-1] = (before[0], before[1], end)
        else:
            self._pieces.append((self._length, start, end))
        self._parts.append(text)
        self._length += len(text)

    def note(self, name: str, kind: Kind, remarks: tuple[str, ...] = ()) -> NoteText:
        """The note that was put together; its places are the lines of the original."""
        return NoteText(
            name=name,
            kind=kind,
            text="".join(self._parts),
            remarks=remarks,
            pieces=tuple(self._pieces),
            places=line_starts(self.original),
            original=self.original,
        )


def line_starts(text: str) -> tuple[int, ...]:
    r"""Where each line begins.

    >>> line_starts("one\r\ntwo\nthree")
    (0, 5, 9)
    """
    return (0, *(found.end() for found in re.finditer(r"\r\n?|\n", text)))


def without_surrogates(text: str) -> str:
    """Text that can be written as UTF-8: halves of characters are joined, lone ones replaced."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def starts_of(parts: Iterable[str], gap: int) -> tuple[int, ...]:
    """Where each part begins in the text that joins them with `gap` characters between.

    >>> starts_of(["first", "second"], 1)
    (0, 6)
    """
    starts, length = [], 0
    for part in parts:
        starts.append(length)
        length += len(part) + gap
    return tuple(starts)
