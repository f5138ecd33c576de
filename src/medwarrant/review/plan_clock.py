"""A plan's own clock rules: settings that replace a rule of the packs, and what they may not do."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ..model.errors import InputError
from ..policy.clock_rule import (
    UNKNOWN,
    URGENCIES,
    ClockExtension,
    ClockPause,
    ClockRule,
    TimeLimit,
    Urgency,
    strictest,
)


class PlanClock(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan sets for one line of business; None leaves the rule of the packs as it is.

    `source` is the plan's own text that says so, as the plan would cite it. `extension` may be
    `"none"`.
    """

    line_of_business: str
    source: str
    standard: TimeLimit | None = None
    expedited: TimeLimit | None = None
    extension: ClockExtension | str | None = None
    pause: ClockPause | None = None


def rule_for(
    rules: Mapping[str, ClockRule],
    line_of_business: str | None,
    plan: Mapping[str, PlanClock] | None = None,
) -> ClockRule:
    """The rule that times the cases of a line of business: the plan's, else that of the packs.

    An unknown or empty line of business has the strictest of all rules, and says so. Raises
    `InputError` where the packs state no clock at all, or where the plan's settings may not be.
    """
    if not rules:
        raise InputError(
            "the packs that are loaded state no clock rule",
            where="clocks.yaml",
            mend="load the pack 'common' too",
        )
    rule = rules.get(line_of_business or "")
    if rule is None:
        return strictest(rules.values())
    own = (plan or {}).get(rule.id)
    return rule if own is None else with_plan(rule, own)


def with_plan(rule: ClockRule, plan: PlanClock) -> ClockRule:
    """The rule with what the plan sets in its place.

    A time or extension that rests on a source binds the plan: its own may be shorter, never longer.
    A pause may be allowed unless the rule says that no plan may. Raises `InputError` for the rest.
    """
    where = f"clocks.{plan.line_of_business}"
    if rule.id == UNKNOWN or rule.id != plan.line_of_business:
        raise InputError(
            f"these settings are for '{plan.line_of_business[:60]}', the rule is that of '{rule.id}'",
            where=where,
            mend="set the clock of a line of business that the packs know",
        )
    merged = msgspec.structs.replace(
        rule,
        standard=plan.standard or rule.standard,
        expedited=plan.expedited or rule.expedited,
        extension=_merged_extension(rule, plan),
        pause=plan.pause or rule.pause,
        basis="plan",
        because="" if plan.standard and plan.expedited else rule.because,
    )
    for urgency in URGENCIES:
        _check_limit(rule, merged, urgency, f"{where}.{urgency}")
    if merged.expedited.length() > merged.standard.length():
        raise InputError(
            f"the expedited time ({merged.expedited.text()}) would be longer than the standard time "
            f"({merged.standard.text()})",
            where=f"{where}.expedited",
            mend="give an expedited time too, no longer than the standard time",
        )
    _check_extension(rule, merged, f"{where}.extension")
    _check_pause(rule, merged, f"{where}.pause")
    return merged


# --- what a plan may not set ----------------------------------------------------------------------


def _merged_extension(rule: ClockRule, plan: PlanClock) -> ClockExtension | None:
    if plan.extension is None:
        return rule.extension
    return plan.extension if isinstance(plan.extension, ClockExtension) else None


def _check_limit(rule: ClockRule, merged: ClockRule, urgency: Urgency, where: str) -> None:
    bound, own = rule.limit(urgency), merged.limit(urgency)
    if bound.rests_on and own.length() > bound.length():
        raise InputError(
            f"{own.text()} is longer than the {bound.text()} that {', '.join(bound.sources)} gives",
            where=where,
            mend=f"give {bound.text()} or less",
        )


def _check_extension(rule: ClockRule, merged: ClockRule, where: str) -> None:
    own = merged.extension
    if own is None:
        return
    for urgency in own.of:
        if own.reach(merged.limit(urgency)) <= merged.limit(urgency).length():
            raise InputError(
                f"{own.text()} is no longer than the {urgency} time",
                where=where,
                mend="give more days, or count them beyond: the time",
            )
    if own is rule.extension or rule.basis == "editorial":
        return
    if rule.extension is None:
        raise InputError(
            f"the sources of '{rule.id}' allow no extension", where=where, mend="leave it out"
        )
    for urgency in own.of:
        bound = rule.extension.reach(rule.limit(urgency))
        if urgency not in rule.extension.of:
            raise InputError(
                f"the sources of '{rule.id}' allow no extension of the {urgency} time",
                where=where,
                mend=f"write of: [{', '.join(rule.extension.of)}]",
            )
        if own.reach(merged.limit(urgency)) > bound:
            raise InputError(
                f"{own.text()} goes beyond what {', '.join(rule.extension.sources)} gives",
                where=where,
                mend=f"allow {rule.extension.text()} or less",
            )
    times = rule.extension.times
    if times is not None and (own.times is None or own.times > times):
        raise InputError(
            f"the sources of '{rule.id}' limit how often it may be extended",
            where=where,
            mend=f"write times: {times}",
        )


def _check_pause(rule: ClockRule, merged: ClockRule, where: str) -> None:
    pause = merged.pause
    if not pause.allowed or pause is rule.pause:
        return
    if not rule.pause.plan_may_allow:
        raise InputError(
            f"{rule.title} allows no pause: {rule.pause.because}",
            where=where,
            mend="leave the pause out; use an extension",
        )
    if rule.pause.allowed:
        wider = [urgency for urgency in pause.of if urgency not in rule.pause.of]
        if wider or (rule.pause.only_when_extended and not pause.only_when_extended):
            raise InputError(
                f"the pause goes beyond what {', '.join(rule.pause.sources)} gives",
                where=where,
                mend="leave it out, and the rule of the packs holds",
            )
    extended = merged.extension.of if merged.extension else ()
    if pause.only_when_extended and not set(pause.of) <= set(extended):
        raise InputError(
            "the clock may pause only when extended, and may not be extended",
            where=where,
            mend="allow the extension, or write only_when_extended: false",
        )
