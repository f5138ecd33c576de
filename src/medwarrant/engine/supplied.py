"""Adding facts to a request as a person supplies them: what they say outweighs what was read.

A supplied flag, choice, quantity or date replaces what the request said of it. A supplied event that
agrees with everything known of one incomplete event, and says more, completes it; otherwise it is
one more event. A supplied event also withdraws a statement that there was none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from ..model.dates import DateSpan
from ..model.facts import EventValue, Fact, History, Value
from ..model.measures import Range
from ..model.request import LINE_FACTS, Coverage, Request, ServiceLine
from ..policy.library import Library

COVERAGE_FACTS = ("payer", "line_of_business", "state", "contractor")


def with_facts(request: Request, supplied: Iterable[Fact], library: Library) -> Request:
    """The request with facts supplied, in the order given."""
    for fact in supplied:
        request = _with_fact(request, fact, library)
    return request


def _with_fact(request: Request, fact: Fact, library: Library) -> Request:
    if fact.fact in COVERAGE_FACTS and isinstance(fact.value, str):
        return _with_coverage(request, fact.fact, fact.value)
    if fact.fact in library.events:
        return msgspec.structs.replace(request, facts=_with_event(request.facts, fact))
    definition = library.facts.get(fact.fact)
    many = definition is not None and (definition.many or fact.fact == "diagnosis")
    services = request.services
    if fact.fact in LINE_FACTS:
        services = tuple(
            _cleared(line, fact.fact) if fact.service in (None, line.code) else line
            for line in services
        )
    kept = tuple(
        known
        for known in request.facts
        if known.fact != fact.fact
        or (many and known.value != fact.value)
        or (
            known.service is not None and fact.service is not None and known.service != fact.service
        )
    )
    return msgspec.structs.replace(request, services=services, facts=(*kept, fact))


def _with_coverage(request: Request, name: str, value: str) -> Request:
    """The request with who pays replaced, wherever it was stated.

    Another payer than the one known takes its line of business and contractor with it.
    """
    stated = {fact.value for fact in request.facts if fact.fact == name} - {value}
    another = name == "payer" and (request.coverage.payer not in (None, value) or bool(stated))
    gone = {name, "line_of_business", "contractor"} if another else {name}
    coverage = (
        Coverage(payer=value, state=request.coverage.state)
        if another
        else msgspec.structs.replace(request.coverage, **{name: value})
    )
    facts = tuple(fact for fact in request.facts if fact.fact not in gone)
    return msgspec.structs.replace(request, coverage=coverage, facts=facts)


def _cleared(line: ServiceLine, name: str) -> ServiceLine:
    field = "modifiers" if name == "modifier" else name
    held = getattr(line, field)
    if held in ((), None):
        return line
    empty: object = () if isinstance(held, tuple) else None
    return msgspec.structs.replace(line, **{field: empty})


def _with_event(facts: tuple[Fact, ...], fact: Fact) -> tuple[Fact, ...]:
    if isinstance(fact.value, History):
        return (*facts, fact)
    if fact.status == "absent":
        kept = [known for known in facts if known.fact != fact.fact or known.status != "present"]
        if isinstance(fact.value, EventValue):
            kept = list(facts)
        return (*kept, fact)
    if fact.status == "unknown":  # what was read of it is withdrawn
        return (*(known for known in facts if known.fact != fact.fact), fact)
    assert isinstance(fact.value, EventValue)
    new = dict(fact.value.attributes)
    result: list[Fact] = []
    placed = False
    for known in facts:
        if known.fact == fact.fact and known.status == "absent" and _denies(known, new):
            continue
        if not placed and known.fact == fact.fact and _completes(new, known):
            result.append(fact)
            placed = True
            continue
        result.append(known)
    if not placed:
        result.append(fact)
    return tuple(result)


def _denies(known: Fact, new: Mapping[str, Value]) -> bool:
    if not isinstance(known.value, EventValue):
        return True
    return all(new.get(name) == value for name, value in known.value.attributes)


def _completes(new: Mapping[str, Value], known: Fact) -> bool:
    if known.status != "present" or not isinstance(known.value, EventValue):
        return False
    old = dict(known.value.attributes)
    return new != old and all(_agrees(new.get(name), value) for name, value in old.items())


def _agrees(new: Value | None, old: Value) -> bool:
    """Whether a value says the same as what was known, or the same more exactly."""
    match new, old:
        case DateSpan(), DateSpan():
            return old.first <= new.first and new.last <= old.last
        case Range(), Range():
            return _inside(new, old)
        case _:
            return new == old


def _inside(new: Range, old: Range) -> bool:
    above = old.low is None or (new.low is not None and new.low >= old.low)
    below = old.high is None or (new.high is not None and new.high <= old.high)
    return above and below
