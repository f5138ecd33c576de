"""Cases as the figures see them, filled from the database: a few queries for all of them, however many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, and_, or_, select

from ..policy.library import Library
from .case_row import AppealOutcome, CaseRow, Period
from .store.schema import case_stage, first_determination, review_case
from .work import Work

#: Around a period, so that no time zone leaves a case out: which days it holds, `Period` says.
_MARGIN: Final = timedelta(days=2)
_case, _first = review_case.c, first_determination.c
_DrugsOnly = Callable[[str], bool]


def case_rows(
    work: Work, *, period: Period | None = None, line_of_business: str = ""
) -> tuple[CaseRow, ...]:
    """The rows of the cases that bear on a period (of all without one), for those who see figures.

    On a period bear the cases received, decided or withdrawn in it, and those that are open now. The first
    signed determination of a case is the one that counts, with the clock of its stage; what an appeal came
    to stands beside it.
    """
    work.require("auditor", "administrator", "nurse_reviewer", "physician_reviewer")
    query = select(
        *(_case.id, _case.received_at, _case.urgency, _case.line_of_business, _case.due_at),
        *(_case.state, _case.is_open, _case.changed_at),
        *(_first.kind, _first.decided_at, _first.proposed, _first.extended, _first.services),
        *(_first.criteria, _first.overridden),
        _first.urgency.label("first_urgency"),
        _first.due_at.label("first_due_at"),
    ).join_from(review_case, first_determination, isouter=True)
    if line_of_business:
        query = query.where(_case.line_of_business == line_of_business)
    if period is not None:
        query = query.where(_bears_on(period))
    appeals = _appeals(work)
    drugs = _drugs_only(work.desk.medwarrant.library)
    return tuple(
        _row(row, appeals.get(row.id, ()), drugs) for row in work.connection.execute(query)
    )


def _bears_on(period: Period) -> ColumnElement[bool]:
    """Whether a case may bear on a period, a little more than its days."""
    first = datetime.combine(period.first, time(), UTC) - _MARGIN
    last = datetime.combine(period.last, time(), UTC) + _MARGIN
    return or_(
        _case.is_open,
        _case.received_at.between(first, last),
        _first.decided_at.between(first, last),
        and_(_case.state == "withdrawn", _case.changed_at.between(first, last)),
    )


def _appeals(work: Work) -> dict[str, list[AppealOutcome | None]]:
    """What each appeal of a case came to, the first first; None while it is open."""
    rows = work.connection.execute(
        select(case_stage.c.case_id, case_stage.c.result)
        .where(case_stage.c.stage == "appeal")
        .order_by(case_stage.c.case_id, case_stage.c.number)
    )
    found: dict[str, list[AppealOutcome | None]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row.result)
    return found


def _row(row: Any, appeals: Sequence[AppealOutcome | None], drugs: _DrugsOnly) -> CaseRow:
    undecided = row.kind is None
    return CaseRow(
        case=row.id,
        received_at=row.received_at,
        urgency=row.urgency if undecided else row.first_urgency,
        line_of_business=row.line_of_business,
        due_at=row.due_at if undecided else row.first_due_at,
        decided_at=row.decided_at,
        decision=row.kind,
        withdrawn_at=row.changed_at if row.state == "withdrawn" else None,
        again_due_at=row.due_at if row.is_open and not undecided else None,
        proposed=row.proposed,
        extended=bool(row.extended),
        appealed=bool(appeals),
        appeal_open=None in appeals,
        appeal_outcome=_appeal_outcome(appeals),
        drugs_only=False if undecided else drugs(row.services),
        criteria=() if undecided else _ids(row.criteria),
        overrides=() if undecided else _ids(row.overridden),
    )


def _appeal_outcome(appeals: Sequence[AppealOutcome | None]) -> AppealOutcome | None:
    """What the latest appeal that was decided came to; `withdrawn` where all that are over were."""
    over = [result for result in appeals if result is not None]
    decided = [result for result in over if result != "withdrawn"]
    return (decided or over or [None])[-1]


def _drugs_only(library: Library) -> _DrugsOnly:
    """Whether all of some services, codes parted by blanks, are drugs; many cases ask for the same."""

    @lru_cache(maxsize=10_000)
    def only(services: str) -> bool:
        known = [library.procedure(code) for code in services.split()]
        return bool(known) and all(one is not None and one.kind == "drug" for one in known)

    return only


@lru_cache(maxsize=2_000)
def _ids(text: str) -> tuple[str, ...]:
    """The ids of criteria from their JSON; cases that ask for the same were judged by the same."""
    return msgspec.json.decode(text, type=tuple[str, ...])
