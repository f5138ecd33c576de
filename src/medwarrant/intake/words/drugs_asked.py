"""Drugs as the service: a drug that is itself asked for, by its HCPCS code, where it has one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from .lexicon import Mention
from .marked import Marked, longest
from .service_found import ServiceFound, ServicesRead

#: Before these words, or after those, a question names what is asked for.
NECESSITY: Final = frozenset(
    {
        "medically",
        "considered",
        "indicated",
        "warranted",
        "appropriate",
        "necessary",
        "covered",
        "approved",
        "necessity",
    }
)
_ASKED_BEFORE: Final = frozenset(
    {
        "approve",
        "approved",
        "authorize",
        "authorized",
        "request",
        "requesting",
        "requested",
        "requests",
        "ask",
        "asking",
        "want",
        "need",
        "coverage",
        "authorization",
        "recommend",
        "recommended",
        "propose",
        "proposed",
        "plan",
        "planned",
        "seeking",
        "order",
        "ordered",
        "schedule",
        "scheduled",
        "start",
        "starting",
        "continue",
        "continuing",
        "consider",
        "considering",
    }
)
_TAKEN: Final = frozenset("on takes taking take with using of uses".split())
_IN_UNITS: Final = re.compile(r"\W{0,2}\d{2,4}\s*(?:units?|u)\b", re.IGNORECASE)


class DrugsAsked:
    """What a text asks for by the name of a drug; `is_asked` tells words that ask from those that tell."""

    def __init__(
        self, marked: Marked, result: ServicesRead, is_asked: Callable[[int, int], bool]
    ) -> None:
        self.marked = marked
        self.document = marked.document
        self.library = marked.library
        self.norms = marked.norms
        self.result = result
        self.is_asked = is_asked

    def asked(
        self, services: list[ServiceFound], taken: Sequence[tuple[int, int]]
    ) -> list[ServiceFound]:
        """A drug that is itself asked for, by its HCPCS code, where it has one."""
        found = []
        for mention in longest(self.marked.of("drug")):
            if any(first < mention.last and mention.first < last for first, last in taken):
                continue
            if not self._drug_is_asked(mention, services):
                continue
            self.result.drugs_used.add((mention.first, mention.last))
            drug = self.library.drugs[mention.entries[0].id]
            if any(self._administers(service.code, drug.id) for service in services):
                continue
            codes = [
                c for p in self.library.procedures.values() if p.drug == drug.id for c in p.codes
            ] or list(drug.hcpcs)
            if len(codes) != 1:
                self.result.without_code.append((mention.first, mention.last))
                continue
            procedure = self.library.procedure(codes[0])
            found.append(
                ServiceFound(
                    codes[0],
                    self.document.span(mention.first, mention.last),
                    mention.first,
                    mention.last,
                    procedure.name if procedure else None,
                )
            )
        return found

    def _administers(self, code: str, drug: str) -> bool:
        procedure = self.library.procedure(code)
        return procedure is not None and procedure.drug == drug

    def _drug_is_asked(self, mention: Mention, services: list[ServiceFound]) -> bool:
        if not self.is_asked(mention.first, mention.last):
            return False
        if (
            self.marked.is_note
        ):  # a note names drugs that are taken, tried and given; it asks for none
            return False
        before = self.norms[max(0, mention.first - 3) : mention.first]
        if services and any(word in ("with", "using", "of", "plus") for word in before):
            return False
        sentence = self.document.sentence[mention.first]
        after = [
            n
            for at, n in enumerate(self.norms[mention.last :], mention.last)
            if self.document.sentence[at] == sentence
        ]
        opening = next(
            at for at in range(mention.first + 1) if self.document.sentence[at] == sentence
        )
        patient = {"patient", "who", "man", "woman", "male", "female"} & set(
            self.norms[opening : mention.first]
        )
        if not patient and NECESSITY & set(after):
            return True
        asked = [
            at
            for at in range(max(opening, mention.first - 6), mention.first)
            if self.norms[at] in _ASKED_BEFORE
        ]
        if asked or self._has_dose_of_its_own(mention, services):
            return True
        return not patient and not services and "for" in after[:12] and mention.first - opening < 6

    def _has_dose_of_its_own(self, mention: Mention, services: list[ServiceFound]) -> bool:
        """*64616, Xeomin 200U*: a drug with its units beside a service is asked for with it."""
        before = self.norms[mention.first - 1] if mention.first else ""
        end = self.document.span(mention.first, mention.last)[1]
        return (
            bool(services)
            and before not in _TAKEN
            and _IN_UNITS.match(self.document.text, end) is not None
        )
