"""Blind second reviews on their pages: drawn, taken, answered without a status in sight, compared."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from case_made import NOTE, QUESTION, decided


@pytest.fixture
def case(desk, people):
    """A case that a nurse approved."""
    return decided(desk, people, note=NOTE)


@pytest.fixture
def drawn(case, signed_in):
    """A sample of that case, drawn by an auditor."""
    day = case.received_at.date()
    fields = {
        "sample": "trial-1",
        "first": (day - timedelta(days=1)).isoformat(),
        "last": (day + timedelta(days=1)).isoformat(),
    }
    auditor = signed_in("auditor")
    page = auditor.act("/second-reviews", fields, page="/second-reviews")
    assert "1 case was drawn as trial-1." in page
    return fields


def open_review(browser):
    (one,) = browser.api("GET", "/api/second-reviews").json()["open"]
    return f"/second-reviews/{one['id']}"


def answers(page: str, word: str) -> dict[str, str]:
    return dict.fromkeys(re.findall(r'<fieldset class="say[^"]*" id="f-([^"]+)"', page), word)


def test_a_name_is_used_once_and_days_need_decided_cases(signed_in, drawn):
    auditor = signed_in("auditor")
    again = auditor.post("/second-reviews", drawn, page="/second-reviews")
    assert again.status_code == 400
    assert 'id="e-sample"' in again.text
    empty = {"sample": "empty", "first": "2020-01-01", "last": "2020-01-02"}
    response = auditor.post("/second-reviews", empty, page="/second-reviews")
    assert response.status_code == 400
    assert "no case was decided" in response.text.lower()
    names = [one["sample"] for one in auditor.api("GET", "/api/second-reviews").json()["samples"]]
    assert names == ["trial-1"]


@pytest.mark.parametrize("name", ["a/b", "a b", "", "../x"])
def test_a_name_stands_in_addresses(signed_in, drawn, name):
    response = signed_in("auditor").post(
        "/second-reviews", {**drawn, "sample": name}, page="/second-reviews"
    )
    assert response.status_code == 400


def test_whoever_worked_on_the_case_is_not_offered_it(signed_in, drawn):
    nurse = signed_in("nurse_reviewer")
    assert nurse.api("GET", "/api/second-reviews").json()["open"] == []
    physician = signed_in("physician_reviewer")
    assert nurse.post(f"{open_review(physician)}/take").status_code == 403


def test_the_sheet_shows_facts_and_criteria_and_nothing_that_was_found(signed_in, drawn, case):
    physician = signed_in("physician_reviewer")
    at = open_review(physician)
    assert physician.get(at).status_code == 403, "it is to be taken first"
    page = physician.act(f"{at}/take", page="/second-reviews")
    assert QUESTION in page
    assert "Seen in the" in page
    main = page[page.index("<main") :]
    for told in ("Nadia Osei", "Maria Example", "Approved", case.id, case.inquiry_id, case.number):
        assert told not in main, told
    assert not re.search(r"o-met|o-not_met|o-missing|meets_criteria", main)
    view = physician.api("GET", f"/api{at}").json()
    assert "'status'" not in str(view["items"])
    assert physician.get(f"/cases/{case.id}").status_code == 403
    assert page.count("checked") == 0


def test_answers_are_compared_with_what_was_decided(signed_in, drawn):
    physician = signed_in("physician_reviewer")
    at = open_review(physician)
    page = physician.act(f"{at}/take", page="/second-reviews")
    fields = {**answers(page, "met"), "outcome-0": "approved", "remarks": "Clear."}
    lacking = dict(list(fields.items())[1:])
    response = physician.post(at, lacking, page=at)
    assert response.status_code == 400
    first = next(iter(fields))
    assert f'id="e-{first}"' in response.text
    assert 'value="approved" checked' in response.text, "what was chosen stays chosen"
    assert "Your answers are kept." in physician.act(at, fields, page=at)
    assert physician.get(at).status_code == 403, "once"
    auditor = signed_in("auditor")
    found = auditor.api("GET", "/api/second-reviews/samples/trial-1").json()
    assert (found["outcomes"]["pairs"], found["outcomes"]["agreed"]) == (1, 1)
    assert found["criteria"]["pairs"] == len(fields) - 2
    page = auditor.open("/second-reviews/samples/trial-1")
    assert "1 of 1 answers agree" in page
    assert "These are few: 1 " in page
    assert "trial-1" in auditor.open("/dashboard")


def test_the_twin_answers_too(signed_in, drawn):
    physician = signed_in("physician_reviewer")
    at = f"/api{open_review(physician)}"
    view = physician.api("POST", f"{at}/take").json()

    def fields(node):
        own = [node["id"]] if node["field"] else []
        return own + [name for child in node["children"] for name in fields(child)]

    criteria = {
        item["key"]: {name: "missing" for root in item["criteria"] for name in fields(root)}
        for item in view["items"]
    }
    assert physician.api("POST", at, {"criteria": {}, "outcomes": []}).status_code == 400
    said = physician.api("POST", at, {"criteria": criteria, "outcomes": ["needs_information"]})
    assert said.status_code == 200, said.text
    assert said.json()["answered_at"]


@pytest.mark.parametrize("role", ["requester", "editor"])
def test_others_see_no_second_reviews(signed_in, role):
    assert signed_in(role).get("/second-reviews").status_code == 403


def test_an_auditor_answers_none_and_a_sample_that_is_not_there_is_not_found(signed_in, drawn):
    auditor = signed_in("auditor")
    assert auditor.post("/second-reviews/1/take").status_code == 403
    assert auditor.get("/second-reviews/samples/moon").status_code == 404
    assert signed_in("physician_reviewer").get("/second-reviews/moon").status_code == 404


def test_the_inquiry_is_closed_to_whoever_reviews_blind(signed_in, drawn, case):
    physician = signed_in("physician_reviewer")
    inquiry = f"/inquiries/{case.inquiry_id}"
    assert physician.get(inquiry).status_code == 200
    physician.act(f"{open_review(physician)}/take", page="/second-reviews")
    assert physician.get(inquiry).status_code == 403
    assert physician.api("GET", f"/api{inquiry}").status_code == 403
