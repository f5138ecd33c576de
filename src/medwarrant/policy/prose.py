"""Criteria as plain sentences and as an indented outline, made from the tree alone."""

from __future__ import annotations

from collections.abc import Iterable

from ..model.measures import number_text
from . import criteria as c
from .library import Library


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
            return _fact_title(fact, library)
        case c.Quantity(fact=fact, bound=bound):
            return f"{_fact_title(fact, library)} {bound.text(_unit(fact, library))}"
        case c.Choice(fact=fact, values=values, negated=negated):
            titles = join((value_title(fact, value, library) for value in values), "or")
            return f"{_fact_title(fact, library)}: {'not ' if negated else ''}{titles}"
        case c.DiagnosisIn(sets=sets, among=among):
            named = join((_diagnosis_title(name, library) for name in sets), "or")
            return f"diagnosis of {named}" + ("" if among == "item" else " recorded")
        case c.AlsoRequested(services=services):
            named = join((_service_title(name, library) for name in services), "or")
            return f"{named} asked for in the same session"
        case c.EventKnown():
            return _event_words(node, library)
        case c.EventCount(event=event, at_most=at_most, window=window):
            span = f"in any {window.text()}" if window else "in a lifetime"
            counted = " (counting what is asked for)" if node.requested else ""
            what = _events_title(event, node.where, library)
            return f"at most {at_most} sessions of {what} {span}{counted}"
        case c.TimeSince(event=event, days=days):
            what = _events_title(event, node.where, library)
            return f"at least {days} days since the last {what}"
        case c.Sequence(event=event, length=length):
            each = _where_words(node.event, node.each, library)
            same = (
                f", same {join((_plain(name) for name in node.same), 'and')}" if node.same else ""
            )
            gap = f", at least {node.gap_days} days apart" if node.gap_days else ""
            what = _events_title(event, node.where, library)
            return f"the last {length} {what} in a row{f' each with {each}' if each else ''}{same}{gap}"
        case c.Change(fact=fact, bound=bound, percent=percent):
            unit = "percent" if percent else _unit(fact, library)
            return f"{_fact_title(fact, library)} fallen from baseline by {bound.text(unit)}"
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
    title = definition.title if definition else _plain(node.event)
    where = _where_words(node.event, node.where, library)
    number = f"at least {node.number} " if node.number > 1 else ""
    if node.distinct:
        number = f"at least {node.number} different {_plain(node.distinct)} in "
    within = f" within {node.within.text()}" if node.within else ""
    return f"{number}{title[:1].lower() + title[1:]}{f' with {where}' if where else ''}{within}"


def _events_title(event: str, where: c.Where, library: Library) -> str:
    definition = library.events.get(event)
    for name, condition in where:
        if (
            name in ("procedure", "kind")
            and isinstance(condition, c.OneOf)
            and not condition.negated
        ):
            rest = tuple(part for part in where if part[0] not in ("procedure", "kind"))
            named = join((_service_title(value, library) for value in condition.values), "or")
            more = _where_words(event, rest, library)
            return f"{named}{f' ({more})' if more else ''}"
    title = definition.title.lower() if definition else _plain(event)
    more = _where_words(event, where, library)
    return f"{title}{f' ({more})' if more else ''}"


def _where_words(event: str, where: c.Where, library: Library) -> str:
    definition = library.events.get(event)
    parts = []
    for name, condition in where:
        attribute = definition.attributes.get(name) if definition else None
        label = (attribute.title if attribute and attribute.title else _plain(name)).lower()
        match condition:
            case c.OneOf(values=values, negated=negated):
                titles = [
                    attribute.values[v].title
                    if attribute and v in attribute.values
                    else _named(name, v, library)
                    for v in values
                ]
                parts.append(f"{label} {'not ' if negated else ''}{join(titles, 'or')}")
            case c.InBound(bound=bound):
                unit = attribute.unit if attribute else ""
                parts.append(
                    f"{label} {bound.text('days' if unit in ('weeks', 'months', 'years') else unit)}"
                )
            case c.AsRequested():
                parts.append(f"the same {label}")
    return join(parts, "and")


def _named(attribute: str, value: str, library: Library) -> str:
    if attribute in ("procedure", "kind"):
        return _service_title(value, library)
    if attribute == "drug" and value in library.drugs:
        return library.drugs[value].name
    if attribute in ("drug", "drug_class") and value in library.drug_classes:
        return library.drug_classes[value].title
    return _plain(value)


def value_title(fact: str, value: str, library: Library) -> str:
    """A value of a choice fact in words."""
    tables = {
        "payer": library.payers,
        "line_of_business": library.lines_of_business,
        "contractor": library.contractors,
        "nerve": library.nerves,
        "muscles": library.muscles,
        "region": library.regions,
    }
    entry = tables.get(fact, {}).get(value)
    if entry is not None:
        return str(getattr(entry, "title", None) or getattr(entry, "name", value))
    known = library.facts.get(fact)
    if known is not None and value in known.values:
        return known.values[value].title
    return _plain(value)


def fact_words(fact: str, value: object, library: Library) -> str:
    """A fact with its value in words, as the fact dictionary names both."""
    values = value if isinstance(value, tuple) else (value,)
    titles = join(
        (value_title(fact, part, library) for part in values if isinstance(part, str)), "and"
    )
    return f"{_fact_title(fact, library)}: {titles}" if titles else _fact_title(fact, library)


def _service_title(name: str, library: Library) -> str:
    known = library.procedures.get(name) or library.kinds.get(name) or library.procedure(name)
    return known.name if known else _plain(name)


def _diagnosis_title(name: str, library: Library) -> str:
    known = library.valuesets.get(name)
    return known.title if known else name


def _fact_title(name: str, library: Library) -> str:
    known = library.facts.get(name)
    title = known.title if known else _plain(name)
    return title


def _unit(fact: str, library: Library) -> str:
    known = library.facts.get(fact)
    unit = known.unit if known else ""
    return "days" if unit in ("weeks", "months", "years") else unit


def _plain(name: str) -> str:
    return name.replace("-", " ").replace("_", " ")


def join(parts: Iterable[str], word: str) -> str:
    """A list as English has it.

    >>> join(["a", "b", "c"], "or")
    'a, b or c'
    """
    items = [part for part in parts if part]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


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
