"""A date of service that a follow-up states: *date of service is 2026-03-01*, *DOS 3/1/2026*."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import msgspec

from ..intake.structured import parse_as_of
from ..intake.words.quantities import dates
from ..model.errors import InputError

_CUE: Final = re.compile(
    r"\b(?:d\.?o\.?s\b\.?|dates?\s+of\s+(?:the\s+)?(?:service|procedure|injection|treatment|surgery)|(?:service|procedure|treatment)\s+date"
    r"|(?:scheduled|rescheduled|booked|planned)\s+(?:for|on|to)|judge(?:d)?\s+(?:it\s+)?(?:as\s+of|on))\b",
    re.IGNORECASE,
)
_REACH: Final = 40
_SLASHED: Final = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}")


class ServiceDate(msgspec.Struct, frozen=True):
    """The day, the characters that state it; `problem` where it is no day that can be judged."""

    day: date | None
    start: int
    end: int
    problem: str = ""

    def remark(self, text: str) -> str:
        """How the figures were taken, where they can be read in two orders."""
        written = _SLASHED.search(text, self.start, self.end)
        if (
            written is None
            or self.day is None
            or self.day.day > 12
            or self.day.day == self.day.month
        ):
            return ""
        return f"{written[0]} was read as month/day/year: {self.day.isoformat()}"


def service_date(text: str) -> ServiceDate | None:
    """The date of service that a text states, or None where it speaks of none.

    >>> service_date("change the DOS to 3/1/2026").day
    datetime.date(2026, 3, 1)
    >>> service_date("the date of service is in March 2026").problem
    'one day is needed'
    """
    last = None
    for cue in _CUE.finditer(text):
        for dated in dates(text, cue.end(), min(len(text), cue.end() + _REACH)):
            try:
                day = parse_as_of(dated.value, "as_of")
            except InputError as error:
                last = ServiceDate(None, cue.start(), dated.end, error.problem)
            else:
                last = ServiceDate(day, cue.start(), dated.end)
            break
    return last
