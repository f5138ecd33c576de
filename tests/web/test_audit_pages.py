"""The audit log on its pages: read and filtered, verified, records judged again, taken away."""

from __future__ import annotations

import csv
import io
import re

import pytest
from case_made import submitted
from sqlalchemy import text

from medwarrant.review.records import records_of


def log(browser, query=""):
    response = browser.api("GET", f"/api/audit{query}")
    assert response.status_code == 200, response.text
    return response.json()


@pytest.fixture
def case(desk, people):
    """A case whose submission stands in the log."""
    return submitted(desk, people)


def test_the_log_is_shown_newest_first_with_names_and_links(signed_in, case):
    browser = signed_in("auditor")
    page = browser.open("/audit")
    numbers = [one["seq"] for one in log(browser)["entries"]]
    assert numbers == sorted(numbers, reverse=True)
    assert "Rosa Quist" in page
    assert f'href="/cases/{case.id}"' in page


def test_looking_at_the_log_is_logged(signed_in, case):
    browser = signed_in("auditor")
    browser.open("/audit?act=submitted")
    newest = log(browser)["entries"][0]
    assert (newest["act"], newest["who"]) == ("log_seen", "Aurel Popa")
    assert newest["detail"] == {"wanted": {"act": "submitted"}}


def test_entries_are_filtered(signed_in, case, people):
    browser = signed_in("auditor")
    assert {one["act"] for one in log(browser, "?act=submitted")["entries"]} == {"submitted"}
    by = log(browser, f"?person={people['requester'].id}")["entries"]
    assert {one["who"] for one in by} == {"Rosa Quist"}
    for subject in (f"case:{case.id}", case.number):
        found = log(browser, f"?subject={subject}")["entries"]
        assert {one["subject"] for one in found} == {f"case:{case.id}"}
    day = case.received_at.date().isoformat()
    assert log(browser, f"?first={day}&last={day}&act=submitted")["entries"]
    assert log(browser, "?last=2020-01-01")["entries"] == []
    assert "No entry fits." in browser.open("/audit?first=2020-01-01&last=2020-01-02")


@pytest.mark.parametrize("query", ["?first=moon", "?first=2026-02-02&last=2026-02-01", "?before=x"])
def test_a_filter_that_cannot_be_used_is_refused(signed_in, query):
    browser = signed_in("auditor")
    assert browser.get(f"/audit{query}").status_code == 400
    assert browser.api("GET", f"/api/audit{query}").status_code == 400


def test_long_logs_have_pages_by_number(signed_in, desk, people):
    with desk.work(people["auditor"]) as work:
        for number in range(60):
            work.log("tried", f"trial:{number}")
    browser = signed_in("auditor")
    first = log(browser, "?act=tried")
    assert len(first["entries"]) == 50
    older = log(browser, f"?act=tried&before={first['older']}")
    assert len(older["entries"]) == 10
    assert older["older"] is None
    page = browser.open("/audit?act=tried")
    assert f"/audit?act=tried&amp;before={first['older']}" in page
    assert "The newest" in browser.open(f"/audit?act=tried&before={first['older']}")


def test_an_export_holds_what_fits_and_is_logged(signed_in, case):
    browser = signed_in("auditor")
    response = browser.get("/audit/log.csv?act=submitted")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert [row["subject"] for row in rows] == [f"case:{case.id}"]
    assert log(browser)["entries"][0]["act"] == "log_exported"


def test_a_log_that_is_intact_verifies_with_its_earlier_head(signed_in, case):
    browser = signed_in("auditor")
    head = browser.api("GET", "/api/audit/verification").json()["head"]
    page = browser.post("/audit/verification", {"expect": head}, page="/audit/verification")
    assert page.status_code == 200
    assert "Intact." in page.text
    found = browser.api("POST", "/api/audit/verification", {"expect": head}).json()
    assert found["intact"] is True
    assert found["rows"]["record"] >= 1
    assert log(browser)["entries"][0]["act"] == "log_verified"


def test_an_alteration_is_told(signed_in, case, desk):
    with desk.database.begin() as connection:
        connection.execute(text("DROP TRIGGER IF EXISTS record_no_update"))
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type='trigger'"))
        for name in names.scalars().all():
            if "record" in name:
                connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("UPDATE record SET outcome = 'no_policy'"))
    browser = signed_in("auditor")
    found = browser.api("POST", "/api/audit/verification", {}).json()
    assert found["intact"] is False
    assert any(one["where"].startswith("record") for one in found["alterations"])
    page = browser.post("/audit/verification", {}, page="/audit/verification").text
    assert "found." in page
    assert "What is not as it was written." in page


def test_a_head_that_is_none_is_told_at_its_field(signed_in):
    response = signed_in("auditor").post(
        "/audit/verification", {"expect": "moon"}, page="/audit/verification"
    )
    assert response.status_code == 400
    assert 'id="e-expect"' in response.text
    assert "moon" in response.text


def test_records_are_judged_again(signed_in, case, desk, people):
    browser = signed_in("auditor")
    with desk.work(people["auditor"]) as work:
        kept = records_of(work.connection, case.inquiry_id)[-1]
    page = browser.post("/audit/replay", {"record": kept.id}, page="/audit/replay")
    assert "The same, byte for byte." in page.text
    found = browser.api("POST", "/api/audit/replay", {"sample": 5}).json()
    assert found["other"] == []
    assert found["same"] >= 1
    assert re.search(
        r"of \d+ records came out the same",
        browser.post("/audit/replay", {"sample": "5"}, page="/audit/replay").text,
    )
    assert browser.api("POST", "/api/audit/replay", {"record": "moon"}).status_code == 404
    assert log(browser)["entries"][0]["act"] == "replayed"


@pytest.mark.parametrize("role", ["requester", "nurse_reviewer", "editor"])
def test_others_do_not_see_the_log(signed_in, role):
    browser = signed_in(role)
    for path in ("/audit", "/audit/verification", "/audit/log.csv", "/api/audit"):
        assert browser.get(path).status_code == 403
    assert browser.post("/audit/verification").status_code == 403
