"""What is asked: service lines, diagnoses, facts, coverage and the date of service."""

from __future__ import annotations

from datetime import date

import msgspec

from .facts import Fact, Provenance
from .measures import Range


class DrugDose(msgspec.Struct, frozen=True, kw_only=True):
    """A drug given with a service: total milligrams (or units) of the line; None where not stated."""

    drug: str
    dose: Range | None = None
    unit: str = "mg"
    epinephrine: bool | None = None


class ServiceLine(msgspec.Struct, frozen=True, kw_only=True):
    """One procedure asked for, with what is known of how it will be done.

    `diagnoses` are the codes it is linked to; empty means all of the request's.

    >>> ServiceLine(code="64405", intent="acute").attribute("intent")
    'acute'
    """

    code: str
    text: str = ""
    modifiers: tuple[str, ...] = ()
    units: int | None = None
    side: str | None = None
    nerve: str | None = None
    muscles: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    region: str | None = None
    guidance: str | None = None
    drugs: tuple[DrugDose, ...] = ()
    setting: str | None = None
    intent: str | None = None
    phase: str | None = None
    sessions: int | None = None
    interval: Range | None = None
    diagnoses: tuple[str, ...] = ()
    provenance: Provenance = Provenance()

    def attribute(self, name: str) -> str | tuple[str, ...] | Range | None:
        """What the line itself says of a service fact, or None where it says nothing."""
        value: object = getattr(self, _FIELDS.get(name, name), None)
        if value is None or value == ():
            return None
        if isinstance(value, int):
            return Range(float(value), float(value))
        assert isinstance(value, str | tuple | Range), name
        return value


#: Facts about the service that a line carries itself, by the name of its field.
_FIELDS = {"modifier": "modifiers"}
LINE_FACTS = frozenset(
    {"modifier", "units", "side", "nerve", "muscles", "levels", "region", "guidance", "setting"}
    | {"intent", "phase", "sessions", "interval"}
)


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """An ICD-10-CM code, with the words it came from."""

    code: str
    text: str = ""
    provenance: Provenance = Provenance()


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """Who pays: ids of `payers.yaml` and a two-letter state; None where it is not stated."""

    payer: str | None = None
    line_of_business: str | None = None
    state: str | None = None
    contractor: str | None = None

    @property
    def named(self) -> bool:
        """Whether anything is known of who pays."""
        return any((self.payer, self.line_of_business, self.contractor))


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A complete question to the engine; every service is judged for every linked diagnosis.

    >>> request = Request(
    ...     services=(ServiceLine(code="64405"),),
    ...     diagnoses=(Diagnosis(code="G43.919"),),
    ...     as_of=date(2026, 11, 23),
    ... )
    >>> [(line.code, diagnosis.code) for line, diagnosis in request.pairs()]
    [('64405', 'G43.919')]
    """

    services: tuple[ServiceLine, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    facts: tuple[Fact, ...] = ()
    coverage: Coverage = Coverage()
    as_of: date

    def pairs(self) -> list[tuple[ServiceLine, Diagnosis]]:
        """Each service line with each diagnosis it is linked to, in the order asked."""
        return [(self.services[number], diagnosis) for number, diagnosis in self.numbered_pairs()]

    def numbered_pairs(self) -> list[tuple[int, Diagnosis]]:
        """The same with the place of the line: two lines may be equal in everything else."""
        return [
            (number, diagnosis)
            for number, line in enumerate(self.services)
            for diagnosis in self.diagnoses
            if not line.diagnoses or diagnosis.code in line.diagnoses
        ]
