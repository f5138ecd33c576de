"""What the reading of services finds: services asked for, services done before, and remarks."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..reading import Remark


@dataclass(frozen=True)
class ServiceFound:
    """A service asked for: one code, and the words it was read from (word indexes)."""

    code: str
    span: tuple[int, int]
    first: int
    last: int
    name: str | None = None
    modifiers: tuple[str, ...] = ()
    units: int | None = None
    nerves: tuple[str, ...] = ()
    in_code: bool = False


@dataclass(frozen=True)
class Performed:
    """A service that the text tells as done before, or denies: words, and what they name."""

    first: int
    last: int
    procedure: str | None
    kind: str | None
    denied: bool


@dataclass
class ServicesRead:
    """What is asked for and what was done, with remarks."""

    found: list[ServiceFound] = field(default_factory=list)
    performed: list[Performed] = field(default_factory=list)
    without_code: list[tuple[int, int]] = field(default_factory=list)
    understood: list[tuple[int, int]] = field(default_factory=list)
    drugs_used: set[tuple[int, int]] = field(default_factory=set)
    corrections: list[Remark] = field(default_factory=list)
    assumptions: list[Remark] = field(default_factory=list)
