"""The test of each kind of leaf: a view in, a status out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from ..model.measures import Range
from ..model.request import Diagnosis
from ..model.status import Status
from ..policy import criteria as c
from .events import event_status, is_closed, matching, told_apart
from .view import KnownEvent, View

MET, MISSING, NOT_MET = Status.MET, Status.MISSING, Status.NOT_MET
LeafTest = Callable[[View], Status]


def leaf_test(node: c.Leaf) -> LeafTest:
    """The test of a leaf, with everything that can be looked up once looked up."""
    match node:
        case c.Flag():
            return _flag(node)
        case c.Quantity():
            return _quantity(node)
        case c.Choice():
            return _choice(node)
        case c.DiagnosisIn():
            return lambda view: _diagnosis(node, view)
        case c.AlsoRequested():
            return lambda view: _also_requested(node, view)
        case c.EventKnown():
            return lambda view: _event_known(node, view)
        case c.EventCount():
            return lambda view: _event_count(node, view)
        case c.TimeSince():
            return lambda view: _time_since(node, view)
        case c.Sequence():
            return lambda view: _sequence(node, view)
        case c.Change():
            return lambda view: _change(node, view)
        case c.SessionLimit():
            return lambda view: _session(node, view)
        case c.DoseLimit():
            return lambda view: _dose(node, view)


def _flag(node: c.Flag) -> LeafTest:
    fact = node.fact

    def test(view: View) -> Status:
        return view.flags.get(fact, MISSING)

    return test


def _quantity(node: c.Quantity) -> LeafTest:
    fact, covers = node.fact, node.bound.covers

    def test(view: View) -> Status:
        value = view.quantities.get(fact)
        if value is None:
            return MISSING
        covered = covers(value)
        return MISSING if covered is None else MET if covered else NOT_MET

    return test


def _choice(node: c.Choice) -> LeafTest:
    fact, values, negated = node.fact, frozenset(node.values), node.negated
    met, not_met = (NOT_MET, MET) if negated else (MET, NOT_MET)

    def test(view: View) -> Status:
        held = view.choices.get(fact)
        if held is None:
            denied = view.excluded.get(fact)
            return not_met if denied and values <= denied else MISSING
        if not values.isdisjoint(held):
            return met
        vague = view.vague.get(fact)
        return MISSING if vague and not values.isdisjoint(vague) else not_met

    return test


def _diagnosis(node: c.DiagnosisIn, view: View) -> Status:
    matches = view.library.diagnosis_matches
    if node.among == "item":
        return MET if matches(view.diagnosis, node.sets) else NOT_MET
    if any(matches(code, node.sets) for code in view.patient_diagnoses):
        return MET
    denied = view.excluded.get("diagnosis", frozenset())
    return NOT_MET if any(matches(code, node.sets) for code in denied) else MISSING


def _also_requested(node: c.AlsoRequested, view: View) -> Status:
    if any(
        view.library.diagnosis_matches(code, node.except_diagnoses)
        for code in view.patient_diagnoses
        if node.except_diagnoses
    ):
        return NOT_MET
    for number, line in enumerate(view.request.services):
        if number != view.line_number and view.library.service_matches(line.code, node.services):
            return MET
    return NOT_MET


def _event_known(node: c.EventKnown, view: View) -> Status:
    certain, possible = matching(node.event, node.where, view, node.within)
    if told_apart(certain, node.distinct) >= node.number:
        return MET
    start = node.within.start(view.as_of) if node.within else None
    if not is_closed(node.event, node.where, view, start):
        return MISSING
    most = told_apart([*certain, *possible], node.distinct, unknown_counts=True)
    return MISSING if most >= node.number else NOT_MET


def requested_dates(view: View) -> tuple[list[date], bool]:
    """The dates of the sessions asked for, and whether their spacing is known."""
    line = view.line
    sessions = view.quantities.get("sessions")
    number = int(sessions.low) if sessions and sessions.low else 1
    if number <= 1:
        return [view.as_of], True
    interval = view.quantities.get("interval") or (line.interval if line else None)
    if interval is None or interval.low is None:
        return [view.as_of] * number, False
    step = timedelta(days=int(interval.low))
    return [view.as_of + step * index for index in range(number)], interval.exact


def count_bounds(node: c.EventCount, view: View) -> tuple[int, int, bool]:
    """The fewest and the most sessions in any window, and whether the most is certain (closed)."""
    dates, spaced = requested_dates(view) if node.requested else ([view.as_of], True)
    fewest = most = 0
    closed = True
    for index, day in enumerate(dates):
        start = node.window.start(day) if node.window else None
        certain, possible = matching(node.event, node.where, view, node.window, day)
        asked = 0
        if node.requested:
            asked = sum(1 for other in dates[: index + 1] if start is None or other > start)
        low = _fewest_sessions(certain) + (asked if spaced else 1 if asked else 0)
        fewest = max(fewest, low)
        most = max(most, _most_sessions(certain) + _times(possible) + asked)
        if start is None or start < view.as_of:
            closed = closed and is_closed(node.event, node.where, view, start)
    return fewest, most, closed


def _fewest_sessions(events: list[KnownEvent]) -> int:
    """The fewest distinct dates: events whose vague dates have a day in common may be one session."""
    spans = sorted((event.date for event in events if event.date), key=lambda span: span.last)
    counted, day = 0, date.min
    for span in spans:
        if span.first > day:
            counted, day = counted + 1, span.last
    undated = [event for event in events if event.date is None]
    return max(counted, *(_times([event]) for event in undated)) if undated else counted


def _most_sessions(events: list[KnownEvent]) -> int:
    """The most distinct dates: events without an exact date count each."""
    exact = {event.date for event in events if event.date is not None and event.date.exact}
    rest = [event for event in events if event.date is None or not event.date.exact]
    return len(exact) + _times(rest)


def _times(events: list[KnownEvent]) -> int:
    total = 0
    for event in events:
        number = event.attributes.get("number")
        total += int(number.low) if isinstance(number, Range) and number.low else 1
    return total


def _event_count(node: c.EventCount, view: View) -> Status:
    fewest, most, closed = count_bounds(node, view)
    if fewest > node.at_most:
        return NOT_MET
    return MET if closed and most <= node.at_most else MISSING


def _time_since(node: c.TimeSince, view: View) -> Status:
    certain, possible = matching(node.event, node.where, view)
    limit = view.as_of - timedelta(days=node.days)
    status = MET
    for event in certain:
        if event.date is None:
            status = MISSING
        elif event.date.first > limit:
            return NOT_MET
        elif event.date.last > limit:
            status = MISSING
    for event in possible:
        if event.date is None or event.date.last > limit:
            status = MISSING
    if status is MET and not is_closed(node.event, node.where, view, limit):
        return MISSING
    return status


def _sequence(node: c.Sequence, view: View) -> Status:
    certain, possible = matching(node.event, node.where, view)
    status = _latest_in_row(node, certain, view)
    if status is MET:
        return MISSING if _may_be_later(possible, certain, node.length) else MET
    if possible or not is_closed(node.event, node.where, view, _since_latest(node, certain)):
        return MISSING
    return status


def _may_be_later(possible: list[KnownEvent], certain: list[KnownEvent], length: int) -> bool:
    """Whether an event of which not all is known may belong among the latest ones."""
    begins = sorted(event.date.first for event in certain if event.date)
    first = begins[-length] if len(begins) >= length else date.min
    return any(event.date is None or event.date.last > first for event in possible)


def _since_latest(node: c.Sequence, events: list[KnownEvent]) -> date | None:
    """The day before the row of latest events: whatever came earlier cannot change it."""
    dated = sorted(event.date.first for event in events if event.date is not None)
    if len(dated) < max(len(events), node.length):
        return None
    return dated[-node.length] - timedelta(days=1)


def _latest_in_row(node: c.Sequence, events: list[KnownEvent], view: View) -> Status:
    if len(events) < node.length:
        return NOT_MET
    undated = any(event.date is None for event in events)
    if undated and len(events) > node.length:
        return MISSING
    ordered = sorted(events, key=lambda e: e.date.first if e.date else date.min)
    latest = ordered[-node.length :]
    begins = [event.date.first for event in latest if event.date]
    if any(e.date and e.date.last > min(begins) for e in ordered[: -node.length]):
        return MISSING  # vague dates: which events are the latest cannot be told
    status = min(event_status(event, node.each, view) for event in latest)
    for name in node.same:
        values = [event.attributes.get(name) for event in latest]
        if None in values:
            status = min(status, MISSING)
        elif any(value != values[0] for value in values):
            return NOT_MET
    if node.gap_days:
        for earlier, later in zip(latest, latest[1:], strict=False):
            status = min(status, _gap(earlier, later, node.gap_days))
    return status


def _gap(earlier: KnownEvent, later: KnownEvent, days: int) -> Status:
    if earlier.date is None or later.date is None:
        return MISSING
    if (later.date.first - earlier.date.last).days >= days:
        return MET
    return NOT_MET if (later.date.last - earlier.date.first).days < days else MISSING


def _change(node: c.Change, view: View) -> Status:
    now, before = view.quantities.get(node.fact), view.quantities.get(node.baseline)
    if now is None or before is None or None in (now.low, now.high, before.low, before.high):
        return MISSING
    assert now.low is not None and now.high is not None
    assert before.low is not None and before.high is not None
    if node.percent:
        if before.low <= 0:
            return MISSING
        # Rounded, so that a fall from 10 to 8 is 20 percent in binary fractions too.
        fall = Range(
            round(100 * (1 - now.high / before.low), 9), round(100 * (1 - now.low / before.high), 9)
        )
    else:
        fall = Range(before.low - now.high, before.high - now.low)
    covered = node.bound.covers(fall)
    return MISSING if covered is None else MET if covered else NOT_MET


def session_bounds(node: c.SessionLimit, view: View) -> tuple[int, bool]:
    """How many are certainly asked for in the session, and whether there can be no more."""
    matches = view.library.service_matches
    lines = [
        (number, line)
        for number, line in enumerate(view.request.services)
        if not node.of or matches(line.code, node.of)
    ]
    if node.what == "services":
        return len(lines), True
    found: set[str] = set()
    total, complete = 0, True
    for number, line in lines:
        values = _counted(node.what, number, line.code, view)
        if values is None:
            complete = False
            total += 1 if node.what == "units" else 0
        elif isinstance(values, int):
            total += values
        else:
            found |= values
    if node.what == "units":
        return total, complete
    least = max(len(found), 1 if lines else 0)
    return least, complete


def _counted(what: str, number: int, code: str, view: View) -> frozenset[str] | int | None:
    line = view.request.services[number]
    own = view if number == view.line_number else _other_line(what, number, view)
    match what:
        case "units":
            stated = own.quantities.get("units") if own else None
            return int(stated.low) if stated and stated.low is not None else line.units
        case "sides":
            side = own.choices.get("side") if own else ({line.side} if line.side else None)
            if not side:
                return None
            return frozenset(("left", "right")) if "bilateral" in side else frozenset(side)
        case "regions":
            return _regions(number, code, view)
        case _:
            held = own.choices.get(what) if own else frozenset(getattr(line, what))
            return held or None


def _other_line(what: str, number: int, view: View) -> View | None:
    """Another line of the session with the facts that speak of it, where some do."""
    name = "side" if what == "sides" else what
    if not any(fact.fact == name for fact in view.request.facts):
        return None
    base = View.of(view.request, view.library, view.compiled)
    line = view.request.services[number]
    return base.for_item(line, number, Diagnosis(code=view.diagnosis))


def _regions(number: int, code: str, view: View) -> frozenset[str] | None:
    line = view.request.services[number]
    own = view if number == view.line_number else _other_line("region", number, view)
    if own is not None and "region" in own.choices:
        return own.choices["region"]
    if line.region:
        return frozenset((line.region,))
    procedure = view.library.procedure(code)
    if procedure and procedure.region:
        return frozenset((procedure.region,))
    regions = {
        view.library.muscles[name].region for name in line.muscles if name in view.library.muscles
    }
    return frozenset(name for name in regions if name) if regions and None not in regions else None


def _session(node: c.SessionLimit, view: View) -> Status:
    least, complete = session_bounds(node, view)
    if least > node.at_most:
        return NOT_MET
    return MET if complete else MISSING


def dose_bounds(node: c.DoseLimit, view: View) -> tuple[float, float, bool]:
    """The least and the most summed dose of the session (and of `over`), and whether all is stated.

    A dose given as a range counts from its lower to its upper end; a drug of which it is not said
    whether it comes with epinephrine may or may not be meant.
    """
    least = most = 0.0
    complete = True
    for line in view.request.services:
        for dose in line.drugs:
            if not _is_drug(dose.drug, node.drug, view):
                continue
            fits = node.epinephrine is None or dose.epinephrine == node.epinephrine
            if not fits and dose.epinephrine is not None:
                continue
            if dose.dose is None or dose.unit != node.unit:
                complete = False
                continue
            complete = complete and dose.dose.high is not None
            least += (dose.dose.low or 0.0) if fits else 0.0
            most += dose.dose.high or dose.dose.low or 0.0
        if not line.drugs:
            complete = False
    if node.over is not None:
        for kind in view.events:
            certain, possible = matching(kind, (), view, node.over)
            for event in certain:
                drug, given = event.attributes.get("drug"), event.attributes.get("dose")
                if isinstance(drug, str) and _is_drug(drug, node.drug, view):
                    if isinstance(given, Range):
                        least += given.low or 0.0
                        most += given.high or given.low or 0.0
            complete = complete and not possible
    return round(least, 6), round(most, 6), complete


def _is_drug(drug: str, wanted: str, view: View) -> bool:
    known = view.library.drugs.get(drug)
    return drug == wanted or (known is not None and wanted in known.classes)


def _dose(node: c.DoseLimit, view: View) -> Status:
    least, most, complete = dose_bounds(node, view)
    weight = view.quantities.get("weight") if node.per_kg is not None else None
    highest = [] if node.at_most is None else [node.at_most]
    lowest = list(highest)
    if node.per_kg is not None:
        if weight is None or weight.high is None or weight.low is None:
            complete = False
        else:
            highest.append(round(node.per_kg * weight.high, 6))
            lowest.append(round(node.per_kg * weight.low, 6))
    if any(least > limit for limit in highest):
        return NOT_MET
    return MET if complete and all(most <= limit for limit in lowest) else MISSING
