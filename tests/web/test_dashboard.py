"""The dashboard: figures of a period, pictures with their tables, the public metrics, CSV."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from case_made import decided, submitted

from medwarrant.review import appeals
from medwarrant.review.cases import find_case


@pytest.fixture
def cases(desk, people):
    """A case that was approved, and one that is open."""
    return decided(desk, people), submitted(desk, people, urgency="expedited")


def figures(browser, query=""):
    response = browser.api("GET", f"/api/dashboard{query}")
    assert response.status_code == 200, response.text
    return response.json()


def test_figures_and_pictures_of_the_period(signed_in, cases):
    browser = signed_in("administrator")
    page, view = browser.open("/dashboard"), figures(browser)
    found = view["figures"]
    assert (found["received"], found["decided"], found["open"]) == (2, 1, 1)
    assert found["decisions"]["approved"] == 1
    assert [one["number"] for one in view["running"]] == [cases[1].number]
    assert page.count('<svg xmlns="http://www.w3.org/2000/svg" class="plot"') == 8
    assert cases[1].number in page
    assert "&lt;svg" not in page
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)


def test_what_is_taken_up_again_is_open(signed_in, desk, people, cases):
    nurse = people["nurse_reviewer"]
    with desk.work(nurse) as work:
        version = find_case(work.connection, cases[0].id).version
        why = "The chart of the emergency department shows another reason for the visit."
        appeals.reopen(work, cases[0].id, "new_evidence", why, expected=version)
    browser = signed_in("administrator")
    found = figures(browser)["figures"]
    assert (found["decided"], found["open"], found["open_again"]) == (1, 2, 1)
    page = browser.open("/dashboard")
    assert "1 of them reopened or appealed" in page
    assert "what was not met in a way that was not needed counts for nothing" in page


def test_a_period_without_cases_says_so(signed_in, cases):
    browser = signed_in("auditor")
    day = (cases[0].received_at - timedelta(days=400)).date().isoformat()
    query = f"?first={day}&last={day}"
    found = figures(browser, query)["figures"]
    assert (found["received"], found["decided"], found["open"]) == (0, 0, 1)
    assert found["clocks"]["standard"]["whole"] == 0
    assert "nothing to count" in browser.open(f"/dashboard{query}")


def test_a_line_of_business_narrows_the_figures(signed_in, cases):
    browser = signed_in("administrator")
    assert figures(browser, "?line_of_business=commercial")["figures"]["received"] == 0
    assert "; commercial only" in browser.open("/dashboard?line_of_business=commercial").lower()


@pytest.mark.parametrize(
    "query",
    [
        "?first=moon",
        "?first=2026-02-02&last=2026-02-01",
        "?first=1990-01-01&last=2026-01-01",
        "?line_of_business=moon",
    ],
)
def test_a_period_that_cannot_be_used_is_told_above_the_form(signed_in, query):
    browser = signed_in("administrator")
    response = browser.get(f"/dashboard{query}")
    assert response.status_code == 400
    assert "Not done." in response.text
    assert browser.api("GET", f"/api/dashboard{query}").status_code == 400


def test_the_public_metrics_of_each_line_and_of_all(signed_in, cases):
    browser = signed_in("physician_reviewer")
    view = browser.api("GET", "/api/dashboard/public").json()
    every = view["lines"][0]
    assert every["title"] == "All lines of business"
    assert every["metrics"]["standard_approved"] == {"part": 1, "whole": 1}
    assert [one["line_of_business"] for one in view["lines"]] == [None, ""]
    page = browser.open("/dashboard/public")
    assert "Standard requests approved" in page
    assert "1 of 1 standard requests decided" in page
    assert "cannot be said" in page, "nothing was expedited, which is not 0 percent"


def test_figures_are_taken_away_as_csv(signed_in, cases):
    browser = signed_in("administrator")
    for name in ("volumes", "overrides", "public"):
        response = browser.get(f"/dashboard/{name}.csv")
        assert response.headers["content-type"] == "text/csv; charset=utf-8"
        assert response.headers["content-disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(browser.get("/dashboard/volumes.csv").text)))
    assert sum(int(row["received"]) for row in rows) == 2
    public = list(csv.DictReader(io.StringIO(browser.get("/dashboard/public.csv").text)))
    assert {row["line_of_business"] for row in public} == {
        "All lines of business",
        "Line of business not known",
    }


@pytest.mark.parametrize("role", ["requester", "editor"])
def test_others_see_no_figures(signed_in, role):
    browser = signed_in(role)
    for path in ("/dashboard", "/dashboard/public", "/dashboard/public.csv", "/api/dashboard"):
        assert browser.get(path).status_code == 403
