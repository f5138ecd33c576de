"""Codes in FHIR: which code system a URI names, and what a CodeableConcept holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from .element import Element

#: The URIs of code systems, without scheme, by the short names that packs use.
SYSTEMS: Final = {
    "www.ama-assn.org/go/cpt": "cpt",
    "urn:oid:2.16.840.1.113883.6.12": "cpt",
    "www.cms.gov/medicare/coding/hcpcsreleasecodesets": "hcpcs",
    "terminology.hl7.org/codesystem/hcpcs-all-codes": "hcpcs",
    "bluebutton.cms.gov/resources/codesystem/hcpcs": "hcpcs",
    "urn:oid:2.16.840.1.113883.6.285": "hcpcs",
    "hl7.org/fhir/sid/icd-10-cm": "icd-10-cm",
    "urn:oid:2.16.840.1.113883.6.90": "icd-10-cm",
    "hl7.org/fhir/sid/icd-9-cm": "icd-9-cm",
    "hl7.org/fhir/sid/icd-10": "icd-10",
    "snomed.info/sct": "snomed",
    "urn:oid:2.16.840.1.113883.6.96": "snomed",
    "loinc.org": "loinc",
    "urn:oid:2.16.840.1.113883.6.1": "loinc",
    "www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
    "urn:oid:2.16.840.1.113883.6.88": "rxnorm",
    "hl7.org/fhir/sid/ndc": "ndc",
    "www.cms.gov/medicare/coding/place-of-service-codes/place_of_service_code_set": "place-of-service",
    "terminology.hl7.org/codesystem/ex-serviceplace": "place-of-service",
    "terminology.hl7.org/codesystem/v3-actcode": "encounter-class",
}
#: How systems are called where a code of theirs is shown.
_TITLES: Final = {
    "cpt": "CPT", "hcpcs": "HCPCS", "icd-10-cm": "ICD-10-CM", "icd-9-cm": "ICD-9-CM", "icd-10": "ICD-10",
    "snomed": "SNOMED CT", "loinc": "LOINC", "rxnorm": "RxNorm", "ndc": "NDC",
}  # fmt: skip
PROCEDURE_SYSTEMS: Final = ("cpt", "hcpcs")


@dataclass(frozen=True, slots=True)
class Coding:
    """One code; `system` is a short name, the URI as given where it is not known, or empty."""

    system: str
    code: str
    display: str
    where: str

    @property
    def label(self) -> str:
        """The code as it is shown: system, code and display."""
        title = _TITLES.get(self.system, "")
        return " ".join(part for part in (title, self.code, self.display) if part)


def system_name(uri: str) -> str:
    """The short name of a code system.

    >>> system_name("http://hl7.org/fhir/sid/icd-10-cm"), system_name("https://loinc.org/")
    ('icd-10-cm', 'loinc')
    """
    bare = re.sub(r"^https?://", "", uri.strip().lower()).partition("|")[0].rstrip("/")
    return SYSTEMS.get(bare, uri.strip())


def coding_of(element: Element) -> Coding:
    """A Coding element."""
    return Coding(
        system=system_name(element.text("system")),
        code=element.text("code"),
        display=element.text("display"),
        where=element.where,
    )


def codings(concept: Element | None) -> tuple[Coding, ...]:
    """The codes of a CodeableConcept that have one."""
    if concept is None:
        return ()
    found = (coding_of(part) for part in concept.children("coding"))
    return tuple(coding for coding in found if coding.code)


def words_of(concept: Element | None) -> str:
    """How people would call a CodeableConcept: its text, else a display, else its first code."""
    if concept is None:
        return ""
    if text := concept.text("text"):
        return text
    displays = [part.text("display") for part in concept.children("coding")]
    codes = [coding.label for coding in codings(concept)]
    return next(filter(None, (*displays, *codes)), "")


def all_words(concept: Element | None) -> tuple[str, ...]:
    """Its text and every display, each once."""
    if concept is None:
        return ()
    found = [concept.text("text"), *(part.text("display") for part in concept.children("coding"))]
    return tuple(dict.fromkeys(filter(None, found)))


def described(concept: Element | None) -> str:
    """A concept as it is listed where it was not understood: its codes and its words."""
    labels = [coding.label for coding in codings(concept)]
    text = concept.text("text") if concept is not None else ""
    if text and not any(text.lower() in label.lower() for label in labels):
        labels.append(text)
    return "; ".join(dict.fromkeys(labels)) or "no code"


def status_code(concept: Element | None) -> str:
    """The code of a status that is a CodeableConcept, in lower case; its text where it has no code."""
    found = codings(concept)
    text = found[0].code if found else concept.text("text") if concept is not None else ""
    return text.lower()
