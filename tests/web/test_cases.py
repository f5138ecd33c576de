"""Review cases on their pages: from submission over the worksheet to a signed decision and its letter."""

from __future__ import annotations

import re
from html import unescape

import pytest

from medwarrant.review.settings import change_setting

REQUEST = {
    "services": ["64405"],
    "diagnoses": ["G43.919"],
    "facts": [{"intent": "acute"}, {"setting": "emergency"}],
    "as_of": "2026-11-23",
}
UNSUPPORTED = {"services": ["64405"], "diagnoses": ["M79.7"], "as_of": "2026-11-23"}
NOTE = {
    "name": "visit.txt",
    "text": "HPI: intractable migraine. Failed sumatriptan. Warfarin daily.",
}
APPEALS = (
    "You may appeal within sixty days of this letter by writing to the plan at the address above."
)
MEMBER = {
    "member_name": "Mara Voss",
    "requester_name": "Northside Neurology",
    "urgency": "standard",
}


def asked(browser, request=REQUEST, notes=()) -> str:
    body = {"request": request, "notes": list(notes)}
    response = browser.api("POST", "/api/inquiries", body)
    assert response.status_code == 201, response.text
    return f"/inquiries/{response.json()['id']}"


def submitted(browser, at: str, **more) -> str:
    fields = {**MEMBER, "expected": 1, **more}
    response = browser.post(f"{at}/submission", fields, page=f"{at}/submission")
    assert response.status_code == 303, response.text
    return response.headers["location"]


def case(browser, at: str):
    response = browser.api("GET", f"/api{at}")
    assert response.status_code == 200, response.text
    return response.json()


def do(browser, at: str, act: str, **fields):
    said = case(browser, at)
    page = f"{at}/worksheet" if browser.get(f"{at}/worksheet").status_code == 200 else at
    sent = {"expected": said["version"], "record_digest": said["record_digest"], **fields}
    return browser.post(f"{at}/{act}", sent, page=page)


def done(browser, at: str, act: str, **fields) -> str:
    response = do(browser, at, act, **fields)
    assert response.status_code == 303, (act, response.status_code, unescape(response.text)[-6000:])
    return browser.open(response.headers["location"].partition("#")[0])


def open_all(browser, at: str) -> None:
    sections = [one["id"] for one in sheet(browser, at)["sections"] if one["needed"]]
    done(browser, at, "sections", section=sections)


def sheet(browser, at: str):
    response = browser.api("GET", f"/api{at}/worksheet")
    assert response.status_code == 200, response.text
    return response.json()


@pytest.fixture
def plan(desk, people):
    """A plan that has set what letters need."""
    with desk.work(people["administrator"]) as work:
        change_setting(work, "organisation", {"name": "Lakeside Health Plan"}, expected=0)
        change_setting(
            work,
            "letterhead",
            {
                "plan": "Lakeside Health Plan",
                "peer_to_peer": "Call 555-0102 on weekdays",
                "address": ["1 Harbor Way", "Lakeside"],
                "phone": "555-0100",
                "fax": "555-0101",
            },
            expected=0,
        )
        rights = [
            {"line_of_business": line, "state": "", "text": APPEALS, "source": "Member handbook"}
            for line in ("commercial", "medicare-advantage")
        ]
        change_setting(work, "appeal_rights", rights, expected=0)
        change_setting(work, "information", {"standard_days": 14, "expedited_days": 2}, expected=0)


def test_an_inquiry_becomes_a_case_with_a_number_and_a_clock(signed_in):
    owner = signed_in("requester")
    at = submitted(owner, asked(owner))
    page = owner.open(at)
    assert re.search(r"Case 20\d\d-\d{6}", page)
    assert "Received" in page
    assert "Mara Voss" in page
    said = case(owner, at)
    assert said["state"] == "received"
    assert said["due_at"] > said["received_at"]


def test_what_is_lacking_is_told_at_its_field(signed_in):
    owner = signed_in("requester")
    inquiry = asked(owner)
    fields = {**MEMBER, "member_name": " ", "expected": 1}
    response = owner.post(f"{inquiry}/submission", fields, page=f"{inquiry}/submission")
    assert response.status_code == 400
    assert 'id="e-member_name"' in response.text
    assert "Northside Neurology" in response.text


def test_a_nurse_approves_what_meets_criteria_and_the_letter_is_made(signed_in, plan):
    owner, nurse = signed_in("requester"), signed_in("nurse_reviewer")
    at = submitted(owner, asked(owner))
    assert case(nurse, at)["number"] in nurse.open("/cases")
    done(nurse, at, "take")
    refused = do(nurse, at, "approve")
    assert refused.status_code == 403
    assert "opened" in unescape(refused.text)
    open_all(nurse, at)
    page = done(nurse, at, "approve")
    assert "Approved as requested" in page
    done(nurse, at, "letters", kind="decision")
    letter = case(nurse, at)["letters"][0]
    shown = nurse.open(f"{at}/letters/{letter['id']}")
    assert "Mara Voss" in shown
    assert nurse.get(f"{at}/letters/{letter['id']}/pdf").content[:5] == b"%PDF-"
    assert case(owner, at)["letters"] == []
    done(nurse, at, "send-letter", letter=letter["id"], to="by post to the member")
    assert [one["id"] for one in case(owner, at)["letters"]] == [letter["id"]]


def test_facts_that_only_the_machine_read_are_looked_at_first(signed_in, plan):
    owner, nurse = signed_in("requester"), signed_in("nurse_reviewer")
    request = {**REQUEST, "facts": [{"intent": "acute"}, {"setting": "office"}]}
    at = submitted(owner, asked(owner, request, [NOTE]))
    done(nurse, at, "take")
    open_all(nurse, at)
    page = nurse.open(f"{at}/worksheet")
    assert "provisional" in page
    assert re.search(r"<mark[^>]*>[^<]*sumatriptan", page)
    assert do(nurse, at, "approve").status_code == 403
    waiting = [one["fact"]["id"] for one in sheet(nurse, at)["facts"] if one["awaits_reviewer"]]
    assert waiting
    done(nurse, at, "facts", **{f"say.{name}": "accepted" for name in waiting})
    after = sheet(nurse, at)
    assert not any(one["awaits_reviewer"] for one in after["facts"])
    assert case(nurse, at)["provisional"] is False


def test_a_fact_can_be_corrected_rejected_and_added(signed_in):
    owner, nurse = signed_in("requester"), signed_in("nurse_reviewer")
    at = submitted(owner, asked(owner, REQUEST, [NOTE]))
    done(nurse, at, "take")
    open_all(nurse, at)
    done(nurse, at, "facts", **{"say.setting": "corrected", "value.setting": "setting=office"})
    done(nurse, at, "facts", **{"say.anticoagulant": "rejected"})
    done(nurse, at, "facts", add="intent=prevention", add_comment="Dr. Reyes by telephone")
    facts = {one["fact"]["id"]: one["fact"] for one in sheet(nurse, at)["facts"]}
    assert facts["setting"]["value"] == "office"
    assert facts["setting"]["basis"] == "confirmed"
    assert "anticoagulant" not in facts
    assert facts["intent"]["value"] == "prevention"
    wrong = do(nurse, at, "facts", add="moon=full")
    assert wrong.status_code == 400
    assert "moon" in wrong.text


def test_only_a_physician_signs_less_than_was_asked_and_with_everything_it_needs(signed_in, plan):
    owner, nurse, doctor = (
        signed_in(r) for r in ("requester", "nurse_reviewer", "physician_reviewer")
    )
    request = {**UNSUPPORTED, "coverage": {"line_of_business": "commercial"}}
    at = submitted(owner, asked(owner, request))
    done(nurse, at, "take")
    open_all(nurse, at)
    assert do(nurse, at, "approve").status_code == 403
    assert do(nurse, at, "sign", kind="adverse").status_code == 403
    done(nurse, at, "refer", why="No support found.")
    done(doctor, at, "take")
    grounds = [one["id"] for one in sheet(doctor, at)["items"][0]["grounds"] if one["counts"]]
    signing = {
        "kind": "adverse",
        "decided.0": "not_approved",
        "reason.0": "No guideline or study was found that supports this block for fibromyalgia.",
        "member_reason.0": "We found no proof that this shot helps with your pain.",
        "ground.0": grounds[:1],
        "name": "Paul Idris",
        "credentials": "MD, licence CA 12345",
    }
    assert do(doctor, at, "sign", **signing).status_code == 403  # nothing is opened
    open_all(doctor, at)
    assert do(doctor, at, "sign", **signing).status_code == 403  # no talk was offered
    done(doctor, at, "offer-talk", contact="Called Northside Neurology at 10:15, left the number")
    done(doctor, at, "close-talk", state="unanswered")
    without = do(doctor, at, "sign", **{**signing, "reason.0": ""})
    assert without.status_code in (400, 403)
    page = done(doctor, at, "sign", **signing)
    assert "Not approved" in page
    assert "Paul Idris" in page
    done(doctor, at, "letters", kind="decision")
    letter = case(doctor, at)["letters"][0]
    assert letter["kind"] == "adverse_notice"
    assert APPEALS in unescape(doctor.open(f"{at}/letters/{letter['id']}"))
    # its requester appeals, and the physician who decided does not decide again
    done(owner, at, "appeal", why="The pain is unbearable, please look again.")
    assert do(doctor, at, "take").status_code == 403


def test_a_stale_signature_is_refused_and_nothing_changes(signed_in, plan):
    owner, nurse = signed_in("requester"), signed_in("nurse_reviewer")
    at = submitted(owner, asked(owner))
    done(nurse, at, "take")
    open_all(nurse, at)
    before = case(nurse, at)
    done(nurse, at, "facts", add="setting=office", add_comment="Seen in the chart.")
    response = do(nurse, at, "approve", expected=before["version"])
    assert response.status_code == 409
    response = do(nurse, at, "approve", record_digest=before["record_digest"])
    assert response.status_code == 409
    assert case(nurse, at)["state"] == "nurse_review"


def test_information_is_requested_by_letter_and_handed_in(signed_in, plan):
    owner, nurse = signed_in("requester"), signed_in("nurse_reviewer")
    at = submitted(owner, asked(owner, {**REQUEST, "facts": [{"intent": "acute"}]}))
    done(nurse, at, "take")
    page = nurse.open(f"{at}/worksheet")
    choices = [unescape(one) for one in re.findall(r'name="ask" value="([^"]+)"', page)]
    assert choices
    page = done(nurse, at, "request-information", ask=choices[:2], more="The last clinic note")
    assert "Awaiting information" in page
    mine = owner.open(at)
    assert "Hand in information" in mine
    response = owner.post(
        f"{at}/receive-information",
        {"expected": case(owner, at)["version"], "facts": "setting=emergency"},
        files=[("files", ("note.txt", b"Seen in the emergency department.", "text/plain"))],
        page=at,
    )
    assert response.status_code == 303, response.text
    assert case(owner, at)["state"] == "nurse_review"
    assert "note.txt" in nurse.open(f"{at}/worksheet") or "documents" in nurse.open(
        f"{at}/worksheet"
    )


def test_requesters_see_their_own_cases_alone(signed_in, desk):
    owner = signed_in("requester")
    at = submitted(owner, asked(owner))
    assert signed_in("editor").get(at).status_code == 403
    assert owner.get(f"{at}/worksheet").status_code == 403
    assert "Mara Voss" in signed_in("auditor").open(at)


def test_the_worklist_filters_and_searches_without_names_in_addresses(signed_in):
    owner, nurse = signed_in("requester"), signed_in("nurse_reviewer")
    first = submitted(owner, asked(owner), urgency="expedited")
    other = {"services": ["20553"], "diagnoses": ["M79.12"], "as_of": "2026-11-23"}
    second = submitted(owner, asked(owner, other), requester_name="Harbor Pain Clinic")
    page = nurse.open("/cases")
    assert page.index(first) < page.index(second)
    assert second not in nurse.open("/cases?urgency=expedited")
    found = nurse.post("/cases", {"search": "harbor pain"}, page="/cases")
    assert found.status_code == 200
    assert second in found.text
    assert first not in found.text
    assert nurse.get("/cases?state=moon").status_code == 400


def test_hostile_words_are_escaped_everywhere(signed_in):
    bad = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    owner, nurse = signed_in("requester"), signed_in("nurse_reviewer")
    note = {
        "name": "<b>n.txt",
        "text": f"{bad} Failed sumatriptan for acute attacks. Warfarin daily.",
    }
    at = submitted(
        owner,
        asked(owner, REQUEST, [note]),
        member_name=bad,
        requester_name=bad,
        requester_address=bad,
    )
    done(nurse, at, "take")
    open_all(nurse, at)
    done(nurse, at, "comment", body=bad)
    for page in (nurse.open(at), nurse.open(f"{at}/worksheet"), nurse.open("/cases")):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
