"""Pictures of figures: what is drawn is what the table says, and a strict page may hold it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from importlib import resources
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medwarrant.review.plot_parts import TONES, Plot, label_lines, steps
from medwarrant.review.plots import (
    Bar,
    Due,
    Stack,
    bars,
    due_line,
    figure,
    histogram,
    stacked_bars,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"
SERIES = [("approved", "approved"), ("modified", "modified"), ("adverse", "adverse")]


def clock(number, received=-2 * DAY, due=3 * DAY, paused=False) -> Due:
    return Due(
        label=f"2026-{number:06}", received_at=NOW + received, due_at=NOW + due, paused=paused
    )


PLOTS: dict[str, Plot] = {
    "bars": bars(
        "b",
        "Overrides <by> criterion",
        [
            Bar(label="acute & drugs", value=12, note="of 57"),
            Bar(label="a criterion with a name so long that it does not fit on one line of a telephone", value=3),
            Bar(label="setting", value=0),
            Bar(label="imaging", value=None),
        ],
        what="criterion",
    ),
    "shares": bars("p", "Clocks met", [Bar(label="standard", value=96.4)], unit="%", most=100),
    "stacks": stacked_bars(
        "s",
        "Outcomes",
        SERIES,
        [Stack(label="October", values=(8, 0, 2)), Stack(label="November", values=(0, 0, 0))],
        what="month",
    ),
    "times": histogram(
        "h", "Time to decision", [n * 12 * HOUR for n in (1, 2, 2, 5, 14, 15)], limit=7 * DAY, median=30 * HOUR
    ),
    "hours": histogram("x", "Time to decision, expedited", [5 * HOUR, 72 * HOUR], limit=72 * HOUR),
    "clocks": due_line(
        "d", "Running clocks", [clock(1), clock(2, due=-5 * HOUR), clock(3, paused=True)], NOW
    ),
    "no bars": bars("nb", "None", []),
    "unknown bars": bars("nu", "Unknown", [Bar(label="a", value=None)]),
    "no stacks": stacked_bars("ns", "None", SERIES, [Stack(label="May", values=(0, 0, 0))]),
    "no times": histogram("nh", "None", []),
    "no clocks": due_line("nd", "None", [], NOW),
}  # fmt: skip


def drawn(plot: Plot) -> ElementTree.Element:
    return ElementTree.fromstring(plot.svg)


def words_of(plot: Plot) -> list[str]:
    return [one.text or "" for one in drawn(plot).iter(f"{SVG}text")]


def percent(shape: ElementTree.Element, name: str) -> float:
    return float(shape.get(name, "").removesuffix("%"))


def shapes(plot: Plot, tone: str) -> list[ElementTree.Element]:
    return [
        one
        for one in drawn(plot).iter(f"{SVG}rect")
        if f"plot-{tone}" in (one.get("class") or "").split() and one.get("width") != "14"
    ]


# --- every picture --------------------------------------------------------------------------------

_ATTRIBUTES = frozenset(
    "class role aria-labelledby width height focusable id x y dx x1 x2 y1 y2 d fill patternUnits "
    "text-anchor".split()
)


@pytest.mark.parametrize("name", PLOTS)
def test_a_strict_page_may_hold_it(name):
    """No style, no script, nothing from elsewhere: colours come from classes of the style sheet."""
    whole = figure(PLOTS[name])
    assert not re.search(r"<(script|style|image|use|foreignObject|a)\b", whole)
    assert not re.search(r"\s(style|on\w+|href)=", whole)
    for one in drawn(PLOTS[name]).iter():
        assert set(one.keys()) <= _ATTRIBUTES, one.tag
        assert re.fullmatch(r"none|url\(#[\w-]+\)", one.get("fill", "none"))


@pytest.mark.parametrize("name", PLOTS)
def test_it_is_named_and_described(name):
    plot, root = PLOTS[name], drawn(PLOTS[name])
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == plot.title
    assert (description.text or "").endswith(".")


@pytest.mark.parametrize("name", PLOTS)
def test_the_table_stands_beside_it(name):
    plot = PLOTS[name]
    root = ElementTree.fromstring(figure(plot))
    assert len(root.findall(".//tbody/tr")) == len(plot.table.rows)
    assert [one.text for one in root.findall(".//thead//th")] == (
        list(plot.table.columns) if plot.table.rows else []
    )
    assert all(plot.table.columns)
    for line in root.findall(".//tbody/tr"):
        assert len(line) == len(plot.table.columns)
        assert line[0].get("scope") == "row"


@pytest.mark.parametrize("name", PLOTS)
def test_ids_are_unique_and_textures_are_there(name):
    root = drawn(PLOTS[name])
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    for one in root.iter():
        if found := re.fullmatch(r"url\(#(.+)\)", one.get("fill", "")):
            assert found[1] in ids


@pytest.mark.parametrize("name", PLOTS)
def test_nothing_is_drawn_outside(name):
    root = drawn(PLOTS[name])
    tall = float(root.get("height"))
    for one in root.iter():
        if one.tag in (f"{SVG}rect", f"{SVG}text") and (one.get("x") or "").endswith("%"):
            right = percent(one, "x")
            if (one.get("width") or "").endswith("%"):
                assert percent(one, "width") >= 0
                right += percent(one, "width")
            assert -0.01 <= right <= 100.01
            assert 0 <= float(one.get("y")) <= tall
        if one.tag == f"{SVG}rect" and (one.get("width") or "").endswith("%"):
            assert float(one.get("y")) + float(one.get("height")) <= tall


def test_every_class_is_in_the_style_sheet():
    sheet = (resources.files("medwarrant") / "web" / "static" / "plots.css").read_text("utf-8")
    used = {
        word
        for plot in PLOTS.values()
        for found in re.findall(r'class="([^"]+)"', figure(plot))
        for word in found.split()
    }
    told = set(re.findall(r"\.([a-z][\w-]*)", sheet))
    # Lines of the axis look as every line does.
    assert used - told == {"plot-axis"}
    assert {f"plot-{tone}" for tone in TONES} <= told


def test_the_style_sheet_brings_nothing_from_elsewhere():
    sheet = (resources.files("medwarrant") / "web" / "static" / "plots.css").read_text("utf-8")
    assert not re.search(r"@import|url\(|https?:", sheet)


# --- what is drawn --------------------------------------------------------------------------------


def test_bars_are_as_long_as_their_values():
    widths = [percent(one, "width") for one in shapes(PLOTS["bars"], "plain")]
    assert widths == [100.0, 25.0], "none for nothing and none for what is not known"
    assert [percent(one, "width") for one in shapes(PLOTS["shares"], "plain")] == [96.4]
    words = words_of(PLOTS["bars"])
    assert {"12 (of 57)", "0", "not known", "acute & drugs"} <= set(words)
    assert "96.4%" in words_of(PLOTS["shares"])
    assert PLOTS["bars"].table.rows[3] == ("imaging", None, "")


def test_stacks_lie_end_to_end():
    plot = PLOTS["stacks"]
    approved, adverse = shapes(plot, "approved"), shapes(plot, "adverse")
    assert [(percent(one, "x"), percent(one, "width")) for one in (*approved, *adverse)] == [
        (0.0, 80.0),
        (80.0, 20.0),
    ]
    assert shapes(plot, "modified") == []
    assert plot.table.rows == (("October", 8, 0, 2, 10), ("November", 0, 0, 0, 0))
    assert {"approved", "modified", "adverse", "8", "2", "10"} <= set(words_of(plot))
    assert "October, adverse: 2" in plot.svg


def test_a_decision_at_the_limit_stands_before_it():
    plot = PLOTS["times"]
    counts = dict(plot.table.rows)
    assert counts["6.5 to 7"] == 1
    assert counts["7 to 7.5"] == 1
    assert len(shapes(plot, "late")) == 1
    assert {"limit: 7 days", "median: 1 day 6 hours", "days"} <= set(words_of(plot))
    assert len(shapes(PLOTS["hours"], "late")) == 0
    assert "hours" in words_of(PLOTS["hours"])


def test_running_clocks_come_soonest_first_and_late_ones_are_marked():
    plot = PLOTS["clocks"]
    assert [line[0] for line in plot.table.rows] == ["2026-000002", "2026-000001", "2026-000003"]
    assert [line[3] for line in plot.table.rows] == [
        "overdue by 5 hours",
        "due in 3 days",
        "stands still, 3 days left",
    ]
    assert len(shapes(plot, "late")) == 1
    assert len(shapes(plot, "waiting")) == 1
    (now,) = (one for one in drawn(plot).iter(f"{SVG}line") if "plot-now" in one.get("class"))
    (late,) = shapes(plot, "late")
    assert percent(late, "x") + percent(late, "width") == pytest.approx(
        percent(now, "x1"), abs=0.01
    )


def test_no_more_clocks_are_drawn_than_asked_for_and_the_rest_is_told():
    plot = due_line("d", "Clocks", [clock(n, due=n * HOUR) for n in range(1, 31)], NOW, most=5)
    assert len(shapes(plot, "other")) == 5
    assert "and 25 more, due later" in words_of(plot)
    assert len(plot.table.rows) == 30


def test_a_clock_of_long_ago_does_not_press_the_others_together():
    plot = due_line("d", "Clocks", [clock(1, -400 * DAY, -390 * DAY), clock(2)], NOW)
    widths = [percent(one, "width") for one in shapes(plot, "plain")]
    assert max(widths) > 10


@pytest.mark.parametrize("name", ["no bars", "unknown bars", "no stacks", "no times"])
def test_without_figures_the_picture_says_so(name):
    assert words_of(PLOTS[name]) == ["There are no figures for this period."]


def test_without_clocks_the_picture_says_so():
    assert words_of(PLOTS["no clocks"]) == ["No clock is running."]


def test_what_a_label_says_is_text_and_nothing_else():
    plot = bars(
        "b", "</title><script>", [Bar(label="<script>alert(1)</script>", value=1, note='"')]
    )
    assert "<script" not in figure(plot)
    assert drawn(plot).find(f"{SVG}title").text == "</title><script>"


def test_a_label_takes_three_lines_at_most():
    assert len(label_lines("word " * 80, 200)) == 3
    assert label_lines("word " * 80, 200)[2].endswith("…")
    assert label_lines("short", 200) == ["short"]


@given(st.integers(0, 10_000_000))
def test_a_scale_is_round_and_holds_the_most(most):
    found = steps(most)
    assert found[0] == 0
    assert found[-1] >= most
    assert 2 <= len(found) <= 6
    assert len({one - other for one, other in zip(found[1:], found)}) == 1


@given(
    st.lists(st.integers(0, 5000).map(lambda n: timedelta(hours=n / 3)), max_size=40),
    st.none() | st.sampled_from([72 * HOUR, 7 * DAY, 15 * DAY]),
)
def test_every_time_is_in_one_bin(times, limit):
    plot = histogram("h", "Times", times, limit=limit)
    assert sum(line[1] for line in plot.table.rows) == len(times)
    assert len(plot.table.rows) <= 25
    drawn(plot)


@given(
    st.lists(
        st.tuples(st.integers(0, 2000), st.integers(-2000, 2000), st.booleans()).map(
            lambda one: clock(one[0], -one[0] * HOUR, (one[1] - one[0]) * HOUR if one[1] < 0 else one[1] * HOUR, one[2])
        ),
        max_size=8,
    )
)  # fmt: skip
def test_clocks_of_any_times_can_be_drawn(clocks):
    plot = due_line("d", "Clocks", clocks, NOW)
    for one in drawn(plot).iter(f"{SVG}rect"):
        assert percent(one, "width") >= 0
        assert percent(one, "x") + percent(one, "width") <= 100.01
