"""What a FHIR message asks for: its Claims, or its ServiceRequests; for whom, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ...model.dates import DateSpan
from ...model.errors import InputError
from ..structured import EARLIEST_SERVICE, LATEST_SERVICE
from .bundle import Bundle, Resource
from .element import Element

_NOT_ASKED = {
    "Claim": frozenset({"cancelled", "entered-in-error"}),
    "ServiceRequest": frozenset({"revoked", "entered-in-error"}),
}


@dataclass(frozen=True)
class Asked:
    """The resources that ask; where there are claims, orders only say more about their items."""

    claims: tuple[Resource, ...]
    orders: tuple[Resource, ...]
    left_out: tuple[tuple[Resource, str], ...]

    @property
    def first(self) -> Resource:
        """The resource that names the patient."""
        return (*self.claims, *self.orders)[0]


def asked_in(bundle: Bundle) -> Asked:
    """The Claims and ServiceRequests that ask for something now.

    A Claim that another one replaces (`related.claim`) asks for nothing any more. Raises
    `InputError` where nothing is asked for, or for more than one patient.
    """
    replaced = {
        id(prior)
        for claim in bundle.of("Claim")
        for related in claim.children("related")
        if (prior := bundle.resolve(related.child("claim"), claim)) is not None
        and prior is not claim
    }
    left_out: list[tuple[Resource, str]] = []
    kept: list[Resource] = []
    for resource in bundle.of("Claim", "ServiceRequest"):
        status = resource.text("status")
        if id(resource) in replaced:
            left_out.append((resource, "is replaced by a later one"))
        elif status in _NOT_ASKED[resource.type]:
            left_out.append((resource, f"has the status {status}"))
        elif resource.type == "ServiceRequest" and resource.flag("doNotPerform"):
            left_out.append((resource, "says that it is not to be performed"))
        else:
            kept.append(resource)
    if not kept:
        why = f"; {left_out[0][0].name} {left_out[0][1]}" if left_out else ""
        raise InputError(
            f"no Claim or ServiceRequest asks for anything{why}",
            mend="send a Bundle with a Claim or a ServiceRequest",
        )
    claims = tuple(resource for resource in kept if resource.type == "Claim")
    orders = tuple(resource for resource in kept if resource.type == "ServiceRequest")
    _one_patient(bundle, claims or orders)
    return Asked(claims, orders, tuple(left_out))


def patient_reference(resource: Resource) -> Element | None:
    """The reference to the patient of a Claim or a ServiceRequest."""
    return resource.child("patient" if resource.type == "Claim" else "subject")


def _one_patient(bundle: Bundle, asking: tuple[Resource, ...]) -> None:
    named: dict[str, Resource] = {}
    for resource in asking:
        reference = patient_reference(resource)
        text = reference.raw_text("reference") if reference is not None else ""
        if text:
            found = bundle.find(text, resource)
            named.setdefault(found.where if found is not None else text, resource)
    if len(named) > 1:
        raise InputError(
            "the message asks for more than one patient",
            where=list(named.values())[1].at("patient"),
            mend="send one message a patient",
        )


def date_of_service(asked: Asked) -> tuple[date | None, str]:
    """The first day of service that is stated exactly, and a remark where the days differ.

    Raises `InputError` for a day on which nothing can have been serviced.
    """
    days: list[date] = []
    for place, span in _days(asked):
        if not span.exact and span.first.day == 1 and span.first.month == 1:
            continue  # a year alone says too little
        if not EARLIEST_SERVICE <= span.first <= LATEST_SERVICE:
            raise InputError(
                f"{span.first.isoformat()} cannot be a date of service",
                where=place,
                mend="give a day between 1966 and 2100",
            )
        days.append(span.first)
    if not days:
        return None, ""
    first = min(days)
    differ = len(set(days)) > 1
    said = f"The services have different dates; all were judged on {first.isoformat()}, the first."
    return first, said if differ else ""


def _days(asked: Asked) -> Iterator[tuple[str, DateSpan]]:
    found = False
    for claim in asked.claims:
        for item in claim.children("item"):
            span = item.when("servicedDate", "servicedPeriod")
            if span is not None:
                found = True
                yield item.where, span
    if found:
        return
    for claim in asked.claims:
        span = claim.period("billablePeriod")
        if span is not None:
            found = True
            yield claim.at("billablePeriod"), span
    if found:
        return
    for order in asked.orders:
        span = order.when("occurrenceDateTime", "occurrencePeriod")
        if span is not None:
            yield order.where, span
