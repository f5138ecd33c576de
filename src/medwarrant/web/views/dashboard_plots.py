"""The pictures of the dashboard, each with its figures as a table beside it."""

from __future__ import annotations

from typing import Final

from ...policy.clock_rule import URGENCIES
from ...policy.criterion_names import criterion_name
from ...policy.library import Library
from ...report.markup import Markup
from ...report.words import OUTCOME_WORDS
from ...review.case_row import DETERMINATIONS, Share, summary_of
from ...review.metrics import WORDS, rounded
from ...review.plot_parts import Tone
from ...review.plots import Bar, Due, Plot, Stack, bars, due_line, figure, histogram, stacked_bars
from ...review.public_metrics import PublicMetrics
from .dashboard import DashboardView, Drawn, PublicLine

#: Overrides that are drawn; the table of the page has them all.
_MOST: Final = 15
_SERIES: Final[list[tuple[str, Tone]]] = [(WORDS[kind], kind) for kind in DETERMINATIONS]
_PUBLIC: Final = (
    ("standard_approved", "Standard requests approved"),
    ("standard_denied", "Standard requests denied"),
    ("standard_approved_after_appeal", "Standard requests approved after appeal"),
    ("standard_appeals_approved", "Appeals of standard requests that were approved"),
    ("extended_approved", "Requests extended and approved"),
    ("extended_approved_of_extended", "Extended requests approved"),
    ("expedited_approved", "Expedited requests approved"),
    ("expedited_denied", "Expedited requests denied"),
)


def figures(view: DashboardView, drawn: Drawn, library: Library) -> dict[str, Markup]:
    """The pictures of a period by their place in the page; the library names the criteria."""
    found = {
        "volumes": _volumes(view),
        "outcomes": _outcomes(view),
        "proposals": _proposals(view),
        "clocks": _clocks(view),
        "running": _running(view, drawn),
        "overrides": _overrides(view, library),
    }
    for urgency in URGENCIES:
        times = drawn.times[urgency]
        found[f"time_{urgency}"] = histogram(
            f"time-{urgency}",
            f"Time from receipt to decision, {urgency} requests",
            times,
            limit=drawn.limits[urgency],
            median=summary_of(times).median,
        )
    return {name: figure(plot) for name, plot in found.items()}


def public_figure(number: int, line: PublicLine) -> Markup:
    """The percentages of a line of business as bars."""
    metrics: PublicMetrics = line.metrics
    shown = [_share(words, getattr(metrics, name)) for name, words in _PUBLIC]
    return figure(
        bars(
            f"public-{number}",
            f"{line.title}: percentages",
            shown,
            what="metric",
            unit="%",
            most=100,
        )
    )


def _volumes(view: DashboardView) -> Plot:
    return bars(
        "volumes",
        f"Requests received, by {view.by}",
        [
            Bar(
                label=one.first.isoformat(),
                value=one.received,
                note="" if one.whole else "cut by the period",
            )
            for one in view.volumes
        ],
        what=f"{view.by} from",
    )


def _outcomes(view: DashboardView) -> Plot:
    return stacked_bars(
        "outcomes",
        f"Decisions, by {view.by}",
        _SERIES,
        [
            Stack(
                label=one.first.isoformat(),
                values=tuple(one.decisions[kind] for kind in DETERMINATIONS),
            )
            for one in view.volumes
        ],
        what=f"{view.by} from",
    )


def _proposals(view: DashboardView) -> Plot:
    counts: dict[str, dict[str, int]] = {}
    for proposed, decided, number in view.figures.proposals:
        counts.setdefault(proposed, {})[decided] = number
    return stacked_bars(
        "proposals",
        "What the software proposed, and what a person decided",
        _SERIES,
        [
            Stack(
                label=OUTCOME_WORDS.get(proposed, proposed),
                values=tuple(numbers.get(kind, 0) for kind in DETERMINATIONS),
            )
            for proposed, numbers in counts.items()
        ],
        what="proposed",
    )


def _clocks(view: DashboardView) -> Plot:
    clocks = view.figures.clocks
    return bars(
        "clocks",
        "Decided in time",
        [
            _share("Standard requests", clocks.standard),
            _share("Expedited requests", clocks.expedited),
        ],
        what="urgency",
        unit="%",
        most=100,
        tone="approved",
    )


def _overrides(view: DashboardView, library: Library) -> Plot:
    return bars(
        "overrides",
        "Criteria that a person judged otherwise",
        [
            _share(criterion_name(one.criterion, library), one.share)
            for one in view.figures.overrides[:_MOST]
        ],
        what="criterion",
        unit="%",
        most=100,
        tone="modified",
    )


def _running(view: DashboardView, drawn: Drawn) -> Plot:
    return due_line(
        "due",
        "Clocks that are running, soonest due first",
        [
            Due(
                label=one.number,
                received_at=one.received_at,
                due_at=one.due_at,
                paused=one.paused,
            )
            for one in view.running
        ],
        drawn.now,
        zone=drawn.zone,
    )


def _share(label: str, share: Share) -> Bar:
    note = f"{share.part} of {share.whole}" if share.whole else ""
    return Bar(label=label, value=rounded(share.percent), note=note)
