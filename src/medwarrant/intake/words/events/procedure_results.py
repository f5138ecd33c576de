"""What an earlier procedure gave: relief, its length, what it did for function, and when it was."""

from __future__ import annotations

import re
from typing import Final

from ....model.dates import DateSpan
from ....model.facts import Value
from ....model.measures import Range
from ..document import phrase
from ..quantities import dates, durations, percentages
from ..relief import AFTER_PERCENT, tells_relief
from .reader import EventReader

_PAIR_OF_PERCENT: Final = re.compile(
    r"\b(\d{1,3})\s*%?\s*(?:,?\s*(?:and|&|then)|,)\s*(\d{1,3})\s*%"
)
_RELIEF_FOR: Final = re.compile(
    r"(?:relief|improvement|benefit|better|lasted|lasting|last|reduction|improved)\W{1,3}(?:that\s+|which\s+|of\s+(?:pain|symptoms)\s+|in\s+pain\s+)?(?:lasted\s+|lasting\s+)?(?:for\s+|x\s+|of\s+|about\s+|approximately\s+|anywhere\s+|from\s+|between\s+|nearly\s+|almost\s+)*$|%\s+for\s+(?:about\s+|approximately\s+)?$",
    re.IGNORECASE,
)
_OF_RELIEF: Final = re.compile(
    r"\s*(?:of\s+)?(?:\d{1,3}(?:\s*-\s*\d{1,3})?\s*%\s+)?(?:pain\s+)?relief", re.IGNORECASE
)
_FIRST_DAY: Final = re.compile(r"[^.;\n\d%]{0,40}")
_AND: Final = re.compile(r"\s*(?:,|and|&|,\s*and)\s*(?:on\s+|again on\s+)?", re.IGNORECASE)
_FUNCTION: Final = re.compile(
    r"\W{0,3}(?:functional improvement|improvement in function|function)", re.IGNORECASE
)
ORDINALS: Final = frozenset(
    {"first", "second", "third", "fourth", "initial", "1st", "2nd", "3rd", "other"}
)
_COMES_BACK: Final = re.compile(
    r"\b(?:return|follow|scheduled|appointment|next|until|repeat)\b", re.IGNORECASE
)


class ProcedureResults(EventReader):
    """Reads the results of a procedure from the words that may speak of it."""

    def result_of(self, first: int, last: int, limits: tuple[int, int]) -> dict[str, Value]:
        """The results told of a procedure, from the words within `limits`."""
        text = self.document.text
        low, high = max(limits[0], first - 20), min(limits[1], last + 26, len(self.norms))
        while low < first and self.document.sentence[low] != self.document.sentence[first]:
            low += 1
        while high > last and self.document.sentence[high - 1] > self.document.sentence[first] + 1:
            high -= 1
        start, end = self.document.span(low, high)
        found: dict[str, Value] = {}
        for percent in percentages(text, start, end):
            if _FUNCTION.match(text, percent.end) or self._measures("function_gain", percent.end):
                found.setdefault("function_gain", percent.value)
            elif tells_relief(text, percent, start) or self._measures("relief", percent.end):
                found["relief"] = _both(found.get("relief"), percent.value)
        ends = self.document.span(first, last)
        told = bool(re.search(r"\brelief\b", text[start : ends[0]], re.IGNORECASE))
        for length in durations(text, start, end):
            right_after = told and re.fullmatch(
                r"\s+for\s+(?:about\s+|approximately\s+)?", text[ends[1] : length.start]
            )
            if (
                right_after
                or _RELIEF_FOR.search(text, start, length.start)
                or _OF_RELIEF.match(text, length.end)
            ):
                found.setdefault("relief_duration", length.value)
        found |= self._date_of(first, last, ends, (start, end))
        return found

    def two_reliefs(self, last: int, until: int) -> list[Range]:
        """*Two blocks gave 85% and 90% relief*: each had its own."""
        end = self.document.span(last - 1, min(until, last + 16, len(self.norms)))[1]
        start = self.document.span(last - 1, last)[1]
        found = _PAIR_OF_PERCENT.search(self.document.text, start, end)
        if found is None or not AFTER_PERCENT.match(self.document.text, found.end()):
            return []
        if (
            self.document.sentence[self.document.at(found.start())]
            != self.document.sentence[last - 1]
        ):
            return []
        return [Range(float(value), float(value)) for value in found.groups()]

    def two_dates(self, last: int, until: int) -> list[DateSpan]:
        """*Two blocks on 4/2 and 5/14, each with 80% relief*: each was on its own day."""
        text = self.document.text
        end = self.document.span(last - 1, min(until, last + 20, len(self.norms)))[1]
        start = self.document.span(last - 1, last)[1]
        found = list(dates(text, start, end, day=self.document.day))[:2]
        if len(found) < 2 or not _FIRST_DAY.fullmatch(text, start, found[0].start):
            return []
        if not _AND.fullmatch(text, found[0].end, found[1].start):
            return []
        return [dated.value for dated in found]

    def in_turn(self, last: int, until: int) -> list[tuple[int, int]]:
        """*Two injections: the first in June with ..., the second on ...*: the words on each."""
        sentence = self.document.sentence[last - 1]
        end = min(until, len(self.norms))
        starts = [
            at
            for at in range(last, end)
            if self.norms[at] in ORDINALS and self.document.sentence[at] <= sentence + 1
        ]
        if len(starts) < 2 or self.norms[starts[0]] == self.norms[starts[1]]:
            return []
        while (
            end > starts[-1]
            and self.document.sentence[end - 1] > self.document.sentence[starts[-1]]
        ):
            end -= 1
        return list(zip(starts, [*starts[1:], end], strict=True))

    def _measures(self, attribute: str, end: int) -> bool:
        """Whether the packs' words for an attribute follow a figure: *80% pain reduction*."""
        after = self.document.at(end)
        said = self.norms[after : after + 6]
        words = (
            self.library.events["procedure"].attributes[attribute].words
            if "procedure" in self.library.events
            else ()
        )
        forms = (phrase(each) for each in words)
        return any(
            said[skipped : skipped + len(form)] == list(form)
            for form in forms
            for skipped in (0, 1)
            if not skipped or said[:1] == ["of"]
        )

    def _date_of(
        self, first: int, last: int, ends: tuple[int, int], around: tuple[int, int]
    ) -> dict[str, Value]:
        """The date told after a procedure; else one before it in its own sentence."""
        text, day = self.document.text, self.document.day
        for dated in dates(text, ends[0], around[1], day=day):
            if not _COMES_BACK.search(text, max(ends[0], dated.start - 30), dated.start):
                return {"date": dated.value}
        before = [d.value for d in dates(text, around[0], ends[0], day=day)]
        return {"date": before[-1]} if before else {}


def _both(known: Value | None, other: Range) -> Range:
    """Two figures told of one treatment, as the range that holds both."""
    if not isinstance(known, Range) or known == other:
        return other
    lows = [bound for bound in (known.low, other.low) if bound is not None]
    highs = [bound for bound in (known.high, other.high) if bound is not None]
    return Range(min(lows) if len(lows) == 2 else None, max(highs) if len(highs) == 2 else None)
