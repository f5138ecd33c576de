"""What differs between two answers: pair by pair, outcome, what is missing, and criteria."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ..answer import Answer
from ..model.determination import CriterionResult, Item
from .reply import CriterionChange, ItemChange

#: A safety remark of these severities is about what is known of the patient.
_BROUGHT_UP: Final = ("refer", "caution")
#: A pair by its codes and by which line of that code it is, from 1.
Key = tuple[str, str, int]


def changes_between(before: Answer, after: Answer) -> tuple[ItemChange, ...]:
    """Every pair that stands otherwise, in the order of the new answer; pairs taken out come last.

    A pair stands otherwise where its outcome, its reasons, what is missing, or the status of a
    criterion differs.
    """
    old, new = items_of(before), items_of(after)
    found = [change for key, item in new.items() if (change := _change(key, old.get(key), item))]
    gone = [
        change
        for key, item in old.items()
        if key not in new and (change := _change(key, item, None))
    ]
    return (*found, *gone)


def items_of(answer: Answer) -> dict[Key, Item]:
    """The items of an answer by service, diagnosis and the order of the service's lines."""
    lines: dict[str, list[int]] = {}
    for number, line in enumerate(answer.reading.request.services):
        lines.setdefault(line.code, []).append(number)
    return {
        (item.service, item.diagnosis, lines[item.service].index(item.line) + 1): item
        for item in answer.determination.items
    }


def _change(key: Key, before: Item | None, after: Item | None) -> ItemChange | None:
    service, diagnosis, line = key
    if before is None or after is None:
        return ItemChange(
            service=service,
            diagnosis=diagnosis,
            line=line,
            before=before.outcome if before else None,
            after=after.outcome if after else None,
            missing_before=before.missing if before else (),
            missing_after=after.missing if after else (),
        )
    criteria = _criteria(before, after)
    new, settled = _new_findings(before, after), _settled(before, after)
    if _stands(before) == _stands(after) and not (criteria or new or settled):
        return None
    return ItemChange(
        service=service,
        diagnosis=diagnosis,
        line=line,
        before=before.outcome,
        after=after.outcome,
        missing_before=before.missing,
        missing_after=after.missing,
        criteria=criteria,
        findings=new,
        settled=settled,
    )


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


def _stands(item: Item) -> tuple[object, ...]:
    governing = item.governing.policy if item.governing else None
    return (item.outcome, item.reasons, item.missing, item.provisional, governing)


def _criteria(before: Item, after: Item) -> tuple[CriterionChange, ...]:
    """Leaves of the criteria whose status differs."""
    old = _leaves(before.criteria)
    new = _leaves(after.criteria)
    found = []
    for key in dict.fromkeys([*new, *old]):
        was, now = old.get(key), new.get(key)
        if was is None or now is None:
            continue  # another policy, or an indication that no longer counts: no criterion changed
        if was.status != now.status:
            found.append(
                CriterionChange(id=now.id, title=now.title, before=was.status, after=now.status)
            )
    unique = {(change.id, change.title, change.before, change.after): change for change in found}
    return tuple(unique.values())


def _leaves(root: CriterionResult | None) -> dict[tuple[str, ...], CriterionResult]:
    """The leaves by the way to them, since one id may stand in several indications."""
    found: dict[tuple[str, ...], CriterionResult] = {}

    def walk(node: CriterionResult, way: tuple[str, ...]) -> None:
        way = (*way, node.id)
        if not node.children:
            found[way] = node
        for child in node.children:
            walk(child, way)

    if root is not None:
        walk(root, ())
    return found


def unchanged(before: Answer, after: Answer, changes: Iterable[ItemChange]) -> tuple[Item, ...]:
    """The items of the new answer that stand as they did."""
    changed = {(change.service, change.diagnosis, change.line) for change in changes}
    old = items_of(before)
    return tuple(item for key, item in items_of(after).items() if key in old and key not in changed)
