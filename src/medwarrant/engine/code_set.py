"""What the engine is told of the code set: the release, and the request's codes as it has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model.determination import CodeSetUsed
from ..model.diagnosis_code import DiagnosisCode


@dataclass(frozen=True, slots=True)
class CodeSet:
    """The release of ICD-10-CM that the codes of a request were looked up in."""

    used: CodeSetUsed
    codes: Mapping[str, DiagnosisCode | None]
    source: str | None = None
