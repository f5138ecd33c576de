"""Earlier injections, blocks and ablations: which words mean one occasion, and which another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ....model.facts import EventValue, FactStatus, Value
from .procedure_names import ProcedureNames
from .procedure_results import ORDINALS

_ANOTHER: Final = ORDINALS | {
    "repeat",
    "another",
    "next",
    "later",
    "subsequent",
    "further",
    "prior",
    "previous",
    "last",
    "two",
    "three",
}


class Procedures(ProcedureNames):
    """Reads earlier procedures with their results."""

    def procedures(self) -> None:
        """Earlier injections, blocks and ablations, with relief, its length and the date."""
        if "procedure" not in self.library.events:
            return
        items = list(self.performed())
        seen: set[EventValue] = set()
        told: dict[str, tuple[int, int, dict[str, Value]]] = {}
        for number, (first, last, attributes, status) in enumerate(items):
            if status != "present":
                self.add("procedure", first, last, attributes, status)
                continue
            names = str(sorted((name, str(value)) for name, value in attributes.items()))
            limits = _limits(items, number)
            parts = self.in_turn(last, limits[1])
            for low, high in parts:
                self.add(
                    "procedure",
                    first,
                    last,
                    attributes | self.result_of(low, low + 1, (low, high)),
                )
            if parts:
                continue
            days = self.two_dates(last, limits[1])
            if days:
                result = self.result_of(first, last, limits)
                for day in days:
                    self.add("procedure", first, last, {**attributes, **result, "date": day})
                continue
            pair = self.two_reliefs(last, limits[1])
            for relief in pair:
                self.add("procedure", first, last, {**attributes, "relief": relief})
            if pair:
                continue
            result = self.result_of(first, last, limits)
            known = told.get(names)
            # Named again without a date or result of its own, it is the one already told; so it is
            # where what is told now only completes it.
            if EventValue.of(attributes | result) in seen or (known and not result):
                continue
            seen.add(EventValue.of(attributes | result))
            if known and not (known[2].keys() & result.keys()) and self._goes_on(known[1], first):
                self.add("procedure", first, last, attributes | result | known[2])
                del self.told.facts[known[0]]
                told[names] = (len(self.told.facts) - 1, last, result | known[2])
                continue
            self.add("procedure", first, last, attributes | result)
            told[names] = (len(self.told.facts) - 1, last, result)

    def _goes_on(self, before: int, first: int) -> bool:
        """Whether words named again soon after mean the same occasion."""
        near = self.document.sentence[first] - self.document.sentence[before - 1] <= 2
        return near and not (_ANOTHER & set(self.norms[max(0, first - 4) : first]))


def _limits(
    items: Sequence[tuple[int, int, dict[str, Value], FactStatus]], number: int
) -> tuple[int, int]:
    """The words that may speak of one event: up to its neighbours."""
    before = max(
        (last for at, (_, last, _, s) in enumerate(items) if at < number and s == "present"),
        default=0,
    )
    after = min(
        (first for at, (first, _, _, s) in enumerate(items) if at > number and s == "present"),
        default=10**9,
    )
    return before, after
