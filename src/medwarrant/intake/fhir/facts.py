"""Facts of the patient in FHIR: age and sex, Observations, allergies.

A code says what the packs' `coded:` tables say it does. An Observation without such a code may name a
fact of the dictionary in words, as a whole; such facts are `stated`, not `coded`.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from ...model.dates import DateSpan
from ...policy.fact_dictionary import FactDefinition
from .bundle import Resource
from .codes import all_words, codings, described, status_code, words_of
from .element import Element
from .record import Record

#: Units of UCUM as our units, with the factor to apply.
_UCUM: Final = {
    "kg": ("kg", 1.0), "g": ("kg", 0.001), "[lb_av]": ("kg", 0.45359237), "lb": ("kg", 0.45359237),
    "{score}": ("points", 1.0), "{points}": ("points", 1.0), "points": ("points", 1.0), "%": ("percent", 1.0),
    "d": ("days", 1.0), "wk": ("weeks", 1.0), "mo": ("months", 1.0), "a": ("years", 1.0), "h/d": ("hours/day", 1.0),
    "d/mo": ("days/month", 1.0), "{days}/mo": ("days/month", 1.0), "/mo": ("days/month", 1.0), "mg": ("mg", 1.0),
}  # fmt: skip
_FINAL: Final = frozenset({"final", "amended", "corrected"})
_ANSWERS: Final = {"Y": "present", "N": "absent"}


def read_patient(record: Record) -> None:
    """Age in whole years on the date of service, and sex."""
    patient = record.patient
    if patient is None:
        return
    born = patient.day("birthDate")
    if born is not None:
        ages = sorted({age_on(record.as_of, born.last), age_on(record.as_of, born.first)})
        quote = f"born {born.text()}"
        if ages[0] < 0:
            record.correct(
                "birth_date",
                f"{patient.name} was born after {record.as_of.isoformat()}, the date of service.",
            )
        else:
            record.state("age", ages[0] if len(ages) == 1 else ages, patient, quote)
    gender = patient.text("gender")
    for entry in record.library.coded.of("administrative-gender", gender):
        if entry.value is not None:
            record.state(entry.fact, entry.value, patient, gender)


def age_on(day: date, born: date) -> int:
    """The age in completed years.

    >>> age_on(date(2026, 11, 23), date(1975, 12, 31))
    50
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


# --- observations -------------------------------------------------------------------------------


def read_observations(record: Record) -> None:
    """What Observations measure or answer; of several measurements of one thing, the latest."""
    measured: dict[str, list[tuple[DateSpan | None, Any, Resource, str, bool]]] = {}
    for observation in record.bundle.of("Observation"):
        if not record.is_patients(observation, "subject"):
            continue
        status = observation.text("status")
        if status not in _FINAL:
            record.assume(
                "not_taken",
                f"{observation.name} has the status {status or 'unknown'} and was not read.",
            )
            continue
        when = observation.when("effectiveDateTime", "effectivePeriod", "effectiveInstant")
        if when is not None and when.first > record.as_of:
            record.assume(
                "not_taken",
                f"{observation.name} is later than the date of service and was not read.",
            )
            continue
        parts = (observation, *observation.children("component"))
        for part in parts:
            found = _measured(part, observation, record, whole=len(parts) == 1)
            for name, value, quote, coded in found:
                measured.setdefault(name, []).append((when, value, observation, quote, coded))
    for name, values in measured.items():
        latest = max((when.last for when, *_ in values if when is not None), default=None)
        for when, value, observation, quote, coded in values:
            if latest is None or when is None or when.last == latest:
                basis = "coded" if coded else "stated"
                dated = f"{quote} ({when.text()})" if when is not None else quote
                record.state(name, value, observation, dated, basis=basis)  # type: ignore[arg-type]  # two of the four words


def _measured(
    part: Element, observation: Resource, record: Record, *, whole: bool
) -> list[tuple[str, Any, str, bool]]:
    """The facts of one Observation or component, each with its value, quote and whether it is coded."""
    concept = part.child("code")
    label = words_of(concept)
    answer = part.child("valueCodeableConcept")
    stated = [
        (entry.fact, entry.value, f"{label}: {coding.label}", True)
        for coding, entry in record.coded(codings(answer))
        if entry.value is not None
    ]
    if stated:
        return stated
    found: list[tuple[str, Any, str, bool]] = []
    names = {entry.fact: True for _, entry in record.coded(codings(concept)) if entry.value is None}
    if not names and (name := _named_fact(concept, record)) is not None:
        names = {name: False}
    for name, coded in names.items():
        value, said = _value(part, answer, record.library.facts[name])
        if value is not None:
            found.append((name, value, f"{label}: {said}", coded))
    empty = not any(key.startswith("value") for key in part.data) and part.data.get("component")
    if not found and not (empty and not whole):
        _, said = _value(part, answer, None)
        record.not_understood(f"{described(concept)}{f': {said}' if said else ''}", observation)
    return found


def _named_fact(concept: Element | None, record: Record) -> str | None:
    for text in all_words(concept):
        entry = record.is_name_of(text, "quantity", "flag")
        if entry is not None and entry.value != "absent":
            return entry.id
        for fact in record.library.facts.values():
            if fact.about == "patient" and text.lower() in (fact.title.lower(), fact.id):
                return fact.id
    return None


def _value(
    part: Element, answer: Element | None, definition: FactDefinition | None
) -> tuple[Any, str]:
    """The value in the form of its fact, or None; and the value as it is written."""
    kind = definition.kind if definition is not None else ""
    quantity = part.child("valueQuantity")
    if quantity is not None:
        number, code = quantity.number("value"), quantity.text("code") or quantity.text("unit")
        said = "" if number is None else f"{number:g} {quantity.text('unit') or code}".strip()
        if number is None or kind != "quantity" or definition is None:
            return None, said
        return _in_unit(number, code, quantity.text("comparator"), definition), said
    if part.data.get("valueInteger") is not None:
        number = part.number("valueInteger")
        return (number if kind == "quantity" else None), f"{number:g}"
    yes = part.flag("valueBoolean")
    if yes is not None:
        said = "yes" if yes else "no"
        return (("present" if yes else "absent") if kind == "flag" else None), said
    if answer is not None:
        said = words_of(answer)
        return (_ANSWERS.get(status_code(answer).upper()) if kind == "flag" else None), said
    return None, part.text("valueString")


def _in_unit(number: float, code: str, comparator: str, definition: FactDefinition) -> Any:
    """A quantity as requests state it, or None where its unit is not one of the fact's."""
    unit, factor = _UCUM.get(code, ("", 1.0))
    if code in ("", "1"):
        unit = definition.unit
    if not unit:
        unit = code  # our own spelling, checked when the fact is read
    text = f"{round(number * factor, 1):g} {unit}"
    match comparator:
        case "<" | "<=":
            return {"at_most": text}
        case ">" | ">=":
            return {"at_least": text}
        case _:
            return text


# --- allergies ----------------------------------------------------------------------------------


def read_allergies(record: Record) -> None:
    """Allergies to what the packs' tables name, by drug or class; every other one is listed."""
    for allergy in record.bundle.of("AllergyIntolerance"):
        if not record.is_patients(allergy, "patient"):
            continue
        verification = status_code(allergy.child("verificationStatus"))
        clinical = status_code(allergy.child("clinicalStatus"))
        concept = allergy.child("code")
        label = words_of(concept)
        if verification in ("refuted", "entered-in-error") or clinical in ("inactive", "resolved"):
            why = verification if verification in ("refuted", "entered-in-error") else clinical
            record.assume(
                "not_taken", f"{allergy.name} ({label or 'no code'}) is {why} and was not read."
            )
            continue
        entries = [entry for _, entry in record.coded(codings(concept))]
        for drug in record.named(label, "drug", "drug_class"):
            known = record.library.drugs.get(drug.id)
            for name in (drug.id, *(known.classes if known is not None else ())):
                entries += record.library.coded.of("allergy", name)
        facts = {(entry.fact, entry.value) for entry in entries if entry.value is not None}
        if not facts or verification == "unconfirmed":
            record.not_understood(f"allergy: {described(concept)}", allergy)
        else:
            for fact, value in sorted(facts):
                record.state(fact, value, allergy, f"allergy: {label}")
