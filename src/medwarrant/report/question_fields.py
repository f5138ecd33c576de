"""The fields that an answer to a question has, from the fact dictionary: kind, label, values, unit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal

import msgspec

from ..policy.fact_dictionary import Attribute, EventDefinition, FactDefinition
from ..policy.fact_words import attribute_title, event_words, title_of
from ..policy.library import Library
from .field_values import FieldValue, values_of
from .text import clean, lower_first, upper_first

FieldKind = Literal["flag", "choice", "choices", "quantity", "date", "text", "drug", "complete"]
_ORDINALS = ("First", "Second", "Third")


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to fill in; `name` is its name in a form.

    Without a `label` the question itself says what is wanted. The `values` of a choice are all there
    are, those of a drug only suggest. `attribute` is the one of an event that it fills, `where` what a
    closed history is about. A field that is `extra` rarely decides.
    """

    name: str
    kind: FieldKind
    label: str = ""
    hint: str = ""
    unit: str = ""
    many: bool = False
    values: tuple[FieldValue, ...] = ()
    attribute: str = ""
    where: dict[str, Any] = {}
    extra: bool = False


class FieldGroup(msgspec.Struct, frozen=True):
    """Fields that belong together: all of a plain fact, or those of one event."""

    fields: tuple[Field, ...]
    title: str = ""


def fact_fields(
    name: str, fact: FactDefinition, codes: Collection[str], library: Library, *, plain: bool
) -> tuple[FieldGroup, ...]:
    """The one field of a flag, choice, quantity, date or text."""
    values = values_of(fact.id, fact.values, codes, library, plain=plain)
    kind: FieldKind
    match fact.kind:
        case "choice":
            kind = "choices" if fact.many else "choice"
        case "code":
            kind = "text"
        case _:
            kind = fact.kind
    field = Field(
        name=name,
        kind=kind,
        hint=_hint(kind, many=fact.many),
        unit=fact.unit,
        many=fact.many,
        values=values,
    )
    return (FieldGroup((field,)),)


def event_fields(
    name: str,
    event: EventDefinition,
    supplies: Iterable[list[dict[str, Any]]],
    library: Library,
    *,
    plain: bool,
) -> tuple[FieldGroup, ...]:
    """Whether there was one, a group of fields for each that could be needed, and what closes the history.

    `supplies` are the events that sets of facts would supply: they say how many are needed at once,
    which attributes decide, and whether it matters that there were no others.
    """
    needed = [[one for one in events if "history" not in one] for events in supplies]
    closed = [one for events in supplies for one in events if "history" in one]
    rows = min(max((len(events) for events in needed if events), default=1), len(_ORDINALS))
    decisive = {key for events in needed for one in events for key in one} or {"date"}
    there = Field(
        name=f"{name}.status",
        kind="choice",
        label="Was there any?",
        values=(FieldValue("present", "Yes, as follows"), FieldValue("none", "No, there was none")),
    )
    groups = [FieldGroup((there,))]
    for row in range(1, rows + 1):
        fields = _attributes(f"{name}.{row}", event, decisive, library, plain=plain)
        groups.append(FieldGroup(fields, _ORDINALS[row - 1] if rows > 1 else ""))
    if closed:
        groups.append(FieldGroup(tuple(_closings(name, event, closed, library, plain=plain))))
    return tuple(groups)


def _attributes(
    name: str, event: EventDefinition, decisive: set[str], library: Library, *, plain: bool
) -> tuple[Field, ...]:
    """What is derived from another attribute is not asked; the first says what the event was."""
    shown = [one for one in event.attributes.values() if one.derived_from is None]
    asked = {
        event.attributes[key].derived_from or key for key in decisive if key in event.attributes
    }
    return tuple(
        _attribute(f"{name}.{one.id}", one, place > 0 and one.id not in asked, library, plain=plain)
        for place, one in enumerate(shown)
    )


def _attribute(
    name: str, attribute: Attribute, extra: bool, library: Library, *, plain: bool
) -> Field:
    kind: FieldKind
    match attribute.kind:
        case "choice":
            kind = "choices" if attribute.many else "choice"
        case "code":
            kind = "text"
        case _:
            kind = attribute.kind
    return Field(
        name=name,
        kind=kind,
        label=upper_first(clean(attribute_title(attribute.id, attribute, plain=plain))),
        hint=_hint(kind, many=attribute.many),
        unit=attribute.unit,
        many=attribute.many,
        values=values_of(attribute.id, attribute.values, (), library, plain=plain),
        attribute=attribute.id,
        extra=extra,
    )


def _closings(
    name: str,
    event: EventDefinition,
    closed: list[dict[str, Any]],
    library: Library,
    *,
    plain: bool,
) -> Iterable[Field]:
    """Statements that every earlier event is known, which a limit on their number waits for."""
    told: dict[str, dict[str, Any]] = {}
    for one in closed:
        where = {key: one[key] for key in one if key not in ("history", "from", "to")}
        told.setdefault(_where_words(event, where, library, plain=plain), where)
    for number, (words, where) in enumerate(told.items(), start=1):
        yield Field(
            name=f"{name}.complete.{number}",
            kind="complete",
            label=f"Every one is named here or known already; there was no other {words}",
            where=where,
        )


def _where_words(
    event: EventDefinition, where: Mapping[str, Any], library: Library, *, plain: bool
) -> str:
    words = event_words(event.id, where, library, plain=plain)
    return clean(words) or lower_first(clean(title_of(event.id, library, plain=plain)))


def code_fields(
    name: str, titles: Mapping[str, str], instead_of: Collection[str]
) -> tuple[FieldGroup, ...]:
    """Which code is meant, and whether it takes the place of one that was asked about.

    One code alone is not chosen: to say what it takes the place of is to say that it is meant.
    """
    codes = tuple(FieldValue(code, f"{code} {title}".strip()) for code, title in titles.items())
    yes = "Yes, " if len(codes) == 1 else ""
    place = (
        *(FieldValue(code, f"{yes}instead of {code}") for code in instead_of),
        FieldValue("also", f"{yes}in addition to what was asked"),
    )
    if len(codes) == 1:
        return (FieldGroup((Field(name=name, kind="choice", hint=codes[0].title, values=place),)),)
    which = Field(name=name, kind="choice", label="Code", values=codes)
    return (
        FieldGroup(
            (which, Field(name=f"{name}.place", kind="choice", label="It is meant", values=place))
        ),
    )


def _hint(kind: FieldKind, *, many: bool) -> str:
    """How to write what is typed."""
    several = " Several, with commas between them." if many else ""
    match kind:
        case "date":
            return "Where only the month or the year is known, choose any day of it and say so."
        case "drug":
            return f"The drug, or its class.{several}"
        case "text":
            return several.strip()
        case _:
            return ""
