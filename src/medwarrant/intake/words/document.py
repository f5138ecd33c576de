"""A text with its words: where each stands, in which sentence, and in its normal form.

Everything that reads text works on a `Document`, so that every finding has a span of it. A question
and a clinical note are read alike.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from ...model.errors import InputError
from ...model.facts import Provenance
from ...terminology.text import normalise

#: The longest text that is read at once; a question has hundreds of characters, a long note thousands.
LONGEST: Final = 20_000
_WORD: Final = re.compile(
    r"(?<=[,(\[/])\s?\?(?=\s?[A-Za-z])|(?<=\s)\?(?=[A-Za-z])|\b(?:w/o|r/o|s/p|c/o|h/o|y/o|b/l|n/a)\b|\bw/(?=\W|\w)|\d+(?:\.\d+)+|[^\W_]+(?:['\u2019`]s\b)?|&|%",
    re.IGNORECASE,
)
_SPELLED_OUT: Final = {
    "?": "possible",
    "w/o": "without",
    "w/": "with",
    "&": "and",
    "r/o": "rule-out",
    "s/p": "sp",
}
_BREAK: Final = re.compile(
    r"(?<![,(\[/])(?<![,(\[/]\s)(?!\?[A-Za-z])[.?!](?=\s|$|[\"')\]])|[;\n\r\u2028\u2029]|(?<=\s)[-\u2013\u2014](?=\s)"
)
_ABBREVIATED: Final = re.compile(
    r"\b(?:vs|dr|no|approx|e\.g|i\.e|st|mr|mrs|ms|inj|(?-i:[Pp]t))\.$", re.IGNORECASE
)
_PLAIN: Final = re.compile(r"[A-Za-z]+(?:[ -][A-Za-z]+)*")
_LONGEST_BRACKET: Final = 300
_RANKED: Final = frozenset({"type", "stage", "grade"})


@dataclass(frozen=True, slots=True)
class Token:
    """One word: as written, in normal form, and its characters in the document."""

    text: str
    norm: str
    start: int
    end: int


class Document:
    """A text and its words.

    >>> document = Document("Post-herpetic neuralgia, w/o fever.")
    >>> [token.norm for token in document.tokens]
    ['postherpetic', 'neuralgia', 'without', 'fever']
    >>> document.quote(0, 2)
    'Post-herpetic neuralgia'
    """

    def __init__(
        self,
        text: str,
        name: str = "question",
        *,
        day: date | None = None,
        breaks: Sequence[int] = (),
        longest: int = LONGEST,
    ) -> None:
        """`day` is when it was written, for *two weeks ago*; sentences also end at `breaks`."""
        if len(text) > longest:
            raise InputError(
                f"the text has {len(text):,} characters",
                where=name,
                mend=f"shorten it to {longest:,}, or give long records in parts",
            )
        self.text = text
        self.name = name
        self.day = day
        self._breaks = breaks
        self.tokens: tuple[Token, ...] = tuple(tokenise(text))
        self.starts = [token.start for token in self.tokens]
        self.sentence = self._sentences()
        self.bracketed = self._bracketed()

    def _sentences(self) -> list[int]:
        breaks = [
            found.start()
            for found in _BREAK.finditer(self.text)
            if found[0] != "."
            or not _ABBREVIATED.search(self.text, max(0, found.end() - 8), found.end())
        ]
        if self._breaks:
            breaks = sorted({*breaks, *self._breaks})
        return [bisect_right(breaks, start) for start in self.starts]

    def _bracketed(self) -> list[bool]:
        """Which words stand in brackets; one that is not closed within 300 characters is none."""
        inside = [False] * len(self.tokens)
        opened: list[int] = []
        for found in re.finditer(r"[()\[\]]", self.text):
            if found[0] in "([":
                opened.append(found.start())
                continue
            start = opened.pop() if opened else found.start()
            if (
                not opened and found.start() - start <= _LONGEST_BRACKET
            ) or found.start() - start < 40:
                for at in range(self.at(start), self.at(found.start())):
                    inside[at] = True
        return inside

    def at(self, character: int) -> int:
        """The index of the first word that starts at or after a character."""
        return bisect_left(self.starts, character)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The characters of the words from `first` up to, not including, `last`."""
        return self.tokens[first].start, self.tokens[last - 1].end

    def quote(self, first: int, last: int) -> str:
        """The text of words, exactly as written."""
        start, end = self.span(first, last)
        return self.text[start:end]

    def gap(self, at: int) -> str:
        """What stands between a word and the one before it."""
        return self.text[self.tokens[at - 1].end if at else 0 : self.tokens[at].start]

    def norms(self, first: int, last: int) -> tuple[str, ...]:
        """The normal forms of words."""
        return tuple(token.norm for token in self.tokens[max(first, 0) : last])

    def provenance(self, first: int, last: int) -> Provenance:
        """Where a fact was read, for the words from `first` up to `last`."""
        return self.provenance_of(self.span(first, last))

    def provenance_of(self, span: tuple[int, int]) -> Provenance:
        """Where a fact was read, for a span of characters."""
        return Provenance(document=self.name, span=span, quote=self.text[span[0] : span[1]])


def tokenise(text: str) -> Iterable[Token]:
    """The words of a text; a prefix written apart joins its word, as `terminology.text` has it.

    >>> [token.norm for token in tokenise("non-surgical, type II")]
    ['nonsurgical', 'type', '2']
    """
    held: Token | None = None
    before = ""
    for found in _WORD.finditer(text):
        word = found[0]
        token = Token(word, _norm(word), found.start(), found.end())
        if before in _RANKED:
            token = Token(word, _ranked(before, token.norm), token.start, token.end)
        if held is not None:
            joined = (
                _joined(held.norm, token.norm)
                if text[held.end : token.start] in ("-", " ", "")
                else None
            )
            if joined is not None:
                token = Token(text[held.start : token.end], joined, held.start, token.end)
            else:
                yield held
            held = None
        if _is_prefix(token.norm) and before != "status":
            held = token
        else:
            yield token
        before = token.norm
    if held is not None:
        yield held


@lru_cache(maxsize=8192)
def _norm(word: str) -> str:
    lowered = word.strip().lower()
    if lowered in _SPELLED_OUT:
        return _SPELLED_OUT[lowered]
    return normalise(word).replace(" ", "") or lowered


@lru_cache(maxsize=1024)
def _ranked(rank: str, norm: str) -> str:
    return normalise(f"{rank} {norm}").split()[-1]


@lru_cache(maxsize=8192)
def _is_prefix(norm: str) -> bool:
    return len(norm) < 8 and len(normalise(f"{norm} zzzz").split()) == 1


@lru_cache(maxsize=8192)
def _joined(prefix: str, norm: str) -> str | None:
    words = normalise(f"{prefix} {norm}").split()
    return words[0] if len(words) == 1 else None


@lru_cache(maxsize=16384)
def phrase(text: str) -> tuple[str, ...]:
    """The normal forms of a phrase's words, as a document would have them.

    >>> phrase("Tinel's sign")
    ('tinel', 'sign')
    """
    if _PLAIN.fullmatch(
        text
    ):  # most phrases; the long way gives the same and takes ten times as long
        return tuple(normalise(text).split())
    return tuple(token.norm for token in tokenise(text))


def consecutive(indexes: Sequence[int]) -> bool:
    """Whether word indexes follow each other without a gap."""
    return indexes[-1] - indexes[0] + 1 == len(indexes)
