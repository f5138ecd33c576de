"""From a question to a signed decision and its letter, as people do it, with and without JavaScript."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from steps import (
    AUDITOR,
    NURSE,
    PHYSICIAN,
    QUESTION,
    REQUESTER,
    ask,
    choose,
    judge,
    open_sections,
    submit,
    unfold,
    work_as,
)


def test_ask_correct_answer_follow_up_share_and_submit(page):
    work_as(page, REQUESTER)
    ask(page, "Is 64405 or 20553 medically necessary for intractable migraine?")
    assert page.get_by_role("checkbox", name=re.compile("sumatriptan")).is_checked()
    page.get_by_role("checkbox", name=re.compile("20553")).uncheck()
    inquiry = judge(page)
    line = page.locator("section", has=page.get_by_role("heading", name="Bottom line")).first
    assert "64405" in line.inner_text()
    assert "20553" not in line.inner_text()
    assert page.get_by_text("Exercise caution").is_visible()
    # a missing fact is answered, and the page says what changed
    form = page.locator("form.questions")
    choose(form, "intent", "acute")
    choose(form, "setting", "emergency")
    form.get_by_role("button", name=re.compile("again", re.I)).click()
    page.get_by_text("Judged again.").wait_for()
    assert page.get_by_role("heading", name=re.compile("What changed")).is_visible()
    # ask on
    page.get_by_label("Your follow-up").fill("Why?")
    page.get_by_role("button", name="Ask on").click()
    page.locator("#thread-end").wait_for()
    assert "Why?" in page.locator("#thread-end").inner_text()
    # for a patient, in other words, and remembered
    page.get_by_role("button", name="I am a patient or a family member").click()
    page.get_by_role("heading", name="What we understood").wait_for()
    page.get_by_role("button", name="Share inside the organisation").click()
    page.get_by_text("Whoever has this link").wait_for()
    case = submit(page)
    # a colleague follows the link; the requester finds the case
    page.goto("/inquiries")
    assert page.get_by_role("link", name=re.compile("64405 or 20553")).first.is_visible()
    work_as(page, NURSE)
    page.goto(inquiry)
    assert page.get_by_text("Mara Voss").count() == 0
    page.goto("/cases?state=received")
    assert page.locator(f"a[href='{case[case.index('/cases') :]}']").is_visible()


def test_review_refer_refuse_a_stale_signature_sign_and_write(page):
    work_as(page, REQUESTER)
    ask(page, "Is 64405 medically necessary for fibromyalgia? Commercial plan.")
    judge(page)
    case = submit(page)
    # the nurse takes it, opens each section, looks at the quotes, accepts, comments, refers
    work_as(page, NURSE)
    page.goto("/cases")
    page.locator(f"a[href='{case[case.index('/cases') :]}']").click()
    page.get_by_role("button", name="Take as nurse reviewer").click()
    page.wait_for_url("**/worksheet")
    open_sections(page)
    assert page.locator(".document-text mark", has_text="sumatriptan").is_visible()
    page.locator(".awaits").first.wait_for()
    for box in page.locator(".awaits").get_by_role("radio", name="Accept", exact=True).all():
        box.check()
    page.get_by_role("button", name="Keep what I said of the facts").click()
    page.get_by_text("The facts were reviewed").wait_for()
    assert page.locator(".awaits").count() == 0
    open_sections(page)
    page.locator(".item > details.act > summary").first.click()
    page.locator(".item > details.act textarea").first.fill("No trial was found.")
    page.locator(".item > details.act button").first.click()
    page.locator(".comment", has_text="No trial was found.").wait_for()
    unfold(page, "Refer to a physician")
    page.get_by_label("Note for the physician").fill("Please look at the evidence.")
    page.get_by_role("button", name="Refer", exact=True).click()
    page.get_by_role("link", name="Worksheet").wait_for()
    # the physician takes it and is about to sign when a colleague changes the case
    work_as(page, PHYSICIAN)
    page.goto(case)
    page.get_by_role("button", name="Take as physician reviewer").click()
    page.wait_for_url("**/worksheet*")
    open_sections(page)
    other = page.context.new_page()
    other.goto(f"{case}/worksheet")
    unfold(other, "Peer-to-peer talk")
    other.get_by_label("To whom it was offered, and how").fill("Called Northside at 10:15")
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="minutes")[:16]
    other.get_by_label("Until when an answer is awaited").fill(until)
    other.get_by_role("button", name="Keep the offer").click()
    other.get_by_label("What came of it").select_option("declined")
    other.get_by_role("button", name="Keep it", exact=True).click()
    other.get_by_label("What came of it").wait_for(state="detached")
    other.close()
    sign(page)
    page.get_by_text(re.compile("changed", re.I)).first.wait_for()
    assert page.get_by_role("heading", name="Not approved").count() == 0
    # looked at again, it can be signed
    page.goto(f"{case}/worksheet")
    assert page.get_by_text("Called Northside at 10:15").is_visible()
    sign(page)
    page.get_by_role("heading", name="Not approved").wait_for()
    assert page.get_by_text(re.compile(f"Signed by {PHYSICIAN}")).is_visible()
    page.get_by_role("button", name="Letter of the decision").click()
    page.locator(".letters a").first.wait_for()
    pdf = page.locator(".letters a[href$='/pdf']").first
    with page.expect_download() as loading:
        pdf.click()
    assert loading.value.path().read_bytes()[:5] == b"%PDF-"
    page.locator(".letters a").first.click()
    page.locator(".letter-shown").get_by_text("Mara Voss").first.wait_for()
    assert page.locator(".letter-shown").get_by_text(re.compile("appeal", re.I)).first.is_visible()
    # the auditor sees who did what, and that nothing was altered
    work_as(page, AUDITOR)
    page.goto("/audit")
    assert page.locator("tbody").get_by_text(PHYSICIAN).first.is_visible()
    page.goto("/audit/verification")
    page.get_by_role("button", name=re.compile("verify", re.I)).first.click()
    page.get_by_text(re.compile("intact", re.I)).first.wait_for()


def sign(page) -> None:
    """Fill in an adverse decision and sign it."""
    unfold(page, "Sign a decision that gives less")
    form = page.locator("form[action$='/sign']")
    form.get_by_role("radio", name="Not approved").check()
    form.get_by_label("Specific reason").fill(
        "No guideline or study was found that supports this block for fibromyalgia."
    )
    form.get_by_label("The same in plain words").fill(
        "We found no proof that this shot helps with your pain."
    )
    form.get_by_role("checkbox").first.check()
    form.get_by_role("button", name="Sign", exact=True).click()


def through_sections(page) -> None:
    """Open one section after the other with the one button that leads on; each is where the reader is then."""
    button = page.get_by_role("button", name=re.compile("^Open the next section"))
    button.first.wait_for()
    while button.count():
        named = button.first.inner_text().partition(": ")[2]
        left = page.get_by_role("button", name=f"Open: {named}", exact=True)
        button.first.click()
        left.wait_for(state="detached")
        heading = page.get_by_role("heading", name=re.compile(f"^{re.escape(named)}"))
        box = heading.bounding_box()
        assert box["y"] < 900, f"{named} is not in sight"


def test_facts_are_corrected_and_added_by_controls_and_nothing_typed_is_lost(page):
    work_as(page, REQUESTER)
    ask(page, QUESTION)
    judge(page)
    case = submit(page)
    work_as(page, NURSE)
    page.goto(case)
    page.get_by_role("button", name="Take as nurse reviewer").click()
    page.wait_for_url("**/worksheet")
    through_sections(page)
    facts = page.locator("form.fact-review")
    trial = facts.locator(".fact-list > li", has_text="sumatriptan")
    trial.get_by_role("radio", name="Correct", exact=True).check()
    assert trial.get_by_label("Drug", exact=True).input_value() == "sumatriptan"
    trial.get_by_role("radio", name="not tolerated").check()
    trial.get_by_label("The number").fill("6")
    for fact, title in (("headache-days", "Headache days a month"), ("imaging", "Imaging")):
        facts.get_by_label("Add a fact").select_option(fact)
        facts.get_by_role("button", name="Show its form").click()
        facts.get_by_role("group", name=f"To be added: {title}").wait_for()
    days, imaging = (facts.locator(".adding").nth(place) for place in (0, 1))
    days.get_by_label("How exactly it is known").select_option("between")
    days.get_by_label("The number").fill("15")
    days.get_by_label("The upper number").fill("20")
    imaging.get_by_role("radio", name="MRI").check()
    imaging.get_by_label("How exactly it is known").select_option("month")
    imaging.get_by_label("The day", exact=True).fill("2026-03-14")
    facts.get_by_role("button", name="Keep what I said of the facts").click()
    # six of what? it is told at the field, and nothing that was typed is lost
    page.get_by_role("alert").wait_for()
    assert "unit" in page.get_by_role("alert").inner_text()
    assert trial.get_by_label("The number").input_value() == "6"
    assert trial.get_by_role("radio", name="not tolerated").is_checked()
    assert days.get_by_label("The upper number").input_value() == "20"
    assert imaging.get_by_label("The day", exact=True).input_value() == "2026-03-14"
    trial.get_by_label("Unit").select_option("weeks")
    facts.get_by_role("button", name="Keep what I said of the facts").click()
    page.get_by_text("The facts were reviewed").wait_for()
    through_sections(page)
    said = page.locator(".fact-list").inner_text()
    for words in ("6 weeks", "not tolerated", "15", "20", "March 2026", "MRI"):
        assert words in said, words
    assert page.get_by_text(re.compile("record 2 ")).first.is_visible()


def test_going_back_after_judging_leads_to_what_was_understood(page):
    work_as(page, REQUESTER)
    draft = ask(page, QUESTION, note="")
    inquiry = judge(page)
    page.go_back()
    page.get_by_role("heading", name="What was understood").wait_for()
    assert page.url == draft
    assert page.get_by_label("Your question").input_value() == QUESTION
    assert judge(page) != inquiry
