"""The truth tables of Kleene's three-valued logic, in full."""

from __future__ import annotations

from itertools import product

import pytest

from medwarrant.model.status import Status, all_of, any_of, at_least, negation, none_of

MET, MISSING, NOT_MET = Status.MET, Status.MISSING, Status.NOT_MET


@pytest.mark.parametrize(("one", "other"), list(product(Status, Status)))
def test_two_parts(one, other):
    """A missing part decides nothing unless the other one decides alone."""
    both = {one, other}
    expected_all = NOT_MET if NOT_MET in both else MISSING if MISSING in both else MET
    expected_any = MET if MET in both else MISSING if MISSING in both else NOT_MET
    assert all_of([one, other]) is at_least(2, [one, other]) is expected_all
    assert any_of([one, other]) is at_least(1, [one, other]) is expected_any
    assert none_of([one, other]) is negation(expected_any)


def test_nothing():
    assert (all_of([]), any_of([]), none_of([])) == (MET, NOT_MET, MET)
    assert at_least(1, []) is NOT_MET
    assert at_least(0, []) is MET


def test_negation_turns_twice_into_itself():
    assert [negation(negation(status)) for status in Status] == list(Status)
    assert [status.word for status in Status] == ["not_met", "missing", "met"]
