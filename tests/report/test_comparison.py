"""Two answers compared: facts that are new, gone or said otherwise, pairs, and the date of service."""

from __future__ import annotations

import pytest

from medwarrant import Answer, Medwarrant
from medwarrant.followup.changes import changes_between
from medwarrant.report.changes import changes
from medwarrant.report.comparison import compared


@pytest.fixture(scope="module")
def first(medwarrant: Medwarrant, as_of) -> Answer:
    request = {
        "services": ["64405", "20553"],
        "diagnoses": ["G43.919", "M54.2"],
    }
    told = ["intent=acute", "therapy={kind: physical-therapy, duration: 3 weeks}"]
    return medwarrant.determine(request, facts=told, as_of=as_of)


def test_a_fact_said_otherwise_names_what_it_was(medwarrant: Medwarrant, first: Answer) -> None:
    (one,) = compared(first, medwarrant.revise(first, facts=["intent=prevention"])).facts
    assert one.before is not None
    assert one.after is not None
    assert (one.before.value, one.after.value) == ("acute", "prevention")
    said = changes(first, medwarrant.revise(first, facts=["intent=prevention"])).said
    assert said == ("purpose of the treatment: prevention (before: acute treatment of an attack)",)


def test_a_fact_of_several_that_is_gone_is_told(medwarrant: Medwarrant, first: Answer) -> None:
    both = medwarrant.revise(first, facts=["therapy={kind: chiropractic, outcome: failed}"])
    gone = [one.before.value for one in compared(both, first).facts if one.before]
    assert [value["kind"] for value in gone] == ["chiropractic"]


def test_who_pays_and_the_date_of_service_are_compared(
    medwarrant: Medwarrant, first: Answer
) -> None:
    after = medwarrant.revise(first, payer="aetna", as_of="2026-12-01")
    found = compared(first, after)
    assert [one.after.value for one in found.facts if one.after] == ["aetna"]
    assert found.as_of is not None
    assert found.as_of[1].isoformat() == "2026-12-01"


def test_nothing_differs_from_itself(first: Answer) -> None:
    found = compared(first, first)
    assert (found.facts, found.dropped, found.as_of) == ((), (), None)
    assert not any(pair.otherwise for pair in found.pairs)
    assert changes_between(first, first) == ()


def test_words_and_ids_tell_of_the_same_pairs(medwarrant: Medwarrant, first: Answer) -> None:
    after = medwarrant.revise(first, facts=["setting=emergency"], diagnoses=["G43.919", "M54.81"])
    ids = {(one.service, one.diagnosis) for one in changes_between(first, after)}
    words = changes(first, after)
    told = {(one.service, one.diagnosis) for one in words.pairs if one.changed}
    assert told | set(words.dropped) <= ids
