"""Requests for information: a letter, a wait, and a new record when it comes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from case_scenes import LATER, MET, MISSING, Scene, words

from medwarrant.model.errors import InputError
from medwarrant.model.facts import Fact
from medwarrant.report.letters import Asked
from medwarrant.review import assigning, facts, information, inquiries, letters, settings, timing
from medwarrant.review.errors import NotAllowed, NotFound
from medwarrant.review.facts import FactSaid
from medwarrant.review.inquiries import FileSent

NOTE = b"Trigger point in the left trapezius with a taut band and referred pain. Physical therapy failed."


@pytest.fixture
def scene(any_desk, people, others):
    found = Scene(any_desk, people, others)
    found.plan()
    return found


def requests(scene, case):
    with scene.desk.work(scene.physician) as work:
        return information.information_requests(work, case)


def test_a_request_is_a_letter_and_the_clock_runs_on(scene, clock):
    case = scene.with_nurse(MISSING)
    due = case.due_at
    asked = scene.asked(case, scene.nurse)
    assert (asked.state, asked.resumes, asked.assigned_to) == (
        "awaiting_information",
        "nurse_review",
        scene.nurse.id,
    )
    assert (asked.due_at, asked.paused_since) == (due, None)
    (request,) = requests(scene, asked)
    assert request.items[0].about == "criterion"
    assert request.answer_by.date() == date(2026, 11, 28)
    assert (request.answered_at, request.over(clock.now)) == (None, False)
    assert request.over(clock.now + timedelta(days=6))
    with scene.desk.work(scene.requester) as work:
        (letter,) = letters.letters_of(work, asked)
    assert (letter.kind, letter.sent_to) == ("information_request_letter", "Example Practice")
    assert letter.sent_at == clock.now


def test_what_comes_makes_a_record_and_leads_back(scene, clock):
    case = scene.with_nurse(MISSING)
    asked = scene.asked(case, scene.nurse)
    clock.advance(days=1)
    back, made = scene.do(
        scene.requester,
        information.receive_information,
        asked,
        facts=["phase=initial"],
        files=[FileSent(name="therapy.txt", body=NOTE)],
        words="The other notes follow.",
    )
    assert (back.state, back.resumes, back.assigned_to) == ("nurse_review", None, scene.nurse.id)
    assert (made.why, made.case_id, back.record_id) == ("information_received", case.id, made.id)
    read = scene.answer(back).reading.facts
    assert {fact.basis for fact in read if fact.fact == "phase"} == {"stated"}
    assert {fact.basis for fact in read if fact.document == "therapy.txt"} == {"read"}
    (request,) = requests(scene, back)
    assert request.answered_at == request.ended_at == clock.now
    assert request.over(clock.now)
    with scene.desk.work(scene.nurse) as work:
        assert [kept.name for kept in inquiries.documents_of(work, case.inquiry_id)] == [
            "therapy.txt"
        ]


def test_a_practice_sends_more_before_it_is_asked(scene):
    case = scene.with_nurse(MISSING)
    same, made = scene.do(
        scene.requester, information.receive_information, case, facts=["phase=initial"]
    )
    assert (same.state, same.version) == ("nurse_review", case.version + 2)
    assert made.number == 2


def test_a_file_of_the_same_name_is_told_apart(scene):
    case = scene.with_nurse(MISSING, notes=[("therapy.txt", "Neck pain since May.")])
    scene.do(
        scene.requester,
        information.receive_information,
        case,
        files=[FileSent(name="therapy.txt", body=NOTE), FileSent(name="therapy.txt", body=NOTE)],
    )
    with scene.desk.work(scene.nurse) as work:
        names = {kept.name for kept in inquiries.documents_of(work, case.inquiry_id)}
    assert names == {"therapy.txt", "therapy (2).txt", "therapy (3).txt"}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "nothing is handed in"),
        ({"words": "   "}, "nothing is handed in"),
        (
            {"files": [FileSent(name="a.json", body=b'{"resourceType": "Bundle"}')]},
            "data, not a note",
        ),
        ({"files": [FileSent(name="a.png", body=b"\x89PNG\r\n\x1a\n" + b"0" * 40)]}, "picture"),
        ({"facts": ["phase=later"]}, "not a known value"),
    ],
)
def test_what_cannot_be_taken_in_changes_nothing(desk, people, others, given, problem):
    scene = Scene(desk, people, others)
    case = scene.with_nurse(MISSING)
    with pytest.raises(InputError, match=problem):
        scene.do(scene.requester, information.receive_information, case, **given)
    assert scene.now(case) == case


def test_only_the_requester_of_the_case_and_reviewers_hand_in(scene):
    case = scene.with_nurse(MISSING)
    for who in (scene.others["requester"], scene.people["editor"]):
        with pytest.raises(NotFound):
            scene.do(who, information.receive_information, case, words="Here.")
    with pytest.raises(NotAllowed):
        scene.do(scene.people["auditor"], information.receive_information, case, words="Here.")
    case, _ = scene.do(scene.nurse, information.receive_information, case, words="By fax at 9:00.")
    assert case.state == "nurse_review"


def test_what_a_reviewer_confirmed_is_not_displaced_by_a_statement(scene):
    """A statement against a confirmed fact stands beside it: the fact is conflicting, not replaced."""
    case = scene.with_nurse(("Is 64405 medically necessary for G43.919?", []))
    case, _ = scene.do(
        scene.nurse, facts.review_facts, case, [FactSaid(act="added", value="setting=office")]
    )
    case, _ = scene.do(
        scene.requester, information.receive_information, case, facts=["setting=emergency"]
    )
    settings_ = [fact for fact in scene.answer(case).reading.facts if fact.fact == "setting"]
    assert {(fact.value, fact.basis) for fact in settings_} == {
        ("office", "confirmed"),
        ("emergency", "stated"),
    }
    assert scene.answer(case).determination.outcome != "meets_criteria"


def test_a_statement_may_not_call_itself_confirmed(scene):
    case = scene.with_nurse(("Is 64405 medically necessary for G43.919?", []))
    claimed = Fact(fact="setting", value="emergency", basis="confirmed")
    case, _ = scene.do(scene.requester, information.receive_information, case, facts=[claimed])
    (fact,) = [fact for fact in scene.answer(case).reading.facts if fact.fact == "setting"]
    assert fact.basis == "stated"


def test_the_review_may_go_on_without_it(scene):
    case = scene.asked(scene.with_physician(MISSING))
    with pytest.raises(InputError):
        scene.do(scene.physician, information.end_waiting, case, "late")
    with pytest.raises(NotAllowed, match="Physician reviewer 1 has this case"):
        scene.do(scene.second_physician, information.end_waiting, case, LATER)
    back = scene.do(scene.physician, information.end_waiting, case, LATER)
    assert back.state == "physician_review"
    (request,) = requests(scene, back)
    assert request.answered_at is None
    assert request.ended_at is not None


def test_a_paused_clock_runs_again_when_it_comes(scene, clock):
    case = scene.with_nurse((MET[0], ["line_of_business=commercial"]))
    why = "The practice must send the therapy notes before this can be judged."
    told = "Called the practice at 10:15 and wrote to the member on the same day."
    scene.do(scene.nurse, timing.extend_clock, case, 15, why, told)
    scene.asked(case, scene.nurse)
    paused = scene.do(scene.nurse, timing.pause_clock, case, why)
    clock.advance(days=3)
    back, _ = scene.do(scene.requester, information.receive_information, case, words="Here it is.")
    assert back.paused_since is None
    assert back.due_at == paused.due_at + timedelta(days=3)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"items": []}, "nothing is asked"),
        ({"items": [Asked(about="criterion", id="no-such")]}, "holds no criterion"),
        ({"items": [words()], "answer_by": date(2026, 11, 22)}, "has passed"),
    ],
)
def test_a_request_asks_for_something_by_a_day_to_come(desk, people, others, given, problem):
    scene = Scene(desk, people, others)
    scene.plan()
    case = scene.with_nurse(MISSING)
    items = given.pop("items")
    with pytest.raises(InputError, match=problem):
        scene.do(scene.nurse, information.request_information, case, items, **given)
    assert scene.now(case).state == "nurse_review"


def test_without_a_day_in_the_settings_one_is_given(desk, people, others):
    scene = Scene(desk, people, others)
    scene.plan()
    with desk.work(scene.administrator) as work:
        settings.change_setting(work, "information", {}, expected=1)
    case = scene.with_nurse(MISSING)
    with pytest.raises(InputError, match="no day to answer by"):
        scene.asked(case, scene.nurse)
    assert (
        scene.asked(case, scene.nurse, answer_by=date(2026, 11, 25)).state == "awaiting_information"
    )


LEAST = [
    {
        "standard_days": 10,
        "expedited_days": 2,
        "source": "The plan's own rule",
        "line_of_business": "",
    },
    {
        "standard_days": 14,
        "expedited_days": 0,
        "source": "Contract, section 4",
        "line_of_business": "medicare-advantage",
    },
]


def least(scene):
    with scene.desk.work(scene.administrator) as work:
        value = {"standard_days": 5, "expedited_days": 1, "least": LEAST}
        settings.change_setting(work, "information", value, expected=1)


@pytest.mark.parametrize(
    ("what", "urgency", "days"),
    [
        (MISSING, "standard", 14),
        (MISSING, "expedited", 0),
        (MET, "standard", 10),
        (MET, "expedited", 2),
    ],
    ids=["its own", "its own, expedited", "every line", "every line, expedited"],
)
def test_a_practice_has_the_least_time_of_its_line_of_business(scene, what, urgency, days):
    least(scene)
    case = scene.with_nurse(what, urgency=urgency)
    today = date(2026, 11, 23)
    if days:
        with pytest.raises(InputError, match=f"{days} days at least") as refused:
            scene.asked(case, scene.nurse, items=[words()], answer_by=today + timedelta(days - 1))
        assert refused.value.where == "answer_by"
    asked = scene.asked(case, scene.nurse, items=[words()], answer_by=today + timedelta(days))
    (request,) = requests(scene, asked)
    assert request.answer_by.date() == today + timedelta(days)


def test_the_usual_time_is_never_less_than_the_least(scene):
    least(scene)
    asked = scene.asked(scene.with_nurse(MISSING), scene.nurse)
    assert requests(scene, asked)[0].answer_by.date() == date(2026, 12, 7)
    asked = scene.asked(scene.with_nurse(MISSING, urgency="expedited"), scene.nurse)
    assert requests(scene, asked)[0].answer_by.date() == date(2026, 11, 24)


def test_the_choice_is_what_is_missing_and_what_would_show_it(scene):
    answer = scene.answer(scene.with_nurse(MISSING))
    choice = information.information_to_ask(answer)
    criteria = [one.id for one in choice if one.about == "criterion"]
    assert criteria == list(answer.determination.items[0].missing)
    assert [one.id for one in choice if one.about == "document"] == [
        document.id for document in answer.determination.documents
    ]


def test_a_waiting_case_can_be_assigned_and_withdrawn(scene):
    case = scene.asked(scene.with_nurse(MISSING), scene.nurse)
    with pytest.raises(NotAllowed, match="needs a nurse reviewer"):
        scene.do(scene.administrator, assigning.assign, case, scene.physician.id)
    case = scene.do(scene.administrator, assigning.assign, case, "nurse_reviewer-2")
    assert scene.do(scene.requester, assigning.withdraw, case, "Moved.").state == "withdrawn"
