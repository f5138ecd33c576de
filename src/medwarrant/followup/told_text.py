"""A follow-up as it was read against an answer: its facts, services and diagnoses, in its own characters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from ..answer import Answer
from ..intake.reading import Reading, Remark, Span
from ..intake.request_json import request_json
from ..model.facts import EventValue, Fact, Provenance
from ..model.request import LINE_FACTS, Request
from ..policy.library import Library
from .bare_values import bare_values
from .readings import Readings
from .roles import Mentioned, put_in_place, roles_of

Listed = tuple[dict[str, Any], ...]


_CODE: Final = re.compile(r"[A-Z]?\d[0-9A-Z.]+", re.IGNORECASE)


class Lists(msgspec.Struct, frozen=True):
    """A list of codes as it will be, with what came and went; `kept` was put in place and was there."""

    left: tuple[str, ...]
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything came or went."""
        return bool(self.added or self.removed)


class ToldText:
    """A text as it was read against an answer, everything counted in its own characters."""

    def __init__(
        self, text: str, reading: Reading, shift: int, answer: Answer, document: str
    ) -> None:
        self.text = text
        self.reading = reading
        self.shift = shift
        self.answer = answer
        self.document = document
        self.services = _mentions([(read.code, read.span) for read in reading.services], shift)
        self.diagnoses = [
            self._meant(mention)
            for mention in _mentions([(r.code, r.span) for r in reading.diagnoses], shift)
        ]

    @staticmethod
    def of(text: str, answer: Answer, readings: Readings, document: str) -> ToldText:
        """The reading of a text, with the answer's service before it where it names none."""
        day = answer.reading.request.as_of
        reading = readings.reading(text, day)
        lines = answer.reading.request.services
        before = ""
        if not reading.services and lines:
            before = f"{lines[0].code}: "
            reading = readings.reading(before + text, day)
        return ToldText(text, reading, len(before), answer, document)

    def _meant(self, mention: Mentioned) -> Mentioned:
        """Words for a diagnosis mean the one asked about that they fit, unless they are more exact."""
        if _CODE.fullmatch(self.text[mention.start : mention.end].strip()):
            return mention
        for diagnosis in self.answer.reading.request.diagnoses:
            if not same_place(diagnosis.code, mention.code):
                continue
            if same_words(mention.code, diagnosis.code, self.answer.library):
                return msgspec.structs.replace(mention, code=diagnosis.code)
        return mention

    def _asked_for(self) -> frozenset[str]:
        """The codes that the answer itself asks about: whether one of them is meant."""
        library = self.answer.library
        request = self.answer.reading.request
        asked = {
            ask.code for item in self.answer.determination.items for ask in item.ask if ask.code
        }
        for diagnosis in request.diagnoses:
            for question in library.specificity_for(diagnosis.code):
                asked |= {*question.candidates, *question.by_place.values()}
        return frozenset(asked)

    # --- facts ------------------------------------------------------------------------------------

    def facts(self, services: set[str]) -> Iterator[Fact]:
        """The facts of the reading, those that its service lines carry among them."""
        asked = {line.code for line in self.answer.reading.request.services}
        own = {mention.code for mention in self.services} & services
        only = next(iter(own)) if len(own) == 1 and (asked | own) != own else None
        trials = False
        for fact in self.reading.request.facts:
            span = fact.provenance.span
            if span is not None and span[0] < self.shift:
                continue
            trials = trials or isinstance(fact.value, EventValue)
            if (
                fact.fact in LINE_FACTS
                and fact.service is None
                and only
                and self._beside(only, span)
            ):
                fact = msgspec.structs.replace(fact, service=only)
            elif self.shift and fact.service is not None:
                fact = msgspec.structs.replace(fact, service=None)
            yield self._placed(fact)
        yield from self._of_lines(asked)
        if self.shift and not trials:
            yield from bare_values(self.text, self.reading, self.answer, self.document)

    def _beside(self, code: str, span: Span) -> bool:
        """Whether what a text says stands in one clause with the service it names."""
        for mention in self.services:
            if mention.code == code and span is not None:
                between = self.text[min(mention.end, span[1]) : max(mention.start, span[0])]
                if not re.search(r"[,.;:?!\n]", between):
                    return True
        return False

    def _of_lines(self, asked: set[str]) -> Iterator[Fact]:
        held = {(fact.fact, fact.service) for fact in self.reading.request.facts}
        for line in self.reading.request.services:
            if not self.shift and line.code not in asked:
                continue  # the line itself is added, with all it says
            for name in sorted(LINE_FACTS):
                value = line.attribute(name)
                if value is None or {(name, None), (name, line.code)} & held:
                    continue
                service = None if self.shift or asked == {line.code} else line.code
                yield self._placed(
                    Fact(fact=name, value=value, service=service, provenance=line.provenance)
                )

    def _placed(self, fact: Fact) -> Fact:
        """A fact with its characters counted in the text alone."""
        span = fact.provenance.span
        if span is not None:
            span = (max(0, span[0] - self.shift), max(0, span[1] - self.shift))
        where = Provenance(document=self.document, span=span, quote=fact.provenance.quote)
        return msgspec.structs.replace(fact, provenance=where)

    # --- services and diagnoses -------------------------------------------------------------------

    def listed(
        self,
        mentions: list[Mentioned],
        asked: list[str],
        related: Callable[[str, str], bool],
        supposed: bool,
    ) -> Lists:
        """The codes asked about once those that the text names have taken their role."""
        roles = roles_of(self.text, mentions)
        for code in frozenset() if supposed else self._asked_for() & roles.keys():
            if roles[code] == "named":
                roles[code] = "set"
        removed = [code for code, role in roles.items() if role == "remove" and code in asked]
        placed = [code for code, role in roles.items() if role == "set" and code not in asked]
        near = [[other for other in asked if related(other, code)] for code in placed]
        left, gone = put_in_place(placed, asked, removed, near)
        removed = list(dict.fromkeys([*removed, *gone]))
        taking = ("add", "named") if supposed else ("add",)
        left += [code for code, role in roles.items() if role in taking and code not in left]
        left = [code for code in left if code not in removed]
        kept = tuple(code for code in roles if code in asked and roles[code] == "set")
        if not left:  # nothing would be left to judge
            return Lists(tuple(asked), kept=kept)
        added = tuple(code for code in left if code not in asked)
        return Lists(tuple(left), added, tuple(code for code in removed if code in asked), kept)

    def service_lines(self, services: Lists, diagnoses: Lists) -> Listed:
        """The service lines: those kept with their words, and those that the text adds."""
        request = self.answer.reading.request
        kept = zip(request.services, _lines(request, self.answer.library), strict=True)
        left = set(services.left)
        found: list[dict[str, Any]] = []
        for line, plain in kept:
            if line.code not in left:
                continue
            entry = {**plain, "text": line.text}
            if line.diagnoses:
                linked = [code for code in line.diagnoses if code in diagnoses.left]
                entry["diagnoses"] = [*linked, *diagnoses.added]
            found.append(entry)
        told = zip(
            self.reading.request.services,
            _lines(self.reading.request, self.answer.library),
            strict=True,
        )
        for line, plain in told:
            if line.code in services.added:
                found.append({**plain, "text": line.text, "diagnoses": []})
        order = {code: at for at, code in enumerate(services.left)}
        return tuple(sorted(found, key=lambda entry: order[entry["code"]]))

    def diagnosis_list(self, diagnoses: Lists) -> Listed:
        """The diagnoses, each with the words it came from."""
        words = {entry.code: entry.text for entry in self.reading.request.diagnoses}
        words |= {entry.code: entry.text for entry in self.answer.reading.request.diagnoses}
        return tuple({"code": code, "text": words.get(code, "")} for code in diagnoses.left)

    def remarks(self, added: set[str], facts: tuple[Fact, ...]) -> tuple[Remark, ...]:
        """How words were taken, where something was taken from them."""
        quotes = [fact.provenance.quote for fact in facts if fact.provenance.quote]
        words = {word for quote in quotes for word in (quote, *re.findall(r"[\w'-]+", quote))}
        return tuple(
            remark
            for remark in (*self.reading.corrections, *self.reading.assumptions)
            if any(code in remark.message for code in added)
            or any(f"'{word}'" in remark.message for word in words)
        )


def _mentions(read: list[tuple[str, Span]], shift: int) -> list[Mentioned]:
    return [
        Mentioned(code, span[0] - shift, span[1] - shift)
        for code, span in read
        if span is not None and span[0] >= shift
    ]


def _lines(request: Request, library: Library) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = request_json(request, library)["services"]
    return found


def same_family(library: Library) -> Callable[[str, str], bool]:
    """Whether two procedure codes are named by the same words of a family."""
    families = [set(library.codes_of(family.candidates)) for family in library.families.values()]
    return lambda one, other: any(one in family and other in family for family in families)


def same_words(one: str, other: str, library: Library) -> bool:
    """Whether what users call one diagnosis code, of the same category, may mean the other too.

    >>> from medwarrant import load_packs
    >>> same_words("G43.909", "G43.919", load_packs()), same_words("G43.709", "G43.919", load_packs())
    (True, False)
    """
    return all(
        known.contains(other)
        for known in library.valuesets.values()
        if known.words and known.contains(one)
    )


def same_place(one: str, other: str) -> bool:
    """Whether two diagnosis codes are of one category.

    >>> same_place("G43.919", "G43.709"), same_place("G43.919", "G44.86")
    (True, False)
    """
    return one.partition(".")[0] == other.partition(".")[0]
