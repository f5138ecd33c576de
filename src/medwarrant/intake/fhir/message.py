"""A FHIR R4 message to a reading: what is asked, what is known, and what was not understood.

A Bundle, or a Claim or ServiceRequest alone (with what it contains). Nothing is guessed and nothing is
fetched. What is wrong with the message is an `InputError` with a JSON pointer; what it says and
medwarrant does not understand stands in the reading. docs/fhir-intake.md says which element is read
as what.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import msgspec

from ...model.request import Diagnosis, Request
from ...policy.library import Library
from ...terminology.icd10cm import Icd10cm
from ..json_data import check_json
from ..reading import DiagnosisRead, Reading, Remark, ServiceRead, facts_read
from .asked import Asked, asked_in, date_of_service, patient_reference
from .bundle import Bundle, read_bundle
from .coverage import read_coverage
from .diagnoses import Diagnoses, coded_conditions, other_conditions
from .documents import read_documents
from .facts import read_allergies, read_observations, read_patient
from .history import read_medications, read_procedures
from .lines import read_lines
from .record import AttachedText, Record

_PATIENTS: Final = {
    "Condition": ("subject",), "Observation": ("subject",), "Procedure": ("subject",),
    "MedicationRequest": ("subject",), "MedicationStatement": ("subject",), "MedicationAdministration": ("subject",),
    "AllergyIntolerance": ("patient",), "DocumentReference": ("subject",), "DiagnosticReport": ("subject",),
}  # fmt: skip
_READ: Final = frozenset(
    {*_PATIENTS, "Claim", "ServiceRequest", "Coverage", "Patient", "Medication", "Binary"}
)
#: Who and where: read through references only, never evidence by themselves.
_ASIDE: Final = frozenset(
    {"Organization", "Practitioner", "PractitionerRole", "Location", "RelatedPerson", "Encounter"}
    | {"Provenance", "MessageHeader", "CareTeam", "Endpoint", "HealthcareService"}
)


class FhirRead(msgspec.Struct, frozen=True, kw_only=True):
    """What was understood of a message, and the texts that came with it, not yet read for facts."""

    reading: Reading
    documents: tuple[AttachedText, ...] = ()

    @property
    def unread(self) -> tuple[Remark, ...]:
        """What to tell the user where the texts are not read as notes."""
        names = dict.fromkeys(document.name for document in self.documents)
        return tuple(
            Remark(kind="not_read", message=f"The text of {name} was not read for facts.")
            for name in names
        )


def is_fhir(raw: Any) -> bool:
    """Whether data is meant as a FHIR resource.

    >>> is_fhir({"resourceType": "Bundle"}), is_fhir({"services": ["64405"]})
    (True, False)
    """
    return isinstance(raw, Mapping) and "resourceType" in raw


def read_fhir(
    raw: Any, library: Library, icd: Icd10cm, *, today: date, as_of: date | None = None
) -> FhirRead:
    """Read a FHIR message.

    The date of service is `as_of`, else what the message says (items, claim, order), else `today`.

    >>> from medwarrant import load_packs
    >>> order = {
    ...     "resourceType": "ServiceRequest",
    ...     "status": "active",
    ...     "intent": "order",
    ...     "code": {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "64405"}]},
    ...     "reasonCode": [{"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "G43.719"}]}],
    ... }
    >>> found = read_fhir(order, load_packs(), Icd10cm.open(), today=date(2026, 11, 23))
    >>> [(line.code, line.diagnoses) for line in found.reading.request.services]
    [('64405', ('G43.719',))]
    """
    check_json(raw)
    bundle = read_bundle(raw)
    asked = asked_in(bundle)
    stated, differing = date_of_service(asked)
    record = Record(bundle, library, icd, as_of or stated or today)
    if differing and as_of is None:
        record.assume("as_of", differing)
    if stated is None and as_of is None:
        record.assume(
            "as_of", f"The message states no date of service; it was judged on {today.isoformat()}."
        )
    for resource, why in asked.left_out:
        record.assume("not_asked", f"{resource.name} {why} and was not judged.")
    _find_patient(asked, record)
    found = Diagnoses()
    services = read_lines(asked, record, found)
    other_conditions(record, found)
    read_patient(record)
    coded_conditions(record, found)
    read_observations(record)
    read_allergies(record)
    read_medications(record)
    read_procedures(record)
    coverage = read_coverage(asked, record)
    read_documents(record)
    _list_unread(bundle, record)
    request = Request(
        services=services,
        diagnoses=tuple(found.by_code.values()),
        facts=tuple(record.facts),
        coverage=coverage,
        as_of=record.as_of,
    )
    return FhirRead(reading=_reading(request, record), documents=tuple(record.documents))


def _find_patient(asked: Asked, record: Record) -> None:
    reference = patient_reference(asked.first)
    if reference is not None:
        record.patient_reference = reference.raw_text("reference").strip()
        record.patient = record.bundle.resolve(reference, asked.first)
    if record.patient is not None and record.patient.type != "Patient":
        record.patient = None
    patients = record.bundle.of("Patient")
    if record.patient is None and not record.patient_reference and len(patients) == 1:
        record.patient = patients[0]


def _list_unread(bundle: Bundle, record: Record) -> None:
    """Name what was left aside: resources of other people, and of kinds that are not read."""
    kinds: Counter[str] = Counter()
    for resource in bundle.resources:
        if resource.type in _PATIENTS and not record.is_patients(
            resource, *_PATIENTS[resource.type]
        ):
            record.assume("not_read", f"{resource.name} is about somebody else and was not read.")
        elif resource.type not in _READ | _ASIDE:
            kinds[resource.type] += 1
    for kind, count in sorted(kinds.items()):
        record.assume("not_read", f"{kind} is not read ({count} in the message).")


def _reading(request: Request, record: Record) -> Reading:
    services = [
        ServiceRead(
            code=line.code,
            name=known.name if (known := record.library.procedure(line.code)) else None,
            text=line.text or line.code,
        )
        for line in request.services
    ]
    diagnoses = [_diagnosis_read(diagnosis, record) for diagnosis in request.diagnoses]
    return Reading(
        request=request,
        services=tuple(services),
        diagnoses=tuple(diagnoses),
        facts=facts_read(request, record.library),
        corrections=tuple(record.corrections),
        assumptions=tuple(record.assumptions),
        unrecognised=tuple(record.unrecognised),
    )


def _diagnosis_read(diagnosis: Diagnosis, record: Record) -> DiagnosisRead:
    known = record.icd.lookup(diagnosis.code)
    if known is None:
        near = ", ".join(code.code for code in record.icd.nearest(diagnosis.code, 3))
        record.corrections.append(
            Remark(
                kind="unknown_code",
                message=f"{diagnosis.code} is not in ICD-10-CM ({record.icd.release}); near it: {near or 'nothing'}.",
            )
        )
    return DiagnosisRead(
        code=diagnosis.code,
        title=known.title if known else None,
        text=diagnosis.text or diagnosis.code,
    )
