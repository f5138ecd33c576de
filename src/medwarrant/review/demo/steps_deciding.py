"""Steps that decide, tell a decision, and take it up again."""

from __future__ import annotations

from typing import Any

from ...policy.clock_rule import Urgency
from ...report.letters import DecisionKind
from ..appeals import ReopenGround, appeal, reopen
from ..cases import find_case
from ..deciding import approve, sign
from ..letters import send_letter, write_decision_letter
from ..records import load_record
from ..sections import SECTION_IDS, open_section
from ..tied import LineSaid
from .play import About, Play, Step


def opened(step: Step, play: Play, about: About) -> str:
    """Every section of the latest record opened, one after the other; its digest."""
    with play.work(step.by) as work:
        case = find_case(work.connection, about.case_id)
        digest = load_record(work.connection, case.record_id).record_digest
    for name in SECTION_IDS:
        with play.work(step.by) as work:
            open_section(work, about.case_id, name, digest)
    return digest


def signature(step: Step, play: Play) -> dict[str, Any]:
    """Name and credentials as a physician types them; a nurse types none."""
    person = play.people[step.by]
    if not person.is_a("physician_reviewer"):
        return {}
    return {"name": person.name, "credentials": person.credentials}


class Approves(Step, frozen=True):
    """Approve all that was asked; with a reason where a physician overrides what was proposed."""

    reason: str = ""

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        digest = opened(self, play, about)
        self.on_case(
            play,
            about,
            approve,
            record_digest=digest,
            reason=self.reason,
            **signature(self, play),
        )


class Signs(Step, frozen=True):
    """Sign a decision that gives less than was asked."""

    kind: DecisionKind
    lines: tuple[LineSaid, ...]

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        digest = opened(self, play, about)
        self.on_case(
            play,
            about,
            sign,
            record_digest=digest,
            kind=self.kind,
            lines=self.lines,
            **signature(self, play),
        )


class Tells(Step, frozen=True):
    """Make the letter of the decision and send it."""

    sent: bool = True

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        case, letter = self.on_case(play, about, write_decision_letter)
        if self.sent:
            self.on_case(play, about, send_letter, letter.id, f"{case.member_name}, by mail")


class Reopens(Step, frozen=True):
    """Reopen the case."""

    ground: ReopenGround
    why: str

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        self.on_case(play, about, reopen, self.ground, self.why)


class Appeals(Step, frozen=True):
    """Appeal the decision, as its requester or as the reviewer whom the appeal reached."""

    why: str
    appellant: str = ""
    urgency: Urgency = "standard"

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        self.on_case(play, about, appeal, self.why, appellant=self.appellant, urgency=self.urgency)
