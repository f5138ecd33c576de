"""Which pairs a question speaks of: services and diagnoses by code, by the words of the packs, by ICD-10-CM."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import msgspec

from ..answer import Answer
from ..intake.words.lexicon import Mention
from ..intake.words.marked import Marked, longest
from ..report.view import ArticleView, Pair
from .readings import Readings
from .told_text import same_words

#: Words that deny or suppose; in a question on a verdict they speak of the verdict, not of the patient.
_DENYING: Final = re.compile(
    r"\b(?:not|no|never|without|isn't|aren't|wasn't|doesn't|don't|didn't|won't|can't|cannot|denied|denies|deny|"
    r"rejected|refused|failed|fails|if|whether|ruled out|risk of|prior|previous|history of|was|were|after|unlikely)\b",
    re.IGNORECASE,
)


class Focus(msgspec.Struct, frozen=True, kw_only=True):
    """What a question names: codes that were asked about, and codes that were not."""

    services: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    other_services: tuple[str, ...] = ()
    other_diagnoses: tuple[str, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether a pair of the answer is named, in part or whole."""
        return bool(self.services or self.diagnoses)

    @property
    def others(self) -> bool:
        """Whether something is named that was not asked about."""
        return bool(self.other_services or self.other_diagnoses)


def focus_of(text: str, answer: Answer, readings: Readings) -> Focus:
    """What a question names, seen from an answer.

    >>> from medwarrant import Medwarrant
    >>> app = Medwarrant()
    >>> answer = app.ask("Are 64405 and 64450 medically necessary for M79.7 and M54.2?")
    >>> focus = focus_of("Why is the GON block not supported for fibromyalgia?", answer, Readings(app))
    >>> focus.services, focus.diagnoses
    (('64405',), ('M79.7',))
    """
    bare = _DENYING.sub(lambda match: " " * len(match[0]), text)
    library = readings.library
    request = answer.reading.request
    asked = list(dict.fromkeys(line.code for line in request.services))
    held = [diagnosis.code for diagnosis in request.diagnoses]
    marked = readings.marked(bare)
    written = [code.code for code in marked.codes]
    named: dict[str, None] = {}
    for mention in longest(marked.of("procedure", "family", "nerve")):
        codes = _codes_of(mention, marked)
        known = [code for code in codes if code in asked]
        named |= dict.fromkeys(known or codes)
    reading = readings.reading(bare, request.as_of)
    if not named:
        named |= dict.fromkeys(read.code for read in reading.services)
    named |= dict.fromkeys(code for code in written if library.procedure(code) or code in asked)
    diagnoses = dict.fromkeys(read.code for read in reading.diagnoses)
    for mention in longest(marked.of("diagnosis")):
        diagnoses |= dict.fromkeys(entry.value for entry in mention.of("diagnosis")[:1])
    found: dict[str, None] = {}
    others: dict[str, None] = {}
    for code in diagnoses:
        meant = [code] if code in held else []
        if not meant and code not in written:
            meant = [
                other
                for other in held
                if other.partition(".")[0] == code.partition(".")[0]
                and same_words(code, other, library)
            ]
        if meant:
            found |= dict.fromkeys(meant)
        elif readings.icd.lookup(code) is not None:
            others[code] = None
    return Focus(
        services=tuple(code for code in asked if code in named),
        diagnoses=tuple(code for code in held if code in found),
        other_services=tuple(code for code in named if code not in asked),
        other_diagnoses=tuple(others),
    )


def _codes_of(mention: Mention, marked: Marked) -> list[str]:
    """The procedure codes that a mention stands for."""
    library = marked.library
    codes: dict[str, None] = {}
    for entry in mention.entries:
        if entry.kind == "procedure":
            codes |= dict.fromkeys(library.procedures[entry.id].codes)
        elif entry.kind == "family":
            codes |= dict.fromkeys(library.codes_of(library.families[entry.id].candidates))
        elif entry.kind == "nerve":
            codes |= dict.fromkeys(library.nerve_codes(entry.id))
    return list(codes)


def pairs_of(view: ArticleView, focus: Focus) -> tuple[Pair, ...]:
    """The pairs of an answer that a question names; all of them where it names none.

    Where the services named are none of the answer's, no pair is meant; the same with diagnoses.
    """
    if (focus.other_services and not focus.services) or (
        focus.other_diagnoses and not focus.diagnoses
    ):
        return ()
    return tuple(
        pair
        for pair in view.pairs
        if (not focus.services or pair.item.service in focus.services)
        and (not focus.diagnoses or pair.item.diagnosis in focus.diagnoses)
    )


def groups(pairs: Iterable[Pair]) -> list[list[Pair]]:
    """Pairs that would be told alike, in the order of the first of each."""
    found: dict[str, list[Pair]] = {}
    for pair in pairs:
        item = pair.item
        same = repr(
            (item.service, item.line, item.outcome, item.reasons, item.missing, item.criteria)
        )
        found.setdefault(same, []).append(pair)
    return list(found.values())
