"""Cases: submitting, who may see them, who has them, and two people at once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from case_scenes import AS_OF, MET, Scene
from sqlalchemy import select

from medwarrant.model.errors import InputError
from medwarrant.review import assigning, cases, comments, inquiries, submitting, timing
from medwarrant.review.errors import NotAllowed, NotFound, Stale
from medwarrant.review.store.schema import audit, record

WHY = "The office called and said that the visit was moved to another month."


@pytest.fixture
def scene(desk, people, others):
    return Scene(desk, people, others)


@pytest.fixture
def any_scene(any_desk, people, others):
    return Scene(any_desk, people, others)


def test_a_submitted_case_has_a_number_and_a_clock_from_receipt(any_scene, clock):
    first = any_scene.submitted()
    second = any_scene.submitted(urgency="expedited")
    assert (first.number, second.number) == ("2026-000001", "2026-000002")
    assert (first.state, first.stage, first.version) == ("received", "initial", 1)
    assert first.due_at > second.due_at > clock.now
    assert first.summary.startswith("64405")
    assert first.outcome == "meets_criteria"


def test_a_case_whose_line_of_business_is_known_runs_by_its_rule(scene):
    case = scene.submitted((MET[0], [*MET[1], "line_of_business=medicare-advantage"]))
    assert case.clock.rule.id == "medicare-advantage"
    assert case.due_at - case.received_at == timedelta(days=7)
    assert case.line_of_business == "medicare-advantage"


def test_what_came_in_earlier_runs_from_receipt(scene, clock):
    received = clock.now - timedelta(days=2)
    with pytest.raises(NotAllowed, match="nurse reviewer"):
        scene.submitted(received_at=received)
    case = scene.submitted(by=scene.nurse, received_at=received)
    assert case.received_at == received
    with pytest.raises(InputError, match="received"):
        scene.submitted(by=scene.nurse, received_at=clock.now + timedelta(hours=1))


def test_only_ones_own_inquiry_is_submitted_as_it_was_seen(scene):
    answer = scene.desk.medwarrant.ask(MET[0], facts=MET[1], as_of=AS_OF)
    with scene.desk.work(scene.requester) as work:
        kept, _ = inquiries.keep_inquiry(work, answer)
    given = {"urgency": "standard", "member_name": "A", "requester_name": "B"}
    with pytest.raises(NotFound), scene.desk.work(scene.others["requester"]) as work:
        submitting.submit(work, kept.id, **given, expected=1)
    with pytest.raises(Stale), scene.desk.work(scene.requester) as work:
        submitting.submit(work, kept.id, **given, expected=2)
    with pytest.raises(InputError, match="member_name"), scene.desk.work(scene.requester) as work:
        submitting.submit(work, kept.id, **{**given, "member_name": " "}, expected=1)
    with scene.desk.work(scene.requester) as work:
        case = submitting.submit(work, kept.id, **given, expected=1)
    assert case.number == "2026-000001", "what was refused took no number"
    with (
        pytest.raises(NotAllowed, match="under review already"),
        scene.desk.work(scene.requester) as work,
    ):
        submitting.submit(work, kept.id, **given, expected=1)
    with scene.desk.work(scene.requester) as work:
        assert [one.id for one in submitting.cases_of_inquiry(work, kept.id)] == [case.id]


@pytest.mark.parametrize(
    "question", ["Is it medically necessary?", "Is 64405 medically necessary?"]
)
def test_nothing_to_review_is_not_submitted(scene, question):
    with pytest.raises(InputError, match=r"no service|no diagnosis"):
        scene.submitted((question, []))


def test_a_fact_that_the_practice_calls_confirmed_is_not(scene):
    """Called confirmed, read from a note: read. Called confirmed, without a note: stated."""
    app = scene.desk.medwarrant
    answer = app.ask(
        "Is 64405 medically necessary for G43.919?",
        facts=["intent=acute"],
        notes=[("visit.txt", "Failed sumatriptan 100 mg. Seen in the emergency department.")],
        as_of=AS_OF,
    )
    claimed = app.revise(answer, confirmed=[fact.id for fact in answer.reading.facts])
    assert {fact.basis for fact in claimed.reading.facts} == {"confirmed"}
    with scene.desk.work(scene.requester) as work:
        kept, _ = inquiries.keep_inquiry(work, claimed)
        case = submitting.submit(
            work, kept.id, urgency="standard", member_name="A", requester_name="B", expected=1
        )
    bases = {fact.fact: fact.basis for fact in scene.answer(case).reading.facts}
    assert bases["intent"] == "stated"
    assert bases["drug-trial"] == "read"
    with scene.desk.work(scene.requester) as work:
        made = work.connection.scalars(select(record.c.why).where(record.c.case_id == case.id))
        assert list(made) == ["submitted"]


# --- who sees ---------------------------------------------------------------------------------------


def test_requesters_see_their_own_cases_alone(any_scene):
    case = any_scene.submitted()
    for who in (any_scene.others["requester"], any_scene.people["editor"]):
        with pytest.raises(NotFound), any_scene.desk.work(who) as work:
            cases.load_case(work, case.id)
    for who in ("requester", "nurse_reviewer", "physician_reviewer", "auditor", "administrator"):
        with any_scene.desk.work(any_scene.people[who]) as work:
            assert cases.load_case(work, case.id).number == case.number
    with pytest.raises(NotFound), any_scene.desk.work(any_scene.nurse) as work:
        cases.load_case(work, "0" * 32)


def test_each_look_is_logged_once_a_minute(any_scene, clock):
    case = any_scene.submitted()

    def look(person):
        with any_scene.desk.work(person) as work:
            cases.load_case(work, case.id)

    def looks():
        with any_scene.desk.work(any_scene.nurse) as work:
            return work.connection.scalars(
                select(audit.c.person_id).where(
                    audit.c.subject == case.subject, audit.c.act == "seen"
                )
            ).all()

    look(any_scene.nurse)
    look(any_scene.nurse)
    look(any_scene.physician)
    assert len(looks()) == 2
    clock.advance(minutes=1, seconds=1)
    look(any_scene.nurse)
    assert len(looks()) == 3


# --- who has a case -----------------------------------------------------------------------------------


def test_a_case_is_taken_by_one(scene):
    case = scene.with_nurse()
    assert (case.state, case.assigned_to) == ("nurse_review", scene.nurse.id)
    with pytest.raises(NotAllowed, match="Nurse reviewer 1 has this case"):
        scene.taken(case, scene.others["nurse_reviewer"])
    scene.do(scene.nurse, assigning.release, case)
    assert scene.taken(case, scene.others["nurse_reviewer"]).assigned_to == "nurse_reviewer-2"


@pytest.mark.parametrize("who", ["requester", "editor", "auditor", "administrator"])
def test_nobody_else_takes_a_case(scene, who):
    case = scene.submitted()
    with pytest.raises((NotAllowed, NotFound)):
        scene.taken(case, scene.others[who])


def test_a_case_is_assigned_to_somebody_who_can_review_it(scene):
    case = scene.submitted()
    case = scene.do(scene.administrator, assigning.assign, case, scene.nurse.id)
    with pytest.raises(NotAllowed, match="Nurse reviewer 1 has this case"):
        scene.taken(case, scene.others["nurse_reviewer"])
    case = scene.taken(case, scene.nurse)
    other = scene.others["nurse_reviewer"]
    with pytest.raises(NotAllowed, match="has this case"):
        scene.do(other, assigning.assign, case, other.id)
    case = scene.do(scene.nurse, assigning.assign, case, other.id)
    assert case.assigned_to == other.id
    for nobody in (scene.people["auditor"].id, scene.physician.id):
        with pytest.raises(NotAllowed, match="needs a nurse reviewer"):
            scene.do(scene.administrator, assigning.assign, case, nobody)
    with pytest.raises(InputError, match="no such person"):
        scene.do(scene.administrator, assigning.assign, case, "nobody")


def test_a_referred_case_is_for_any_physician(scene):
    case = scene.with_nurse()
    case = scene.do(scene.nurse, assigning.refer, case, "The headache may be cervicogenic.")
    assert (case.state, case.assigned_to) == ("physician_review", None)
    with pytest.raises(NotAllowed, match="while the case is with a physician"):
        scene.taken(case, scene.nurse)
    assert scene.taken(case, scene.physician).assigned_to == scene.physician.id


def test_acts_of_the_one_who_has_the_case(scene):
    case = scene.with_nurse()
    other = scene.others["nurse_reviewer"]
    with pytest.raises(NotAllowed, match="has this case"):
        scene.do(other, assigning.refer, case)
    scene.do(scene.nurse, assigning.release, case)
    with pytest.raises(NotAllowed, match="nobody has taken"):
        scene.do(other, assigning.refer, case)


def test_a_request_is_withdrawn_by_its_requester_or_with_a_reason(scene):
    case = scene.with_nurse()
    with pytest.raises(NotFound):
        scene.do(scene.others["requester"], assigning.withdraw, case, "no")
    with pytest.raises(InputError):
        scene.do(scene.nurse, assigning.withdraw, case, "withdrawn")
    case = scene.do(scene.nurse, assigning.withdraw, case, WHY)
    assert (case.state, case.is_open) == ("withdrawn", False)
    with pytest.raises(NotAllowed, match="while the case is withdrawn"):
        scene.do(scene.nurse, assigning.take, case)
    own = scene.submitted()
    assert scene.do(scene.requester, assigning.withdraw, own, "Not needed.").state == "withdrawn"


# --- the clock --------------------------------------------------------------------------------------


def test_a_case_made_expedited_is_due_sooner(scene, clock):
    case = scene.with_nurse((MET[0], [*MET[1], "line_of_business=medicare-advantage"]))
    clock.advance(hours=5)
    urgent = "The doctor called: waiting a week would let the attack go on untreated."
    sooner = scene.do(scene.nurse, timing.change_urgency, case, "expedited", urgent)
    assert (sooner.urgency, sooner.due_at) == ("expedited", clock.now + timedelta(hours=72))
    with pytest.raises(NotAllowed, match="already"):
        scene.do(scene.nurse, timing.change_urgency, case, "expedited", urgent)
    with pytest.raises(NotAllowed, match="needs the role"):
        scene.do(scene.requester, timing.change_urgency, case, "standard", urgent)


def test_an_extension_needs_a_reason_and_that_the_requester_was_told(scene):
    case = scene.with_nurse((MET[0], [*MET[1], "line_of_business=medicare-advantage"]))
    why = "The imaging report of last week has not come from the hospital yet."
    told = "Called the practice at 10:15 and wrote to the member on the same day."
    with pytest.raises(InputError):
        scene.do(scene.nurse, timing.extend_clock, case, 5, why, "")
    longer = scene.do(scene.nurse, timing.extend_clock, case, 7, why, told)
    assert longer.due_at == case.due_at + timedelta(days=7)
    with pytest.raises(NotAllowed):
        scene.do(scene.nurse, timing.extend_clock, case, 1, why, told)
    with scene.desk.work(scene.nurse) as work:
        said = {one.act: one.body for one in comments.comments_of(work, longer)}
    assert said["extended"] == why
    assert said["extend_told"] == told


def test_medicare_advantage_knows_no_pause_and_a_plan_under_erisa_one_after_an_extension(
    scene, clock
):
    why = "The practice must send the therapy notes before this can be judged."
    told = "Called the practice at 10:15 and wrote to the member on the same day."
    case = scene.with_nurse((MET[0], [*MET[1], "line_of_business=medicare-advantage"]))
    with pytest.raises(NotAllowed, match="no pause"):
        scene.do(scene.nurse, timing.pause_clock, case, why)
    other = scene.with_nurse((MET[0], [*MET[1], "line_of_business=commercial"]))
    with pytest.raises(NotAllowed, match="after an extension"):
        scene.do(scene.nurse, timing.pause_clock, other, why)
    scene.do(scene.nurse, timing.extend_clock, other, 15, why, told)
    paused = scene.do(scene.nurse, timing.pause_clock, other, why)
    assert paused.paused_since == clock.now
    clock.advance(days=4)
    resumed = scene.do(scene.nurse, timing.resume_clock, other)
    assert resumed.paused_since is None
    assert resumed.due_at == paused.due_at + timedelta(days=4)
    with pytest.raises(NotAllowed, match="running"):
        scene.do(scene.nurse, timing.resume_clock, other)


# --- two at once ------------------------------------------------------------------------------------


def test_whoever_saw_an_older_version_is_told_who_changed_it(any_scene, clock):
    case = any_scene.submitted()
    any_scene.taken(case, any_scene.nurse)
    said = r"Nurse reviewer 1 changed case 2026-000001 on 2026-11-23"
    with pytest.raises(Stale, match=said), any_scene.desk.work(any_scene.physician) as work:
        assigning.take(work, case.id, expected=case.version)


def test_two_take_one_case_at_once(any_scene):
    """Of two reviewers who both saw the case untaken, one has it and the other is told."""
    case = any_scene.submitted()
    came: list[object] = []
    ready = threading.Barrier(2)

    def take(person):
        ready.wait()
        try:
            with any_scene.desk.work(person) as work:
                came.append(assigning.take(work, case.id, expected=case.version))
        except Stale as refusal:
            came.append(refusal)

    people = (any_scene.nurse, any_scene.others["nurse_reviewer"])
    threads = [threading.Thread(target=take, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = [one for one in came if isinstance(one, cases.Case)]
    assert len(came) == 2
    assert len(taken) == 1
    assert any_scene.now(case).assigned_to == taken[0].assigned_to
    assert any_scene.now(case).version == case.version + 1


def test_a_comment_makes_what_another_saw_stale(scene):
    case = scene.with_nurse()
    other = scene.others["nurse_reviewer"]
    scene.do(other, comments.add_comment, case, "Look at the date of the attack.")
    with pytest.raises(Stale), scene.desk.work(scene.nurse) as work:
        assigning.refer(work, case.id, expected=case.version)


def test_a_comment_is_about_what_the_record_holds(scene):
    case = scene.with_nurse()
    made = scene.do(
        scene.nurse,
        comments.add_comment,
        case,
        "Seen in the note.",
        service="64405",
        diagnosis="G43.919",
        criterion="migraine-emergency",
    )
    for wrong in ({"service": "20553"}, {"service": "64405", "criterion": "nothing"}):
        with pytest.raises(InputError):
            scene.do(scene.nurse, comments.add_comment, case, "?", **wrong)
    with scene.desk.work(scene.nurse) as work:
        (found,) = comments.comments_of(work, made)
    assert (found.criterion, found.body) == ("migraine-emergency", "Seen in the note.")
