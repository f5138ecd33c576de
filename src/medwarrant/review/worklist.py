"""The worklist: open cases, due first, with filters, search and pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from sqlalchemy import ColumnElement, and_, func, or_, select, true

from ..model.errors import InputError
from ..policy.clock_rule import Urgency
from .cases import SEES_EVERY_CASE
from .states import OPEN, STATES, Stage, State
from .store.schema import person, review_case
from .work import Work

MOST_ON_A_PAGE: Final = 200
_Short = Annotated[str, msgspec.Meta(max_length=60)]


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What to list: without a state, the cases that are open. `search` is words, each of which must occur."""

    states: tuple[State, ...] = ()
    mine: bool = False
    unassigned: bool = False
    overdue: bool = False
    urgency: Urgency | None = None
    line_of_business: _Short | None = None
    payer: _Short | None = None
    outcome: _Short | None = None
    search: Annotated[str, msgspec.Meta(max_length=400)] = ""
    page: Annotated[int, msgspec.Meta(ge=1, le=50_000)] = 1
    per_page: Annotated[int, msgspec.Meta(ge=1, le=MOST_ON_A_PAGE)] = 50


_OPEN: Final = Filters()


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A case in the list."""

    id: str
    number: str
    state: State
    stage: Stage
    urgency: Urgency
    line_of_business: str
    payer: str
    outcome: str | None
    provisional: bool
    requester_name: str
    member_reference: str
    summary: str
    assigned_to: str | None
    assigned_name: str | None
    received_at: datetime
    due_at: datetime
    paused: bool
    overdue: bool
    version: int


class Worklist(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the list; `total` counts every case that fits the filters, `counts` all by state."""

    cases: tuple[Listed, ...]
    total: int
    page: int
    pages: int
    counts: dict[State, int]


def worklist(work: Work, filters: Filters = _OPEN) -> Worklist:
    """The cases that fit, those due first first; closed ones the latest first.

    Requesters see their own. Raises `InputError` for a page or state that there is not.
    """
    _check(filters)
    seen = _seen(work)
    where = and_(*seen, *_conditions(work, filters))
    total = work.connection.scalar(select(func.count()).select_from(review_case).where(where)) or 0
    closed = bool(filters.states) and not set(filters.states) & OPEN
    order = review_case.c.due_at.desc() if closed else review_case.c.due_at
    rows = work.connection.execute(
        select(review_case, person.c.name.label("assigned_name"))
        .join(person, person.c.id == review_case.c.assigned_to, isouter=True)
        .where(where)
        .order_by(order, review_case.c.number)
        .limit(filters.per_page)
        .offset((filters.page - 1) * filters.per_page)
    )
    return Worklist(
        cases=tuple(_listed(row._mapping, work.now) for row in rows),
        total=total,
        page=filters.page,
        pages=max(1, -(-total // filters.per_page)),
        counts=counts_by_state(work),
    )


def counts_by_state(work: Work) -> dict[State, int]:
    """How many cases the person may see in each state; states without any too."""
    rows = work.connection.execute(
        select(review_case.c.state, func.count())
        .where(and_(*_seen(work)))
        .group_by(review_case.c.state)
    )
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    return {state: found.get(state, 0) for state in STATES}


def _seen(work: Work) -> Sequence[ColumnElement[bool]]:
    if work.person.is_a(*SEES_EVERY_CASE):
        return (true(),)
    return (review_case.c.submitted_by == work.person.id,)


def _conditions(work: Work, filters: Filters) -> list[ColumnElement[bool]]:
    case = review_case.c
    found: list[ColumnElement[bool]] = []
    if filters.states:
        found.append(case.state.in_(filters.states))
    else:
        found.append(case.is_open.is_(True))
    if filters.mine:
        found.append(case.assigned_to == work.person.id)
    if filters.unassigned:
        found.append(case.assigned_to.is_(None))
    if filters.overdue:
        found += [case.is_open.is_(True), case.due_at < work.now, case.paused_since.is_(None)]
    for column, wanted in (
        (case.urgency, filters.urgency),
        (case.line_of_business, filters.line_of_business),
        (case.payer, filters.payer),
        (case.outcome, filters.outcome),
    ):
        if wanted is not None:
            found.append(column == wanted)
    for word in filters.search.split()[:8]:
        texts = (
            case.number,
            case.member_name,
            case.requester_name,
            case.member_reference,
            case.summary,
        )
        found.append(or_(*(text.icontains(word, autoescape=True) for text in texts)))
    return found


def _check(filters: Filters) -> None:
    if filters.page < 1 or not 1 <= filters.per_page <= MOST_ON_A_PAGE:
        raise InputError(f"a page is 1 or more, with up to {MOST_ON_A_PAGE} cases", where="page")
    if filters.page * filters.per_page > 10_000_000:
        raise InputError("there is no such page", where="page")
    unknown = set(filters.states) - set(STATES)
    if unknown:
        raise InputError("there is no such state", where="states", mend=", ".join(STATES))


def _listed(row: Any, now: datetime) -> Listed:
    held = {name: row[name] for name in Listed.__struct_fields__ if name in row}
    paused = row["paused_since"] is not None
    overdue = bool(row["is_open"]) and not paused and row["due_at"] < now
    return Listed(**held, paused=paused, overdue=overdue)
