"""What of a record a refusal may rest on, and what of it may not."""

from __future__ import annotations

from collections.abc import Iterator

from ..answer import Answer
from ..model.determination import CriterionResult, Item
from ..policy import criteria as c
from ..report.letters import Ground, grounds_of


def usable_grounds(answer: Answer, item: Item) -> tuple[Ground, ...]:
    """What a refusal of an item may rest on: criteria that hold it back, and findings.

    A criterion that is not met where another way is open holds nothing back, and where the item meets its
    criteria none does. Doses that nobody stated never lower an outcome (DESIGN 2), so they are no ground.
    """
    holding = frozenset(_holding_back(item.criteria))
    unstated = unstated_doses(answer, item)
    return tuple(
        ground
        for ground in grounds_of(answer, item.service, item.diagnosis, item.line)
        if ground.status != "met"
        and (ground.kind != "criterion" or ground.id in holding)
        and not (ground.kind == "rule" and ground.status == "missing" and ground.id in unstated)
    )


def _holding_back(node: CriterionResult | None) -> Iterator[str]:
    """The criteria that decide: on the ways down from the root that stand as the root does.

    Where one way is still open (missing), the ways that are closed (not met) do not decide; where something
    is not met, what is missing beside it does not.
    """
    if node is None or node.status == "met":
        return
    yield node.id
    for child in node.children:
        if node.kind == "none_of":
            yield from _standing_as(child, "met" if node.status == "not_met" else "missing")
        elif child.status == node.status:
            yield from _holding_back(child)


def _standing_as(node: CriterionResult, status: str) -> Iterator[str]:
    """Below a "none of": what is there, or may be."""
    if node.status == status:
        yield node.id
        for child in node.children:
            yield from _standing_as(child, status)


def unstated_doses(answer: Answer, item: Item) -> frozenset[str]:
    """The rules about the whole request that only sum doses, by every id that names them.

    Where a dose was not stated they are missing, and lower no outcome.
    """
    lead = answer.library.policies.get(next(iter(item.selection.candidates), ""))
    rules = lead.request_rules if lead else ()
    return frozenset(
        name
        for rule in rules
        if all(isinstance(node, c.DoseLimit) or c.is_connective(node) for node in c.walk(rule.rule))
        for name in (rule.id, rule.rule.id)
    )
