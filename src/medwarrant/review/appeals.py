"""Looking at a decision again: reopening by the plan, and appeal by the member's side.

Both are states of their own, begin a clock of their own, and are for people who took no part in the
decision. An appeal of less than was asked is decided by a physician other than the first (42 CFR 422.590),
and never takes away what was approved.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal, get_args

from sqlalchemy import insert

from ..model.errors import InputError
from ..policy.clock_rule import URGENCIES, Urgency
from . import settings, written
from .case_clock import CaseClock, PastClock, clock_columns, reading, rule_of
from .cases import Case, case_for, change, find_case
from .decisions import LESS_THAN_ASKED, DecisionKept, last_decision
from .errors import NotAllowed
from .states import Stage, Standing
from .store.schema import case_stage
from .work import Work, new_id

ReopenGround = Literal["new_evidence", "clear_error", "fraud", "other"]
REOPEN_GROUNDS: Final[dict[ReopenGround, str]] = {
    "new_evidence": "New and material evidence",
    "clear_error": "The evidence that was considered shows an obvious error",
    "fraud": "Fraud or similar fault",
    "other": "Another reason",
}


def reopen(work: Work, case_id: str, ground: ReopenGround, why: str, *, expected: int) -> Case:
    """Reopen a decided case, as a reviewer, on a ground and with the reason.

    What was approved is reopened only on new evidence, an obvious error, or fraud: a plan does not take an
    approval back because it thinks again.
    """
    case, standing = case_for(work, case_id, "reopen", expected)
    if ground not in get_args(ReopenGround):
        raise InputError(
            "this is no ground", where="ground", mend=f"known: {', '.join(REOPEN_GROUNDS)}"
        )
    said = written.reason(why, "why")
    before = _decided(work, case)
    if ground == "other" and any(line.decided != "not_approved" for line in before.said().lines):
        raise NotAllowed(
            "what was approved is reopened only on new evidence, an obvious error or fraud",
            mend="name one of these grounds, or leave the approval in place",
        )
    return _again(work, case, standing, before, ground, said, appellant="", urgency=case.urgency)


def appeal(
    work: Work,
    case_id: str,
    why: str,
    *,
    expected: int,
    appellant: str = "",
    urgency: Urgency = "standard",
    received_at: datetime | None = None,
) -> Case:
    """Appeal a decision that gave less than was asked: its requester, or a reviewer whom an appeal reached.

    A reviewer names the `appellant`, and `received_at` where it came in earlier than it is entered. The desk
    refuses no appeal for being late: whether it is, and whether there was good cause, a person says.
    """
    case, standing = case_for(work, case_id, "appeal", expected)
    if urgency not in URGENCIES:
        raise InputError("this is not an urgency", where="urgency")
    before = _decided(work, case)
    if before.kind not in LESS_THAN_ASKED:
        raise NotAllowed(
            "everything that was asked was approved", mend="there is nothing to appeal"
        )
    own = case.submitted_by == work.person.id
    said = written.passage(why, "why")
    name = written.line(appellant or (case.requester_name if own else ""), "appellant")
    started = _received(work, case, received_at, own=own)
    return _again(
        work,
        case,
        standing,
        before,
        "appeal",
        said,
        appellant=name,
        urgency=urgency,
        started_at=started,
    )


def _decided(work: Work, case: Case) -> DecisionKept:
    found = last_decision(work.connection, case.id)
    if found is None:
        raise NotAllowed("there is no decision to look at again")
    return found


def _received(work: Work, case: Case, received_at: datetime | None, *, own: bool) -> datetime:
    if received_at is None:
        return work.now
    if own or received_at.tzinfo is None or not case.received_at <= received_at <= work.now:
        raise InputError(
            "an appeal was received between the decision and now",
            where="received_at",
            mend="leave it out, or give the moment with its time zone",
        )
    return received_at


def _again(
    work: Work,
    case: Case,
    standing: Standing,
    before: DecisionKept,
    ground: str,
    why: str,
    *,
    appellant: str,
    urgency: Urgency,
    started_at: datetime | None = None,
) -> Case:
    started = started_at or work.now
    number = case.stage_number + 1
    work.connection.execute(
        insert(case_stage),
        {
            "id": new_id(),
            "case_id": case.id,
            "number": number,
            "stage": standing.stage,
            "ground": ground,
            "reason": why,
            "appellant": appellant,
            "decision_id": before.id,
            "person_id": work.person.id,
            "started_at": started,
        },
    )
    clock = _clock_anew(work, case, standing.stage, urgency)
    zone = settings.organisation(work.connection).zone
    found = reading(clock, urgency, started, work.now, zone)
    work.log(
        standing.state,
        case.subject,
        ground=ground,
        decision=before.id,
        stage_number=number,
        urgency=urgency,
        due_at=found.due_at.isoformat(),
    )
    values: dict[str, Any] = clock_columns(found, clock)
    change(
        work,
        case,
        standing,
        stage_number=number,
        stage_at=started,
        urgency=urgency,
        assigned_to=None,
        decided_at=None,
        **values,
    )
    return find_case(work.connection, case.id)


def _clock_anew(work: Work, case: Case, stage: Stage, urgency: Urgency) -> CaseClock:
    rule = rule_of(work.connection, work.desk.medwarrant.library, case.line_of_business, stage)
    past = PastClock(
        stage=case.stage,
        urgency=case.urgency,
        started_at=case.stage_at,
        due_at=case.due_at,
        decided_at=case.decided_at,
        extended=bool(case.clock.extensions),
    )
    return CaseClock(rule=rule, past=(*case.clock.past, past))
