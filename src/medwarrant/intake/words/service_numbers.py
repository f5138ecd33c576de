"""How often and how many times a service is asked for."""

from __future__ import annotations

import re
from typing import Final

from ...model.measures import DAYS_IN, Range, canonical_unit
from .quantities import number
from .service_owners import Owners

_EVERY: Final = re.compile(
    r"\b(?:every|each|q\.?)\s*(?:(?P<low>\d{1,3}|two|three|four|six|eight|ten|twelve|other)(?:\s*(?:-|\u2013|to)\s*(?P<high>\d{1,3}))?[\s-]*)?(?P<unit>days?|weeks?|wks?|wk|w|months?|mos?|years?|yrs?)\b",
    re.IGNORECASE,
)
_ADVERB: Final = re.compile(
    r"\b(?:(?P<bi>bi-?)?(?P<adverb>weekly|monthly|yearly|annually|quarterly))\b(?!\s+(?:headache|migraine))",
    re.IGNORECASE,
)
_SESSIONS: Final = re.compile(
    r"\b(?:(?:series|set|course|total)\s+of\s+(?P<series>\d{1,3}|two|three|four|five|six|eight|ten|twelve)"
    r"|(?P<count>\d{1,3}|one|two|three|four|five|six|eight|ten|twelve)\s+(?:more\s+|additional\s+)?(?P<what>visits?|sessions?|treatments?|treatment sessions?|infusions?|injections?|rounds?|cycles?|times?|doses?)\b(?P<per>\s*(?:a|per|each|/|every)\s*(?:year|month|week))?"
    r"|[x\u00d7]\s?(?P<times>\d{1,2})\b(?!\s*(?:units?|mg|days?|weeks?|months?|years?)))",
    re.IGNORECASE,
)
_FOR_LENGTH: Final = re.compile(
    r"\s*(?:,\s*)?(?:for|over|x)\s+(?P<low>\d{1,3}|two|three|four|six|twelve|a|an|one)\s*(?P<unit>weeks?|months?|years?)\b",
    re.IGNORECASE,
)
_ADVERB_DAYS: Final = {"weekly": 7, "monthly": 30, "quarterly": 90, "yearly": 360, "annually": 360}


_SO_FAR: Final = re.compile(
    r"\s*(?:of\s+\w+\s+)?(?:so far|already|to date|completed|done|until now)\b", re.IGNORECASE
)


class Numbers(Owners):
    """Intervals and sessions."""

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
                self._state(
                    "sessions",
                    round(whole / days.low),
                    first,
                    self.document.at(follows.end()),
                    self._owners_of_number(first),
                )
        for found in _ADVERB.finditer(text):
            if not self._is_planned(found):
                continue
            length = float(_ADVERB_DAYS[found["adverb"].lower()]) * (2 if found["bi"] else 1)
            first, last = self._words(found)
            self._state(
                "interval", Range(length, length), first, last, self._owners_of_number(first)
            )
        for found in _SESSIONS.finditer(text):
            count = found["series"] or found["count"] or found["times"]
            if found["times"] and text[max(0, found.start() - 1)].isalnum():
                continue
            if (
                found["what"]
                and found["what"].lower().startswith(("time", "injection", "dose"))
                and not found["per"]
            ):
                continue
            first, last = self._words(found)
            if _SO_FAR.match(text, found.end()):
                continue
            if self._is_planned(found) and not any(
                s.units and s.span[0] <= found.start() <= s.span[1] + 12 for s in self.services
            ):
                self._state(
                    "sessions", int(number(count)), first, last, self._owners_of_number(first)
                )

    def _every(self, found: re.Match[str]) -> Range | None:
        unit = canonical_unit(
            {"w": "week", "wk": "week"}.get(found["unit"].lower(), found["unit"].lower())
        )
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
        return not self.marked.dropped(first, last) and not self.marked.scopes.has(
            "earlier", first, last
        )

    def _owners_of_number(self, first: int) -> list[str] | None:
        if len(self.services) == 1:
            return None
        before = [s for s in self.services if s.first <= first]
        if not before:
            return None
        nearest = max(before, key=lambda s: s.last)
        return [s.code for s in self.services if s.span == nearest.span]
