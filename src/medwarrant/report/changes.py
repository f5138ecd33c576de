"""What changed between two answers to one inquiry: facts, outcomes, criteria, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from ..model.determination import CriterionResult
from ..policy.policy import Policy
from ..policy.prose import join
from .criteria import condition, plain_condition, ways
from .question_read import fact_words
from .text import clean, lower_first
from .view import ArticleView, Pair, article_view
from .words import Audience, outcome_words

if TYPE_CHECKING:
    from ..answer import Answer
    from ..intake.reading import FactRead


class CriterionChange(msgspec.Struct, frozen=True):
    """A criterion whose status is another than before; `before` is empty where it is newly asked."""

    words: str
    before: str
    after: str


class PairChange(msgspec.Struct, frozen=True, kw_only=True):
    """What changed for one pair; `before` is None for a pair that was not asked about before."""

    service: str
    diagnosis: str
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
    """What changed in all: facts that are new, said otherwise or gone, and every pair."""

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
    known = {pair.target: pair for pair in old.pairs}
    there = {pair.target for pair in new.pairs}
    return Changes(
        said=tuple(_new_facts(old, new, plain=plain)),
        withdrawn=tuple(_new_facts(new, old, plain=plain, by_name=True)),
        pairs=tuple(_pair_change(old, known.get(p.target), new, p, plain=plain) for p in new.pairs),
        dropped=tuple(
            (pair.item.service, pair.item.diagnosis)
            for pair in old.pairs
            if pair.target not in there
        ),
    )


def _new_facts(
    old: ArticleView, new: ArticleView, *, plain: bool, by_name: bool = False
) -> Iterator[str]:
    """The facts of one reading that the other does not hold, or, by name, does not speak of at all."""

    def key(fact: FactRead) -> str:
        return repr((fact.fact, fact.service, () if by_name else (fact.status, fact.value)))

    before = {key(fact) for fact in old.reading.facts}
    told: dict[str, list[str]] = {}
    for fact in new.reading.facts:
        if key(fact) not in before:
            entry = new.library.facts.get(fact.fact) or new.library.events.get(fact.fact)
            title = (entry.plain if plain and entry.plain else entry.title) if entry else fact.fact
            value = fact_words(new, fact.fact, fact.value)
            said = value if value and fact.status == "present" else fact.status
            words = f"{lower_first(clean(title)).rstrip('.')}: {clean(said)}"
            told.setdefault(words, []).extend([fact.service] if fact.service and not plain else [])
    for words, services in told.items():
        yield f"{words} ({join(services, 'and')})" if services else words


def _pair_change(
    old: ArticleView, was: Pair | None, new: ArticleView, pair: Pair, *, plain: bool
) -> PairChange:
    lead = new.lead(pair)
    lead_before = old.lead(was) if was else None
    same = lead is not None and lead is lead_before
    told: tuple[CriterionChange, ...] = ()
    if was is not None and same:
        earlier = dict(_leaves(old, was, plain=plain, everything=True))
        told = tuple(
            dict.fromkeys(
                CriterionChange(words, earlier[place][1] if place in earlier else "", status)
                for place, (words, status) in _leaves(new, pair, plain=plain)
                if place not in earlier or earlier[place][1] != status
            )
        )
    way = ways(new, pair, plain=plain)[:1]
    return PairChange(
        service=pair.item.service,
        diagnosis=pair.item.diagnosis,
        before=_outcome(was) if was else None,
        after=_outcome(pair),
        criteria=told,
        missing=tuple(part for one in way for part in one.conditions),
        governing=None if was is None or same else (_publisher(lead_before), _publisher(lead)),
    )


def _publisher(policy: Policy | None) -> str:
    return clean(f"{policy.title} ({policy.publisher})") if policy else "no policy"


def _outcome(pair: Pair) -> str:
    words = outcome_words(pair.item.outcome, payer_applied=pair.payer_applied)
    return f"{words} (provisional)" if pair.item.provisional else words


def _leaves(
    view: ArticleView, pair: Pair, *, plain: bool, everything: bool = False
) -> Iterator[tuple[tuple[str, ...], tuple[str, str]]]:
    """The criteria without parts: their place in the tree, their words and their status.

    Those of an indication that the facts rule out are left out where another is in reach still.
    """
    policy = view.lead(pair)
    named = {entry.id for entry in policy.indications} if policy else set()
    open_ = pair.item.criteria is not None and pair.item.criteria.status != "not_met"

    def below(
        node: CriterionResult, place: tuple[str, ...], indication: str
    ) -> Iterator[tuple[tuple[str, ...], tuple[str, str]]]:
        if node.id in named:
            indication = node.id
            if node.status == "not_met" and open_ and not everything:
                return
        for number, child in enumerate(node.children):
            yield from below(child, (*place, f"{child.id}#{number}"), indication)
        if not node.children and node.verified:
            written = view.node(policy, indication, node.id) if plain else None
            words = plain_condition(written, view.library) if written is not None else ""
            yield place, (words or condition(node), node.status)

    for root in (pair.item.criteria, *pair.item.request_rules):
        if root is not None:
            yield from below(root, (root.id,), "")
