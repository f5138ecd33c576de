"""By when a request must be decided, for each line of business: the rules that `clocks.yaml` states."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

import msgspec

Urgency = Literal["standard", "expedited"]
#: Where a rule comes from: sources of the packs, the editors' own judgement, or the plan's own text.
ClockBasis = Literal["source", "editorial", "plan"]
URGENCIES: tuple[Urgency, ...] = ("standard", "expedited")
_TIME = re.compile(r"\s*([1-9]\d{0,2})\s*(?:calendar\s+)?(day|hour)s?\s*")


class TimeLimit(msgspec.Struct, frozen=True, omit_defaults=True):
    """A number of calendar days or of elapsed hours, and what it rests on.

    `rests_on` are statements of the packs, `sources` their sources; `plan` is the plan's own text where
    the plan set it.

    >>> TimeLimit(7, "days").text()
    '7 calendar days'
    """

    number: int
    unit: Literal["days", "hours"]
    rests_on: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    plan: str = ""

    def text(self) -> str:
        """The time in words."""
        unit = self.unit if self.number != 1 else self.unit[:-1]
        return f"{self.number} {unit if self.unit == 'hours' else f'calendar {unit}'}"

    def length(self) -> timedelta:
        """About how long it is, to compare limits: a calendar day as 24 hours."""
        return timedelta(days=self.number) if self.unit == "days" else timedelta(hours=self.number)


def read_time(raw: object) -> TimeLimit:
    """Read a time such as "7 days" or "72 hours".

    Raises `ValueError` for anything else: business days are not counted, and a month is no limit.

    >>> read_time("7 days").text()
    '7 calendar days'
    >>> read_time("5 business days")
    Traceback (most recent call last):
      ...
    ValueError: '5 business days' is not a time such as '7 days' or '72 hours'
    """
    found = _TIME.fullmatch(raw) if isinstance(raw, str) else None
    if found is None:
        raise ValueError(f"'{str(raw)[:30]}' is not a time such as '7 days' or '72 hours'")
    return TimeLimit(int(found[1]), "days" if found[2] == "day" else "hours")


def read_days(raw: object) -> int:
    """Read a number of days such as "14 days".

    Raises `ValueError` for anything else; extensions are counted in whole calendar days.
    """
    time = read_time(raw)
    if time.unit != "days":
        raise ValueError(f"'{str(raw)[:30]}' is not a number of days such as '14 days'")
    return time.number


class ClockExtension(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a clock may be extended, in calendar days.

    `counted` says from where: `in_all` from receipt, `beyond` on top of the time itself. `times` is how
    often; None where no source limits it.
    """

    days: int
    counted: Literal["in_all", "beyond"]
    of: tuple[Urgency, ...] = ("standard",)
    times: int | None = None
    rests_on: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    plan: str = ""

    def text(self) -> str:
        """The extension in words.

        >>> ClockExtension(14, "in_all").text()
        'up to 14 calendar days in all'
        """
        days = f"{self.days} {'more ' if self.counted == 'beyond' else ''}calendar days"
        often = {None: "", 1: ", once"}.get(self.times, f", at most {self.times} times")
        return f"up to {days}{' in all' if self.counted == 'in_all' else ''}{often}"

    def reach(self, limit: TimeLimit) -> timedelta:
        """The longest time from receipt that it allows, about, to compare rules."""
        days = timedelta(days=self.days)
        return days if self.counted == "in_all" else limit.length() + days


class ClockPause(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whether the clock may stop while information is awaited.

    `only_when_extended`: only after an extension was granted. `plan_may_allow` is false where a plan
    cannot allow by its own text what its line of business does not know.
    """

    allowed: bool = False
    of: tuple[Urgency, ...] = ("standard",)
    only_when_extended: bool = False
    plan_may_allow: bool = True
    because: str = ""
    rests_on: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    plan: str = ""


class ClockRule(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The times of one line of business: standard, expedited, extension and pause.

    A rule is plain data: kept with a case, it says later by which rule the case was timed.
    """

    id: str
    title: str
    standard: TimeLimit
    expedited: TimeLimit
    extension: ClockExtension | None = None
    pause: ClockPause = ClockPause()
    basis: ClockBasis = "source"
    because: str = ""
    file: str = ""
    line: int = 0

    def limit(self, urgency: Urgency) -> TimeLimit:
        """The time of an urgency."""
        return self.standard if urgency == "standard" else self.expedited


#: The id of the rule where the line of business is not known.
UNKNOWN = "unknown"


def strictest(rules: Iterable[ClockRule]) -> ClockRule:
    """The rule where the line of business is not known: the shortest time of each urgency among all rules.

    Nothing that only some lines allow is allowed: no extension and no pause. Raises `ValueError` without
    any rule.
    """
    known = sorted(rules, key=lambda rule: rule.id)
    return ClockRule(
        id=UNKNOWN,
        title="line of business not known",
        standard=min((rule.standard for rule in known), key=_shortest),
        expedited=min((rule.expedited for rule in known), key=_shortest),
        pause=ClockPause(plan_may_allow=False, because="the line of business is not known"),
        basis="editorial",
        because=(
            "the line of business is not known, so the shortest time of every rule in the packs "
            "holds, without extension or pause, until it is"
        ),
    )


def _shortest(limit: TimeLimit) -> tuple[timedelta, bool]:
    """The shortest first; among equals one that rests on a source."""
    return limit.length(), not limit.rests_on
