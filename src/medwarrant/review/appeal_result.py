"""The stages of a case after its first decision, and what a new decision makes of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import select, update

from .cases import Case
from .decisions import (
    AgainstDecision,
    AppealResult,
    DecisionKept,
    LineOfDecision,
    load_decision,
)
from .errors import NotAllowed
from .states import Stage
from .store.schema import case_stage
from .work import Work

_RANK: Final = {"not_approved": 0, "modified": 1, "approved": 2}


class StageKept(msgspec.Struct, frozen=True, kw_only=True):
    """A time that a decided case was taken up again, and what came of it."""

    id: str
    case_id: str
    number: int
    stage: Stage
    ground: str
    reason: str
    appellant: str
    decision_id: str
    result: str | None
    person_id: str
    started_at: datetime
    ended_at: datetime | None


def stages_of(work: Work, case: Case) -> list[StageKept]:
    """The times that a case was taken up again, the first first."""
    columns = [case_stage.c[name] for name in StageKept.__struct_fields__]
    rows = work.connection.execute(
        select(*columns).where(case_stage.c.case_id == case.id).order_by(case_stage.c.number)
    )
    return [StageKept(**row._mapping) for row in rows]


def contested(work: Work, case: Case) -> DecisionKept | None:
    """The decision that a reopened or appealed case is about, or None in the initial stage."""
    own = [one for one in stages_of(work, case) if one.number == case.stage_number]
    return load_decision(work.connection, own[0].decision_id) if own else None


def settle_stage(work: Work, case: Case, lines: Sequence[LineOfDecision]) -> AgainstDecision | None:
    """What a new decision makes of the one before it: for whoever signs it, once the lines are known.

    Raises `NotAllowed` where an appeal would take away what was approved.
    """
    before = contested(work, case)
    if before is None:
        return None
    then = before.said().lines
    result: str = "decided"
    if case.stage == "appeal":
        result = result_of_appeal(then, lines)
    work.connection.execute(
        update(case_stage)
        .where(case_stage.c.case_id == case.id, case_stage.c.number == case.stage_number)
        .values(result=result, ended_at=work.now)
    )
    return AgainstDecision(decision=before.id, number=before.number, result=result)


def result_of_appeal(
    before: Sequence[LineOfDecision], now: Sequence[LineOfDecision]
) -> AppealResult:
    """Whether an appeal upholds a decision, overturns it, or overturns it in part.

    Overturned is what approves everything as asked; upheld is what changes no line. Raises `NotAllowed`
    where a line would come off worse than before.
    """
    then = {line.line: line for line in before}
    pairs = [(then[line.line], line) for line in now if line.line in then]
    if any(_RANK[line.decided] < _RANK[old.decided] for old, line in pairs):
        raise NotAllowed(
            "an appeal does not take away what was approved",
            mend="decide those lines at least as before; another matter needs a reopening",
        )
    if all(line.decided == "approved" for line in now):
        return "overturned"
    unchanged = all((line.decided, line.words) == (old.decided, old.words) for old, line in pairs)
    return "upheld" if unchanged else "partly_overturned"
