"""Diagnoses in words: the packs' words for them, and the terms of the code set itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ...terminology.icd10cm import TermMatch
from ...terminology.text import lookup_key
from .lexicon import Mention, crosses_bracket, paths
from .marked import Marked

_LONGEST_TERM: Final = 11
#: No term of the code set begins or ends with these.
_LINKING: Final = frozenset(
    "a an the of in at on to for with and or by is are be was were who which that this has have had due from as "
    "patient medically necessary treatment case his her their history diagnosis diagnosed code icd cpt than".split()
)
#: After these words a diagnosis is the name of something else: a pain clinic, migraine days.
_NAMES_SOMETHING_ELSE: Final = frozenset(
    "clinic management program programme specialist center score scale relief control medication medicine day "
    "reduction prevention prophylaxis cocktail level diary".split()
)
_OF_A_DIAGNOSIS: Final = frozenset(
    "diagnosis history treatment management case episode symptom control setting care complaint presence suspicion".split()
)
_OF_NO_INTEREST: Final = frozenset("VWXYZ")


@dataclass(frozen=True)
class InWords:
    """Words that name a diagnosis: the code they support, and others that they may mean."""

    mention: Mention
    code: str
    others: tuple[str, ...]
    exact: bool
    value_set: bool
    #: It is what a treatment is to prevent: *migraine prevention*.
    prevented: bool = False


class Terms:
    """The diagnoses that a text names in words, asserted or not."""

    def __init__(self, marked: Marked) -> None:
        self.marked = marked
        self.document = marked.document
        self.icd = marked.icd

    def in_words(self) -> list[InWords]:
        """The longest names of diagnoses, in the order of the text; the packs' words come first."""
        chosen: dict[tuple[int, int], InWords] = {}
        for found in (*self._of_value_sets(), *self._of_code_set()):
            chosen.setdefault((found.mention.first, found.mention.last), found)
        mentions = _apart([found.mention for found in chosen.values()])
        return [chosen[mention.first, mention.last] for mention in mentions]

    def _of_value_sets(self) -> Iterator[InWords]:
        for mention in self.marked.of("diagnosis"):
            prevented = self._is_what_is_prevented(mention.first, mention.last)
            if self._is_name_of_something_else(mention.last) and not prevented:
                continue
            codes = tuple(dict.fromkeys(entry.value for entry in mention.entries))
            yield InWords(mention, codes[0], codes[1:], False, True, prevented)

    def _of_code_set(self) -> Iterator[InWords]:
        document, norms = self.document, self.marked.norms
        services = self.marked.of("procedure", "family", "drug")
        taken = {(m.first, m.last) for m in services}
        seen: dict[tuple[int, ...], str] = {}
        for path in paths(document, norms, 1):
            for at in range(path.first, path.until):
                if not path.starts(at) or norms[path.indexes[at]] in _LINKING:
                    continue
                for length in range(_LONGEST_TERM, 0, -1):
                    indexes = tuple(path.indexes[at : at + length])
                    if len(indexes) < length or not path.crosses(at, length) or indexes in seen:
                        continue
                    end = indexes[-1]
                    if (
                        norms[end] in _LINKING
                        or document.sentence[indexes[0]] != document.sentence[end]
                    ):
                        continue
                    if not crosses_bracket(document, indexes, path):
                        seen[indexes] = " ".join(norms[index] for index in indexes)
        full = {indexes: self._spelt_out(indexes, words) for indexes, words in seen.items()}
        named = self.icd.names_something(
            {*seen.values(), *full.values(), *map(_otherwise_unclassified, full.values())}
        )
        for indexes, words in seen.items():
            for form in dict.fromkeys(
                (words, full[indexes], _otherwise_unclassified(full[indexes]))
            ):
                if form in named and (found := self._term(indexes, taken, form)) is not None:
                    yield found
                    break

    def _spelt_out(self, indexes: tuple[int, ...], words: str) -> str:
        """The words with what is short for others written out."""
        short = self.marked.spelt_out
        if not any(index in short for index in indexes):
            return words
        return " ".join(short.get(index, self.marked.norms[index]) for index in indexes)

    def _term(
        self, indexes: tuple[int, ...], taken: set[tuple[int, int]], words: str
    ) -> InWords | None:
        norms, document = self.marked.norms, self.document
        first, last = indexes[0], indexes[-1] + 1
        if (
            norms[indexes[-1]] in _LINKING
            or document.sentence[first] != document.sentence[indexes[-1]]
        ):
            return None
        if (first, last) in taken or any(index in self.marked.coded for index in indexes):
            return None
        if len(indexes) == 1 and (len(words) < 4 or words.isdigit()):
            return None
        matches = [match for match in self.icd.exact(words) if match.code[0] not in _OF_NO_INTEREST]
        prevented = self._is_what_is_prevented(first, last)
        if not matches or (self._is_name_of_something_else(last) and not prevented):
            return None
        if len(indexes) == 1 and (matches[0].code[0] in "RST" or self._is_part_of_another(first)):
            return None
        best, others = self._best(matches)
        exact = best.kind == "title" and lookup_key(best.title) == lookup_key(words)
        return InWords(
            Mention(first, last, (), words),
            self._billable(best.code),
            others,
            exact,
            False,
            prevented,
        )

    def _is_part_of_another(self, at: int) -> bool:
        """Whether one word belongs to a nerve or service, or to *loss of lordosis* and the like."""
        if any(
            m.first <= at < m.last and m.last - m.first > 1
            for m in self.marked.of("nerve", "procedure", "family")
        ):
            return True
        for before in range(at - 1, max(-1, at - 5), -1):
            if self.document.gap(before + 1).strip() or self.marked.norms[before] in (
                "with",
                "for",
                "and",
                "has",
            ):
                return False
            if self.marked.norms[before] == "of":
                return before == 0 or self.marked.norms[before - 1] not in _OF_A_DIAGNOSIS
        return False

    def _billable(self, code: str) -> str:
        """The unspecified code below a header, which the index sends the bare words to; else the header."""
        known = self.icd.lookup(code)
        if known is None or known.billable:
            return code
        stem = code if "." in code else f"{code}."
        for ending in ("9", "0", "90", "00", "909"):
            below = self.icd.lookup(f"{stem}{ending}")
            if (
                below is not None
                and below.billable
                and ("nspecified" in below.title or "without complications" in below.title)
            ):
                return below.code
        return code

    @staticmethod
    def _best(matches: Sequence[TermMatch]) -> tuple[TermMatch, tuple[str, ...]]:
        """The code the words support: the first, or the billable one below it that says no more."""
        first = matches[0]
        if not first.billable:
            same = [m for m in matches[1:] if m.billable and m.code.startswith(first.code)]
            if same:
                first = same[0]
        return first, tuple(dict.fromkeys(m.code for m in matches if m.code != first.code))[:5]

    def _is_what_is_prevented(self, first: int, last: int) -> bool:
        """Whether the words begin inside a purpose of treatment that goes on after them: *migraine prevention*."""
        return any(
            first <= purpose.first < last < purpose.last
            for purpose in self.marked.of("choice")
            if any(entry.id == "intent" for entry in purpose.entries)
        )

    def _is_name_of_something_else(self, last: int) -> bool:
        norms = self.marked.norms
        return (
            last < len(norms)
            and norms[last] in _NAMES_SOMETHING_ELSE
            and not self.document.gap(last).strip()
            and not (norms[last] == "day" and "".join(norms[last + 1 : last + 2]).isdigit())
        )


def _apart(mentions: list[Mention]) -> list[Mention]:
    """The longest mentions; of *A and B x*, both *A x* and *B x* stay."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.first - m.last, m.first)):
        clash = [
            other for other in kept if mention.first < other.last and other.first < mention.last
        ]
        if all(mention.first > other.first and _has_gap(other) for other in clash):
            kept.append(mention)
    return sorted(kept, key=lambda m: (m.first, m.last))


def _has_gap(mention: Mention) -> bool:
    return mention.last - mention.first > len(
        mention.written.replace("-", " ").replace("/", " ").split()
    )


def _otherwise_unclassified(words: str) -> str:
    """The title of a rest class: *sacroiliitis* stands in the code set as *not elsewhere classified*."""
    if words.count(" ") > 1 or len(words) < 7:
        return words  # short names only: most runs of words name nothing
    return f"{words} not elsewhere classified"
