"""A Request as structured JSON: the form that `medwarrant determine` reads back to the same request."""

from __future__ import annotations

from typing import Any

from ..engine.supply import range_json
from ..model.facts import Fact, History
from ..model.request import Request, ServiceLine
from ..policy.library import Library
from .reading import plain_value


def request_json(request: Request, library: Library) -> dict[str, Any]:
    """The request as plain data, without where it was read.

    >>> from datetime import date
    >>> from medwarrant import load_packs
    >>> request_json(Request(as_of=date(2026, 11, 23)), load_packs())
    {'as_of': '2026-11-23', 'services': [], 'diagnoses': [], 'facts': []}
    """
    found: dict[str, Any] = {
        "as_of": request.as_of.isoformat(),
        "services": [_service(line) for line in request.services],
        "diagnoses": [diagnosis.code for diagnosis in request.diagnoses],
        "facts": [_fact(fact, library) for fact in request.facts],
    }
    coverage = {
        name: value
        for name in request.coverage.__struct_fields__
        if (value := getattr(request.coverage, name)) is not None
    }
    if coverage:
        found["coverage"] = coverage
    return found


def _service(line: ServiceLine) -> dict[str, Any]:
    found: dict[str, Any] = {"code": line.code}
    for name in line.__struct_fields__:
        value = getattr(line, name)
        if name in ("code", "text", "provenance", "drugs", "interval") or value in (None, ()):
            continue
        found[name] = list(value) if isinstance(value, tuple) else value
    if line.interval is not None:
        found["interval"] = range_json(line.interval, "days")
    if line.drugs:
        found["drugs"] = [
            {
                "drug": dose.drug,
                **({"dose": range_json(dose.dose, dose.unit)} if dose.dose else {}),
                **({} if dose.epinephrine is None else {"epinephrine": dose.epinephrine}),
            }
            for dose in line.drugs
        ]
    return found


def _fact(fact: Fact, library: Library) -> dict[str, Any]:
    found: dict[str, Any] = {"fact": fact.fact}
    value = plain_value(fact, library)
    if fact.status != "present" and isinstance(value, dict):
        value = {**value, "status": fact.status}
    elif fact.status == "absent" and value is not None:
        value = {"not": value}
    elif value is None:
        value = "none" if fact.status == "absent" and fact.fact in library.events else fact.status
    found["event" if isinstance(value, dict) and (fact.fact in library.events) else "value"] = value
    if isinstance(fact.value, History):
        found["event"] = value
    if fact.basis != "stated":
        found["basis"] = fact.basis
    if fact.service is not None:
        found["service"] = fact.service
    return found
