"""What a text says of how a service is done: side, levels, setting, intent, phase, number, drugs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ...model.facts import Provenance
from ...model.request import ServiceLine
from .anatomy_in_text import levels_in
from .found_by_imaging import FoundAtLevels
from .lexicon import Entry, Mention
from .marked import Marked, longest
from .service_drugs import Drugs
from .service_found import ServiceFound
from .service_numbers import Numbers
from .service_owners import Details, Owners

#: Facts of a service that words state as a choice.
CHOICES: Final = ("intent", "phase", "setting", "side", "guidance")
_NEAR: Final = 6
_AFTER_FREE_SIDE: Final = frozenset(
    "for medically side with is are considered indicated necessary covered under to in due given".split()
)
#: The noun of a phrase such as *diagnostic block*, with the words of the kinds of service it may be.
_KINDS_OF_SERVICE: Final = {
    "block": frozenset({"block", "injection"}),
    "injection": frozenset({"block", "injection"}),
    "ablation": frozenset({"ablation"}),
    "neurolysis": frozenset({"neurolysis", "ablation"}),
}
_MODIFIER_SIDE: Final = {"50": "bilateral", "LT": "left", "RT": "right"}


def read_details(marked: Marked, services: Sequence[ServiceFound]) -> Details:
    """The details of every service; none is given to a service that it was not said of."""
    details = Details()
    if not services:
        return details
    reader = _Reader(marked, services, details)
    reader.modifiers()
    reader.choices()
    reader.nerves()
    reader.muscles()
    reader.levels()
    Numbers(marked, services, details).numbers()
    Drugs(marked, services, details).drugs()
    return details


def lines(
    services: Sequence[ServiceFound], details: Details, texts: Sequence[str]
) -> tuple[ServiceLine, ...]:
    """The service lines of the request."""
    found = []
    for service, text in zip(services, texts, strict=True):
        said = {
            name: value
            for name, value in details.fields.get(service.code, {}).items()
            if value is not None
        }
        said.setdefault("modifiers", service.modifiers)
        found.append(
            ServiceLine(
                code=service.code,
                text=text,
                provenance=Provenance(span=service.span, quote=text),
                **said,
            )
        )
    return tuple(found)


class _Reader(Owners):
    # --- the details -------------------------------------------------------------------------------

    def modifiers(self) -> None:
        """Modifiers and units that stand beside a code."""
        for service in self.services:
            if service.units is not None:
                self.details.say([service.code], "units", service.units)
            if not service.modifiers:
                continue
            self.details.say([service.code], "modifiers", service.modifiers)
            for modifier in service.modifiers:
                if modifier in _MODIFIER_SIDE:
                    self.details.say([service.code], "side", _MODIFIER_SIDE[modifier])

    def choices(self) -> None:
        """Intent, phase, setting, side and guidance."""
        mentions = [m for m in self.marked.of("choice") if any(e.id in CHOICES for e in m.entries)]
        for name in CHOICES:
            own = [
                Mention(m.first, m.last, tuple(e for e in m.entries if e.id == name), m.written)
                for m in mentions
                if any(e.id == name for e in m.entries)
            ]
            own += self._leading(name, own)
            seen: set[tuple[str, tuple[str, ...] | None]] = set()
            for mention in longest(own):
                if not self._holds(name, mention):
                    continue
                owners = self._owners(mention.first, mention.last)
                value = mention.entries[0].value
                key = (value, tuple(owners) if owners else None)
                if key not in seen:
                    seen.add(key)
                    self._state(name, value, mention.first, mention.last, owners)
            if name == "phase" and not seen:
                self._first_ever()

    def _leading(self, name: str, own: list[Mention]) -> list[Mention]:
        """*Repeat* or *diagnostic* right before a service: the bare name of a value."""
        if name not in ("phase", "intent") or name not in self.marked.library.facts:
            return []
        values = self.marked.library.facts[name].values
        found = []
        for service in self.services:
            for at in range(max(0, service.first - _NEAR), service.last):
                norm = self.marked.norms[at]
                if norm not in values or any(m.first <= at < m.last for m in own):
                    continue
                if at >= service.first or self._leads_to(at + 1, service.first):
                    found.append(Mention(at, at + 1, (Entry("choice", name, norm),), norm))
        return found

    def _first_ever(self) -> None:
        """Where there was never an injection, this one is the first."""
        if "initial" not in self.marked.library.facts["phase"].values:
            return
        for mention in self.marked.of("no_event"):
            if any(e.id == "procedure" for e in mention.entries) and not self.marked.dropped(
                mention.first, mention.last
            ):
                self._state("phase", "initial", mention.first, mention.last, None)
                return

    def _holds(self, name: str, mention: Mention) -> bool:
        scopes = self.marked.scopes
        first, last = mention.first, mention.last
        if self.marked.dropped(first, last):
            return False
        if scopes.has("earlier", first, last) and not any(
            s.first < last and first < s.last for s in self.services
        ):
            return name == "phase" and mention.entries[0].value == "initial"
        if name == "side":
            return self._side_is_of_service(mention)
        if name == "intent" and self._names_another_service(mention):
            return False
        if name == "guidance":
            return not any(
                s.first <= first and last <= s.last and s.code.startswith("7")
                for s in self.services
            )
        return True

    def _names_another_service(self, mention: Mention) -> bool:
        """*Two diagnostic blocks* beside an ablation that is asked for are no purpose of the ablation."""
        kind = self.marked.norms[mention.last - 1]
        if kind not in _KINDS_OF_SERVICE or any(
            s.first < mention.last and mention.first < s.last for s in self.services
        ):
            return False
        known = (self.marked.library.procedure(s.code) for s in self.services)
        kinds = [procedure.kind for procedure in known if procedure is not None]
        told = self.marked.norms[mention.first] in ("before", "prior")
        same = any(set(kind_of.split("-")) & _KINDS_OF_SERVICE[kind] for kind_of in kinds)
        return bool(kinds) and same == told

    def _side_is_of_service(self, mention: Mention) -> bool:
        """A side counts where it stands with a service; *left leg pain* is about the pain."""
        if self._stands_free(mention):
            return True
        for service in self.services:
            if service.first < mention.last and mention.first < service.last:
                return True
            if 0 <= service.first - mention.last < _NEAR + 4 and self._leads_to(
                mention.last, service.first
            ):
                return True
            if 0 <= mention.first - service.last < 5 and self._leads_to(
                service.last, mention.first
            ):
                return True
        return False

    def _stands_free(self, mention: Mention) -> bool:
        """*At C5-6 and C6-7 left*, *..., left.*: a side after levels, or alone at the end of a part."""
        norms, document = self.marked.norms, self.document
        if not any(
            document.sentence[s.first] == document.sentence[mention.first] for s in self.services
        ):
            return False
        at_end = (
            mention.last >= len(norms)
            or document.sentence[mention.last] != document.sentence[mention.first]
        )
        if "," in document.gap(mention.first) and (at_end or "," in document.gap(mention.last)):
            return True
        at = mention.first - 1
        while at > 0 and norms[at] in ("on", "the", "at", "side", "of"):
            at -= 1
        if not (at_end or norms[mention.last] in _AFTER_FREE_SIDE):
            return False
        named = self.marked.of("nerve", "procedure", "family", "region")
        levels = any(
            document.at(f.start) <= at < document.at(f.end) for f in levels_in(document.text)
        )
        return (
            levels or any(m.first <= at < m.last for m in named) or norms[at] in ("branch", "nerve")
        )

    def _leads_to(self, start: int, end: int) -> bool:
        allowed = frozenset(
            {
                "and",
                "left",
                "right",
                "bilateral",
                "the",
                "on",
                "side",
                "of",
                "at",
                "c",
                "l",
                "a",
                "with",
            }
        )
        for at in range(start, end):
            norm = self.marked.norms[at]
            if norm in allowed or re.fullmatch(
                r"[ctls]?\d{1,2}|[a-z]+ic|[a-z]+al|[a-z]+ar|repeat|facet|nerve|joint|branch|lt|rt|cpt|code|for",
                norm,
            ):
                continue
            return False
        return True

    def nerves(self) -> None:
        """The nerve that a block is named after."""
        for service in self.services:
            if service.nerves and len(service.nerves) == 1:
                nerve = service.nerves[0]
                places = [
                    m for m in self.marked.of("nerve") if any(e.id == nerve for e in m.entries)
                ]
                near = [
                    m for m in places if service.first - 1 <= m.first <= service.last + 1
                ] or places
                if near:
                    best = max(near, key=lambda m: m.last - m.first)
                    self._state("nerve", nerve, best.first, best.last, [service.code])

    def muscles(self) -> None:
        """The muscles named, for the services that go into muscles."""
        own = [
            s.code
            for s in self.services
            if (p := self.marked.library.procedure(s.code))
            and (p.muscles_at_least or p.muscles_at_most)
        ]
        found = [
            m for m in longest(self.marked.of("muscle")) if not self.marked.dropped(m.first, m.last)
        ]
        if not own or not found:
            return
        muscles = tuple(dict.fromkeys(m.entries[0].id for m in found))
        self._state(
            "muscles",
            muscles,
            found[0].first,
            found[-1].last,
            own if len(own) < len(self.services) else None,
        )

    def levels(self) -> None:
        """Spinal levels, for the services that are done at levels."""
        spinal = [s for s in self.services if self._is_spinal(s.code)]
        if not spinal:
            return
        findings = FoundAtLevels(self.marked)
        of_finding: dict[str, list[tuple[tuple[str, ...], int, int]]] = {}
        by_service: dict[str, list[tuple[tuple[str, ...], int, int]]] = {}
        for found in levels_in(self.document.text):
            first, last = self.document.at(found.start), self.document.at(found.end)
            if first >= last or (
                self.marked.scopes.has("earlier", first, last)
                and not any(s.first <= first < s.last + 8 for s in spinal)
            ):
                continue
            if findings.seen(first, last, spinal):
                continue
            near = [s for s in spinal if self._speaks_of(first, s, len(spinal) == 1)]
            if not near or self.marked.dropped(first, last):
                continue
            best = min(near, key=lambda s: min(abs(first - s.last), abs(s.first - last)))
            for service in (
                s
                for s in spinal
                if s.span == best.span or (len(spinal) > 1 and s.in_code and best.in_code)
            ):
                into = of_finding if findings.named(first, last, spinal) else by_service
                into.setdefault(service.code, []).append((found.levels, first, last))
        by_service = {**of_finding, **by_service}
        for code, places in by_service.items():
            levels = tuple(
                dict.fromkeys(level for found_levels, _, _ in places for level in found_levels)
            )
            owners = None if len(self.services) == 1 else [code]
            self._state("levels", levels, places[0][1], places[-1][2], owners)

    def _speaks_of(self, at: int, service: ServiceFound, only: bool) -> bool:
        if self.document.sentence[at] != self.document.sentence[service.first]:
            return False
        if only and not {"patient", "male", "female", "man", "woman"} & set(
            self.marked.norms[min(at, service.last) : at]
        ):
            return True
        return -12 < at - service.last < 8

    def _is_spinal(self, code: str) -> bool:
        procedure = self.marked.library.procedure(code)
        if procedure is None or procedure.further_level:
            return True
        if procedure.region is None:
            return False
        region = self.marked.library.regions.get(procedure.region)
        return bool(region and region.levels)
