"""The drugs that are given with a service, and the dose asked for."""

from __future__ import annotations

import re
from typing import Final

from ...model.measures import Range
from ...model.request import DrugDose
from .lexicon import Mention
from .marked import longest
from .service_found import ServiceFound
from .service_owners import Owners

_DOSE: Final = re.compile(
    r"\W{0,3}(?:\([^)]{0,40}\)\s*)?(?:injections?\W{1,3})?(?P<amount>\d{1,5}(?:\.\d+)?)[\s-]*(?P<unit>mg|milligrams?|units?|u)\b",
    re.IGNORECASE,
)
_DOSE_BEFORE: Final = re.compile(
    r"(?P<amount>\d{1,5}(?:\.\d+)?)[\s-]*(?P<unit>mg|milligrams?|units?|u)\s+(?:of\s+)?$",
    re.IGNORECASE,
)


class Drugs(Owners):
    """Drugs in the needle, or asked for by their own code."""

    def drugs(self) -> None:
        """Drugs given with a service, and the dose asked for."""
        for mention in longest(self.marked.of("drug")):
            drug = mention.entries[0].id
            if self.marked.dropped(mention.first, mention.last) or self.marked.scopes.has(
                "earlier", mention.first, mention.last
            ):
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
                earlier = [
                    d for d in known.get("drugs", ()) if d.drug == drug and d.dose is not None
                ]
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
        while at > 0 and (
            norms[at] in ("and", "of", "plus", "mg", "ml", "cc", "or")
            or re.fullmatch(r"[\d.]+(?:mg|ml|cc)?|%", norms[at])
            or any(m.first <= at < m.last for m in drugs)
        ):
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
