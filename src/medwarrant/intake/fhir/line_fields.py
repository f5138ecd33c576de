"""What FHIR says of how a service is done: its code, modifiers, units, site, setting and number.

Claims, orders and procedures done say these things in the same elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from ...model.errors import InputError
from ...model.measures import DAYS_IN, Range
from .bundle import Resource
from .codes import PROCEDURE_SYSTEMS, Coding, codings, described, words_of
from .element import Element
from .record import Record

_CODE: Final = re.compile(r"[A-Z0-9]{5}")
_MODIFIER: Final = re.compile(r"[A-Z0-9]{2}")
_UNIT_DAYS: Final = {"d": 1, "wk": DAYS_IN["weeks"], "mo": DAYS_IN["months"], "a": DAYS_IN["years"]}
_NAMED_IN_SITES: Final = ("choice", "nerve", "muscle", "region")
SETTING: Final = frozenset({"setting"})
SITE: Final = frozenset({"side", "nerve", "muscles", "region", "guidance"})
Fields = dict[str, Any]


def service_code(concept: Element | None, resource: Resource, record: Record) -> Coding | None:
    """The CPT or HCPCS code of a concept; a billing code in its extensions where there is only one."""
    if concept is None:
        return None
    found = codings(concept)
    offered = [
        coding
        for extension in concept.children("extension")
        for coding in codings(extension.child("valueCodeableConcept"))
    ]
    for coding in (*found, *(offered if len(offered) == 1 else ())):
        if coding.system not in PROCEDURE_SYSTEMS:
            continue
        code = coding.code.upper()
        if not _CODE.fullmatch(code):
            raise InputError(
                f"'{coding.code[:20]}' is not a CPT or HCPCS code",
                where=f"{coding.where}/code",
                mend="five letters or digits",
            )
        return Coding(coding.system, code, coding.display, coding.where)
    for coding in found:
        if not coding.system and record.library.procedure(coding.code) is not None:
            record.assume(
                "code_system",
                f"{coding.code} in {resource.name} names no code system; it was read as CPT or HCPCS.",
            )
            return Coding("", coding.code.upper(), coding.display, coding.where)
    return None


def is_modifier(concept: Element) -> bool:
    """Whether a concept is a CPT or HCPCS modifier."""
    return any(
        coding.system in PROCEDURE_SYSTEMS and _MODIFIER.fullmatch(coding.code.upper())
        for coding in codings(concept)
    )


def modifier_fields(
    concepts: Iterable[Element], known: Fields, record: Record, resource: Resource
) -> Fields:
    """Modifiers, and the side that one of them states where nothing else does."""
    modifiers: list[str] = []
    fields: Fields = {}
    for concept in concepts:
        for coding in codings(concept)[:1] or (None,):
            code = coding.code.upper() if coding is not None else ""
            if coding is None or not _MODIFIER.fullmatch(code):
                record.not_understood(f"modifier {described(concept)}", resource)
                continue
            modifiers.append(code)
            for _, entry in record.coded((coding,), "modifier"):
                if entry.fact not in known:
                    fields[entry.fact] = entry.value
    if modifiers:
        fields["modifiers"] = tuple(dict.fromkeys(modifiers))
    return fields


def units(quantity: Element | None, record: Record, resource: Resource) -> Fields:
    """Units, where the quantity is a whole number."""
    value = quantity.number("value") if quantity is not None else None
    if value is None:
        return {}
    if not value.is_integer() or not 0 <= value <= 100_000:
        record.not_understood(f"quantity {value:g}", resource)
        return {}
    return {"units": int(value)}


def setting_fields(concepts: Iterable[Element], record: Record, resource: Resource) -> Fields:
    """The setting of care that a place of service states."""
    return site_fields(concepts, record, resource, SETTING)


def site_fields(
    concepts: Iterable[Element],
    record: Record,
    resource: Resource,
    allowed: frozenset[str] = SITE,
) -> Fields:
    """What concepts say of where and how, by their codes and by the names their words hold."""
    fields: Fields = {}
    for concept in concepts:
        understood = False
        for _, entry in record.coded(codings(concept)):
            if entry.fact in allowed and entry.value is not None:
                fields[entry.fact] = entry.value
                understood = True
        for named in record.named(words_of(concept), *_NAMED_IN_SITES):
            name, value = named.id, named.value
            if named.kind != "choice":
                name, value = {"muscle": "muscles"}.get(named.kind, named.kind), named.id
            if name not in allowed:
                continue
            understood = True
            if name == "muscles":
                fields[name] = tuple(dict.fromkeys((*fields.get(name, ()), value)))
            else:
                fields.setdefault(name, value)
        if not understood:
            record.not_understood(described(concept), resource)
    return fields


def timing_fields(timing: Element | None) -> Fields:
    """How many sessions, and how far apart, where both are numbers."""
    repeat = timing.child("repeat") if timing is not None else None
    if repeat is None:
        return {}
    fields: Fields = {}
    count = repeat.number("count")
    if count is not None and count.is_integer() and 1 <= count <= 366:
        fields["sessions"] = int(count)
    period, unit = repeat.number("period"), _UNIT_DAYS.get(repeat.text("periodUnit"))
    frequency = repeat.number("frequency") or 1.0
    if period is not None and unit is not None and 0 < period * unit / frequency <= 3660:
        apart = period * unit / frequency
        fields["interval"] = Range(apart, apart)
    return fields
