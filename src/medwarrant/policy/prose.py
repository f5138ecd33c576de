"""Criteria as plain sentences and as an indented outline, made from the tree alone."""

from __future__ import annotations

from ..model.measures import Bound, base_unit, number_text
from ..model.wording import join as join  # other rooms have it from here
from ..model.wording import lower_first
from . import criteria as c
from .fact_words import (
    attribute_title,
    bound_words,
    entry_of,
    entry_words,
    spaced,
    title_of,
    told,
    value_words,
)
from .library import Library

_SOME = Bound(more_than=0.0)


def words_for(node: c.Criterion, library: Library) -> str:
    """A criterion as a noun phrase or short sentence: its own title, else made from its parts."""
    return node.title or _made(node, library)


def _made(node: c.Criterion, library: Library) -> str:
    match node:
        case c.AllOf(children=children):
            return join((words_for(child, library) for child in children), "and")
        case c.AnyOf(children=children):
            return join((words_for(child, library) for child in children), "or")
        case c.NoneOf(children=children):
            return "none of: " + join((words_for(child, library) for child in children), "or")
        case c.AtLeast(number=number, children=children):
            parts = "; ".join(words_for(child, library) for child in children)
            return f"at least {number} of: {parts}"
        case c.Flag(fact=fact):
            return title_of(fact, library)
        case c.Quantity(fact=fact, bound=bound):
            return f"{title_of(fact, library)} {bound_words(fact, bound, library)}"
        case c.Choice(fact=fact, values=values, negated=negated):
            titles = join((value_words(fact, value, library) for value in values), "or")
            return f"{title_of(fact, library)}: {'not ' if negated else ''}{titles}"
        case c.DiagnosisIn(sets=sets, among=among):
            named = join((_diagnosis_title(name, library) for name in sets), "or")
            return f"diagnosis of {named}" + ("" if among == "item" else " recorded")
        case c.AlsoRequested(services=services):
            named = join((service_title(name, library) for name in services), "or")
            return f"{named} asked for in the same session"
        case c.EventKnown():
            return _event_words(node, library)
        case c.EventCount(event=event, at_most=at_most, window=window):
            span = f"in any {window.text()}" if window else "in a lifetime"
            counted = " (counting what is asked for)" if node.requested else ""
            what = events_title(event, node.where, library)
            return f"at most {at_most} sessions of {what} {span}{counted}"
        case c.TimeSince(event=event, days=days):
            what = events_title(event, node.where, library)
            return f"at least {days} days since the last {what}"
        case c.Sequence(event=event, length=length):
            each = where_words(node.event, node.each, library)
            known = library.events.get(event)
            names = (
                attribute_title(name, known.attributes.get(name) if known else None).lower()
                for name in node.same
            )
            same = f", same {join(names, 'and')}" if node.same else ""
            gap = f", at least {node.gap_days} days apart" if node.gap_days else ""
            what = events_title(event, node.where, library)
            return f"the last {length} {what} in a row{f' each with {each}' if each else ''}{same}{gap}"
        case c.Change(fact=fact, bound=bound, percent=percent):
            unit = "percent" if percent else _unit(fact, library)
            return f"{title_of(fact, library)} fallen from baseline by {bound.text(unit)}"
        case c.SessionLimit(what=what, at_most=at_most):
            noun = what[:-1] if at_most == 1 else what
            return f"at most {at_most} {noun} in one session"
        case c.DoseLimit():
            return _dose_words(node, library)


def _dose_words(node: c.DoseLimit, library: Library) -> str:
    known = library.drugs.get(node.drug)
    drug_class = library.drug_classes.get(node.drug)
    name = known.name if known else drug_class.title if drug_class else node.drug
    limits = []
    if node.at_most is not None:
        limits.append(f"{number_text(node.at_most)} {node.unit}")
    if node.per_kg is not None:
        limits.append(f"{number_text(node.per_kg)} {node.unit} per kg of body weight")
    with_epinephrine = {True: " with epinephrine", False: " without epinephrine", None: ""}
    over = f" in {node.over.text()}" if node.over else " in one session"
    return f"summed {name}{with_epinephrine[node.epinephrine]} at most {' and '.join(limits)}{over}"


def _event_words(node: c.EventKnown, library: Library) -> str:
    definition = library.events.get(node.event)
    title = lower_first(title_of(node.event, library))
    where = where_words(node.event, node.where, library)
    number = f"at least {node.number} " if node.number > 1 else ""
    if node.distinct:
        attribute = definition.attributes.get(node.distinct) if definition else None
        counted = attribute_title(node.distinct, attribute).lower()
        number = f"at least {node.number} of a different {counted}: "
    within = f", within {node.within.text()}" if node.within else ""
    return f"{number}{title}{f': {where}' if where else ''}{within}"


def events_title(event: str, where: c.Where, library: Library, *, plain: bool = False) -> str:
    """What events of a kind are called, by the procedure that they were where it is said."""
    for name, condition in where:
        if (
            name in ("procedure", "kind")
            and isinstance(condition, c.OneOf)
            and not condition.negated
        ):
            rest = tuple(part for part in where if part[0] not in ("procedure", "kind"))
            named = join(
                (service_title(value, library, plain=plain) for value in condition.values), "or"
            )
            more = where_words(event, rest, library, plain=plain)
            return f"{named}{f' ({more})' if more else ''}"
    more = where_words(event, where, library, plain=plain)
    return f"{lower_first(title_of(event, library, plain=plain))}{f' ({more})' if more else ''}"


def where_words(event: str, where: c.Where, library: Library, *, plain: bool = False) -> str:
    """What is asked of an event, attribute by attribute."""
    definition = library.events.get(event)
    parts = []
    for name, condition in where:
        attribute = definition.attributes.get(name) if definition else None
        match condition:
            case c.OneOf(values=values, negated=negated):
                own = attribute.values if attribute else {}
                entries = ((value, entry_of(name, value, own, library)) for value in values)
                titles = join(
                    (
                        entry_words(entry, plain=plain) if entry else spaced(value)
                        for value, entry in entries
                    ),
                    "or",
                )
                parts.append(f"{'not ' if negated else ''}{told(name, attribute, titles)}")
            case c.InBound(bound=bound):
                unit = base_unit(attribute.unit) if attribute else ""
                words = "some" if bound == _SOME else bound.text(unit)
                parts.append(told(name, attribute, words))
            case c.AsRequested():
                title = attribute_title(name, attribute, plain=plain).lower()
                parts.append(f"the same {title.removeprefix('the ')}")
    return ", ".join(parts)


def service_title(name: str, library: Library, *, plain: bool = False) -> str:
    """What a procedure or a kind of procedure is called."""
    known = library.procedures.get(name) or library.kinds.get(name) or library.procedure(name)
    return entry_words(known, plain=plain) if known else spaced(name)


def _diagnosis_title(name: str, library: Library) -> str:
    known = library.valuesets.get(name)
    return known.title if known else name


def _unit(fact: str, library: Library) -> str:
    known = library.facts.get(fact)
    return base_unit(known.unit) if known else ""


_HEADS = {"all_of": "all of", "any_of": "one of", "none_of": "none of"}


def outline(node: c.Criterion, library: Library, depth: int = 0) -> list[tuple[int, str]]:
    """A tree as (depth, line) pairs, for prose listings and drawings."""
    pad = depth
    children = c.children_of(node)
    if not children:
        return [(pad, words_for(node, library))]
    kind = c.kind_of(node)
    head = f"at least {node.number} of" if isinstance(node, c.AtLeast) else _HEADS[kind]
    title = f"{node.title}: {head}" if node.title else head
    lines = [(pad, title[:1].upper() + title[1:])]
    for child in children:
        lines += outline(child, library, depth + 1)
    return lines
