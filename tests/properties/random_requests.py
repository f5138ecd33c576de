"""Strategies: random requests built from whatever the packs' own dictionary offers.

Services and diagnoses are drawn from the policies, facts and events from what those policies read, so
that most of what is drawn matters to the outcome.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from hypothesis import strategies as st

from medwarrant.model.dates import DateSpan
from medwarrant.model.facts import EventValue, Fact, History
from medwarrant.model.measures import Range, parse_quantity
from medwarrant.model.request import Coverage, Diagnosis, DrugDose, Request, ServiceLine
from medwarrant.policy import criteria as c
from medwarrant.policy.library import Library
from medwarrant.terminology.codes import diagnosis_code

AS_OF = date(2026, 11, 23)
SERVICE_FACTS = {"intent", "phase", "setting", "side", "levels", "region", "guidance", "modifier"}
_ALSO_ON_LINES = {"nerve", "muscles", "units", "drugs", "sessions", "interval"}
_COVERAGE_FACTS = {"payer", "line_of_business", "state", "contractor", "diagnosis"}


@cache
def _trees(library: Library, policy_id: str) -> tuple[c.Criterion, ...]:
    policy = library.policies[policy_id]
    trees = [t for i in policy.indications for t in (i.scope, i.requires) if t is not None]
    trees += [rule.rule for rule in policy.request_rules]
    trees += [item.when for item in policy.contraindications if item.severity == "absolute"]
    return tuple(trees)


@cache
def facts_that_matter(library: Library, code: str) -> tuple[str, ...]:
    """Facts and events that the policies of a procedure code read."""
    return tuple(
        dict.fromkeys(
            name
            for policy in library.policies_for(code)
            for tree in _trees(library, policy.id)
            for name in c.facts_read(tree)
            if name in library.facts or name in library.events
        )
    )


@cache
def _thresholds(library: Library, name: str) -> tuple[float, ...]:
    """Numbers that criteria compare a quantity, or an event's attribute, with."""
    found: list[float] = []
    for policy in library.policies.values():
        for node in (node for tree in _trees(library, policy.id) for node in c.walk(tree)):
            bounds = [node.bound] if isinstance(node, c.Quantity) and node.fact == name else []
            for attribute, condition in (*getattr(node, "where", ()), *getattr(node, "each", ())):
                if attribute == name and isinstance(condition, c.InBound):
                    bounds.append(condition.bound)
            for bound in bounds:
                found += [x for x in (bound.at_least, bound.at_most, bound.more_than) if x]
    return tuple(dict.fromkeys(found)) or (10.0,)


@cache
def codes_of_diagnoses(library: Library, policy_id: str) -> tuple[str, ...]:
    """A code or two of every set of diagnoses that a policy names."""
    found = ["M54.2", "G43.919"]
    for indication in library.policies[policy_id].indications:
        for name in indication.diagnoses:
            known = library.valuesets.get(name)
            if known is not None:
                found += [*known.words.values()][:2]
            elif name != "any":
                found.append(diagnosis_code(name.partition("-")[0]))
    return tuple(dict.fromkeys(found))


def exact(number: float) -> Range:
    return Range(number, number)


@st.composite
def quantities(draw: st.DrawFn, library: Library, name: str, unit: str = "") -> Range:
    threshold = draw(st.sampled_from(_thresholds(library, name)))
    low = max(0.0, threshold + draw(st.sampled_from((-1.0, 0.0, 1.0, 30.0))))
    definition = library.facts.get(name)
    if definition is not None:
        size = parse_quantity(1, definition.unit).low or 1.0
        low = min(low, definition.high * size if definition.high is not None else low)
        low = max(low, definition.low * size if definition.low is not None else low)
        return exact(low)
    return draw(st.sampled_from((exact(low), Range(low, low + 2.0), Range(low, None))))


@st.composite
def days(draw: st.DrawFn) -> DateSpan:
    day = AS_OF - timedelta(
        days=draw(st.sampled_from((1, 13, 14, 15, 60, 180, 364, 365, 366, 800)))
    )
    if draw(st.sampled_from((False, False, False, True))):
        return DateSpan(date(day.year, 1, 1), date(day.year, 12, 31))
    return DateSpan(day, day)


@st.composite
def events(draw: st.DrawFn, library: Library, name: str, code: str) -> Fact:
    definition = library.events[name]
    if draw(st.integers(0, 7)) == 0:
        period = draw(st.sampled_from((None, DateSpan(date(2025, 11, 23), AS_OF))))
        return Fact(fact=name, value=History(period=period))
    if draw(st.integers(0, 9)) == 0:
        return Fact(fact=name, status="absent")
    nodes = [
        node
        for policy in library.policies_for(code)
        for tree in _trees(library, policy.id)
        for node in c.walk(tree)
        if getattr(node, "event", None) == name
    ]
    wanted = dict(draw(st.sampled_from(nodes)).where) if nodes else {}
    values: dict = {}
    for attribute in definition.attributes.values():
        if draw(st.integers(0, 3)) == 0 and attribute.id not in wanted:
            continue
        if attribute.id in wanted and draw(st.integers(0, 5)) == 0:
            continue
        condition = wanted.get(attribute.id)
        if attribute.kind == "quantity":
            values[attribute.id] = draw(quantities(library, attribute.id))
        elif attribute.kind == "date":
            values[attribute.id] = draw(days())
        elif attribute.kind == "drug":
            values[attribute.id] = draw(st.sampled_from(sorted(library.drugs)))
        elif isinstance(condition, c.OneOf) and draw(st.booleans()):
            if attribute.derived_from is None:
                one = draw(st.sampled_from(condition.values))
                values[attribute.id] = (one,) if attribute.many else one
        elif attribute.values:
            one = draw(st.sampled_from(tuple(attribute.values)))
            if attribute.derived_from is None:
                values[attribute.id] = (one,) if attribute.many else one
    return Fact(fact=name, value=EventValue.of(values))


@st.composite
def facts(draw: st.DrawFn, library: Library, name: str, code: str) -> Fact:
    if name in library.events:
        return draw(events(library, name, code))
    definition = library.facts[name]
    if draw(st.integers(0, 24)) == 0:
        return Fact(fact=name, status=draw(st.sampled_from(("unknown", "conflicting"))))
    match definition.kind:
        case "flag":
            return Fact(fact=name, status=draw(st.sampled_from(("present", "absent"))))
        case "quantity":
            return Fact(fact=name, value=draw(quantities(library, name)))
        case "date":
            return Fact(fact=name, value=draw(days()))
        case _:
            values = tuple(definition.values) or _table(library, name)
            if not values:
                return Fact(fact=name, status="unknown")
            one = draw(st.sampled_from(values))
            return Fact(fact=name, value=(one,) if definition.many else one)


def _table(library: Library, name: str) -> tuple[str, ...]:
    tables = {"nerve": library.nerves, "muscles": library.muscles, "region": library.regions}
    return tuple(sorted(tables.get(name, ())))


@st.composite
def coverages(draw: st.DrawFn, library: Library) -> Coverage:
    if draw(st.integers(0, 2)) == 0:
        return Coverage()
    return Coverage(
        payer=draw(st.sampled_from((None, *sorted(library.payers)))),
        line_of_business=draw(st.sampled_from((None, None, *sorted(library.lines_of_business)))),
        state=draw(st.sampled_from((None, None, "CA", "IL", "FL", "WA"))),
        contractor=draw(st.sampled_from((None, None, *sorted(library.contractors)))),
    )


@st.composite
def lines(draw: st.DrawFn, library: Library, code: str) -> ServiceLine:
    def maybe(name: str) -> object:
        definition = library.facts.get(name)
        if definition is None or not definition.values or draw(st.integers(0, 4)):
            return None
        return draw(st.sampled_from(tuple(definition.values)))

    fields: dict = {
        name: value
        for name in ("intent", "phase", "setting", "side", "guidance")
        if (value := maybe(name)) is not None
    }
    if draw(st.integers(0, 5)) == 0:
        fields["levels"] = (draw(st.sampled_from(("C2-C3", "L4-L5"))),)
    if draw(st.integers(0, 9)) == 0 and library.drugs:
        fields["drugs"] = (
            DrugDose(
                drug=draw(st.sampled_from(sorted(library.drugs))),
                dose=draw(st.sampled_from((None, exact(100.0), exact(350.0), Range(200.0, 400.0)))),
                epinephrine=draw(st.sampled_from((None, True, False))),
            ),
        )
    if draw(st.integers(0, 9)) == 0:
        fields["sessions"] = draw(st.sampled_from((1, 2, 4)))
    return ServiceLine(code=code, **fields)


@st.composite
def requests(
    draw: st.DrawFn, library: Library, most_services: int = 2, most_diagnoses: int = 2
) -> Request:
    """A request of one or more services and diagnoses, with facts of which most matter."""
    policy = draw(st.sampled_from(sorted(library.policies)))
    own = library.codes_of(library.policies[policy].services)
    everything = sorted({code for item in library.procedures.values() for code in item.codes})
    codes = [draw(st.sampled_from(own))]
    while len(codes) < most_services and draw(st.integers(0, 2)) == 0:
        codes.append(draw(st.sampled_from(everything)))
    diagnoses = draw(
        st.lists(
            st.sampled_from(codes_of_diagnoses(library, policy)),
            min_size=1,
            max_size=most_diagnoses,
            unique=True,
        )
    )
    names = [
        name
        for name in facts_that_matter(library, codes[0])
        if name not in _COVERAGE_FACTS | _ALSO_ON_LINES
    ]
    chosen = draw(st.lists(st.sampled_from(names), max_size=10)) if names else []
    return Request(
        services=tuple(draw(lines(library, code)) for code in dict.fromkeys(codes)),
        diagnoses=tuple(Diagnosis(code=code) for code in diagnoses),
        facts=tuple(draw(facts(library, name, codes[0])) for name in chosen),
        coverage=draw(coverages(library)),
        as_of=AS_OF,
    )
