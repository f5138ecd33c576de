"""Imaging and tests that are told to have shown something."""

from __future__ import annotations

import re
from typing import Final

from ....model.facts import Value
from ..found_by_imaging import SHOWS
from ..quantities import dates
from .reader import EventReader

#: A result that is told of the imaging itself: *CT head was normal*, *CT lumbar: solid fusion*.
_NOT_YET: Final = frozenset("pending none not no ordered scheduled deferred na n/a".split())
_LONGEST: Final = 90
_COLON: Final = re.compile(r"[^:.;\n]{0,40}:\s*[A-Za-z]")
_RESULT: Final = frozenset("normal unremarkable negative positive abnormal".split())


class Imaging(EventReader):
    """Reads earlier imaging."""

    def imaging(self) -> None:
        """Imaging that is told to have shown something."""
        if "imaging" not in self.library.events:
            return
        seen: set[str] = set()
        for mention in self.marked.attributes("imaging", "modality"):
            first, last = mention.first, mention.last
            value = mention.entries[0].value
            if value in seen or self._test_dropped(first, last):
                continue
            if any(s.first < last and first < s.last for s in self.services.found):
                continue
            before = self.norms[max(0, first - 3) : first]
            after = self.norms[last : last + 5]
            told = (
                bool({"on", "by", "per", "recent", "prior", "previous"} & set(before))
                or bool((SHOWS | _RESULT) & set(after))
                or self._headed(last)
            )
            if told or self.marked.scopes.has("earlier", first, last):
                seen.add(value)
                attributes: dict[str, Value] = {"modality": value}
                text = self.document.text
                end = self.document.span(first, last)[1]
                for dated in dates(
                    text, end, self._end_of_sentence(first, end), day=self.document.day
                ):
                    attributes["date"] = dated.value
                    break
                self.add("imaging", first, last, attributes)

    def _headed(self, last: int) -> bool:
        """*MRI lumbar 03/2026: facet arthropathy*: a colon within a few words tells what was seen."""
        if not self.marked.is_note:
            return False
        text, end = self.document.text, self.document.span(last - 1, last)[1]
        return _COLON.match(text, end) is not None

    def _test_dropped(self, first: int, last: int) -> bool:
        """Whether a test was not done; one that *was negative* was."""
        if self.marked.scopes.has("heading", first, last):
            # "EMG: left L5 radiculopathy" is a heading of the report; "EMG: pending" is not done
            return bool(_NOT_YET & set(self.norms[last : last + 2]))
        denied = self.marked.scopes.cue("denied", first, last)
        others = any(
            self.marked.scopes.has(effect, first, last)
            for effect in ("ruled_out", "conditional", "family")
        )
        return others or (
            denied is not None and denied[0] < first and self.norms[denied[0]] != "negative"
        )

    def _end_of_sentence(self, first: int, end: int) -> int:
        """Where the sentence of words ends, as far as its date may stand."""
        sentence, at = self.document.sentence, first
        while at < len(self.norms) and sentence[at] == sentence[first]:
            at += 1
        return min(self.document.span(at - 1, at)[1], end + _LONGEST)
