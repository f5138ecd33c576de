"""Which diagnosis a service is for, where the text says it of each: *A for X and B for Y*."""

from __future__ import annotations

from collections.abc import Sequence

from .diagnosis_found import DiagnosisFound
from .document import Document
from .service_found import ServiceFound


def linked(
    document: Document, services: Sequence[ServiceFound], diagnoses: Sequence[DiagnosisFound]
) -> dict[str, tuple[str, ...]]:
    """Diagnosis codes by service code; empty unless every service has diagnoses of its own.

    The text must alternate: services, *for*, their diagnoses, services, *for*, theirs.
    """
    marks = sorted(
        [(s.span[0], "service", s.code) for s in services]
        + [(d.span[0], "diagnosis", d.code) for d in diagnoses]
        + [(t.start, "for", "") for t in document.tokens if t.norm == "for"]
    )
    groups: list[tuple[list[str], list[str]]] = []
    has_for = False
    for _, kind, code in marks:
        if kind == "service":
            if not groups or groups[-1][1]:
                groups.append(([], []))
                has_for = False
            if not has_for:
                groups[-1][0].append(code)
            else:
                return {}
        elif kind == "for":
            has_for = bool(groups and groups[-1][0] and not groups[-1][1]) or has_for
        else:
            if not groups or not has_for:
                return {}
            groups[-1][1].append(code)
    if len(groups) < 2 or not all(own and codes for own, codes in groups):
        return {}
    found: dict[str, list[str]] = {}
    for own, codes in groups:
        for code in own:
            found.setdefault(code, []).extend(codes)
    return {code: tuple(dict.fromkeys(codes)) for code, codes in found.items()}
