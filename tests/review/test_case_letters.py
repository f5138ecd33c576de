"""Letters of a case: which may be made and sent, who sees them, and that they stay as they were."""

from __future__ import annotations

import msgspec
import pytest
from case_scenes import RIGHTS, Scene

from medwarrant.model.errors import InputError
from medwarrant.review import appeals, information, letters, settings
from medwarrant.review.errors import NotAllowed, NotFound
from medwarrant.review.store.verify import verify

WHY = "The member says that the headaches begin in the neck, and sends the neurologist's letter."


@pytest.fixture
def scene(any_desk, people, others):
    found = Scene(any_desk, people, others)
    found.plan()
    return found


def test_an_approval_is_told_by_its_letter(scene):
    case, decided = scene.approved(scene.with_nurse())
    case, kept = scene.do(scene.nurse, letters.write_decision_letter, case)
    assert (kept.kind, kept.decision_id, kept.number) == ("approval_letter", decided.id, 1)
    text = kept.drawn("text").decode()
    assert "We approved it." in text
    assert case.number in text
    assert (kept.sent_at, kept.sent_to) == (None, "")


def test_an_adverse_notice_holds_reason_rights_and_signature(scene):
    case, decided = scene.adverse()
    _, kept = scene.do(scene.physician, letters.write_decision_letter, case)
    text = " ".join(kept.drawn("text").decode().split())
    assert kept.kind == "adverse_notice"
    assert decided.said().lines[0].reason in text
    assert RIGHTS in text
    assert scene.physician.name in text
    assert "commercial, every state" in text


def test_the_rights_in_the_notice_are_those_that_were_signed(scene):
    case, _ = scene.adverse()
    other = "Another text on appeals, which the plan adopted after this decision had been signed by its physician."
    with scene.desk.work(scene.administrator) as work:
        value = [{"line_of_business": "commercial", "text": other, "source": "Handbook 2027"}]
        settings.change_setting(work, "appeal_rights", value, expected=1)
    _, kept = scene.do(scene.physician, letters.write_decision_letter, case)
    text = " ".join(kept.drawn("text").decode().split())
    assert RIGHTS in text
    assert other not in text


@pytest.mark.parametrize("as_", ["html", "pdf", "text"])
def test_a_reprint_gives_the_same_bytes(desk, people, others, as_, clock):
    scene = Scene(desk, people, others)
    scene.plan()
    case, _ = scene.adverse()
    _, kept = scene.do(scene.physician, letters.write_decision_letter, case)
    first = kept.drawn(as_)
    clock.advance(days=400)
    with desk.work(scene.administrator) as work:
        settings.change_setting(work, "letterhead", {"plan": "Another Plan"}, expected=1)
    with desk.work(scene.physician) as work:
        again = letters.load_letter(work, case.id, kept.id)
    assert again == kept
    assert again.drawn(as_) == first


def test_a_requester_sees_what_was_sent(scene, clock):
    case, _ = scene.adverse()
    case, kept = scene.do(scene.physician, letters.write_decision_letter, case)
    case, brief = scene.do(scene.physician, letters.write_brief, case)

    def seen():
        with scene.desk.work(scene.requester) as work:
            return [one.id for one in letters.letters_of(work, case)]

    assert seen() == []
    with pytest.raises(NotFound), scene.desk.work(scene.requester) as work:
        letters.load_letter(work, case.id, kept.id)
    case, sent = scene.do(scene.physician, letters.send_letter, case, kept.id, "by post")
    assert (sent.sent_at, sent.sent_to) == (clock.now, "by post")
    assert seen() == [kept.id]
    with pytest.raises(NotAllowed, match="stays inside"):
        scene.do(scene.physician, letters.send_letter, case, brief.id, "by fax")
    with pytest.raises(NotAllowed, match="was sent"):
        scene.do(scene.physician, letters.send_letter, case, kept.id, "by post")
    assert verify(scene.desk.database, scene.desk.audit_key).alterations == ()


@pytest.mark.parametrize("kind", ["approval", "adverse"])
def test_a_letter_made_again_says_that_it_is_a_new_version(scene, clock, kind):
    case, person = (
        (scene.approved(scene.with_nurse())[0], scene.nurse)
        if kind == "approval"
        else (scene.adverse()[0], scene.physician)
    )
    case, first = scene.do(person, letters.write_decision_letter, case)
    assert "version" not in first.drawn("text").decode()
    clock.advance(days=2)
    case, second = scene.do(person, letters.write_decision_letter, case)
    text = " ".join(second.drawn("text").decode().split())
    assert second.title == f"{first.title} (version 2)"
    assert "This is version 2 of this letter." in text
    assert "It takes the place of our letter of November 23, 2026." in text
    with pytest.raises(NotAllowed, match="newer version"):
        scene.do(person, letters.send_letter, case, first.id, "By mail")
    case, sent = scene.do(person, letters.send_letter, case, second.id, "By mail")
    assert sent.sent_to == "By mail"
    case, third = scene.do(person, letters.write_decision_letter, case)
    assert "This is version 3" in third.drawn("text").decode()


def test_the_letter_of_another_decision_is_no_version(scene):
    case, _ = scene.adverse()
    case, _ = scene.do(scene.physician, letters.write_decision_letter, case)
    case = scene.do(scene.requester, appeals.appeal, case, WHY)
    case = scene.taken(case, scene.second_physician)
    case, _ = scene.approved(case, scene.second_physician, reason=WHY)
    _, kept = scene.do(scene.second_physician, letters.write_decision_letter, case)
    assert "version" not in kept.title


def test_what_was_not_decided_is_not_told(scene):
    case = scene.with_physician()
    with pytest.raises(NotAllowed, match="no decision"):
        scene.do(scene.physician, letters.write_decision_letter, case)
    case, _ = scene.adverse(ready=case)
    case = scene.do(scene.requester, appeals.appeal, case, WHY)
    with pytest.raises(NotAllowed, match="while the case is appealed"):
        scene.do(scene.second_physician, letters.write_decision_letter, case)


def test_a_checklist_of_an_older_record_is_not_sent(scene):

    case = scene.with_nurse()
    case, kept = scene.do(scene.nurse, letters.write_checklist, case)
    case, _ = scene.do(
        scene.requester, information.receive_information, case, facts=["phase=initial"]
    )
    with pytest.raises(NotAllowed, match="changed after"):
        scene.do(scene.nurse, letters.send_letter, case, kept.id, "by fax")
    case, kept = scene.do(scene.nurse, letters.write_checklist, case)
    assert scene.do(scene.nurse, letters.send_letter, case, kept.id, "by fax")[1].sent_at


def test_an_approval_without_a_letterhead_says_what_is_lacking(desk, people, others):
    scene = Scene(desk, people, others)
    case, _ = scene.approved(scene.with_nurse())
    with pytest.raises(InputError, match="plan"):
        scene.do(scene.nurse, letters.write_decision_letter, case)


def test_a_letter_of_another_case_is_not_found(scene):
    first, _ = scene.approved(scene.with_nurse())
    first, kept = scene.do(scene.nurse, letters.write_decision_letter, first)
    second, _ = scene.approved(scene.with_nurse())
    with pytest.raises(NotFound):
        scene.do(scene.nurse, letters.send_letter, second, kept.id, "by post")


def test_a_letter_is_canonical_data(scene):
    case, _ = scene.approved(scene.with_nurse())
    _, kept = scene.do(scene.nurse, letters.write_decision_letter, case)
    assert msgspec.json.decode(kept.body)["schema"] == "medwarrant/letter/1"
