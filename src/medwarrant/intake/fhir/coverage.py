"""Coverage in FHIR: payer and line of business by the packs' words, and the state of the service."""

from __future__ import annotations

from collections.abc import Iterator

from ...model.request import Coverage
from .asked import Asked
from .bundle import Resource
from .codes import codings, described, words_of
from .element import Element
from .record import Record


def read_coverage(asked: Asked, record: Record) -> Coverage:
    """Who pays for the service, and where it is given; nothing that is not said."""
    coverage = _coverage(asked, record)
    payer = _payer(coverage, asked, record)
    line = _line_of_business(coverage, record) if coverage is not None else None
    return Coverage(payer=payer, line_of_business=line, state=_state(asked, record))


def _coverage(asked: Asked, record: Record) -> Resource | None:
    """The Coverage that the claim names as focal, else the first that is in force."""
    for claim in asked.claims:
        insurances = claim.children("insurance")
        focal = [entry for entry in insurances if entry.flag("focal")] or list(insurances)
        for entry in focal:
            found = record.bundle.resolve(entry.child("coverage"), claim)
            if found is not None and found.type == "Coverage":
                return found
    for order in asked.orders:
        for reference in order.children("insurance"):
            found = record.bundle.resolve(reference, order)
            if found is not None and found.type == "Coverage":
                return found
    known = [
        coverage
        for coverage in record.bundle.of("Coverage")
        if coverage.text("status") in ("", "active") and record.is_patients(coverage, "beneficiary")
    ]
    known.sort(key=lambda coverage: coverage.number("order") or 1.0)
    if len(known) > 1:
        record.assume("coverage", f"Of {len(known)} coverages, {known[0].name} was taken.")
    return known[0] if known else None


def _payer(coverage: Resource | None, asked: Asked, record: Record) -> str | None:
    names: list[tuple[str, Resource]] = []
    if coverage is not None:
        for reference in coverage.children("payor"):
            names += [(name, coverage) for name in _names(reference, coverage, record)]
    for claim in asked.claims if not names else ():
        names += [(name, claim) for name in _names(claim.child("insurer"), claim, record)]
    for name, source in names:
        found = {entry.id for entry in record.named(name, "payer")}
        if len(found) == 1:
            return found.pop()
        record.not_understood(f"payer: {name}", source)
    return None


def _names(reference: Element | None, source: Resource, record: Record) -> list[str]:
    """What a reference to a payer calls it: the organisation's name, the display, the identifier."""
    if reference is None:
        return []
    found = record.bundle.resolve(reference, source)
    identifier = reference.child("identifier")
    named = [
        found.text("name") if found is not None and found.type == "Organization" else "",
        reference.text("display"),
        identifier.text("value") if identifier is not None else "",
    ]
    return [name for name in named if name][:1]


def _line_of_business(coverage: Resource, record: Record) -> str | None:
    """The line of business, only where the type or the plan's name says it."""
    concept = coverage.child("type")
    for _, entry in record.coded(codings(concept)):
        if entry.fact == "line_of_business":
            return entry.value
    texts = [words_of(concept)]
    texts += [part.text("name") or part.text("value") for part in coverage.children("class")]
    found = {entry.id for text in texts if text for entry in record.named(text, "line_of_business")}
    if len(found) == 1:
        return found.pop()
    if concept is not None:
        record.not_understood(f"type of coverage: {described(concept)}", coverage)
    return None


def _state(asked: Asked, record: Record) -> str | None:
    """The state in which the service is given: of the location, else of who performs it."""
    for address in _addresses(asked, record):
        text = address.text("state")
        if len(text) == 2 and text.upper() in record.library.facts["state"].values:
            return text.upper()
        entry = record.is_name_of(text, "state") if text else None
        if entry is not None:
            return entry.value
    record.assume(
        "state",
        "The message does not say in which state the service is given; the patient's address was not taken for it.",
    )
    return None


def _addresses(asked: Asked, record: Record) -> Iterator[Element]:
    for claim in asked.claims:
        for item in claim.children("item"):
            yield from _own(item.child("locationAddress"))
            yield from _of(item.child("locationReference"), claim, record)
        yield from _of(claim.child("facility"), claim, record)
    for order in asked.orders:
        for reference in order.children("locationReference"):
            yield from _of(reference, order, record)
    for claim in asked.claims:
        yield from _of(claim.child("provider"), claim, record)
    for order in asked.orders:
        for reference in order.children("performer"):
            yield from _of(reference, order, record)


def _own(address: Element | None) -> Iterator[Element]:
    if address is not None:
        yield address


def _of(reference: Element | None, source: Resource, record: Record) -> Iterator[Element]:
    found = record.bundle.resolve(reference, source)
    if found is None:
        return
    if found.type == "Location":
        yield from _own(found.child("address"))
    elif found.type in ("Organization", "Practitioner"):
        yield from found.children("address")
    elif found.type == "PractitionerRole":
        for place in found.children("location"):
            location = record.bundle.resolve(place, found)
            if location is not None and location.type == "Location":
                yield from _own(location.child("address"))
