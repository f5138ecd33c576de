"""Deciding: each rule with its refusal, and what is kept of a decision."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from case_scenes import LATER, MET, MISSING, REASON, REFERS, RIGHTS, Scene, refused, words
from sqlalchemy import text

from medwarrant.model.canonical import canonical
from medwarrant.model.errors import InputError
from medwarrant.report.letters import grounds_of
from medwarrant.review import (
    assigning,
    comments,
    deciding,
    decisions,
    facts,
    information,
    peer_to_peer,
    sections,
    settings,
    timing,
)
from medwarrant.review.criteria_of import leaves_of_item
from medwarrant.review.errors import NotAllowed, NotFound, NotIntact, Stale
from medwarrant.review.refusal_grounds import usable_grounds
from medwarrant.review.store.verify import verify
from medwarrant.review.tied import LineSaid

OVERRIDE = "The emergency physician documented an attack that no drug of the chart had stopped."
MEDICARE = ["payer=medicare", "line_of_business=medicare-advantage", "state=CA"]
#: Two lines, of which one meets the guideline's criteria and the other is referred.
TWO = (
    "Are 64405 and 20553 medically necessary for G43.919?",
    [*MET[1], *MEDICARE],
)


@pytest.fixture
def scene(desk, people, others):
    found = Scene(desk, people, others)
    found.plan()
    return found


@pytest.fixture
def any_scene(any_desk, people, others):
    found = Scene(any_desk, people, others)
    found.plan()
    return found


# --- a nurse ----------------------------------------------------------------------------------------


def test_a_nurse_approves_what_meets_criteria(any_scene):
    case, kept = any_scene.approved(any_scene.with_nurse())
    assert (case.state, case.is_open, kept.kind) == ("decided", False, "approved")
    said = kept.said()
    assert said.signer.role == "nurse_reviewer"
    assert [line.decided for line in said.lines] == ["approved"]
    assert (said.overrides, said.against) == ((), None)
    assert said.record_digest == any_scene.digest(case)
    assert canonical(msgspec.json.decode(kept.body)) == kept.body.encode()


@pytest.mark.parametrize("scene_of_case", [REFERS, MISSING])
def test_a_nurse_approves_nothing_else(scene, scene_of_case):
    case = scene.with_nurse(scene_of_case)
    with pytest.raises(NotAllowed, match="a nurse approves where every service meets criteria"):
        scene.approved(case, reason=OVERRIDE)
    assert scene.now(case).state == "nurse_review"


def test_a_nurse_approves_only_where_every_line_meets_criteria(scene):
    case = scene.with_nurse(TWO)
    outcomes = {one.outcome for one in scene.answer(case).determination.services}
    assert "meets_criteria" in outcomes
    assert len(outcomes) == 2
    with pytest.raises(NotAllowed, match="every service"):
        scene.approved(case)


def test_a_nurse_signs_nothing(scene):
    case = scene.with_nurse(REFERS)
    scene.opened(case, scene.nurse)
    with pytest.raises(NotAllowed, match="refer the case to a physician"):
        scene.signed(case, person=scene.nurse)
    scene.do(scene.nurse, assigning.refer, case)
    with pytest.raises(NotAllowed, match="needs the role physician reviewer"):
        scene.signed(case, person=scene.nurse)


def test_a_nurse_opens_request_and_criteria_first(scene):
    case = scene.with_nurse()
    digest = scene.opened(case, scene.nurse, ["request"])
    with pytest.raises(NotAllowed, match="Criteria"):
        scene.do(scene.nurse, deciding.approve, case, record_digest=digest)


# --- a physician approves -----------------------------------------------------------------------------


def test_a_physician_overrides_with_a_reason_by_criterion(any_scene):
    case = any_scene.with_physician(MISSING)
    for short in ("", "as discussed"):
        with pytest.raises(InputError, match=r"whole sentence|needed"):
            any_scene.approved(case, any_scene.physician, reason=short)
    _, kept = any_scene.approved(case, any_scene.physician, reason=OVERRIDE)
    (override,) = kept.said().overrides
    assert (override.proposed, override.decided) == ("needs_information", "approved")
    assert override.reason == OVERRIDE
    missing = set(any_scene.answer(case).determination.items[0].missing)
    assert missing & set(override.criteria)


def test_what_meets_criteria_is_no_override(scene):
    case = scene.taken(scene.submitted(), scene.physician)
    _, kept = scene.approved(case, scene.physician)
    assert kept.said().overrides == ()


def test_whoever_approves_has_credentials_on_file(scene):
    unnamed = {}
    for number, change in enumerate(({"credentials": " "}, {"name": ""})):
        unnamed[number] = msgspec.structs.replace(scene.nurse, **change)
    case = scene.with_nurse()
    for person, what in ((unnamed[0], "credentials"), (unnamed[1], "name")):
        with pytest.raises(NotAllowed, match=f"states no {what}"):
            scene.approved(case, person)
    _, kept = scene.approved(case)
    signer = kept.said().signer
    assert (signer.role, signer.credentials) == ("nurse_reviewer", "RN, licence CA 555")


def test_what_an_approval_overrides_is_what_stood_in_its_way(scene):
    """One way of the two is open and lacks a fact; the closed one was not needed, nor are doses ever."""
    scenes = (
        "Is 64405 medically necessary for G43.919?",
        ["intent=acute", "setting=office", *MEDICARE],
    )
    case = scene.with_physician(scenes)
    item = next(one for one in scene.answer(case).determination.items if one.criteria)
    standing = {leaf.id: leaf.status for leaf in leaves_of_item(item)}
    _, kept = scene.approved(case, scene.physician, reason=OVERRIDE)
    (override,) = kept.said().overrides
    assert override.criteria == ("acute-drugs-inadequate",)
    assert {name for name, status in standing.items() if status != "met"} > set(override.criteria)


def test_the_time_of_an_approval_is_one(scene):
    case = scene.with_nurse()
    with pytest.raises(InputError, match="end before it begins") as refused:
        scene.approved(case, valid_from=date(2026, 11, 24), valid_to=date(2026, 11, 23))
    assert refused.value.where == "valid_to"
    with scene.desk.work(scene.administrator) as work:
        value = [{"days": 60, "source": "Provider manual, section 4"}]
        settings.change_setting(work, "validity", value, expected=0)
    for first, last in ((None, date(2027, 1, 20)), (date(2026, 11, 1), date(2026, 12, 29))):
        with pytest.raises(InputError, match="60 days at least"):
            scene.approved(case, valid_from=first, valid_to=last)
    _, kept = scene.approved(case, valid_to=date(2027, 1, 21))
    assert kept.said().valid_to == date(2027, 1, 21)
    case = scene.with_nurse()
    assert scene.approved(case)[1].said().valid_to is None, "no last day needs no length"


def test_an_approval_holds_on_the_date_of_service(scene):
    case = scene.with_nurse()
    with pytest.raises(InputError, match="date of service"):
        scene.approved(case, valid_from=date(2026, 11, 24))
    with pytest.raises(InputError, match="date of service"):
        scene.approved(case, valid_to=date(2026, 11, 22))
    _, kept = scene.approved(case, valid_from=date(2026, 11, 1), valid_to=date(2026, 12, 31))
    assert kept.said().valid_to == date(2026, 12, 31)


# --- the record that was shown ------------------------------------------------------------------------


def test_a_signature_for_another_record_is_refused(any_scene):
    case = any_scene.with_physician()
    seen = any_scene.opened(case, any_scene.physician)
    any_scene.talk(case)
    changed, _ = any_scene.do(
        any_scene.physician,
        facts.review_facts,
        case,
        [facts.FactSaid(act="added", value="intent=diagnostic")],
    )
    with pytest.raises(Stale, match="another record"):
        any_scene.signed(changed, digest=seen)
    with pytest.raises(NotAllowed, match="not opened every section"):
        any_scene.signed(changed)
    any_scene.opened(changed, any_scene.physician)
    case, kept = any_scene.signed(changed)
    assert kept.record_digest == any_scene.digest(case) != seen


def test_a_signature_for_another_version_is_refused(scene):
    case = scene.with_physician()
    digest = scene.opened(case, scene.physician)
    case = scene.talk(case)
    scene.do(scene.nurse, comments.add_comment, case, "The therapist's letter is on page 3.")
    with (
        pytest.raises(Stale, match="Nurse reviewer 1 changed"),
        scene.desk.work(scene.physician) as work,
    ):
        deciding.sign(
            work,
            case.id,
            expected=case.version,
            record_digest=digest,
            kind="adverse",
            lines=[refused()],
            name=scene.physician.name,
            credentials=scene.physician.credentials,
        )
    assert scene.now(case).state == "physician_review"


@pytest.mark.parametrize("left", ["request", "facts", "criteria", "evidence", "safety"])
def test_each_section_that_holds_something_is_opened(scene, left):
    case = scene.with_physician((REFERS[0], [*REFERS[1], "intent=diagnostic"]))
    scene.opened(case, scene.physician, [name for name in sections.SECTION_IDS if name != left])
    scene.talk(case)
    with pytest.raises(NotAllowed) as refusal:
        scene.signed(case)
    assert sections.SECTION_WORDS[left] in str(refusal.value)


def test_sections_that_somebody_else_opened_do_not_count(scene):
    case = scene.with_physician()
    scene.opened(case, scene.second_physician)
    scene.talk(case)
    with pytest.raises(NotAllowed, match="not opened"):
        scene.signed(case)


def test_documents_are_a_section_where_there_are_any(scene):
    case = scene.with_physician(notes=[("visit.txt", "Neck pain since May, no headache.")])
    scene.opened(
        case, scene.physician, [name for name in sections.SECTION_IDS if name != "documents"]
    )
    scene.talk(case)
    with pytest.raises(NotAllowed, match="Documents"):
        scene.signed(case)


# --- the reason -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (refused(reason=""), "whole sentence|needed"),
        (refused(reason="Not medically necessary for this patient at all."), "repeats the verdict"),
        (refused(criteria=()), "tied to nothing"),
        (refused(criteria=("no-such-criterion",)), "tied to nothing"),
        (refused(criteria=("neck-pain", "no-such-criterion")), "holds no criterion"),
        (refused(criteria=("lidocaine",)), "tied to nothing"),
        (refused(line=1), "every service line"),
        (LineSaid(line=0, decided="modified", reason=REASON, criteria=("neck-pain",)), "words"),
        (LineSaid(line=0, decided="approved", reason=OVERRIDE), "approve where everything"),
    ],
)
def test_less_than_was_asked_needs_a_specific_reason_tied_to_the_record(scene, line, problem):
    case = scene.with_physician()
    scene.opened(case, scene.physician)
    scene.talk(case)
    with pytest.raises(InputError, match=problem):
        scene.signed(
            case, kind="modified" if line.decided == "modified" else "adverse", lines=[line]
        )
    assert scene.now(case).state == "physician_review"


def test_the_kind_that_is_meant_is_what_the_lines_come_to(scene):
    case = scene.with_physician()
    scene.opened(case, scene.physician)
    scene.talk(case)
    for kind in ("approved", "modified", "partially_approved"):
        with pytest.raises(InputError, match="come to adverse"):
            scene.signed(case, kind=kind)


def test_a_criterion_that_holds_nothing_back_is_no_ground(scene):
    """On the covered list: that the branch for diagnoses not listed is not met refuses nothing."""
    case = scene.with_physician(MISSING)
    answer = scene.answer(case)
    all_grounds = {g.id: g.status for g in grounds_of(answer, "20553", "M79.12")}
    assert all_grounds["diagnosis-not-listed"] == "not_met"
    scene.opened(case, scene.physician)
    scene.talk(case)
    scene.asked(case, items=[words()])
    scene.do(scene.physician, information.end_waiting, case, LATER)
    with pytest.raises(InputError, match="tied to nothing"):
        scene.signed(
            case, lines=[refused(criteria=("diagnosis-not-listed",))], without_waiting=LATER
        )


def test_what_the_editors_alone_ask_for_refuses_nothing(scene):
    """Basis editorial asks, and never refers: the only ground that is named must not be one."""
    case = scene.with_physician(
        (
            "Is 64405 medically necessary for G43.919?",
            ["intent=acute", "setting=office", *MEDICARE],
        )
    )
    (item,) = scene.answer(case).determination.items
    editorial = [
        g.id for g in grounds_of(scene.answer(case), item.service, item.diagnosis) if g.editorial
    ]
    assert "acute-drugs-inadequate" in editorial
    scene.opened(case, scene.physician)
    scene.talk(case)
    scene.asked(case, items=[words()])
    scene.do(scene.physician, information.end_waiting, case, LATER)
    with pytest.raises(InputError, match="editors alone"):
        scene.signed(
            case, lines=[refused(criteria=("acute-drugs-inadequate",))], without_waiting=LATER
        )


def test_without_a_policy_that_governs_there_is_nothing_to_rest_on(scene):
    case = scene.with_physician(
        ("Is 64405 medically necessary for M54.2?", ["line_of_business=commercial"])
    )
    assert scene.answer(case).determination.items[0].governing is None
    scene.opened(case, scene.physician)
    scene.talk(case)
    with pytest.raises(NotAllowed, match="not settled which policy governs"):
        scene.signed(case)


def test_what_no_policy_speaks_of_cannot_be_refused(scene):
    case = scene.with_physician(("Is 64405 medically necessary for J30.1?", REFERS[1]))
    assert scene.answer(case).determination.outcome == "no_policy"
    scene.opened(case, scene.physician)
    scene.talk(case)
    with pytest.raises(NotAllowed, match="holds nothing that a refusal"):
        scene.signed(case, lines=[refused(criteria=())])
    with pytest.raises(InputError, match="holds no criterion"):
        scene.signed(case)


def test_each_diagnosis_of_a_line_has_its_ground(scene):
    case = scene.with_physician(("Is 64405 medically necessary for M54.2 and M79.7?", REFERS[1]))
    scene.opened(case, scene.physician)
    scene.talk(case)
    with pytest.raises(InputError, match=r"tied to nothing .* for M79\.7"):
        scene.signed(case)
    _, kept = scene.signed(case, lines=[refused(criteria=("neck-pain", "fibromyalgia"))])
    (line,) = kept.said().lines
    assert line.diagnoses == ("M54.2", "M79.7")


def test_what_meets_criteria_is_refused_only_on_a_finding(scene):
    case = scene.with_physician((MET[0], [*MET[1], *MEDICARE]))
    assert scene.answer(case).determination.outcome == "meets_criteria"
    scene.opened(case, scene.physician)
    scene.talk(case)
    with pytest.raises((InputError, NotAllowed), match=r"tied to nothing|holds nothing"):
        scene.signed(case, lines=[refused(criteria=("migraine-acute",))])


# --- who signs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        {"name": ""},
        {"name": "Somebody Else"},
        {"credentials": ""},
        {"credentials": "MD"},
    ],
)
def test_name_and_credentials_are_typed(scene, typed):
    case = scene.with_physician()
    scene.opened(case, scene.physician)
    scene.talk(case)
    with pytest.raises(InputError, match="as your account states them"):
        scene.signed(case, **typed)


def test_without_credentials_nothing_is_signed(scene):
    bare = msgspec.structs.replace(scene.physician, credentials="")
    case = scene.with_physician()
    scene.opened(case, scene.physician)
    scene.talk(case)
    with pytest.raises(NotAllowed, match="states no credentials"):
        scene.signed(case, person=bare)


def test_another_physician_does_not_sign_for_the_one_who_has_the_case(scene):
    case = scene.with_physician()
    scene.opened(case, scene.second_physician)
    with pytest.raises(NotAllowed, match="Physician reviewer 1 has this case"):
        scene.signed(case, person=scene.second_physician)


# --- before it --------------------------------------------------------------------------------------------


def test_a_talk_is_offered_first(any_scene):
    case = any_scene.with_physician()
    any_scene.opened(case, any_scene.physician)
    with pytest.raises(NotAllowed, match="no peer-to-peer talk"):
        any_scene.signed(case)
    case = any_scene.offered(case)
    with pytest.raises(NotAllowed, match="nothing says what came of it"):
        any_scene.signed(case)
    with pytest.raises(NotAllowed, match="offered already"):
        any_scene.offered(case)
    any_scene.do(
        any_scene.physician,
        peer_to_peer.close_talk,
        case,
        "held",
        "Dr. Reyes confirmed that there was no headache, and no imaging.",
    )
    _, kept = any_scene.signed(case)
    assert kept.said().peer_to_peer.state == "held"


def test_a_talk_says_to_whom_and_what_came_of_it(scene):
    case = scene.with_physician()
    with pytest.raises(InputError, match="to whom"):
        scene.do(
            scene.physician,
            peer_to_peer.offer_talk,
            case,
            "called",
            datetime(2026, 11, 24, tzinfo=UTC),
        )
    with pytest.raises(NotAllowed, match="no talk is open"):
        scene.do(scene.physician, peer_to_peer.close_talk, case, "declined")
    case = scene.offered(case)
    with pytest.raises(InputError, match="whole sentence"):
        scene.do(scene.physician, peer_to_peer.close_talk, case, "held", "ok")
    with pytest.raises(InputError, match="not an end"):
        scene.do(scene.physician, peer_to_peer.close_talk, case, "offered")


def test_nobody_is_called_unanswered_before_the_time_that_was_stated(any_scene, clock):
    case = any_scene.with_physician()
    any_scene.opened(case, any_scene.physician)
    for wait in ({"minutes": 0}, {"hours": -1}, {"days": 61}):
        with pytest.raises(InputError, match="in the next 60 days"):
            any_scene.offered(case, **wait)
    case = any_scene.offered(case, hours=4)
    clock.advance(hours=3, minutes=59)
    with pytest.raises(NotAllowed, match="awaited until 2026-11-23 16:00"):
        any_scene.do(any_scene.physician, peer_to_peer.close_talk, case, "unanswered")
    with pytest.raises(NotAllowed, match="nothing says what came of it"):
        any_scene.signed(case)
    clock.advance(minutes=1)
    any_scene.do(any_scene.physician, peer_to_peer.close_talk, case, "unanswered")
    _, kept = any_scene.signed(case)
    assert kept.said().peer_to_peer.state == "unanswered"


def test_a_time_without_a_zone_is_one_of_the_plan(scene):
    with scene.desk.work(scene.administrator) as work:
        plan = {"name": "Example Health Plan", "time_zone": "America/Chicago"}
        settings.change_setting(work, "organisation", plan, expected=1)
    case = scene.with_physician()
    until = datetime(2026, 11, 23, 16, 0)
    _, talk = scene.do(
        scene.physician, peer_to_peer.offer_talk, case, "Called the office at 10:15", until
    )
    assert talk.answer_by == datetime(2026, 11, 23, 22, 0, tzinfo=UTC)


def test_without_the_plans_text_on_appeals_nothing_adverse_is_signed(desk, people, others):
    scene = Scene(desk, people, others)
    case = scene.with_physician()
    scene.opened(case, scene.physician)
    scene.talk(case)
    with pytest.raises(NotAllowed, match="'appeal_rights'"):
        scene.signed(case)
    with desk.work(scene.administrator) as work:
        text_of = {"line_of_business": "medicare-advantage", "text": RIGHTS, "source": "Handbook"}
        settings.change_setting(work, "appeal_rights", [text_of], expected=0)
    with pytest.raises(NotAllowed, match="for commercial, CA"):
        scene.signed(case)


def test_without_a_line_of_business_the_appeal_rights_are_not_known(scene):
    case = scene.with_physician(("Is 64405 medically necessary for M54.2?", ["payer=aetna"]))
    scene.opened(case, scene.physician)
    scene.talk(case)
    with pytest.raises(NotAllowed, match=r"line of business is not known|not settled which"):
        scene.signed(case)


def test_what_cannot_be_told_is_not_signed(desk, people, others):
    """Without a letterhead the notice could not be written, so the decision is not made."""
    scene = Scene(desk, people, others)
    with desk.work(scene.administrator) as work:
        given = {"line_of_business": "commercial", "text": RIGHTS, "source": "Handbook"}
        settings.change_setting(work, "appeal_rights", [given], expected=0)
    case = scene.with_physician()
    scene.opened(case, scene.physician)
    scene.talk(case)
    with pytest.raises(InputError, match=r"plan|peer"):
        scene.signed(case)
    assert scene.now(case).state == "physician_review"


# --- lack of information ------------------------------------------------------------------------------------


def lacking(scene, case):
    """A criterion of the governing policy that is missing, and may be named as a ground."""
    answer = scene.answer(case)
    item = answer.determination.items[0]
    known = {g.id: g for g in grounds_of(answer, item.service, item.diagnosis)}
    return next(
        name
        for name in item.missing
        if name in known and known[name].counts and not known[name].editorial
    )


def test_missing_information_is_no_ground_unless_it_was_asked_for(any_scene):
    case = any_scene.with_physician(MISSING)
    any_scene.opened(case, any_scene.physician)
    any_scene.talk(case)
    line = refused(
        criteria=(lacking(any_scene, case),),
        reason="No note shows a trigger point on examination, which the policy asks for.",
    )
    with pytest.raises(NotAllowed, match="lack of information that nobody asked for"):
        any_scene.signed(case, lines=[line])
    with pytest.raises(NotAllowed, match="nobody asked for"):
        any_scene.signed(case, lines=[line], without_waiting=LATER)


def test_the_time_to_answer_is_over_or_the_physician_says_why_not(scene, clock):
    case = scene.with_physician(MISSING)
    line = refused(
        criteria=(lacking(scene, case),),
        reason="No note shows a trigger point on examination, which the policy asks for.",
    )
    scene.asked(case)
    scene.do(scene.physician, information.end_waiting, case, LATER)
    scene.opened(case, scene.physician)
    scene.talk(case)
    with pytest.raises(NotAllowed, match="not over"):
        scene.signed(case, lines=[line])
    with pytest.raises(InputError, match="whole sentence"):
        scene.signed(case, lines=[line], without_waiting="no time")
    _, kept = scene.signed(case, lines=[line], without_waiting=LATER)
    sought = kept.said().information
    assert (sought.time_over, sought.answered, sought.without_waiting) == (False, False, LATER)
    assert kept.said().lines[0].lacking


def test_once_the_time_is_over_the_reason_is_enough(scene, clock):
    case = scene.with_physician(MISSING)
    line = refused(
        criteria=(lacking(scene, case),),
        reason="No note shows a trigger point on examination, which the policy asks for.",
    )
    scene.asked(case)
    clock.advance(days=5, hours=13)
    scene.do(scene.physician, information.end_waiting, case, LATER)
    scene.opened(case, scene.physician)
    scene.talk(case)
    _, kept = scene.signed(case, lines=[line])
    assert (kept.said().information.time_over, kept.said().information.without_waiting) == (
        True,
        "",
    )


# --- what is kept -------------------------------------------------------------------------------------------


def test_a_decision_is_bound_to_its_record_and_to_the_log(any_scene):
    case, kept = any_scene.adverse()
    said = kept.said()
    assert (said.kind, said.signer.credentials) == ("adverse", any_scene.physician.credentials)
    assert said.appeal_rights.text == RIGHTS
    assert said.lines[0].criteria == ("neck-pain",)
    with any_scene.desk.work(any_scene.people["auditor"]) as work:
        decisions.verify_decision(work.connection, kept)
        assert decisions.last_decision(work.connection, case.id) == kept
        assert decisions.load_decision(work.connection, kept.id) == kept
        with pytest.raises(NotFound):
            decisions.load_decision(work.connection, "no")
    assert verify(any_scene.desk.database, any_scene.desk.audit_key).alterations == ()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "approved"),
        ("signature", "sha256:0"),
        ("record_digest", "sha256:0"),
        ("person_id", "nurse_reviewer-1"),
        ("stage", "appeal"),
        ("body", "{}"),
    ],
)
def test_an_altered_decision_is_found(scene, column, value):
    case, kept = scene.adverse()
    with scene.desk.database.begin() as connection:
        connection.execute(text("DROP TRIGGER keep_decision_update"))
        connection.execute(
            text(f"UPDATE decision SET {column} = :value WHERE id = :id"),
            {"value": value, "id": kept.id},
        )
    with pytest.raises(NotIntact), scene.desk.work(scene.physician) as work:
        decisions.decisions_of(work.connection, case.id)


def test_a_decision_that_was_put_in_another_ones_place_is_found(scene):
    """A body with a signature of its own is not known to the audit log."""
    _, kept = scene.adverse()
    said = msgspec.json.decode(kept.body)
    said["lines"][0]["reason"] = (
        "Another reason than the one that the physician signed on that day."
    )
    body = canonical(said).decode()
    forged = msgspec.structs.replace(
        kept, body=body, signature=decisions.signature_of(body, kept.record_digest)
    )
    with pytest.raises(NotIntact, match="does not know"), scene.desk.work(scene.physician) as work:
        decisions.verify_decision(work.connection, forged)


def test_a_decided_case_is_not_decided_again(any_scene):
    case, _ = any_scene.adverse()
    for act in (any_scene.signed, any_scene.approved):
        with pytest.raises(NotAllowed, match="while the case is decided"):
            act(case, person=any_scene.physician)


def test_a_part_is_approved_and_a_part_is_not(scene):
    case = scene.with_physician(TWO)
    answer = scene.answer(case)
    outcomes = {one.line: one.outcome for one in answer.determination.services}
    other = next(line for line, outcome in outcomes.items() if outcome != "meets_criteria")
    item = next(one for one in answer.determination.items if one.line == other)
    ground = next(g for g in usable_grounds(answer, item) if g.counts and not g.editorial)
    scene.asked(case)
    scene.do(scene.physician, information.end_waiting, case, LATER)
    scene.opened(case, scene.physician)
    scene.talk(case)
    lines = [
        LineSaid(line=1 - other, decided="approved"),
        refused(line=other, criteria=(ground.id,)),
    ]
    case, kept = scene.signed(case, kind="partially_approved", lines=lines, without_waiting=LATER)
    assert case.state == "decided"
    assert [line.decided for line in kept.said().lines].count("approved") == 1


def test_an_open_pause_ends_with_the_decision(scene, clock):
    case = scene.with_physician()
    why = "The practice must send the therapy notes before this can be judged."
    told = "Called the practice at 10:15 and wrote to the member on the same day."
    scene.do(scene.physician, timing.extend_clock, case, 15, why, told)
    paused = scene.do(scene.physician, timing.pause_clock, case, why)
    clock.advance(days=2)
    decided, _ = scene.adverse(ready=case)
    assert decided.paused_since is None
    assert decided.due_at == paused.due_at + timedelta(days=2)
