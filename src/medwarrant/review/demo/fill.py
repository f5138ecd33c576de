"""Filling an empty desk with the demonstration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import Connection, func, select

from ...model.errors import InputError
from ..accounts import count_people
from ..store.schema import content_review, inquiry, review_case, setting
from ..work import Desk
from .around import WORDS, review_a_sample, say_of_content
from .cast import CAST, bring_in, set_the_plan
from .play import About, Play, in_order
from .steps_asking import ask
from .stories_again import AGAIN, WITHDRAWN
from .stories_approved import APPROVED
from .stories_asked import ASKED
from .stories_open import GOING_ON
from .stories_refused import LESS

STORIES: Final = (*APPROVED, *LESS, *AGAIN, *WITHDRAWN, *GOING_ON, *ASKED)
#: When the people come, how many days before the end.
_BEGINS: Final = 71.0
#: When the sample for second reviews is drawn.
_SAMPLE_DRAWN: Final = 0.6

Progress = Callable[[str, int, int], None]


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """What a desk was filled with."""

    people: int
    inquiries: int
    cases: int
    second_reviews: int


def refuse_used(connection: Connection) -> None:
    """Raises `InputError` unless the desk is empty: the demonstration never stands beside real work."""
    held = (
        ("cases", select(func.count()).select_from(review_case)),
        ("inquiries", select(func.count()).select_from(inquiry)),
        ("settings", select(func.count()).select_from(setting)),
        ("words of editors", select(func.count()).select_from(content_review)),
    )
    found = [name for name, count in held if connection.execute(count).scalar_one()]
    if count_people(connection):
        found.append("people")
    if found:
        raise InputError(
            f"this desk holds {' and '.join(found[:2])} already",
            mend="name an empty folder with --data; demonstration data goes into a new desk only",
        )


def fill(
    desk: Desk,
    end: datetime,
    *,
    password: str | None = None,
    progress: Progress = lambda what, done, total: None,
) -> Filled:
    """Fill an empty desk with ten weeks of invented work that end at `end`.

    The same desk comes about every time, but for ids, digests and times. `password` is everybody's; without
    one nobody can sign in. Raises `InputError` for a desk that is not empty and for a password that cannot be
    one.
    """
    with desk.database.read() as connection:
        refuse_used(connection)
    play = Play(desk, end)
    play.clock.set(_BEGINS)
    bring_in(play, password)
    set_the_plan(play)
    about = [About() for _ in STORIES]
    moments = in_order(STORIES)
    words = list(WORDS)
    answered = 0
    for done, (ago, place, step) in enumerate(moments):
        while words and words[0][0] >= ago:
            play.clock.set(words[0][0])
            say_of_content(play, *words.pop(0)[1:])
        if not answered and ago < _SAMPLE_DRAWN:
            play.clock.set(_SAMPLE_DRAWN)
            answered = review_a_sample(play)
        play.clock.set(ago)
        if step is None:
            ask(play, STORIES[place], about[place])
        else:
            step.do(play, about[place])
        progress("demonstration", done + 1, len(moments))
    if not answered:
        play.clock.set(_SAMPLE_DRAWN)
        answered = review_a_sample(play)
    return Filled(
        people=len(CAST),
        inquiries=len(STORIES),
        cases=sum(1 for one in about if one.case_id),
        second_reviews=answered,
    )
