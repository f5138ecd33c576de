"""What every reader of events starts from: the marked text, its services, the events told so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ....model.facts import EventValue, Fact, FactStatus, Value
from ...reading import Remark
from ..lexicon import Mention
from ..marked import Marked, longest
from ..service_found import ServicesRead

_BREAKS: Final = frozenset(
    "but however now is currently continue requesting although except whereas medically patient".split()
)


@dataclass
class EventsRead:
    """The events of a text, with what was assumed about them."""

    facts: list[Fact] = field(default_factory=list)
    assumptions: list[Remark] = field(default_factory=list)


@dataclass(frozen=True)
class Tried:
    """Words that name something tried, with the attributes that the name itself gives."""

    first: int
    last: int
    attributes: tuple[tuple[str, Value], ...]
    outcome: str | None = None
    also: tuple[str, ...] = ()


class EventReader:
    """A reader of events; what it finds goes into `told`."""

    def __init__(self, marked: Marked, services: ServicesRead, told: EventsRead) -> None:
        self.marked = marked
        self.document = marked.document
        self.library = marked.library
        self.norms = marked.norms
        self.services = services
        self.told = told

    def add(
        self,
        event: str,
        first: int,
        last: int,
        attributes: dict[str, Value],
        status: FactStatus = "present",
    ) -> None:
        """Tell an event, with those of the attributes that it has in this library."""
        known = (
            set(self.library.events[event].attributes) if event in self.library.events else set()
        )
        kept = {name: value for name, value in attributes.items() if name in known}
        value = EventValue.of(kept) if kept or status == "present" else None
        self.told.facts.append(
            Fact(
                fact=event,
                status=status,
                value=value,
                provenance=self.document.provenance(first, last),
            )
        )

    def named_in_general(self, event: str, attribute: str | None) -> list[Mention]:
        """Words that name such an event without saying of what: *conservative treatment*."""
        own = [
            Mention(m.first, m.last, entries, m.written)
            for m in self.marked.mentions
            if (
                entries := tuple(
                    e
                    for e in m.entries
                    if e.id == event
                    and (e.kind == "event" or (attribute and e.attribute == attribute))
                )
            )
        ]
        return longest(own)

    def named(self, event: str) -> list[Mention]:
        """Everything in the document that such an event may be of."""
        if event == "drug-trial":
            return self.marked.of("drug", "drug_class")
        return self.marked.attributes(event, "kind")

    def others_between(self, event: str, start: int, end: int) -> list[int]:
        """Where in a stretch of words other drugs, or kinds of such an event, are named."""
        return [m.first for m in self.named(event) if start <= m.first < end]

    def broken(self, start: int, end: int) -> bool:
        """Whether a word stands between after which something else is spoken of."""
        return any(norm in _BREAKS for norm in self.norms[start:end])

    def is_intended(self, mention: Mention) -> bool:
        """Whether a note tells it as planned, or as part of the visit itself, and not as done before."""
        scopes, first, last = self.marked.scopes, mention.first, mention.last
        told = scopes.has("planned", first, last) or scopes.has("performed", first, last)
        return told and not scopes.has("earlier", first, last)
