"""The central journey by keyboard alone: nothing is clicked, and where one is can always be seen."""

from __future__ import annotations

import re

import pytest
from steps import QUESTION, REQUESTER, ask, judge, work_as

from conftest import open_page

FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  return {
    words: (one.innerText || one.value || one.getAttribute('aria-label') || '').trim(),
    tag: one.tagName, id: one.id, name: one.name || '',
    // within a date the browser itself shows which of its parts has the focus
    ring: one.type === 'date' ||
      (one.matches(':focus-visible') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2),
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""


def focused(page) -> dict:
    """What has the focus."""
    return page.evaluate(FOCUSED)


def tab_to(page, wanted, *, most: int = 250) -> dict:
    """Press Tab until what is wanted has the focus; each stop on the way is visible and has a ring."""
    for _ in range(most):
        page.keyboard.press("Tab")
        here = focused(page)
        if here["tag"] == "BODY":
            continue
        assert here["seen"], here
        assert here["ring"], here
        if wanted(here):
            return here
    raise AssertionError(f"not reached in {most} steps; now at {here}")


def words(text: str):
    """Whether an element says this and nothing else."""
    return lambda here: here["words"] == text


def at_heading(page) -> None:
    """htmx changed the page: the focus is at its heading, so that reading begins there."""
    page.locator("main h1:focus").wait_for()


def test_ask_answer_and_submit(quick):
    page = quick
    page.goto("/working-as")
    tab_to(page, lambda here: here["name"] == "person")
    for _ in range(12):
        label = page.evaluate("document.activeElement.closest('label').innerText")
        if REQUESTER in label:
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_text(f"You work as {REQUESTER} now.").wait_for()
    at_heading(page)
    tab_to(page, words("Ask"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask")
    at_heading(page)
    tab_to(page, lambda here: here["name"] == "question")
    page.keyboard.type(QUESTION)
    tab_to(page, words("Read it"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What was understood").wait_for()
    at_heading(page)
    tab_to(page, lambda here: here["name"] == "service")
    page.keyboard.press("Space")
    assert not page.locator("[name=service]").first.is_checked()
    page.keyboard.press("Space")
    tab_to(page, words("Judge this"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Review status").wait_for()
    at_heading(page)
    tab_to(page, words("Submit for review"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/submission")
    at_heading(page)
    tab_to(page, lambda here: here["name"] == "member_name")
    page.keyboard.type("Mara Voss")
    page.keyboard.press("Enter")
    page.get_by_text("Submitted as case").wait_for()


def test_the_skip_link_leads_past_the_header(page):
    page.goto("/ask")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the page"
    assert page.locator(":focus").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("name") == "question"


def test_references_open_and_close_with_escape_and_folds_with_space(quick):
    page = quick
    work_as(page, REQUESTER)
    ask(page, note="")
    judge(page)
    mark = page.locator("button.cite:visible").first
    mark.focus()
    page.keyboard.press("Enter")
    page.locator("[popover]:popover-open").wait_for()
    page.keyboard.press("Escape")
    page.locator("[popover]:popover-open").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.matches('button.cite')")
    fold = page.locator("main summary:visible").first
    fold.focus()
    page.keyboard.press("Space")
    page.locator("details[open] > :focus").wait_for()
    page.keyboard.press("Space")
    page.locator("details:not([open]) > :focus").wait_for()


@pytest.mark.parametrize("path", ["/", "/cases", "/ask"])
def test_nothing_holds_the_focus(quick, path):
    page = quick
    page.goto(path)
    page.keyboard.press("Tab")
    start, count = focused(page)["words"], page.evaluate("document.querySelectorAll('*').length")
    for _ in range(count):
        page.keyboard.press("Tab")
        if focused(page)["tag"] == "BODY" or focused(page)["words"] == start:
            return
    raise AssertionError("the focus never comes round")


def test_after_a_refusal_the_focus_is_at_what_is_said(quick):
    page = quick
    page.goto("/ask")
    page.get_by_role("button", name="Read it").press("Enter")
    page.get_by_role("alert").wait_for()
    page.locator(".errors:focus").wait_for()


def test_a_page_reached_by_htmx_looks_like_one_that_was_loaded(chromium, served):
    """htmx changes the body alone: the styles of every page must be there already."""
    for page in open_page(chromium, served.address):
        work_as(page, REQUESTER)
        ask(page, note="")
        judge(page)
        style = """() => ['.cite', '.pill', '.article h2', '.steps li'].map(at => {
            const one = [...document.querySelectorAll(at)].find(e => e.offsetParent);
            const s = getComputedStyle(one);
            return [at, s.backgroundColor, s.padding, s.fontSize, s.display];
        })"""
        swapped = page.evaluate(style)
        page.reload()
        assert re.search("/inquiries/", page.url)
        assert page.evaluate(style) == swapped
