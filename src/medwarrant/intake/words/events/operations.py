"""Operations that a text tells as done."""

from __future__ import annotations

import re
from typing import Final

from ....model.dates import parse_date
from ....model.facts import Value
from ..anatomy_in_text import levels_in
from ..quantities import dates
from .reader import EventReader

_YEAR: Final = re.compile(r"[^.;,\n\d]{0,12}[\s(](?P<year>(?:19|20)\d{2})(?![\d/-])")


class Operations(EventReader):
    """Reads earlier operations."""

    def operations(self) -> None:
        """Operations told as done."""
        if "surgery" not in self.library.events:
            return
        seen: set[str] = set()
        for mention in self.marked.attributes("surgery", "kind"):
            first, last = mention.first, mention.last
            if self.marked.dropped(first, last) or not self.marked.scopes.has(
                "earlier", first, last
            ):
                continue
            if any(s.first < last and first < s.last for s in self.services.found):
                continue
            value = mention.entries[0].value
            if value in seen:
                continue
            seen.add(value)
            attributes: dict[str, Value] = {"kind": value}
            start, end = self.document.span(*self._around(first, last))
            levels = [
                level
                for found in levels_in(self.document.text, start, end)
                for level in found.levels
            ]
            if levels:
                attributes["levels"] = tuple(dict.fromkeys(levels))
            text = self.document.text
            for dated in dates(
                text,
                self.document.span(first, last)[1],
                min(len(text), end + 40),
                day=self.document.day,
            ):
                if (
                    self.document.sentence[self.document.at(dated.start)]
                    != self.document.sentence[first]
                ):
                    break
                attributes["date"] = dated.value
                break
            else:
                year = _YEAR.match(text, self.document.span(first, last)[1])
                if year is not None:
                    attributes["date"] = parse_date(year["year"])
            self.add("surgery", first, last, attributes)

    def _around(self, first: int, last: int) -> tuple[int, int]:
        """The words of the same sentence that may tell the levels."""
        sentence = self.document.sentence
        low, high = max(0, first - 5), min(len(self.norms), last + 3)
        while sentence[low] != sentence[first]:
            low += 1
        while sentence[high - 1] != sentence[first]:
            high -= 1
        return low, high
