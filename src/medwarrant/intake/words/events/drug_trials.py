"""Drugs that were tried: one event for each, a class where no drug of it is named."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ....model.facts import Value
from ....policy.fact_words import event_words
from ...reading import Remark
from ..lexicon import Mention
from ..marked import longest
from .reader import Tried
from .tried import Trials, one_of_each

_CAUSED: Final = re.compile(
    r"[^.;()\n]{0,30}?\b(?:caused|causing|made (?:him|her|them)|upset (?:his|her|the))\s+(?!by\b|no\b|her pain|his pain|pain to\b)(?!\w+ (?:relief|improvement))",
    re.IGNORECASE,
)


class DrugTrials(Trials):
    """Reads drug trials."""

    def drugs(self) -> None:
        """One event for every drug tried; a class where no drug of it is named."""
        if "drug-trial" not in self.library.events:
            return
        found: list[Tried] = []
        for mention in longest(self.marked.of("drug", "drug_class", "flag")):
            entry = next((e for e in mention.entries if e.kind in ("drug", "drug_class")), None)
            if entry is None or self._is_service(mention) or self._is_injected(mention):
                continue
            name = "drug" if entry.kind == "drug" else "drug_class"
            tried = self.tried(
                "drug-trial", mention, ((name, entry.id),), also_taken=not mention.of("flag")
            )
            if tried is not None:
                found.append(self._with_reaction(tried))
        found = self._without_classes_of(one_of_each(found))
        outcomes = {tried.outcome for tried in found}
        for mention in self.named_in_general("drug-trial", "used_for"):
            tried = self.tried("drug-trial", mention, _own_attributes(mention), also_taken=False)
            if tried is not None and not (found and tried.outcome in outcomes):
                found.append(tried)
        for tried in found:
            self._drug_trial(tried)

    def _with_reaction(self, tried: Tried) -> Tried:
        """*Carbamazepine helped but caused hyponatremia*: what a drug caused, other than relief, was not tolerated."""
        text, end = self.document.text, self.document.span(tried.first, tried.last)[1]
        caused = _CAUSED.match(text, end)
        if caused is None or self.others_between(
            "drug-trial", tried.last, self.document.at(caused.end())
        ):
            return tried
        if tried.outcome in (None, "not_tolerated"):
            return replace(tried, outcome="not_tolerated")
        return replace(tried, also=tuple(dict.fromkeys((*tried.also, "not_tolerated"))))

    def _without_classes_of(self, found: list[Tried]) -> list[Tried]:
        """*Triptans (sumatriptan)* is one trial, of the drug."""
        held = {
            (name, tried.outcome)
            for tried in found
            for attribute, drug in tried.attributes
            if attribute == "drug" and str(drug) in self.library.drugs
            for name in self.library.drugs[str(drug)].classes
        }
        return [
            t
            for t in found
            if t.attributes[0][0] != "drug_class" or (t.attributes[0][1], t.outcome) not in held
        ]

    def _drug_trial(self, tried: Tried) -> None:
        attributes = self.with_time(tried)
        if tried.outcome:
            attributes["outcome"] = tried.outcome
        if "used_for" not in attributes:
            stated = self._used_for(tried)
            usual = self._usual_use(attributes)
            if stated:
                attributes["used_for"] = stated
            elif usual:
                attributes["used_for"] = usual
                use = event_words("drug-trial", {"used_for": usual}, self.library)
                self.told.assumptions.append(
                    Remark(
                        kind="usual_use",
                        message=f"'{self.document.quote(tried.first, tried.last)}' was taken as a drug {use}, its usual use; say so if it was given for something else.",
                    )
                )
        self.add("drug-trial", tried.first, tried.last, attributes)

    def _usual_use(self, attributes: dict[str, Value]) -> str | None:
        drug, drug_class = attributes.get("drug"), attributes.get("drug_class")
        known = self.library.drugs.get(str(drug)) or self.library.drug_classes.get(str(drug_class))
        return known.usual_use if known else None

    def _used_for(self, tried: Tried) -> str | None:
        best = None
        for mention in longest(self.marked.of("attribute")):
            entry = next(
                (e for e in mention.entries if e.id == "drug-trial" and e.attribute == "used_for"),
                None,
            )
            if (
                entry is None
                or self.document.sentence[mention.first] != self.document.sentence[tried.first]
            ):
                continue
            if 0 <= tried.first - mention.last < 8 and not self.broken(mention.last, tried.first):
                best = entry.value
            elif (
                0 <= mention.first - tried.last < 3
                and not self.broken(tried.last, mention.first)
                and best is None
            ):
                best = entry.value
        return best

    def _is_service(self, mention: Mention) -> bool:
        if (mention.first, mention.last) in self.services.drugs_used:
            return True
        if any(
            first < mention.last
            and mention.first < last
            and last - first > mention.last - mention.first
            for first, last in self.services.understood
        ):
            return not self._names_drug(mention)
        return any(
            s.first < mention.last and mention.first < s.last and not s.in_code
            for s in self.services.found
        )

    def _names_drug(self, mention: Mention) -> bool:
        """Whether the service around a drug is the drug itself (*Botox injections*), done before."""
        for performed in self.services.performed:
            if (
                performed.first <= mention.first
                and mention.last <= performed.last
                and performed.procedure
            ):
                return (
                    self.library.procedures[performed.procedure].kind == "drug"
                    and not performed.denied
                )
        return False

    def _is_injected(self, mention: Mention) -> bool:
        """*Steroid injections* are a procedure, not a drug that was taken."""
        after = self.norms[mention.last : mention.last + 1]
        before = self.norms[max(0, mention.first - 4) : mention.first]
        if {"inject", "injected", "infiltrated", "ml", "cc"} & set(before):
            return True
        return (
            bool({"injection", "block", "infiltration", "solution"} & set(after))
            and not self.document.gap(mention.last).strip()
        )


def _own_attributes(mention: Mention) -> tuple[tuple[str, Value], ...]:
    return tuple((e.attribute, e.value) for e in mention.entries if e.kind == "attribute")[:1]
