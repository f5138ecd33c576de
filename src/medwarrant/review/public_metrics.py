"""The public prior-authorization metrics of CMS-0057-F, over the determinations of one period.

The rule names the percentages and leaves their wholes open; docs/review-clocks.md tells which were chosen
and what is left out. One set is for one reporting unit (of Medicare Advantage one contract).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, timedelta, tzinfo

import msgspec

from .case_row import CaseRow, Period, Share, TimeSummary, summary_of
from .metrics import rounded
from .table import Cell, Table


class PublicMetrics(msgspec.Struct, frozen=True, kw_only=True):
    """The metrics of one period and one line of business (None: of all together).

    Counted is each request by its first determination, on the day of that determination. Approved is
    approved as asked; a request that was approved in part or modified counts as denied, and `in_part`
    says how many those are. Pauses are part of the time between submission and determination. Requests
    for drugs only are left out, as the rule does; one that asks for a drug and for something else counts.
    """

    period: Period
    line_of_business: str | None
    standard_approved: Share
    standard_denied: Share
    standard_approved_after_appeal: Share
    standard_appeals_approved: Share
    extended_approved: Share
    extended_approved_of_extended: Share
    expedited_approved: Share
    expedited_denied: Share
    standard_time: TimeSummary
    expedited_time: TimeSummary
    in_part: int
    drugs_left_out: int
    open_appeals: int


def public_metrics(
    rows: Iterable[CaseRow],
    period: Period,
    line_of_business: str | None = None,
    zone: tzinfo = UTC,
) -> PublicMetrics:
    """The metrics over the determinations of a period; what nothing was counted for is None, not 0.

    >>> from datetime import date
    >>> empty = public_metrics((), Period(date(2026, 1, 1), date(2026, 12, 31)))
    >>> empty.standard_approved.percent is None
    True
    """
    decided = [
        row
        for row in rows
        if row.decided
        and period.holds(row.decided_at, zone)
        and line_of_business in (None, row.line_of_business)
    ]
    counted = [row for row in decided if not row.drugs_only]
    standard = [row for row in counted if row.urgency == "standard"]
    expedited = [row for row in counted if row.urgency == "expedited"]
    extended = [row for row in counted if row.extended]
    heard = [row for row in standard if row.appeal_outcome not in (None, "withdrawn")]
    won = sum(row.appeal_outcome == "overturned" for row in heard)
    return PublicMetrics(
        period=period,
        line_of_business=line_of_business,
        standard_approved=_approved(standard),
        standard_denied=_denied(standard),
        standard_approved_after_appeal=Share(won, len(standard)),
        standard_appeals_approved=Share(won, len(heard)),
        extended_approved=Share(_approved(extended).part, len(counted)),
        extended_approved_of_extended=_approved(extended),
        expedited_approved=_approved(expedited),
        expedited_denied=_denied(expedited),
        standard_time=summary_of([row.taken for row in standard if row.taken is not None]),
        expedited_time=summary_of([row.taken for row in expedited if row.taken is not None]),
        in_part=sum(row.decision in ("partially_approved", "modified") for row in counted),
        drugs_left_out=len(decided) - len(counted),
        open_appeals=sum(row.appeal_open for row in counted),
    )


def _approved(rows: list[CaseRow]) -> Share:
    return Share(sum(row.decision == "approved" for row in rows), len(rows))


def _denied(rows: list[CaseRow]) -> Share:
    return Share(sum(row.decision != "approved" for row in rows), len(rows))


#: The metrics in the order of the rule, each with our words for what it is a part of.
_SHARES = (
    ("standard_approved", "Standard requests approved", "standard requests decided"),
    ("standard_denied", "Standard requests denied", "standard requests decided"),
    (
        "standard_approved_after_appeal",
        "Standard requests approved after appeal",
        "standard requests decided",
    ),
    (
        "standard_appeals_approved",
        "Appeals of standard requests that were approved",
        "appeals decided",
    ),
    ("extended_approved", "Requests extended and approved", "requests decided"),
    ("extended_approved_of_extended", "Extended requests approved", "requests extended"),
    ("expedited_approved", "Expedited requests approved", "expedited requests decided"),
    ("expedited_denied", "Expedited requests denied", "expedited requests decided"),
)
_TIMES = (
    ("standard_time", "Time from submission to determination, standard"),
    ("expedited_time", "Time from submission to determination, expedited"),
)


def public_metrics_table(metrics: PublicMetrics) -> Table:
    """The metrics as a table: one row each, with the counts behind every percentage."""
    rows: list[tuple[Cell, ...]] = []
    for name, words, of in _SHARES:
        share: Share = getattr(metrics, name)
        rows.append(
            (name, words, share.part, share.whole, of, rounded(share.percent), None, None, None)
        )
    for name, words in _TIMES:
        time: TimeSummary = getattr(metrics, name)
        rows.append(
            (
                *(name, words, None, time.cases, "requests decided", None),
                *(hours(time.mean), hours(time.median), "hours"),
            )
        )
    line = metrics.line_of_business
    return Table(
        caption=(
            f"Prior authorization metrics, {metrics.period.first} to {metrics.period.last}, "
            f"{'all lines of business' if line is None else line}"
        ),
        columns=("metric", "words", "count", "of", "of what", "percent", "mean", "median", "unit"),
        rows=tuple(rows),
    )


def hours(time: timedelta | None) -> float | None:
    """A time in hours, as it is shown."""
    return None if time is None else rounded(time / timedelta(hours=1))
