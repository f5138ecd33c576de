"""A structured request (JSON, or the `request:` of an example) to a Request.

Errors name the place by JSON pointer. Codes are normalised (case, dots) and never repaired.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from ..model.dates import parse_date
from ..model.errors import InputError
from ..model.facts import Fact
from ..model.measures import Range, parse_quantity
from ..model.request import Coverage, Diagnosis, DrugDose, Request, ServiceLine
from ..policy.library import Library
from ..terminology.codes import diagnosis_code
from .facts import FactReader

_KEYS = ("services", "diagnoses", "facts", "coverage", "as_of", "schema")
_MOST_LINES = 200
EARLIEST_SERVICE, LATEST_SERVICE = date(1966, 1, 1), date(2100, 12, 31)


def parse_as_of(raw: object, where: str) -> date:
    """The date of service: one day, not before 1966 (the first CPT) nor after 2100.

    >>> parse_as_of("2026-11-23", "--as-of")
    datetime.date(2026, 11, 23)
    """
    try:
        span = parse_date(raw)
    except ValueError as error:
        raise InputError(str(error), where=where, mend="write it as 2026-11-23") from None
    if not span.exact:
        raise InputError("one day is needed", where=where, mend="write it as 2026-11-23")
    if not EARLIEST_SERVICE <= span.first <= LATEST_SERVICE:
        raise InputError(
            f"{span.first.isoformat()} cannot be a date of service",
            where=where,
            mend="give a day between 1966 and 2100",
        )
    return span.first


class RequestReader:
    """Reads structured requests against one library."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.facts = FactReader(library)

    def read(self, raw: Any, *, today: date) -> Request:
        """A request from plain data; `today` is its date where it gives none.

        Raises `InputError` with the JSON pointer of the first thing that cannot be used.
        """
        if not isinstance(raw, Mapping):
            raise InputError(
                "a request is an object", where="/", mend=f"with the keys {', '.join(_KEYS)}"
            )
        for key in raw:
            if key not in _KEYS:
                raise InputError(
                    f"'{str(key)[:40]}' is not a key of a request",
                    where="/",
                    mend=f"known: {', '.join(_KEYS)}",
                )
        as_of = parse_as_of(raw["as_of"], "/as_of") if raw.get("as_of") else today
        services = tuple(
            self._service(entry, f"/services/{number}")
            for number, entry in enumerate(_list(raw.get("services"), "/services"))
        )
        diagnoses = tuple(
            self._diagnosis(entry, f"/diagnoses/{number}")
            for number, entry in enumerate(_list(raw.get("diagnoses"), "/diagnoses"))
        )
        codes = {diagnosis.code for diagnosis in diagnoses}
        for number, line in enumerate(services):
            for code in line.diagnoses:
                if code not in codes:
                    raise InputError(
                        f"{code} is not among the diagnoses",
                        where=f"/services/{number}/diagnoses",
                        mend="add it to diagnoses, or link another",
                    )
        facts = tuple(
            fact
            for number, entry in enumerate(_list(raw.get("facts"), "/facts"))
            for fact in self._facts(entry, f"/facts/{number}")
        )
        return Request(
            services=services,
            diagnoses=diagnoses,
            facts=facts,
            coverage=self._coverage(raw.get("coverage")),
            as_of=as_of,
        )

    def _service(self, raw: Any, where: str) -> ServiceLine:
        if not isinstance(raw, Mapping):
            raw = {"code": raw}
        known = set(ServiceLine.__struct_fields__) - {"provenance"} | {"modifier"}
        for key in raw:
            if key not in known:
                raise InputError(
                    f"'{str(key)[:40]}' is not a field of a service line",
                    where=where,
                    mend=f"known: {', '.join(sorted(known))}",
                )
        code = str(raw.get("code", "")).strip().upper()
        if not re.fullmatch(r"[A-Z0-9]{5}", code):
            raise InputError(
                f"'{code[:20]}' is not a CPT or HCPCS code",
                where=f"{where}/code",
                mend="five letters or digits",
            )
        fields: dict[str, Any] = {"code": code}
        for name in ("side", "nerve", "region", "guidance", "setting", "intent", "phase"):
            if raw.get(name) is not None:
                fact = self.facts.fact(name, raw[name], where=where)
                if isinstance(fact.value, str):
                    fields[name] = fact.value
                elif isinstance(fact.value, tuple):
                    fields[name] = fact.value[0]
        for name in ("muscles", "levels"):
            if raw.get(name):
                fact = self.facts.fact(name, raw[name], where=where)
                fields[name] = fact.value if isinstance(fact.value, tuple) else (fact.value,)
        modifiers = raw.get("modifiers", raw.get("modifier")) or ()
        fields["modifiers"] = tuple(
            str(m).strip().upper()
            for m in ([modifiers] if isinstance(modifiers, str) else modifiers)
        )
        for name in ("units", "sessions"):
            if raw.get(name) is not None:
                fields[name] = _whole(raw[name], f"{where}/{name}")
        if raw.get("interval") is not None:
            fields["interval"] = _quantity(raw["interval"], "days", f"{where}/interval")
        fields["drugs"] = tuple(
            self._drug(entry, f"{where}/drugs/{number}")
            for number, entry in enumerate(_list(raw.get("drugs"), f"{where}/drugs"))
        )
        fields["diagnoses"] = tuple(
            diagnosis_code(code) for code in _list(raw.get("diagnoses"), f"{where}/diagnoses")
        )
        fields["text"] = str(raw.get("text", ""))
        return ServiceLine(**fields)

    def _drug(self, raw: Any, where: str) -> DrugDose:
        if not isinstance(raw, Mapping):
            raw = {"drug": raw}
        for key in raw:
            if key not in ("drug", "dose", "unit", "epinephrine"):
                raise InputError(
                    f"'{str(key)[:40]}' is not a field of a drug",
                    where=where,
                    mend="known: drug, dose, epinephrine",
                )
        fact = (
            self.facts.fact("drugs", raw.get("drug"), where=where)
            if "drugs" in self.library.facts
            else None
        )
        name = (
            fact.value[0]
            if fact and isinstance(fact.value, tuple)
            else str(fact.value if fact else raw.get("drug"))
        )
        unit = "units" if "unit" in str(raw.get("dose", "")) or raw.get("unit") == "units" else "mg"
        dose = (
            _quantity(raw["dose"], unit, f"{where}/dose") if raw.get("dose") is not None else None
        )
        epinephrine = raw.get("epinephrine")
        return DrugDose(
            drug=name,
            dose=dose,
            unit=unit,
            epinephrine=None if epinephrine is None else str(epinephrine).lower() == "true",
        )

    def _diagnosis(self, raw: Any, where: str) -> Diagnosis:
        text = ""
        if isinstance(raw, Mapping):
            text, raw = str(raw.get("text", "")), raw.get("code", "")
        code = diagnosis_code(raw)
        if not 3 <= len(code) <= 8:
            raise InputError(
                f"'{str(raw)[:20]}' is not an ICD-10-CM code",
                where=where,
                mend="for example G43.719",
            )
        return Diagnosis(code=code, text=text)

    def _coverage(self, raw: Any) -> Coverage:
        if raw is None:
            return Coverage()
        if not isinstance(raw, Mapping):
            raise InputError(
                "coverage is an object", where="/coverage", mend='for example {"payer": "medicare"}'
            )
        fields: dict[str, str] = {}
        for key, value in raw.items():
            if key not in Coverage.__struct_fields__:
                raise InputError(
                    f"'{str(key)[:40]}' is not a field of coverage",
                    where="/coverage",
                    mend=f"known: {', '.join(Coverage.__struct_fields__)}",
                )
            if value is None:
                continue
            fact = self.facts.fact(key, value, where="/coverage")
            if isinstance(fact.value, str):
                fields[key] = fact.value
        return Coverage(**fields)

    def _facts(self, raw: Any, where: str) -> list[Fact]:
        if not isinstance(raw, Mapping):
            raise InputError(
                "a fact is an object", where=where, mend='for example {"intent": "acute"}'
            )
        if "fact" in raw:
            entry = dict(raw)
            value = entry.get("value", entry.get("event", entry.get("status", "present")))
            service = entry.get("service")
            basis = entry.get("basis", "stated")
            if basis not in ("coded", "stated", "read", "confirmed"):
                raise InputError(
                    f"'{str(basis)[:20]}' is not a basis",
                    where=where,
                    mend="coded, stated, read or confirmed",
                )
            if entry.get("status") == "conflicting":
                value = "conflicting"
            if entry.get("status") == "absent":
                value = {**value, "status": "absent"} if isinstance(value, Mapping) else "absent"
            return [
                self.facts.fact(
                    str(entry["fact"]),
                    value,
                    where=where,
                    basis=basis,
                    service=str(service).upper() if service else None,
                )
            ]
        return [self.facts.fact(str(name), value, where=where) for name, value in raw.items()]


def _list(raw: Any, where: str) -> list[Any]:
    if raw is None:
        return []
    if isinstance(raw, str) or not isinstance(raw, list | tuple):
        raise InputError("a list is needed", where=where)
    if len(raw) > _MOST_LINES:
        raise InputError(f"more than {_MOST_LINES} entries", where=where, mend="split the request")
    return list(raw)


def _whole(raw: Any, where: str) -> int:
    try:
        number = int(str(raw))
    except ValueError:
        raise InputError(f"'{str(raw)[:20]}' is not a whole number", where=where) from None
    if not 0 <= number <= 100_000:
        raise InputError("the number is out of range", where=where, mend="0 to 100000")
    return number


def _quantity(raw: Any, unit: str, where: str) -> Range:
    try:
        return parse_quantity(raw, unit)
    except ValueError as error:
        raise InputError(str(error), where=where) from None
