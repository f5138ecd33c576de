"""Two answers to one inquiry compared: facts, codes, date, and every pair of service and diagnosis.

One value, neutral of any reader: `changes` puts it in words, follow-ups give it as ids.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from ..engine.supplied import COVERAGE_FACTS
from ..intake.reading import FactRead
from ..model.determination import CriterionResult, Item
from ..policy.policy import Policy
from .view import leading_policy

if TYPE_CHECKING:
    from ..answer import Answer

#: A safety remark of these severities is about what is known of the patient.
_BROUGHT_UP: Final = ("refer", "caution")
CriterionStatus = Literal["met", "not_met", "missing"]
#: A pair by its codes and by which line of that code it is, from 1.
Key = tuple[str, str, int]
#: A criterion by the way to it, since one id may stand in several indications.
Place = tuple[str, ...]


@dataclass(frozen=True)
class FactDifference:
    """A fact that is new (`before` is None), gone (`after` is None) or said otherwise."""

    before: FactRead | None
    after: FactRead | None


@dataclass(frozen=True)
class CriterionDifference:
    """A criterion whose status is another; `before` is None where it is newly asked."""

    place: Place
    before: CriterionStatus | None
    now: CriterionResult


@dataclass(frozen=True)
class PairDifference:
    """One pair in both answers; None on the side that does not ask about it.

    `governing` are the policies whose criteria are shown, where these are two; the criteria of two
    policies are not compared. `findings` are ids of coding and safety remarks that are new,
    `settled` of those to confirm that no longer are.
    """

    key: Key
    before: Item | None
    after: Item | None
    criteria: tuple[CriterionDifference, ...] = ()
    governing: tuple[Policy | None, Policy | None] | None = None
    findings: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()

    @property
    def otherwise(self) -> bool:
        """Whether the pair stands otherwise: outcome, reasons, what is missing, criteria or remarks."""
        if self.before is None or self.after is None:
            return True
        differs = _stands(self.before) != _stands(self.after)
        known = any(one.before is not None for one in self.criteria)
        return bool(differs or known or self.findings or self.settled)


@dataclass(frozen=True)
class Comparison:
    """What differs from one answer to the next; `as_of` where the date of service does.

    `pairs` are all of the later answer in its order, then those it no longer asks about.
    """

    facts: tuple[FactDifference, ...]
    pairs: tuple[PairDifference, ...]
    as_of: tuple[date, date] | None = None

    @property
    def dropped(self) -> tuple[PairDifference, ...]:
        """Pairs that are no longer asked about."""
        return tuple(pair for pair in self.pairs if pair.after is None)


def compared(before: Answer, after: Answer) -> Comparison:
    """Compare two answers to one inquiry.

    >>> from medwarrant import Medwarrant
    >>> app = Medwarrant()
    >>> first = app.ask("Is 64405 medically necessary for G43.919?")
    >>> found = compared(first, app.revise(first, facts=["intent=acute"]))
    >>> [(one.before, one.after.value) for one in found.facts], len(found.pairs), found.dropped
    ([(None, 'acute')], 1, ())
    """
    old, new = before.items_by_key, after.items_by_key
    keys = dict.fromkeys([*new, *old])
    days = (before.reading.request.as_of, after.reading.request.as_of)
    return Comparison(
        facts=tuple(_facts(_known(before), _known(after))),
        pairs=tuple(_pair(before, after, key, old.get(key), new.get(key)) for key in keys),
        as_of=days if days[0] != days[1] else None,
    )


# --- facts ----------------------------------------------------------------------------------------


def coverage_read(answer: Answer) -> tuple[FactRead, ...]:
    """Who pays, as facts: named as the facts that say so."""
    coverage = answer.reading.coverage
    return tuple(
        FactRead(
            id=name, fact=name, status="present", value=value, basis="stated", document="", quote=""
        )
        for name in COVERAGE_FACTS
        if (value := getattr(coverage, name))
    )


def _known(answer: Answer) -> list[FactRead]:
    """What is known: a fact of status `unknown` says that nothing is."""
    covered = coverage_read(answer)
    names = {fact.fact for fact in covered}
    return [
        *(f for f in answer.reading.facts if f.status != "unknown" and f.fact not in names),
        *covered,
    ]


def _said(fact: FactRead) -> str:
    return repr((fact.fact, fact.service, fact.status, fact.value))


def _facts(old: Sequence[FactRead], new: Sequence[FactRead]) -> Iterator[FactDifference]:
    """What is said now and was not, with what it takes the place of; then what is gone."""
    held, told = {_said(fact) for fact in old}, {_said(fact) for fact in new}
    gone = [fact for fact in old if _said(fact) not in told]
    fresh = [fact for fact in new if _said(fact) not in held]
    replaced: list[FactRead] = []
    for fact in fresh:
        earlier = [one for one in gone if one not in replaced and _takes_place(fact, one)]
        # Of several that it might replace, none is said to be replaced: they are told as gone.
        was = earlier[0] if len(earlier) == 1 else None
        if was is not None:
            replaced.append(was)
        yield FactDifference(was, fact)
    yield from (FactDifference(fact, None) for fact in gone if fact not in replaced)


def _takes_place(fact: FactRead, earlier: FactRead) -> bool:
    """Whether a fact says of the same thing what an earlier one said otherwise, or less exactly."""
    services = {fact.service, earlier.service} - {None}
    if fact.fact != earlier.fact or len(services) > 1:
        return False
    if not isinstance(fact.value, dict) or not isinstance(earlier.value, dict):
        return not isinstance(fact.value, dict) and not isinstance(earlier.value, dict)
    return _agree(fact.value, earlier.value)


def _agree(value: dict[str, Any], earlier: dict[str, Any]) -> bool:
    """Whether two events agree in something, and differ in at most one thing that both tell."""
    shared = [name for name in value if name in earlier]
    agreed: int = sum(value[name] == earlier[name] for name in shared)
    return bool(agreed) and len(shared) - agreed <= 1


# --- pairs ----------------------------------------------------------------------------------------


def _pair(
    old: Answer, new: Answer, key: Key, before: Item | None, after: Item | None
) -> PairDifference:
    if before is None or after is None:
        return PairDifference(key, before, after)
    was, now = leading_policy(before, old.library), leading_policy(after, new.library)
    same = now is not None and was is not None and was.id == now.id
    return PairDifference(
        key,
        before,
        after,
        criteria=tuple(_criteria(before, after)) if same else (),
        governing=None if same else (was, now),
        findings=_new_findings(before, after),
        settled=_settled(before, after),
    )


def _stands(item: Item) -> tuple[object, ...]:
    governing = item.governing.policy if item.governing else None
    return (item.outcome, item.reasons, item.missing, item.provisional, governing)


def _criteria(before: Item, after: Item) -> Iterator[CriterionDifference]:
    earlier = dict(leaves(before))
    for place, node in leaves(after):
        was = earlier.get(place)
        if was is None or was.status != node.status:
            yield CriterionDifference(place, was.status if was else None, node)


def leaves(item: Item) -> Iterator[tuple[Place, CriterionResult]]:
    """The criteria without parts of an item and of the rules about its request, by their place.

    Those that rest on nothing verified decide nothing and are left out.
    """

    def below(node: CriterionResult, place: Place) -> Iterator[tuple[Place, CriterionResult]]:
        for number, child in enumerate(node.children):
            yield from below(child, (*place, f"{child.id}#{number}"))
        if not node.children and node.verified:
            yield place, node

    for root in (item.criteria, *item.request_rules):
        if root is not None:
            yield from below(root, (root.id,))


def _new_findings(before: Item, after: Item) -> tuple[str, ...]:
    """Coding remarks that are new, and safety remarks that the facts now bring up."""
    known = {finding.id for finding in before.coding}
    known |= {finding.id for finding in before.safety if finding.severity in _BROUGHT_UP}
    told = [finding.id for finding in after.coding]
    told += [finding.id for finding in after.safety if finding.severity in _BROUGHT_UP]
    return tuple(name for name in dict.fromkeys(told) if name and name not in known)


def _settled(before: Item, after: Item) -> tuple[str, ...]:
    """What was to be confirmed before the procedure, and no longer has to be."""
    left = {finding.id for finding in after.safety}
    return tuple(
        finding.id
        for finding in before.safety
        if finding.kind == "confirm" and finding.id and finding.id not in left
    )
