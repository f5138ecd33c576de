"""Cases as the figures see them, filled from the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from .case_row import AppealOutcome, CaseRow
from .cases import Case, case_of
from .decisions import DecisionKept, decisions_of
from .store.schema import case_stage, record, review_case
from .work import Work

_AT_ONCE = 500


def case_rows(work: Work, *, since: datetime | None = None) -> Iterator[CaseRow]:
    """The rows of every case that was received, or changed, since a moment; for those who see figures.

    The first signed determination of a case is the one that counts, with the clock of its stage; what an
    appeal came to stands beside it.
    """
    work.require("auditor", "administrator", "nurse_reviewer", "physician_reviewer")
    last = ""
    while True:
        query = select(review_case).where(review_case.c.id > last).order_by(review_case.c.id)
        if since is not None:
            query = query.where(review_case.c.changed_at >= since)
        rows = work.connection.execute(query.limit(_AT_ONCE)).all()
        for row in rows:
            yield case_row(work, case_of(row))
        if len(rows) < _AT_ONCE:
            return
        last = rows[-1].id


def case_row(work: Work, case: Case) -> CaseRow:
    """One case for the figures."""
    signed = decisions_of(work.connection, case.id)
    first = signed[0] if signed else None
    appeals = work.connection.execute(
        select(case_stage.c.result)
        .where(case_stage.c.case_id == case.id, case_stage.c.stage == "appeal")
        .order_by(case_stage.c.number)
    ).scalars()
    results = list(appeals)
    initial = case.clock.past[0] if case.clock.past else None
    judged, overridden, drugs_only = _judged(work, case, first)
    return CaseRow(
        case=case.id,
        received_at=case.received_at,
        urgency=initial.urgency if initial else case.urgency,
        line_of_business=case.line_of_business,
        due_at=initial.due_at if initial else case.due_at,
        decided_at=first.signed_at if first else None,
        decision=first.kind if first else None,
        withdrawn_at=case.changed_at if case.state == "withdrawn" else None,
        proposed=first.said().proposed if first else case.outcome,
        extended=initial.extended if initial else bool(case.clock.extensions),
        appealed=bool(results),
        appeal_outcome=_appeal_outcome(results),
        drugs_only=drugs_only,
        criteria=judged,
        overrides=overridden,
    )


def _appeal_outcome(results: list[Any]) -> AppealOutcome | None:
    """What the latest appeal that is over came to."""
    over: list[AppealOutcome] = [result for result in results if result]
    return over[-1] if over else None


def _judged(
    work: Work, case: Case, first: DecisionKept | None
) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """The criteria that were judged, those that a person overrode, and whether only drugs were asked for."""
    overrides = first.said().overrides if first else ()
    overridden = tuple(dict.fromkeys(name for one in overrides for name in one.criteria))
    body = work.connection.scalar(
        select(record.c.body).where(record.c.id == (first.record_id if first else case.record_id))
    )
    try:
        said = msgspec.json.decode(body or "", type=_Said)
    except msgspec.DecodeError:  # altered, which verifying tells: the decision itself still counts
        return overridden, overridden, False
    library = work.desk.medwarrant.library
    known = [library.procedure(service.code) for service in said.request.services]
    drugs_only = bool(known) and all(one is not None and one.kind == "drug" for one in known)
    judged = dict.fromkeys(leaf for item in said.items for leaf in _leaves(item))
    criteria = tuple({**judged, **dict.fromkeys(overridden)}) if first else ()
    return criteria, overridden, drugs_only


class _Node(msgspec.Struct):
    id: str
    children: tuple[_Node, ...] = ()


class _Item(msgspec.Struct):
    criteria: _Node | None = None
    request_rules: tuple[_Node, ...] = ()


class _Service(msgspec.Struct):
    code: str


class _Request(msgspec.Struct):
    services: tuple[_Service, ...] = ()


class _Said(msgspec.Struct):
    """What figures need of a record; reading no more of it keeps a dashboard over many cases quick."""

    request: _Request
    items: tuple[_Item, ...] = ()


def _leaves(item: _Item) -> Iterator[str]:
    """The ids of the criteria without parts."""
    waiting = [*reversed(item.request_rules), *([item.criteria] if item.criteria else [])]
    while waiting:
        node = waiting.pop()
        if node.children:
            waiting += reversed(node.children)
        else:
            yield node.id
