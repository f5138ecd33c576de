"""Settings of the plan: forms, what they refuse, versions, and the clocks that follow."""

from __future__ import annotations

import pytest

RIGHTS = "You may appeal this decision in writing or by phone within the time that your plan document gives."
TEXT = {
    "rows.appeal": "1",
    "line_of_business.0": "commercial",
    "state.0": "ca",
    "text.0": RIGHTS,
    "source.0": "Member handbook 2026",
}


def value(browser, name):
    response = browser.api("GET", f"/api/settings/{name}")
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize(
    ("name", "fields", "kept"),
    [
        (
            "organisation",
            {"name": "Example Plan", "time_zone": "America/Chicago"},
            {"name": "Example Plan", "time_zone": "America/Chicago"},
        ),
        ("sign_off", {"statement": "I have read it all."}, {"statement": "I have read it all."}),
        (
            "information",
            {"standard_days": "5", "expedited_days": "1"},
            {"standard_days": 5, "expedited_days": 1, "least": []},
        ),
        (
            "information",
            {
                "standard_days": "14",
                "rows.least": "2",
                "line_of_business.0": "commercial",
                "standard_days.0": "10",
                "expedited_days.0": "2",
                "source.0": "Contract",
                "source.1": "",
            },
            {
                "standard_days": 14,
                "expedited_days": 0,
                "least": [
                    {
                        "line_of_business": "commercial",
                        "standard_days": 10,
                        "expedited_days": 2,
                        "source": "Contract",
                    }
                ],
            },
        ),
        (
            "validity",
            {"rows.least": "1", "days.0": "60", "source.0": "The plan's own rule"},
            [{"line_of_business": "", "days": 60, "source": "The plan's own rule"}],
        ),
        ("second_reviews", {"percent": "10"}, {"percent": 10}),
        (
            "appeal_rights",
            TEXT,
            [
                {
                    "line_of_business": "commercial",
                    "state": "CA",
                    "text": RIGHTS,
                    "source": "Member handbook 2026",
                }
            ],
        ),
        (
            "clocks",
            {"json": '{"commercial": {"source": "Manual, page 3", "standard": "5 days"}}'},
            {"commercial": {"source": "Manual, page 3", "standard": "5 days"}},
        ),
    ],
)
def test_a_setting_is_set_by_its_form(signed_in, name, fields, kept):
    browser = signed_in("administrator")
    at = f"/settings/{name}"
    page = browser.act(at, {"expected": "0", **fields}, page=at)
    assert "version 1 holds now." in page
    found = value(browser, name)
    assert (found["value"], found["version"], found["by"]) == (kept, 1, "Ada Reyes")


def test_a_letterhead_keeps_its_lists_and_drops_empty_rows(signed_in):
    browser = signed_in("administrator")
    fields = {
        "expected": "0",
        "plan": "Example Plan",
        "address": "1 Main Street\n\nSacramento, CA",
        "rows.note": "2",
        "note_lang.0": "es",
        "note_text.0": "Ayuda en español.",
        "note_text.1": "",
        "rows.notice": "2",
        "notice_text.0": "",
        "notice_text.1": "An approval promises no payment.\n\nAsk your plan.",
    }
    page = browser.act("/settings/letterhead", fields, page="/settings/letterhead")
    found = value(browser, "letterhead")["value"]
    assert found["address"] == ["1 Main Street", "Sacramento, CA"]
    assert found["language_notes"] == [{"text": "Ayuda en español.", "lang": "es"}]
    assert found["notices"] == ["An approval promises no payment.\n\nAsk your plan."]
    assert 'lang="es"' in page


@pytest.mark.parametrize(
    ("name", "fields", "field"),
    [
        ("organisation", {"name": "X", "time_zone": "Moon/Base"}, "time_zone"),
        ("information", {"standard_days": "soon"}, "standard_days"),
        ("second_reviews", {"percent": "101"}, "percent"),
        ("appeal_rights", {**TEXT, "text.0": "Too short."}, "row-0"),
        ("appeal_rights", {**TEXT, "source.0": ""}, "row-0"),
        ("clocks", {"json": "{"}, "json"),
        ("clocks", {"json": '{"commercial": {"standard": "5 days"}}'}, "json"),
        (
            "clocks",
            {"json": '{"medicare-advantage": {"source": "Manual", "standard": "30 days"}}'},
            "json",
        ),
    ],
)
def test_what_cannot_be_used_is_told_at_its_field(signed_in, name, fields, field):
    browser = signed_in("administrator")
    at = f"/settings/{name}"
    response = browser.post(at, {"expected": "0", **fields}, page=at)
    assert response.status_code == 400
    assert f'href="#f-{field}"' in response.text
    assert f'id="f-{field}"' in response.text
    assert value(browser, name)["version"] == 0
    if name == "appeal_rights":
        assert fields["text.0"] in response.text, "what was typed is still there"


def test_a_setting_that_somebody_changed_is_refused(signed_in):
    browser = signed_in("administrator")
    body = {"value": {"percent": 7}, "expected": 0}
    assert browser.api("POST", "/api/settings/second_reviews", body).json()["version"] == 1
    assert browser.api("POST", "/api/settings/second_reviews", body).status_code == 409
    at = "/settings/second_reviews"
    assert browser.post(at, {"percent": "8", "expected": "0"}, page=at).status_code == 409


def test_the_list_says_what_needs_each_setting(signed_in):
    page = signed_in("administrator").open("/settings")
    assert "Without an appeal-rights text an adverse letter is refused." in page
    assert page.count("</span>not set</span>") == 9


def test_the_rules_in_force_are_shown_with_their_sources(signed_in, medwarrant):
    browser = signed_in("administrator")
    body = {
        "value": {"commercial": {"source": "Provider manual, section 4", "standard": "3 days"}},
        "expected": 0,
    }
    rules = browser.api("POST", "/api/settings/clocks", body).json()["rules"]
    assert len(rules) == len(medwarrant.library.clocks) + 1
    by_line = {rule["line_of_business"]: rule for rule in rules}
    assert by_line["commercial"]["standard"] == "3 calendar days (set by the plan)"
    assert "Provider manual, section 4" in by_line["commercial"]["sources"]
    advantage = by_line["medicare-advantage"]
    assert (advantage["standard"], advantage["own"]) == ("7 calendar days", False)
    assert any("CMS-0057-F" in source for source in advantage["sources"])
    assert "never stands still" in advantage["pause"]
    assert by_line[""]["extension"] == "none"
    assert "Provider manual, section 4" in browser.open("/settings/clocks")


def test_an_auditor_reads_and_changes_nothing(signed_in):
    browser = signed_in("auditor")
    page = browser.open("/settings/organisation")
    assert "Only an administrator may change it." in page
    assert "<textarea" not in page
    assert browser.post("/settings/organisation", {"expected": "0"}).status_code == 403


def test_others_see_no_settings_and_unknown_ones_are_not_found(signed_in):
    assert signed_in("physician_reviewer").get("/settings").status_code == 403
    browser = signed_in("administrator")
    assert browser.get("/settings/moon").status_code == 404
    assert browser.api("GET", "/api/settings/moon").status_code == 404
