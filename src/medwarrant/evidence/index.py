"""The index: what of the library is nearest to words, by BM25 over words and concepts.

A thing is returned only where it holds most of what was asked, weighed by how telling each word is:
of a library on nerve blocks, a question about the weather finds nothing. Deterministic; the index is
built once for each library.

Source of the ranking: Robertson and Zaragoza, *The Probabilistic Relevance Framework: BM25 and
Beyond*, Foundations and Trends in Information Retrieval 3 (2009).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Container
from difflib import get_close_matches
from typing import Final
from weakref import WeakKeyDictionary

import msgspec

from ..policy.library import Library
from .concepts import ASKING, Concepts, Worded
from .kept import Found, Kind, everything

_K1: Final = 1.2
_B: Final = 0.6
#: So much of the weight of the words asked must be held by what is returned.
_COVERED: Final = 0.6
#: Nothing is returned that scores less than this part of the best.
_OF_THE_BEST: Final = 0.35
#: A concept that the place of a statement gives it, but not its words, counts so much.
_BY_PLACE: Final = 0.5
#: What rests on unverified sources alone counts so much.
_UNSURE: Final = 0.6
_LONGEST: Final = 2_000
_FEW_WORDS: Final = 4
_MISSPELT: Final = 7


def search(
    library: Library, text: str, limit: int = 8, *, kinds: Container[Kind] | None = None
) -> tuple[Found, ...]:
    """What the library holds that is nearest to words, the nearest first.

    Nothing is returned for what it does not hold. Any text is accepted; the first 2,000 characters are
    looked at. `kinds` narrows to some kinds.

    >>> from medwarrant import load_packs
    >>> library = load_packs()
    >>> search(library, "GON block for migraine", 1, kinds=("conflict",))[0].text
    'Greater occipital nerve block for a migraine attack'
    >>> search(library, "the weather tomorrow"), search(library, "knee replacement")
    ((), ())
    """
    return _index_of(library).search(text, limit, kinds)


class Index:
    """The searchable things of one library with the weights of their words."""

    def __init__(self, library: Library) -> None:
        self.concepts = Concepts(library)
        self.kept = everything(library)
        self._terms: dict[str, dict[int, float]] = {}
        self._length: list[float] = []
        for number, kept in enumerate(self.kept):
            worded = self.concepts.of(kept.words)
            counts: Counter[str] = Counter(worded.words)
            counts.update(name for name, _ in worded.concepts)
            terms = {term: float(count) for term, count in counts.items()}
            for name in kept.about:
                terms.setdefault(name, _BY_PLACE)
            self._length.append(float(len(worded.words)))
            for term, count in terms.items():
                self._terms.setdefault(term, {})[number] = count
        self._mean = sum(self._length) / max(len(self._length), 1)
        self._words: dict[str, list[str]] = {}
        for term in sorted(self._terms):
            if ":" not in term:
                self._words.setdefault(term[0], []).append(term)

    def search(self, text: str, limit: int, kinds: Container[Kind] | None) -> tuple[Found, ...]:
        """See `medwarrant.evidence.search`."""
        asked = self.concepts.of(text[:_LONGEST])
        asked = msgspec.structs.replace(asked, words=tuple(map(self._spelt, asked.words)))
        if not asked.words or limit < 1 or _tells_too_little(asked):
            return ()
        weights = {term: self._weight(term) for term in (*asked.words, *_names(asked))}
        scores: dict[int, float] = {}
        for term, weight in weights.items():
            for number, count in self._terms.get(term, {}).items():
                length = 1 - _B + _B * self._length[number] / self._mean
                score = weight * count * (_K1 + 1) / (count + _K1 * length)
                scores[number] = scores.get(number, 0.0) + score
        for number in scores:
            kept = self.kept[number].found
            if kept.verification == "unverified" and not kept.retracted:
                scores[number] *= _UNSURE
        ranked = sorted(scores, key=lambda number: (-scores[number], number))
        found: list[Found] = []
        wanted = self._held_by(asked)
        best = 0.0
        for number in ranked:
            score = scores[number]
            if score < _OF_THE_BEST * best or len(found) == limit:
                break
            kept = self.kept[number].found
            if kinds is not None and kept.kind not in kinds:
                continue
            if self._covered(wanted, number) < _COVERED:
                continue
            best = max(best, score)
            found.append(msgspec.structs.replace(kept, score=round(score, 4)))
        return tuple(found)

    def _weight(self, term: str) -> float:
        """How telling a term is: what no thing holds tells most."""
        held = len(self._terms.get(term, ()))
        return math.log(1 + (len(self.kept) - held + 0.5) / (held + 0.5))

    def _held_by(self, asked: Worded) -> list[tuple[float, tuple[str, ...]]]:
        """The weight of each word asked, and the terms by any of which a thing holds it.

        A word is held by the thing that has it, or that has a concept which a phrase around it names.
        Words of a longer phrase that names something are held through that phrase alone: a knee
        replacement is not found by *knee*.
        """
        named: dict[int, tuple[int, tuple[str, ...]]] = {}
        for name, places in asked.concepts:
            for at in places:
                size, before = named.get(at, (0, ()))
                if len(places) > size:
                    named[at] = (len(places), (name,))
                elif len(places) == size:
                    named[at] = (size, (*before, name))
        found = []
        for at, word in zip(_telling_places(asked), asked.words, strict=True):
            size, names = named.get(at, (0, ()))
            found.append((self._weight(word), names if size > 1 else (*names, word)))
        return found

    def _covered(self, wanted: list[tuple[float, tuple[str, ...]]], number: int) -> float:
        """The part of what was asked that a thing holds, by weight."""
        nothing: dict[int, float] = {}
        part = sum(
            weight
            for weight, terms in wanted
            if any(number in self._terms.get(term, nothing) for term in terms)
        )
        return part / sum(weight for weight, _ in wanted)

    def _spelt(self, word: str) -> str:
        """A long word that stands nowhere as the one it was surely meant to be."""
        if len(word) < _MISSPELT or word in self._terms or not word.isalpha():
            return word
        near = get_close_matches(word, self._words.get(word[0], ()), 1, 0.88)
        return near[0] if near else word


def _names(asked: Worded) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name, _ in asked.concepts))


def _tells_too_little(asked: Worded) -> bool:
    """Whether one word of a whole sentence is all there is to search for: *how much will it cost me*."""
    return len(asked.words) == 1 and len(asked.all_words) > _FEW_WORDS and not asked.concepts


def _telling_places(asked: Worded) -> list[int]:
    """Where the telling words stand among all words."""
    return [at for at, word in enumerate(asked.all_words) if word not in ASKING]


_INDEXES: WeakKeyDictionary[Library, Index] = WeakKeyDictionary()


def _index_of(library: Library) -> Index:
    """The index of a library, built at its first search."""
    if library not in _INDEXES:
        _INDEXES[library] = Index(library)
    return _INDEXES[library]
