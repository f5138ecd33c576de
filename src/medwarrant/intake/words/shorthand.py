"""How people shorten words: *RFA* for radiofrequency ablation, *OA* for osteoarthritis.

The packs say which words are short for which (`shorthand.yaml`); here every phrase of the packs is known
in all its short forms, and the short words of a text are spelt out for the code set.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...policy.library import Library
from .document import Token, phrase

Words = tuple[str, ...]


class Shorthand:
    """The shorthand of a library.

    >>> from medwarrant import load_packs
    >>> known = Shorthand(load_packs())
    >>> ("cervical", "rfa") in [words for words, _ in known.forms(phrase("cervical radiofrequency ablation"))]
    True
    """

    def __init__(self, library: Library) -> None:
        self.capitals: set[str] = set()
        self._by_meant: dict[Words, list[tuple[Words, str]]] = {}
        self._meant: dict[Words, Words] = {}
        for name, written in library.shorthand.items():
            meant = phrase(name.replace("-", " "))
            for short in written:
                words = phrase(short)
                if not words or words == meant:
                    continue
                if short.isupper():
                    self.capitals.add(short)
                self._by_meant.setdefault(meant, []).append((words, short))
                self._meant.setdefault(words, meant)
        self._first = {words[0] for words in (*self._by_meant, *self._meant)}

    def forms(self, words: Words) -> Iterator[tuple[Words, str]]:
        """A phrase in its other forms, each with how it is written; capitals stand only alone."""
        seen = {words}
        if self._first.isdisjoint(words):
            return
        for start in range(len(words)):
            for end in range(len(words), start, -1):
                part = words[start:end]
                meant = self._meant.get(part, part)
                for short, written in (*self._by_meant.get(meant, ()), (meant, " ".join(meant))):
                    form = (*words[:start], *short, *words[end:])
                    alone = len(form) == len(short)
                    if form not in seen and (alone or not written.isupper()):
                        seen.add(form)
                        yield form, written if alone else " ".join(form)

    def spelt_out(self, tokens: Sequence[Token], norms: Sequence[str]) -> dict[int, str]:
        """By index of a word that is short for something: what it is short for."""
        found: dict[int, str] = {}
        for at, norm in enumerate(norms):
            meant = self._meant.get((norm,))
            if meant is None:
                continue
            only_in_capitals = any(
                short.isupper() for words, short in self._by_meant[meant] if words == (norm,)
            )
            if not only_in_capitals or tokens[at].text.isupper():
                found[at] = " ".join(meant)
        return found
