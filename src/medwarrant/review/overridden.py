"""What an approval overrides: the criteria that stood between the proposal and the decision, and no others.

A criterion that is not met in a way that was not needed is no override: what was proposed did not rest on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from ..answer import Answer
from ..model.determination import CriterionResult, Item
from .refusal_grounds import unstated_doses

_Goal = Literal["met", "not_met"]
_OTHER: Final[dict[_Goal, _Goal]] = {"met": "not_met", "not_met": "met"}
#: Reasons of a proposal that rest on what a policy says of a use, not on a criterion.
_POSITIONS: Final = frozenset({"neither", "against", "no_support_found"})


def criteria_overridden(answer: Answer, item: Item) -> tuple[str, ...]:
    """The criteria without parts, by id, that kept an item from meeting criteria.

    Of the indications those in scope count; where none is, and a position on the use is the reason, no
    criterion stood between. Doses that nobody stated never lower an outcome (DESIGN 2).
    """
    unstated = unstated_doses(answer, item)
    rules = (
        rule
        for rule in item.request_rules
        if rule.status == "not_met" or (rule.status == "missing" and rule.id not in unstated)
    )
    roots = (*_in_scope(item), *rules)
    return tuple(dict.fromkeys(leaf.id for root in roots for leaf in between(root)))


def between(node: CriterionResult, goal: _Goal = "met") -> Iterator[CriterionResult]:
    """The criteria without parts that stand between a node and its goal.

    Where all parts are needed, those that do not stand as they should; where some would do, those that are
    still open, or all of them where none is.

    >>> def leaf(name, status):
    ...     return CriterionResult(id=name, title="", kind="flag", status=status, why="")
    >>> def tree(kind, status, *children):
    ...     return CriterionResult(id="x", title="", kind=kind, status=status, why="", children=children)
    >>> open_way = tree("any_of", "missing", leaf("closed", "not_met"), leaf("open", "missing"))
    >>> [found.id for found in between(tree("all_of", "missing", leaf("done", "met"), open_way))]
    ['open']
    >>> [found.id for found in between(tree("none_of", "not_met", leaf("there", "met"), leaf("not", "not_met")))]
    ['there']
    """
    if node.status == goal:
        return
    if not node.children:
        yield node
        return
    kind = node.kind
    if kind == "none_of":  # as "any of", turned round
        kind, goal = "any_of", _OTHER[goal]
    lacking = [child for child in node.children if child.status != goal]
    needs_all = kind == ("all_of" if goal == "met" else "any_of")
    if not needs_all and node.status == "missing":
        lacking = [child for child in lacking if child.status == "missing"]
    for child in lacking:
        yield from between(child, goal)


def _in_scope(item: Item) -> tuple[CriterionResult, ...]:
    """The item's tree, without the indications that the facts rule out where another one is not."""
    root = item.criteria
    if root is None or root.status != "not_met" or root.kind != "any_of":
        return (root,) if root is not None else ()
    outside = {entry.id for entry in item.indications if entry.scope == "not_met"}
    inside = tuple(child for child in root.children if child.id not in outside)
    if inside:
        return (msgspec.structs.replace(root, children=inside),)
    return () if _POSITIONS.intersection(item.reasons) else (root,)
