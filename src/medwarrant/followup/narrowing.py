"""What a question on evidence narrows to: kinds of study, and the words left that it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from ..evidence.concepts import ASKING
from ..model.sources import Source
from ..terminology.text import normalise
from .focus import Focus, pairs_of
from .talk import Talk

OF_EVIDENCE: Final = re.compile(
    r"\b(?:evidence|stud(?:y|ies|ied)|tested|investigated|ever|nobody|trials?|rcts?|randomi[sz]ed|controlled|placebo|sham|guidelines?|recommend\w*|literature|research"
    r"|meta-?analys[ei]s|systematic|reviews?|proof|proven?|published|papers?|articles?|retract\w*|withdrawn|strong(?:er|est)?|best|larg(?:e|er|est)|bigg(?:er|est)|newest|latest|recent|solid|strength"
    r"|certainty|certain|sure|confident|reliable|good|consensus|disagree\w*|conflict\w*|controvers\w*|efficacy|effective\w*|sources?"
    r"|references?|citations?|cited?|quotes?|works?|help\w*|really|actually|pooled|societ(?:y|ies)|behind|based|positive|negative|weak"
    r"|data|language|wording|passage|section|quality|level|grade|high|low|against|favou?r|pro|con|back(?:s|ed|ing)?|doing|reviewed)\b",
    re.IGNORECASE,
)
_SUBJECT: Final = re.compile(
    r"\b(?:for|of|on|about|regarding|concerning|with|using|by|against|does|do|is|are)\s+(?P<what>(?:[\w-]+\s*){1,4})"
)


class Narrowing(msgspec.Struct, frozen=True):
    """Words of a question that narrow the statements, what they leave, and how that is told."""

    words: re.Pattern[str]
    fits: Callable[[Source], bool]
    told: str


def _of_design(*designs: str) -> Callable[[Source], bool]:
    return lambda source: any(design in (source.design or "") for design in designs)


def _of_kind(kind: str) -> Callable[[Source], bool]:
    return lambda source: source.kind == kind


NARROWING: Final[tuple[Narrowing, ...]] = (
    Narrowing(
        re.compile(r"\b(?:retract\w*|withdrawn)\b"),
        lambda source: source.retracted,
        "retracted sources",
    ),
    Narrowing(
        re.compile(r"\b(?:rcts?|randomi[sz]ed|controlled|placebo|sham)\b"),
        _of_design("randomised"),
        "randomised trial",
    ),
    Narrowing(
        re.compile(r"\b(?:meta-?analys[ei]s|systematic|pooled)\b"),
        _of_design("systematic", "meta-analysis"),
        "systematic review or meta-analysis",
    ),
    Narrowing(
        re.compile(r"\b(?:guidelines?|consensus|societ(?:y|ies))\b"),
        _of_kind("guideline"),
        "guideline",
    ),
    Narrowing(re.compile(r"\b(?:trials?|stud(?:y|ies)|research)\b"), _of_kind("research"), "study"),
)


def has_subject(text: str, rest: Sequence[str]) -> bool:
    """Whether one of the words left over is what the question asks about: *evidence on ketamine*."""
    subjects = {
        word
        for match in _SUBJECT.finditer(text.lower())
        for word in normalise(match["what"]).split()
    }
    return not subjects.isdisjoint(rest)


def words_left(text: str, talk: Talk, focus: Focus) -> list[str]:
    """The words of a question beside those of evidence and of the pairs it names."""
    bare = OF_EVIDENCE.sub(lambda match: " " * len(match[0]), text)
    marked = talk.readings.marked(bare)
    named = {
        at
        for mention in marked.of("procedure", "family", "nerve", "diagnosis")
        for at in range(mention.first, mention.last)
    } | set(marked.coded)
    words = [token.norm for at, token in enumerate(marked.document.tokens) if at not in named]
    pair_words = {
        word
        for pair in pairs_of(talk.view, focus)
        for word in normalise(
            f"{pair.service.name} {pair.service.plain} {pair.diagnosis.name} {pair.diagnosis.plain}"
        ).split()
    }
    return [
        word for word in words if word not in ASKING and word not in pair_words and len(word) > 1
    ]
