"""For a missing criterion over events: what is known in part, completed so that it is settled.

A block of unknown date, a drug trial of unknown result, a service line whose levels are not stated though
the earlier block's are: each can be completed in a few natural ways. Every way is tried on the criterion,
and only those that settle it are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain, islice, product

from ..model.dates import DateSpan
from ..model.facts import EventValue, Fact, History, Value
from ..model.request import Diagnosis
from ..model.status import Status
from ..policy import criteria as c
from .events import event_status
from .supplied import with_facts
from .view import KnownEvent, View
from .witness import Way, assumed_values, fresh_value, line_facts, satisfying_value, ways

_EVENT_KINDS = (c.EventKnown, c.EventCount, c.TimeSince, c.Sequence)
#: Ways tried for one criterion, ways kept, and incomplete events completed together.
_MOST_TRIALS, _MOST_KEPT, _MOST_EVENTS = 120, 8, 2
_DAYS_BACK = (30, 90, 180, 400, 1500)


def completions(node: c.Leaf, want: Status, view: View) -> list[Way]:
    """Ways to settle a criterion over events by completing what is known of them."""
    if not isinstance(node, _EVENT_KINDS):
        return []
    closing: list[Way] = [()] if isinstance(node, c.EventKnown) else [(), (_history(node),)]
    found: list[Way] = []
    for way in islice(_ways(node, view), _MOST_TRIALS):
        settled = (end for end in closing if _settles(node, want, (*way, *end), view))
        end = next(settled, None)
        if end is not None:
            found.append((*way, *end))
        if len(found) == _MOST_KEPT:
            break
    return found


def _settles(node: c.Leaf, want: Status, way: Way, view: View) -> bool:
    request = with_facts(view.request, way, view.library)
    line = request.services[view.line_number]
    seen = View.of(request, view.library, view.compiled).for_item(
        line, view.line_number, Diagnosis(code=view.diagnosis)
    )
    return view.compiled.bare(node)(seen) is want


def _ways(node: c.Leaf, view: View) -> Iterator[Way]:
    assert isinstance(node, _EVENT_KINDS)
    known = view.events.get(node.event)
    events = [
        event
        for event in (known.known if known else ())
        if not event.disputed and event_status(event, node.where, view) is not Status.NOT_MET
    ]
    lines = list(_line_facts(node, events, view))
    new = ways(node, Status.MET, view)
    for line in [(), *lines]:
        incomplete = [event for event in events if _incomplete(event, node)][-_MOST_EVENTS:]
        options = [list(_completed(event, events, node, view)) for event in incomplete]
        if line:
            yield line
        for fact in chain.from_iterable(options):
            yield (*line, fact)
        if len(options) > 1:
            for pair in islice(product(*options), _MOST_TRIALS // 4):
                yield (*line, *pair)
        for fact in chain.from_iterable(map(reversed, options)):
            for way in new[:2]:
                yield (*line, fact, *way)
        if isinstance(node, c.Sequence) and len(events) == node.length - 1:
            nothing = KnownEvent("", EventValue(), {})
            for fact in _completed(nothing, events, node, view):
                yield (*line, fact)


def _conditions(node: c.Leaf) -> c.Where:
    assert isinstance(node, _EVENT_KINDS)
    return (*node.where, *node.each) if isinstance(node, c.Sequence) else node.where


def _names(node: c.Leaf) -> tuple[str, ...]:
    """The attributes that a criterion reads of its events."""
    names = [name for name, _ in _conditions(node)]
    names += node.same if isinstance(node, c.Sequence) else ()
    names += [node.distinct] if isinstance(node, c.EventKnown) and node.distinct else []
    return tuple(dict.fromkeys(names))


def _incomplete(event: KnownEvent, node: c.Leaf) -> bool:
    if event.date is None or not event.date.exact:
        return True
    return any(event.attributes.get(name) is None for name in _names(node))


def _line_facts(node: c.Leaf, events: list[KnownEvent], view: View) -> Iterator[Way]:
    """What the service line does not say and the known events do: the same level, the same side."""
    asked = [
        name
        for name, condition in _conditions(node)
        if isinstance(condition, c.AsRequested) and view.requested(name) is None
    ]
    if not asked:
        return
    for event in reversed(events):
        if all(event.attributes.get(name) is not None for name in asked):
            yield tuple(Fact(fact=name, value=event.attributes[name]) for name in asked)
    definition = view.library.events[node.event]  # type: ignore[union-attr]
    yield line_facts(assumed_values(_conditions(node), definition, view))


def _history(node: c.Leaf) -> Fact:
    assert isinstance(node, _EVENT_KINDS)
    kind = tuple(
        (name, condition.values[0])
        for name, condition in node.where
        if isinstance(condition, c.OneOf)
        and not condition.negated
        and len(condition.values) == 1
        and name == "kind"
    )
    return Fact(fact=node.event, value=History(where=kind))


def _completed(
    event: KnownEvent, events: list[KnownEvent], node: c.Leaf, view: View
) -> Iterator[Fact]:
    """The event with everything filled in: so that it counts, then so that it does not."""
    assert isinstance(node, _EVENT_KINDS)
    stated = dict(event.stated.attributes)
    filled = {**stated, **_filled(event, events, node, view)}
    for day in _days(event, events, node, view):
        if isinstance(node, c.Sequence) and day:
            yield _fact(node.event, {**stated, **day})
        yield _fact(node.event, {**filled, **day})
    for name, condition in node.where:
        if event.attributes.get(name) is None and isinstance(condition, c.OneOf):
            attribute = view.library.events[node.event].attributes[name]
            for value in dict.fromkeys((*attribute.values, *condition.values)):
                if (value in condition.values) == condition.negated:
                    yield _fact(node.event, {**stated, name: (value,) if attribute.many else value})


def _fact(kind: str, attributes: dict[str, Value]) -> Fact:
    return Fact(fact=kind, value=EventValue.of(attributes))


def _filled(
    event: KnownEvent, events: list[KnownEvent], node: c.Leaf, view: View
) -> dict[str, Value]:
    assert isinstance(node, _EVENT_KINDS)
    definition = view.library.events[node.event]
    assumed = assumed_values(_conditions(node), definition, view)
    found: dict[str, Value] = {}
    for name, condition in _conditions(node):
        if event.attributes.get(name) is None:
            value = satisfying_value(name, condition, definition.attributes[name], view)
            value = assumed.get(name) if value is None else value
            if value is not None:
                found[name] = value
    if isinstance(node, c.Sequence):
        for name in node.same:
            shared = (other.attributes.get(name) for other in events if other is not event)
            value = next((value for value in shared if value is not None), None)
            if event.attributes.get(name) is None and value is not None:
                found[name] = value
    if isinstance(node, c.EventKnown) and node.distinct:
        if event.attributes.get(node.distinct) is None:
            fresh = fresh_value(node, definition, _taken(node.distinct, events), view)
            if fresh is not None:
                found[fresh[0]] = fresh[1]
                if fresh[0] == "drug":
                    found.pop("drug_class", None)  # it follows from the drug
    return found


def _taken(name: str, events: list[KnownEvent]) -> set[object]:
    values = [event.attributes.get(name) for event in events]
    return {
        part
        for value in values
        if value is not None
        for part in (value if isinstance(value, tuple) else (value,))
    }


def _days(
    event: KnownEvent, events: list[KnownEvent], node: c.Leaf, view: View
) -> Iterator[dict[str, Value]]:
    """Days on which an event of unknown or vague date may have been, the likely ones first."""
    if event.date is not None and event.date.exact:
        yield {}
        return
    if "date" not in view.library.events[node.event].attributes:  # type: ignore[union-attr]
        yield {}
        return
    span = event.date or DateSpan(date(1900, 1, 1), view.as_of)
    days = [view.as_of - timedelta(days=back) for back in _DAYS_BACK]
    gap = timedelta(days=max(node.gap_days, 1)) if isinstance(node, c.Sequence) else timedelta(1)
    for other in events:
        if other is not event and other.date is not None:
            days += [other.date.last + gap, other.date.first - gap]
    if event.date is not None:
        days += [event.date.first, min(event.date.last, view.as_of)]
    for day in dict.fromkeys(days):
        if span.first <= day <= min(span.last, view.as_of):
            yield {"date": DateSpan(day, day)}
    if event.date is None and not isinstance(node, c.Sequence):
        yield {}
