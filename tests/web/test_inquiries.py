"""Inquiries: the determination page, its questions, follow-ups, readers, sharing, and its other forms."""

from __future__ import annotations

import re
from typing import Any

import pytest

ASKED = {"question": "Is 64405 medically necessary for G43.919?", "as_of": "2026-11-23"}


def kept(browser, **more) -> str:
    response = browser.api("POST", "/api/inquiries", {**ASKED, **more})
    assert response.status_code == 201, response.text
    return f"/inquiries/{response.json()['id']}"


def data(browser, at: str):
    response = browser.api("GET", f"/api{at}")
    assert response.status_code == 200, response.text
    return response.json()


def test_the_page_shows_the_article_with_its_review_and_caution(local):
    page = local.open(kept(local))
    for part in ("Review status", "Submitted", "Under Review", "Approved", "Exercise caution"):
        assert part in page
    assert "Which best describes you?" in page
    assert page.count("<h1") == 1


def test_the_page_carries_no_inline_script_or_style(local):
    page = local.open(kept(local))
    assert not re.search(r"<script(?![^>]* src=)", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)


def test_an_answered_question_makes_a_record_and_the_page_says_what_changed(local):
    at = kept(local)
    before = data(local, at)
    assert before["determination"]["outcome"] == "needs_information"
    fields = {"intent": "acute", "setting": "emergency", "expected": before["version"]}
    page = local.act(f"{at}/answers", fields, page=at)
    after = data(local, at)
    assert after["determination"]["outcome"] == "meets_criteria"
    assert after["record"]["number"] == 2
    assert after["changes"][0]["before"] == "needs_information"
    assert "What changed" in page
    assert "Medically necessary" in page or "Meets guideline criteria" in page


def test_a_wrong_answer_is_told_at_its_field_and_changes_nothing(local):
    at = kept(local)
    fields = {"intent": "moon", "expected": 1}
    response = local.post(f"{at}/answers", fields, page=at)
    assert response.status_code == 400
    assert "moon" in response.text or "not" in response.text
    assert data(local, at)["record"]["number"] == 1


def test_answers_to_a_page_that_is_old_are_refused(local):
    at = kept(local)
    local.act(f"{at}/answers", {"intent": "acute", "expected": 1}, page=at)
    response = local.post(f"{at}/answers", {"setting": "office", "expected": 1}, page=at)
    assert response.status_code == 409
    assert data(local, at)["record"]["number"] == 2


@pytest.mark.parametrize(
    ("question", "kind", "records"),
    [
        ("It will be done in the emergency department for an acute attack.", "new_facts", 2),
        ("What if it were done in the emergency department?", "what_if", 1),
        ("Why?", "why", 1),
        ("What is missing?", "missing", 1),
        ("What does the evidence say?", "evidence", 1),
        ("What does Aetna say?", "other_payer", 1),
        ("What is the weather in Paris?", "not_in_library", 1),
    ],
)
def test_a_follow_up_keeps_the_request_and_the_thread(local, question, kind, records):
    at = kept(local)
    page = local.act(f"{at}/follow-ups", {"question": question, "expected": 1}, page=at)
    assert question in page
    said = data(local, at)
    assert [entry["reply"]["kind"] for entry in said["thread"]] == [kind]
    assert len(said["records"]) == records


def test_a_correction_is_kept_told_and_can_be_taken_back(local):
    question = "Is 64405 medically necessary for intractable migraine after PT for 3 weeks failed?"
    at = kept(local, question=question)

    def say(words: str) -> dict[str, Any]:
        version = data(local, at)["version"]
        sent = {"question": words, "expected": version}
        response = local.api("POST", f"/api{at}/follow-ups", sent)
        assert response.status_code == 201, response.text
        return response.json()

    def held() -> list[Any]:
        facts = data(local, at)["determination"]["reading"]["facts"]
        return [fact["value"]["duration"] for fact in facts if fact["fact"] == "therapy"]

    supposed = say("what if we leave out the PT?")
    assert (supposed["reply"]["kind"], supposed["record"]) == ("what_if", None)
    assert [fact["fact"] for fact in supposed["reply"]["request"]["withdrawn"]] == ["therapy"]
    assert held() == ["3 weeks"]
    put_right = say("no, 6 weeks not 3")
    assert put_right["record"] == 2
    assert put_right["reply"]["request"]["withdrawn"][0]["value"]["duration"] == "3 weeks"
    assert held() == ["6 weeks"]
    assert say("remove the PT")["record"] == 3
    assert held() == []
    assert say("scratch that")["record"] == 4
    assert held() == ["6 weeks"]
    assert say("ignore the CT")["record"] is None
    page = local.open(at)
    for words in ("No longer counted", "is taken back", "Counted again", "nothing was changed"):
        assert words in page
    assert [entry["record"] for entry in data(local, at)["thread"]] == [None, 2, 3, 4, None]


def test_an_empty_follow_up_is_refused_where_it_was_typed(local):
    at = kept(local)
    response = local.post(f"{at}/follow-ups", {"question": " ", "expected": 1}, page=at)
    assert response.status_code == 400
    assert 'id="e-question"' in response.text


def test_the_reader_is_remembered_and_changes_words_alone(local):
    at = kept(local)
    before = data(local, at)["determination"]["items"]
    page = local.act(f"{at}/reader", {"audience": "patient", "expected": 1}, page=at)
    assert "What we understood" in page
    other = kept(local, question="Is 20553 medically necessary for M79.12?")
    assert "What we understood" in local.open(other)
    assert data(local, at)["determination"]["items"] == before


def test_the_record_is_given_byte_for_byte(local, medwarrant):
    at = kept(local)
    stored = local.client.get(f"/api{at}/records/1")
    assert stored.json() == medwarrant.ask(ASKED["question"], as_of=ASKED["as_of"]).to_dict()


def test_text_and_pdf_are_given(local):
    at = kept(local)
    assert "BOTTOM LINE" in local.open(f"{at}/text").upper()
    response = local.get(f"{at}/pdf")
    assert response.content[:5] == b"%PDF-"
    assert "attachment" in response.headers["content-disposition"]


def test_nobody_else_sees_an_inquiry_until_it_is_shared(signed_in):
    owner, other = signed_in("requester"), signed_in("editor")
    at = kept(owner)
    assert other.get(at).status_code == 404
    assert signed_in("nurse_reviewer").get(at).status_code == 404
    page = owner.act(f"{at}/sharing", {"shared": "yes", "expected": 1}, page=at)
    assert at in page
    assert "was shared with you" in other.open(at)
    refused = other.post(f"{at}/follow-ups", {"question": "Why?", "expected": 2}, page=at)
    assert refused.status_code == 404
    owner.act(f"{at}/sharing", {"shared": "no", "expected": 2}, page=at)
    assert other.get(at).status_code == 404


def test_who_saw_it_is_in_the_audit_log(local, desk):
    from medwarrant.review.store.audit import entries

    at = kept(local)
    local.open(at)
    with desk.database.read() as connection:
        acts = [entry.act for entry in entries(connection, subject=f"inquiry:{at.split('/')[-1]}")]
    assert acts[:2] == ["asked", "record"]
    assert "seen" in acts


def test_own_inquiries_are_listed(local):
    at = kept(local)
    page = local.open("/inquiries")
    assert at in page
    assert data(local, "/inquiries")["inquiries"][0]["records"] == 1
