"""What a follow-up puts right, as values: what no longer counts, what is not told exactly, what is left."""

from __future__ import annotations

from datetime import date

import msgspec

from ..intake.reading import FactRead, Remark
from ..model.facts import Fact


class Withdrawn(msgspec.Struct, frozen=True):
    """A fact that no longer counts, and the words that say so."""

    fact: FactRead
    quote: str


class Unsettled(msgspec.Struct, frozen=True):
    """Words that ask for a change which they do not tell exactly; nothing of it is changed.

    `choices` are the facts that may be meant; where there are none, `problem` says why.
    """

    quote: str
    choices: tuple[FactRead, ...] = ()
    problem: str = ""


class Corrected(msgspec.Struct, frozen=True, kw_only=True):
    """What a text puts right; `corrects` where it puts anything right, by whatever words."""

    corrects: bool = False
    withdrawn: tuple[Withdrawn, ...] = ()
    facts: tuple[Fact, ...] = ()
    day: date | None = None
    remarks: tuple[Remark, ...] = ()
    unsettled: tuple[Unsettled, ...] = ()
