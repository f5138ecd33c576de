"""Quantities: what people write, in what unit it comes out, and how it compares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medwarrant.engine.supply import range_json
from medwarrant.model.measures import (
    DAYS_IN,
    UNITS,
    Bound,
    Range,
    base_unit,
    canonical_unit,
    number_text,
    parse_quantity,
)


def exact(number):
    return Range(number, number)


@pytest.mark.parametrize(
    ("raw", "unit", "expected"),
    [
        (15, "days/month", exact(15)),
        ("15", "days/month", exact(15)),
        ("6 weeks", "days", exact(42)),
        ("1 week", "days", exact(7)),
        ("12 months", "days", exact(360)),
        ("1 year", "days", exact(360)),
        (6, "weeks", exact(42)),  # a number without a unit is in the fact's own
        (18, "years", exact(6480)),
        ("50%", "percent", exact(50)),
        ("50 percent", "percent", exact(50)),
        ("4.5 mg/kg", "mg/kg", exact(4.5)),
        ("2 cc", "mL", exact(2)),
        ("7/10", "points", exact(7)),
        ("15-20", "days/month", Range(15, 20)),
        ("15 to 20", "days/month", Range(15, 20)),
        ("15\u201320 days per month", "days/month", Range(15, 20)),
        ([15, 20], "days/month", Range(15, 20)),
        (["1 week", "2 weeks"], "days", Range(7, 14)),
        ({"at_least": "6 weeks"}, "days", Range(42, None)),
        ({"at_most": 3}, "count", Range(None, 3)),
        ({"at_least": 3, "at_most": 5}, "count", Range(3, 5)),
        ("at least 6 weeks", "days", Range(42, None)),
        (">= 50 %", "percent", Range(50, None)),
        ("under 3 months", "days", Range(None, 90)),
        ("about 6 weeks", "days", exact(42)),
        (Range(1, 2), "days", Range(1, 2)),
    ],
)
def test_read(raw, unit, expected):
    assert parse_quantity(raw, unit) == expected


@pytest.mark.parametrize(
    ("raw", "unit"),
    [
        ("six weeks", "days"),
        ("6 weeks", "percent"),
        ("50 percent", "days"),
        ("6 parsecs", "days"),
        ("-3", "count"),
        ("20-15", "count"),
        ([20, 15], "count"),
        ([1, 2, 3], "count"),
        ([], "count"),
        ({}, "count"),
        ({"more_than": 3}, "count"),
        ({"at_least": 5, "at_most": 3}, "count"),
        (True, "count"),
        (None, "count"),
        (float("nan"), "count"),
        (float("inf"), "count"),
        ("1" + "0" * 400, "count"),
        ("nan", "count"),
        ("", "count"),
        ("1 a" + " " * 100_000 + "!", "days"),  # at once, whatever its length
        ("9" * 100_000, "days"),
    ],
)
def test_refused_with_a_plain_message(raw, unit):
    with pytest.raises(ValueError, match=r"\w+ \w+") as caught:
        parse_quantity(raw, unit)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize(
    ("bound", "met", "not_met", "open_"),
    [
        (Bound(at_least=50), [(50, 50), (50, None)], [(49, 49), (None, 49.9)], [(49, 50), (None, None)]),
        (Bound(more_than=50), [(51, 60)], [(50, 50), (None, 50)], [(50, 51)]),
        (Bound(at_most=3), [(3, 3), (None, 3)], [(4, 4), (3.1, None)], [(3, 4), (1, None)]),
        (Bound(less_than=3), [(2, 2.9)], [(3, 3), (3, None)], [(2, 3)]),
        (Bound(at_least=2, at_most=4), [(2, 4)], [(1, 1), (5, None)], [(1, 2), (4, 5), (1, 5)]),
    ],
)  # fmt: skip
def test_covers(bound, met, not_met, open_):
    """True where every value of the range satisfies it, false where none does, else not told."""
    assert {bound.covers(Range(*pair)) for pair in met} == {True}
    assert {bound.covers(Range(*pair)) for pair in not_met} == {False}
    assert {bound.covers(Range(*pair)) for pair in open_} == {None}


numbers = st.floats(0, 10_000).map(lambda number: round(number, 3))


@given(numbers, st.sampled_from(["at_least", "more_than", "at_most", "less_than"]))
def test_a_witness_satisfies_and_a_counterexample_does_not(number, kind):
    bound = Bound(**{kind: number})
    if kind != "less_than" or number > 0:
        assert bound.covers(exact(bound.witness())) is True
    if kind != "at_least" or number > 0:
        assert bound.covers(exact(bound.counterexample())) is False


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (exact(42), "days", "6 weeks"),
        (exact(90), "days", "3 months"),
        (exact(360), "days", "1 year"),
        (exact(1), "days", "1 day"),
        (exact(45), "days", "45 days"),
        (exact(50), "percent", "50%"),
        (exact(4.5), "mg/kg", "4.5 mg/kg"),
        (Range(15, 20), "days/month", "15 to 20 days a month"),
        (Range(None, 3), "count", "at most 3"),
        (Range(3, None), "count", "at least 3"),
    ],
)
def test_text(value, unit, text):
    assert value.text(unit) == text


@given(
    low=st.floats(0, 1e7, allow_subnormal=False),
    width=st.sampled_from([0.0, 0.25, 3.0, None]),
    unit=st.sampled_from(sorted(UNITS)),
)
def test_a_range_written_as_json_reads_back_the_same(low, width, unit):
    """What an answer shows of a quantity is what a request takes: nothing is rounded on the way."""
    unit = base_unit(unit)
    value = Range(low, None if width is None else low + width)
    assert parse_quantity(range_json(value, unit), unit) == value


@given(st.floats(0, 1e15, allow_subnormal=False))
def test_numbers_are_written_plainly_and_exactly(number):
    text = number_text(number)
    assert "e" not in text
    assert float(text) == number


def test_units():
    assert {canonical_unit(unit) for unit in UNITS} == set(UNITS)
    assert canonical_unit("WKS") == "weeks"
    assert canonical_unit("furlongs") is None
    assert {base_unit(unit) for unit in DAYS_IN} == {"days"}
