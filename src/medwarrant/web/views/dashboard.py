"""The figures of the desk over a period, and the public prior-authorization metrics, as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from ...model.errors import InputError
from ...policy.clock_rule import URGENCIES, Urgency
from ...review import settings
from ...review.case_row import Period
from ...review.case_rows import case_rows
from ...review.metrics import (
    DeskFigures,
    Volume,
    desk_figures,
    override_table,
    times_taken,
    volume_table,
    volumes,
)
from ...review.plan_clock import rule_for
from ...review.public_metrics import PublicMetrics, public_metrics, public_metrics_table
from ...review.read_plan_clock import read_plan_clocks
from ...review.samples import samples_drawn
from ...review.second_sample import sample_agreement
from ...review.table import Table
from ...review.work import Work
from ...review.worklist import MOST_ON_A_PAGE, Filters, worklist

By = Literal["week", "month"]
#: How many samples the page tells of.
_SAMPLES: Final = 4
#: From so many days on, figures are told by month.
_BY_MONTH: Final = 100
#: The longest period, in days.
_LONGEST: Final = 366 * 5


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """The period and the line of business that figures are wanted of; an empty line is all of them."""

    first: date | None = None
    last: date | None = None
    line_of_business: str = ""


class RunningClock(msgspec.Struct, frozen=True, kw_only=True):
    """A clock that is running: of which case, and by when."""

    case: str
    number: str
    received_at: datetime
    due_at: datetime
    paused: bool
    overdue: bool


class AgreementShown(msgspec.Struct, frozen=True, kw_only=True):
    """The agreement in a sample of second reviews."""

    sample: str
    answered: int
    cases: int
    criteria_percent: float | None
    criteria_kappa: float | None
    outcomes_percent: float | None
    outcomes_kappa: float | None


class Shortcut(msgspec.Struct, frozen=True, kw_only=True):
    """A period that can be chosen at once."""

    words: str
    first: date
    last: date


class DashboardView(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a period: volumes, outcomes, clocks, times, overrides, running clocks, agreement.

    Percentages are parts of `whole`; where that is 0, nothing can be said. Days are those of `time_zone`.
    """

    first: date
    last: date
    line_of_business: str
    time_zone: str
    by: By
    figures: DeskFigures
    volumes: tuple[Volume, ...]
    tables: tuple[Table, ...]
    running: tuple[RunningClock, ...]
    running_in_all: int
    agreement: tuple[AgreementShown, ...]
    lines_of_business: tuple[tuple[str, str], ...]
    shortcuts: tuple[Shortcut, ...]


class PublicLine(msgspec.Struct, frozen=True, kw_only=True):
    """The public metrics of one line of business: None is all together, an empty one is not known."""

    line_of_business: str | None
    title: str
    metrics: PublicMetrics
    table: Table


class PublicView(msgspec.Struct, frozen=True, kw_only=True):
    """The public prior-authorization metrics of a period, each line of business by itself."""

    first: date
    last: date
    time_zone: str
    lines: tuple[PublicLine, ...]
    shortcuts: tuple[Shortcut, ...]


class Drawn(msgspec.Struct, frozen=True):
    """What pictures need beside the view: the times taken, by urgency, and the limit where there is one."""

    times: dict[Urgency, list[timedelta]]
    limits: dict[Urgency, timedelta | None]
    now: datetime
    zone: ZoneInfo


def dashboard(work: Work, wanted: Wanted) -> tuple[DashboardView, Drawn]:
    """The figures of a period, and what their pictures need."""
    library = work.desk.medwarrant.library
    line = wanted.line_of_business
    if line and line not in library.lines_of_business:
        raise InputError("this line of business is not known", where="line_of_business")
    zone = settings.organisation(work.connection).zone
    period = _period(work, wanted, zone)
    rows = case_rows(work, period=period, line_of_business=line)
    by: By = "month" if (period.last - period.first).days >= _BY_MONTH else "week"
    figures = desk_figures(rows, period, work.now, zone)
    by_time = volumes(rows, period, by, zone)
    running, in_all = _running(work, line)
    view = DashboardView(
        first=period.first,
        last=period.last,
        line_of_business=line,
        time_zone=str(zone),
        by=by,
        figures=figures,
        volumes=by_time,
        tables=(volume_table(by_time, by), override_table(figures.overrides)),
        running=running,
        running_in_all=in_all,
        agreement=_agreement(work),
        lines_of_business=tuple(
            (name, known.title) for name, known in library.lines_of_business.items()
        ),
        shortcuts=_shortcuts(work, zone),
    )
    times = {
        urgency: times_taken([row for row in rows if row.urgency == urgency], period, zone)
        for urgency in URGENCIES
    }
    return view, Drawn(times, _limits(work, line), work.now, zone)


def public(work: Work, wanted: Wanted) -> PublicView:
    """The public metrics of a period: of every line of business that had a determination, and of all."""
    library = work.desk.medwarrant.library
    zone = settings.organisation(work.connection).zone
    period = _period(work, wanted, zone)
    rows = case_rows(work, period=period, line_of_business=wanted.line_of_business)
    held = {row.line_of_business for row in rows if period.holds(row.decided_at, zone)}
    found = sorted(held, key=lambda name: (not name, name))
    lines = []
    for name in [None, *found]:
        metrics = public_metrics(rows, period, name, zone)
        known = library.lines_of_business.get(name or "")
        if name is None:
            title = "All lines of business"
        else:
            title = _upper_first(known.title if known else name or "line of business not known")
        table = public_metrics_table(metrics)
        caption = f"{title}, {period.first} to {period.last}"
        lines.append(
            PublicLine(
                line_of_business=name,
                title=title,
                metrics=metrics,
                table=msgspec.structs.replace(table, caption=caption),
            )
        )
    return PublicView(
        first=period.first,
        last=period.last,
        time_zone=str(zone),
        lines=tuple(lines),
        shortcuts=_shortcuts(work, zone),
    )


def together(tables: Sequence[tuple[str, Table]]) -> Table:
    """Several tables of the same columns as one, with what each is of in the first column."""
    return Table(
        caption="",
        columns=("line_of_business", *tables[0][1].columns),
        rows=tuple((name, *row) for name, table in tables for row in table.rows),
    )


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _period(work: Work, wanted: Wanted, zone: ZoneInfo) -> Period:
    """The period wanted; the last ninety days where none is."""
    today = work.now.astimezone(zone).date()
    last = wanted.last or max(today, wanted.first or today)
    first = wanted.first or last - timedelta(days=min(89, last.toordinal() - 1))
    if (last - first).days > _LONGEST:
        raise InputError("a period is five years at most", where="first", mend="give a later day")
    if first.year < 1900 or last.year > 9000:
        raise InputError("there are no figures of that time", where="first")
    try:
        return Period(first, last)
    except InputError as error:
        raise InputError(error.problem, where="last", mend=error.mend) from None


def _running(work: Work, line: str) -> tuple[tuple[RunningClock, ...], int]:
    """The clocks that are running, due first: as many as a page of the worklist has."""
    found = worklist(work, Filters(line_of_business=line or None, per_page=MOST_ON_A_PAGE))
    return (
        tuple(
            RunningClock(
                case=one.id,
                number=one.number,
                received_at=one.received_at,
                due_at=one.due_at,
                paused=one.paused,
                overdue=one.overdue,
            )
            for one in found.cases
        ),
        found.total,
    )


def _limits(work: Work, line: str) -> dict[Urgency, timedelta | None]:
    """The time limit of each urgency; only a single line of business has one."""
    rules = work.desk.medwarrant.library.clocks
    if line not in rules:
        return dict.fromkeys(URGENCIES)
    plan = read_plan_clocks(settings.setting_kept(work.connection, "clocks").value)
    try:
        rule = rule_for(rules, line, plan)
    except InputError:  # the plan's setting no longer fits the packs: the page of settings says so
        return dict.fromkeys(URGENCIES)
    return {urgency: rule.limit(urgency).length() for urgency in URGENCIES}


def _agreement(work: Work) -> tuple[AgreementShown, ...]:
    found = []
    for one in samples_drawn(work)[:_SAMPLES]:
        if one.answered:
            report = sample_agreement(work, one.sample)
            found.append(
                AgreementShown(
                    sample=one.sample,
                    answered=one.answered,
                    cases=one.cases,
                    criteria_percent=report.criteria.percent,
                    criteria_kappa=report.criteria.kappa,
                    outcomes_percent=report.outcomes.percent,
                    outcomes_kappa=report.outcomes.kappa,
                )
            )
    return tuple(found)


def _shortcuts(work: Work, zone: ZoneInfo) -> tuple[Shortcut, ...]:
    today = work.now.astimezone(zone).date()
    year = date(today.year, 1, 1)
    return (
        Shortcut(words="This month", first=today.replace(day=1), last=today),
        Shortcut(words="Last 90 days", first=today - timedelta(days=89), last=today),
        Shortcut(words="This year", first=year, last=today),
        Shortcut(
            words="Last year",
            first=date(today.year - 1, 1, 1),
            last=year - timedelta(days=1),
        ),
    )
