"""Author checks on single criteria trees: sources, contradictions, duplicates, titles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from ..model.errors import Problem
from ..model.measures import Bound, Range
from . import criteria as c
from .library import Library


def _problem(
    file: str, line: int, rule: str, message: str, mend: str, severity: str = "error"
) -> Problem:
    return Problem(file, line, message, mend, severity=severity, rule=rule)


def tree_problems(file: str, tree: c.Criterion, line: int, library: Library) -> Iterator[Problem]:
    """Everything wrong in one tree; `line` is that of the rule it belongs to."""
    for node in c.walk(tree):
        if not node.rests_on and not node.editorial:
            yield _problem(
                file,
                node.line or line,
                "no-source",
                f"the criterion '{node.id}' has no source",
                "add rests_on, or basis: editorial with because",
            )
        yield from _title_numbers(file, node)
        if isinstance(node, c.AllOf | c.AtLeast):
            for child in node.children:
                if not child.verified:
                    yield _problem(
                        file,
                        child.line,
                        "unverified",
                        f"the criterion '{child.id}' rests only on unverified statements and stands under {c.kind_of(node)}",
                        "give it a verified source, move it under any_of, or show it as a caution",
                    )
        if isinstance(node, c.AllOf):
            yield from _contradictions(file, node, facts_with_many_values(library))
        yield from _duplicates(file, node)


def _contradictions(file: str, node: c.AllOf, many: frozenset[str]) -> Iterator[Problem]:
    for one, other in combinations(conjuncts(node), 2):
        if exclude(one, other, many):
            yield _problem(
                file,
                other.line,
                "unreachable",
                f"'{one.id}' and '{other.id}' can never be met together",
                "one of them is wrong",
            )


def conjuncts(node: c.Criterion) -> list[c.Criterion]:
    """The criteria that must all be met for a tree to be met."""
    if isinstance(node, c.AllOf):
        return [part for child in node.children for part in conjuncts(child)]
    return [node]


def exclude(one: c.Criterion, other: c.Criterion, many: frozenset[str]) -> bool:
    """Whether two criteria cannot both be met; facts in `many` may have several values."""
    match one, other:
        case c.Choice(negated=False), c.Choice(negated=False) if one.fact == other.fact:
            return not set(one.values) & set(other.values) and one.fact not in many
        case c.Choice(negated=False), c.Choice(negated=True) if one.fact == other.fact:
            return set(one.values) <= set(other.values)
        case c.Choice(negated=True), c.Choice(negated=False) if one.fact == other.fact:
            return set(other.values) <= set(one.values)
        case c.Quantity(), c.Quantity() if one.fact == other.fact:
            return not _bounds_meet(one.bound, other.bound)
        case c.Flag(), c.NoneOf():
            return any(
                isinstance(child, c.Flag) and child.fact == one.fact for child in other.children
            )
        case c.NoneOf(), c.Flag():
            return any(
                isinstance(child, c.Flag) and child.fact == other.fact for child in one.children
            )
        case _:
            return False


def facts_with_many_values(library: Library) -> frozenset[str]:
    """Facts that may have several values at once; a nerve has the names of its ancestors too."""
    return frozenset({"nerve"} | {fact.id for fact in library.facts.values() if fact.many})


def _bounds_meet(one: Bound, other: Bound) -> bool:
    edges = [
        edge
        for bound in (one, other)
        for edge in (bound.at_least, bound.more_than, bound.at_most, bound.less_than)
        if edge is not None
    ]
    tries = [value for edge in edges for value in (edge - 0.001, edge, edge + 0.001)]
    return any(one.covers(Range(v, v)) and other.covers(Range(v, v)) for v in tries)


def _duplicates(file: str, node: c.Criterion) -> Iterator[Problem]:
    for one, other in combinations(c.children_of(node), 2):
        if _same_rule(one, other):
            yield _problem(
                file,
                other.line,
                "duplicate",
                f"'{one.id}' and '{other.id}' are the same criterion",
                "keep one",
            )


_APART = frozenset(
    {
        "id",
        "title",
        "plain",
        "document",
        "question",
        "rests_on",
        "because",
        "line",
        "verified",
        "editorial",
    }
)


def _same_rule(one: c.Criterion, other: c.Criterion) -> bool:
    if type(one) is not type(other):
        return False
    fields = [name for name in one.__struct_fields__ if name not in _APART]
    if "children" in fields:
        mine, theirs = c.children_of(one), c.children_of(other)
        if len(mine) != len(theirs) or not all(map(_same_rule, mine, theirs)):
            return False
        fields.remove("children")
    return all(getattr(one, name) == getattr(other, name) for name in fields)


_NUMBER = re.compile(r"(?<![\w.-])(\d+(?:\.\d+)?)(?![\w-]|\.\d)")


def _title_numbers(file: str, node: c.Criterion) -> Iterator[Problem]:
    """A number in a leaf's title must be one that the rule states."""
    if not node.title or c.is_connective(node):
        return
    stated = _numbers_in(node)
    for text in _NUMBER.findall(node.title):
        if stated and float(text) not in stated:
            yield _problem(
                file,
                node.line,
                "title",
                f"the title of '{node.id}' says {text}, but the rule does not",
                "make them agree",
                severity="warning",
            )


def _numbers_in(node: c.Criterion) -> set[float]:
    found: set[float] = set()

    def add(value: object) -> None:
        if isinstance(value, Bound):
            for limit in (value.at_least, value.more_than, value.at_most, value.less_than):
                if limit is not None:
                    found.update((limit, limit / 7, limit / 30, limit / 360))
        elif isinstance(value, bool) or value is None:
            return
        elif isinstance(value, int | float):
            found.update((float(value), value / 7, value / 30, value / 360))
        elif isinstance(value, tuple):
            for part in value:
                add(part)
        elif isinstance(value, c.InBound):
            add(value.bound)
        elif hasattr(value, "length"):
            add(value.length)

    for name in node.__struct_fields__:
        if name not in _APART:
            add(getattr(node, name))
    return found
