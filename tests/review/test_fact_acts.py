"""What reviewers say of facts: accepted, corrected, rejected, added; each makes a record."""

from __future__ import annotations

import pytest
from case_scenes import Scene

from medwarrant.model.errors import InputError
from medwarrant.review import deciding, facts, letters
from medwarrant.review.errors import NotAllowed, Stale
from medwarrant.review.facts import FactSaid
from medwarrant.review.records import load_record

NOTE = (
    "Seen in the emergency department with an acute migraine attack. Failed sumatriptan 100 mg in May.\n"
    "Takes warfarin.\n"
)
ASKED = ("Is 64405 medically necessary for G43.919?", [])


@pytest.fixture
def scene(any_desk, people, others):
    return Scene(any_desk, people, others)


@pytest.fixture
def case(scene):
    return scene.with_nurse(ASKED, notes=[("visit.txt", NOTE)])


def say(scene, case, *said, person=None):
    return scene.do(person or scene.nurse, facts.review_facts, case, list(said))


def fact(scene, case, name):
    return next(one for one in scene.answer(case).reading.facts if one.fact == name)


def test_an_accepted_fact_is_confirmed_and_keeps_where_it_was_read(scene, case):
    before = fact(scene, case, "anticoagulant")
    assert before.basis == "read"
    changed, made = say(
        scene, case, FactSaid(act="accepted", fact=before.id, comment="In the chart.")
    )
    after = fact(scene, case, "anticoagulant")
    assert (after.basis, after.quote, after.span) == ("confirmed", before.quote, before.span)
    assert made.why == "facts_reviewed"
    assert made.case_id == case.id
    assert made.number == 2
    assert (changed.record_id, changed.version) == (made.id, case.version + 1)
    with scene.desk.work(scene.nurse) as work:
        (said,) = facts.fact_reviews(work, changed)
    assert (said.act, said.before, said.after) == ("accepted", before, after)
    assert (said.person_id, said.comment) == (scene.nurse.id, "In the chart.")


def test_a_rejected_fact_is_as_if_it_had_never_been_read(scene, case):
    before = fact(scene, case, "drug-trial")
    say(scene, case, FactSaid(act="rejected", fact=before.id))
    assert "drug-trial" not in {one.fact for one in scene.answer(case).reading.facts}
    assert fact(scene, case, "anticoagulant").basis == "read", "the others still await a reviewer"


def test_a_corrected_fact_stands_where_the_first_was_read(scene, case):
    before = fact(scene, case, "drug-trial")
    value = "drug-trial={drug: sumatriptan, used_for: acute, outcome: not_tolerated}"
    say(scene, case, FactSaid(act="corrected", fact=before.id, value=value))
    after = fact(scene, case, "drug-trial")
    assert (after.basis, after.value["outcome"]) == ("confirmed", "not_tolerated")
    assert (after.document, after.span, after.quote) == (before.document, before.span, before.quote)


def test_an_added_fact_is_the_reviewers(scene, case):
    say(scene, case, FactSaid(act="added", value={"intent": "acute"}))
    added = fact(scene, case, "intent")
    assert (added.basis, added.document, added.value) == ("confirmed", facts.BY_REVIEWER, "acute")


def test_all_facts_of_a_document_are_accepted_at_once(scene, case):
    changed, _ = scene.do(scene.nurse, facts.accept_document, case, "visit.txt")
    read = scene.answer(case).reading.facts
    assert {one.basis for one in read if one.document == "visit.txt"} == {"confirmed"}
    assert not changed.provisional
    with scene.desk.work(scene.nurse) as work:
        assert len(facts.fact_reviews(work, changed)) == 2
    with pytest.raises(InputError, match="no fact that awaits"):
        scene.do(scene.nurse, facts.accept_document, changed, "visit.txt")


def test_every_record_stays_as_it_was(scene, case):
    first = case.record_id
    say(scene, case, FactSaid(act="added", value="intent=acute"))
    say(scene, case, FactSaid(act="added", value="setting=emergency"))
    now = scene.now(case)
    with scene.desk.work(scene.nurse) as work:
        assert load_record(work.connection, first).number == 1
        assert load_record(work.connection, now.record_id).number == 3


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ([], "nothing is said"),
        ([FactSaid(act="accepted", fact="no-such")], "holds no fact"),
        ([FactSaid(act="added")], "nothing stands in its place"),
        ([FactSaid(act="added", value="intent=gladly")], "not a known value"),
        (
            [FactSaid(act="added", value={"intent": "acute", "setting": "office"})],
            "one fact at a time",
        ),
        (
            [
                FactSaid(act="accepted", fact="anticoagulant"),
                FactSaid(act="rejected", fact="anticoagulant"),
            ],
            "named twice",
        ),
        (
            [FactSaid(act="corrected", fact="anticoagulant", value="intent=acute")],
            "corrects 'anticoagulant'",
        ),
    ],
)
def test_what_cannot_be_said_changes_nothing(desk, people, others, said, problem):
    scene = Scene(desk, people, others)
    case = scene.with_nurse(ASKED, notes=[("visit.txt", NOTE)])
    with pytest.raises(InputError, match=problem):
        say(scene, case, *said)
    assert scene.now(case).version == case.version


def test_nobody_but_the_reviewer_who_has_the_case_confirms(desk, people, others):
    scene = Scene(desk, people, others)
    case = scene.with_nurse(ASKED, notes=[("visit.txt", NOTE)])
    said = FactSaid(act="accepted", fact="anticoagulant")
    for who in (
        scene.requester,
        scene.physician,
        scene.others["nurse_reviewer"],
        scene.administrator,
    ):
        with pytest.raises(NotAllowed):
            say(scene, case, said, person=who)
    assert fact(scene, case, "anticoagulant").basis == "read"


def test_while_it_is_provisional_nothing_is_decided_or_sent(scene):
    scene.plan()
    case = scene.with_nurse(
        (ASKED[0], ["intent=acute", "setting=office"]), notes=[("visit.txt", NOTE)]
    )
    (item,) = scene.answer(case).determination.items
    assert (item.outcome, item.provisional) == ("meets_criteria", True)
    digest = scene.opened(case, scene.nurse)
    with pytest.raises(NotAllowed, match="provisional"):
        scene.do(scene.nurse, deciding.approve, case, record_digest=digest)
    with pytest.raises(NotAllowed, match="provisional"):
        scene.asked(case, scene.nurse)
    _, kept = scene.do(scene.nurse, letters.write_checklist, case)
    with pytest.raises(NotAllowed, match="provisional"):
        scene.do(scene.nurse, letters.send_letter, case, kept.id, "by fax")
    scene.do(scene.nurse, facts.accept_document, case, "visit.txt")
    assert scene.approved(case)[0].state == "decided"


def test_another_line_of_business_has_another_clock(scene):
    case = scene.with_nurse(("Is 64405 medically necessary for G43.919?", ["intent=acute"]))
    assert case.clock.rule.id == "unknown"
    changed, _ = say(scene, case, FactSaid(act="added", value="line_of_business=commercial"))
    assert changed.clock.rule.id == "commercial"
    assert (changed.due_at - changed.received_at).days == 15


def test_a_fact_reviewed_meanwhile_is_not_overwritten(scene, case):
    seen = scene.now(case).version
    say(scene, case, FactSaid(act="accepted", fact="anticoagulant"))
    with pytest.raises(Stale), scene.desk.work(scene.nurse) as work:
        facts.review_facts(
            work, case.id, [FactSaid(act="rejected", fact="anticoagulant")], expected=seen
        )
    assert fact(scene, case, "anticoagulant").basis == "confirmed"


def test_judging_again_with_the_same_packs_makes_no_record(scene, case):
    changed, made = scene.do(scene.nurse, facts.judge_again, case)
    assert made.id == case.record_id
    assert changed.version == case.version + 1
