"""How the demonstration is played: a clock that moves, a cast, and steps that people take one after another.

Nothing is written to a table here: every step calls the act of the desk that the web application calls too,
so that what is shown could have come about, and the audit log holds all of it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import msgspec

from ..cases import find_case
from ..inquiries import load_inquiry
from ..people import Person
from ..work import Desk, Work

_TICK: Final = timedelta(seconds=7)
#: Services are asked for three weeks ahead, and never for a day on which policies of the packs were not in force.
_AHEAD: Final = timedelta(days=21)
_FIRST_SERVICE: Final = date(2026, 5, 18)


class Clock:
    """A clock that is set forward, never back, and that passes a few seconds at every look."""

    def __init__(self, end: datetime) -> None:
        self.end = end
        self._now: datetime | None = None

    def set(self, days_ago: float) -> None:
        """Go on to a moment before the end, unless it is later than that already."""
        moment = self.end - timedelta(days=days_ago)
        self._now = moment if self._now is None else max(self._now, moment)

    def __call__(self) -> datetime:
        """The moment, some seconds after the last look."""
        now = self.end if self._now is None else self._now
        self._now = min(now + _TICK, self.end)
        return self._now


class Play:
    """A desk under a clock that moves, with the people of the demonstration by login."""

    def __init__(self, desk: Desk, end: datetime) -> None:
        self.clock = Clock(end.astimezone(UTC))
        self.desk = dataclasses.replace(desk, clock=self.clock)
        self.people: dict[str, Person] = {}

    def work(self, by: str) -> AbstractContextManager[Work]:
        """A transaction of somebody of the cast."""
        return self.desk.work(self.people[by])

    def service_day(self) -> date:
        """The date of service that is asked for now."""
        return max((self.clock() + _AHEAD).date(), _FIRST_SERVICE)


@dataclasses.dataclass
class About:
    """What the steps of one story are about, once it is there."""

    inquiry_id: str = ""
    case_id: str = ""


class Step(msgspec.Struct, frozen=True):
    """What somebody does, so many days before the end."""

    ago: float
    by: str

    def do(self, play: Play, about: About) -> None:
        """Do it."""
        raise NotImplementedError

    def on_case(
        self, play: Play, about: About, act: Callable[..., Any], *said: Any, **more: Any
    ) -> Any:
        """Do an act with the version that the case has now; whatever the act returns."""
        with play.work(self.by) as work:
            version = find_case(work.connection, about.case_id).version
            return act(work, about.case_id, *said, expected=version, **more)

    def on_inquiry(
        self, play: Play, about: About, act: Callable[..., Any], *said: Any, **more: Any
    ) -> Any:
        """Do an act with the version that the inquiry has now; whatever the act returns."""
        with play.work(self.by) as work:
            version = load_inquiry(work, about.inquiry_id).version
            return act(work, about.inquiry_id, *said, expected=version, **more)


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """An invented inquiry and what became of it.

    It is asked in words (`question` with `facts` beside it) or as a structured `request`; `notes` are the
    names of texts of `notes.py`.
    """

    id: str
    ago: float
    by: str
    question: str = ""
    facts: tuple[str, ...] = ()
    request: Mapping[str, Any] = {}
    notes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


def in_order(stories: Sequence[Story]) -> list[tuple[float, int, Step | None]]:
    """Every moment of the stories, the first first: when, in which story, and the step; None is the asking."""
    moments: list[tuple[float, int, Step | None]] = []
    for place, story in enumerate(stories):
        moments.append((story.ago, place, None))
        moments += [(step.ago, place, step) for step in story.steps]
    return sorted(moments, key=lambda moment: -moment[0])
