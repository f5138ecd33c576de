"""A trace in words: each node's status, why, and the facts it read."""

from __future__ import annotations

from ..model.dates import DateSpan
from ..model.determination import CriterionResult
from ..model.measures import Range, base_unit
from ..model.status import Status
from ..policy import criteria as c
from ..policy.fact_words import value_words
from ..policy.library import Library
from ..policy.prose import join
from .compile import Trace
from .events import matching
from .leaves import count_bounds, dose_bounds, session_bounds
from .view import KnownEvent, View


def explained(trace: Trace, view: View, library: Library) -> CriterionResult:
    """The result of a criterion, with everything below it, as the answer carries it."""
    status, node, traces, raw = trace
    if not node.verified:
        status = raw  # shown as it stands, with its mark; what decides is the parent's status
    children = tuple(explained(child, view, library) for child in traces)
    facts = tuple(dict.fromkeys(fact for child in children for fact in child.facts))
    leaf = not children
    why = _leaf_why(node, status, view, library) if leaf else _connective_why(node, children)
    if not node.verified:
        why += " The rule behind this is unverified and decides nothing."
    titles = view.compiled.titles(node, library)
    return CriterionResult(
        id=node.id,
        title=titles.words,
        kind=titles.kind,
        status=status.word,
        why=why,
        document=titles.document,
        basis="editorial" if node.editorial else None,
        verified=node.verified,
        facts=_fact_ids(node, view) if leaf else facts,
        sources=titles.sources,
        children=children,
    )


def explained_once(node: c.Criterion, view: View, library: Library) -> CriterionResult:
    """The result of a rule about the whole request, the same for every diagnosis of a line."""
    if view.compiled.reads_item(node):
        return explained(view.compiled.traced(node)(view), view, library)
    results, key = view.settled.results, view.compiled.key(node)
    known = results.get(key)
    if known is None:
        known = results[key] = explained(view.compiled.traced(node)(view), view, library)
    return known


def _fact_ids(node: c.Criterion, view: View) -> tuple[str, ...]:
    found: list[str] = []
    for name in view.compiled.facts(node):
        found += view.ids.get(name, ())
    if isinstance(node, c.DiagnosisIn | c.AlsoRequested | c.SessionLimit | c.DoseLimit):
        found.append("request")
    return tuple(dict.fromkeys(found))


def _connective_why(node: c.Criterion, children: tuple[CriterionResult, ...]) -> str:
    met = sum(child.status == "met" for child in children)
    missing = sum(child.status == "missing" for child in children)
    return f"{met} of {len(children)} met, {missing} missing."


_SAID = {Status.MET: "Stated", Status.NOT_MET: "Stated otherwise", Status.MISSING: "Not stated"}


def _leaf_why(node: c.Criterion, status: Status, view: View, library: Library) -> str:
    conflict = [name for name in view.compiled.facts(node) if name in view.conflicts]
    if conflict:
        return "The record says both; it must be settled."
    match node:
        case c.Flag(fact=fact):
            return {
                Status.MET: "Stated as present.",
                Status.NOT_MET: "Stated as absent.",
                Status.MISSING: "Not stated.",
            }[view.flags.get(fact, Status.MISSING)]
        case c.Quantity(fact=fact):
            value = view.quantities.get(fact)
            known = library.facts.get(fact)
            unit = known.unit if known else ""
            unit = "days" if unit in ("weeks", "months", "years") else unit
            return f"Stated: {value.text(unit)}." if value else "Not stated."
        case c.Choice(fact=fact):
            return _choice_why(fact, view, library)
        case c.DiagnosisIn():
            return {
                Status.MET: "The diagnosis code is in the set.",
                Status.NOT_MET: "The diagnosis code is not in the set.",
                Status.MISSING: "No such diagnosis is on the request.",
            }[status]
        case c.AlsoRequested():
            met = status is Status.MET
            return "Asked for in the same request." if met else "Not asked for in this request."
        case c.EventKnown():
            return _event_why(node, status, view, library)
        case c.EventCount():
            return _count_why(node, status, view)
        case c.SessionLimit():
            least, complete = session_bounds(node, view)
            return (
                f"{least} asked for."
                if complete
                else f"At least {least} asked for; not all is stated."
            )
        case c.DoseLimit():
            fewest, most, complete = dose_bounds(node, view)
            stated = f"{Range(round(fewest, 2), round(most, 2)).text(node.unit)} stated"
            return (
                f"{stated}." if complete else f"{stated}; not every dose or the weight is stated."
            )
        case c.Change(fact=fact, baseline=baseline):
            now, before = view.quantities.get(fact), view.quantities.get(baseline)
            if now is None or before is None:
                return "The value or its baseline is not stated."
            return f"From {before.text()} to {now.text()}."
        case _:
            return f"{_SAID[status]}."


def _choice_why(fact: str, view: View, library: Library) -> str:
    held = view.choices.get(fact)
    if held is None:
        return "Not stated."
    titles = join(sorted(value_words(fact, value, library) for value in held), "and")
    return f"Stated: {titles}."


def _event_why(node: c.EventKnown, status: Status, view: View, library: Library) -> str:
    certain, possible = matching(node.event, node.where, view, node.within)
    if status is Status.MET:
        return f"Known: {join((event_words(event, library) for event in certain), 'and')}."
    if possible:
        shown = join((event_words(event, library) for event in possible), "and")
        return f"Known, but not with every particular: {shown}."
    if status is Status.NOT_MET:
        return "The history is complete and holds none that fits."
    known = view.events.get(node.event)
    return "None that fits is known." if known and known.known else "Not stated."


def event_words(event: KnownEvent, library: Library) -> str:
    """One event by the ids of its pack, which do not change as its words do; articles tell it in words."""
    parts = []
    for name, value in event.stated.attributes:
        if isinstance(value, str):
            parts.append(_event_value(name, value, library))
        elif isinstance(value, tuple):
            parts.append(", ".join(value))
        else:
            parts.append(_measured(event.fact_id.partition("#")[0], name, value, library))
    return f"{event.fact_id} ({', '.join(parts)})" if parts else event.fact_id


def _measured(kind: str, name: str, value: DateSpan | Range, library: Library) -> str:
    if isinstance(value, DateSpan):
        return value.text()
    definition = library.events.get(kind)
    attribute = definition.attributes.get(name) if definition else None
    return value.text(base_unit(attribute.unit) if attribute else "")


def _event_value(name: str, value: str, library: Library) -> str:
    if name == "drug" and value in library.drugs:
        return library.drugs[value].name
    if name == "procedure" and value in library.procedures:
        return library.procedures[value].name
    return value.replace("-", " ").replace("_", " ")


def _count_why(node: c.EventCount, status: Status, view: View) -> str:
    fewest, most, closed = count_bounds(node, view)
    if status is Status.NOT_MET:
        return f"{fewest} counted with what is asked for."
    if not closed:
        return f"{fewest} known, counting what is asked for; whether all earlier ones are listed is not stated."
    return (
        f"{fewest} counted."
        if fewest == most
        else f"{fewest} to {most} counted; dates are not all exact."
    )
