"""Which known events match a criterion's conditions, and whether a history is closed for them."""

from __future__ import annotations

from datetime import date
from typing import Any

from ..model.dates import DateSpan, Window
from ..model.facts import History, Value
from ..model.measures import Range
from ..model.status import Status
from ..policy.criteria import AsRequested, Condition, InBound, OneOf, Where
from .view import KnownEvent, View

MET, MISSING, NOT_MET = Status.MET, Status.MISSING, Status.NOT_MET


def attribute_status(name: str, condition: Condition, value: Value | None, view: View) -> Status:
    """Whether an attribute satisfies a condition; unknown is missing."""
    if value is None:
        return MISSING
    match condition:
        case OneOf(values=values, negated=negated):
            held = value if isinstance(value, tuple) else (value,)
            found = any(part in values for part in held)
            return MET if found != negated else NOT_MET
        case InBound(bound=bound):
            covered = bound.covers(value) if isinstance(value, Range) else None
            return MISSING if covered is None else MET if covered else NOT_MET
        case AsRequested():
            return _as_requested(name, value, view.requested(name))


def _as_requested(name: str, value: Value, requested: Any) -> Status:
    if requested is None:
        return MISSING
    if isinstance(requested, Range):
        return MET if requested == value else NOT_MET
    held = frozenset(value) if isinstance(value, tuple) else frozenset((value,))
    if name == "side" and "bilateral" in held:
        return MET
    return MET if requested <= held else NOT_MET


def event_status(event: KnownEvent, where: Where, view: View) -> Status:
    """Whether an event satisfies all conditions."""
    status = MET
    for name, condition in where:
        found = attribute_status(name, condition, event.attributes.get(name), view)
        if found < status:
            status = found
            if status is NOT_MET:
                break
    return status


def in_window(span: DateSpan | None, start: date | None, until: date) -> Status:
    """Whether something happened after `start` and not after `until`; vague dates may be missing."""
    if span is None:
        return MISSING
    if span.first > until or (start is not None and span.last <= start):
        return NOT_MET
    if span.last > until or (start is not None and span.first <= start):
        return MISSING
    return MET


def matching(
    kind: str, where: Where, view: View, window: Window | None = None, until: date | None = None
) -> tuple[list[KnownEvent], list[KnownEvent]]:
    """Events that certainly match, and events that may."""
    events = view.events.get(kind)
    if events is None:
        return [], []
    until = until or view.as_of
    start = window.start(until) if window else None
    certain, possible = [], []
    for event in events.known:
        status = event_status(event, where, view)
        if status is NOT_MET:
            continue
        if event.disputed:
            status = MISSING
        if window is not None:
            status = min(status, in_window(event.date, start, until))
        elif event.date is not None:
            status = min(status, in_window(event.date, None, until))
        if status is MET:
            certain.append(event)
        elif status is MISSING:
            possible.append(event)
    return certain, possible


def told_apart(
    events: list[KnownEvent], attribute: str | None, *, unknown_counts: bool = False
) -> int:
    """How many events there are, or how many can be told apart by an attribute.

    An event whose attribute has several values (a drug of two classes) stands for one of them, chosen
    so that most are told apart; one whose attribute is unknown counts where `unknown_counts`.
    """
    if attribute is None:
        return len(events)
    taken: dict[object, tuple[object, ...]] = {}
    unknown = 0
    for event in events:
        value = event.attributes.get(attribute)
        if value is None:
            unknown += 1
            continue
        _take(value if isinstance(value, tuple) else (value,), taken, set())
    return len(taken) + (unknown if unknown_counts else 0)


def _take(
    options: tuple[object, ...], taken: dict[object, tuple[object, ...]], tried: set[object]
) -> bool:
    """Give an event one of its values, moving events that hold it to others of theirs."""
    for option in options:
        if option in tried:
            continue
        tried.add(option)
        if option not in taken or _take(taken[option], taken, tried):
            taken[option] = options
            return True
    return False


def is_closed(kind: str, where: Where, view: View, start: date | None) -> bool:
    """Whether every event that could match since `start` (None: ever) is listed."""
    events = view.events.get(kind)
    if events is None or kind in view.conflicts:
        return False
    return any(
        _covers_period(history, start, view.as_of) and _covers_where(history, where, view)
        for history in events.closed
    )


def _covers_period(history: History, start: date | None, until: date) -> bool:
    if history.period is None:
        return True
    return start is not None and history.period.first <= start and history.period.last >= until


def _covers_where(history: History, where: Where, view: View) -> bool:
    return all(_implied(name, value, where, view) for name, value in history.where)


def _implied(name: str, value: Value, where: Where, view: View) -> bool:
    """Whether every event that matches `where` has this attribute value."""
    for attribute, condition in where:
        if isinstance(condition, OneOf) and not condition.negated:
            if attribute == name:
                return all(part == value for part in condition.values)
            if attribute == "procedure" and name == "kind":
                known = view.library.procedures
                return all(part in known and known[part].kind == value for part in condition.values)
        if isinstance(condition, AsRequested) and attribute == name:
            requested = view.requested(name)
            return isinstance(requested, frozenset) and requested == frozenset((value,))
    return False
