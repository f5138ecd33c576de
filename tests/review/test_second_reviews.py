"""Blind second reviews: who may answer, what they see, and how far they agree."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from case_scenes import MISSING, Scene

from medwarrant.model.errors import InputError
from medwarrant.review import cases, second_reviews, second_sample, settings, worksheet
from medwarrant.review.criteria_of import leaves_excluding
from medwarrant.review.errors import NotAllowed
from medwarrant.review.second_reviews import SecondAnswers

OVERRIDE = "The emergency physician documented an attack that no drug of the chart had stopped."


@pytest.fixture
def scene(any_desk, people, others):
    found = Scene(any_desk, people, others)
    found.plan()
    return found


def drawn(scene, clock, **options):
    options = {
        "since": clock.now - timedelta(days=30),
        "until": clock.now + timedelta(days=1),
        **options,
    }
    with scene.desk.work(scene.people["auditor"]) as work:
        return second_sample.draw(work, options.pop("sample", "November"), **options)


def open_to(scene, person):
    with scene.desk.work(person) as work:
        return second_reviews.second_reviews_open(work)


def answers_for(sheet, *, word="met", outcome="approved"):
    def leaves(criterion):
        if criterion.asked:
            yield criterion.asked
        for child in criterion.children:
            yield from leaves(child)

    return SecondAnswers(
        criteria={
            item.key: {name: word for root in item.criteria for name in leaves(root)}
            for item in sheet.items
        },
        outcomes=tuple(outcome for _ in sheet.lines),
    )


def test_the_second_reviewer_sees_no_status_and_no_name(scene, clock):
    case, _ = scene.approved(scene.with_nurse())
    drawn(scene, clock)
    other = scene.others["nurse_reviewer"]
    assert open_to(scene, scene.nurse) == [], "whoever decided is not asked again"
    (review,) = open_to(scene, other)
    with scene.desk.work(other) as work:
        sheet = second_reviews.take_second_review(work, review.id)
    shown = msgspec.json.encode(sheet).decode()
    assert "64405" in shown
    for hidden in ("meets_criteria", '"status":"met"', scene.nurse.name, "approved", "outcome"):
        assert hidden not in shown
    assert {fact.fact for fact in sheet.facts} == {"intent", "setting"}
    for look in (cases.load_case, worksheet.worksheet):
        with (
            pytest.raises(NotAllowed, match="without knowing what was decided"),
            scene.desk.work(other) as work,
        ):
            look(work, case.id)
    with scene.desk.work(other) as work:
        second_reviews.answer_second_review(work, review.id, answers_for(sheet))
    with scene.desk.work(other) as work:
        assert cases.load_case(work, case.id).id == case.id


def test_what_a_physician_decided_is_reviewed_by_a_physician(scene, clock):
    scene.adverse()
    drawn(scene, clock)
    assert open_to(scene, scene.others["nurse_reviewer"]) == []
    (review,) = open_to(scene, scene.second_physician)
    with (
        pytest.raises(NotAllowed, match="leave it to a physician"),
        scene.desk.work(scene.nurse) as work,
    ):
        second_reviews.take_second_review(work, review.id)
    with (
        pytest.raises(NotAllowed, match="worked on this case"),
        scene.desk.work(scene.physician) as work,
    ):
        second_reviews.take_second_review(work, review.id)


def test_one_person_takes_it_and_answers_once(scene, clock):
    scene.approved(scene.with_nurse())
    drawn(scene, clock)
    (review,) = open_to(scene, scene.second_physician)
    with scene.desk.work(scene.second_physician) as work:
        sheet = second_reviews.take_second_review(work, review.id)
    with pytest.raises(NotAllowed, match="somebody else"), scene.desk.work(scene.physician) as work:
        second_reviews.take_second_review(work, review.id)
    with (
        pytest.raises(NotAllowed, match="not open to you"),
        scene.desk.work(scene.physician) as work,
    ):
        second_reviews.answer_second_review(work, review.id, answers_for(sheet))
    good = answers_for(sheet)
    key = sheet.items[0].key
    less = dict(list(good.criteria[key].items())[1:])
    for wrong in (
        msgspec.structs.replace(good, criteria={}),
        msgspec.structs.replace(good, criteria={key: less}),
        msgspec.structs.replace(good, criteria={**good.criteria, "0:1/2": {"x": "met"}}),
        msgspec.structs.replace(good, criteria={key: dict.fromkeys(good.criteria[key], "maybe")}),
        msgspec.structs.replace(good, outcomes=()),
        msgspec.structs.replace(good, outcomes=("denied",)),
    ):
        with pytest.raises(InputError), scene.desk.work(scene.second_physician) as work:
            second_reviews.answer_second_review(work, review.id, wrong)
    with scene.desk.work(scene.second_physician) as work:
        kept = second_reviews.answer_second_review(work, review.id, good)
    assert kept.answers == good
    with pytest.raises(NotAllowed), scene.desk.work(scene.second_physician) as work:
        second_reviews.answer_second_review(work, review.id, good)


def test_agreement_compares_with_what_was_signed(scene, clock):
    """An overridden criterion counts as the approval took it, not as the record has it: as met, or as not there."""
    case = scene.with_physician(MISSING)
    case, decided = scene.approved(case, scene.physician, reason=OVERRIDE)
    drawn(scene, clock)
    (review,) = open_to(scene, scene.second_physician)
    with scene.desk.work(scene.second_physician) as work:
        sheet = second_reviews.take_second_review(work, review.id)
        second_reviews.answer_second_review(work, review.id, answers_for(sheet))
    with scene.desk.work(scene.people["auditor"]) as work:
        report = second_sample.sample_agreement(work, "November")
    overridden = set(decided.said().overrides[0].criteria)
    agreed = {one.criterion for one in report.by_criterion if one.agreement.agreed}
    (item,) = scene.answer(case).determination.items
    excluding = leaves_excluding(item)
    assert overridden - excluding
    assert overridden - excluding <= agreed
    assert overridden & excluding
    assert not overridden & excluding & agreed, (
        "the second reviewer called them met, which is there"
    )
    assert (report.cases, report.outcomes.agreed, report.unanswered) == (1, 1, 0)


def test_a_sample_is_drawn_by_those_who_audit_and_named_once(scene, clock):
    for _ in range(3):
        scene.approved(scene.with_nurse())
    with pytest.raises(NotAllowed), scene.desk.work(scene.physician) as work:
        second_sample.draw(work, "November", since=clock.now, until=clock.now)
    assert len(drawn(scene, clock).drawn) == 1, "five in a hundred, one at least"
    with pytest.raises(InputError, match="was drawn"):
        drawn(scene, clock)
    with scene.desk.work(scene.administrator) as work:
        settings.change_setting(work, "second_reviews", {"percent": 100}, expected=0)
    assert len(drawn(scene, clock, sample="all").drawn) == 3
    assert len(drawn(scene, clock, sample="two", size=2).drawn) == 2
    assert drawn(scene, clock, sample="none", since=clock.now + timedelta(days=1)).drawn == ()
