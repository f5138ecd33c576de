"""Services in a text: codes, and words where no code says it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from ..engine.coding import nerve_message
from ..model.procedure import Procedure, ProcedureFamily
from .anatomy_in_text import levels_in, region_of_level
from .codes import CodeRead
from .document import phrase
from .lexicon import Mention
from .marked import Marked, longest
from .reading import Remark

#: Before these words, or after those, a question names what is asked for.
NECESSITY: Final = frozenset({"medically", "considered", "indicated", "warranted", "appropriate", "necessary", "covered", "approved", "necessity"})
_ASKED_BEFORE: Final = frozenset({"approve", "approved", "authorize", "authorized", "request", "requesting", "requested", "requests", "need", "coverage", "authorization", "recommend", "recommended", "propose", "proposed", "plan", "planned", "seeking", "order", "ordered", "schedule", "scheduled", "start", "starting", "continue", "continuing", "consider", "considering"})
_ASKED_AFTER: Final = frozenset({"medically", "requested", "considered", "indicated", "warranted", "appropriate", "necessary", "planned", "proposed", "recommended", "covered", "approved", "justified", "scheduled", "being"})
_VERBS: Final = frozenset({"is", "are", "was", "were", "be", "been", "being", "would"})
_BETWEEN_NERVES: Final = frozenset({"and", "or", "the", "nerve", "left", "right", "bilateral", "branch", "both"})
_OPENS_BRACKET: Final = re.compile(r"[\s,]*(?:[-\u2013:]\s*)?[(\[]?\s*(?:(?:cpt|hcpcs|procedure|procedural|billing)(?:[\s/,:]|and\s)*)*(?:codes?)?[\s:#]*", re.IGNORECASE)


_AFTER_DETAIL: Final = re.compile(
    r"(?:(?!\b(?:and|or|for|with|who)\b)[^,;:.?!()]){1,40}[(\[]\s*(?:(?:cpt|hcpcs|procedure|billing)[\s/]*)*(?:codes?)?[\s:#]*", re.IGNORECASE
)


@dataclass(frozen=True)
class ServiceFound:
    """A service asked for: one code, and the words it was read from (word indexes)."""

    code: str
    span: tuple[int, int]
    first: int
    last: int
    name: str | None = None
    modifiers: tuple[str, ...] = ()
    units: int | None = None
    nerves: tuple[str, ...] = ()
    in_code: bool = False


@dataclass(frozen=True)
class Performed:
    """A service that the text tells as done before, or denies: words, and what they name."""

    first: int
    last: int
    procedure: str | None
    kind: str | None
    denied: bool


@dataclass
class ServicesRead:
    """What is asked for and what was done, with remarks."""

    found: list[ServiceFound] = field(default_factory=list)
    performed: list[Performed] = field(default_factory=list)
    without_code: list[tuple[int, int]] = field(default_factory=list)
    understood: list[tuple[int, int]] = field(default_factory=list)
    drugs_used: set[tuple[int, int]] = field(default_factory=set)
    corrections: list[Remark] = field(default_factory=list)
    assumptions: list[Remark] = field(default_factory=list)


@dataclass(frozen=True)
class _Named:
    """A service in words: a procedure, a family of them, or nerves with a word such as *block*."""

    first: int
    last: int
    procedure: Procedure | None = None
    family: ProcedureFamily | None = None
    nerves: tuple[str, ...] = ()


def read_services(marked: Marked) -> ServicesRead:
    """The services of a document, in the order of the text."""
    return _Reader(marked).read()


class _Reader:
    def __init__(self, marked: Marked) -> None:
        self.marked = marked
        self.document = marked.document
        self.library = marked.library
        self.norms = marked.norms
        self.result = ServicesRead()
        self.codes = [code for code in marked.codes if code.kind == "procedure"]

    def read(self) -> ServicesRead:
        named = self._named()
        self.result.understood = [(item.first, item.last) for item in named]
        named = self._without_objects(named)
        asked = [item for item in named if self._is_asked(item.first, item.last)]
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
        for service in self._drugs(list(by_code.values()), named):
            by_code.setdefault(service.code, service)
        self.result.found = sorted(by_code.values(), key=lambda s: s.span)
        self.result.assumptions = list(dict.fromkeys(self.result.assumptions))
        return self.result

    def _without_objects(self, named: list[_Named]) -> list[_Named]:
        """*Anesthesia for a knee replacement* asks for no knee replacement."""
        kept: list[_Named] = []
        for item in named:
            lead = kept[-1] if kept else None
            follows = lead is not None and 0 <= item.first - lead.last < 4 and self.norms[lead.last - 1] == "for"
            if lead is not None and follows and lead.procedure is not None and not lead.procedure.codes:
                kept[-1] = replace(lead, last=item.last)
            else:
                kept.append(item)
        return kept

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

    def _codes_beside(self, item: _Named) -> list[CodeRead]:
        """The codes given right after words, usually in brackets: they say which service it is."""
        end = self.document.span(item.first, item.last)[1]
        found: list[CodeRead] = []
        for code in self.codes:
            if code.start < end:
                continue
            gap = self.document.text[end : code.start]
            if not found and ((_OPENS_BRACKET.fullmatch(gap) and ("(" in gap or "," not in gap)) or _AFTER_DETAIL.fullmatch(gap)):
                found.append(code)
            elif found and re.fullmatch(r"[\s,;/&-]*(?:and|or|to|through)?\s*", gap):
                found.append(code)
            else:
                break
            end = max(end, code.end)
        if not found:
            start = self.document.span(item.first, item.last)[0]
            found = [c for c in self.codes if c.end <= start and re.fullmatch(r"\s*(?:[-\u2013:(/]|, an?)\s*", self.document.text[c.end : start])]
        return found

    def _with_words(self, item: _Named, beside: list[CodeRead]) -> list[ServiceFound]:
        """Words beside codes: the codes stand, and a nerve that does not fit is pointed out."""
        found = []
        for code in beside:
            service = next((s for s in self.result.found if s.code == code.code), None)
            if service is None:
                continue
            if len(beside) == 1:
                found.append(replace(service, first=min(item.first, service.first), nerves=item.nerves))
            for nerve in item.nerves if len(beside) == 1 else ():
                codes = self.library.nerve_codes(nerve)
                if codes and code.code not in codes and code.known and self.library.procedure(code.code).kind.endswith("block"):  # type: ignore[union-attr]  # a known code has its procedure
                    self.result.corrections.append(
                        Remark(kind="nerve_code", message=f"{nerve_message(self.library, nerve, code.code)} The code was kept as written.")
                    )
        if not any(item.nerves):
            self._different(item, beside)
        return found

    def _different(self, item: _Named, beside: list[CodeRead]) -> None:
        own = item.procedure
        if own is None or not own.codes or len(beside) > 1 or beside[0].code in own.codes:
            return
        other = self.library.procedure(beside[0].code)
        if other is not None and other.kind != own.kind and other.kind != "drug" and own.kind != "drug":
            quote = self.document.quote(item.first, item.last)
            self.result.corrections.append(
                Remark(
                    kind="title_contradicts",
                    message=f"{beside[0].code} is '{other.name}', but the words beside it say '{quote}' ({', '.join(own.codes)}). The code was kept as written; say which is meant.",
                )
            )

    # --- words -------------------------------------------------------------------------------------

    def _named(self) -> list[_Named]:
        mentions = longest(self.marked.of("procedure", "family"))
        nerves = longest(self.marked.of("nerve"))
        found: list[_Named] = []
        for mention in mentions:
            procedures = mention.of("procedure")
            if procedures:
                procedure = self.library.procedures[procedures[0].id]
                own = self._nerves_within(mention.first, mention.last, nerves)
                found.append(_Named(mention.first, mention.last, procedure, None, own))
                if procedure.nerves:
                    found += self._listed_before(mention, nerves, mentions)
                continue
            family = self.library.families[mention.entries[0].id]
            first, listed = self._nerves_before(mention.first, mention.last, nerves)
            found.append(_Named(first, mention.last, None, family, listed))
        found += self._blocks_of(nerves, found)
        return sorted(found, key=lambda item: item.first)

    def _listed_before(self, mention: Mention, nerves: list[Mention], mentions: list[Mention]) -> list[_Named]:
        """The nerves of *A, B and C nerve blocks* that stand before the phrase itself."""
        free = [n for n in nerves if not any(m.first <= n.first < m.last for m in mentions)]
        first, listed = self._nerves_before(mention.first, mention.last, free)
        return [_Named(first, mention.last, nerves=(nerve,)) for nerve in listed]

    def _nerves_within(self, first: int, last: int, nerves: list[Mention]) -> tuple[str, ...]:
        inside = [m for m in nerves if first <= m.first and m.last <= last]
        return tuple(dict.fromkeys(m.entries[0].id for m in inside))

    def _nerves_before(self, first: int, last: int, nerves: list[Mention]) -> tuple[int, tuple[str, ...]]:
        """The nerves that stand right before a word such as *block*, or overlap with it."""
        found: list[str] = []
        start = first
        for mention in sorted(nerves, key=lambda m: -m.last):
            if mention.first >= last or (mention.first >= start and mention.last > start and mention.first >= first):
                continue
            between = self.norms[mention.last : start] if mention.last < start else []
            if mention.last > start or all(word in _BETWEEN_NERVES for word in between):
                if self.document.sentence[mention.first] == self.document.sentence[first]:
                    found.insert(0, mention.entries[0].id)
                    start = min(start, mention.first)
                    continue
            break
        return start, tuple(dict.fromkeys(found))

    def _blocks_of(self, nerves: list[Mention], named: list[_Named]) -> list[_Named]:
        """*block of the supraorbital nerve*, *auriculotemporal block*: a nerve with a head word."""
        heads = self._heads()
        nerve_words = {at for mention in nerves for at in range(mention.first, mention.last)}
        found = []
        for mention in nerves:
            if any(item.first < mention.last and mention.first < item.last for item in named):
                continue
            if mention.last < len(self.norms) and self.norms[mention.last] in heads and not self._bracket_between(mention.last) and not self.document.gap(mention.last).strip(" -"):
                found.append(_Named(mention.first, mention.last + 1, nerves=(mention.entries[0].id,)))
                continue
            at = mention.first - 1
            while at > max(0, mention.first - 20) and (self.norms[at] in _BETWEEN_NERVES or self.norms[at] in ("of", "to", "at") or at in nerve_words):
                at -= 1
            if at >= 0 and self.norms[at] in heads and self.norms[at + 1] in ("of", "to", "at") and at < mention.first - 1:
                found.append(_Named(min(at, mention.first), mention.last, nerves=(mention.entries[0].id,)))
        return found

    def _bracket_between(self, at: int) -> bool:
        return self.document.bracketed[at] != self.document.bracketed[at - 1]

    def _heads(self) -> frozenset[str]:
        """The nouns that families of nerve procedures end with."""
        procedures = self.library.procedures
        return frozenset(
            words[-1]
            for family in self.library.families.values()
            if any(procedures[name].nerves for name in family.candidates if name in procedures)
            for written in family.words
            if len(words := phrase(written)) > 1
        )

    def _is_asked(self, first: int, last: int) -> bool:
        marked = self.marked
        if any(marked.scopes.has(effect, first, last) for effect in ("denied", "family", "conditional")):
            return False
        if not marked.scopes.has("earlier", first, last):
            return True
        for at in range(last, min(last + 8, len(self.norms))):
            if self.document.sentence[at] != self.document.sentence[last - 1] or "," in self.document.gap(at):
                return False
            if self.norms[at] in _ASKED_AFTER and at > last and self.norms[at - 1] in _VERBS | _ASKED_AFTER:
                return True
        return False

    def _performed(self, item: _Named) -> None:
        procedure = item.procedure
        kind = None
        if procedure is None and item.nerves:
            codes = {code for nerve in item.nerves for code in self.library.nerve_codes(nerve)}
            if len(codes) == 1:
                procedure = self.library.procedure(next(iter(codes)))
        if procedure is None and item.family is not None:
            kinds = {self.library.procedures[name].kind for name in item.family.candidates if name in self.library.procedures}
            kind = next(iter(kinds)) if len(kinds) == 1 else None
        if procedure is not None and procedure.kind == "imaging":
            return
        denied = self.marked.scopes.has("denied", item.first, item.last)
        if any(self.marked.scopes.has(effect, item.first, item.last) for effect in ("family", "conditional")):
            return
        self.result.performed.append(
            Performed(item.first, item.last, procedure.id if procedure else None, kind, denied)
        )

    def _from_words(self, item: _Named, asked: list[_Named]) -> list[ServiceFound]:
        if item.procedure is not None:
            fitting = [p for p in [item.procedure] if p.codes]
            if not fitting:
                self.result.without_code.append((item.first, item.last))
                return []
            if self._covered([item.procedure]) and not set(item.procedure.codes) & {c.code for c in self.codes} and self._same_kind_codes(item.procedure):
                return []
            if len(item.procedure.codes) > 1 and not set(item.procedure.codes) & {c.code for c in self.codes}:
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
            if other and other.kind == procedure.kind and other.region == procedure.region and other.nerves == procedure.nerves:
                return True
        return False

    def _covered(self, candidates: list[Procedure]) -> bool:
        kinds = {candidate.kind for candidate in candidates}
        return any((own := self.library.procedure(code.code)) is not None and own.kind in kinds for code in self.codes)

    def _ask_code(self, item: _Named, procedure: Procedure) -> None:
        quote = self.document.quote(item.first, item.last)
        self.result.without_code.append((item.first, item.last))
        self.result.assumptions.append(
            Remark(kind="procedure", message=f"'{quote}' has several codes ({', '.join(procedure.codes)}); none was chosen. Which one is meant?")
        )

    def _of_nerves(self, item: _Named) -> list[ServiceFound]:
        found = []
        for nerve in item.nerves:
            codes = self.library.nerve_codes(nerve)
            if not codes:
                self.result.without_code.append((item.first, item.last))
                continue
            procedure = self.library.procedure(codes[0])
            found.append(replace(self._service(item, codes[0], procedure), nerves=(nerve,)))
        return found

    def _of_family(self, item: _Named, family: ProcedureFamily, asked: list[_Named]) -> list[ServiceFound]:
        candidates = [self.library.procedures[name] for name in family.candidates if name in self.library.procedures]
        candidates = [candidate for candidate in candidates if candidate.codes]
        if self._covered(candidates) or self._named_closer(candidates, item, asked):
            return []
        if family.only_with and not self._stands_with(family.only_with):
            self.result.without_code.append((item.first, item.last))
            quote = self.document.quote(item.first, item.last)
            self.result.assumptions.append(
                Remark(kind="procedure", message=f"'{quote}' does not say which code is meant; none was chosen. {family.question}")
            )
            return []
        settled, why = self._settled(item, candidates)
        quote = self.document.quote(item.first, item.last)
        listed = ", ".join(candidate.codes[0] for candidate in settled)
        if len(settled) > 1:
            message = f"'{quote}' does not say which code is meant; all that it may mean were judged ({listed}). {family.question}"
            self.result.assumptions.append(Remark(kind="procedure", message=message))
        else:
            self.result.assumptions.append(
                Remark(kind="procedure", message=f"'{quote}' was read as {listed} ({settled[0].name}){why}.")
            )
        return [self._service(item, candidate.codes[0], candidate) for candidate in settled]

    def _stands_with(self, words: tuple[str, ...]) -> bool:
        """Whether one of these words, or a spinal level for `levels`, is in the text."""
        if "levels" in words and any(True for _ in levels_in(self.document.text)):
            return True
        return any(self._occurs(phrase(each)) for each in words)

    def _occurs(self, words: tuple[str, ...]) -> bool:
        length = len(words)
        return any(tuple(self.norms[at : at + length]) == words for at in range(len(self.norms) - length + 1))

    def _named_closer(self, candidates: list[Procedure], item: _Named, asked: list[_Named]) -> bool:
        """Whether other words of the request already say which member of the family is meant."""
        for other in asked:
            if other is item:
                continue
            if other.procedure is not None and other.procedure in candidates:
                return True
            if other.nerves and any(set(self.library.nerve_codes(n)) & {c for p in candidates for c in p.codes} for n in other.nerves):
                return True
        return False

    def _settled(self, item: _Named, candidates: list[Procedure]) -> tuple[list[Procedure], str]:
        by_count = self._by_muscles(item, candidates)
        if len(by_count) == 1:
            return by_count, ", by the number of muscles"
        by_guidance = self._by_region(item, candidates)
        by_words = self._by_own_words(item, by_guidance)
        if len(by_words) < len(candidates):
            named = "the region named" if len(by_words) == len(by_guidance) else "what else is said of it"
            return by_words, f", by {named}"
        return candidates, ""

    def _by_own_words(self, item: _Named, candidates: list[Procedure]) -> list[Procedure]:
        """The candidates for which the sentence has a word that only they are called by."""
        sentence = self.document.sentence[item.first]
        said = {n for at, n in enumerate(self.norms) if self.document.sentence[at] == sentence and len(n) > 3}
        called = [{word for words in candidate.words for word in phrase(words)} for candidate in candidates]
        fitting = [
            candidate
            for at, candidate in enumerate(candidates)
            if said & (called[at] - set().union(*(c for n, c in enumerate(called) if n != at)))
        ]
        return fitting or candidates

    def _by_muscles(self, item: _Named, candidates: list[Procedure]) -> list[Procedure]:
        if not any(c.muscles_at_least or c.muscles_at_most for c in candidates):
            return candidates
        count = muscle_count(self.marked)
        if count is None:
            return candidates
        return [
            c
            for c in candidates
            if (c.muscles_at_least is None or count >= c.muscles_at_least)
            and (c.muscles_at_most is None or count <= c.muscles_at_most)
        ] or candidates

    def _by_region(self, item: _Named, candidates: list[Procedure]) -> list[Procedure]:
        if not all(candidate.region for candidate in candidates):
            return candidates
        own = {candidate.region for candidate in candidates}
        for first, last in ((item.first - 8, item.last + 8), (0, len(self.norms))):
            regions = self._regions_near(max(0, first), min(last, len(self.norms)), item.first) & own
            if len(regions) == 1:
                return [candidate for candidate in candidates if candidate.region in regions]
        return candidates

    def _regions_near(self, first: int, last: int, at: int) -> set[str | None]:
        start, end = self.document.span(first, last)
        sentence = self.document.sentence[at]
        found: set[str | None] = set()
        for levels in levels_in(self.document.text, start, end):
            if self.document.sentence[min(self.document.at(levels.start), len(self.norms) - 1)] == sentence:
                found |= {region_of_level(level, self.library) for level in levels.levels}
        for mention in self.marked.of("region"):
            if first <= mention.first and mention.last <= last:
                found |= {entry.id for entry in mention.entries}
        return found

    def _service(self, item: _Named, code: str, procedure: Procedure | None) -> ServiceFound:
        return ServiceFound(
            code,
            self.document.span(item.first, item.last),
            item.first,
            item.last,
            procedure.name if procedure else None,
            nerves=item.nerves,
        )

    # --- drugs as the service ------------------------------------------------------------------------

    def _drugs(self, services: list[ServiceFound], named: list[_Named]) -> list[ServiceFound]:
        """A drug that is itself asked for, by its HCPCS code, where it has one."""
        found = []
        for mention in longest(self.marked.of("drug")):
            if any(item.first < mention.last and mention.first < item.last for item in named):
                continue
            if not self._drug_is_asked(mention, services):
                continue
            self.result.drugs_used.add((mention.first, mention.last))
            drug = self.library.drugs[mention.entries[0].id]
            if any(self._administers(service.code, drug.id) for service in services):
                continue
            codes = [c for p in self.library.procedures.values() if p.drug == drug.id for c in p.codes] or list(drug.hcpcs)
            if len(codes) != 1:
                self.result.without_code.append((mention.first, mention.last))
                continue
            procedure = self.library.procedure(codes[0])
            found.append(
                ServiceFound(codes[0], self.document.span(mention.first, mention.last), mention.first, mention.last, procedure.name if procedure else None)
            )
        return found

    def _administers(self, code: str, drug: str) -> bool:
        procedure = self.library.procedure(code)
        return procedure is not None and procedure.drug == drug

    def _drug_is_asked(self, mention: Mention, services: list[ServiceFound]) -> bool:
        if not self._is_asked(mention.first, mention.last):
            return False
        if self.marked.is_note:  # a note names drugs that are taken, tried and given; it asks for none
            return False
        before = self.norms[max(0, mention.first - 3) : mention.first]
        if services and any(word in ("with", "using", "of", "plus") for word in before):
            return False
        sentence = self.document.sentence[mention.first]
        after = [n for at, n in enumerate(self.norms[mention.last :], mention.last) if self.document.sentence[at] == sentence]
        opening = next(at for at in range(mention.first + 1) if self.document.sentence[at] == sentence)
        patient = {"patient", "who", "man", "woman", "male", "female"} & set(self.norms[opening : mention.first])
        if not patient and NECESSITY & set(after):
            return True
        asked = [at for at in range(max(opening, mention.first - 6), mention.first) if self.norms[at] in _ASKED_BEFORE]
        if asked:
            return True
        return not patient and not services and "for" in after[:12] and mention.first - opening < 6


def muscle_count(marked: Marked) -> int | None:
    """How many muscles a text says will be injected: a number, or those that it names."""
    words = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
    for at, norm in enumerate(marked.norms):
        if norm == "muscle" and at:
            before = marked.norms[at - 1] if marked.norms[at - 1] not in ("group", "different", "separate") else marked.norms[at - 2]
            if before.isdigit() or before in words:
                return int(before) if before.isdigit() else words[before]
    muscles = {m.entries[0].id for m in longest(marked.of("muscle")) if not marked.dropped(m.first, m.last)}
    return len(muscles) or None


def _merged(known: ServiceFound, other: ServiceFound) -> ServiceFound:
    return replace(
        known,
        first=min(known.first, other.first) if other.last >= known.first - 6 else known.first,
        nerves=tuple(dict.fromkeys((*known.nerves, *other.nerves))),
        units=known.units if known.units is not None else other.units,
    )
