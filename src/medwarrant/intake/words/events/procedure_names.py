"""Words that name an injection, block or ablation as done: which, on which side, at which levels, to what end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ....model.facts import FactStatus, Value
from ..anatomy_in_text import levels_in
from ..lexicon import Mention
from ..marked import longest
from ..quantities import percentages
from ..relief import AFTER_PERCENT
from ..service_found import Performed
from .procedure_results import ProcedureResults

#: Kinds of service that are no injection, block or ablation.
NO_INJECTION: Final = ("surgery", "imaging", "drug", "test", "equipment")


_EARLIER: Final = frozenset("prior previous last earlier past most recent".split())
_LEVEL: Final = re.compile(r"[ctls]?\d{1,2}")
_EVERYWHERE: Final = (0, 10**9)
_LEADS_TO_SIDE: Final = frozenset("at on the".split())


class ProcedureNames(ProcedureResults):
    """Finds the procedures that a text tells as done or denies."""

    def performed(self) -> Iterator[tuple[int, int, dict[str, Value], FactStatus]]:
        """Procedures told as done, or denied: words, what they name, and which of the two."""
        named = [p for p in self.services.performed if self._is_injection(p)]
        for performed in named:
            attributes = self._names(performed)
            if performed.denied:
                if attributes:
                    yield performed.first, performed.last, attributes, "absent"
                continue
            yield performed.first, performed.last, attributes, "present"
        taken = [(p.first, p.last) for p in named]
        taken += [(m.first, m.last) for m in self.marked.of("no_event")]
        for first, last in self._generic_procedures():
            if any(f - 3 <= first < t or f < last <= t for f, t in taken):
                continue
            taken.append((first, last))
            attributes = self._intent(first, last)
            yield first, last, attributes, "present"

    def _is_injection(self, performed: Performed) -> bool:
        if performed.procedure is None:
            return performed.kind is not None and performed.kind not in NO_INJECTION
        return self.library.procedures[performed.procedure].kind not in NO_INJECTION

    def _names(self, performed: Performed) -> dict[str, Value]:
        attributes: dict[str, Value] = {}
        if performed.procedure:
            attributes["procedure"] = performed.procedure
        elif performed.kind:
            attributes["kind"] = performed.kind
        attributes |= self._intent(performed.first, performed.last)
        start, end = self.document.span(self._from(performed.first), self._until(performed.last))
        levels = [
            level for found in levels_in(self.document.text, start, end) for level in found.levels
        ]
        if levels:
            attributes["levels"] = tuple(dict.fromkeys(levels))
        for mention in longest(self.marked.of("choice")):
            side = next((e.value for e in mention.entries if e.id == "side"), None)
            before = 0 <= self._from(performed.first, 0) - mention.last < 3
            beside = before or 0 <= performed.first - mention.last < 3
            beside = beside or self._follows(performed, mention)
            if side and beside:
                attributes["side"] = side
        return attributes

    def _intent(self, first: int, last: int) -> dict[str, Value]:
        values = [
            e.value
            for m in self.marked.of("choice")
            for e in m.entries
            if e.id == "intent" and m.first < last and first <= m.last
        ]
        if values or "intent" not in self.library.facts:
            return {"intent": values[0]} if values else {}
        low = max(
            [
                0,
                first - 8,
                *(m.last for m in self.marked.of("procedure", "family") if m.last <= first),
            ]
        )
        before = [
            n
            for at, n in enumerate(self.norms[low:first], low)
            if self.document.sentence[at] == self.document.sentence[first]
        ]
        for value in self.library.facts["intent"].values.values():
            # The word that "diagnostic block" begins with, apart from the noun by a level or a nerve.
            if value.id in before and any(
                w.startswith(f"{value.id} ") and w.endswith(" block") for w in value.words
            ):
                return {"intent": value.id}
        return {}

    def _generic_procedures(self) -> Iterator[tuple[int, int]]:
        """*prior injections*, *relief from diagnostic blocks*: something was done; not said what."""
        own = [
            m
            for m in self.marked.mentions
            if any(e.kind == "event" and e.id == "procedure" for e in m.entries)
            or (
                any(e.kind == "choice" and e.id == "intent" for e in m.entries) and self._is_noun(m)
            )
        ]
        for mention in longest(own):
            if self.marked.dropped(mention.first, mention.last):
                continue
            if self._is_vague(mention):
                if "relief" in self.result_of(mention.first, mention.last, _EVERYWHERE):
                    yield mention.first, mention.last
                continue
            told = any(e.kind == "event" for e in mention.entries)
            if (
                told
                or self.marked.scopes.has("earlier", mention.first, mention.last)
                or self._had_relief(mention)
            ):
                yield mention.first, mention.last

    def _from(self, first: int, window: int = 4) -> int:
        """From where levels named before a procedure are its own: *left L4-5 and L5-S1 MBB*."""
        start = first
        while start and (
            _LEVEL.fullmatch(self.norms[start - 1]) or self.norms[start - 1] in ("and", "at")
        ):
            start -= 1
        return min(start, max(0, first - window))

    def _until(self, last: int) -> int:
        """Up to where levels named after a procedure are its own: *blocks at right C4-5 and C5-6*."""
        end = min(len(self.norms), last + 4)
        while end < min(len(self.norms), last + 9) and (
            self.norms[end - 1] in ("and", "at")
            or self.norms[end] == "and"
            or self.document.gap(end) in ("-", "/", "\u2013")
        ):
            end += 1
        return end

    def _follows(self, performed: Performed, mention: Mention) -> bool:
        """*TFESI right on 5/12*, *blocks at right C4-5*."""
        between = self.norms[performed.last : mention.first]
        sentence = self.document.sentence
        return (
            0 <= mention.first - performed.last < 3
            and sentence[mention.first] == sentence[performed.first]
            and set(between) <= _LEADS_TO_SIDE
        )

    def _is_vague(self, mention: Mention) -> bool:
        """*Four cycles* and *the last one* are procedures only where a result is told of them."""
        if not any(e.kind == "event" for e in mention.entries):
            return False
        words = self.norms[mention.first : mention.last]
        return words[-1] == "one" or not _EARLIER & set(words)

    def _had_relief(self, mention: Mention) -> bool:
        """*Two diagnostic blocks with 80% relief*: what gave relief was done."""
        end = self.document.span(mention.first, mention.last)[1]
        for percent in percentages(self.document.text, end, min(len(self.document.text), end + 60)):
            at = min(self.document.at(percent.start), len(self.norms) - 1)
            if self.document.sentence[at] == self.document.sentence[mention.first]:
                return AFTER_PERCENT.match(self.document.text, percent.end) is not None
        return False

    def _is_noun(self, mention: Mention) -> bool:
        return self.norms[mention.last - 1] in ("block", "injection", "ablation")
