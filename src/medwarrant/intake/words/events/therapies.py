"""Treatments without drugs that were tried, by kind where it is named."""

from __future__ import annotations

from ..lexicon import Mention
from .reader import Tried
from .tried import Trials, one_of_each


class Therapies(Trials):
    """Reads courses of therapy."""

    def therapies(self) -> None:
        """Treatments without drugs, by kind where it is named."""
        if "therapy" not in self.library.events:
            return
        found: list[Tried] = []
        for mention in self.marked.attributes("therapy", "kind"):
            value = mention.entries[0].value
            tried = self.tried("therapy", mention, (("kind", value),), also_taken=False)
            dropped = self.marked.dropped(mention.first, mention.last) or self.is_intended(mention)
            if tried is None and not dropped and self.has_length(mention):
                tried = Tried(mention.first, mention.last, (("kind", value),))
            if tried is not None:
                found.append(tried)
        found = one_of_each(found)
        for mention in self.named_in_general("therapy", None):
            tried = self.tried("therapy", mention, (), also_taken=False)
            if tried is not None and not any(self._explains(mention, kind) for kind in found):
                found.append(tried)
        for tried in found:
            attributes = self.with_time(tried)
            if tried.outcome:
                attributes["outcome"] = tried.outcome
            self.add("therapy", tried.first, tried.last, attributes)

    def _explains(self, mention: Mention, tried: Tried) -> bool:
        """*Conservative treatment including physical therapy*: the kinds say what was meant."""
        return (
            0 <= tried.first - mention.last < 4
            and self.document.sentence[mention.first] == self.document.sentence[tried.first]
        )
