"""Criteria in the patient's words: each its own, else made from the patient words of what it reads."""

from __future__ import annotations

from typing import Final

from ..model.wording import join
from . import criteria as c
from .fact_words import bound_words, entry_words, title_of, value_words
from .library import Library
from .prose import events_title, service_title, where_words

_ASKED: Final = {
    "regions": ("part of the body", "parts of the body"),
    "levels": ("spot along the spine", "spots along the spine"),
    "muscles": ("muscle", "muscles"),
    "services": ("treatment", "treatments"),
    "sides": ("side of the body", "sides of the body"),
    "units": ("unit of the drug", "units of the drug"),
}


def plain_words(node: c.Criterion, library: Library) -> str:
    """A criterion as patients read it; nothing for a group of criteria that has no words of its own."""
    if node.plain:
        return node.plain.rstrip(".")
    match node:
        case c.Flag(fact=fact):
            return title_of(fact, library, plain=True)
        case c.Quantity(fact=fact, bound=bound):
            title = title_of(fact, library, plain=True)
            return f"{title}: {bound_words(fact, bound, library, plain=True)}"
        case c.Choice(fact=fact, values=values, negated=negated):
            named = join((value_words(fact, value, library, plain=True) for value in values), "or")
            return f"{title_of(fact, library, plain=True)}: {'not ' if negated else ''}{named}"
        case c.DiagnosisIn(sets=sets, among=among):
            named = "; ".join(_condition(name, library) for name in sets)
            one = " is one of these" if len(sets) > 1 else ""
            if among == "item":
                return f"Your condition{one}: {named}"
            return f"You have one of these: {named}" if one else f"You have {named}"
        case c.AlsoRequested(services=services):
            named = "; ".join(service_title(name, library, plain=True) for name in services)
            one = ", one of these" if len(services) > 1 else ""
            return f"Asked for in the same visit{one}: {named}"
        case c.EventKnown(event=event, where=where, number=number, within=within):
            parts = [where_words(event, where, library, plain=True)]
            if number > 1:
                parts.append(f"at least {number} of them")
            if within is not None:
                parts.append(f"in the last {within.text()}")
            told = ", ".join(part for part in parts if part)
            title = title_of(event, library, plain=True)
            return f"{title}: {told}" if told else title
        case c.EventCount(event=event, at_most=at_most, window=window):
            what = events_title(event, node.where, library, plain=True)
            span = f" in any {window.text()}" if window else ""
            visits = "visit" if at_most == 1 else "visits"
            return f"No more than {at_most} {visits}{span} for this: {what}"
        case c.TimeSince(event=event, days=days):
            what = events_title(event, node.where, library, plain=True)
            return f"At least {days} days since the last time of this: {what}"
        case c.Sequence(event=event, length=length):
            what = events_title(event, node.where, library, plain=True)
            each = where_words(event, node.each, library, plain=True)
            return f"The last {length} of these{f', each with {each}' if each else ''}: {what}"
        case c.Change(fact=fact, bound=bound, percent=percent):
            unit = "%" if percent else ""
            return (
                f"Lower than before by {bound.text()}{unit}: {title_of(fact, library, plain=True)}"
            )
        case c.SessionLimit(what=what, at_most=at_most):
            return f"No more than {at_most} {_ASKED[what][at_most != 1]} in one visit"
        case c.DoseLimit(drug=drug):
            known = library.drugs.get(drug) or library.drug_classes.get(drug)
            return f"A limit on how much of a drug is given: {entry_words(known, plain=True) if known else drug}"
        case _:
            return ""


def _condition(name: str, library: Library) -> str:
    """The patient's words for a value set."""
    known = library.valuesets.get(name)
    return known.plain or known.title if known else name
