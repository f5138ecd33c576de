"""What every reply is made from: the answer as it stands, its reader, and the sources named so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from ..answer import Answer, Medwarrant
from ..policy.criterion_names import criterion_name
from ..policy.library import Library
from ..policy.prose import join
from ..report.article import Block, Line
from ..report.criteria import condition, find, walk, ways
from ..report.text import clean, lower_first, sentence, upper_first
from ..report.view import ArticleView, Pair, article_view
from ..report.words import Audience, outcome_said, reason_words
from .cited import Cited
from .readings import Readings

if TYPE_CHECKING:
    from ..intake.reading import FactRead
    from .reply import ItemChange, Kind, RequestChange


@dataclass(frozen=True)
class Told:
    """What one part of a follow-up is answered: its kind, blocks, and what goes with them."""

    kind: Kind
    blocks: tuple[Block, ...]
    changes: tuple[ItemChange, ...] = ()
    facts: tuple[FactRead, ...] = ()
    keeps: bool = False
    answer: Answer | None = None
    turned: RequestChange | None = None


@dataclass(frozen=True)
class Talk:
    """An answer that is asked about, for one audience."""

    readings: Readings = field(repr=False)
    answer: Answer
    audience: Audience
    cited: Cited = field(repr=False)

    @property
    def medwarrant(self) -> Medwarrant:
        """What judges and reads."""
        return self.readings.medwarrant

    @property
    def plain(self) -> bool:
        """Whether the reader is a patient."""
        return self.audience == "patient"

    @property
    def library(self) -> Library:
        """The packs."""
        return self.medwarrant.library

    @cached_property
    def view(self) -> ArticleView:
        """The answer's pairs with their names."""
        return article_view(self.answer)

    def of(self, answer: Answer) -> Talk:
        """The same talk on another answer; the sources named go into one list."""
        return Talk(self.readings, answer, self.audience, self.cited)


def names_of(pairs: Iterable[Pair], *, plain: bool) -> str:
    """Pairs in words, those of one service together."""
    by_service: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_service.setdefault(pair.service.target, []).append(pair)
    parts = []
    for same in by_service.values():
        first = same[0].service.called(plain=True) if plain else same[0].service.code
        named = join(dict.fromkeys(pair.diagnosis.called(plain=plain) for pair in same), "and")
        parts.append(f"{first} for {named}")
    return "; ".join(parts)


_PLAIN_OUTCOMES: Final = {
    "meets_criteria": "What we know fits the rules",
    "needs_information": "It may be needed, but we must know more",
    "needs_clinical_review": "A doctor has to decide",
    "no_policy": "We have no rule on this. That is not a yes and not a no",
}


def outcome_of(pair: Pair, *, plain: bool = False) -> str:
    """The outcome of a pair in words."""
    words = outcome_said(pair.item.outcome, payer_applied=pair.payer_applied)
    if plain:
        words = _PLAIN_OUTCOMES[pair.item.outcome]
    return f"{words} (provisional)" if pair.item.provisional else words


def reasons_of(pair: Pair, *, plain: bool) -> str:
    """Why a clinician must look, in words."""
    words = [reason_words(reason, plain=plain) for reason in pair.item.reasons]
    return ". ".join(map(upper_first, words)) if plain else "; ".join(words)


def still_missing(talk: Talk, pair: Pair) -> tuple[str, ...]:
    """What would be enough, in words: the smallest set of facts that turns the pair."""
    item = pair.item
    if item.outcome != "needs_information":
        return ()
    found = ways(talk.view, pair, plain=talk.plain)
    if found:
        return tuple(clean(part) for part in found[0].conditions)
    titles = []
    for name in item.missing:
        result = find(item.criteria, "", name)
        if result is None:
            rules = (node for rule in item.request_rules for node in walk(rule))
            result = next((node for node in rules if node.id == name), None)
        titles.append(
            condition(result) if result is not None else criterion_name(name, talk.library)
        )
    return tuple(titles)


def missing_line(talk: Talk, pair: Pair, lead: str) -> tuple[Line, ...]:
    """What is still missing, in one line, for patients as a list; nothing where nothing is."""
    conditions = still_missing(talk, pair)
    if not conditions:
        return ()
    if talk.plain:
        listed = tuple(Line(text=sentence(upper_first(part))) for part in conditions)
        return (Line(lead=lead, inner=listed),)
    joined = "; ".join(map(lower_first, conditions))
    return (Line(lead=lead, text=sentence(joined)),)
