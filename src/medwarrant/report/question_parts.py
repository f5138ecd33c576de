"""Quantities and dates as a form takes them: a number or a day, how exactly it is known, and its unit.

A person fills in controls, the fact dictionary reads a text ("6 to 8 weeks", "2026-03"). Here the one
becomes the other, both ways, so that nothing gains or loses precision on the way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from ..model.dates import DateSpan, parse_date
from ..model.errors import InputError
from ..model.measures import DAYS_IN, Range, amount_text, canonical_unit, parse_quantity
from .question_fields import Field

#: A submitted form: each name with its value, or with several.
FormValues = Mapping[str, str | Sequence[str]]
#: How exactly something is known; the first is what most people mean.
HOW: Final[dict[str, dict[str, str]]] = {
    "quantity": {
        "exactly": "exactly",
        "at_least": "at least",
        "at_most": "at most",
        "between": "from … to …",
    },
    "date": {
        "day": "on this day",
        "month": "in this month",
        "year": "in this year",
        "between": "from … to …",
    },
}
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What the controls of one field hold."""

    how: str = ""
    first: str = ""
    last: str = ""
    unit: str = ""


def in_parts(field: Field) -> bool:
    """Whether a field is filled in by several controls."""
    return field.kind in HOW


def part_names(field: Field) -> tuple[str, ...]:
    """The names of all controls of a field, its own first.

    >>> part_names(Field(name="age", kind="quantity", unit="years"))
    ('age', 'age.how', 'age.to', 'age.unit')
    """
    if not in_parts(field):
        return (field.name,)
    more = ("how", "to", "unit") if units_of(field) else ("how", "to")
    return (field.name, *(f"{field.name}.{part}" for part in more))


def units_of(field: Field) -> tuple[str, ...]:
    """The units that may be chosen: those of a duration, which nobody states in days alone."""
    return tuple(DAYS_IN) if field.kind == "quantity" and field.unit in DAYS_IN else ()


def unit_words(unit: str) -> str:
    """A unit as it stands behind a number.

    >>> unit_words("days/month"), unit_words("mg/kg"), unit_words("count")
    ('days a month', 'mg/kg', '')
    """
    return "" if unit in ("count", "ratio") else re.sub(r"/(?=month$|day$)", " a ", unit)


def whole(field: Field, values: FormValues) -> str | None:
    """What the controls of a quantity or date say, as the fact dictionary reads it; None for nothing.

    A text in the field itself, such as "6 weeks", is taken as it stands. Raises `InputError` where
    the controls do not agree.

    >>> field = Field(name="relief", kind="quantity", unit="percent")
    >>> whole(field, {"relief": "50", "relief.how": "at_least"})
    'at least 50'
    """
    said = Parts(
        how=_one(values, f"{field.name}.how") or next(iter(HOW[field.kind])),
        first=_one(values, field.name),
        last=_one(values, f"{field.name}.to"),
        unit=_one(values, f"{field.name}.unit"),
    )
    if not said.first and not said.last:
        return None
    if said.how not in HOW[field.kind]:
        raise InputError(
            "this is not an answer", where=field.name, mend="choose one of those shown"
        )
    if (said.how == "between") != bool(said.last) or not said.first:
        raise InputError(
            "a span needs both ends" if said.how == "between" else "one value is needed, not two",
            where=field.name,
            mend="fill in both, or choose how exactly it is known",
        )
    return _date(said) if field.kind == "date" else _quantity(field, said, values)


def _date(said: Parts) -> str:
    match said.how:
        case "month":
            return said.first[:7]
        case "year":
            return said.first[:4]
        case "between":
            return f"{said.first}/{said.last}"
        case _:
            return said.first


def _quantity(field: Field, said: Parts, values: FormValues) -> str:
    if said.unit and said.unit not in units_of(field):
        raise InputError("this is not a unit of it", where=field.name, mend="choose one")
    asked = f"{field.name}.unit" in values
    if asked and not said.unit and _NUMBER.fullmatch(said.first):
        raise InputError(
            "a time needs its unit", where=field.name, mend="choose days, weeks, months or years"
        )
    lead = {"at_least": "at least ", "at_most": "at most "}.get(said.how, "")
    last = f" to {said.last}" if said.last else ""
    return f"{lead}{said.first}{last} {said.unit}".strip()


def parts_of(field: Field, values: FormValues) -> Parts:
    """What the controls show: what was typed in them, or a text of the field itself taken apart.

    >>> field = Field(name="duration", kind="quantity", unit="days")
    >>> parts_of(field, {"duration": "6 to 8 weeks"})
    Parts(how='between', first='6', last='8', unit='weeks')
    >>> parts_of(Field(name="date", kind="date"), {"date": "2026-03"})
    Parts(how='month', first='2026-03-01', last='', unit='')
    """
    text = _one(values, field.name)
    if any(name in values for name in part_names(field)[1:]):
        how, last, unit = (_one(values, f"{field.name}.{part}") for part in ("how", "to", "unit"))
        return Parts(how=how, first=text, last=last, unit=unit)
    if not text:
        return Parts(unit="years" if field.unit == "years" else "")
    try:
        if field.kind == "date":
            return _date_parts(parse_date(text))
        return _quantity_parts(parse_quantity(text, field.unit), field.unit)
    except ValueError:
        return Parts(first=text)


def _date_parts(span: DateSpan) -> Parts:
    first, text = span.first.isoformat(), span.text()
    if "/" in text:
        return Parts(how="between", first=first, last=span.last.isoformat())
    return Parts(how={4: "year", 7: "month"}.get(len(text), "day"), first=first)


def _quantity_parts(value: Range, unit: str) -> Parts:
    ends = [end for end in (value.low, value.high) if end is not None]
    told = [_amount(end, unit) for end in ends]
    if len({said for _, said in told}) > 1:
        told = [(f"{end:g}", "days") for end in ends]
    how = "between"
    if value.exact:
        how = "exactly"
    elif len(ends) == 1:
        how = "at_least" if value.high is None else "at_most"
    last = told[1][0] if how == "between" else ""
    return Parts(how=how, first=told[0][0], last=last, unit=told[0][1])


def _amount(value: float, unit: str) -> tuple[str, str]:
    """A number and, of a duration, the unit in which it is whole."""
    if unit not in DAYS_IN:
        return amount_text(value, ""), ""
    number, _, word = amount_text(value, "days").partition(" ")
    return number, canonical_unit(word) or "days"


def as_text(field: Field, value: Any) -> str:
    """A quantity or date of an answer's plain form, as a text that `parts_of` takes apart.

    >>> as_text(Field(name="n", kind="quantity", unit="percent"), {"at_least": "50 percent"})
    'at least 50'
    """
    if field.kind == "date":
        return str(value)
    try:
        parts = _quantity_parts(parse_quantity(value, field.unit), field.unit)
    except ValueError:
        return ""
    lead = {"at_least": "at least ", "at_most": "at most "}.get(parts.how, "")
    last = f" to {parts.last}" if parts.last else ""
    return f"{lead}{parts.first}{last} {parts.unit}".strip()


def _one(values: FormValues, name: str) -> str:
    given = values.get(name, "")
    parts = [given] if isinstance(given, str) else list(given)
    return next((part.strip() for part in parts if part.strip()), "")
