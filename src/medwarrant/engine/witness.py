"""For a missing leaf: the facts that would settle it, each as something a person could supply."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

from ..model.dates import DateSpan
from ..model.facts import EventValue, Fact, History, Value
from ..model.measures import Range, parse_quantity
from ..model.status import Status
from ..policy import criteria as c
from ..policy.fact_dictionary import Attribute, EventDefinition
from ..policy.valueset import CodePattern
from ..terminology.codes import diagnosis_code
from .events import matching, told_apart
from .supplied import COVERAGE_FACTS
from .view import KnownEvent, View

MET, NOT_MET = Status.MET, Status.NOT_MET
#: One way to settle a leaf: facts to supply together.
Way = tuple[Fact, ...]
_MOST_WAYS = 6


def ways(node: c.Leaf, want: Status, view: View) -> list[Way]:
    """Ways to bring a missing leaf to `want`, the most natural first; none where there is none."""
    match node:
        case c.Flag(fact=fact):
            return [(Fact(fact=fact, status="present" if want is MET else "absent"),)]
        case c.Quantity(fact=fact, bound=bound):
            number = bound.witness() if want is MET else bound.counterexample()
            return [(Fact(fact=fact, value=_possible(fact, number, view)),)]
        case c.Choice():
            return _choices(node, want, view)
        case c.DiagnosisIn(sets=sets):
            return _diagnoses(sets, want, view)
        case c.EventKnown():
            return _events(node, view) if want is MET else [_none(node, view)]
        case c.EventCount():
            return _count(node, view) if want is MET else []
        case c.TimeSince():
            return _time_since(node, view) if want is MET else []
        case c.Sequence():
            return _sequence(node, view) if want is MET else []
        case c.Change(fact=fact, baseline=baseline, percent=percent):
            return _change(fact, baseline, node, percent, want)
        case c.SessionLimit():
            return _session(node, view) if want is MET else []
        case _:
            return []


def _possible(fact: str, number: float, view: View) -> Range:
    """A number kept within what the fact dictionary holds possible, in the fact's base unit."""
    definition = view.library.facts.get(fact)
    if definition is not None:
        unit = parse_quantity(1, definition.unit).low or 1.0
        if definition.low is not None:
            number = max(number, definition.low * unit)
        if definition.high is not None:
            number = min(number, definition.high * unit)
    return Range(number, number)


def _choices(node: c.Choice, want: Status, view: View) -> list[Way]:
    positive = (want is MET) != node.negated
    if positive:
        values = node.values
    else:
        values = tuple(v for v in _vocabulary(node.fact, view) if v not in node.values)
    denied = view.excluded.get(node.fact, frozenset())
    definition = view.library.facts.get(node.fact)
    most = None if node.fact in COVERAGE_FACTS else _MOST_WAYS
    found: list[Way] = []
    for value in islice((v for v in values if v not in denied), most):
        held: Value = (value,) if definition and definition.many else value
        found.append((Fact(fact=node.fact, value=held),))
    return found


def _vocabulary(fact: str, view: View) -> tuple[str, ...]:
    """The values a fact may have: those of the dictionary, or of the table that lists them."""
    match fact:
        case "payer":
            return tuple(view.library.payers)
        case "line_of_business":
            return tuple(view.library.lines_of_business)
        case "contractor":
            return tuple(view.library.contractors)
        case _:
            definition = view.library.facts.get(fact)
            return tuple(definition.values) if definition else ()


def _diagnoses(sets: tuple[str, ...], want: Status, view: View) -> list[Way]:
    if want is NOT_MET:
        return []
    for name in sets:
        known = view.library.valuesets.get(name)
        patterns = known.codes if known else (CodePattern.read(name),)
        code = next(iter(known.words.values()), "") if known else ""
        if not code and patterns:
            code = patterns[0].first
        if code:
            return [(Fact(fact="diagnosis", value=(diagnosis_code(code),)),)]
    return []


def _events(node: c.EventKnown, view: View) -> list[Way]:
    definition = view.library.events[node.event]
    certain, _ = matching(node.event, node.where, view, node.within)
    needed = max(1, node.number - told_apart(certain, node.distinct))
    dates: list[DateSpan | None] = []
    if node.within is None:
        dates.append(None)
    start = node.within.start(view.as_of) if node.within else view.as_of - timedelta(days=360)
    span = (view.as_of - start).days
    for share in (0.5, 0.25, 0.9, 0.02):
        day = view.as_of - timedelta(days=max(1, int(span * share)))
        dates.append(DateSpan(day, day))
    taken: set[object] = set()
    if node.distinct:
        for event in certain:
            value = event.attributes.get(node.distinct)
            taken |= set(value) if isinstance(value, tuple) else {value}
    assumed = assumed_values(node.where, definition, view)
    found: list[Way] = []
    for when in dates:
        way: list[Fact] = []
        used = set(taken)
        for index in range(needed):
            attributes = {**_satisfying(node.where, definition, view), **assumed}
            if node.distinct:
                fresh = fresh_value(node, definition, used, view)
                if fresh is None:
                    break
                used.add(fresh[1])
                attributes[fresh[0]] = fresh[1]
                if fresh[0] == "drug":
                    attributes.pop("drug_class", None)  # it follows from the drug
            if when is not None and "date" in definition.attributes:
                day = when.first - timedelta(days=index)
                attributes.setdefault("date", DateSpan(day, day))
            way.append(Fact(fact=node.event, value=EventValue.of(attributes)))
        if len(way) == needed:
            found.append((*line_facts(assumed), *way))
    return found[:_MOST_WAYS]


def fresh_value(
    node: c.EventKnown, definition: EventDefinition, used: set[object], view: View
) -> tuple[str, str] | None:
    """An attribute and value that tell one more event apart; a drug stands for its class."""
    assert node.distinct is not None
    attribute = definition.attributes[node.distinct]
    allowed = _allowed(node.where, node.distinct)
    if attribute.kind == "drug" or attribute.derived_from == "drug":
        by_class = attribute.derived_from == "drug"
        classes = _allowed(node.where, "drug_class")
        for drug in view.library.drugs.values():
            names = drug.classes if by_class else (drug.id,)
            if used & set(names) or not names:
                continue
            if allowed is not None and not set(names) & set(allowed):
                continue
            if classes is None or set(drug.classes) & set(classes):
                used.update(names)
                return "drug", drug.id
        return None
    for value in allowed or tuple(attribute.values):
        if value not in used:
            return node.distinct, value
    return None


def _allowed(where: c.Where, name: str) -> tuple[str, ...] | None:
    """The values that conditions allow an attribute; None where they say nothing of it."""
    for attribute, condition in where:
        if attribute == name and isinstance(condition, c.OneOf) and not condition.negated:
            return condition.values
    return None


def assumed_values(where: c.Where, definition: EventDefinition, view: View) -> dict[str, Value]:
    """Attributes that must equal the service line's own, where the line does not state them."""
    found: dict[str, Value] = {}
    for name, condition in where:
        if isinstance(condition, c.AsRequested) and view.requested(name) is None:
            found[name] = _shared(name, definition, view)
    return found


def line_facts(assumed: dict[str, Value]) -> Way:
    """The same attributes, stated of the service line."""
    return tuple(Fact(fact=name, value=value) for name, value in assumed.items())


def _satisfying(where: c.Where, definition: EventDefinition, view: View) -> dict[str, Value]:
    attributes: dict[str, Value] = {}
    for name, condition in where:
        attribute = definition.attributes[name]
        value = satisfying_value(name, condition, attribute, view)
        if value is not None:
            attributes[name] = value
    return attributes


def satisfying_value(
    name: str, condition: c.Condition, attribute: Attribute, view: View
) -> Value | None:
    """A value of an attribute that satisfies a condition, or None where none can be named."""
    match condition:
        case c.OneOf(values=values, negated=False):
            if attribute.derived_from == "drug":
                return None if not values else values[0]
            return (values[0],) if attribute.many else values[0]
        case c.OneOf(values=values):
            others = [value for value in attribute.values if value not in values]
            return others[0] if others else None
        case c.InBound(bound=bound):
            number = bound.witness()
            return Range(number, number)
        case c.AsRequested():
            requested = view.requested(name)
            if isinstance(requested, frozenset):
                ordered = tuple(sorted(requested))
                return ordered if attribute.many or len(ordered) > 1 else ordered[0]
            return requested if isinstance(requested, Range) else None


def _closing(where: c.Where, start: object) -> History:
    attributes = tuple(
        (name, condition.values[0])
        for name, condition in where
        if isinstance(condition, c.OneOf)
        and not condition.negated
        and len(condition.values) == 1
        and name == "kind"
    )
    del start  # the whole history is asked for: that is what a requester can state in one sentence
    return History(where=attributes)


def _none(node: c.EventKnown, view: View) -> Way:
    return (Fact(fact=node.event, value=_closing(node.where, None)),)


def _dated_before(events: list[KnownEvent], limit: object, view: View, kind: str) -> list[Fact]:
    """Vague or undated events, each completed with a date before the limit."""
    del limit
    found = []
    for event in events:
        day = view.as_of.replace(day=1, year=view.as_of.year - 3)
        attributes: dict[str, Value] = dict(event.stated.attributes)
        if "date" not in attributes:
            attributes["date"] = DateSpan(day, day)
            found.append(Fact(fact=kind, value=EventValue.of(attributes)))
    return found


def _count(node: c.EventCount, view: View) -> list[Way]:
    start = node.window.start(view.as_of) if node.window else None
    _, possible = matching(node.event, node.where, view, node.window)
    certain, _ = matching(node.event, node.where, view, node.window)
    undated = [event for event in possible if event.date is None]
    closing = Fact(fact=node.event, value=_closing(node.where, start))
    spacing: tuple[Fact, ...] = ()
    if (
        "interval" not in view.quantities
        and view.quantities.get("sessions", Range(1.0, 1.0)).low != 1.0
    ):
        spacing = (Fact(fact="interval", value=Range(360.0, 360.0)),)
    del certain
    return [
        (closing,),
        (closing, *_dated_before(undated, start, view, node.event)),
        (closing, *_dated_before(undated, start, view, node.event), *spacing),
    ]


def _time_since(node: c.TimeSince, view: View) -> list[Way]:
    certain, possible = matching(node.event, node.where, view)
    undated = [event for event in (*certain, *possible) if event.date is None]
    closing = Fact(fact=node.event, value=_closing(node.where, None))
    return [(closing,), (closing, *_dated_before(undated, None, view, node.event))]


def _sequence(node: c.Sequence, view: View) -> list[Way]:
    definition = view.library.events[node.event]
    assumed = assumed_values((*node.where, *node.each), definition, view)
    found: list[Way] = []
    for back in (30, 90, 7):
        way: list[Fact] = [*line_facts(assumed)]
        for index in range(node.length):
            attributes = {**_satisfying((*node.where, *node.each), definition, view), **assumed}
            for name in node.same:
                if name not in attributes:
                    attributes[name] = _shared(name, definition, view)
            day = view.as_of - timedelta(
                days=back + (node.length - 1 - index) * max(node.gap_days, 1)
            )
            if "date" in definition.attributes:
                attributes["date"] = DateSpan(day, day)
            way.append(Fact(fact=node.event, value=EventValue.of(attributes)))
        found.append(tuple(way))
    return found


def _shared(name: str, definition: EventDefinition, view: View) -> Value:
    requested = view.requested(name)
    if isinstance(requested, frozenset):
        ordered = tuple(sorted(requested))
        return ordered if definition.attributes[name].many else ordered[0]
    values = tuple(definition.attributes[name].values)
    if name == "levels":
        return (_one_level(view),)
    value: Value = values[0] if values else "the same"
    return (str(value),) if definition.attributes[name].many else value


def _levels(at_most: int, view: View) -> list[tuple[str, ...]]:
    """Levels that may be meant: those of earlier procedures, else one of the region."""
    earlier = [
        levels
        for events in view.events.values()
        for event in events.known
        if isinstance(levels := event.attributes.get("levels"), tuple) and len(levels) <= at_most
    ]
    return list(dict.fromkeys([*reversed(earlier), (_one_level(view),)]))[:_MOST_WAYS]


def _one_level(view: View) -> str:
    """A level of the region asked for, else of any region."""
    own = view.choices.get("region", frozenset())
    regions = [r for r in view.library.regions.values() if r.levels and (not own or r.id in own)]
    return regions[0].levels[0] if regions else "one level"


def _change(fact: str, baseline: str, node: c.Change, percent: bool, want: Status) -> list[Way]:
    before = 20.0
    number = node.bound.witness() if want is MET else node.bound.counterexample()
    now = before * (1 - number / 100) if percent else before - number
    if now < 0:
        before, now = number * 2, number
    return [
        (
            Fact(fact=baseline, value=Range(before, before)),
            Fact(fact=fact, value=Range(now, now)),
        )
    ]


def _session(node: c.SessionLimit, view: View) -> list[Way]:
    line = view.line
    if line is None:
        return []
    match node.what:
        case "regions":
            regions = sorted(view.library.regions)
            return [(Fact(fact="region", value=name),) for name in regions[:_MOST_WAYS]]
        case "levels":
            return [(Fact(fact="levels", value=levels),) for levels in _levels(node.at_most, view)]
        case "sides":
            return [(Fact(fact="side", value=side),) for side in ("left", "right")]
        case "units":
            return [(Fact(fact="units", value=Range(1.0, 1.0)),)]
        case "muscles":
            names = tuple(view.library.muscles)[: max(1, node.at_most)]
            return [(Fact(fact="muscles", value=names),)]
        case _:
            return []
