"""Steps of those who review, before anything is decided."""

from __future__ import annotations

from datetime import timedelta

from ..assigning import As, refer, take, withdraw
from ..cases import case_answer, find_case, record_of
from ..comments import add_comment
from ..facts import FactSaid, SaidOfFact, review_facts
from ..information import end_waiting, information_to_ask, receive_information, request_information
from ..letters import write_brief, write_checklist
from ..peer_to_peer import TalkState, close_talk, offer_talk
from ..timing import extend_clock, pause_clock
from .play import About, Play, Step
from .steps_asking import files_of


class Takes(Step, frozen=True):
    """Take the case."""

    as_: As | None = None

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        self.on_case(play, about, take, as_=self.as_)


class Reads(Step, frozen=True):
    """Accept what was read from the notes, but correct or reject some; facts are named as the packs name them."""

    correct: tuple[tuple[str, str], ...] = ()
    reject: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    comment: str = ""

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        with play.work(self.by) as work:
            case = find_case(work.connection, about.case_id)
            read = case_answer(play.desk, record_of(work, case)).reading.facts
        instead, said = dict(self.correct), []
        for fact in read:
            if fact.basis != "read":
                continue
            if fact.fact in instead:
                said.append(
                    FactSaid(
                        act="corrected",
                        fact=fact.id,
                        value=instead[fact.fact],
                        comment=self.comment,
                    )
                )
            else:
                act: SaidOfFact = "rejected" if fact.fact in self.reject else "accepted"
                said.append(FactSaid(act=act, fact=fact.id))
        said += [FactSaid(act="added", value=value, comment=self.comment) for value in self.add]
        self.on_case(play, about, review_facts, said)


class Comments(Step, frozen=True):
    """Comment on the case, or on one criterion of a service."""

    words: str
    service: str = ""
    criterion: str = ""

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        self.on_case(
            play, about, add_comment, self.words, service=self.service, criterion=self.criterion
        )


class Asks(Step, frozen=True):
    """Ask the practice for what is missing: the first so many things of the list."""

    most: int = 3
    words: str = ""

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        with play.work(self.by) as work:
            case = find_case(work.connection, about.case_id)
            wanted = information_to_ask(case_answer(play.desk, record_of(work, case)))
        self.on_case(play, about, request_information, wanted[: self.most], words=self.words)


class Sends(Step, frozen=True):
    """Send what was asked for: facts, notes, words."""

    facts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    words: str = ""

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        files = files_of(self.notes)
        self.on_case(
            play, about, receive_information, facts=self.facts, files=files, words=self.words
        )


class WaitsNoMore(Step, frozen=True):
    """Go on without the information."""

    why: str

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        self.on_case(play, about, end_waiting, self.why)


class Refers(Step, frozen=True):
    """Refer the case to a physician."""

    why: str

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        self.on_case(play, about, refer, self.why)


class OffersTalk(Step, frozen=True):
    """Offer a peer-to-peer talk, with the brief for it."""

    contact: str = "Called the office in the morning and left the number to call back"

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        self.on_case(play, about, write_brief)
        until = play.clock() + timedelta(days=1)
        self.on_case(play, about, offer_talk, self.contact, until)


class EndsTalk(Step, frozen=True):
    """Keep what came of the talk."""

    state: TalkState
    outcome: str = ""

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        self.on_case(play, about, close_talk, self.state, self.outcome)


class WritesChecklist(Step, frozen=True):
    """Make the checklist of what a practice submits."""

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        self.on_case(play, about, write_checklist)


class Extends(Step, frozen=True):
    """Extend the clock."""

    days: int
    why: str
    told: str

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        self.on_case(play, about, extend_clock, self.days, self.why, self.told)


class Pauses(Step, frozen=True):
    """Stop the clock, where the line of business allows it."""

    why: str

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        self.on_case(play, about, pause_clock, self.why)


class Withdraws(Step, frozen=True):
    """Withdraw the request."""

    why: str

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        self.on_case(play, about, withdraw, self.why)
