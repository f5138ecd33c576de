"""What changed between two answers to one inquiry, in the words of a reader: facts, outcomes, criteria, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from ..intake.reading import FactRead
from ..model.determination import CriterionResult
from ..policy.fact_words import said_words, title_of
from ..policy.policy import Policy
from ..policy.prose import join
from .comparison import FactDifference, PairDifference, Place, compared
from .criteria import condition, plain_condition, ways
from .text import clean, lower_first
from .view import ArticleView, Pair, article_view
from .words import Audience, outcome_words

if TYPE_CHECKING:
    from ..answer import Answer


class CriterionChange(msgspec.Struct, frozen=True):
    """A criterion whose status is another than before; `before` is empty where it is newly asked."""

    words: str
    before: str
    after: str


class PairChange(msgspec.Struct, frozen=True, kw_only=True):
    """What changed for one pair; `before` is None for a pair that was not asked about before.

    `line` tells lines with one code apart, from 1.
    """

    service: str
    diagnosis: str
    line: int = 1
    before: str | None
    after: str
    criteria: tuple[CriterionChange, ...] = ()
    missing: tuple[str, ...] = ()
    governing: tuple[str, str] | None = None

    @property
    def changed(self) -> bool:
        """Whether anything at all is another than before."""
        return bool(self.before != self.after or self.criteria or self.governing)


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What changed in all: facts that are new or said otherwise, facts that are gone, and every pair."""

    said: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    pairs: tuple[PairChange, ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()


def changes(before: Answer, after: Answer, audience: Audience = "clinician") -> Changes:
    """What changed from one answer to the next, pair by pair, in the audience's words.

    Criteria are compared where they stand in the tree, leaf by leaf; a pair that another policy
    governs now says which, and its criteria are not compared with those of the policy before.
    """
    old, new = article_view(before), article_view(after)
    plain = audience == "patient"
    found = compared(before, after)
    was, now = old.by_key, new.by_key
    said = list(_facts(new, [one for one in found.facts if one.after], plain=plain))
    if found.as_of is not None:
        earlier, day = (when.isoformat() for when in found.as_of)
        said.append(f"date of service: {day} (before: {earlier})")
    return Changes(
        said=tuple(said),
        withdrawn=tuple(_facts(new, [one for one in found.facts if not one.after], plain=plain)),
        pairs=tuple(
            _pair_change(one, was.get(one.key), new, now[one.key], plain=plain)
            for one in found.pairs
            if one.after is not None
        ),
        dropped=tuple(one.key[:2] for one in found.dropped),
    )


def _facts(view: ArticleView, found: Iterable[FactDifference], *, plain: bool) -> Iterator[str]:
    """Facts in words, each with what it takes the place of; those said of several services once."""
    told: dict[str, list[str]] = {}
    for one in found:
        fact = one.after or one.before
        if fact is None:
            continue
        title = lower_first(clean(title_of(fact.fact, view.library, plain=plain)))
        words = f"{title}: {_said(view, fact, plain=plain)}"
        if one.after and one.before:
            words += f" (before: {_said(view, one.before, plain=plain)})"
        told.setdefault(words, []).extend([fact.service] if fact.service and not plain else [])
    for words, services in told.items():
        yield f"{words} ({join(services, 'and')})" if services else words


def _said(view: ArticleView, fact: FactRead, *, plain: bool) -> str:
    return clean(said_words(fact.fact, fact.status, fact.value, view.library, plain=plain))


def _pair_change(
    found: PairDifference, was: Pair | None, view: ArticleView, pair: Pair, *, plain: bool
) -> PairChange:
    shown = dict(_shown(view, pair))
    policy = view.lead(pair)
    told = []
    for one in found.criteria:
        if one.place not in shown:
            continue
        written = view.node(policy, shown[one.place], one.now.id) if plain else None
        words = plain_condition(written, view.library) if written is not None else ""
        told.append(CriterionChange(words or condition(one.now), one.before or "", one.now.status))
    way = ways(view, pair, plain=plain)[:1]
    return PairChange(
        service=pair.item.service,
        diagnosis=pair.item.diagnosis,
        line=found.key[2],
        before=_outcome(was) if was else None,
        after=_outcome(pair),
        criteria=tuple(dict.fromkeys(told)),
        missing=tuple(part for one in way for part in one.conditions),
        governing=_publishers(found.governing),
    )


def _publishers(governing: tuple[Policy | None, Policy | None] | None) -> tuple[str, str] | None:
    if governing is None:
        return None
    was, now = (
        clean(f"{policy.title} ({policy.publisher})") if policy else "no policy"
        for policy in governing
    )
    return was, now


def _outcome(pair: Pair) -> str:
    words = outcome_words(pair.item.outcome, payer_applied=pair.payer_applied)
    return f"{words} (provisional)" if pair.item.provisional else words


def _shown(view: ArticleView, pair: Pair) -> Iterator[tuple[Place, str]]:
    """The places of the criteria to tell, each with its indication.

    Those of an indication that the facts rule out are left out where another is in reach still.
    """
    policy = view.lead(pair)
    named = {entry.id for entry in policy.indications} if policy else set()
    open_ = pair.item.criteria is not None and pair.item.criteria.status != "not_met"

    def below(node: CriterionResult, place: Place, indication: str) -> Iterator[tuple[Place, str]]:
        if node.id in named:
            indication = node.id
            if node.status == "not_met" and open_:
                return
        for number, child in enumerate(node.children):
            yield from below(child, (*place, f"{child.id}#{number}"), indication)
        if not node.children:
            yield place, indication

    for root in (pair.item.criteria, *pair.item.request_rules):
        if root is not None:
            yield from below(root, (root.id,), "")
