"""What the reading of diagnoses finds, with remarks."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..reading import Remark


@dataclass(frozen=True)
class DiagnosisFound:
    """A diagnosis with where it was read; `words` are word indexes, None for a bare code."""

    code: str
    span: tuple[int, int]
    title: str | None
    in_words: tuple[int, int] | None = None
    from_code: bool = False
    from_value_set: bool = False
    candidates: tuple[str, ...] = ()
    uncertain: bool = False
    said: frozenset[str] = frozenset()


@dataclass
class DiagnosesRead:
    """What was found, with remarks; `symptoms` were left out beside a definite diagnosis."""

    found: list[DiagnosisFound] = field(default_factory=list)
    corrections: list[Remark] = field(default_factory=list)
    assumptions: list[Remark] = field(default_factory=list)
    understood: list[tuple[int, int]] = field(default_factory=list)
