"""Service lines in FHIR: the items of Claims and the ServiceRequests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ...model.errors import InputError
from ...model.facts import Provenance
from ...model.request import ServiceLine
from .asked import Asked
from .bundle import Resource
from .codes import Coding, coding_of, codings, described, words_of
from .diagnoses import Diagnoses, claim_diagnoses, order_diagnoses
from .element import Element
from .line_fields import (
    SITE,
    Fields,
    is_modifier,
    modifier_fields,
    service_code,
    setting_fields,
    site_fields,
    timing_fields,
    units,
)
from .record import Record

MOST_LINES: Final = 200


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
            record.assume("not_asked", f"{order.name} is not part of the claim and was not judged.")
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
    fields |= site_fields(
        (*_some(item.child("bodySite")), *item.children("subSite")), record, claim
    )
    fields |= setting_fields(_some(item.child("locationCodeableConcept")), record, claim)
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
        coding = service_code(concept, claim, record)
        if coding is None and part is item and order is not None:
            coding = service_code(order.child("code"), order, record)
            if coding is not None:
                record.assume(
                    "service",
                    f"The code of {claim.name} was taken from {order.name}: {coding.code}.",
                )
        if coding is None:
            record.not_understood(described(concept), claim)
            continue
        own = {**fields, **modifier_fields(part.children("modifier"), fields, record, claim)}
        own |= units(part.child("quantity"), record, claim)
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
                record.assume(
                    "not_asked", f"An item of {claim.name} is cancelled and was not judged."
                )
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
        if not isinstance(sequence, int) or sequence not in by_sequence:
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
    coding = service_code(concept, order, record)
    if coding is None:
        record.not_understood(described(concept), order)
        return None
    return _line(coding, concept, order, fields)


def _order_fields(order: Resource, record: Record) -> Fields:
    fields = site_fields(order.children("bodySite"), record, order)
    encounter = record.bundle.resolve(order.child("encounter"), order)
    visit = encounter.child("class") if encounter is not None else None
    if visit is not None:
        for _, entry in record.coded((coding_of(visit),)):
            fields[entry.fact] = entry.value
    fields |= setting_fields(order.children("locationCode"), record, order)
    details = order.children("orderDetail")
    fields |= modifier_fields(
        [part for part in details if is_modifier(part)], fields, record, order
    )
    plain = [part for part in details if not is_modifier(part)]
    fields |= site_fields(plain, record, order, SITE | {"intent", "phase"})
    fields |= units(order.child("quantityQuantity"), record, order)
    fields |= timing_fields(order.child("occurrenceTiming"))
    return fields


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


def _some(concept: Element | None) -> tuple[Element, ...]:
    return () if concept is None else (concept,)
