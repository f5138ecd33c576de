"""Services in words: procedures, families of them, and nerves with a word such as *block*."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from ...model.procedure import Procedure, ProcedureFamily
from .document import phrase
from .lexicon import Mention
from .marked import Marked, longest

_BETWEEN_NERVES: Final = frozenset(
    {"and", "or", "the", "nerve", "left", "right", "bilateral", "branch", "both"}
)


@dataclass(frozen=True)
class Named:
    """A service in words: a procedure, a family of them, or nerves with a word such as *block*."""

    first: int
    last: int
    procedure: Procedure | None = None
    family: ProcedureFamily | None = None
    nerves: tuple[str, ...] = ()


class ServicesNamed:
    """What a document names in words, whether it asks for it or tells it as done."""

    def __init__(self, marked: Marked) -> None:
        self.marked = marked
        self.document = marked.document
        self.library = marked.library
        self.norms = marked.norms

    def named(self) -> list[Named]:
        """In the order of the text; what another service is for is left out."""
        mentions = longest(self.marked.of("procedure", "family"))
        nerves = longest(self.marked.of("nerve"))
        found: list[Named] = []
        for mention in mentions:
            procedures = mention.of("procedure")
            if procedures:
                procedure = self.library.procedures[procedures[0].id]
                own = self._nerves_within(mention.first, mention.last, nerves)
                found.append(Named(mention.first, mention.last, procedure, None, own))
                if procedure.nerves:
                    found += self._listed_before(mention, nerves, mentions)
                continue
            family = self.library.families[mention.entries[0].id]
            first, listed = self._nerves_before(mention.first, mention.last, nerves)
            found.append(Named(first, mention.last, None, family, listed))
        found += self._blocks_of(nerves, found)
        return self._without_objects(sorted(found, key=lambda item: item.first))

    def _listed_before(
        self, mention: Mention, nerves: list[Mention], mentions: list[Mention]
    ) -> list[Named]:
        """The nerves of *A, B and C nerve blocks* that stand before the phrase itself."""
        free = [n for n in nerves if not any(m.first <= n.first < m.last for m in mentions)]
        first, listed = self._nerves_before(mention.first, mention.last, free)
        return [Named(first, mention.last, nerves=(nerve,)) for nerve in listed]

    def _nerves_within(self, first: int, last: int, nerves: list[Mention]) -> tuple[str, ...]:
        inside = [m for m in nerves if first <= m.first and m.last <= last]
        return tuple(dict.fromkeys(m.entries[0].id for m in inside))

    def _nerves_before(
        self, first: int, last: int, nerves: list[Mention]
    ) -> tuple[int, tuple[str, ...]]:
        """The nerves that stand right before a word such as *block*, or overlap with it."""
        found: list[str] = []
        start = first
        for mention in sorted(nerves, key=lambda m: -m.last):
            if mention.first >= last or (
                mention.first >= start and mention.last > start and mention.first >= first
            ):
                continue
            between = self.norms[mention.last : start] if mention.last < start else []
            if mention.last > start or all(word in _BETWEEN_NERVES for word in between):
                if self.document.sentence[mention.first] == self.document.sentence[first]:
                    found.insert(0, mention.entries[0].id)
                    start = min(start, mention.first)
                    continue
            break
        return start, tuple(dict.fromkeys(found))

    def _blocks_of(self, nerves: list[Mention], named: list[Named]) -> list[Named]:
        """*block of the supraorbital nerve*, *auriculotemporal block*: a nerve with a head word."""
        heads = self._heads()
        nerve_words = {at for mention in nerves for at in range(mention.first, mention.last)}
        found = []
        for mention in nerves:
            if any(item.first < mention.last and mention.first < item.last for item in named):
                continue
            if (
                mention.last < len(self.norms)
                and self.norms[mention.last] in heads
                and not self._bracket_between(mention.last)
                and not self.document.gap(mention.last).strip(" -")
            ):
                found.append(
                    Named(mention.first, mention.last + 1, nerves=(mention.entries[0].id,))
                )
                continue
            at = mention.first - 1
            while at > max(0, mention.first - 20) and (
                self.norms[at] in _BETWEEN_NERVES
                or self.norms[at] in ("of", "to", "at")
                or at in nerve_words
            ):
                at -= 1
            if (
                at >= 0
                and self.norms[at] in heads
                and self.norms[at + 1] in ("of", "to", "at")
                and at < mention.first - 1
            ):
                found.append(
                    Named(min(at, mention.first), mention.last, nerves=(mention.entries[0].id,))
                )
        return found

    def _bracket_between(self, at: int) -> bool:
        return self.document.bracketed[at] != self.document.bracketed[at - 1]

    def _heads(self) -> frozenset[str]:
        """The nouns that families of nerve procedures end with."""
        procedures = self.library.procedures
        return frozenset(
            words[-1]
            for family in self.library.families.values()
            if any(procedures[name].nerves for name in family.candidates if name in procedures)
            for written in family.words
            if len(words := phrase(written)) > 1
        )

    def _without_objects(self, named: list[Named]) -> list[Named]:
        """*Anesthesia for a knee replacement* asks for no knee replacement."""
        kept: list[Named] = []
        for item in named:
            lead = kept[-1] if kept else None
            follows = (
                lead is not None
                and 0 <= item.first - lead.last < 4
                and self.norms[lead.last - 1] == "for"
            )
            if (
                lead is not None
                and follows
                and lead.procedure is not None
                and not lead.procedure.codes
            ):
                kept[-1] = replace(lead, last=item.last)
            else:
                kept.append(item)
        return kept
