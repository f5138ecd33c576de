"""What people read on pages names facts, values, payers and criteria in words, never by their ids."""

from __future__ import annotations

import re
from html import unescape

from visible_ids import shown

REQUEST = {
    "services": ["64405"],
    "diagnoses": ["G43.919"],
    "facts": [
        {"setting": "office"},
        {"drug-trial": {"drug": "sumatriptan", "used_for": "acute", "outcome": "failed"}},
        {"therapy": {"kind": "physical-therapy", "outcome": "not_tolerated", "duration": "6 weeks"}},
        {"procedure": {"procedure": "greater-occipital-nerve-block", "date": "2026-03", "relief": "60%"}},
    ],
    "coverage": {"payer": "aetna", "line_of_business": "medicare-advantage", "state": "CA"},
    "as_of": "2026-11-23",
}  # fmt: skip
MEMBER = {"member_name": "Mara Voss", "requester_name": "Northside", "urgency": "standard"}


def seen(page: str) -> str:
    """The visible text of a page: what tags, scripts and drawings hold is left out."""
    page = re.sub(r"<(script|style|svg|code)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", page))


def test_no_id_is_read_on_the_pages_of_an_inquiry(signed_in, library):
    browser = signed_in("requester")
    made = browser.api("POST", "/api/inquiries", {"request": REQUEST, "notes": []})
    at = f"/inquiries/{made.json()['id']}"
    for audience in ("patient", "practice", "clinician", "reviewer"):
        browser.post(f"{at}/reader", {"audience": audience}, page=at)
        page = seen(browser.open(at))
        assert ("What we understood" in page) == (audience == "patient")
        assert shown([page], library) == [], audience


def test_no_id_is_read_on_a_worksheet(signed_in, library):
    owner, nurse = signed_in("requester"), signed_in("nurse_reviewer")
    made = owner.api("POST", "/api/inquiries", {"request": REQUEST, "notes": []})
    inquiry = f"/inquiries/{made.json()['id']}"
    sent = owner.post(
        f"{inquiry}/submission", {**MEMBER, "expected": 1}, page=f"{inquiry}/submission"
    )
    at = sent.headers["location"]
    sheet = nurse.api("GET", f"/api{at}/worksheet").json()
    names = [one["id"] for one in sheet["sections"] if one["needed"]]
    opened = {"section": names, "record_digest": sheet["record_digest"]}
    nurse.post(f"{at}/sections", opened, page=f"{at}/worksheet")
    page = seen(nurse.open(f"{at}/worksheet"))
    assert "sumatriptan, for treatment of attacks, no adequate relief" in page
    assert shown([page], library) == []
