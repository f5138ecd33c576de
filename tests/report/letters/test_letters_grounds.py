"""Grounds: what a decision may rest on, with met and not met in their places."""

from __future__ import annotations

from datetime import date

import pytest

from medwarrant import Answer, InputError, Medwarrant
from medwarrant.report.letters import grounds_of
from medwarrant.report.letters.grounds import Ground
from medwarrant.report.letters.names import has_code
from medwarrant.report.letters.paths import paths


def by_id(answer: Answer, service: str, diagnosis: str) -> dict[str, Ground]:
    return {ground.id: ground for ground in grounds_of(answer, service, diagnosis)}


def test_what_is_not_met_comes_first(facet: Answer) -> None:
    order = [ground.status for ground in grounds_of(facet, "64493", "M47.816")]
    assert order == sorted(order, key=("not_met", "missing", "met").index)


def test_a_fact_that_must_not_be_present_is_told_as_the_requirement(facet: Answer) -> None:
    """The fact itself is met; the requirement that there be none is not, and that is what is told."""
    ground = by_id(facet, "64493", "M47.816")["radiculopathy-present"]
    assert ground.status == "not_met"
    assert ground.title.startswith("none of: ")
    assert ground.plain == ("No untreated nerve pain in an arm or leg",)
    assert ground.why == "Stated as present."


def test_a_group_is_told_by_its_parts_that_stand_as_it_does(facet: Answer) -> None:
    ground = by_id(facet, "64493", "M47.816")["facet-diagnostic"]
    assert ground.status == "not_met"
    assert ground.plain == ("No untreated nerve pain in an arm or leg",)


def test_a_criterion_of_an_indication_in_scope_outweighs_the_same_id_elsewhere(
    facet: Answer,
) -> None:
    """`intent` stands in two indications: met in the one that is meant, not met in the other."""
    assert by_id(facet, "64493", "M47.816")["intent"].status == "met"


def test_rules_on_the_whole_request_are_grounds_under_their_own_id(
    medwarrant: Medwarrant, as_of: date
) -> None:
    request = {
        "services": ["20552", "64405"],
        "diagnoses": ["M79.12"],
        "coverage": {"payer": "medicare", "state": "CA"},
    }
    ground = by_id(medwarrant.determine(request, as_of=as_of), "20552", "M79.12")["no-other-blocks"]
    assert (ground.kind, ground.status) == ("rule", "not_met")
    assert ground.plain == ("No other blocks in the same session",)
    assert ground.sources


def test_a_position_of_the_guideline_layer_is_a_ground_and_another_payers_is_not(
    medwarrant: Medwarrant, as_of: date
) -> None:
    answer = medwarrant.determine({"services": ["64405"], "diagnoses": ["M79.7"]}, as_of=as_of)
    found = by_id(answer, "64405", "M79.7")
    positions = [ground for ground in found.values() if ground.kind == "position"]
    assert [(ground.id, ground.title) for ground in positions] == [
        ("fibromyalgia", "Fibromyalgia: none found")
    ]
    assert positions[0].plain[0].endswith("We found no study or guide for this use")
    others = {i.id for i in answer.determination.items[0].indications if i.id not in found}
    assert others == {"neck-and-general-pain"}


def test_a_finding_that_refers_is_a_ground(contraindicated: Answer) -> None:
    ground = by_id(contraindicated, "64405", "G43.919")["infection"]
    assert ground.kind == "safety"
    assert ground.plain == ("There is an infection where the needle would go in",)


def test_a_pair_that_is_not_there_is_refused(facet: Answer) -> None:
    with pytest.raises(InputError, match="no such pair"):
        grounds_of(facet, "64493", "M54.2")


def test_every_criterion_of_every_policy_has_words_for_a_member(
    by_policy: dict[str, list[Answer]],
) -> None:
    for policy, answers in by_policy.items():
        for answer in answers:
            for item in answer.determination.items:
                found = by_id(answer, item.service, item.diagnosis)
                for ground in found.values():
                    assert ground.plain, (policy, ground.id)
                    assert not any(has_code(text) or "_" in text for text in ground.plain), ground
                if item.criteria is not None:
                    ids = {path[-1].id for path in paths(item.criteria)}
                    assert set(found) & ids == {name for name in ids if "/" not in name}
