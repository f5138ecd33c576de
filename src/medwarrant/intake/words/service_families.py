"""Words that may mean several codes: what else the text says settles which, or leaves the question open."""

from __future__ import annotations

from ...model.procedure import Procedure
from .anatomy_in_text import levels_in, region_of_level
from .document import phrase
from .marked import Marked, longest


class Families:
    """The members of a family that a text may mean, by muscles, region and words that only one is called by."""

    def __init__(self, marked: Marked) -> None:
        self.marked = marked
        self.document = marked.document
        self.library = marked.library
        self.norms = marked.norms

    def stands_with(self, named: tuple[str, ...]) -> bool:
        """Whether one of these words, or a spinal level for `levels`, is in the text."""
        if "levels" in named and any(True for _ in levels_in(self.document.text)):
            return True
        return any(self._occurs(phrase(each)) for each in named)

    def _occurs(self, named: tuple[str, ...]) -> bool:
        length = len(named)
        return any(
            tuple(self.norms[at : at + length]) == named
            for at in range(len(self.norms) - length + 1)
        )

    def settled(
        self, words: tuple[int, int], candidates: list[Procedure]
    ) -> tuple[list[Procedure], str]:
        """The members that words (a range of them) may mean here, and what settled it."""
        by_count = self._by_muscles(words, candidates)
        if len(by_count) == 1:
            return by_count, ", by the number of muscles"
        by_guidance = self._by_region(words, candidates)
        by_words = self._by_own_words(words, by_guidance)
        if len(by_words) < len(candidates):
            named = (
                "the region named"
                if len(by_words) == len(by_guidance)
                else "what else is said of it"
            )
            return by_words, f", by {named}"
        return candidates, ""

    def _by_own_words(self, words: tuple[int, int], candidates: list[Procedure]) -> list[Procedure]:
        """The candidates for which the sentence has a word that only they are called by."""
        sentence = self.document.sentence[words[0]]
        said = {
            n
            for at, n in enumerate(self.norms)
            if self.document.sentence[at] == sentence and len(n) > 3
        }
        called = [
            {word for written in candidate.words for word in phrase(written)}
            for candidate in candidates
        ]
        fitting = [
            candidate
            for at, candidate in enumerate(candidates)
            if said & (called[at] - set().union(*(c for n, c in enumerate(called) if n != at)))
        ]
        return fitting or candidates

    def _by_muscles(self, words: tuple[int, int], candidates: list[Procedure]) -> list[Procedure]:
        if not any(c.muscles_at_least or c.muscles_at_most for c in candidates):
            return candidates
        count = muscle_count(self.marked)
        if count is None:
            return candidates
        return [
            c
            for c in candidates
            if (c.muscles_at_least is None or count >= c.muscles_at_least)
            and (c.muscles_at_most is None or count <= c.muscles_at_most)
        ] or candidates

    def _by_region(self, words: tuple[int, int], candidates: list[Procedure]) -> list[Procedure]:
        if not all(candidate.region for candidate in candidates):
            return candidates
        own = {candidate.region for candidate in candidates}
        for first, last in ((words[0] - 8, words[1] + 8), (0, len(self.norms))):
            regions = self._regions_near(max(0, first), min(last, len(self.norms)), words[0]) & own
            if len(regions) == 1:
                return [candidate for candidate in candidates if candidate.region in regions]
        return candidates

    def _regions_near(self, first: int, last: int, at: int) -> set[str | None]:
        start, end = self.document.span(first, last)
        sentence = self.document.sentence[at]
        found: set[str | None] = set()
        for levels in levels_in(self.document.text, start, end):
            if (
                self.document.sentence[min(self.document.at(levels.start), len(self.norms) - 1)]
                == sentence
            ):
                found |= {region_of_level(level, self.library) for level in levels.levels}
        for mention in self.marked.of("region"):
            if first <= mention.first and mention.last <= last:
                found |= {entry.id for entry in mention.entries}
        return found


def muscle_count(marked: Marked) -> int | None:
    """How many muscles a text says will be injected: a number, or those that it names."""
    words = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
    for at, norm in enumerate(marked.norms):
        if norm == "muscle" and at:
            before = (
                marked.norms[at - 1]
                if marked.norms[at - 1] not in ("group", "different", "separate")
                else marked.norms[at - 2]
            )
            if before.isdigit() or before in words:
                return int(before) if before.isdigit() else words[before]
    muscles = {
        m.entries[0].id for m in longest(marked.of("muscle")) if not marked.dropped(m.first, m.last)
    }
    return len(muscles) or None
