"""Acts on the clock of a case: another urgency, an extension, and a pause where the rule knows one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from ..policy.clock_rule import URGENCIES, Urgency
from . import clock as clocks
from . import written
from .case_clock import CaseClock, clock_columns, reading, rule_of
from .cases import Case, case_for, change, note
from .clock import Extension, Pause
from .errors import NotAllowed
from .settings import organisation
from .states import Standing
from .work import Work


def change_urgency(
    work: Work,
    case_id: str,
    to: Urgency,
    why: str,
    *,
    expected: int,
    asked_at: datetime | None = None,
) -> Case:
    """Make a case expedited, or standard again; `asked_at` is when it was asked for, now if not given.

    Raises `NotAllowed` where nothing would change.
    """
    case, standing = case_for(work, case_id, "change_urgency", expected)
    said = written.reason(why, "why")
    if to not in URGENCIES:
        raise NotAllowed("this is not an urgency", mend="choose standard or expedited")
    at = work.now if asked_at is None else min(max(asked_at, case.stage_at), work.now)
    made = clocks.change_urgency(case.urgency, to, at, reason=said)
    clock = msgspec.structs.replace(case.clock, changes=(*case.clock.changes, made))
    return _kept(
        work,
        case,
        standing,
        clock,
        "urgency",
        said,
        urgency=to,
        detail={"to": to, "before": case.urgency},
    )


def extend_clock(
    work: Work, case_id: str, days: int, why: str, told: str, *, expected: int
) -> Case:
    """Extend the time to decide by calendar days, as far as the rule allows.

    `told` says how and when the requester was told of it and why: without that, nothing is extended.
    """
    case, standing = case_for(work, case_id, "change_clock", expected)
    said, told = written.reason(why, "why"), written.reason(told, "told")
    made = clocks.extend(*_state(case), work.now, days, reason=said, **_options(work, case))
    clock = msgspec.structs.replace(case.clock, extensions=(*case.clock.extensions, made))
    note(work, case, "extend_told", told)
    return _kept(work, case, standing, clock, "extended", said, detail={"days": days})


def pause_clock(work: Work, case_id: str, why: str, *, expected: int) -> Case:
    """Stop the clock, where the rule of the line of business allows it; raises `NotAllowed` elsewhere."""
    case, standing = case_for(work, case_id, "change_clock", expected)
    said = written.reason(why, "why")
    made = clocks.pause(*_state(case), work.now, reason=said, **_options(work, case))
    clock = msgspec.structs.replace(case.clock, pauses=(*case.clock.pauses, made))
    return _kept(work, case, standing, clock, "paused", said, detail={})


def resume_clock(work: Work, case_id: str, *, expected: int) -> Case:
    """Let the clock run again; raises `NotAllowed` where it runs."""
    case, standing = case_for(work, case_id, "change_clock", expected)
    clock = resumed(case.clock, work.now)
    return _kept(work, case, standing, clock, "resumed", "", detail={})


def resumed(clock: CaseClock, now: datetime) -> CaseClock:
    """The clock with its open pause ended; raises `NotAllowed` where there is none."""
    return msgspec.structs.replace(clock, pauses=clocks.resume(clock.pauses, now))


def clock_anew(work: Work, case: Case, line_of_business: str, stage: str) -> dict[str, Any]:
    """The columns of the clock where the case turned out to be of another line of business.

    The rule is another one; what was granted under the old one stays on record, and counts as far as the
    new one allows it.
    """
    rule = rule_of(work.connection, work.desk.medwarrant.library, line_of_business, stage)
    clock = msgspec.structs.replace(case.clock, rule=rule)
    zone = organisation(work.connection).zone
    return clock_columns(reading(clock, case.urgency, case.stage_at, work.now, zone), clock)


def settled_clock(work: Work, case: Case) -> dict[str, Any]:
    """The columns of the clock of a case that is decided now: an open pause ends."""
    clock = resumed(case.clock, work.now) if case.paused_since else case.clock
    zone = organisation(work.connection).zone
    return clock_columns(reading(clock, case.urgency, case.stage_at, work.now, zone), clock)


def _kept(
    work: Work,
    case: Case,
    standing: Standing,
    clock: CaseClock,
    act: str,
    said: str,
    *,
    detail: dict[str, Any],
    urgency: Urgency | None = None,
) -> Case:
    zone = organisation(work.connection).zone
    found = reading(clock, urgency or case.urgency, case.stage_at, work.now, zone)
    if said:
        note(work, case, act, said)
    work.log(act, case.subject, due_at=found.due_at.isoformat(), **detail)
    values = {"urgency": urgency} if urgency else {}
    return change(work, case, standing, **values, **clock_columns(found, clock))


def _state(case: Case) -> tuple[Any, Urgency, datetime, tuple[Extension, ...], tuple[Pause, ...]]:
    clock = case.clock
    return clock.rule, case.urgency, case.stage_at, clock.extensions, clock.pauses


def _options(work: Work, case: Case) -> dict[str, Any]:
    return {"changes": case.clock.changes, "zone": organisation(work.connection).zone}
