"""What axe finds, on every page and in the states that matter, light and dark."""

from __future__ import annotations

import subprocess
import sys

import pytest
from accessibility import violations
from steps import (
    ADMINISTRATOR,
    AUDITOR,
    EDITOR,
    NURSE,
    PHYSICIAN,
    REQUESTER,
    ask,
    case_in_state,
    judge,
    open_sections,
    submit,
    work_as,
)

from conftest import open_page
from medwarrant.web.permissions import PERMISSIONS
from medwarrant.web.routes import PAGES
from serving import Served

#: Pages that need no more than an address, by who opens them.
PLAIN = {
    REQUESTER: ("home", "ask", "inquiries", "cases", "about", "content", "working_as"),
    AUDITOR: (
        "audit",
        "audit.verification",
        "audit.records",
        "dashboard",
        "dashboard.public",
        "second_reviews",
    ),
    ADMINISTRATOR: ("settings", "people"),
}
PATHS = {
    "home": "/",
    "working_as": "/working-as",
    "audit.verification": "/audit/verification",
    "audit.records": "/audit/replay",
    "dashboard.public": "/dashboard/public",
    "second_reviews": "/second-reviews",
}
#: Routes that are read and are no page, or that the local mode does not have, with the test that opens them.
ELSEWHERE = {
    "static": "files of style and script",
    "health": "a word for a load balancer",
    "ready": "a word for a load balancer",
    "metrics": "text for Prometheus",
    "sign_in": "no login in the local mode: test_sign_in_pages",
    "sign_in.oidc": "leads to the provider",
    "sign_in.oidc_back": "leads back from the provider",
    "signed_out": "no login in the local mode: test_sign_in_pages",
    "sign_out.oidc": "leads to the provider",
    "account": "no login in the local mode: test_sign_in_pages",
    "inquiries.pdf": "a PDF",
    "inquiries.document": "a file as it was sent",
    "cases.letter.pdf": "a PDF",
    "audit.csv": "a table to be saved",
    "dashboard.volumes.csv": "a table to be saved",
    "dashboard.overrides.csv": "a table to be saved",
    "dashboard.public.csv": "a table to be saved",
}
#: Pages whose address is found by going there, by the test that goes.
FOUND = {
    "ask.draft": "test_asking",
    "inquiries.one": "test_asking",
    "inquiries.text": "test_asking",
    "cases.submit": "test_asking",
    "cases.one": "test_cases_in_their_states",
    "cases.worksheet": "test_cases_in_their_states",
    "cases.determination": "test_cases_in_their_states",
    "cases.letter": "test_cases_in_their_states",
    "content.policy": "test_content_and_settings",
    "content.examples": "test_content_and_settings",
    "content.versions": "test_content_and_settings",
    "settings.one": "test_content_and_settings",
    "people.person": "test_content_and_settings",
    "second_reviews.sample": "test_second_reviews",
    "second_reviews.one": "test_second_reviews",
}


@pytest.fixture(params=["light", "dark"])
def page(request, chromium, served):
    """A page in light or dark colours."""
    yield from open_page(chromium, served.address, color_scheme=request.param)


def clean(page, path: str = "") -> None:
    """Go there, if anywhere; axe finds nothing, whatever is folded having been opened."""
    if path:
        page.goto(path)
    page.locator("h1").first.wait_for()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    # In the dark it is the same page: only its colours are looked at again.
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert violations(page, colours_only=dark) == [], page.url


def pages() -> set[str]:
    """The routes by which a page is got."""
    found = {"static"}
    for area in PAGES:
        found |= {route.name for route in area if "GET" in route.http_methods}
    return found


def test_every_page_is_looked_at():
    looked = {name for names in PLAIN.values() for name in names} | set(FOUND) | set(ELSEWHERE)
    assert pages() == looked
    assert looked <= set(PERMISSIONS)
    tests = {name for name in globals() if name.startswith("test_")}
    assert set(FOUND.values()) <= tests


@pytest.mark.parametrize("person", PLAIN)
def test_pages_with_an_address(page, person):
    work_as(page, person)
    for name in PLAIN[person]:
        clean(page, PATHS.get(name, f"/{name}"))


def test_asking(page):
    work_as(page, REQUESTER)
    page.goto("/ask")
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("alert").wait_for()
    clean(page)  # refused: nothing was typed
    ask(page)
    clean(page)
    inquiry = judge(page)
    clean(page)
    page.locator("button.cite:visible").first.click()
    page.locator("[popover]:popover-open").wait_for()
    clean(page)  # a reference is open
    clean(page, f"{inquiry}/text")
    page.goto(inquiry)
    page.get_by_label("Your follow-up").fill("Why?")
    page.get_by_role("button", name="Ask on").click()
    page.locator("#thread-end").wait_for()
    page.get_by_role("button", name="I am a patient or a family member").click()
    page.get_by_role("heading", name="What we understood").wait_for()
    clean(page)
    clean(page, f"{inquiry}/submission")
    page.goto(inquiry)
    submit(page)
    clean(page)  # a case, as its requester sees it
    clean(page, "/inquiries/none")  # there is no such inquiry


@pytest.mark.parametrize(
    ("person", "states"),
    [
        (NURSE, ("received", "nurse_review", "awaiting_information", "withdrawn")),
        (PHYSICIAN, ("physician_review", "appealed", "reopened")),
        (AUDITOR, ("decided",)),
    ],
)
def test_cases_in_their_states(page, person, states):
    work_as(page, person)
    clean(page, "/cases?state=withdrawn&urgency=expedited")  # none, filtered
    for state in states:
        case = case_in_state(page, state)
        clean(page, case)
        clean(page, f"{case}/worksheet")
    clean(page, f"{case}/determination")
    if person == AUDITOR:
        for place in range(18):
            page.goto(case_in_state(page, "decided", place))
            if (letter := page.locator(".letters a").first).count():
                break
        clean(page, letter.get_attribute("href"))


@pytest.mark.parametrize(
    ("person", "state"), [(NURSE, "nurse_review"), (PHYSICIAN, "physician_review")]
)
def test_a_worksheet_with_everything_open_and_something_refused(page, person, state):
    work_as(page, person)
    page.goto(f"/cases?state={state}")
    mine = page.locator("tr", has_text=person).locator("th a").first.get_attribute("href")
    page.goto(f"{mine}/worksheet")
    open_sections(page)
    clean(page)
    for place, fact in enumerate(("procedure", "pain-duration")):
        page.get_by_label("Add a fact").select_option(fact)
        page.get_by_role("button", name="Show its form").click()
        page.get_by_text("To be added:").nth(place).wait_for()
    for box in page.get_by_role("radio", name="Correct", exact=True).all():
        box.check()
    clean(page)  # the controls of every kind of fact
    page.get_by_role("button", name="Keep what I said of the facts").click()
    page.get_by_role("alert").wait_for()
    clean(page)


def first(page, pattern: str) -> str:
    """The first address on the page that has a part."""
    return page.locator(f"main a[href*='{pattern}']").first.get_attribute("href")


def test_content_and_settings(page):
    work_as(page, EDITOR)
    page.goto("/content")
    policy = first(page, "/content/")
    clean(page, policy)
    for part in ("examples", "versions"):
        clean(page, first(page, f"/{part}"))
        page.goto(policy)
    work_as(page, ADMINISTRATOR)
    page.goto("/settings")
    for place in page.locator("main a[href*='/settings/']").all():
        place = place.get_attribute("href")
        other = page.context.new_page()
        clean(other, place)
        other.close()
    page.goto("/people")
    clean(page, first(page, "/people/"))


def test_second_reviews(page):
    work_as(page, AUDITOR)
    page.goto("/second-reviews")
    clean(page, first(page, "/second-reviews/"))
    work_as(page, NURSE)
    page.goto("/second-reviews")
    page.goto(first(page, "/second-reviews/"))
    clean(page)


def test_the_audit_log_verified(page):
    work_as(page, AUDITOR)
    page.goto("/audit/verification")
    page.get_by_role("button").first.click()
    page.get_by_text("intact").first.wait_for()
    clean(page)


@pytest.fixture(scope="module")
def with_accounts(tmp_path_factory):
    """A server to which people sign in, with one administrator."""
    data = tmp_path_factory.mktemp("accounts") / "data"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "medwarrant",
            "person",
            "add",
            "--data",
            str(data),
            "--login",
            "ada",
            "--name",
            "Ada Pretend",
            "--role",
            "administrator",
            "--password-file",
            "-",
        ],
        input=b"a long phrase for tests",
        check=True,
        capture_output=True,
    )
    server = Served(data, "--accounts").start()
    yield server
    assert server.stop() == 0


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_sign_in_pages(chromium, with_accounts, colours):
    for page in open_page(chromium, with_accounts.address, color_scheme=colours):
        clean(page, "/sign-in")
        for password in ("wrong", "a long phrase for tests"):
            page.get_by_label("Login").fill("ada")
            page.get_by_label("Password").fill(password)
            page.get_by_role("button", name="Sign in").click()
            if password == "wrong":
                page.get_by_role("alert").wait_for()
                clean(page)
        page.get_by_role("button", name="Sign out").wait_for()
        for path in ("/", "/inquiries", "/cases", "/second-reviews", "/dashboard", "/account"):
            clean(page, path)  # an empty desk
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/signed-out*")
        clean(page)
