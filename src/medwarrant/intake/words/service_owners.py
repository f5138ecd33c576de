"""To which service words belong that say how it is done: a side, levels, a dose, a number of sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ...model.facts import Fact
from ...model.measures import Range
from .marked import Marked
from .service_found import ServiceFound

_NEAR: Final = 6
_JOINING: Final = frozenset({"and", "or", "plus", "with", "for", "to", "who"})


@dataclass
class Details:
    """Fields of service lines by code, and the facts that state them."""

    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)

    def say(self, codes: Sequence[str], name: str, value: Any) -> None:
        """Note what is said of these services; what is said twice and differently is left to the facts."""
        for code in codes:
            known = self.fields.setdefault(code, {})
            if name in ("muscles", "levels", "drugs", "modifiers"):
                known[name] = tuple(dict.fromkeys((*known.get(name, ()), *value)))
            elif name in known and known[name] != value:
                known[name] = None
            else:
                known.setdefault(name, value)


class Owners:
    """The services of a document, and which of them words at a place speak of."""

    def __init__(self, marked: Marked, services: Sequence[ServiceFound], details: Details) -> None:
        self.marked = marked
        self.document = marked.document
        self.services = services
        self.details = details
        self.codes = [service.code for service in services]

    def _owners(self, first: int, last: int) -> list[str] | None:
        """The codes that words at this place speak of; None where they speak of all."""
        own = [s for s in self.services if s.first < last and first < s.last]
        if own:
            return [s.code for s in own]
        if len(self.services) == 1:
            return None
        after = [
            s for s in self.services if 0 <= s.first - last < _NEAR and self._joined(last, s.first)
        ]
        if after:
            nearest = min(after, key=lambda s: s.first).first
            return self._listed([s for s in after if s.first == nearest])
        before = [
            s for s in self.services if 0 <= first - s.last < _NEAR and self._joined(s.last, first)
        ]
        if before:
            nearest = max(before, key=lambda s: s.last).last
            return [s.code for s in before if s.last == nearest]
        return None

    def _joined(self, start: int, end: int) -> bool:
        """Whether nothing between two places separates what they say."""
        norms = self.marked.norms
        if start < end and self.document.sentence[start] != self.document.sentence[end - 1]:
            return False
        return not any(
            norms[at] in _JOINING or "," in self.document.gap(at) for at in range(start, end)
        )

    def _listed(self, services: list[ServiceFound]) -> list[str]:
        """Services of one phrase (*greater and lesser occipital nerve blocks*) share what precedes it."""
        last = services[-1]
        shared = [s for s in self.services if s.span == last.span]
        return [s.code for s in {id(s): s for s in (*services, *shared)}.values()]

    def _state(
        self, name: str, value: Any, first: int, last: int, owners: list[str] | None
    ) -> None:
        where = self.document.provenance(first, last)
        self.details.say(owners or self.codes, name, value)
        stated = (
            value if isinstance(value, str | tuple | Range) else Range(float(value), float(value))
        )
        fact = {"modifiers": "modifier"}.get(name, name)
        for service in owners or (None,):
            self.details.facts.append(
                Fact(fact=fact, value=stated, service=service, provenance=where)
            )
