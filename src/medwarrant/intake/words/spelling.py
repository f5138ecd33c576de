"""Misspelt clinical words, read as what they mean and pointed out.

Only long words are mended, only towards words of the library's services, anatomy, drugs and diagnoses,
and only where the word as written means nothing here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from .document import Document
from .lexicon import Lexicon

_SHORTEST = 7


def mended(
    document: Document, lexicon: Lexicon, means_something: Callable[[str], bool]
) -> dict[int, str]:
    """By index of the word: the word that was probably meant.

    `means_something` tells that a word is a term of the code set as it stands.
    """
    found: dict[int, str] = {}
    for at, token in enumerate(document.tokens):
        word = token.norm
        if (
            len(word) < _SHORTEST - 1
            or not word.isalpha()
            or not word.isascii()
            or word in lexicon.vocabulary
        ):
            continue
        close = nearest(word, lexicon.clinical_vocabulary)
        if close is not None and not means_something(token.text):
            found[at] = close
    return found


@lru_cache(maxsize=4096)
def nearest(word: str, vocabulary: frozenset[str]) -> str | None:
    """The one word of a vocabulary that is close enough to be meant, or None.

    One slip in words of up to nine letters, two in longer ones; the first letter must agree.

    >>> nearest("occipitl", frozenset({"occipital", "orbital"}))
    'occipital'
    >>> nearest("orbit", frozenset({"orbital"})) is None
    True
    """
    best: list[tuple[int, bool, str]] = []
    for known in _candidates(vocabulary).get(word[0], ()):
        allowed = 2 if min(len(known), len(word)) > 9 else 1
        if abs(len(known) - len(word)) <= allowed and len(known) >= _SHORTEST:
            distance = slips(word, known, allowed)
            if distance <= allowed:
                best.append((distance, not _has_all_letters(known, word), known))
    best.sort()
    if not best or (len(best) > 1 and best[0][:2] == best[1][:2]):
        return None
    return best[0][2]


def _has_all_letters(known: str, word: str) -> bool:
    """Whether letters were only left out: the likeliest slip."""
    letters = iter(known)
    return all(letter in letters for letter in word)


@lru_cache(maxsize=8)
def _candidates(vocabulary: frozenset[str]) -> dict[str, tuple[str, ...]]:
    by_letter: dict[str, list[str]] = {}
    for word in sorted(vocabulary):
        by_letter.setdefault(word[0], []).append(word)
    return {letter: tuple(words) for letter, words in by_letter.items()}


def slips(one: str, other: str, limit: int) -> int:
    """How many letters are wrong, missing, added or swapped; more than `limit` counts as `limit + 1`.

    >>> slips("neuraliga", "neuralgia", 2)
    1
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        earlier, before = before, row
        row = [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
