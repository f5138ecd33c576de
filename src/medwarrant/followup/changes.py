"""What differs between two answers as plain data: the request, and pair by pair outcomes and ids."""

from __future__ import annotations

from collections.abc import Iterable

from ..answer import Answer
from ..model.determination import CriterionResult, Item
from ..report.comparison import CriterionStatus, PairDifference, compared
from .reply import CriterionChange, ItemChange, RequestChange


def changes_between(before: Answer, after: Answer) -> tuple[ItemChange, ...]:
    """Every pair that stands otherwise, in the order of the new answer; pairs taken out come last."""
    return tuple(_change(one) for one in compared(before, after).pairs if one.otherwise)


def turned_between(before: Answer, after: Answer) -> RequestChange:
    """What became of the request: facts that no longer count as they were, codes, date of service."""
    found = compared(before, after)
    old, new = _codes(before), _codes(after)
    return RequestChange(
        withdrawn=tuple(one.before for one in found.facts if one.before is not None),
        added=tuple(code for code in new if code not in old),
        removed=tuple(code for code in old if code not in new),
        as_of=found.as_of[1].isoformat() if found.as_of else None,
    )


def _codes(answer: Answer) -> tuple[str, ...]:
    request = answer.reading.request
    codes = [line.code for line in request.services]
    return tuple(dict.fromkeys([*codes, *(entry.code for entry in request.diagnoses)]))


def _change(found: PairDifference) -> ItemChange:
    service, diagnosis, line = found.key
    before, after = found.before, found.after
    criteria = (_criterion(one.now, one.before) for one in found.criteria if one.before)
    return ItemChange(
        service=service,
        diagnosis=diagnosis,
        line=line,
        before=before.outcome if before else None,
        after=after.outcome if after else None,
        missing_before=before.missing if before else (),
        missing_after=after.missing if after else (),
        criteria=tuple(dict.fromkeys(criteria)),
        findings=found.findings,
        settled=found.settled,
    )


def _criterion(now: CriterionResult, before: CriterionStatus) -> CriterionChange:
    return CriterionChange(id=now.id, title=now.title, before=before, after=now.status)


def unchanged(before: Answer, after: Answer, changes: Iterable[ItemChange]) -> tuple[Item, ...]:
    """The items of the new answer that stand as they did."""
    changed = {(change.service, change.diagnosis, change.line) for change in changes}
    old = before.items_by_key
    return tuple(
        item for key, item in after.items_by_key.items() if key in old and key not in changed
    )
