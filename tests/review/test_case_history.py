"""The history of a case in words, and the case as the figures see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from case_scenes import MISSING, Scene

from medwarrant.review import appeals, assigning, cases, information, letters, timing
from medwarrant.review.case_rows import case_rows
from medwarrant.review.errors import NotAllowed
from medwarrant.review.history import _WORDS, history

WHY = "The member says that the headaches begin in the neck, and sends the neurologist's letter."
OVERRIDE = "The emergency physician documented an attack that no drug of the chart had stopped."


@pytest.fixture
def scene(any_desk, people, others):
    found = Scene(any_desk, people, others)
    found.plan()
    return found


def told(scene, case, person, **options):
    with scene.desk.work(person) as work:
        return [
            (one.who, one.words)
            for one in history(work, cases.find_case(work.connection, case.id), **options)
        ]


def rows(scene):
    with scene.desk.work(scene.people["auditor"]) as work:
        return {row.case: row for row in case_rows(work)}


def test_what_happened_is_told_in_order(scene):
    case = scene.submitted()
    scene.do(scene.administrator, assigning.assign, case, scene.nurse.id)
    case = scene.taken(case, scene.nurse)
    case, _ = scene.approved(case)
    case, kept = scene.do(scene.nurse, letters.write_decision_letter, case)
    scene.do(scene.nurse, letters.send_letter, case, kept.id, "by post")
    nurse = scene.nurse.name
    assert told(scene, case, scene.people["auditor"]) == [
        ("Requester 1", "submitted the request (standard)"),
        ("Administrator 1", f"assigned the case to {nurse}"),
        (nurse, "took the case (in review by a nurse)"),
        (nurse, "signed decision 1: approved as requested"),
        (nurse, "made a letter (approval letter)"),
        (nurse, "marked a letter as sent"),
    ]
    looks = told(scene, case, scene.people["auditor"], with_looks=True)
    assert (nurse, "opened the section: Criteria") in looks
    assert (nurse, "looked at the case") in looks


def test_a_requester_sees_what_concerns_the_request(scene):
    case, _ = scene.adverse()
    scene.do(scene.requester, appeals.appeal, case, WHY)
    seen = told(scene, case, scene.requester, with_looks=True)
    assert seen == [
        ("Requester 1", "submitted the request (standard)"),
        ("Physician reviewer 1", "signed decision 1: not approved"),
        ("Requester 1", "appealed the decision"),
    ]


def test_no_act_is_told_by_its_bare_name(scene):
    """Every act that the desk logs about a case has words."""
    case = scene.with_physician(MISSING)
    case = scene.asked(case)
    case, _ = scene.approved(
        scene.do(scene.physician, _end, case), scene.physician, reason=OVERRIDE
    )
    scene.do(scene.nurse, appeals.reopen, case, "new_evidence", WHY)
    with scene.desk.work(scene.people["auditor"]) as work:
        acts = {one.act for one in history(work, case, with_looks=True)}
    assert acts <= set(_WORDS)


def _end(work, case_id, *, expected):
    return information.end_waiting(work, case_id, WHY, expected=expected)


def test_a_row_for_the_figures(scene, clock):
    approved, _ = scene.approved(scene.with_nurse())
    over = scene.with_physician(MISSING)
    over, decided = scene.approved(over, scene.physician, reason=OVERRIDE)
    late = scene.submitted()
    gone = scene.do(scene.requester, assigning.withdraw, scene.submitted(), "Not needed.")
    found = rows(scene)
    row = found[approved.id]
    assert (row.decision, row.decided_at, row.proposed) == ("approved", clock.now, "meets_criteria")
    assert (row.in_time, row.extended, row.appealed, row.drugs_only) == (True, False, False, False)
    assert "migraine-emergency" not in row.overrides
    assert row.criteria
    assert set(found[over.id].overrides) == set(decided.said().overrides[0].criteria)
    assert set(found[over.id].overrides) <= set(found[over.id].criteria)
    assert found[late.id].open
    assert found[gone.id].withdrawn_at == clock.now
    with pytest.raises(NotAllowed), scene.desk.work(scene.requester) as work:
        list(case_rows(work))


def test_an_appeal_does_not_change_the_first_decision(scene, clock):
    case = scene.with_physician()
    why = "The practice must send the therapy notes before this can be judged."
    scene.do(scene.physician, timing.extend_clock, case, 15, why, why)
    case, _ = scene.adverse(ready=case)
    decided_at, due = clock.now, case.due_at
    clock.advance(days=20)
    case = scene.do(scene.requester, appeals.appeal, case, WHY, urgency="expedited")
    row = rows(scene)[case.id]
    assert (row.appealed, row.appeal_outcome) == (True, None)
    case = scene.taken(case, scene.second_physician)
    scene.approved(case, scene.second_physician, reason=OVERRIDE)
    row = rows(scene)[case.id]
    assert (row.decision, row.decided_at, row.due_at) == ("adverse", decided_at, due)
    assert (row.urgency, row.extended, row.appeal_outcome) == ("standard", True, "overturned")
    assert row.taken == timedelta(0)
