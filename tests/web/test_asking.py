"""Asking: what is typed and dropped is read, shown, corrected, and only then judged."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from medwarrant.review.store import schema

QUESTION = "Is 64405 medically necessary for intractable migraine? She failed sumatriptan."
NOTE = ("files", ("visit.txt", b"HPI: Failed rizatriptan. Warfarin daily.", "text/plain"))


def drafted(browser, question=QUESTION, files=None) -> str:
    response = browser.post("/ask", {"question": question}, files=files, page="/ask")
    assert response.status_code == 303, response.text
    return response.headers["location"]


def ticked(page: str, name: str) -> list[str]:
    import re

    return re.findall(rf'name="{name}" value="([^"]+)" checked', page)


def judge(browser, at: str, page: str, **changes):
    fields = {
        "question": QUESTION,
        "service": ticked(page, "service"),
        "diagnosis": ticked(page, "diagnosis"),
        "fact": ticked(page, "fact"),
        "as_of": "2026-11-23",
        "act": "judge",
        **changes,
    }
    return browser.post(at, fields, page=at)


def test_what_was_read_is_shown_before_anything_is_judged(local, desk):
    at = drafted(local)
    page = local.open(at)
    assert "Nothing has been judged yet" in page
    assert ticked(page, "service") == ["0"]
    assert ticked(page, "diagnosis") == ["G43.919"]
    assert "Drug tried" in page or "drug-trial" in page
    with desk.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.record)) == 0


def test_a_judged_draft_becomes_an_inquiry_and_going_back_finds_it(local):
    at = drafted(local)
    response = judge(local, at, local.open(at))
    assert response.status_code == 303
    assert response.headers["location"].startswith("/inquiries/")
    page = local.open(response.headers["location"])
    assert "Greater occipital nerve block" in page
    assert 'id="bottom-line"' in page
    # the Back button of a browser leads to the draft, where something else may be judged
    assert "What was understood" in local.open(at)
    again = judge(local, at, local.open(at))
    assert again.headers["location"] not in ("", response.headers["location"])


def test_a_draft_is_gone_after_a_day(local, desk):
    at, kept = drafted(local, files=[NOTE]), drafted(local)
    assert local.get(at).status_code == 200
    with desk.database.begin() as connection:
        old = desk.clock() - timedelta(days=1, minutes=1)
        where = schema.draft.c.id == at.rpartition("/")[2]
        connection.execute(update(schema.draft).where(where).values(created_at=old))
    assert local.get(at).status_code == 404
    assert local.get(kept).status_code == 200
    drafted(local)
    with desk.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.draft)) == 2
        assert connection.scalar(select(func.count()).select_from(schema.draft_file)) == 0


def test_what_is_taken_out_is_not_judged_and_what_is_added_is(local):
    at = drafted(local, "64405 and 20553 for G43.919 and M79.7")
    page = local.open(at)
    response = judge(
        local,
        at,
        page,
        question="64405 and 20553 for G43.919 and M79.7",
        service=["0"],
        diagnosis=["M79.7"],
        more_diagnoses="m54.2",
        payer="aetna",
    )
    inquiry = response.headers["location"]
    said = local.api("GET", f"/api{inquiry}").json()
    pairs = [(item["service"], item["diagnosis"]) for item in said["determination"]["items"]]
    assert pairs == [("64405", "M79.7"), ("64405", "M54.2")]
    assert said["determination"]["reading"]["coverage"]["payer"] == "aetna"


def test_a_payer_that_was_read_can_be_taken_out(local):
    question = "Does Aetna cover 64405 for G43.919?"
    at = drafted(local, question)
    response = judge(local, at, local.open(at), question=question, payer="")
    said = local.api("GET", f"/api{response.headers['location']}").json()
    assert said["determination"]["reading"]["coverage"]["payer"] is None


def test_another_question_is_read_again_before_it_is_judged(local):
    at = drafted(local)
    response = judge(local, at, local.open(at), question="Is 20553 necessary for M79.12?")
    assert response.headers["location"] == at
    page = local.open(at)
    assert "read again" in page
    assert ticked(page, "diagnosis") == ["M79.12"]


def test_a_note_is_read_with_its_quotes_and_stays_a_proposal(local):
    at = drafted(local, files=[NOTE])
    page = local.open(at)
    assert "visit.txt" in page
    assert "read from text by the machine" in page
    response = judge(local, at, page)
    said = local.api("GET", f"/api{response.headers['location']}").json()
    assert [one["name"] for one in said["documents"]] == ["visit.txt"]
    assert any(fact["basis"] == "read" for fact in said["determination"]["reading"]["facts"])


def test_two_files_of_one_name_are_told_apart(local):
    at = drafted(local, files=[NOTE, NOTE])
    assert "visit.txt (2)" in local.open(at)


def test_a_file_can_be_taken_out(local):
    at = drafted(local, files=[NOTE])
    response = local.post(at, {"question": QUESTION, "drop": "visit.txt"}, page=at)
    assert response.status_code == 303
    assert "visit.txt" not in local.open(at)


def test_a_structured_request_is_dropped_as_a_file(local):
    body = json.dumps({"services": ["64405"], "diagnoses": ["G44.86"]}).encode()
    at = drafted(local, "", files=[("files", ("request.json", body, "application/json"))])
    assert ticked(local.open(at), "diagnosis") == ["G44.86"]


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("x.json", b"{not json", "not JSON"),
        ("scan.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "picture"),
        ("empty.txt", b"   ", "the file is empty"),
        ("noise.bin", bytes(range(256)) * 40, "noise.bin"),
    ],
)
def test_a_file_that_cannot_be_read_says_so_and_keeps_the_question(local, name, body, said):
    at = drafted(local, files=[("files", (name, body, "application/octet-stream"))])
    page = local.open(at)
    assert said in page
    assert "failed sumatriptan" in page
    assert "Traceback" not in page


def test_nothing_at_all_is_refused_where_it_was_typed(local):
    response = local.post("/ask", {"question": "  "}, page="/ask")
    assert response.status_code == 400
    assert 'id="e-question"' in response.text


def test_a_question_is_escaped(local):
    at = drafted(local, 'Is 64405 ok for G43.919? <script>alert(1)</script> "><b onclick=x>')
    page = local.open(at)
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_draft_is_its_owners_alone(signed_in):
    at = drafted(signed_in("requester"))
    assert signed_in("nurse_reviewer").get(at).status_code == 404


def test_a_determination_by_the_api_is_the_contract_and_keeps_nothing(local, desk, medwarrant):
    sent = {
        "question": QUESTION,
        "facts": ["intent=acute", "setting=office"],
        "as_of": "2026-11-23",
    }
    response = local.api("POST", "/api/determinations", sent)
    assert response.status_code == 200
    expected = medwarrant.ask(QUESTION, facts=sent["facts"], as_of="2026-11-23")
    assert response.json() == expected.to_dict()
    with desk.database.read() as connection:
        for table in (schema.record, schema.inquiry, schema.draft):
            assert connection.scalar(select(func.count()).select_from(table)) == 0


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "one of 'question' and 'request'"),
        ({"question": "x", "request": {}}, "not both"),
        ({"question": "64405 for G43.919", "as_of": "yesterday"}, "date"),
        ({"question": "64405 for G43.919", "facts": ["moon=full"]}, "moon"),
        ({"request": {"services": "64405"}}, "services"),
        ({"question": 3}, "str"),
    ],
)
def test_what_the_api_cannot_use_is_refused_with_where_and_how(local, sent, said):
    response = local.api("POST", "/api/determinations", sent)
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("application/problem+json")
    problem = response.json()
    assert said in f"{problem.get('where')} {problem.get('detail')} {problem.get('mend')}"


def test_a_reading_by_the_api_judges_nothing(local):
    said = local.api("POST", "/api/readings", {"question": QUESTION}).json()
    assert [one["code"] for one in said["services"]] == ["64405"]
    assert [one["code"] for one in said["diagnoses"]] == ["G43.919"]
    assert any(one["fact"] == "drug-trial" for one in said["facts"])
