"""FHIR R4 messages (a Bundle, Claim or ServiceRequest) to a Request."""

from .message import FhirRead, is_fhir, read_fhir
from .record import AttachedText

__all__ = ["AttachedText", "FhirRead", "is_fhir", "read_fhir"]
