"""Reopening and appeal: states of their own, other people, and what becomes of the first decision."""

from __future__ import annotations

from datetime import timedelta

import pytest
from case_scenes import LATER, REFERS, Scene, refused

from medwarrant.model.errors import InputError
from medwarrant.review import (
    appeals,
    assigning,
    cases,
    comments,
    deciding,
    facts,
    letters,
    settings,
)
from medwarrant.review.appeal_result import result_of_appeal, stages_of
from medwarrant.review.decisions import LineOfDecision, decisions_of
from medwarrant.review.errors import NotAllowed, NotFound

WHY = "The member says that the headaches begin in the neck, and sends the neurologist's letter."
SECOND_LOOK = "The neurologist's letter describes headache that the block at C2 stopped in May."


@pytest.fixture
def scene(any_desk, people, others):
    found = Scene(any_desk, people, others)
    found.plan()
    return found


@pytest.fixture
def appealed(scene, clock):
    case, _ = scene.adverse()
    clock.advance(days=10)
    return scene.do(scene.requester, appeals.appeal, case, WHY)


def stages(scene, case):
    with scene.desk.work(scene.physician) as work:
        return stages_of(work, case)


def test_an_appeal_begins_anew(scene, appealed, clock):
    assert (appealed.state, appealed.stage, appealed.stage_number) == ("appealed", "appeal", 1)
    assert (appealed.assigned_to, appealed.decided_at, appealed.is_open) == (None, None, True)
    assert appealed.stage_at == clock.now
    assert appealed.due_at == clock.now + timedelta(days=15)
    assert [past.stage for past in appealed.clock.past] == ["initial"]
    (stage,) = stages(scene, appealed)
    assert (stage.appellant, stage.reason, stage.result) == ("Example Practice", WHY, None)


def test_whoever_took_part_does_not_decide_it_again(scene, appealed):
    for act, options in (
        (assigning.take, {}),
        (comments.add_comment, {"body": "I still think so."}),
    ):
        with pytest.raises(NotAllowed, match="took part in the decision"):
            scene.do(scene.physician, act, appealed, **options)
    with pytest.raises(NotAllowed, match="took part in the decision"):
        scene.do(scene.administrator, assigning.assign, appealed, scene.physician.id)
    assert scene.taken(appealed, scene.second_physician).state == "physician_review"


def test_a_nurse_who_prepared_the_first_decision_takes_no_part_in_the_appeal(scene):
    case = scene.with_nurse(REFERS)
    scene.do(
        scene.nurse,
        facts.review_facts,
        case,
        [facts.FactSaid(act="added", value="intent=diagnostic")],
    )
    scene.do(scene.nurse, assigning.refer, case)
    case, _ = scene.adverse(ready=scene.taken(case, scene.physician))
    case = scene.do(scene.requester, appeals.appeal, case, WHY)
    with pytest.raises(NotAllowed, match="took part"):
        scene.taken(case, scene.nurse)
    case = scene.taken(case, scene.others["nurse_reviewer"])
    assert (case.state, case.stage) == ("nurse_review", "appeal")


def test_an_appeal_is_decided_by_a_physician(scene, appealed):
    nurse = scene.others["nurse_reviewer"]
    case = scene.taken(appealed, nurse)
    with pytest.raises(NotAllowed, match="decided by a physician"):
        scene.approved(case, nurse)
    scene.do(nurse, assigning.refer, case)
    case = scene.taken(case, scene.second_physician)
    case, kept = scene.approved(case, scene.second_physician, reason=SECOND_LOOK)
    assert (case.state, case.stage, kept.stage, kept.number) == ("decided", "appeal", "appeal", 2)
    assert kept.said().against.result == "overturned"
    assert stages(scene, case)[0].result == "overturned"


def test_an_appeal_may_be_upheld_with_a_talk_and_rights_of_its_own(scene, appealed):
    case = scene.taken(appealed, scene.second_physician)
    scene.opened(case, scene.second_physician)
    with pytest.raises(NotAllowed, match="no peer-to-peer talk"):
        scene.signed(case, person=scene.second_physician)
    case, kept = scene.adverse(ready=case, person=scene.second_physician)
    assert kept.said().against.result == "upheld"
    with scene.desk.work(scene.physician) as work:
        first, second = decisions_of(work.connection, case.id)
    assert (first.number, second.number) == (1, 2)
    assert second.said().against.decision == first.id
    again = scene.do(scene.requester, appeals.appeal, case, WHY)
    assert again.stage_number == 2
    for who in (scene.physician, scene.second_physician):
        with pytest.raises(NotAllowed, match="took part"):
            scene.taken(again, who)


def test_the_letter_of_the_first_decision_is_not_sent_after_an_appeal(scene, clock):
    case, _ = scene.adverse()
    _, first = scene.do(scene.physician, letters.write_decision_letter, case)
    case = scene.do(scene.requester, appeals.appeal, case, WHY)
    case = scene.taken(case, scene.second_physician)
    with pytest.raises(NotAllowed, match="not the one that stands"):
        scene.do(scene.second_physician, letters.send_letter, case, first.id, "by post")


def test_nothing_that_was_approved_is_appealed(scene):
    case, _ = scene.approved(scene.with_nurse())
    with pytest.raises(NotAllowed, match="nothing to appeal"):
        scene.do(scene.requester, appeals.appeal, case, WHY)


def test_an_appeal_that_came_by_letter_is_entered_with_its_day(scene, clock):
    case, _ = scene.adverse()
    clock.advance(days=3)
    came = clock.now - timedelta(days=1)
    with pytest.raises(InputError, match="appellant"):
        scene.do(scene.nurse, appeals.appeal, case, WHY)
    with pytest.raises(InputError, match="between the decision and now"):
        scene.do(
            scene.nurse,
            appeals.appeal,
            case,
            WHY,
            appellant="M",
            received_at=clock.now + timedelta(days=1),
        )
    made = scene.do(
        scene.nurse,
        appeals.appeal,
        case,
        WHY,
        appellant="Maria Example",
        received_at=came,
        urgency="expedited",
    )
    assert (made.stage_at, made.urgency) == (came, "expedited")
    assert made.due_at == came + timedelta(hours=72)
    assert stages(scene, made)[0].appellant == "Maria Example"


def test_somebody_elses_case_is_not_appealed(scene):
    case, _ = scene.adverse()
    with pytest.raises(NotFound):
        scene.do(scene.others["requester"], appeals.appeal, case, WHY)
    with pytest.raises(NotAllowed):
        scene.do(scene.people["auditor"], appeals.appeal, case, WHY)


def test_a_withdrawn_appeal_leaves_the_decision_in_place(scene, appealed):
    case = scene.do(scene.requester, assigning.withdraw, appealed, "We will ask anew.")
    assert (case.state, case.is_open) == ("decided", False)
    assert stages(scene, case)[0].result == "withdrawn"
    with scene.desk.work(scene.physician) as work:
        assert len(decisions_of(work.connection, case.id)) == 1


# --- reopening ----------------------------------------------------------------------------------------


def test_reopening_needs_a_reason_and_another_reviewer(scene):
    case, _ = scene.adverse()
    with pytest.raises(InputError):
        scene.do(scene.nurse, appeals.reopen, case, "new_evidence", "again")
    with pytest.raises(InputError, match="no ground"):
        scene.do(scene.nurse, appeals.reopen, case, "whim", WHY)
    with pytest.raises(NotAllowed, match="needs the role"):
        scene.do(scene.requester, appeals.reopen, case, "new_evidence", WHY)
    case = scene.do(scene.nurse, appeals.reopen, case, "new_evidence", WHY)
    assert (case.state, case.stage) == ("reopened", "reopened")
    with pytest.raises(NotAllowed, match="took part"):
        scene.taken(case, scene.physician)
    case = scene.taken(case, scene.second_physician)
    case, kept = scene.approved(case, scene.second_physician, reason=SECOND_LOOK)
    assert (kept.stage, kept.said().against.result) == ("reopened", "decided")


def test_an_approval_is_not_taken_back_on_a_second_thought(scene):
    case, _ = scene.approved(scene.with_nurse())
    with pytest.raises(NotAllowed, match="new evidence, an obvious error or fraud"):
        scene.do(scene.physician, appeals.reopen, case, "other", WHY)
    case = scene.do(scene.physician, appeals.reopen, case, "clear_error", WHY)
    assert case.state == "reopened"


def test_a_case_that_is_not_decided_is_not_reopened(scene):
    case = scene.with_nurse()
    with pytest.raises(NotAllowed, match="in review by a nurse"):
        scene.do(scene.nurse, appeals.reopen, case, "new_evidence", WHY)


def test_appeals_run_by_the_plans_own_times(scene):
    with scene.desk.work(scene.administrator) as work:
        value = {
            "commercial": {
                "source": "Plan document 2026",
                "standard": "30 days",
                "expedited": "72 hours",
            }
        }
        settings.change_setting(work, "appeal_clocks", value, expected=0)
    case, _ = scene.adverse()
    case = scene.do(scene.requester, appeals.appeal, case, WHY)
    assert (case.due_at - case.stage_at).days == 30
    with scene.desk.work(scene.nurse) as work:
        said = " ".join(cases.clock_of(work, case).why)
    assert "Plan document 2026" in said


def _line(number, decided, words=""):
    return LineOfDecision(
        line=number,
        service="64405",
        diagnoses=("G43.919",),
        proposed="needs_clinical_review",
        decided=decided,
        words=words,
    )


@pytest.mark.parametrize(
    ("before", "now", "result"),
    [
        (["not_approved"], ["approved"], "overturned"),
        (["not_approved"], ["not_approved"], "upheld"),
        (["not_approved"], ["modified"], "partly_overturned"),
        (["modified"], ["modified"], "upheld"),
        (["approved", "not_approved"], ["approved", "not_approved"], "upheld"),
        (["approved", "not_approved"], ["approved", "approved"], "overturned"),
        (["not_approved", "not_approved"], ["approved", "not_approved"], "partly_overturned"),
    ],
)
def test_what_an_appeal_comes_to(before, now, result):
    then = [_line(number, word) for number, word in enumerate(before)]
    assert (
        result_of_appeal(then, [_line(number, word) for number, word in enumerate(now)]) == result
    )


@pytest.mark.parametrize(
    ("before", "now"),
    [("approved", "not_approved"), ("approved", "modified"), ("modified", "not_approved")],
)
def test_an_appeal_takes_nothing_away(before, now):
    with pytest.raises(NotAllowed, match="does not take away"):
        result_of_appeal([_line(0, before)], [_line(0, now)])


def test_the_one_who_decided_cannot_sign_by_any_way(scene, appealed):
    """Also where the case was assigned before anybody looked: the signature itself is refused."""
    digest = scene.digest(appealed)
    with pytest.raises(NotAllowed):
        scene.do(
            scene.physician,
            deciding.sign,
            appealed,
            record_digest=digest,
            kind="adverse",
            lines=[refused()],
            name=scene.physician.name,
            credentials=scene.physician.credentials,
            without_waiting=LATER,
        )
