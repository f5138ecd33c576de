"""Review cases on their pages: from submission over the worksheet to a signed decision and its letter."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from medwarrant.review.settings import change_setting
from medwarrant.web.views import fact_forms

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
    fields = {
        "say.setting": "corrected",
        "fix.setting": "office",
        "comment.setting": "The letterhead says so.",
        "say.anticoagulant": "rejected",
        "adding": "1:phase",
        "new.1": "initial",
        "comment.new.1": "Dr. Reyes by telephone",
    }
    done(nurse, at, "facts", **fields)
    after = sheet(nurse, at)
    facts = {one["fact"]["id"]: one["fact"] for one in after["facts"]}
    assert facts["setting"]["value"] == "office"
    assert facts["setting"]["basis"] == "confirmed"
    assert "anticoagulant" not in facts
    assert facts["phase"]["value"] == "initial"
    assert after["record_number"] == 2, "what is said at once makes one record"
    said = {one["comment"] for fact in after["facts"] for one in fact["said"]}
    assert {"The letterhead says so.", "Dr. Reyes by telephone"} <= said


def with_facts_open(signed_in, *facts, services=("64405",)):
    """A nurse at the worksheet of a case with these facts."""
    owner, nurse = signed_in("requester"), signed_in("nurse_reviewer")
    request = {**REQUEST, "services": list(services), "facts": list(facts)}
    at = submitted(owner, asked(owner, request))
    done(nurse, at, "take")
    open_all(nurse, at)
    return nurse, at


def stated(browser, at: str, fact: str):
    """The values and statuses of a fact in the latest record."""
    return [
        (one["fact"]["status"], one["fact"]["value"])
        for one in sheet(browser, at)["facts"]
        if one["fact"]["fact"] == fact
    ]


def test_no_fact_is_written_in_the_syntax_of_the_command_line(signed_in):
    nurse, at = with_facts_open(signed_in, {"drug-trial": {"drug": "sumatriptan"}})
    page = nurse.open(f"{at}/worksheet")
    assert "drug-trial=" not in unescape(page)
    assert 'type="radio" name="fix.drug-trial#1.1.outcome" value="failed"' in unescape(page)
    assert 'type="number" name="fix.drug-trial#1.1.duration"' in unescape(page)
    assert 'type="date" name="fix.drug-trial#1.1.date"' in unescape(page)
    assert "As on the command line" not in page


@pytest.mark.parametrize(
    ("fact", "typed", "expected"),
    [
        ("pregnancy", {"": "absent"}, [("absent", None)]),
        ("pregnancy", {"": "unknown"}, [("unknown", None)]),
        ("setting", {"": "unknown"}, [("unknown", None)]),
        ("muscles", {"": ["temporalis", "trapezius"]}, [("present", ["temporalis", "trapezius"])]),
        (
            "headache-days",
            {"": "15", ".how": "between", ".to": "20"},
            [("present", ["15 days/month", "20 days/month"])],
        ),
        (
            "pain-duration",
            {"": "6", ".how": "at_least", ".unit": "weeks"},
            [("present", {"at_least": "6 weeks"})],
        ),
        (
            "imaging",
            {".status": "present", ".1.modality": "mri", ".1.date": "2026-03-14"}
            | {".1.date.how": "month"},
            [("present", {"date": "2026-03", "modality": "mri"})],
        ),
        ("surgery", {".status": "none"}, [("absent", None)]),
        ("therapy", {".complete.1": "yes"}, [("present", {"history": "complete"})]),
    ],
)
def test_a_fact_of_every_kind_is_added_by_its_controls(signed_in, fact, typed, expected):
    nurse, at = with_facts_open(signed_in)
    fields = {f"new.1{name}": value for name, value in typed.items()}
    done(nurse, at, "facts", adding=f"1:{fact}", **fields)
    assert stated(nurse, at, fact) == expected


def test_a_fact_of_one_line_names_its_service(signed_in):
    nurse, at = with_facts_open(signed_in, {"intent": "acute"}, services=("64405", "20553"))
    page = do(nurse, at, "facts", choose="yes", add="guidance")
    assert "For which service" in page.text
    fields = {"adding": "1:guidance", "new.1": "ultrasound", "new.1.service": "20553"}
    done(nurse, at, "facts", **fields)
    ids = {one["fact"]["id"] for one in sheet(nurse, at)["facts"]}
    assert "guidance@20553" in ids
    assert do(nurse, at, "facts", **{**fields, "new.1.service": "99999"}).status_code == 400


def filled(page: str) -> dict[str, list[str]]:
    """What a browser would send of the controls of facts."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<(?:input|select.*?</select>)[^>]*>|<select.*?</select>", page, re.S):
        name = unescape((re.search(r'name="([^"]+)"', tag) or ["", ""])[1])
        if not name.startswith(("fix.", "new.")):
            continue
        if tag.startswith("<select"):
            options = re.findall(r'<option value="([^"]*)"( selected)?', tag)
            found[name] = [next((v for v, on in options if on), options[0][0])]
        elif 'type="radio"' not in tag and 'type="checkbox"' not in tag:
            found[name] = [unescape((re.search(r' value="([^"]*)"', tag) or ["", ""])[1])]
        elif " checked" in tag:
            found.setdefault(name, []).append(unescape(re.search(r'value="([^"]*)"', tag)[1]))
    return found


SAID = (
    {"intent": "acute"},
    {"pregnancy": "absent"},
    {"anticoagulant": "present"},
    {"diabetes": "unknown"},
    {"age": "52 years"},
    {"headache-days": [15, 20]},
    {"pain-score": {"at_least": 7}},
    {"pain-duration": "45 days"},
    {"trigger-point-signs": ["taut-band", "twitch-response"]},
    {"drug-trial": {"drug": "sumatriptan", "outcome": "failed", "duration": "6 weeks"}},
    {"drug-trial": {"drug_class": "beta-blocker", "date": "2025"}},
    {"therapy": {"kind": "physical-therapy", "date": "2026-03-02/2026-03-09"}},
    {"procedure": {"kind": "greater-occipital-block", "relief": {"at_least": "50%"}}},
    {"surgery": "none"},
)


def test_a_correction_begins_with_what_was_read_and_loses_nothing_of_it(signed_in):
    nurse, at = with_facts_open(signed_in, *SAID)
    before = {
        one["fact"]["id"]: (one["fact"]["status"], one["fact"]["value"])
        for one in sheet(nurse, at)["facts"]
    }
    assert len(before) == len(SAID)
    fields = filled(nurse.open(f"{at}/worksheet"))
    said = {f"say.{name}": "corrected" for name in before}
    done(nurse, at, "facts", **fields, **said)
    after = sheet(nurse, at)["facts"]
    assert {
        one["fact"]["id"]: (one["fact"]["status"], one["fact"]["value"]) for one in after
    } == before
    assert {one["fact"]["basis"] for one in after} == {"confirmed"}


@pytest.mark.parametrize(
    "fact",
    [
        {"procedure": {"history": "complete"}},
        {"drug-trial": {"status": "absent", "drug": "topiramate"}},
        {"intent": {"not": "prevention"}},
    ],
)
def test_what_controls_cannot_show_is_rejected_and_never_flattened(signed_in, fact):
    nurse, at = with_facts_open(signed_in, fact)
    (held,) = sheet(nurse, at)["facts"]
    name = held["fact"]["id"]
    page = unescape(nurse.open(f"{at}/worksheet"))
    assert f'name="say.{name}" value="rejected"' in page
    assert f'name="say.{name}" value="corrected"' not in page
    assert do(nurse, at, "facts", **{f"say.{name}": "corrected"}).status_code == 400


def test_what_cannot_be_used_is_told_at_each_field_and_nothing_typed_is_lost(signed_in):
    nurse, at = with_facts_open(signed_in, {"setting": "office"}, {"age": "52 years"})
    fields = {
        "say.age": "corrected",
        "fix.age": "520",
        "fix.age.how": "exactly",
        "fix.age.unit": "years",
        "comment.age": "As she said.",
        "say.setting": "accepted",
        "adding": ["1:pain-duration", "2:pregnancy"],
        "new.1": "6",
        "new.1.how": "exactly",
        "new.1.unit": " ",
    }
    response = do(nurse, at, "facts", **fields)
    assert response.status_code == 400
    page = unescape(response.text)
    assert {f"ask-{name}-error" for name in ("fix-age", "new-1", "new-2")} <= set(
        re.findall(r'<p class="error" id="([^"]+)"', page)
    )
    assert page.count('href="#ask-') == 3
    assert "out of the possible range" in page
    assert "a time needs its unit" in page
    assert 'value="520"' in page
    assert 'value="As she said."' in page
    assert re.search(r'name="say.setting" value="accepted" checked', page)
    assert re.search(r'name="say.age" value="corrected" checked', page)
    assert sheet(nurse, at)["record_number"] == 1
    # the second one is left out, the others are put right
    fields |= {"fix.age": "53", "new.1.unit": "weeks", "leave_out": "2"}
    done(nurse, at, "facts", **fields)
    assert stated(nurse, at, "age") == [("present", "53 years")]
    assert stated(nurse, at, "pain-duration") == [("present", "6 weeks")]
    assert stated(nurse, at, "pregnancy") == []


def test_a_long_record_shows_the_controls_of_what_is_to_be_corrected(signed_in, monkeypatch):
    monkeypatch.setattr(fact_forms, "MOST_CONTROLS", 4)
    nurse, at = with_facts_open(signed_in, {"age": "52 years"}, {"setting": "office"})
    page = nurse.open(f"{at}/worksheet")
    assert 'name="fix.age"' in page
    assert 'name="fix.setting"' not in page
    refused = do(nurse, at, "facts", **{"say.setting": "corrected"})
    assert refused.status_code == 400
    assert re.search(r'name="fix.setting" value="office"[^>]* checked', refused.text)
    done(nurse, at, "facts", **{"say.setting": "corrected", "fix.setting": "emergency"})
    assert stated(nurse, at, "setting") == [("present", "emergency")]


def test_the_form_of_a_fact_is_asked_for_and_nothing_is_kept_yet(signed_in):
    nurse, at = with_facts_open(signed_in, {"intent": "acute"})
    page = nurse.open(f"{at}/worksheet")
    groups = re.findall(r'<optgroup label="([^"]+)"', page)
    assert groups[0] == "Asked for, or not met, in this case"
    first = page[page.index("<optgroup") : page.index("</optgroup>")]
    assert 'value="setting"' in first
    response = do(nurse, at, "facts", choose="yes", add="drug-trial", **{"say.intent": "accepted"})
    assert response.status_code == 200
    page = unescape(response.text)
    assert 'name="adding" value="1:drug-trial"' in page
    assert 'name="new.1.1.outcome"' in page
    assert re.search(r'name="say.intent" value="accepted" checked', page)
    response = do(nurse, at, "facts", choose="yes", add="setting", adding="1:drug-trial")
    assert 'name="adding" value="2:setting"' in response.text
    assert sheet(nurse, at)["record_number"] == 1
    for wrong in ("", "moon"):
        refused = do(nurse, at, "facts", choose="yes", add=wrong)
        assert refused.status_code == 400
        assert 'id="e-facts-add"' in refused.text
    assert do(nurse, at, "facts", adding="1:moon").status_code == 400
    assert do(nurse, at, "facts").status_code == 400
    stale = do(nurse, at, "facts", choose="yes", add="setting", expected=1)
    assert stale.status_code == 409


def test_programs_state_facts_as_text(signed_in):
    nurse, at = with_facts_open(signed_in, {"setting": "office"})
    assert sheet(nurse, at)["stated"]["setting"] == "setting=office"
    said = [
        {"act": "corrected", "fact": "setting", "value": "setting=emergency"},
        {"act": "added", "value": "drug-trial={drug: sumatriptan, outcome: failed}"},
    ]
    body = {"expected": case(nurse, at)["version"], "said": said}
    assert nurse.api("POST", f"/api{at}/facts", body).status_code == 200
    assert stated(nurse, at, "setting") == [("present", "emergency")]


def test_sources_have_titles_and_lead_to_the_reference(signed_in):
    nurse, at = with_facts_open(signed_in, {"intent": "acute"})
    page = nurse.open(f"{at}/worksheet")
    cited = re.findall(r"Sources: .*?</p>", page)
    assert cited
    ids = set(re.findall(r'id="(ref-\d+)"', page))
    for one in cited:
        links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', one)
        assert links
        assert {place for place, _ in links} <= ids
        assert not {title for _, title in links} & set(sheet(nurse, at)["sources"])
    assert re.search(r'<a href="/content/[^"]+">[^<]+</a>', page)


def test_the_next_section_is_opened_by_one_button(signed_in):
    owner, nurse = signed_in("requester"), signed_in("nurse_reviewer")
    at = submitted(owner, asked(owner, REQUEST, [NOTE]))
    done(nurse, at, "take")
    for turn in range(2):
        opened = []
        while "Open the next section" in (page := nurse.open(f"{at}/worksheet")):
            form = page[page.index('class="next-section"') :]
            following = re.search(r'name="section" value="(\w+)"', form)[1]
            response = do(nurse, at, "sections", section=following, back=following)
            assert response.headers["location"] == f"{at}/worksheet#{following}"
            opened.append(following)
        needed = [one["id"] for one in sheet(nurse, at)["sections"] if one["needed"]]
        assert opened == needed, "in the order of the page, and each of every record"
        if not turn:
            done(nurse, at, "facts", **{"say.setting": "accepted"})


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
    offer = {"contact": "Called Northside Neurology at 10:15, left the number"}
    assert do(doctor, at, "offer-talk", **offer).status_code == 400  # until when is not said
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="minutes")[:16]
    done(doctor, at, "offer-talk", **offer, answer_by=until)
    assert do(doctor, at, "sign", **signing).status_code == 403  # nothing says what came of it
    assert do(doctor, at, "close-talk", state="unanswered").status_code == 403  # not over yet
    done(doctor, at, "close-talk", state="declined")
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
    done(nurse, at, "facts", **{"adding": "1:setting", "new.1": "office"})
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
