"""The figures of a desk: volumes, outcomes, clocks met, time to decision, overrides by criterion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal

import msgspec

from .case_row import DETERMINATIONS, CaseRow, Determination, Period, Share, TimeSummary, summary_of
from .table import Table

__all__ = ["CaseRow", "DeskFigures", "Period", "desk_figures", "volumes"]

#: What the page says for each word.
WORDS: dict[str, str] = {
    "approved": "approved",
    "partially_approved": "partially approved",
    "modified": "modified",
    "adverse": "adverse",
    "withdrawn": "withdrawn",
    "meets_criteria": "criteria met",
    "needs_information": "information missing",
    "needs_clinical_review": "for a clinician",
    "no_policy": "no policy found",
}


class Volume(msgspec.Struct, frozen=True, kw_only=True):
    """What came in and went out in one week or month; `whole` is false where the period cuts it."""

    first: date
    last: date
    whole: bool
    received: int
    decided: int
    withdrawn: int
    decisions: dict[Determination, int]


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """Clocks met: of the cases decided in the period, and of those that ran out in it undecided.

    The shares are of first determinations. `overdue` ran out in the period and are open, reopened and
    appealed cases with them; `untimed` have no due time and are in no share.
    """

    standard: Share
    expedited: Share
    overdue: int
    untimed: int


class Overridden(msgspec.Struct, frozen=True, kw_only=True):
    """How often a person judged a criterion otherwise than the software, among decided cases."""

    criterion: str
    share: Share


class DeskFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one desk over one period.

    `received` counts by receipt, everything about decisions by the day of the first determination. `open` are
    all cases that a determination is owed of now, `open_again` those of them that are reopened or appealed.
    `proposals` counts each proposed outcome with the determination that a person made of it.
    """

    period: Period
    received: int
    decided: int
    withdrawn: int
    open: int
    open_again: int
    decisions: dict[Determination, int]
    proposals: tuple[tuple[str, Determination, int], ...]
    clocks: Clocks
    standard_time: TimeSummary
    expedited_time: TimeSummary
    overrides: tuple[Overridden, ...]


def desk_figures(
    rows: Iterable[CaseRow], period: Period, now: datetime, zone: tzinfo = UTC
) -> DeskFigures:
    """The figures of a period, as they stand at `now`.

    >>> row = CaseRow(case="1", received_at=datetime(2026, 11, 2, tzinfo=UTC), urgency="standard")
    >>> found = desk_figures(
    ...     [row], Period(date(2026, 11, 1), date(2026, 11, 30)), datetime(2026, 11, 3, tzinfo=UTC)
    ... )
    >>> found.received, found.open, found.clocks.standard.percent
    (1, 1, None)
    """
    rows = list(rows)
    decided = [row for row in rows if row.decided and period.holds(row.decided_at, zone)]
    return DeskFigures(
        period=period,
        received=sum(period.holds(row.received_at, zone) for row in rows),
        decided=len(decided),
        withdrawn=sum(period.holds(row.withdrawn_at, zone) for row in rows if not row.decided),
        open=sum(row.open for row in rows),
        open_again=sum(row.again_due_at is not None for row in rows),
        decisions=_decisions(decided),
        proposals=_proposals(decided),
        clocks=_clocks(rows, decided, period, now, zone),
        standard_time=_times(decided, "standard"),
        expedited_time=_times(decided, "expedited"),
        overrides=_overrides(decided),
    )


def volumes(
    rows: Iterable[CaseRow], period: Period, by: Literal["week", "month"], zone: tzinfo = UTC
) -> tuple[Volume, ...]:
    """What came in and went out by week (from Monday) or by month, empty ones included.

    >>> [volume.first.isoformat() for volume in volumes((), Period(date(2026, 11, 20), date(2026, 12, 2)), "month")]
    ['2026-11-01', '2026-12-01']
    """

    def part(moment: datetime | None) -> date | None:
        """The first day of the week or month of a moment in the period."""
        if moment is None:
            return None
        day = moment.astimezone(zone).date()
        return _start(day, by) if period.first <= day <= period.last else None

    received: Counter[date | None] = Counter()
    withdrawn: Counter[date | None] = Counter()
    decisions: Counter[tuple[date | None, Determination | None]] = Counter()
    for row in rows:
        received[part(row.received_at)] += 1
        if row.decided:
            decisions[part(row.decided_at), row.decision] += 1
        else:
            withdrawn[part(row.withdrawn_at)] += 1
    found: list[Volume] = []
    first = _start(period.first, by)
    while first <= period.last:
        following = _start(first + timedelta(days=7 if by == "week" else 32), by)
        last = following - timedelta(days=1)
        made = {kind: decisions[first, kind] for kind in DETERMINATIONS}
        found.append(
            Volume(
                first=first,
                last=last,
                whole=period.first <= first and last <= period.last,
                received=received[first],
                decided=sum(made.values()),
                withdrawn=withdrawn[first],
                decisions=made,
            )
        )
        first = following
    return tuple(found)


def times_taken(rows: Iterable[CaseRow], period: Period, zone: tzinfo = UTC) -> list[timedelta]:
    """The time to decision of each case decided in a period, shortest first."""
    return sorted(
        row.taken for row in rows if row.taken is not None and period.holds(row.decided_at, zone)
    )


def _start(day: date, by: str) -> date:
    return day - timedelta(days=day.weekday()) if by == "week" else day.replace(day=1)


def _decisions(rows: Sequence[CaseRow]) -> dict[Determination, int]:
    counts = Counter(row.decision for row in rows)
    return {kind: counts[kind] for kind in DETERMINATIONS}


def _proposals(rows: Sequence[CaseRow]) -> tuple[tuple[str, Determination, int], ...]:
    counts = Counter((row.proposed, row.decision) for row in rows)
    return tuple(
        (proposed, kind, counts[(proposed, kind)])
        for proposed in sorted({row.proposed for row in rows if row.proposed is not None})
        for kind in DETERMINATIONS
        if counts[(proposed, kind)]
    )


def _times(rows: Sequence[CaseRow], urgency: str) -> TimeSummary:
    return summary_of(
        [row.taken for row in rows if row.urgency == urgency and row.taken is not None]
    )


def _clocks(
    rows: Sequence[CaseRow],
    decided: Sequence[CaseRow],
    period: Period,
    now: datetime,
    zone: tzinfo,
) -> Clocks:
    late = [
        row
        for row in rows
        if row.undecided
        and row.due_at is not None
        and row.due_at < now
        and period.holds(row.due_at, zone)
    ]
    again = sum(
        row.again_due_at is not None
        and row.again_due_at < now
        and period.holds(row.again_due_at, zone)
        for row in rows
    )
    shares: dict[str, Share] = {}
    for urgency in ("standard", "expedited"):
        timed = [row for row in decided if row.urgency == urgency and row.in_time is not None]
        undecided = sum(row.urgency == urgency for row in late)
        shares[urgency] = Share(sum(row.in_time is True for row in timed), len(timed) + undecided)
    return Clocks(
        standard=shares["standard"],
        expedited=shares["expedited"],
        overdue=len(late) + again,
        untimed=sum(row.in_time is None for row in decided),
    )


def _overrides(rows: Sequence[CaseRow]) -> tuple[Overridden, ...]:
    """Every criterion that was overridden, most often first."""
    judged = Counter(name for row in rows for name in {*row.criteria, *row.overrides})
    otherwise = Counter(name for row in rows for name in set(row.overrides))
    return tuple(
        Overridden(criterion=name, share=Share(number, judged[name]))
        for name, number in sorted(otherwise.items(), key=lambda entry: (-entry[1], entry[0]))
    )


# --- tables ---------------------------------------------------------------------------------------


def volume_table(found: Sequence[Volume], by: Literal["week", "month"]) -> Table:
    """The volumes as a table."""
    return Table(
        caption=f"Cases by {by}",
        columns=(
            f"{by} from",
            "to",
            "received",
            "decided",
            *(WORDS[kind] for kind in DETERMINATIONS),
            "withdrawn",
        ),
        rows=tuple(
            (
                volume.first.isoformat(),
                volume.last.isoformat(),
                volume.received,
                volume.decided,
                *(volume.decisions[kind] for kind in DETERMINATIONS),
                volume.withdrawn,
            )
            for volume in found
        ),
    )


def override_table(found: Sequence[Overridden]) -> Table:
    """The overrides as a table."""
    return Table(
        caption="Criteria that a person judged otherwise",
        columns=("criterion", "judged otherwise", "cases it was judged in", "percent"),
        rows=tuple(
            (one.criterion, one.share.part, one.share.whole, rounded(one.share.percent))
            for one in found
        ),
    )


def rounded(value: float | None, digits: int = 1) -> float | None:
    """A figure as it is shown, or None."""
    return None if value is None else round(value, digits)
