"""The clock of a case: by when it must be decided, and whether it may be extended or stopped.

Pure: the rule is data of the packs or of the plan, `now` is given. Times in calendar days end at the same
clock time so many days later, in UTC unless a time zone is given; times in hours are elapsed hours.
docs/review-clocks.md tells the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

import msgspec

from ..model.errors import InputError
from ..policy.clock_rule import ClockRule, TimeLimit, Urgency
from .clock_record import Extension, Pause, UrgencyChange
from .errors import NotAllowed
from .reckoning import Reckoning
from .running_time import aware

__all__ = [
    "ClockReading",
    "ClockRule",
    "Extension",
    "Pause",
    "TimeLimit",
    "Urgency",
    "UrgencyChange",
    "change_urgency",
    "due",
    "extend",
    "pause",
    "resume",
]


class ClockReading(msgspec.Struct, frozen=True, kw_only=True):
    """What the clock of a case shows at one moment.

    `due_at` is in UTC; while the clock stands still it moves with `now` and `remaining` does not.
    `extend_by` is how many calendar days it may be extended by. `why` says it in sentences that name
    the sources.
    """

    rule: str
    urgency: Urgency
    started_at: datetime
    due_at: datetime
    remaining: timedelta
    overdue: bool
    extended_to: datetime | None
    paused_since: datetime | None
    can_extend: bool
    extend_by: int
    can_pause: bool
    why: tuple[str, ...]
    sources: tuple[str, ...]


def due(
    rule: ClockRule,
    urgency: Urgency,
    received_at: datetime,
    extensions: Sequence[Extension],
    pauses: Sequence[Pause],
    now: datetime,
    *,
    changes: Sequence[UrgencyChange] = (),
    zone: tzinfo = UTC,
) -> ClockReading:
    """Read the clock of a case at `now`; of a decided case, at the moment of the decision.

    `urgency` is the urgency now, `changes` how it came to be. A standard clock runs from receipt, also
    where the case was expedited for a while. An expedited clock runs from the request to expedite, but
    ends no later than the standard clock would have. A decision at `due_at` itself is in time. What the
    rule does not allow does not count, and `why` says so. Raises `InputError` for a moment without a
    time zone.

    >>> rule = ClockRule(
    ...     id="x", title="X", standard=TimeLimit(7, "days"), expedited=TimeLimit(72, "hours")
    ... )
    >>> received = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    >>> reading = due(rule, "standard", received, (), (), received + timedelta(days=1))
    >>> reading.due_at.isoformat(), reading.remaining, reading.overdue
    ('2026-11-30T09:00:00+00:00', datetime.timedelta(days=6), False)
    """
    clock = Reckoning(rule, urgency, received_at, extensions, pauses, now, changes, zone)
    end, paused_since = clock.end, clock.paused_since
    extend_by = clock.extend_by if clock.refuses_extension() is None else 0
    return ClockReading(
        rule=rule.id,
        urgency=urgency,
        started_at=clock.start,
        due_at=end,
        remaining=end - clock.now,
        overdue=clock.now > end,
        extended_to=end if clock.extended else None,
        paused_since=paused_since,
        can_extend=extend_by > 0,
        extend_by=extend_by,
        can_pause=clock.refuses_pause() is None,
        why=tuple(clock.why()),
        sources=clock.sources(),
    )


def extend(
    rule: ClockRule,
    urgency: Urgency,
    received_at: datetime,
    extensions: Sequence[Extension],
    pauses: Sequence[Pause],
    now: datetime,
    days: int,
    *,
    reason: str = "",
    changes: Sequence[UrgencyChange] = (),
    zone: tzinfo = UTC,
) -> Extension:
    """The extension to keep with the case.

    Raises `NotAllowed` where the rule allows none for this urgency, where it was used up or the clock has
    run out, and `InputError` where `days` is not a number of days.
    """
    if days < 1:
        raise InputError("an extension is one calendar day or more", where="days")
    clock = Reckoning(rule, urgency, received_at, extensions, pauses, now, changes, zone)
    refused = clock.refuses_extension()
    if refused is not None:
        raise refused
    if days > clock.extend_by:
        raise NotAllowed(
            f"{days} calendar days are more than the rule of '{rule.id}' still gives",
            where="days",
            mend=f"extend by {clock.extend_by} or less",
        )
    return Extension(granted_at=clock.now, days=days, of=urgency, reason=reason)


def pause(
    rule: ClockRule,
    urgency: Urgency,
    received_at: datetime,
    extensions: Sequence[Extension],
    pauses: Sequence[Pause],
    now: datetime,
    *,
    reason: str = "",
    changes: Sequence[UrgencyChange] = (),
    zone: tzinfo = UTC,
) -> Pause:
    """The open pause to keep with the case.

    Raises `NotAllowed` where the rule allows none for this urgency, or only of a clock that was extended,
    where the clock stands still already, and where it has run out.
    """
    clock = Reckoning(rule, urgency, received_at, extensions, pauses, now, changes, zone)
    refused = clock.refuses_pause()
    if refused is not None:
        raise refused
    return Pause(since=clock.now, reason=reason)


def resume(pauses: Sequence[Pause], now: datetime) -> tuple[Pause, ...]:
    """The pauses with the open one ended; raises `NotAllowed` where the clock is running.

    >>> began = datetime(2026, 11, 23, tzinfo=UTC)
    >>> resume((Pause(began),), began + timedelta(days=2))[0].until.isoformat()
    '2026-11-25T00:00:00+00:00'
    """
    now = aware(now, "now")
    if not any(one.until is None for one in pauses):
        raise NotAllowed("the clock is running", mend="there is nothing to resume")
    return tuple(
        msgspec.structs.replace(one, until=max(now, one.since)) if one.until is None else one
        for one in pauses
    )


def change_urgency(
    urgency: Urgency, to: Urgency, asked_at: datetime, *, reason: str = ""
) -> UrgencyChange:
    """The change of urgency to keep with the case; raises `NotAllowed` where nothing would change."""
    if to == urgency:
        raise NotAllowed(f"the case is {to} already")
    return UrgencyChange(at=aware(asked_at, "asked_at"), to=to, reason=reason)
