"""Histories that a text closes: *no prior injections*."""

from __future__ import annotations

from typing import Final

from ..lexicon import Mention
from ..marked import longest
from .reader import EventReader

_NOT_OF_THE_PAST: Final = frozenset(
    "at that is today planned indicated recommended needed necessary required warranted until scheduled currently".split()
)


class ClosedHistories(EventReader):
    """Reads what was never done."""

    def closed_histories(self) -> None:
        """*No prior injections*: there was none, ever."""
        seen: set[str] = set()
        for mention in longest(self.marked.of("no_event")):
            for entry in mention.entries:
                if entry.id not in seen and not self._says_no_more(mention):
                    seen.add(entry.id)
                    self.add(entry.id, mention.first, mention.last, {}, "absent")

        for mention in self.marked.of("event") if self.marked.is_note else ():
            event = mention.entries[0].id
            cue = self.marked.scopes.cue("denied", mention.first, mention.last)
            if event not in seen and cue is not None and cue[0] < 0:
                seen.add(event)  # "Prior injections: none" in a form
                self.add(event, mention.first, mention.last, {}, "absent")

    def _says_no_more(self, mention: Mention) -> bool:
        """*No surgery is planned* and *no injections today* say nothing of earlier ones."""
        after = self.norms[mention.last : mention.last + 1]
        scopes = self.marked.scopes
        dropped = any(
            scopes.has(effect, mention.first, mention.last) for effect in ("family", "conditional")
        )
        return dropped or bool(_NOT_OF_THE_PAST & set(after))
