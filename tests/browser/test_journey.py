"""From a question to a signed decision and its letter, as people do it, with and without JavaScript."""

from __future__ import annotations

import re

QUESTION = "Is 64405 medically necessary for intractable migraine?"
NOTE = "HPI: intractable migraine. Failed sumatriptan for acute attacks. Warfarin daily."


def ask(page, question=QUESTION, note=NOTE) -> str:
    """Ask with a note dropped, correct nothing, judge; the address of the inquiry."""
    page.goto("/ask")
    page.get_by_label("Your question").fill(question)
    if note:
        page.get_by_label("Notes or a FHIR bundle").set_input_files(
            {"name": "visit.txt", "mimeType": "text/plain", "buffer": note.encode()}
        )
    page.get_by_role("button", name="Read it").click()
    page.wait_for_url("**/ask/*")
    assert page.get_by_role("heading", name="What was understood").is_visible()
    return page.url


def judge(page) -> str:
    page.get_by_role("button", name="Judge this").click()
    page.wait_for_url("**/inquiries/*")
    return page.url


def submit(page) -> None:
    page.get_by_role("link", name="Submit for review").click()
    page.wait_for_url("**/submission")
    page.get_by_label("Member", exact=True).fill("Mara Voss")
    page.get_by_label("Practice that asks").fill("Northside Neurology")
    page.get_by_role("button", name="Submit for review").click()
    page.wait_for_url("**/cases/*")


def open_sections(page) -> None:
    """Open each section of the worksheet, one at a time."""
    opening = page.get_by_role("button", name=re.compile("^Open: "))
    for _ in range(10):
        left = opening.count()
        if not left:
            return
        opening.first.click()
        page.wait_for_function(
            "n => [...document.querySelectorAll('button')].filter("
            "b => b.textContent.startsWith('Open: ')).length < n",
            arg=left,
        )


def test_ask_correct_answer_follow_up_and_share(page):
    ask(page, "Is 64405 or 20553 medically necessary for intractable migraine?")
    assert page.get_by_text("read from text by the machine").first.is_visible()
    page.get_by_role("checkbox", name=re.compile("20553")).uncheck()
    judge(page)
    assert "20553" not in page.locator("#bottom-line ~ *").first.inner_text()
    assert page.get_by_text("Exercise caution").is_visible()
    assert page.get_by_role("heading", name="Which best describes you?").is_visible()
    # a missing fact is answered, and the page says what changed
    form = page.locator("form.questions")
    form.locator("[name='intent'][value='acute'], select[name='intent']").first.wait_for()
    choose(form, "intent", "acute")
    choose(form, "setting", "emergency")
    form.get_by_role("button", name=re.compile("Judge again")).click()
    page.get_by_role("heading", name=re.compile("What changed")).wait_for()
    # ask on
    page.get_by_label("Your follow-up").fill("Why?")
    page.get_by_role("button", name="Ask on").click()
    page.locator("#thread-end").wait_for()
    assert "Why?" in page.locator("#thread-end").inner_text()
    # for a patient, in other words
    page.get_by_role("button", name="I am a patient or a family member").click()
    page.get_by_role("heading", name="What we understood").wait_for()
    page.get_by_role("button", name="Share inside the organisation").click()
    page.get_by_text("Whoever has this link").wait_for()


def choose(form, name: str, value: str) -> None:
    """Choose a value, whether the control is a list or buttons."""
    listed = form.locator(f"select[name='{name}']")
    if listed.count():
        listed.first.select_option(value)
    else:
        form.locator(f"[name='{name}'][value='{value}']").first.check()


def test_review_facts_and_sign(page, chromium, served, javascript):
    ask(page)
    judge(page)
    submit(page)
    case = page.url
    page.get_by_role("button", name="Take as physician reviewer").click()
    page.wait_for_url("**/worksheet")
    open_sections(page)
    assert "sumatriptan" in page.locator(".document-text mark").first.inner_text()
    for box in page.get_by_role("radio", name="Accept", exact=True).all():
        box.check()
    page.get_by_role("button", name="Keep what I said of the facts").click()
    page.get_by_text("The facts were reviewed").wait_for()
    open_sections(page)
    # another page changes the case, and the signature that was begun here is refused
    other = page.context.new_page()
    other.goto(f"{case}/worksheet")
    other.locator("summary", has_text="Peer-to-peer talk").click()
    other.get_by_label("To whom it was offered, and how").fill(
        "Called Northside Neurology at 10:15, left the number"
    )
    other.get_by_role("button", name="Keep the offer").click()
    other.get_by_text("The offer was kept").wait_for()
    approve(page)
    page.get_by_role("heading", name=re.compile("changed this since")).wait_for()
    # looked at again, it can be signed
    page.goto(f"{case}/worksheet")
    approve(page)
    page.wait_for_url(case)
    page.get_by_text("Approved and signed").wait_for()
    assert page.get_by_role("heading", name="Approved as requested").is_visible()
    other.close()


def approve(page) -> None:
    page.locator("summary", has_text="Approve as requested").click()
    form = page.locator("form[action$='/approve']")
    form.get_by_label("Your name").fill("Pat Idris")
    form.get_by_label("Your credentials").fill("MD, licence CA 12345")
    form.get_by_label(re.compile("Reason")).fill(
        "The office visit of last week shows an acute attack and what was tried before."
    )
    form.get_by_role("button", name="Sign the approval").click()


def test_the_audit_log_tells_of_it_and_verifies(page):
    ask(page, note="")
    judge(page)
    page.goto("/audit")
    assert page.get_by_text("asked").first.is_visible()
    page.get_by_role("button", name=re.compile("[Vv]erify")).first.click()
    page.get_by_text(re.compile("intact|verifies", re.I)).first.wait_for()
