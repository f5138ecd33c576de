"""A structured request (JSON, or the `request:` of an example) to a Request.

Errors name the place by JSON pointer. Codes are normalised (case, dots) and never repaired. What may
stand where is published as a JSON Schema (`medwarrant.schema`); nothing that the schema refuses is
read here. Which words a fact takes is said by the packs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from ..model.dates import parse_date
from ..model.errors import InputError
from ..model.facts import Basis, Fact, Provenance
from ..model.measures import Range, parse_quantity
from ..model.request import Coverage, Diagnosis, DrugDose, Request, ServiceLine
from ..policy.library import Library
from ..terminology.codes import diagnosis_code
from .facts import FactReader
from .json_data import check_json, kind_of, pointer, whole_number

SCHEMA: Final = "medwarrant/request/1"
_KEYS: Final = ("services", "diagnoses", "facts", "coverage", "as_of", "schema")
_LINE: Final = frozenset({*ServiceLine.__struct_fields__, "modifier"} - {"provenance"})
_STATED_FACT: Final = ("fact", "value", "event", "status", "basis", "service")
_BASES: Final[tuple[Basis, ...]] = ("coded", "stated", "read", "confirmed")
_STATUSES: Final = ("present", "absent", "unknown", "conflicting")
_MOST_LINES: Final = 200
_LONGEST_TEXT: Final = 1000
_FROM_REQUEST: Final = Provenance(document="request")
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
    """Reads structured requests against one library.

    >>> from medwarrant import load_packs
    >>> reader = RequestReader(load_packs())
    >>> reader.read({"services": ["64405"], "diagnoses": ["g43719"]}, today=date(2026, 11, 23)).diagnoses[0].code
    'G43.719'
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self.facts = FactReader(library)

    def read(self, raw: Any, *, today: date) -> Request:
        """A request from plain data; `today` is its date where it gives none.

        Raises `InputError` with the JSON pointer of the first thing that cannot be used.
        """
        check_json(raw)
        if not isinstance(raw, Mapping):
            raise InputError(
                f"a request is an object, not {kind_of(raw)}",
                mend=f"with the keys {', '.join(_KEYS)}",
            )
        _known_keys(raw, _KEYS, "", "a key of a request")
        if raw.get("schema") not in (None, SCHEMA):
            raise InputError("is not a schema read here", where="/schema", mend=f"write {SCHEMA}")
        as_of = raw.get("as_of")
        services = tuple(
            self._service(entry, f"/services/{number}")
            for number, entry in enumerate(_list(raw.get("services"), "/services"))
        )
        diagnoses = tuple(
            self._diagnosis(entry, f"/diagnoses/{number}")
            for number, entry in enumerate(_list(raw.get("diagnoses"), "/diagnoses"))
        )
        _check_links(services, diagnoses)
        return Request(
            services=services,
            diagnoses=diagnoses,
            facts=tuple(
                fact
                for number, entry in enumerate(_list(raw.get("facts"), "/facts"))
                for fact in self._facts(entry, f"/facts/{number}")
            ),
            coverage=self._coverage(raw.get("coverage")),
            as_of=today if as_of is None else _day(as_of, "/as_of"),
        )

    def stated(
        self,
        name: str,
        raw: Any,
        where: str,
        *,
        basis: Basis = "stated",
        service: str | None = None,
    ) -> Fact:
        """One fact at a JSON pointer, whose errors point at it or at the attribute within it."""
        try:
            return self.facts.fact(
                name, raw, where="", basis=basis, service=service, provenance=_FROM_REQUEST
            )
        except InputError as error:
            within = error.where.removeprefix(name)
            place = pointer(where, within[1:]) if within.startswith(".") else where
            raise InputError(error.problem, where=place, mend=error.mend) from None

    # --- services and diagnoses -----------------------------------------------------------------

    def _service(self, raw: Any, where: str) -> ServiceLine:
        if isinstance(raw, str | int) and not isinstance(raw, bool):
            return ServiceLine(code=_service_code(raw, where))
        if not isinstance(raw, Mapping):
            raise InputError(
                f"a service is a code or an object, not {kind_of(raw)}",
                where=where,
                mend='for example "64405" or {"code": "64405"}',
            )
        _known_keys(raw, sorted(_LINE), where, "a field of a service line")
        if "code" not in raw:
            raise InputError("a service line needs its code", where=where, mend='add "code"')
        fields: dict[str, Any] = {"code": _service_code(raw["code"], f"{where}/code")}
        for name in ("side", "nerve", "region", "guidance", "setting", "intent", "phase"):
            if raw.get(name) is not None:
                fields[name] = self._word(name, raw[name], f"{where}/{name}")
        for name in ("muscles", "levels"):
            if raw.get(name) not in (None, [], ()):
                fields[name] = self._words(name, raw[name], f"{where}/{name}")
        for name in ("units", "sessions"):
            if raw.get(name) is not None:
                fields[name] = whole_number(raw[name], f"{where}/{name}")
        if raw.get("interval") is not None:
            fields["interval"] = _quantity(raw["interval"], "days", f"{where}/interval")
        drugs = _list(raw.get("drugs"), f"{where}/drugs")
        links = _list(raw.get("diagnoses"), f"{where}/diagnoses")
        fields["modifiers"] = _modifiers(raw, where)
        fields["drugs"] = tuple(
            self._drug(entry, f"{where}/drugs/{number}") for number, entry in enumerate(drugs)
        )
        fields["diagnoses"] = tuple(
            _diagnosis_code(code, f"{where}/diagnoses/{number}")
            for number, code in enumerate(links)
        )
        fields["text"] = _text(raw.get("text"), f"{where}/text")
        return ServiceLine(**fields)

    def _word(self, name: str, raw: Any, where: str) -> str | None:
        """One word of a service fact; None where it is said to be unknown."""
        value = self.stated(name, raw, where).value
        if isinstance(value, tuple):
            return value[0]
        return value if isinstance(value, str) else None

    def _words(self, name: str, raw: Any, where: str) -> tuple[str, ...]:
        value = self.stated(name, raw, where).value
        if isinstance(value, tuple):
            return value
        return (value,) if isinstance(value, str) else ()

    def _drug(self, raw: Any, where: str) -> DrugDose:
        if not isinstance(raw, Mapping):
            return DrugDose(drug=self._drug_named(raw, where))
        _known_keys(raw, ("drug", "dose", "unit", "epinephrine"), where, "a field of a drug")
        if "drug" not in raw:
            raise InputError("the drug is not named", where=where, mend='add "drug"')
        if raw.get("unit") not in (None, "mg", "units"):
            raise InputError(
                "a dose is in mg or units", where=f"{where}/unit", mend="write mg or units"
            )
        unit = "units" if "unit" in str(raw.get("dose", "")) or raw.get("unit") == "units" else "mg"
        dose = raw.get("dose")
        return DrugDose(
            drug=self._drug_named(raw["drug"], f"{where}/drug"),
            dose=None if dose is None else _quantity(dose, unit, f"{where}/dose"),
            unit=unit,
            epinephrine=_yes_or_no(raw.get("epinephrine"), f"{where}/epinephrine"),
        )

    def _drug_named(self, raw: Any, where: str) -> str:
        if not isinstance(raw, str):
            raise InputError(f"a drug is named in text, not by {kind_of(raw)}", where=where)
        if "drugs" not in self.library.facts:
            return raw
        found = self._words("drugs", raw, where)
        if not found:
            raise InputError("the drug is not named", where=where)
        return found[0]

    def _diagnosis(self, raw: Any, where: str) -> Diagnosis:
        if not isinstance(raw, Mapping):
            return Diagnosis(code=_diagnosis_code(raw, where))
        _known_keys(raw, ("code", "text"), where, "a field of a diagnosis")
        if "code" not in raw:
            raise InputError("a diagnosis needs its code", where=where, mend='add "code"')
        return Diagnosis(
            code=_diagnosis_code(raw["code"], f"{where}/code"),
            text=_text(raw.get("text"), f"{where}/text"),
        )

    # --- coverage and facts ---------------------------------------------------------------------

    def _coverage(self, raw: Any) -> Coverage:
        if raw is None:
            return Coverage()
        if not isinstance(raw, Mapping):
            raise InputError(
                f"coverage is an object, not {kind_of(raw)}",
                where="/coverage",
                mend='for example {"payer": "medicare"}',
            )
        _known_keys(raw, Coverage.__struct_fields__, "/coverage", "a field of coverage")
        fields: dict[str, str] = {}
        for key, value in raw.items():
            if value is None:
                continue
            word = self._word(key, value, f"/coverage/{key}")
            if word is not None:
                fields[key] = word
        return Coverage(**fields)

    def _facts(self, raw: Any, where: str) -> list[Fact]:
        if not isinstance(raw, Mapping):
            raise InputError(
                f"a fact is an object, not {kind_of(raw)}",
                where=where,
                mend='for example {"intent": "acute"}',
            )
        if "fact" not in raw:
            return [self.stated(name, value, pointer(where, name)) for name, value in raw.items()]
        _known_keys(raw, _STATED_FACT, where, "a field of a fact")
        name = raw["fact"]
        if not isinstance(name, str):
            raise InputError("a fact is named by its id", where=f"{where}/fact")
        basis = raw.get("basis", "stated")
        if basis not in _BASES:
            raise InputError(
                "is not a basis", where=f"{where}/basis", mend="coded, stated, read or confirmed"
            )
        status = raw.get("status")
        if status is not None and status not in _STATUSES:
            raise InputError(
                "is not a status", where=f"{where}/status", mend=f"one of {', '.join(_STATUSES)}"
            )
        key = next((key for key in ("value", "event", "status") if key in raw), "fact")
        value = raw[key] if key != "fact" else "present"
        if status == "conflicting":
            value = "conflicting"
        elif status == "unknown":
            value = "unknown"
        elif status == "absent":
            value = {**value, "status": "absent"} if isinstance(value, Mapping) else "absent"
        service = raw.get("service")
        return [
            self.stated(
                name,
                value,
                f"{where}/{key}",
                basis=basis,
                service=None if service is None else _service_code(service, f"{where}/service"),
            )
        ]


def _check_links(services: tuple[ServiceLine, ...], diagnoses: tuple[Diagnosis, ...]) -> None:
    codes = {diagnosis.code for diagnosis in diagnoses}
    for number, line in enumerate(services):
        for place, code in enumerate(line.diagnoses):
            if code not in codes:
                raise InputError(
                    f"{code} is not among the diagnoses",
                    where=f"/services/{number}/diagnoses/{place}",
                    mend="add it to diagnoses, or link another",
                )


def _known_keys(raw: Mapping[str, Any], known: Any, where: str, what: str) -> None:
    for key in raw:
        if key not in known:
            raise InputError(
                f"'{key[:40]}' is not {what}",
                where=pointer(where, key),
                mend=f"known: {', '.join(known)}",
            )


def _list(raw: Any, where: str) -> list[Any]:
    if raw is None:
        return []
    if not isinstance(raw, list | tuple):
        raise InputError(f"a list is needed, not {kind_of(raw)}", where=where)
    if len(raw) > _MOST_LINES:
        raise InputError(f"more than {_MOST_LINES} entries", where=where, mend="split the request")
    return list(raw)


def _service_code(raw: Any, where: str) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise InputError(f"a code is text, not {kind_of(raw)}", where=where)
    code = str(raw).strip().upper()
    if not re.fullmatch(r"[A-Z0-9]{5}", code):
        raise InputError(
            f"'{code[:20]}' is not a CPT or HCPCS code", where=where, mend="five letters or digits"
        )
    return code


def _diagnosis_code(raw: Any, where: str) -> str:
    if not isinstance(raw, str):
        raise InputError(f"a code is text, not {kind_of(raw)}", where=where)
    code = diagnosis_code(raw)
    if not 3 <= len(code) <= 8:
        raise InputError(
            f"'{raw[:20]}' is not an ICD-10-CM code", where=where, mend="for example G43.719"
        )
    return code


def _modifiers(raw: Mapping[str, Any], where: str) -> tuple[str, ...]:
    key = "modifiers" if "modifiers" in raw else "modifier"
    given = raw.get(key)
    if given is None:
        return ()
    listed = given if isinstance(given, list | tuple) else [given]
    found = []
    for number, part in enumerate(listed):
        place = f"{where}/{key}/{number}" if listed is given else f"{where}/{key}"
        text = str(part).strip().upper() if isinstance(part, str | int) else ""
        if not re.fullmatch(r"[A-Z0-9]{2}", text):
            raise InputError("is not a modifier", where=place, mend="two letters or digits")
        found.append(text)
    return tuple(dict.fromkeys(found))


def _text(raw: Any, where: str) -> str:
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise InputError(f"text is needed, not {kind_of(raw)}", where=where)
    if len(raw) > _LONGEST_TEXT:
        raise InputError(f"the text is longer than {_LONGEST_TEXT} characters", where=where)
    return raw


def _yes_or_no(raw: Any, where: str) -> bool | None:
    if raw is None or isinstance(raw, bool):
        return raw
    if raw in ("true", "false"):
        return bool(raw == "true")
    raise InputError("is not true or false", where=where)


def _day(raw: Any, where: str) -> date:
    if not isinstance(raw, str | date):
        raise InputError(
            f"a date is text, not {kind_of(raw)}", where=where, mend="write it as 2026-11-23"
        )
    return parse_as_of(raw, where)


def _quantity(raw: Any, unit: str, where: str) -> Range:
    try:
        return parse_quantity(raw, unit)
    except ValueError as error:
        raise InputError(str(error), where=where) from None
