"""Whether words that name a drug or a therapy tell that it was tried, and with what result."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ....model.facts import Value
from ..lexicon import Mention
from .lengths import Lengths
from .outcomes import Outcomes
from .reader import Tried

_NOT_TRIED: Final = re.compile(
    r"\s+(?:has |have |was |were )?(?:not|never)\s+(?:yet\s+)?(?:been\s+)?(?:tried|trialed|used)\b",
    re.IGNORECASE,
)
_TAKING: Final = frozenset("on taking take using use currently continue".split())


class Trials(Outcomes, Lengths):
    """Reads whether something was tried."""

    def tried(
        self,
        event: str,
        mention: Mention,
        attributes: tuple[tuple[str, Value], ...],
        *,
        also_taken: bool,
    ) -> Tried | None:
        """What was tried, or None where the words do not tell that it was.

        What is told as never tried is added as absent. With `also_taken`, what is taken now counts.
        """
        first, last = mention.first, mention.last
        scopes = self.marked.scopes
        if any(
            scopes.has(effect, first, last)
            for effect in ("family", "conditional", "ruled_out", "allergy")
        ):
            return None
        cue = scopes.cue("denied", first, last)
        if cue is not None:
            around = self.norms[cue[0] : first]
            if (
                cue[0] < 0
            ):  # an answer in a form: of what was done before, if the form asks for that
                told = also_taken or event != "drug-trial"  # "blood thinners: none" is no trial
                if told and scopes.has("earlier", first, last):
                    self.add(event, first, last, dict(attributes), "absent")
            elif {"tried", "trial", "taken", "had", "prior", "previous"} & set(
                around
            ) or self.norms[cue[0]] == "never":
                self.add(event, first, last, dict(attributes), "absent")
            return None
        if _NOT_TRIED.match(self.document.text, self.document.span(first, last)[1]):
            self.add(event, first, last, dict(attributes), "absent")
            return None
        outcomes = self.outcomes(event, first, last)
        outcome = outcomes[0] if outcomes else None
        taken = also_taken and bool(_TAKING & set(self.norms[max(0, first - 3) : first]))
        taken = taken or (also_taken and self._in_list_of_taken(first))
        if event == "therapy":
            taken = bool(
                {"continue", "continuing"} & set(self.norms[max(0, first - 3) : first])
                or {"ongoing"} & set(self.norms[last : last + 2])
            )
        taken = taken or (also_taken and scopes.has("listed", first, last))
        if self.is_intended(mention) and not taken:
            return None
        if outcome is None and not scopes.has("earlier", first, last) and not taken:
            return None
        return Tried(first, last, attributes, outcome, outcomes[1:])

    def _in_list_of_taken(self, first: int) -> bool:
        """*She takes A as needed and B daily*."""
        at = first - 1
        while (
            at >= max(0, first - 16) and self.document.sentence[at] == self.document.sentence[first]
        ):
            if self.norms[at] in ("take", "taking"):
                return True
            if self.broken(at, at + 1) or self.norms[at] in ("not", "if", "stopped", "failed"):
                return False
            at -= 1
        return False


def one_of_each(found: Sequence[Tried]) -> list[Tried]:
    """One trial of each drug or kind; two where the text tells two outcomes."""
    by_drug: dict[tuple[tuple[str, Value], ...], dict[str | None, Tried]] = {}
    for tried in found:
        by_drug.setdefault(tried.attributes, {}).setdefault(tried.outcome, tried)
        for outcome in tried.also:
            by_drug[tried.attributes].setdefault(outcome, replace(tried, outcome=outcome, also=()))
    return [
        tried
        for told in by_drug.values()
        for outcome, tried in told.items()
        if outcome is not None or len(told) == 1
    ]
