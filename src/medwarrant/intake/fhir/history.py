"""Earlier treatment in FHIR: drugs taken and procedures done, as events.

That a drug was taken says nothing of its result: an outcome is read only where a status reason is, as
a whole, a phrase of the dictionary for one.
"""

from __future__ import annotations

from typing import Any, Final

from ...model.dates import DateSpan
from .bundle import Resource
from .codes import all_words, codings, described, words_of
from .element import Element
from .line_fields import site_fields
from .record import Record

_MEDICATION: Final = ("MedicationRequest", "MedicationStatement", "MedicationAdministration")
#: Statuses that say the drug was never taken, or not yet.
_NOT_TAKEN: Final = frozenset(
    {"cancelled", "entered-in-error", "draft", "intended", "not-taken", "not-done", "unknown", ""}
)
_NO_ORDER: Final = frozenset({"proposal", "plan", "option"})
_DONE: Final = "completed"


def read_medications(record: Record) -> None:
    """Drug trials, and what follows from a drug that is taken now."""
    for medication in record.bundle.of(*_MEDICATION):
        if not record.is_patients(medication, "subject", "patient"):
            continue
        status = medication.text("status")
        label = _drug_label(medication, record)
        if (
            status in _NOT_TAKEN
            or medication.text("intent") in _NO_ORDER
            or medication.flag("doNotPerform")
        ):
            how = status if status in _NOT_TAKEN else medication.text("intent") or "not to be given"
            record.assume(
                "not_taken",
                f"{medication.name} ({label or 'no drug'}) is {how or 'of unknown status'}: it is no drug trial.",
            )
            continue
        drug = _drug(medication, record)
        if drug is None:
            continue
        when = medication.when("effectivePeriod", "effectiveDateTime", "authoredOn", "dateAsserted")
        if when is not None and when.first > record.as_of:
            record.assume(
                "not_taken",
                f"{medication.name} is later than the date of service and was not read.",
            )
            continue
        _state_trial(medication, drug, status, label, when, record)


def _state_trial(
    medication: Resource,
    drug: str,
    status: str,
    label: str,
    when: DateSpan | None,
    record: Record,
) -> None:
    attributes: dict[str, Any] = {"drug": drug}
    if when is not None:
        attributes["date"] = when.text()
    period = medication.child("effectivePeriod")
    if period is not None:
        start, end = period.day("start"), period.day("end")
        if start is not None and end is not None and start.exact and end.exact:
            attributes["duration"] = f"{(end.last - start.first).days + 1} days"
    reasons = [
        reason for concept in _concepts(medication, "statusReason") for reason in all_words(concept)
    ]
    outcomes = {entry.value for text in reasons if (entry := _outcome(text, record))}
    if len(outcomes) == 1:
        attributes["outcome"] = outcomes.pop()
    quote = "; ".join([label, status, *reasons])
    if "drug-trial" in record.library.events:
        record.state("drug-trial", attributes, medication, quote)
    ended = (
        period is not None and (end := period.day("end")) is not None and end.last < record.as_of
    )
    if status == "active" and not ended and medication.type != "MedicationAdministration":
        known = record.library.drugs.get(drug)
        for name in (drug, *(known.classes if known is not None else ())):
            for entry in record.library.coded.of("taking", name):
                if entry.value is not None:
                    record.state(entry.fact, entry.value, medication, quote)


def _concepts(resource: Element, *names: str) -> list[Element]:
    """Members that are a CodeableConcept in one resource and a list of them in another."""
    found: list[Element] = []
    for name in names:
        if isinstance(resource.data.get(name), list | tuple):
            found += resource.children(name)
        elif (concept := resource.child(name)) is not None:
            found.append(concept)
    return found


def _outcome(text: str, record: Record) -> Any:
    entry = record.is_name_of(text, "attribute")
    fits = entry is not None and (entry.id, entry.attribute) == ("drug-trial", "outcome")
    return entry if fits else None


def _drug_concept(medication: Resource, record: Record) -> Element | None:
    concept = medication.child("medicationCodeableConcept")
    if concept is not None:
        return concept
    meant = record.bundle.resolve(medication.child("medicationReference"), medication)
    return meant.child("code") if meant is not None else None


def _drug_label(medication: Resource, record: Record) -> str:
    reference = medication.child("medicationReference")
    written = reference.text("display") if reference is not None else ""
    return words_of(_drug_concept(medication, record)) or written


def _drug(medication: Resource, record: Record) -> str | None:
    """The one drug that the code or the words name; a combination that the packs lack is listed."""
    concept = _drug_concept(medication, record)
    for coding in codings(concept):
        for known in record.library.drugs.values():
            if coding.system == "hcpcs" and coding.code.upper() in known.hcpcs:
                return known.id
    label = _drug_label(medication, record)
    for text in dict.fromkeys(filter(None, (*all_words(concept), label))):
        named = {entry.id for entry in record.named(text, "drug")}
        if len(named) == 1:
            return named.pop()
        if named:
            break
    record.not_understood(
        f"drug: {described(concept) if concept is not None else label}", medication
    )
    return None


def read_procedures(record: Record) -> None:
    """Procedures of the packs that were done; every other one is listed."""
    for procedure in record.bundle.of("Procedure"):
        if not record.is_patients(procedure, "subject"):
            continue
        status = procedure.text("status")
        concept = procedure.child("code")
        label = words_of(concept)
        if status != _DONE:
            record.assume(
                "not_taken",
                f"{procedure.name} ({label or 'no code'}) has the status {status or 'unknown'} and was not taken as done.",
            )
            continue
        known = None
        for coding in codings(concept):
            if coding.system in ("cpt", "hcpcs", ""):
                known = known or record.library.procedure(coding.code)
        if known is None or "procedure" not in record.library.events:
            record.not_understood(f"procedure: {described(concept)}", procedure)
            continue
        attributes: dict[str, Any] = {"procedure": known.id}
        when = procedure.when("performedDateTime", "performedPeriod")
        if when is not None:
            attributes["date"] = when.text()
        event = record.library.events["procedure"]
        sites = site_fields(procedure.children("bodySite"), record, procedure)
        attributes |= {name: value for name, value in sites.items() if name in event.attributes}
        outcome = procedure.child("outcome")
        if outcome is not None:
            record.not_understood(f"outcome: {described(outcome)}", procedure)
        record.state("procedure", attributes, procedure, f"{label}; {status}")
