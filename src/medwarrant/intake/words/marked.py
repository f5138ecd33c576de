"""A document with all that was recognised in it marked: phrases, codes, misspellings and scopes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ...policy.library import Library
from ...terminology.icd10cm import Icd10cm
from .codes import CodeRead, read_codes
from .document import Document
from .lexicon import Lexicon, Mention, lexicon_of
from .scope import Scopes
from .spelling import mended

#: Cue words inside these are no cues: "without relief" tells an outcome and denies nothing.
_HOLDS_ITS_CUES = ("attribute", "flag", "choice", "no_event")


@dataclass(frozen=True, slots=True)
class Misspelling:
    """A word that was read as another."""

    at: int
    meant: str


class Marked:
    """A document against a library: what every reader of it starts from."""

    def __init__(
        self,
        document: Document,
        library: Library,
        icd: Icd10cm,
        held: Iterable[tuple[str, int, int]] | None = None,
    ) -> None:
        """`held` makes the document a note: the effects its sections and forms have on characters."""
        self.document = document
        self.is_note = held is not None
        self.library = library
        self.icd = icd
        self.lexicon: Lexicon = lexicon_of(library)
        self.mended = mended(document, self.lexicon, lambda word: bool(icd.exact(word)))
        self.norms = [self.mended.get(at, token.norm) for at, token in enumerate(document.tokens)]
        self.mentions = self.lexicon.find(document, self.norms)
        self._of: dict[tuple[str, ...], list[Mention]] = {}
        self._attributes: dict[tuple[str, str], list[Mention]] = {}
        self.codes: tuple[CodeRead, ...] = read_codes(document, library, icd)
        in_words = (
            None if held is None else [(e, document.at(s), document.at(t)) for e, s, t in held]
        )
        self.scopes = Scopes(
            document, self.norms, self._inert(), in_words, self._ends_of_diagnoses()
        )

    def _inert(self) -> Iterable[int]:
        for mention in self.mentions:
            # A denial goes on after its own phrase: "without myelopathy or radiculopathy".
            told = [
                e for e in mention.of(*_HOLDS_ITS_CUES) if e.kind != "flag" or e.value == "present"
            ]
            if mention.last - mention.first > 1 and told:
                yield from range(mention.first, mention.last)

    def _ends_of_diagnoses(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for mention in self.mentions:
            if mention.last - mention.first > 1 and mention.of("diagnosis"):
                for at in range(mention.first, mention.last):
                    found[at] = max(found.get(at, 0), mention.last)
            if mention.last - mention.first > 1 and any(
                e.value == "absent" for e in mention.of("flag")
            ):
                # "No infection or bleeding" denies both, "no infection and on warfarin" does not.
                goes_on = tuple(self.norms[mention.last : mention.last + 1]) == ("or",)
                end = mention.last + 4 if goes_on else mention.last
                for at in range(mention.first, mention.last):
                    found[at] = max(found.get(at, 0), end)
        return found

    @cached_property
    def spelt_out(self) -> dict[int, str]:
        """By index of a word that is short for others: these."""
        return self.lexicon.shorthand.spelt_out(self.document.tokens, self.norms)

    def of(self, *kinds: str) -> list[Mention]:
        """The mentions that have entries of some kinds, with only these entries."""
        if kinds not in self._of:
            self._of[kinds] = [
                Mention(mention.first, mention.last, entries, mention.written)
                for mention in self.mentions
                if (entries := mention.of(*kinds))
            ]
        return self._of[kinds]

    def attributes(self, event: str, attribute: str) -> list[Mention]:
        """The longest mentions of values of one attribute of an event."""
        if (event, attribute) not in self._attributes:
            self._attributes[event, attribute] = longest(
                Mention(m.first, m.last, entries, m.written)
                for m in self.of("attribute")
                if (
                    entries := tuple(
                        e for e in m.entries if e.id == event and e.attribute == attribute
                    )
                )
            )
        return self._attributes[event, attribute]

    @cached_property
    def sides(self) -> list[tuple[int, int, str]]:
        """The words that name a side, with the side."""
        return [
            (mention.first, mention.last, entry.value)
            for mention in longest(self.of("choice"))
            for entry in mention.entries
            if entry.id == "side"
        ]

    @cached_property
    def coded(self) -> frozenset[int]:
        """The words that are part of a code."""
        return frozenset(at for code in self.codes for at in self.words_of(code))

    def words_of(self, code: CodeRead) -> range:
        """The indexes of the words of a code."""
        return range(self.document.at(code.start), self.document.at(code.end))

    def dropped(self, first: int, last: int) -> bool:
        """Whether words speak of something that is denied, ruled out, hypothetical or a relative's."""
        return any(
            self.scopes.has(effect, first, last)
            for effect in ("denied", "ruled_out", "conditional", "family")
        )


def longest(mentions: Iterable[Mention]) -> list[Mention]:
    """The longest of mentions that overlap, in the order of the text.

    *A and B x* stays beside *B x*: only a mention that begins with the same word, or lies inside a
    mention without a gap, gives way.
    """
    kept: list[Mention] = []
    by_word: dict[int, list[Mention]] = {}
    for mention in sorted(mentions, key=lambda m: (m.first - m.last, m.first)):
        words = range(mention.first, mention.last)
        if not any(_covers(other, mention) for at in words for other in by_word.get(at, ())):
            kept.append(mention)
            for at in words:
                by_word.setdefault(at, []).append(mention)
    return sorted(kept, key=lambda m: (m.first, m.last))


def _covers(longer: Mention, shorter: Mention) -> bool:
    overlap = shorter.first < longer.last and longer.first < shorter.last
    if not overlap:
        return False
    whole = longer.last - longer.first
    words = len(longer.written.split()) or whole
    return not (whole > words and shorter.first > longer.first)
