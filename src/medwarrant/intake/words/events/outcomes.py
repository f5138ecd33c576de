"""What a text says that came of a treatment: the nearest result that speaks of its words."""

from __future__ import annotations

import re
from typing import Final

from ..lexicon import Mention
from .reader import EventReader

#: An outcome that ends with one of these governs what follows it, else what precedes it.
_GOVERNS_AFTER: Final = frozenset(
    "of to from with by on after failed fail failing despite exhausted tolerate take for".split()
)
#: *Significant relief from diagnostic blocks* speaks of the blocks, and of nothing before it.
_LEADS_ON: Final = frozenset({"from"})
_DASH: Final = re.compile(r"[^.;\n]*\s[-\u2013\u2014]+\s[^.;\n]*")
_MODAL: Final = frozenset(
    {"may", "might", "could", "should", "would", "will", "can", "hopefully", "if"}
)
_SUBJECTS: Final = frozenset({"she", "he", "they", "patient", "but", "was", "were", "is", "and"})
_REACH: Final = 24


class Outcomes(EventReader):
    """Reads results: failed, not tolerated, contraindicated, helped."""

    def outcomes(self, event: str, first: int, last: int) -> tuple[str, ...]:
        """The outcomes told of words: the nearest, and one that *but* sets against it."""
        before: tuple[int, str] | None = None
        after: tuple[int, str] | None = None
        contrast: str | None = None
        for mention in self.marked.attributes(event, "outcome"):
            if not self._in_one_breath(first, last, mention):
                continue
            if self.marked.scopes.has("denied", mention.first, mention.last) or self._may_be(
                mention
            ):
                continue
            value = mention.entries[0].value
            if first <= mention.first and mention.last <= last:
                return (value,)
            governs_after = self.norms[mention.last - 1] in _GOVERNS_AFTER or bool(
                _LEADS_ON & set(self.norms[mention.last : mention.last + 1])
            )
            follows = mention.last < len(self.norms) and (
                self.norms[mention.last] in ("from", "with", "to")
                # "never tolerated naproxen": nothing stands between
                or (mention.last == first and not self.document.gap(first).strip())
            )
            if mention.last <= first and (
                governs_after or (follows and not self._told_of_another(event, mention.first))
            ):
                if first - mention.last < _REACH and not self.broken(mention.last, first):
                    before = (first - mention.last, value)
            elif mention.first >= last and mention.first - last < _REACH:
                between = self.norms[last : mention.first]
                clause = bool({"which", "that"} & set(between))
                if governs_after and not clause and self.norms[mention.last - 1] != "failed":
                    if not (between and between[-1] in _SUBJECTS) and after is None:
                        continue
                others = self.others_between(event, last, mention.first)
                if others and clause and "which" in self.norms[others[-1] : mention.first]:
                    continue  # the clause belongs to the one named last
                if self.broken(last, mention.first):
                    if not others and {"but", "however", "although"} & set(between):
                        if after is None:
                            after = (mention.first - last, value)
                        else:
                            contrast = value
                elif after is None:
                    after = (mention.first - last, value)
        if before and after:
            before, after = min(before, after), None
        found = before or after
        if found is None:
            return ()
        return (found[1], contrast) if contrast not in (None, found[1]) else (found[1],)

    def _in_one_breath(self, first: int, last: int, mention: Mention) -> bool:
        """In the same sentence, or after a dash: *drug x 6 months - no relief*."""
        sentence = self.document.sentence
        if sentence[mention.first] == sentence[first]:
            return True
        if sentence[mention.first] != sentence[first] + 1 or mention.first < last:
            return False
        between = self.document.text[
            self.document.tokens[last - 1].end : self.document.tokens[mention.first].start
        ]
        return _DASH.fullmatch(between) is not None

    def _may_be(self, mention: Mention) -> bool:
        """*May be helpful* and *should help* tell no result."""
        return bool(_MODAL & set(self.norms[max(0, mention.first - 3) : mention.first]))

    def _told_of_another(self, event: str, at: int) -> bool:
        """Whether the word before a result names what it is the result of."""
        return any(
            m.last <= at <= m.last + 8
            for m in self.named(event)
            if self.document.sentence[m.first] == self.document.sentence[at]
        )
