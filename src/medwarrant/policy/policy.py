"""A policy: the rules of one publisher on some services, with status, authority and dates."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from ..model.sources import Certainty, Direction, Strength
from .criteria import Criterion

Authority = Literal["statute", "national", "local", "plan", "guideline"]
#: Highest first.
AUTHORITIES: tuple[Authority, ...] = ("statute", "national", "local", "plan", "guideline")
PolicyStatus = Literal["draft", "proposed", "in_force", "superseded", "retired"]


class CodeQuestion(msgspec.Struct, frozen=True, omit_defaults=True):
    """A question whose answer may be another code."""

    question: str
    code: str | None = None


class Position(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the evidence or the publisher says of an indication."""

    direction: Direction
    strength: Strength | None = None
    certainty: Certainty | None = None
    searched: date | None = None


class Indication(msgspec.Struct, frozen=True, omit_defaults=True):
    """A clinical reason that the policy speaks of.

    `scope` is a criterion like any other, or None where the indication always applies.
    """

    id: str
    title: str
    plain: str
    diagnoses: tuple[str, ...]
    scope: Criterion | None
    position: Position
    rests_on: tuple[str, ...]
    requires: Criterion | None
    ask: tuple[CodeQuestion, ...] = ()
    note: str = ""
    verified: bool = True
    line: int = 0


class RequestRule(msgspec.Struct, frozen=True, omit_defaults=True):
    """A rule about the whole request; met means respected."""

    id: str
    title: str
    rule: Criterion
    message: str
    rests_on: tuple[str, ...]
    verified: bool = True
    line: int = 0


class Contraindication(msgspec.Struct, frozen=True, omit_defaults=True):
    """A condition under which the service is unsafe: `absolute` refers, `relative` cautions."""

    id: str
    severity: Literal["absolute", "relative"]
    when: Criterion
    message: str
    plain: str
    rests_on: tuple[str, ...]
    verified: bool = True
    line: int = 0


class CitedText(msgspec.Struct, frozen=True, omit_defaults=True):
    """A sentence with its sources; shown only when `when` is met or may be, if it is given."""

    id: str
    message: str
    plain: str
    rests_on: tuple[str, ...]
    when: Criterion | None = None
    line: int = 0


class SafetyProfile(msgspec.Struct, frozen=True, omit_defaults=True):
    """Contraindications, cautions, technique and session rules shared by several policies."""

    id: str
    contraindications: tuple[Contraindication, ...] = ()
    cautions: tuple[CitedText, ...] = ()
    technique: tuple[CitedText, ...] = ()
    pitfalls: tuple[CitedText, ...] = ()
    limits: tuple[CitedText, ...] = ()
    documents: tuple[CitedText, ...] = ()
    request_rules: tuple[RequestRule, ...] = ()


class Policy(msgspec.Struct, frozen=True, omit_defaults=True):
    """One publisher's rules on some services; the sections of its safety profiles are merged in."""

    id: str
    pack: str
    title: str
    publisher: str
    authority: Authority
    status: PolicyStatus
    effective_from: date | None
    effective_to: date | None
    services: tuple[str, ...]
    indications: tuple[Indication, ...]
    contested: bool = False
    last_seen: date | None = None
    number: str = ""
    summary: str = ""
    plain: str = ""
    applies_to: Criterion | None = None
    rests_on: tuple[str, ...] = ()
    request_rules: tuple[RequestRule, ...] = ()
    contraindications: tuple[Contraindication, ...] = ()
    cautions: tuple[CitedText, ...] = ()
    technique: tuple[CitedText, ...] = ()
    pitfalls: tuple[CitedText, ...] = ()
    limits: tuple[CitedText, ...] = ()
    documents: tuple[CitedText, ...] = ()
    file: str = ""
    line: int = 0

    @property
    def is_guideline(self) -> bool:
        """Whether the policy belongs to the guideline layer, which applies whoever pays."""
        return self.authority == "guideline"

    def status_on(self, day: date) -> str:
        """The status on a date of service.

        A policy that was retired or replaced later was in force during its effective period; a
        draft or a proposal never is. `not_yet_in_force` precedes the period.
        """
        if self.status in ("draft", "proposed"):
            return self.status
        if self.effective_from is not None and day < self.effective_from:
            return "not_yet_in_force"
        if self.effective_to is not None and day > self.effective_to:
            return "superseded" if self.status == "in_force" else self.status
        if self.status != "in_force" and self.effective_to is None:
            return self.status
        return "in_force"

    def effective(self) -> dict[str, str | None]:
        """The effective period as the answer shows it."""
        return {
            "from": self.effective_from.isoformat() if self.effective_from else None,
            "to": self.effective_to.isoformat() if self.effective_to else None,
        }
