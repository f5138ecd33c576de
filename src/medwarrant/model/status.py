"""Three-valued status of a criterion (Kleene's strong logic of met, missing and not met)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Literal

StatusWord = Literal["met", "not_met", "missing"]


class Status(IntEnum):
    """Whether a criterion is met, not met, or cannot be told from what is known.

    The order is the truth order of Kleene's logic, so that `all_of` is a minimum and `any_of` a
    maximum.

    >>> all_of([Status.MET, Status.MISSING]).word
    'missing'
    """

    NOT_MET = 0
    MISSING = 1
    MET = 2

    @property
    def word(self) -> StatusWord:
        """The status as the JSON contract spells it."""
        return _WORDS[self]


_WORDS: dict[int, StatusWord] = {
    Status.NOT_MET: "not_met",
    Status.MISSING: "missing",
    Status.MET: "met",
}


def all_of(statuses: Iterable[Status]) -> Status:
    """Conjunction; met over nothing.

    >>> all_of([Status.NOT_MET, Status.MISSING]).word
    'not_met'
    """
    return min(statuses, default=Status.MET)


def any_of(statuses: Iterable[Status]) -> Status:
    """Disjunction; not met over nothing.

    >>> any_of([Status.NOT_MET, Status.MISSING]).word
    'missing'
    """
    return max(statuses, default=Status.NOT_MET)


def negation(status: Status) -> Status:
    """Kleene's *not*: missing stays missing.

    >>> negation(Status.MISSING).word
    'missing'
    """
    return Status(2 - status)


def none_of(statuses: Iterable[Status]) -> Status:
    """Met when every status is not met.

    >>> none_of([Status.NOT_MET, Status.NOT_MET]).word
    'met'
    """
    return negation(any_of(statuses))


def at_least(number: int, statuses: Iterable[Status]) -> Status:
    """Met when `number` of the statuses are met, missing while that many may still be.

    >>> at_least(2, [Status.MET, Status.MISSING, Status.NOT_MET]).word
    'missing'
    """
    ranked = sorted(statuses, reverse=True)
    if number <= 0:
        return Status.MET
    return ranked[number - 1] if number <= len(ranked) else Status.NOT_MET
