"""Diagnoses in FHIR: ICD-10-CM codes of claims, orders and Conditions, each with its standing.

Only ICD-10-CM codes are read. A Condition that is refuted, entered in error, not confirmed or past is
no diagnosis of the request, and the reading says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from ...model.errors import InputError
from ...model.facts import Provenance
from ...model.request import Diagnosis
from ...terminology.codes import diagnosis_code
from .bundle import Resource
from .codes import Coding, codings, described, status_code, words_of
from .element import Element
from .record import Record

Standing = Literal["confirmed", "unconfirmed", "refuted", "entered-in-error", "past"]
_PAST: Final = frozenset({"inactive", "remission", "resolved"})
_PRESENT: Final = frozenset({"", "active", "recurrence", "relapse"})


@dataclass
class Diagnoses:
    """The diagnoses of the request by code, and the Conditions they came from."""

    by_code: dict[str, Diagnosis] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def add(self, diagnosis: Diagnosis) -> str:
        """Add a diagnosis once; its code."""
        self.by_code.setdefault(diagnosis.code, diagnosis)
        return diagnosis.code


def standing(condition: Resource) -> Standing:
    """How certain and how present a Condition is; what is not stated is taken as confirmed and present.

    A status in words that are none of FHIR's counts as not confirmed.
    """
    verification = status_code(condition.child("verificationStatus"))
    if verification in ("refuted", "entered-in-error"):
        return "refuted" if verification == "refuted" else "entered-in-error"
    if verification not in ("", "confirmed"):
        return "unconfirmed"
    clinical = status_code(condition.child("clinicalStatus"))
    if clinical in _PAST or condition.data.get("abatementDateTime") is not None:
        return "past"
    return "confirmed" if clinical in _PRESENT else "unconfirmed"


def icd_code(concept: Element | None, record: Record, resource: Resource) -> Coding | None:
    """The ICD-10-CM code of a concept, well formed; None where it has none.

    A code without a system is taken where ICD-10-CM has it, and the reading says so. Raises
    `InputError` for text in the place of a code.
    """
    found = codings(concept)
    for coding in found:
        if coding.system == "icd-10-cm":
            code = diagnosis_code(coding.code)
            if not 3 <= len(code) <= 8:
                raise InputError(
                    f"'{coding.code[:20]}' is not an ICD-10-CM code",
                    where=f"{coding.where}/code",
                    mend="for example G43.719",
                )
            return Coding("icd-10-cm", code, coding.display, coding.where)
    for coding in found:
        known = record.icd.lookup(coding.code) if not coding.system else None
        if known is not None:
            record.assume(
                "code_system",
                f"{coding.code} in {resource.name} names no code system; it was read as ICD-10-CM.",
            )
            return Coding("icd-10-cm", known.code, coding.display, coding.where)
    return None


def diagnosis_in(
    concept: Element | None, record: Record, resource: Resource, quote: str = ""
) -> Diagnosis | None:
    """The diagnosis that a concept states; one without an ICD-10-CM code is listed, never guessed."""
    coding = icd_code(concept, record, resource)
    if coding is None:
        if concept is not None:
            record.not_understood(described(concept), resource)
        return None
    text = quote or words_of(concept)
    return Diagnosis(
        code=coding.code,
        text=text if text != coding.label else "",
        provenance=Provenance(document=resource.name, quote=text or coding.code),
    )


def condition_diagnosis(condition: Resource, record: Record) -> Diagnosis | None:
    """The diagnosis of a Condition that stands; what does not stand is noted."""
    stands = standing(condition)
    concept = condition.child("code")
    if stands == "entered-in-error":
        record.assume("not_taken", f"{condition.name} was entered in error and was not read.")
        return None
    coding = icd_code(concept, record, condition) if concept is not None else None
    what = f"{condition.name} ({coding.code if coding else words_of(concept) or 'no code'})"
    if stands == "past":
        record.assume("history", f"{what} is past and was not taken as a diagnosis.")
        return None
    if stands == "unconfirmed":
        record.assume("not_confirmed", f"{what} is not confirmed and was not taken as a diagnosis.")
        return None
    if stands == "refuted":
        if coding is None:
            record.assume("not_taken", f"{what} is refuted and was not taken as a diagnosis.")
        return None
    return diagnosis_in(concept, record, condition)


def claim_diagnoses(claim: Resource, record: Record, found: Diagnoses) -> dict[int, str | None]:
    """The diagnoses of a Claim by sequence number; None for one that could not be taken."""
    by_sequence: dict[int, str | None] = {}
    for number, entry in enumerate(claim.children("diagnosis"), start=1):
        sequence = entry.number("sequence")
        concept = entry.child("diagnosisCodeableConcept")
        diagnosis = None
        if concept is not None:
            diagnosis = diagnosis_in(concept, record, claim)
        else:
            diagnosis = _referenced(entry.child("diagnosisReference"), claim, record, found)
        code = found.add(diagnosis) if diagnosis is not None else None
        by_sequence[int(sequence) if sequence is not None else number] = code
    return by_sequence


def order_diagnoses(order: Resource, record: Record, found: Diagnoses) -> tuple[str, ...]:
    """The codes of the reasons of a ServiceRequest."""
    codes: list[str] = []
    for concept in order.children("reasonCode"):
        diagnosis = diagnosis_in(concept, record, order)
        if diagnosis is not None:
            codes.append(found.add(diagnosis))
    for reference in order.children("reasonReference"):
        diagnosis = _referenced(reference, order, record, found)
        if diagnosis is not None:
            codes.append(found.add(diagnosis))
    return tuple(dict.fromkeys(codes))


def _referenced(
    reference: Element | None, source: Resource, record: Record, found: Diagnoses
) -> Diagnosis | None:
    if reference is None:
        return None
    condition = record.bundle.resolve(reference, source)
    if condition is None:
        what = reference.text("display") or reference.text("reference") or "a diagnosis"
        record.not_understood(f"{what}: the message does not hold it", source)
        return None
    if condition.type != "Condition":
        return None  # an Observation or a DiagnosticReport as the reason is read as such
    if not record.is_patients(condition, "subject"):
        return None  # listed with the other resources of other people
    found.used.add(condition.where)
    return condition_diagnosis(condition, record)


def other_conditions(record: Record, found: Diagnoses) -> None:
    """The Conditions that nothing of the request refers to.

    They are further diagnoses of the patient. Where the request itself states no diagnosis, those
    that stand are taken as its diagnoses, and the reading says so.
    """
    conditions = [
        condition
        for condition in record.bundle.of("Condition")
        if record.is_patients(condition, "subject")
    ]
    alone = not found.by_code
    for condition in conditions:
        if standing(condition) == "refuted":
            _refuted(condition, record, found)
        if condition.where in found.used:
            continue
        diagnosis = condition_diagnosis(condition, record)
        if diagnosis is None:
            continue
        if alone:
            found.add(diagnosis)
            record.assume(
                "diagnoses",
                "The request names no diagnosis; the patient's confirmed conditions were taken.",
            )
        elif diagnosis.code not in found.by_code:
            quote = diagnosis.provenance.quote
            record.state("diagnosis", [diagnosis.code], condition, quote)


def _refuted(condition: Resource, record: Record, found: Diagnoses) -> None:
    coding = icd_code(condition.child("code"), record, condition)
    if coding is None:
        return
    if coding.code in found.by_code:
        record.correct(
            "refuted",
            f"{coding.code} is a diagnosis of the request, and {condition.name} refutes it.",
        )
    else:
        quote = words_of(condition.child("code"))
        record.state("diagnosis", {"not": [coding.code]}, condition, f"refuted: {quote}")


def coded_conditions(record: Record, found: Diagnoses) -> None:
    """What codes of standing Conditions and of the request's diagnoses state beside themselves."""
    claims = {claim.name: claim for claim in record.bundle.of("Claim", "ServiceRequest")}
    for diagnosis in found.by_code.values():
        source = claims.get(diagnosis.provenance.document)
        if source is not None:
            _state(record, Coding("icd-10-cm", diagnosis.code, diagnosis.text, ""), source)
    for condition in record.bundle.of("Condition"):
        if standing(condition) != "confirmed" or not record.is_patients(condition, "subject"):
            continue
        for coding in codings(condition.child("code")):
            _state(record, coding, condition)


def _state(record: Record, coding: Coding, resource: Resource) -> None:
    for _, entry in record.coded((coding,)):
        if entry.value is not None:
            record.state(entry.fact, entry.value, resource, coding.label)
