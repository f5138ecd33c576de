"""One field of a question as a control: its label, hint and error, and what was filled in before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

import msgspec

from ..field_values import FieldValue
from ..markup import Markup, element, void
from ..question_answers import UNKNOWN, FormValues
from ..question_fields import Field
from ..question_parts import HOW, in_parts, parts_of, unit_words, units_of
from ..text import anchor, sentence

#: So many values stand open as buttons; more are a list to open.
_FEW = 8
_DRUGS = "ask-drugs"


class Filled(msgspec.Struct, frozen=True):
    """What was filled in before, what was wrong with it, and how the questions are worded.

    Where an answer is a `statement`, not to know is one that somebody chooses: nothing is chosen before.
    """

    values: FormValues
    errors: Mapping[str, str]
    plain: bool = False
    names_pairs: bool = True
    statement: bool = False

    def of(self, field: Field) -> tuple[str, ...]:
        """What was filled in at a field."""
        given = self.values.get(field.name, ())
        parts = [given] if isinstance(given, str) else given
        kept = self.settles(field)
        return tuple(part for part in parts if part.strip() and (kept or part != UNKNOWN))

    def settles(self, field: Field) -> bool:
        """Whether the field itself is the statement, and no detail of it, which may be left open."""
        return self.statement and not field.attribute

    def touched(self, field: Field) -> bool:
        """Whether there is anything to see at a field."""
        return bool(self.of(field)) or field.name in self.errors

    def several(self, field: Field) -> bool:
        """Whether a field is drawn as several controls, which a fieldset holds together."""
        return field.kind in ("flag", "choices") or (
            field.kind == "choice" and len(field.values) <= _FEW
        )

    def first(self, field: Field) -> str:
        """The id that a link to the field leads to."""
        return (
            f"{anchor('ask', field.name)}-1" if self.several(field) else anchor("ask", field.name)
        )


def control(
    field: Field,
    filled: Filled,
    label: str,
    said: Markup | None = None,
    why: Markup | None = None,
) -> Markup:
    """A field under its label, with what is said of it, how to write it, and what was wrong with it.

    `why` is there to be opened; the rest describes the field to those who cannot see it.
    """
    name = anchor("ask", field.name)
    wrong = filled.errors.get(field.name, "")
    told = {
        f"{name}-notes": element("div", said, id=f"{name}-notes") if said is not None else None,
        f"{name}-hint": element("p", field.hint, class_="note", id=f"{name}-hint")
        if field.hint
        else None,
        f"{name}-error": element(
            "p", element("b", "Error:"), " ", sentence(wrong), class_="error", id=f"{name}-error"
        )
        if wrong
        else None,
    }
    first, *others = told.values()
    parts = [part for part in (first, why, *others) if part is not None]
    by = " ".join(id_ for id_, part in told.items() if part is not None) or None
    if field.kind == "complete":
        return element("div", *parts, _ticked(field, filled, by))
    if filled.several(field):
        legend = element("legend", label)
        return element("fieldset", legend, *parts, _options(field, filled), aria_describedby=by)
    if in_parts(field):
        legend = element("legend", label)
        return element("fieldset", legend, *parts, _measured(field, filled), aria_describedby=by)
    made = _select(field, filled, by) if field.kind == "choice" else _typed(field, filled, by)
    return element("div", element("label", label, for_=name), *parts, made)


def _measured(field: Field, filled: Filled) -> Markup:
    """A quantity or date: how exactly it is known, a number or a day, the other end, the unit."""
    held = parts_of(field, filled.values)
    kind = "date" if field.kind == "date" else "number"
    wrong = "true" if field.name in filled.errors else None

    def box(part: str, value: str, label: str) -> Markup:
        name = f"{field.name}{part}"
        made = void(
            "input",
            type=kind,
            name=name,
            id=anchor("ask", name),
            value=value,
            step="any" if kind == "number" else None,
            autocomplete="off",
            aria_invalid=wrong,
        )
        named = element("label", label, for_=anchor("ask", name), class_="unseen")
        return element("span", named, made, class_="to" if part else None)

    how = tuple(FieldValue(key, words) for key, words in HOW[field.kind].items())
    drawn = [
        _part(f"{field.name}.how", "How exactly it is known", how, held.how),
        box("", held.first, "The day" if kind == "date" else "The number"),
        box(".to", held.last, "The last day" if kind == "date" else "The upper number"),
    ]
    if units := units_of(field):
        choices = [FieldValue("", "unit …"), *(FieldValue(unit, unit) for unit in units)]
        drawn.append(_part(f"{field.name}.unit", "Unit", tuple(choices), held.unit))
    elif unit := unit_words(field.unit):
        drawn.append(element("span", unit, class_="unit"))
    return element("div", *drawn, class_="measured")


def _part(name: str, label: str, values: Iterable[FieldValue], chosen: str) -> Markup:
    options = [
        element("option", one.title, value=one.id, selected=one.id == chosen and bool(chosen))
        if one.id
        else element("option", one.title, value=" ")
        for one in values
    ]
    named = element("label", label, for_=anchor("ask", name), class_="unseen")
    return element("span", named, element("select", *options, name=name, id=anchor("ask", name)))


def _options(field: Field, filled: Filled) -> Markup:
    """Buttons of which one is pressed, or boxes to tick; not to know is the first choice."""
    chosen = filled.of(field)
    many = field.kind == "choices"
    values = _offered(field, filled)
    grouped = []
    number = 0
    for group, members in groupby(values, key=lambda value: value.group):
        drawn = []
        for value in members:
            number += 1
            id_ = f"{anchor('ask', field.name)}-{number}"
            box = void(
                "input",
                type="checkbox" if many else "radio",
                name=field.name,
                value=value.id,
                id=id_,
                checked=value.id in chosen
                or (value.id == UNKNOWN and not chosen and not filled.settles(field)),
                aria_invalid="true" if field.name in filled.errors else None,
            )
            drawn.append(element("label", box, " ", value.title, for_=id_))
        heading = element("p", group, class_="note") if group else ""
        grouped += [heading, element("div", *drawn, class_="options")]
    return element("div", *grouped)


def _offered(field: Field, filled: Filled) -> tuple[FieldValue, ...]:
    unknown = FieldValue(UNKNOWN, "I do not know" if filled.plain else "Not known")
    if field.kind == "flag":
        return (FieldValue("present", "Yes"), FieldValue("absent", "No"), unknown)
    return field.values if field.kind == "choices" else (*field.values, unknown)


def _select(field: Field, filled: Filled, by: str | None) -> Markup:
    chosen = filled.of(field)
    unknown = FieldValue(UNKNOWN, "I do not know" if filled.plain else "Not known")
    drawn = [element("option", unknown.title, value=unknown.id, selected=unknown.id in chosen)]
    if filled.settles(field):
        drawn.insert(0, element("option", "Choose …", value=" "))
    for group, members in groupby(field.values, key=lambda value: value.group):
        options = [
            element("option", value.title, value=value.id, selected=value.id in chosen)
            for value in members
        ]
        drawn += [element("optgroup", *options, label=group)] if group else options
    return element(
        "select",
        *drawn,
        name=field.name,
        id=anchor("ask", field.name),
        aria_describedby=by,
        aria_invalid="true" if field.name in filled.errors else None,
    )


def _typed(field: Field, filled: Filled, by: str | None) -> Markup:
    return void(
        "input",
        type="text",
        name=field.name,
        id=anchor("ask", field.name),
        value=", ".join(filled.of(field)),
        maxlength="200",
        autocomplete="off",
        list=_DRUGS if field.kind == "drug" else None,
        aria_describedby=by,
        aria_invalid="true" if field.name in filled.errors else None,
    )


def _ticked(field: Field, filled: Filled, by: str | None) -> Markup:
    name = anchor("ask", field.name)
    box = void(
        "input",
        type="checkbox",
        name=field.name,
        value="yes",
        id=name,
        checked=bool(filled.of(field)),
        aria_describedby=by,
    )
    return element("div", element("label", box, " ", field.label, for_=name), class_="options")


def suggestions(fields: Iterable[Field]) -> Markup | None:
    """The drugs that a field may be completed with, once for the whole form."""
    named = next((field.values for field in fields if field.kind == "drug"), ())
    if not named:
        return None
    return element("datalist", *(element("option", value=one.title) for one in named), id=_DRUGS)
