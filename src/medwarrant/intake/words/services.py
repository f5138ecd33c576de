"""Services in a text: codes, and words where no code says it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ...engine.coding import nerve_message
from ...model.procedure import Procedure, ProcedureFamily
from ..reading import Remark
from .codes import CodeRead
from .drugs_asked import DrugsAsked
from .marked import Marked
from .relief import told_with_result
from .service_families import Families
from .service_found import Performed, ServiceFound, ServicesRead
from .services_named import Named, ServicesNamed

_ASKED_AFTER: Final = frozenset(
    {
        "medically",
        "requested",
        "considered",
        "indicated",
        "warranted",
        "appropriate",
        "necessary",
        "planned",
        "proposed",
        "recommended",
        "covered",
        "approved",
        "justified",
        "scheduled",
        "being",
    }
)
_VERBS: Final = frozenset({"is", "are", "was", "were", "be", "been", "being", "would"})
_OPENS_BRACKET: Final = re.compile(
    r"[\s,]*(?:[-\u2013:]\s*)?[(\[]?\s*(?:(?:cpt|hcpcs|procedure|procedural|billing)(?:[\s/,:]|and\s)*)*(?:codes?)?[\s:#]*",
    re.IGNORECASE,
)


_AFTER_DETAIL: Final = re.compile(
    r"(?:(?!\b(?:and|or|for|with|who)\b)[^,;:.?!()]){1,40}[(\[]\s*(?:(?:cpt|hcpcs|procedure|billing)[\s/]*)*(?:codes?)?[\s:#]*",
    re.IGNORECASE,
)


def read_services(marked: Marked) -> ServicesRead:
    """The services of a document, in the order of the text."""
    return _Reader(marked).read()


class _Reader:
    def __init__(self, marked: Marked) -> None:
        self.marked = marked
        self.document = marked.document
        self.library = marked.library
        self.norms = marked.norms
        self.families = Families(marked)
        self.result = ServicesRead()
        self.codes = [code for code in marked.codes if code.kind == "procedure"]

    def read(self) -> ServicesRead:
        named = ServicesNamed(self.marked).named()
        self.result.understood = [(item.first, item.last) for item in named]
        asked = [item for item in named if self._is_asked(item.first, item.last)]
        asked = [item for item in asked if not self._had_result(item, named)]
        for item in named:
            if item not in asked:
                self._performed(item)
        coded = self._coded()
        self.result.found = coded
        used: list[ServiceFound] = []
        for item in asked:
            beside = self._codes_beside(item)
            if beside:
                used += self._with_words(item, beside)
            else:
                used += self._from_words(item, asked)
        by_code: dict[str, ServiceFound] = {}
        for service in sorted(coded + used, key=lambda s: (not s.in_code, s.span)):
            known = by_code.get(service.code)
            by_code[service.code] = _merged(known, service) if known else service
        for service in DrugsAsked(self.marked, self.result, self._is_asked).asked(
            list(by_code.values()), [(item.first, item.last) for item in named]
        ):
            by_code.setdefault(service.code, service)
        self.result.found = sorted(by_code.values(), key=lambda s: s.span)
        self.result.assumptions = list(dict.fromkeys(self.result.assumptions))
        return self.result

    # --- codes -------------------------------------------------------------------------------------

    def _coded(self) -> list[ServiceFound]:
        found = []
        for code in self.codes:
            words = self.marked.words_of(code)
            procedure = self.library.procedure(code.code)
            found.append(
                ServiceFound(
                    code.code,
                    (code.start, code.end),
                    words.start,
                    max(words.stop, words.start + 1),
                    procedure.name if procedure else None,
                    code.modifiers,
                    code.units,
                    in_code=True,
                )
            )
        asked = [s for s in found if self._is_asked(s.first, s.last)]
        return asked or found

    def _codes_beside(self, item: Named) -> list[CodeRead]:
        """The codes given right after words, usually in brackets: they say which service it is."""
        end = self.document.span(item.first, item.last)[1]
        found: list[CodeRead] = []
        for code in self.codes:
            if code.start < end:
                continue
            gap = self.document.text[end : code.start]
            if not found and (
                (_OPENS_BRACKET.fullmatch(gap) and ("(" in gap or "," not in gap))
                or _AFTER_DETAIL.fullmatch(gap)
            ):
                found.append(code)
            elif found and re.fullmatch(r"[\s,;/&-]*(?:and|or|to|through)?\s*", gap):
                found.append(code)
            else:
                break
            end = max(end, code.end)
        if not found:
            start = self.document.span(item.first, item.last)[0]
            found = [
                c
                for c in self.codes
                if c.end <= start
                and re.fullmatch(r"\s*(?:[-\u2013:(/]|, an?)\s*", self.document.text[c.end : start])
            ]
        return found

    def _with_words(self, item: Named, beside: list[CodeRead]) -> list[ServiceFound]:
        """Words beside codes: the codes stand, and a nerve that does not fit is pointed out."""
        found = []
        for code in beside:
            service = next((s for s in self.result.found if s.code == code.code), None)
            if service is None:
                continue
            if len(beside) == 1:
                found.append(
                    replace(service, first=min(item.first, service.first), nerves=item.nerves)
                )
            for nerve in item.nerves if len(beside) == 1 else ():
                codes = self.library.nerve_codes(nerve)
                procedure = self.library.procedure(code.code)
                is_block = procedure is not None and procedure.kind.endswith("block")
                if codes and code.code not in codes and is_block:
                    self.result.corrections.append(
                        Remark(
                            kind="nerve_code",
                            message=f"{nerve_message(self.library, nerve, code.code)} The code was kept as written.",
                        )
                    )
        if not any(item.nerves):
            self._different(item, beside)
        return found

    def _different(self, item: Named, beside: list[CodeRead]) -> None:
        own = item.procedure
        if own is None or not own.codes or len(beside) > 1 or beside[0].code in own.codes:
            return
        other = self.library.procedure(beside[0].code)
        if (
            other is not None
            and other.kind != own.kind
            and other.kind != "drug"
            and own.kind != "drug"
        ):
            quote = self.document.quote(item.first, item.last)
            self.result.corrections.append(
                Remark(
                    kind="title_contradicts",
                    message=f"{beside[0].code} is '{other.name}', but the words beside it say '{quote}' ({', '.join(own.codes)}). The code was kept as written; say which is meant.",
                )
            )

    def _is_asked(self, first: int, last: int) -> bool:
        marked = self.marked
        if any(
            marked.scopes.has(effect, first, last)
            for effect in ("denied", "family", "conditional", "refused")
        ):
            return False
        if not marked.scopes.has("earlier", first, last):
            return True
        for at in range(last, min(last + 8, len(self.norms))):
            if self.document.sentence[at] != self.document.sentence[
                last - 1
            ] or "," in self.document.gap(at):
                return False
            if (
                self.norms[at] in _ASKED_AFTER
                and at > last
                and self.norms[at - 1] in _VERBS | _ASKED_AFTER
            ):
                return True
        return False

    def _had_result(self, item: Named, named: list[Named]) -> bool:
        """*Two medial branch blocks gave 80% relief*: what had a result was done, where nothing asks for it."""
        if item.procedure is not None and item.procedure.kind == "drug":
            return False
        others = [other.first for other in named if other.first >= item.last]
        return told_with_result(self.marked, item.first, item.last, min(others, default=10**9))

    def _performed(self, item: Named) -> None:
        procedure = item.procedure
        kind = None
        if procedure is None and item.nerves:
            codes = {code for nerve in item.nerves for code in self.library.nerve_codes(nerve)}
            if len(codes) == 1:
                procedure = self.library.procedure(next(iter(codes)))
        if procedure is None and item.family is not None:
            kinds = {
                self.library.procedures[name].kind
                for name in item.family.candidates
                if name in self.library.procedures
            }
            kind = next(iter(kinds)) if len(kinds) == 1 else None
        if procedure is not None and procedure.kind == "imaging":
            return
        cue = self.marked.scopes.cue("denied", item.first, item.last)
        if cue is not None and cue[0] >= item.last and self.norms[cue[0]] == "denied":
            return  # a payer denied it, which does not tell whether it was done
        denied = cue is not None
        if any(
            self.marked.scopes.has(effect, item.first, item.last)
            for effect in ("family", "conditional", "refused")
        ):
            return
        self.result.performed.append(
            Performed(item.first, item.last, procedure.id if procedure else None, kind, denied)
        )

    def _from_words(self, item: Named, asked: list[Named]) -> list[ServiceFound]:
        if item.procedure is not None:
            fitting = [p for p in [item.procedure] if p.codes]
            if not fitting:
                self.result.without_code.append((item.first, item.last))
                return []
            if (
                self._covered([item.procedure])
                and not set(item.procedure.codes) & {c.code for c in self.codes}
                and self._same_kind_codes(item.procedure)
            ):
                return []
            if len(item.procedure.codes) > 1 and not set(item.procedure.codes) & {
                c.code for c in self.codes
            }:
                self._ask_code(item, item.procedure)
                return []
            return [self._service(item, code, item.procedure) for code in item.procedure.codes[:1]]
        if item.nerves:
            return self._of_nerves(item)
        assert item.family is not None
        return self._of_family(item, item.family, asked)

    def _same_kind_codes(self, procedure: Procedure) -> bool:
        """Whether a code in the text is the further level, or the other count, of the same thing."""
        for code in self.codes:
            other = self.library.procedure(code.code)
            if (
                other
                and other.kind == procedure.kind
                and other.region == procedure.region
                and other.nerves == procedure.nerves
            ):
                return True
        return False

    def _covered(self, candidates: list[Procedure]) -> bool:
        kinds = {candidate.kind for candidate in candidates}
        return any(
            (own := self.library.procedure(code.code)) is not None and own.kind in kinds
            for code in self.codes
        )

    def _ask_code(self, item: Named, procedure: Procedure) -> None:
        quote = self.document.quote(item.first, item.last)
        self.result.without_code.append((item.first, item.last))
        self.result.assumptions.append(
            Remark(
                kind="procedure",
                message=f"'{quote}' has several codes ({', '.join(procedure.codes)}); none was chosen. Which one is meant?",
            )
        )

    def _of_nerves(self, item: Named) -> list[ServiceFound]:
        found = []
        for nerve in item.nerves:
            codes = self.library.nerve_codes(nerve)
            if not codes:
                self.result.without_code.append((item.first, item.last))
                continue
            procedure = self.library.procedure(codes[0])
            found.append(replace(self._service(item, codes[0], procedure), nerves=(nerve,)))
        return found

    def _of_family(
        self, item: Named, family: ProcedureFamily, asked: list[Named]
    ) -> list[ServiceFound]:
        candidates = [
            self.library.procedures[name]
            for name in family.candidates
            if name in self.library.procedures
        ]
        candidates = [candidate for candidate in candidates if candidate.codes]
        if self._covered(candidates) or self._named_closer(candidates, item, asked):
            return []
        if family.only_with and not self.families.stands_with(family.only_with):
            self.result.without_code.append((item.first, item.last))
            quote = self.document.quote(item.first, item.last)
            self.result.assumptions.append(
                Remark(
                    kind="procedure",
                    message=f"'{quote}' does not say which code is meant; none was chosen. {family.question}",
                )
            )
            return []
        settled, why = self.families.settled((item.first, item.last), candidates)
        quote = self.document.quote(item.first, item.last)
        listed = ", ".join(candidate.codes[0] for candidate in settled)
        if len(settled) > 1:
            message = f"'{quote}' does not say which code is meant; all that it may mean were judged ({listed}). {family.question}"
            self.result.assumptions.append(Remark(kind="procedure", message=message))
        else:
            self.result.assumptions.append(
                Remark(
                    kind="procedure",
                    message=f"'{quote}' was read as {listed} ({settled[0].name}){why}.",
                )
            )
        return [self._service(item, candidate.codes[0], candidate) for candidate in settled]

    def _named_closer(self, candidates: list[Procedure], item: Named, asked: list[Named]) -> bool:
        """Whether other words of the request already say which member of the family is meant."""
        for other in asked:
            if other is item:
                continue
            if other.procedure is not None and other.procedure in candidates:
                return True
            if other.nerves and any(
                set(self.library.nerve_codes(n)) & {c for p in candidates for c in p.codes}
                for n in other.nerves
            ):
                return True
        return False

    def _service(self, item: Named, code: str, procedure: Procedure | None) -> ServiceFound:
        return ServiceFound(
            code,
            self.document.span(item.first, item.last),
            item.first,
            item.last,
            procedure.name if procedure else None,
            nerves=item.nerves,
        )


def _merged(known: ServiceFound, other: ServiceFound) -> ServiceFound:
    return replace(
        known,
        first=min(known.first, other.first) if other.last >= known.first - 6 else known.first,
        nerves=tuple(dict.fromkeys((*known.nerves, *other.nerves))),
        units=known.units if known.units is not None else other.units,
    )
