"""What people do in the journeys: steps that several tests take, with and without JavaScript."""

from __future__ import annotations

import re

QUESTION = "Is 64405 medically necessary for intractable migraine?"
NOTE = "HPI: intractable migraine. Failed sumatriptan for acute attacks. Warfarin daily."
#: Nothing supports it: a physician decides. The line of business has a text on appeal rights.
UNSUPPORTED = {
    "services": ["64405"],
    "diagnoses": ["M79.7"],
    "as_of": "2026-11-23",
    "coverage": {"line_of_business": "commercial"},
}
REQUESTER, NURSE, PHYSICIAN = "Rita Demo", "Nadia Sample", "Ingrid Example"
AUDITOR, EDITOR, ADMINISTRATOR = "Arthur Mock", "Edith Fiction", "Ada Pretend"


def work_as(page, name: str) -> None:
    """Take the part of a person of the demonstration data."""
    page.goto("/working-as")
    page.get_by_role("radio", name=name).check()
    page.get_by_role("button", name="Work as this person").click()
    page.get_by_text(f"You work as {name} now.").wait_for()


def ask(page, question: str = QUESTION, note: str = NOTE) -> str:
    """Type a question, drop a note, have it read; the address of the draft."""
    page.goto("/ask")
    page.get_by_label("Your question").fill(question)
    if note:
        page.get_by_label("Notes or a FHIR bundle").set_input_files(
            {"name": "visit.txt", "mimeType": "text/plain", "buffer": note.encode()}
        )
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("heading", name="What was understood").wait_for()
    return page.url


def judge(page) -> str:
    """Have what was read judged; the address of the inquiry."""
    page.get_by_role("button", name="Judge this").click()
    page.wait_for_url("**/inquiries/*")
    page.get_by_role("heading", name="Review status").wait_for()
    return page.url


def submit(page, member: str = "Mara Voss") -> str:
    """Submit the inquiry that is shown; the address of the case."""
    page.get_by_role("link", name="Submit for review").click()
    page.get_by_label("Member", exact=True).fill(member)
    page.get_by_label("Practice that asks").fill("Northside Neurology")
    page.get_by_role("button", name="Submit for review").click()
    page.get_by_role("heading", name=re.compile(r"^Case 20\d\d-")).wait_for()
    return page.url.partition("#")[0]


def choose(form, name: str, value: str) -> None:
    """Choose a value, whether the control is a list or buttons."""
    listed = form.locator(f"select[name='{name}']")
    if listed.count():
        listed.first.select_option(value)
    else:
        form.locator(f"[name='{name}'][value='{value}']").first.check()


def open_sections(page) -> None:
    """Open each section of the worksheet, one at a time."""
    opening = page.get_by_role("button", name=re.compile("^Open: "))
    names = [button.inner_text() for button in opening.all()]
    for name in names:
        page.get_by_role("button", name=name, exact=True).click()
        page.get_by_role("button", name=name, exact=True).wait_for(state="detached")


def unfold(page, words: str) -> None:
    """Open a part that is folded."""
    summary = page.locator("summary", has_text=words).first
    if summary.locator("xpath=..").get_attribute("open") is None:
        summary.click()


def case_in_state(page, state: str, place: int = 0) -> str:
    """The path of a case of the demonstration data that stands in a state."""
    page.goto(f"/cases?state={state}")
    return page.locator("tbody th a").nth(place).get_attribute("href")
