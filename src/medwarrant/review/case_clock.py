"""The clock of a case as the desk keeps it: the rule it runs by, and what was done to it."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

import msgspec
from sqlalchemy import Connection

from ..model.errors import InputError
from ..policy.clock_rule import ClockRule, Urgency
from ..policy.library import Library
from . import settings
from .appeal_clock import appeal_rule
from .clock import ClockReading, Extension, Pause, UrgencyChange, due
from .plan_clock import rule_for
from .read_plan_clock import read_plan_clocks


class PastClock(msgspec.Struct, frozen=True, kw_only=True):
    """The clock of an earlier stage of a case, once its decision had been made."""

    stage: str
    urgency: Urgency
    started_at: datetime
    due_at: datetime
    decided_at: datetime | None
    extended: bool = False


class CaseClock(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of the clock of a case: the rule as it was, what was done, and the clocks before.

    >>> CaseClock(rule=None).extensions
    ()
    """

    rule: ClockRule | None = None
    extensions: tuple[Extension, ...] = ()
    pauses: tuple[Pause, ...] = ()
    changes: tuple[UrgencyChange, ...] = ()
    past: tuple[PastClock, ...] = ()


def clock_kept(text: str) -> CaseClock:
    """The clock of a case from its JSON."""
    return msgspec.json.decode(text, type=CaseClock)


def clock_text(clock: CaseClock) -> str:
    """The clock of a case as its JSON."""
    return msgspec.json.encode(clock, order="sorted").decode()


def rule_of(
    connection: Connection, library: Library, line_of_business: str, stage: str
) -> ClockRule:
    """The rule for a case: the plan's setting, else that of the packs.

    An appeal runs by `appeal_clocks`; where the plan sets none, by the rule of the first decision, which
    is the shorter one. Raises `InputError` where the packs state no clock.
    """
    plan = read_plan_clocks(settings.setting_kept(connection, "clocks").value)
    rule = rule_for(library.clocks, line_of_business or None, plan)
    if stage != "appeal":
        return rule
    appeals = read_plan_clocks(settings.setting_kept(connection, "appeal_clocks").value)
    own = appeals.get(rule.id)
    return rule if own is None else appeal_rule(rule, own)


def reading(
    clock: CaseClock, urgency: Urgency, started_at: datetime, now: datetime, zone: tzinfo
) -> ClockReading:
    """What the clock shows at a moment; of a decided case, give the moment of the decision."""
    if clock.rule is None:
        raise InputError("the case has no clock", mend="it was never submitted")
    return due(
        clock.rule,
        urgency,
        started_at,
        clock.extensions,
        clock.pauses,
        now,
        changes=clock.changes,
        zone=zone,
    )


def clock_columns(found: ClockReading, clock: CaseClock) -> dict[str, Any]:
    """The columns of a case that follow from its clock."""
    return {
        "clock": clock_text(clock),
        "due_at": found.due_at,
        "paused_since": found.paused_since,
    }
