"""The items of a record and the criteria in them, for acts that name one."""

from __future__ import annotations

from collections.abc import Iterator

from ..answer import Answer
from ..model.determination import CriterionResult, Item, Outcome


def items_of(answer: Answer) -> tuple[Item, ...]:
    """The items of a record."""
    return answer.determination.items


def items_of_line(answer: Answer, line: int) -> tuple[Item, ...]:
    """The items of one service line, by its place in the request."""
    return tuple(item for item in answer.determination.items if item.line == line)


def criteria_of_item(item: Item) -> Iterator[CriterionResult]:
    """Every node of an item's tree and of its rules about the whole request."""
    roots = (*((item.criteria,) if item.criteria else ()), *item.request_rules)
    for root in roots:
        yield from _nodes(root)


def leaves_of_item(item: Item) -> Iterator[CriterionResult]:
    """The criteria without parts: what was judged by itself."""
    return (node for node in criteria_of_item(item) if not node.children)


def leaves_excluding(item: Item) -> frozenset[str]:
    """The ids of the criteria without parts that must not be met: those below a "none of"."""
    roots = (*((item.criteria,) if item.criteria else ()), *item.request_rules)
    return frozenset(name for root in roots for name in _excluding(root, below_none=False))


def _excluding(node: CriterionResult, *, below_none: bool) -> Iterator[str]:
    if below_none and not node.children:
        yield node.id
    for child in node.children:
        yield from _excluding(child, below_none=below_none != (node.kind == "none_of"))


def outcome_of_line(answer: Answer, line: int) -> Outcome:
    """The outcome of a service line; one that is linked to no diagnosis has no policy."""
    for service in answer.determination.services:
        if service.line == line:
            return service.outcome
    return "no_policy"


def meets_everything(answer: Answer) -> bool:
    """Whether every service line that is asked for meets criteria, and nothing is provisional."""
    lines = range(len(answer.reading.request.services))
    return (
        bool(lines)
        and all(outcome_of_line(answer, line) == "meets_criteria" for line in lines)
        and not provisional(answer)
    )


def provisional(answer: Answer) -> bool:
    """Whether an outcome rests on a fact that only the machine has read."""
    return any(item.provisional for item in answer.determination.items)


def _nodes(node: CriterionResult) -> Iterator[CriterionResult]:
    yield node
    for child in node.children:
        yield from _nodes(child)
