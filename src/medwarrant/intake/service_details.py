"""What a text says of how a service is done: side, levels, setting, intent, phase, number, drugs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ..model.facts import Fact, Provenance
from ..model.measures import DAYS_IN, Range, canonical_unit
from ..model.request import DrugDose, ServiceLine
from .anatomy_in_text import levels_in
from .lexicon import Entry, Mention
from .marked import Marked, longest
from .quantities import number
from .services import ServiceFound

#: Facts of a service that words state as a choice.
CHOICES: Final = ("intent", "phase", "setting", "side", "guidance")
_NEAR: Final = 6
_JOINING: Final = frozenset({"and", "or", "plus", "with", "for", "to", "who"})
_MODIFIER_SIDE: Final = {"50": "bilateral", "LT": "left", "RT": "right"}
_EVERY: Final = re.compile(
    r"\b(?:every|each|q\.?)\s*(?:(?P<low>\d{1,3}|two|three|four|six|eight|ten|twelve|other)(?:\s*(?:-|\u2013|to)\s*(?P<high>\d{1,3}))?[\s-]*)?(?P<unit>days?|weeks?|wks?|wk|w|months?|mos?|years?|yrs?)\b",
    re.IGNORECASE,
)
_ADVERB: Final = re.compile(r"\b(?:(?P<bi>bi-?)?(?P<adverb>weekly|monthly|yearly|annually|quarterly))\b(?!\s+(?:headache|migraine))", re.IGNORECASE)
_SESSIONS: Final = re.compile(
    r"\b(?:(?:series|set|course|total)\s+of\s+(?P<series>\d{1,3}|two|three|four|five|six|eight|ten|twelve)"
    r"|(?P<count>\d{1,3}|one|two|three|four|five|six|eight|ten|twelve)\s+(?:more\s+|additional\s+)?(?P<what>visits?|sessions?|treatments?|treatment sessions?|infusions?|injections?|rounds?|cycles?|times?|doses?)\b(?P<per>\s*(?:a|per|each|/|every)\s*(?:year|month|week))?"
    r"|[x\u00d7]\s?(?P<times>\d{1,2})\b(?!\s*(?:units?|mg|days?|weeks?|months?|years?)))",
    re.IGNORECASE,
)
_FOR_LENGTH: Final = re.compile(r"\s*(?:,\s*)?(?:for|over|x)\s+(?P<low>\d{1,3}|two|three|four|six|twelve|a|an|one)\s*(?P<unit>weeks?|months?|years?)\b", re.IGNORECASE)
_DOSE: Final = re.compile(r"\W{0,3}(?:\([^)]{0,40}\)\s*)?(?:injections?\W{1,3})?(?P<amount>\d{1,5}(?:\.\d+)?)[\s-]*(?P<unit>mg|milligrams?|units?|u)\b", re.IGNORECASE)
_DOSE_BEFORE: Final = re.compile(r"(?P<amount>\d{1,5}(?:\.\d+)?)[\s-]*(?P<unit>mg|milligrams?|units?|u)\s+(?:of\s+)?$", re.IGNORECASE)
_ADVERB_DAYS: Final = {"weekly": 7, "monthly": 30, "quarterly": 90, "yearly": 360, "annually": 360}


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
    reader.numbers()
    reader.drugs()
    return details


def lines(services: Sequence[ServiceFound], details: Details, texts: Sequence[str]) -> tuple[ServiceLine, ...]:
    """The service lines of the request."""
    found = []
    for service, text in zip(services, texts, strict=True):
        said = {name: value for name, value in details.fields.get(service.code, {}).items() if value is not None}
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


class _Reader:
    def __init__(self, marked: Marked, services: Sequence[ServiceFound], details: Details) -> None:
        self.marked = marked
        self.document = marked.document
        self.services = services
        self.details = details
        self.codes = [service.code for service in services]

    # --- to whom it belongs ------------------------------------------------------------------------

    def _owners(self, first: int, last: int) -> list[str] | None:
        """The codes that words at this place speak of; None where they speak of all."""
        own = [s for s in self.services if s.first < last and first < s.last]
        if own:
            return [s.code for s in own]
        if len(self.services) == 1:
            return None
        after = [s for s in self.services if 0 <= s.first - last < _NEAR and self._joined(last, s.first)]
        if after:
            nearest = min(after, key=lambda s: s.first).first
            return self._listed([s for s in after if s.first == nearest])
        before = [s for s in self.services if 0 <= first - s.last < _NEAR and self._joined(s.last, first)]
        if before:
            nearest = max(before, key=lambda s: s.last).last
            return [s.code for s in before if s.last == nearest]
        return None

    def _joined(self, start: int, end: int) -> bool:
        """Whether nothing between two places separates what they say."""
        norms = self.marked.norms
        if start < end and self.document.sentence[start] != self.document.sentence[end - 1]:
            return False
        return not any(norms[at] in _JOINING or "," in self.document.gap(at) for at in range(start, end))

    def _listed(self, services: list[ServiceFound]) -> list[str]:
        """Services of one phrase (*greater and lesser occipital nerve blocks*) share what precedes it."""
        last = services[-1]
        shared = [s for s in self.services if s.span == last.span]
        return [s.code for s in {id(s): s for s in (*services, *shared)}.values()]

    def _state(self, name: str, value: Any, first: int, last: int, owners: list[str] | None) -> None:
        where = self.document.provenance(first, last)
        self.details.say(owners or self.codes, name, value)
        stated = value if isinstance(value, str | tuple | Range) else Range(float(value), float(value))
        fact = {"modifiers": "modifier"}.get(name, name)
        for service in owners or (None,):
            self.details.facts.append(Fact(fact=fact, value=stated, service=service, provenance=where))

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
            if any(e.id == "procedure" for e in mention.entries) and not self.marked.dropped(mention.first, mention.last):
                self._state("phase", "initial", mention.first, mention.last, None)
                return

    def _holds(self, name: str, mention: Mention) -> bool:
        scopes = self.marked.scopes
        first, last = mention.first, mention.last
        if self.marked.dropped(first, last):
            return False
        if scopes.has("earlier", first, last) and not any(s.first < last and first < s.last for s in self.services):
            return name == "phase" and mention.entries[0].value == "initial"
        if name == "side":
            return self._side_is_of_service(mention)
        if name == "guidance":
            return not any(s.first <= first and last <= s.last and s.code.startswith("7") for s in self.services)
        return True

    def _side_is_of_service(self, mention: Mention) -> bool:
        """A side counts where it stands with a service; *left leg pain* is about the pain."""
        for service in self.services:
            if service.first < mention.last and mention.first < service.last:
                return True
            if 0 <= service.first - mention.last < _NEAR + 4 and self._leads_to(mention.last, service.first):
                return True
            if 0 <= mention.first - service.last < 5 and self._leads_to(service.last, mention.first):
                return True
        return False

    def _leads_to(self, start: int, end: int) -> bool:
        allowed = frozenset({"and", "left", "right", "bilateral", "the", "on", "side", "of", "at", "c", "l", "a", "with"})
        for at in range(start, end):
            norm = self.marked.norms[at]
            if norm in allowed or re.fullmatch(r"[ctls]?\d{1,2}|[a-z]+ic|[a-z]+al|[a-z]+ar|repeat|facet|nerve|joint|branch|lt|rt|cpt|code|for", norm):
                continue
            return False
        return True

    def nerves(self) -> None:
        """The nerve that a block is named after."""
        for service in self.services:
            if service.nerves and len(service.nerves) == 1:
                nerve = service.nerves[0]
                places = [m for m in self.marked.of("nerve") if any(e.id == nerve for e in m.entries)]
                near = [m for m in places if service.first - 1 <= m.first <= service.last + 1] or places
                if near:
                    best = max(near, key=lambda m: m.last - m.first)
                    self._state("nerve", nerve, best.first, best.last, [service.code])

    def muscles(self) -> None:
        """The muscles named, for the services that go into muscles."""
        own = [
            s.code
            for s in self.services
            if (p := self.marked.library.procedure(s.code)) and (p.muscles_at_least or p.muscles_at_most)
        ]
        found = [m for m in longest(self.marked.of("muscle")) if not self.marked.dropped(m.first, m.last)]
        if not own or not found:
            return
        muscles = tuple(dict.fromkeys(m.entries[0].id for m in found))
        self._state("muscles", muscles, found[0].first, found[-1].last, own if len(own) < len(self.services) else None)

    def levels(self) -> None:
        """Spinal levels, for the services that are done at levels."""
        spinal = [s for s in self.services if self._is_spinal(s.code)]
        if not spinal:
            return
        by_service: dict[str, list[tuple[tuple[str, ...], int, int]]] = {}
        for found in levels_in(self.document.text):
            first, last = self.document.at(found.start), self.document.at(found.end)
            if first >= last or (self.marked.scopes.has("earlier", first, last) and not any(s.first <= first < s.last + 8 for s in spinal)):
                continue
            near = [s for s in spinal if self._speaks_of(first, s, len(spinal) == 1)]
            if not near or self.marked.dropped(first, last):
                continue
            best = min(near, key=lambda s: min(abs(first - s.last), abs(s.first - last)))
            for service in (s for s in spinal if s.span == best.span or (len(spinal) > 1 and s.in_code and best.in_code)):
                by_service.setdefault(service.code, []).append((found.levels, first, last))
        for code, places in by_service.items():
            levels = tuple(dict.fromkeys(level for found_levels, _, _ in places for level in found_levels))
            owners = None if len(self.services) == 1 else [code]
            self._state("levels", levels, places[0][1], places[-1][2], owners)

    def _speaks_of(self, at: int, service: ServiceFound, only: bool) -> bool:
        if self.document.sentence[at] != self.document.sentence[service.first]:
            return False
        if only and not {"patient", "male", "female", "man", "woman"} & set(self.marked.norms[min(at, service.last) : at]):
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

    def numbers(self) -> None:
        """How often and how many times."""
        text = self.document.text
        for found in _EVERY.finditer(text):
            days = self._every(found)
            if days is None or not self._is_planned(found):
                continue
            first, last = self._words(found)
            self._state("interval", days, first, last, self._owners_of_number(first))
            follows = _FOR_LENGTH.match(text, found.end())
            if follows and days.low:
                unit = canonical_unit(follows["unit"].lower()) or "days"
                whole = number(follows["low"]) * DAYS_IN[unit]
                self._state("sessions", round(whole / days.low), first, self.document.at(follows.end()), self._owners_of_number(first))
        for found in _ADVERB.finditer(text):
            if not self._is_planned(found):
                continue
            length = float(_ADVERB_DAYS[found["adverb"].lower()]) * (2 if found["bi"] else 1)
            first, last = self._words(found)
            self._state("interval", Range(length, length), first, last, self._owners_of_number(first))
        for found in _SESSIONS.finditer(text):
            count = found["series"] or found["count"] or found["times"]
            if found["times"] and text[max(0, found.start() - 1)].isalnum():
                continue
            if found["what"] and found["what"].lower().startswith(("time", "injection", "dose")) and not found["per"]:
                continue
            first, last = self._words(found)
            if self._is_planned(found) and not any(s.units and s.span[0] <= found.start() <= s.span[1] + 12 for s in self.services):
                self._state("sessions", int(number(count)), first, last, self._owners_of_number(first))

    def _every(self, found: re.Match[str]) -> Range | None:
        unit = canonical_unit({"w": "week", "wk": "week"}.get(found["unit"].lower(), found["unit"].lower()))
        if unit is None or unit not in DAYS_IN:
            return None
        if not found["low"]:
            return Range(float(DAYS_IN[unit]), float(DAYS_IN[unit]))
        low = 2.0 if found["low"].lower() == "other" else number(found["low"])
        high = float(found["high"]) if found["high"] else low
        return Range(low * DAYS_IN[unit], max(low, high) * DAYS_IN[unit])

    def _words(self, found: re.Match[str]) -> tuple[int, int]:
        first = min(self.document.at(found.start()), len(self.document.tokens) - 1)
        return first, max(self.document.at(found.end()), first + 1)

    def _is_planned(self, found: re.Match[str]) -> bool:
        first, last = self._words(found)
        return not self.marked.dropped(first, last) and not self.marked.scopes.has("earlier", first, last)

    def _owners_of_number(self, first: int) -> list[str] | None:
        if len(self.services) == 1:
            return None
        before = [s for s in self.services if s.first <= first]
        if not before:
            return None
        nearest = max(before, key=lambda s: s.last)
        return [s.code for s in self.services if s.span == nearest.span]

    def drugs(self) -> None:
        """Drugs given with a service, and the dose asked for."""
        for mention in longest(self.marked.of("drug")):
            drug = mention.entries[0].id
            if self.marked.dropped(mention.first, mention.last) or self.marked.scopes.has("earlier", mention.first, mention.last):
                continue
            dose = self._dose(mention)
            own = [s for s in self.services if self._gives(s.code, drug)]
            if not own:
                own = self._injected_with(mention)
            if not own:
                continue
            if dose is not None:
                amount, unit = dose
                if unit == "units":
                    for service in own:
                        if (p := self.marked.library.procedure(service.code)) and p.kind == "drug":
                            self.details.say([service.code], "units", int(amount))
                value = DrugDose(drug=drug, dose=Range(amount, amount), unit=unit)
            else:
                value = DrugDose(drug=drug)
            for service in own:
                known = self.details.fields.setdefault(service.code, {})
                held = [d for d in known.get("drugs", ()) if d.drug != drug]
                earlier = [d for d in known.get("drugs", ()) if d.drug == drug and d.dose is not None]
                known["drugs"] = (*held, earlier[0] if earlier and value.dose is None else value)

    def _gives(self, code: str, drug: str) -> bool:
        procedure = self.marked.library.procedure(code)
        if procedure is None:
            return code in self.marked.library.drugs[drug].hcpcs
        return procedure.drug == drug

    def _injected_with(self, mention: Mention) -> list[ServiceFound]:
        """Services before *with X*, *using X and Y*: the drug goes into the needle."""
        norms = self.marked.norms
        at = mention.first - 1
        drugs = [m for m in self.marked.of("drug") if m.last <= mention.first]
        while at > 0 and (norms[at] in ("and", "of", "plus", "mg", "ml", "cc", "or") or re.fullmatch(r"[\d.]+(?:mg|ml|cc)?|%", norms[at]) or any(m.first <= at < m.last for m in drugs)):
            at -= 1
        if norms[at] not in ("with", "using", "of"):
            return []
        before = [s for s in self.services if 0 <= at - s.last < 4]
        return before[-1:]

    def _dose(self, mention: Mention) -> tuple[float, str] | None:
        start, end = self.document.span(mention.first, mention.last)
        text = self.document.text
        found = _DOSE.match(text, end) or _DOSE_BEFORE.search(text, max(0, start - 20), start)
        if found is None:
            return None
        unit = "units" if found["unit"].lower().startswith("u") else "mg"
        return float(found["amount"]), unit


