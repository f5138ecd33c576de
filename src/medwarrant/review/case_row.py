"""One case as the figures see it: plain values, no health data, filled from the database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from statistics import fmean, median
from typing import Literal, get_args

import msgspec

from ..model.errors import InputError
from ..policy.clock_rule import Urgency

Determination = Literal["approved", "partially_approved", "modified", "adverse"]
AppealOutcome = Literal["upheld", "overturned", "partly_overturned", "withdrawn"]
DETERMINATIONS: tuple[Determination, ...] = get_args(Determination)
#: Fewer than this are told to be few: a percentage of them moves much with one case. A house rule.
FEW = 20


class CaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A case for the figures.

    | field | what it holds |
    |---|---|
    | `case` | an id; never shown |
    | `received_at`, `urgency`, `line_of_business` | as the case has them now; an empty line is not known |
    | `due_at` | when the clock ran out at the decision, or runs out now; None where it was never timed |
    | `decided_at`, `decision` | the **first** signed determination; an appeal does not change them |
    | `withdrawn_at` | the request was withdrawn before a determination |
    | `again_due_at` | it was decided, and is reopened or appealed and open: when that clock runs out |

    What follows is of cases that were decided:

    | field | what it holds |
    |---|---|
    | `proposed` | the outcome that the software proposed in the record that was decided on |
    | `extended` | the clock was extended |
    | `appealed`, `appeal_open` | an appeal was asked for; one is not decided yet |
    | `appeal_outcome` | what the latest appeal came to that was decided; `withdrawn` where none was |
    | `drugs_only` | every service of the case is a drug: CMS-0057-F leaves it out |
    | `criteria`, `overrides` | criteria that were judged, and those of them that a person judged otherwise |
    """

    case: str
    received_at: datetime
    urgency: Urgency
    line_of_business: str = ""
    due_at: datetime | None = None
    decided_at: datetime | None = None
    decision: Determination | None = None
    withdrawn_at: datetime | None = None
    again_due_at: datetime | None = None
    proposed: str | None = None
    extended: bool = False
    appealed: bool = False
    appeal_open: bool = False
    appeal_outcome: AppealOutcome | None = None
    drugs_only: bool = False
    criteria: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether there is a signed determination."""
        return self.decision is not None and self.decided_at is not None

    @property
    def undecided(self) -> bool:
        """Whether the first determination is still owed."""
        return not self.decided and self.withdrawn_at is None

    @property
    def open(self) -> bool:
        """Whether a determination is still owed: the first, or that of a reopening or an appeal."""
        return self.undecided or self.again_due_at is not None

    @property
    def taken(self) -> timedelta | None:
        """The time between submission and determination, pauses included."""
        return self.decided_at - self.received_at if self.decided and self.decided_at else None

    @property
    def in_time(self) -> bool | None:
        """Whether it was decided by its due time; None where it was not decided or never timed."""
        if not self.decided or self.decided_at is None or self.due_at is None:
            return None
        return self.decided_at <= self.due_at


class Period(msgspec.Struct, frozen=True):
    """Whole days from `first` to `last`, both included, in a time zone (UTC unless one is given).

    >>> Period(date(2026, 1, 1), date(2026, 12, 31)).holds(datetime(2026, 12, 31, 23, tzinfo=UTC))
    True
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InputError(
                f"the period ends on {self.last}, before it begins on {self.first}",
                where="period",
                mend="give the earlier day first",
            )

    def holds(self, moment: datetime | None, zone: tzinfo = UTC) -> bool:
        """Whether a moment lies in it."""
        return moment is not None and self.first <= moment.astimezone(zone).date() <= self.last


class Share(msgspec.Struct, frozen=True):
    """A part of a whole. `percent` is None where there is nothing to take a part of, never 0.

    >>> Share(1, 8).percent, Share(0, 0).percent
    (12.5, None)
    """

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """The part in percent."""
        return 100 * self.part / self.whole if self.whole else None

    @property
    def few(self) -> bool:
        """Whether the whole is so small that one case more would change the percentage much."""
        return self.whole < FEW


class TimeSummary(msgspec.Struct, frozen=True):
    """Mean and median of some times; None where there are none."""

    cases: int
    mean: timedelta | None
    median: timedelta | None


def summary_of(times: list[timedelta]) -> TimeSummary:
    """The mean and the median of some times.

    >>> summary_of([timedelta(hours=1), timedelta(hours=2), timedelta(hours=6)]).median
    datetime.timedelta(seconds=7200)
    """
    if not times:
        return TimeSummary(0, None, None)
    seconds = [time.total_seconds() for time in times]
    return TimeSummary(
        len(times), timedelta(seconds=fmean(seconds)), timedelta(seconds=median(seconds))
    )
