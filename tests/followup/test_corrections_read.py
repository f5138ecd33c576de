"""What is taken from the words of a correction: what goes, what takes its place, and what is left to be read."""

from __future__ import annotations

import pytest

from medwarrant import Answer, Medwarrant
from medwarrant.followup.cues import TAKE_BACK
from medwarrant.followup.given import read_given
from medwarrant.followup.readings import Readings
from medwarrant.followup.service_date import service_date


@pytest.mark.parametrize(
    ("of", "text", "gone"),
    [
        ("acute", "remove naproxen", ["naproxen"]),
        ("acute", "please ignore the sumatriptan and the naproxen", ["naproxen", "sumatriptan"]),
        ("acute", "take the naproxen out", ["naproxen"]),
        ("acute", "drop the triptan", ["sumatriptan"]),
        ("acute", "she did not actually try naproxen", ["naproxen"]),
        ("acute", "no naproxen was taken", ["naproxen"]),
        ("acute", "she could not take naproxen", []),
        ("acute", "she did not get relief from naproxen", []),
        ("acute", "naproxen is right", []),
        ("acute", "naproxen is wrong", ["naproxen"]),
        ("acute", "she has not used naproxen since March", []),
        ("acute", "remove everything but the naproxen", []),
    ],
)
def test_what_goes_is_what_is_named(
    of: str, text: str, gone: list[str], medwarrant: Medwarrant, answers: dict[str, Answer]
) -> None:
    given = read_given(text, answers[of], Readings(medwarrant))
    assert sorted(one.fact.value["drug"] for one in given.withdrawn) == gone
    assert all(one.quote in text for one in given.withdrawn)


@pytest.mark.parametrize(
    ("of", "text", "choices"),
    [
        ("leg", "no, it was 4 weeks", ["pain-duration", "therapy"]),
        ("tox", "remove the drug trial", ["drug-trial", "drug-trial"]),
        ("acute", "ignore the MRI", []),
        ("gon", "remove the PT", []),
        ("acute", "remove everything but the naproxen", []),
    ],
)
def test_what_is_not_told_exactly_changes_nothing(
    of: str, text: str, choices: list[str], medwarrant: Medwarrant, answers: dict[str, Answer]
) -> None:
    given = read_given(text, answers[of], Readings(medwarrant))
    assert not given.anything
    (one,) = given.unsettled
    assert sorted(fact.fact for fact in one.choices) == choices
    assert bool(one.problem) == (not choices)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("date of service is 2026-03-01", "2026-03-01"),
        ("DOS 3/1/2026", "2026-03-01"),
        ("the procedure was rescheduled for March 1, 2026", "2026-03-01"),
        ("she had an MRI on 2026-03-01", None),
        ("the date of service is in March 2026", None),
        ("DOS 1850-01-01", None),
    ],
)
def test_a_date_of_service_is_one_day(text: str, day: str | None) -> None:
    found = service_date(text)
    assert (found.day.isoformat() if found and found.day else None) == day


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("scratch that", True),
        ("Oops, never mind.", True),
        ("undo", True),
        ("please forget what I just said", True),
        ("take that back", True),
        ("scratch that, it is 6 weeks", True),
        ("forget the MRI", False),
        ("ignore that study", False),
        ("forget it ever happened to me that way", False),
    ],
)
def test_taking_back_names_nothing(text: str, back: bool) -> None:
    assert (TAKE_BACK.match(text) is not None) == back
