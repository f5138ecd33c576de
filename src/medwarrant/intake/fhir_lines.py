"""Service lines in FHIR: the items of Claims and the ServiceRequests."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from ..model.errors import InputError
from ..model.facts import Provenance
from ..model.measures import DAYS_IN, Range
from ..model.request import ServiceLine
from .fhir_asked import Asked
from .fhir_bundle import Resource
from .fhir_codes import PROCEDURE_SYSTEMS, Coding, codings, described, words_of
from .fhir_diagnoses import Diagnoses, claim_diagnoses, order_diagnoses
from .fhir_element import Element
from .fhir_record import Record

MOST_LINES: Final = 200
_CODE: Final = re.compile(r"[A-Z0-9]{5}")
_MODIFIER: Final = re.compile(r"[A-Z0-9]{2}")
_UNIT_DAYS: Final = {"d": 1, "wk": DAYS_IN["weeks"], "mo": DAYS_IN["months"], "a": DAYS_IN["years"]}
_LINE_WORDS: Final = ("choice", "nerve", "muscle", "region")
_SETTING: Final = frozenset({"setting"})
_SITE: Final = frozenset({"side", "nerve", "muscles", "region", "guidance"})
Fields = dict[str, Any]


def read_lines(asked: Asked, record: Record, found: Diagnoses) -> tuple[ServiceLine, ...]:
    """The service lines, each with the diagnoses it is linked to."""
    if not asked.claims:
        lines = [line for order in asked.orders if (line := _order_line(order, record, found))]
        return tuple(lines)
    lines = []
    described_by: set[str] = set()
    for claim in asked.claims:
        by_sequence = claim_diagnoses(claim, record, found)
        for item in claim.children("item"):
            order = _order_of(item, claim, asked, record)
            if order is not None:
                described_by.add(order.where)
            lines += _item_lines(item, claim, order, by_sequence, record, found)
        if len(lines) > MOST_LINES:
            raise InputError(
                f"more than {MOST_LINES} services", where=claim.at("item"), mend="split the request"
            )
    for order in asked.orders:
        if order.where not in described_by:
            record.assume(
                "not_asked", f"{order.name} is not part of the claim and was not judged."
            )
    return tuple(lines)


# --- claims -------------------------------------------------------------------------------------


def _order_of(item: Element, claim: Resource, asked: Asked, record: Record) -> Resource | None:
    """The ServiceRequest an item is for: the one it refers to, else the only one with its code."""
    for extension in item.children("extension"):
        if extension.text("url").endswith("requestedService"):
            order = record.bundle.resolve(extension.child("valueReference"), claim)
            if order is not None and order.type == "ServiceRequest":
                return order if order in asked.orders else None
    codes = {coding.code for coding in codings(item.child("productOrService"))}
    same = [
        order
        for order in asked.orders
        if codes & {coding.code for coding in codings(order.child("code"))}
    ]
    return same[0] if len(same) == 1 else None


def _item_lines(
    item: Element,
    claim: Resource,
    order: Resource | None,
    by_sequence: dict[int, str | None],
    record: Record,
    found: Diagnoses,
) -> list[ServiceLine]:
    if _cancelled(item, record, claim):
        return []
    fields = _order_fields(order, record) if order is not None else {}
    fields |= _site_fields((*_some(item.child("bodySite")), *item.children("subSite")), record, claim)
    fields |= _setting_fields(_some(item.child("locationCodeableConcept")), record, claim)
    reasons = order_diagnoses(order, record, found) if order is not None else ()
    fields["diagnoses"] = _links(item, claim, by_sequence, record) or reasons
    lines = []
    for part in _with_details(item):
        concept = part.child("productOrService")
        if concept is None:
            raise InputError(
                "the service is missing",
                where=part.at("productOrService"),
                mend="add a CPT or HCPCS code",
            )
        coding = _service_code(concept, claim, record)
        if coding is None and part is item and order is not None:
            coding = _service_code(order.child("code"), order, record)
            if coding is not None:
                record.assume(
                    "service", f"The code of {claim.name} was taken from {order.name}: {coding.code}."
                )
        if coding is None:
            record.not_understood(described(concept), claim)
            continue
        own = {**fields, **_modifier_fields(part.children("modifier"), fields, record, claim)}
        own |= _units(part.child("quantity"), record, claim)
        lines.append(_line(coding, concept, claim, own))
    return lines


def _with_details(item: Element) -> Iterable[Element]:
    """An item and what it groups; each may carry a code of its own."""
    yield item
    for detail in item.children("detail"):
        yield detail
        yield from detail.children("subDetail")


def _cancelled(item: Element, record: Record, claim: Resource) -> bool:
    """Whether an update of the claim withdraws the item; other marks that change meaning are listed."""
    for extension in item.children("modifierExtension"):
        url = extension.text("url")
        if url.endswith("infoCancelled"):
            if extension.flag("valueBoolean"):
                record.assume("not_asked", f"An item of {claim.name} is cancelled and was not judged.")
                return True
        else:
            record.not_understood(f"an item's modifier extension {url}", claim)
    return False


def _links(
    item: Element, claim: Resource, by_sequence: dict[int, str | None], record: Record
) -> tuple[str, ...]:
    raw = item.data.get("diagnosisSequence")
    if raw is None:
        return ()
    where = item.at("diagnosisSequence")
    if not isinstance(raw, list | tuple):
        raise InputError("a list of numbers is needed", where=where)
    codes: list[str | None] = []
    for number, sequence in enumerate(raw):
        if isinstance(sequence, bool) or sequence not in by_sequence:
            raise InputError(
                "the claim has no diagnosis of this number",
                where=f"{where}/{number}",
                mend="name a sequence of Claim.diagnosis",
            )
        codes.append(by_sequence[sequence])
    kept = tuple(dict.fromkeys(code for code in codes if code is not None))
    if codes and not kept:
        record.assume(
            "links",
            f"No diagnosis that an item of {claim.name} is linked to could be taken; it was judged for all diagnoses of the request.",
        )
    return kept


# --- orders -------------------------------------------------------------------------------------


def _order_line(order: Resource, record: Record, found: Diagnoses) -> ServiceLine | None:
    concept = order.child("code")
    if concept is None:
        raise InputError(
            "the service is missing", where=order.at("code"), mend="add a CPT or HCPCS code"
        )
    fields = _order_fields(order, record)
    fields["diagnoses"] = order_diagnoses(order, record, found)
    coding = _service_code(concept, order, record)
    if coding is None:
        record.not_understood(described(concept), order)
        return None
    return _line(coding, concept, order, fields)


def _order_fields(order: Resource, record: Record) -> Fields:
    fields = _site_fields(order.children("bodySite"), record, order)
    encounter = record.bundle.resolve(order.child("encounter"), order)
    if encounter is not None and (visit := encounter.child("class")) is not None:
        concept = Element({"coding": [visit.data]}, encounter.where)
        fields |= _setting_fields((concept,), record, encounter, quiet=True)
    fields |= _setting_fields(order.children("locationCode"), record, order)
    details = order.children("orderDetail")
    fields |= _modifier_fields(
        [part for part in details if _is_modifier(part)], fields, record, order
    )
    plain = [part for part in details if not _is_modifier(part)]
    fields |= _site_fields(plain, record, order, _SITE | {"intent", "phase"})
    fields |= _units(order.child("quantityQuantity"), record, order)
    fields |= _timing(order.child("occurrenceTiming"))
    return fields


def _timing(timing: Element | None) -> Fields:
    """How many times, and how far apart, where both are numbers."""
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


# --- what both have -----------------------------------------------------------------------------


def _service_code(concept: Element | None, resource: Resource, record: Record) -> Coding | None:
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


def _line(coding: Coding, concept: Element, resource: Resource, fields: Fields) -> ServiceLine:
    text = words_of(concept)
    quote = text if text and text != coding.label else coding.label
    fields = {name: value for name, value in fields.items() if value not in (None, ())}
    return ServiceLine(
        code=coding.code,
        text=quote,
        provenance=Provenance(document=resource.name, quote=quote),
        **fields,
    )


def _is_modifier(concept: Element) -> bool:
    return any(
        coding.system in PROCEDURE_SYSTEMS and _MODIFIER.fullmatch(coding.code.upper())
        for coding in codings(concept)
    )


def _modifier_fields(
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


def _units(quantity: Element | None, record: Record, resource: Resource) -> Fields:
    value = quantity.number("value") if quantity is not None else None
    if value is None:
        return {}
    if not value.is_integer() or not 0 <= value <= 100_000:
        record.not_understood(f"quantity {value:g}", resource)
        return {}
    return {"units": int(value)}


def _setting_fields(
    concepts: Iterable[Element], record: Record, resource: Resource, *, quiet: bool = False
) -> Fields:
    return _site_fields(concepts, record, resource, _SETTING, quiet=quiet)


def _site_fields(
    concepts: Iterable[Element],
    record: Record,
    resource: Resource,
    allowed: frozenset[str] = _SITE,
    *,
    quiet: bool = False,
) -> Fields:
    """What concepts say of where and how, by their codes and by the names their words hold."""
    fields: Fields = {}
    for concept in concepts:
        understood = False
        for _, entry in record.coded(codings(concept)):
            if entry.fact in allowed and entry.value is not None:
                fields[entry.fact] = entry.value
                understood = True
        for entry in record.named(words_of(concept), *_LINE_WORDS):
            name, value = entry.id, entry.value
            if entry.kind != "choice":
                name, value = {"muscle": "muscles"}.get(entry.kind, entry.kind), entry.id
            if name not in allowed:
                continue
            understood = True
            if name == "muscles":
                fields[name] = tuple(dict.fromkeys((*fields.get(name, ()), value)))
            else:
                fields.setdefault(name, value)
        if not understood and not quiet:
            record.not_understood(described(concept), resource)
    return fields


def _some(concept: Element | None) -> tuple[Element, ...]:
    return () if concept is None else (concept,)
