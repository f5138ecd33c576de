"""The clock of an appeal: the plan's own times, since no source of the packs states any."""

from __future__ import annotations

import msgspec

from ..model.errors import InputError
from ..policy.clock_rule import ClockRule
from .plan_clock import PlanClock


def appeal_rule(rule: ClockRule, plan: PlanClock) -> ClockRule:
    """The rule of appeals that a plan sets: its own times, which those of first decisions do not bind.

    Raises `InputError` where it gives no times, since the sources of the packs state none for appeals.
    """
    if plan.standard is None or plan.expedited is None:
        raise InputError(
            "the clock of appeals needs both times",
            where=f"appeal_clocks.{plan.line_of_business}",
            mend="write standard and expedited",
        )
    extension = plan.extension if not isinstance(plan.extension, str) else None
    pause = plan.pause or msgspec.structs.replace(rule.pause, allowed=False)
    if pause.allowed and not rule.pause.plan_may_allow:
        raise InputError(
            f"{rule.title} allows no pause: {rule.pause.because}",
            where=f"appeal_clocks.{plan.line_of_business}.pause",
            mend="leave it out",
        )
    return msgspec.structs.replace(
        rule,
        standard=plan.standard,
        expedited=plan.expedited,
        extension=extension,
        pause=pause,
        basis="plan",
        because="",
    )
