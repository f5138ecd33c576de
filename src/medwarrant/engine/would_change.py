"""What would change this: the smallest sets of facts that turn an item to `meets_criteria`.

Candidate sets are read off the criteria tree (a conjunction needs every missing child, a disjunction
any one) and each is then tried: only a set that, supplied exactly so, turns the item is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import NamedTuple

from ..model.facts import Fact
from ..model.request import LINE_FACTS
from ..model.status import Status
from ..policy import criteria as c
from .complete import completions
from .judge import CompiledIndication, CompiledPolicy
from .view import View
from .witness import ways

MET, MISSING, NOT_MET = Status.MET, Status.MISSING, Status.NOT_MET

#: At most so many sets are shown, and so many candidates are kept while searching.
MOST_SETS = 8
_BREADTH = 24
_MOST_TRIALS = 160


class Step(NamedTuple):
    """One missing criterion and one fact that (with the set's others) closes it."""

    criterion: str
    fact: Fact


Candidate = tuple[Step, ...]


def candidates(
    node: c.Criterion, want: Status, view: View, *, editorial: bool = False
) -> list[Candidate]:
    """Sets of steps that may bring a criterion to `want`, smallest first; none if none can.

    Below an editorial criterion (`editorial`) what is not met counts as missing: the editors may
    ask for it again.
    """
    if not node.verified:
        return [()] if want is NOT_MET else []
    status = view.compiled.bare(node)(view)
    if status is want:
        return [()]
    editorial = editorial or node.editorial
    if status is not MISSING and not editorial:
        return []
    match node:
        case c.AllOf(children=children) if want is MET:
            return _together(children, MET, view, editorial)
        case c.AllOf(children=children):
            return _either(children, NOT_MET, view, editorial)
        case c.AnyOf(children=children) if want is MET:
            return _either(children, MET, view, editorial)
        case c.AnyOf(children=children):
            return _together(children, NOT_MET, view, editorial)
        case c.NoneOf(children=children) if want is MET:
            return _together(children, NOT_MET, view, editorial)
        case c.NoneOf(children=children):
            return _either(children, MET, view, editorial)
        case c.AtLeast(number=number, children=children) if want is MET:
            found: list[Candidate] = []
            for group in combinations(children, number):
                found += _together(group, MET, view, editorial)
            return _smallest(found)
        case c.AtLeast(number=number, children=children):
            found = []
            for group in combinations(children, len(children) - number + 1):
                found += _together(group, NOT_MET, view, editorial)
            return _smallest(found)
        case _:
            found = [
                tuple(Step(node.id, fact) for fact in way)
                for way in (*completions(node, want, view), *ways(node, want, view))
            ]
            return list(dict.fromkeys(found))


def _together(
    children: Iterable[c.Criterion], want: Status, view: View, editorial: bool
) -> list[Candidate]:
    found: list[Candidate] = [()]
    for child in children:
        options = candidates(child, want, view, editorial=editorial)
        if not options:
            return []
        if options == [()]:
            continue
        found = _smallest(_merged(one, other) for one in found for other in options)
        if not found:
            return []
    return found


def _either(
    children: Iterable[c.Criterion], want: Status, view: View, editorial: bool
) -> list[Candidate]:
    return _smallest(
        option
        for child in children
        for option in candidates(child, want, view, editorial=editorial)
    )


def _merged(one: Candidate, other: Candidate) -> Candidate | None:
    """Two sets as one; None where they want different values of one fact.

    A fact of the patient that may have several values at once (its value is a tuple) takes both; what
    the service line says is one list.
    """
    if not one:
        return tuple(dict.fromkeys(other))
    if not other:
        return one
    values = {
        step.fact.fact: step.fact
        for step in one
        if not _is_event(step.fact)
        and (step.fact.fact in LINE_FACTS or not isinstance(step.fact.value, tuple))
    }
    merged = list(one)
    for step in other:
        fact = step.fact
        if not _is_event(fact) and fact.fact in values:
            known = values[fact.fact]
            if known.value != fact.value or known.status != fact.status:
                return None
        if step not in merged:
            merged.append(step)
    return tuple(merged)


def _is_event(fact: Fact) -> bool:
    return hasattr(fact.value, "attributes") or hasattr(fact.value, "where")


def _smallest(found: Iterable[Candidate | None]) -> list[Candidate]:
    unique = dict.fromkeys(candidate for candidate in found if candidate is not None)
    return sorted(unique, key=_size)[:_BREADTH]


def _size(candidate: Candidate) -> int:
    return len(candidate) if len(candidate) < 2 else len(facts_of(candidate))


def facts_of(candidate: Candidate) -> tuple[Fact, ...]:
    """The facts of a set, once each."""
    return tuple(dict.fromkeys([step.fact for step in candidate]))


def turning_sets(
    policy: CompiledPolicy,
    view: View,
    turns: Callable[[tuple[Fact, ...]], bool],
    *,
    applicability: bool = False,
    unless: Iterable[CompiledPolicy] = (),
) -> list[tuple[CompiledIndication, Candidate]]:
    """The smallest sets that turn the item, at most `MOST_SETS`, each tried with `turns`.

    With `applicability` they also make the policy apply; those of `unless` must turn out not to.
    """
    trials = 0
    kept: list[tuple[CompiledIndication, Candidate]] = []
    ranked: list[tuple[int, int, CompiledIndication, Candidate]] = []
    shared = _shared_conditions(policy, view, applicability, unless)
    if shared is None:
        return []
    for order, item in enumerate(policy.naming(view.diagnosis)):
        if not item.is_for or item.status(view) is NOT_MET:
            continue
        for candidate in candidates(item.tree, MET, view):
            for extra in shared:
                merged = _merged(candidate, extra)
                if merged:
                    ranked.append((_size(merged), order, item, merged))
    seen: list[frozenset[Fact]] = []
    shapes: set[tuple[str, ...]] = set()
    for _, _, item, candidate in sorted(ranked, key=lambda entry: entry[:2]):
        facts = facts_of(candidate)
        shape = _shape(facts)
        if shape in shapes or any(smaller <= frozenset(facts) for smaller in seen):
            continue
        trials += 1
        if trials > _MOST_TRIALS:
            break
        if turns(facts):
            candidate = _least(candidate, turns)
            facts = facts_of(candidate)
            shape = _shape(facts)
            if shape in shapes or any(smaller <= frozenset(facts) for smaller in seen):
                continue
            seen.append(frozenset(facts))
            shapes.add(shape)
            kept.append((item, candidate))
            if len(kept) == MOST_SETS:
                break
    return kept


def _least(candidate: Candidate, turns: Callable[[tuple[Fact, ...]], bool]) -> Candidate:
    """The set without the facts that it turns without."""
    for fact in facts_of(candidate):
        less = tuple(step for step in candidate if step.fact != fact)
        if less and turns(facts_of(less)):
            return _least(less, turns)  # what was needed beside it may no longer be
    return candidate


def _shape(facts: tuple[Fact, ...]) -> tuple[str, ...]:
    """What is the same in sets that only differ in the dates of their events."""

    def words(fact: Fact) -> str:
        if not _is_event(fact):
            return repr((fact.fact, fact.status, fact.value))
        attributes = getattr(fact.value, "attributes", None)
        if attributes is None:
            return f"{fact.fact}:history"
        return repr((fact.fact, [part for part in attributes if part[0] != "date"]))

    return tuple(sorted(words(fact) for fact in facts))


def _shared_conditions(
    policy: CompiledPolicy, view: View, applicability: bool, unless: Iterable[CompiledPolicy]
) -> list[Candidate] | None:
    """Sets for what every indication needs: rules kept, nothing against, conflicts settled."""
    trees: list[tuple[c.Criterion, Status]] = []
    if applicability and policy.policy.applies_to is not None:
        trees.append((policy.policy.applies_to, MET))
    trees += [(other.policy.applies_to, NOT_MET) for other in unless if other.policy.applies_to]
    for rule, test, advisory in policy.rules:
        if not (advisory and test(view) is MISSING):
            trees.append((rule.rule, MET))
    for item in policy.naming(view.diagnosis):
        if item.is_against:
            if item.indication.scope is None:
                return None
            trees.append((item.indication.scope, NOT_MET))
    for contraindication, _ in policy.absolute:
        if any(name in view.conflicts for name in view.compiled.facts(contraindication.when)):
            trees.append((contraindication.when, NOT_MET))
    found: list[Candidate] = [()]
    for tree, want in trees:
        options = candidates(tree, want, view)
        if not options:
            return None
        found = _smallest(_merged(one, other) for one in found for other in options)
    return found
