"""The figures of a desk and the public metrics: counted by hand here, empty where nothing was counted."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medwarrant import InputError
from medwarrant.review.case_row import FEW, CaseRow, Period, Share, summary_of
from medwarrant.review.metrics import (
    desk_figures,
    override_table,
    times_taken,
    volume_table,
    volumes,
)
from medwarrant.review.public_metrics import public_metrics, public_metrics_table
from medwarrant.review.table import Table, csv_text

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday


def row(number, **fields) -> CaseRow:
    fields.setdefault("received_at", START)
    fields.setdefault("urgency", "standard")
    return CaseRow(case=str(number), **fields)


def decided(number, decision="approved", after=2 * DAY, **fields) -> CaseRow:
    received = fields.pop("received_at", START)
    limit = 7 * DAY if fields.get("urgency", "standard") == "standard" else 3 * DAY
    fields.setdefault("due_at", received + limit)
    return row(
        number, received_at=received, decided_at=received + after, decision=decision, **fields
    )


#: Ten cases: eight decided (six standard, two expedited), one withdrawn, one open and late.
CASES = [
    decided(1, "approved", 1 * DAY, proposed="meets_criteria", criteria=("a", "b")),
    decided(2, "approved", 2 * DAY, proposed="needs_information", criteria=("a", "b"), overrides=("a",)),
    decided(3, "adverse", 7 * DAY, proposed="needs_clinical_review", appealed=True, appeal_outcome="overturned"),
    decided(4, "adverse", 8 * DAY, criteria=("a",), overrides=("a", "b"), appealed=True, appeal_outcome="upheld"),
    decided(5, "partially_approved", 4 * DAY, appealed=True, appeal_open=True),
    decided(6, "approved", 12 * DAY, extended=True, due_at=START + 14 * DAY),
    decided(7, "approved", 10 * HOUR, urgency="expedited"),
    decided(8, "modified", 73 * HOUR, urgency="expedited", line_of_business="medicaid"),
    row(9, withdrawn_at=START + DAY, due_at=START + 7 * DAY),
    row(10, due_at=START + 7 * DAY),
]  # fmt: skip
NOW = START + 30 * DAY


# --- the desk -------------------------------------------------------------------------------------


def test_the_figures_of_ten_cases():
    found = desk_figures(CASES, YEAR, NOW)
    assert (found.received, found.decided, found.withdrawn, found.open) == (10, 8, 1, 1)
    assert found.decisions == {"approved": 4, "partially_approved": 1, "modified": 1, "adverse": 2}
    assert found.proposals == (
        ("meets_criteria", "approved", 1),
        ("needs_clinical_review", "adverse", 1),
        ("needs_information", "approved", 1),
    )
    # Standard: 1, 2, 3 (at the due time itself), 5 and 6 in time, 4 late, 10 late and undecided.
    assert found.clocks.standard == Share(5, 7)
    assert found.clocks.expedited == Share(1, 2)
    assert (found.clocks.overdue, found.clocks.untimed) == (1, 0)
    assert (found.standard_time.cases, found.standard_time.mean) == (6, 34 * DAY / 6)
    assert found.standard_time.median == 5.5 * DAY
    assert found.expedited_time.median == 41.5 * HOUR
    assert [(one.criterion, one.share) for one in found.overrides] == [
        ("a", Share(2, 3)),
        ("b", Share(1, 3)),
    ]


def test_an_empty_period_has_no_percentages():
    found = desk_figures([], YEAR, NOW)
    assert (found.received, found.decided, found.open) == (0, 0, 0)
    assert found.clocks.standard.percent is None
    assert found.standard_time.mean is found.standard_time.median is None
    assert found.overrides == found.proposals == ()


def test_what_was_never_timed_is_in_no_share_of_clocks():
    found = desk_figures([decided(1, due_at=None), decided(2)], YEAR, NOW)
    assert found.clocks.standard == Share(1, 1)
    assert found.clocks.untimed == 1


def test_a_clock_that_still_runs_is_neither_met_nor_missed():
    found = desk_figures([row(1, due_at=NOW + HOUR)], YEAR, NOW)
    assert found.clocks.standard == Share(0, 0)
    assert found.open == 1


def test_an_appeal_does_not_move_a_case():
    """Outcomes are those of first determinations; what an appeal changed is in the public metrics."""
    overturned = decided(1, "adverse", appealed=True, appeal_outcome="overturned")
    assert desk_figures([overturned], YEAR, NOW).decisions["adverse"] == 1


def test_days_are_those_of_the_zone():
    late = decided(1, received_at=datetime(2026, 12, 30, 3, tzinfo=UTC), after=2 * DAY)
    assert desk_figures([late], YEAR, NOW).decided == 0
    behind = timezone(-5 * HOUR)
    assert desk_figures([late], YEAR, NOW, behind).decided == 1


def test_times_taken_are_sorted():
    assert times_taken(CASES, YEAR)[:2] == [10 * HOUR, 1 * DAY]
    assert len(times_taken(CASES, YEAR)) == 8


# --- volumes --------------------------------------------------------------------------------------


def test_weeks_begin_on_monday_and_empty_ones_are_there():
    period = Period(date(2026, 3, 4), date(2026, 3, 25))
    found = volumes([decided(1), row(2, received_at=START + 17 * DAY)], period, "week")
    assert [one.first for one in found] == [date(2026, 3, day) for day in (2, 9, 16, 23)]
    assert [one.received for one in found] == [0, 0, 1, 0], "received before the period began"
    assert [one.decided for one in found] == [1, 0, 0, 0]
    assert [one.whole for one in found] == [False, True, True, False]
    assert found[0].decisions["approved"] == 1


def test_months_of_any_length():
    period = Period(date(2025, 12, 31), date(2026, 3, 1))
    found = volumes([], period, "month")
    assert [(one.first.isoformat(), one.last.isoformat()) for one in found] == [
        ("2025-12-01", "2025-12-31"),
        ("2026-01-01", "2026-01-31"),
        ("2026-02-01", "2026-02-28"),
        ("2026-03-01", "2026-03-31"),
    ]
    assert [one.whole for one in found] == [False, True, True, False]


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 4, 30)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)
rows = st.lists(
    st.builds(
        lambda received, taken, decision, urgency, drugs, extended: CaseRow(
            case="x",
            received_at=received,
            urgency=urgency,
            due_at=received + 5 * DAY,
            decided_at=received + timedelta(hours=taken) if decision else None,
            decision=decision,
            drugs_only=drugs,
            extended=extended,
        ),
        moments,
        st.integers(0, 400),
        st.sampled_from([None, "approved", "adverse", "modified", "partially_approved"]),
        st.sampled_from(["standard", "expedited"]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=30,
)


@given(rows, st.sampled_from(["week", "month"]))
def test_the_parts_of_a_period_add_up_to_it(cases, by):
    period = Period(date(2026, 1, 15), date(2026, 5, 20))
    found, whole = volumes(cases, period, by), desk_figures(cases, period, NOW)
    assert sum(one.received for one in found) == whole.received
    assert sum(one.decided for one in found) == whole.decided == sum(whole.decisions.values())
    assert all(one.last + DAY == other.first for one, other in zip(found, found[1:]))


# --- the public metrics ---------------------------------------------------------------------------


def test_the_public_metrics_of_ten_cases():
    found = public_metrics(CASES, YEAR)
    assert found.standard_approved == Share(3, 6)
    assert found.standard_denied == Share(3, 6), "approved in part counts as denied"
    assert found.standard_approved_after_appeal == Share(1, 6)
    assert found.standard_appeals_approved == Share(1, 2), "an open appeal is not decided"
    assert found.extended_approved == Share(1, 8)
    assert found.extended_approved_of_extended == Share(1, 1)
    assert found.expedited_approved == Share(1, 2)
    assert found.expedited_denied == Share(1, 2)
    assert found.standard_time.median == 5.5 * DAY
    assert found.expedited_time.mean == 41.5 * HOUR
    assert (found.in_part, found.drugs_left_out, found.open_appeals) == (2, 0, 1)


def test_drugs_are_left_out_and_counted():
    found = public_metrics([*CASES, decided(11, "adverse", drugs_only=True)], YEAR)
    assert found.standard_denied == Share(3, 6)
    assert found.drugs_left_out == 1


def test_one_reporting_unit_at_a_time():
    found = public_metrics(CASES, YEAR, "medicaid")
    assert found.expedited_denied == Share(1, 1)
    assert found.standard_approved.percent is None


def test_an_appeal_overturned_in_part_or_withdrawn_is_not_approved():
    cases = [
        decided(1, "adverse", appealed=True, appeal_outcome="partly_overturned"),
        decided(2, "adverse", appealed=True, appeal_outcome="withdrawn"),
    ]
    found = public_metrics(cases, YEAR)
    assert found.standard_approved_after_appeal == Share(0, 2)
    assert found.standard_appeals_approved == Share(0, 1)


def test_no_cases_are_no_zero_percent():
    found = public_metrics([], YEAR)
    table = public_metrics_table(found)
    assert all(cells[5] is None and cells[6] is None for cells in table.rows)
    assert "0.0" not in csv_text(table)
    assert found.standard_approved.few


@given(rows)
def test_approved_and_denied_are_all(cases):
    found = public_metrics(cases, YEAR)
    for approved, denied in (
        (found.standard_approved, found.standard_denied),
        (found.expedited_approved, found.expedited_denied),
    ):
        assert approved.whole == denied.whole == approved.part + denied.part
    counted = found.standard_approved.whole + found.expedited_approved.whole
    assert counted + found.drugs_left_out == sum(case.decided for case in cases)
    assert found.extended_approved.whole == counted
    assert found.standard_time.cases == found.standard_approved.whole


def test_the_table_of_the_public_metrics():
    table = public_metrics_table(public_metrics(CASES, YEAR, None))
    assert table.caption == "Prior authorization metrics, 2026-01-01 to 2026-12-31, all lines of business"  # fmt: skip
    read = list(csv.reader(io.StringIO(csv_text(table))))
    assert read[0] == ["metric", "words", "count", "of", "of what", "percent", "mean", "median", "unit"]  # fmt: skip
    by_name = {cells[0]: cells for cells in read[1:]}
    assert by_name["standard_approved"][2:6] == ["3", "6", "standard requests decided", "50.0"]
    assert by_name["expedited_time"][3:] == ["2", "requests decided", "", "41.5", "41.5", "hours"]
    assert len(read) == 11


# --- parts ----------------------------------------------------------------------------------------


def test_a_share_of_nothing_is_not_zero():
    assert Share(0, 0).percent is None
    assert Share(0, 5).percent == 0.0
    assert Share(1, FEW - 1).few
    assert not Share(1, FEW).few


def test_mean_and_median():
    found = summary_of([1 * HOUR, 2 * HOUR, 3 * HOUR, 10 * HOUR])
    assert (found.cases, found.mean, found.median) == (4, 4 * HOUR, 2.5 * HOUR)
    assert summary_of([]).mean is None


def test_a_period_goes_forward():
    with pytest.raises(InputError, match="before it begins"):
        Period(date(2026, 2, 1), date(2026, 1, 31))
    assert Period(date(2026, 2, 1), date(2026, 2, 1)).holds(
        datetime(2026, 2, 1, 23, 59, tzinfo=UTC)
    )
    assert not YEAR.holds(None)


@pytest.mark.parametrize(
    ("fields", "is_open", "in_time"),
    [
        ({}, True, None),
        ({"withdrawn_at": START}, False, None),
        ({"decided_at": START, "decision": "approved"}, False, None),
        ({"decided_at": START, "decision": "approved", "due_at": START}, False, True),
        ({"decided_at": START + HOUR, "decision": "adverse", "due_at": START}, False, False),
        ({"decided_at": START}, True, None),
    ],
)
def test_the_state_of_a_row(fields, is_open, in_time):
    one = row(1, **fields)
    assert (one.open, one.in_time) == (is_open, in_time)


# --- CSV ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("plain", '"plain"'),
        ("=1+1", '"\'=1+1"'),
        ("+1", '"\'+1"'),
        ("-1", '"\'-1"'),
        ("@SUM(A1)", '"\'@SUM(A1)"'),
        ("  =1", '"\'  =1"'),
        ("\t=1", '"\'\t=1"'),
        ("\r=1", '"\'\r=1"'),
        ("\n=1", '"\'\n=1"'),
        ("\uff1dSUM", '"\'\uff1dSUM"'),
        ('a "b"', '"a ""b"""'),
        ("a;=1", '"a;=1"'),
        ("a,b", '"a,b"'),
        ("a\r\nb", '"a\r\nb"'),
        ("", '""'),
        (None, ""),
        (-3, "-3"),
        (0, "0"),
        (12.5, "12.5"),
    ],
)
def test_a_cell_of_csv(cell, written):
    table = Table(caption="", columns=("a",), rows=((cell,),))
    assert csv_text(table) == f'"a"\r\n{written}\r\n'


@given(
    st.lists(st.lists(st.text() | st.none() | st.integers(), min_size=2, max_size=2), max_size=5)
)
def test_csv_is_read_back_and_starts_no_formula(cells):
    table = Table(caption="", columns=("a", "b"), rows=tuple(map(tuple, cells)))
    read = list(csv.reader(io.StringIO(csv_text(table), newline=""), strict=True))
    assert len(read) == len(cells) + 1
    for line, expected in zip(read[1:], cells, strict=True):
        for found, cell in zip(line, expected, strict=True):
            if isinstance(cell, str):
                assert found.removeprefix("'") == cell or found == cell
                assert found.lstrip(" \u00a0")[:1] not in set("=+-@\t\r\n")
            else:
                assert found == ("" if cell is None else str(cell))


def test_names_of_columns_are_text_too():
    assert csv_text(Table(caption="", columns=("=a",), rows=())) == '"\'=a"\r\n'


def test_tables_of_the_desk():
    found = volume_table(
        volumes(CASES, Period(date(2026, 3, 1), date(2026, 3, 31)), "month"), "month"
    )
    assert found.columns[:4] == ("month from", "to", "received", "decided")
    assert found.rows == (("2026-03-01", "2026-03-31", 10, 8, 4, 1, 1, 2, 1),)
    overrides = override_table(desk_figures(CASES, YEAR, NOW).overrides)
    assert overrides.rows == (("a", 2, 3, 66.7), ("b", 1, 3, 33.3))
