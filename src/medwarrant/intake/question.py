"""Placeholder until the reading of questions lands in the same commit."""

from __future__ import annotations

import re
from datetime import date

from ..model.request import Diagnosis, Request, ServiceLine
from ..policy.library import Library
from ..terminology.icd10cm import Icd10cm
from .reading import DiagnosisRead, Reading, ServiceRead


def read_question(question: str, library: Library, icd: Icd10cm, *, as_of: date) -> Reading:
    """Codes only."""
    services = re.findall(r"\b\d{5}\b", question)
    diagnoses = [c for c in re.findall(r"\b[A-Z]\d\w(?:\.\w+)?\b", question) if icd.lookup(c)]
    return Reading(
        request=Request(
            services=tuple(ServiceLine(code=c) for c in services),
            diagnoses=tuple(Diagnosis(code=c) for c in diagnoses),
            as_of=as_of,
        ),
        services=tuple(ServiceRead(code=c, name=None, text=c) for c in services),
        diagnoses=tuple(DiagnosisRead(code=c, title=None, text=c) for c in diagnoses),
    )
