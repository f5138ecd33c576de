"""Read a plan's own clock settings from plain data, as they stand in the settings of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from ..model.errors import InputError
from ..policy.clock_rule import (
    URGENCIES,
    ClockExtension,
    ClockPause,
    TimeLimit,
    Urgency,
    read_days,
    read_time,
)
from .plan_clock import PlanClock

_FIELDS = ("source", "standard", "expedited", "extension", "pause")
_EXTENSION = ("in_all", "beyond", "of", "times")
_PAUSE = ("allowed", "of", "only_when_extended")


def read_plan_clocks(data: object) -> dict[str, PlanClock]:
    """Read the settings of several lines of business: a table by line of business.

    Raises `InputError` as `read_plan_clock` does. Whether a setting may replace the rule of the packs
    is said by `with_plan`.

    >>> sorted(read_plan_clocks({"commercial": {"source": "Manual, page 3", "pause": False}}))
    ['commercial']
    """
    if not isinstance(data, Mapping):
        raise InputError("clock settings are a table by line of business", where="clocks")
    return {str(line): read_plan_clock(str(line), part) for line, part in data.items()}


def read_plan_clock(line_of_business: str, data: object) -> PlanClock:
    """Read the settings of one line of business from plain data.

    Raises `InputError` that names the setting and how to mend it.

    >>> read_plan_clock(
    ...     "commercial", {"source": "Provider manual 2026, section 4", "standard": "5 days"}
    ... ).standard.text()
    '5 calendar days'
    >>> read_plan_clock("commercial", {"standard": "5 days"})
    Traceback (most recent call last):
      ...
    medwarrant.model.errors.InputError: clocks.commercial.source: a plan's own time needs its source; say which text of the plan states it
    """
    where = f"clocks.{line_of_business}"
    fields = _table(data, _FIELDS, where)
    source = fields.get("source")
    if not isinstance(source, str) or not source.strip():
        raise InputError(
            "a plan's own time needs its source",
            where=f"{where}.source",
            mend="say which text of the plan states it",
        )
    source = " ".join(source.split())
    return PlanClock(
        line_of_business=line_of_business,
        source=source,
        standard=_limit(fields, "standard", source, where),
        expedited=_limit(fields, "expedited", source, where),
        extension=_extension(fields, source, where),
        pause=_pause(fields, source, where),
    )


def _table(data: object, known: tuple[str, ...], where: str) -> dict[str, object]:
    if not isinstance(data, Mapping):
        raise InputError("settings are a table of names and values", where=where)
    for name in data:
        if name not in known:
            close = get_close_matches(str(name), known, n=1)
            raise InputError(
                f"'{str(name)[:40]}' is not a setting of a clock",
                where=where,
                mend=f"did you mean '{close[0]}'?" if close else f"known: {', '.join(known)}",
            )
    return dict(data)


def _limit(fields: dict[str, object], name: str, source: str, where: str) -> TimeLimit | None:
    if fields.get(name) is None:
        return None
    try:
        time = read_time(fields[name])
    except ValueError as error:
        raise InputError(str(error), where=f"{where}.{name}") from None
    return TimeLimit(time.number, time.unit, plan=source)


def _extension(fields: dict[str, object], source: str, where: str) -> ClockExtension | str | None:
    data, where = fields.get("extension"), f"{where}.extension"
    if data is None or data == "none":
        return None if data is None else "none"
    parts = _table(data, _EXTENSION, where)
    days: dict[str, int] = {}
    for name in ("in_all", "beyond"):
        if name in parts:
            try:
                days[name] = read_days(parts[name])
            except ValueError as error:
                raise InputError(str(error), where=f"{where}.{name}") from None
    if len(days) != 1:
        raise InputError(
            "an extension is counted either from receipt or on top of the time",
            where=where,
            mend="write in_all: 14 days, or beyond: 15 days",
        )
    times = parts.get("times")
    if times is not None and (type(times) is not int or times < 1):
        raise InputError("times is how often it may be extended", where=f"{where}.times")
    return ClockExtension(
        days=next(iter(days.values())),
        counted="in_all" if "in_all" in days else "beyond",
        of=_urgencies(parts, where),
        times=times,
        plan=source,
    )


def _pause(fields: dict[str, object], source: str, where: str) -> ClockPause | None:
    data, where = fields.get("pause"), f"{where}.pause"
    if data is None:
        return None
    if isinstance(data, bool):
        data = {"allowed": data}
    parts = _table(data, _PAUSE, where)
    for name in ("allowed", "only_when_extended"):
        if not isinstance(parts.get(name, False), bool):
            raise InputError(
                f"'{str(parts[name])[:30]}' is not true or false", where=f"{where}.{name}"
            )
    allowed = parts.get("allowed") is True
    return ClockPause(
        allowed=allowed,
        of=_urgencies(parts, where),
        only_when_extended=parts.get("only_when_extended") is True,
        because="" if allowed else "the plan allows none",
        plan=source,
    )


def _urgencies(parts: dict[str, object], where: str) -> tuple[Urgency, ...]:
    words = parts.get("of", ["standard"])
    if (
        not isinstance(words, list | tuple)
        or not words
        or not all(word in URGENCIES for word in words)
    ):
        raise InputError(
            "of is a list of urgencies", where=f"{where}.of", mend="write [standard, expedited]"
        )
    return tuple(urgency for urgency in URGENCIES if urgency in words)
