"""Phones, tablets, desks and paper: no page scrolls sideways, no word is cut."""

from __future__ import annotations

import re

import pytest
from steps import (
    AUDITOR,
    NURSE,
    REQUESTER,
    ask,
    case_in_state,
    judge,
    open_sections,
    work_as,
)

from conftest import open_page

WIDTHS = (390, 820, 1400)
#: What reaches over the right edge, unless it stands in something that scrolls by itself; and words that are cut.
WRONG = """() => {
  const wide = document.documentElement.clientWidth, found = [];
  const hidden = one => getComputedStyle(one).clipPath !== 'none' || one.closest('.unseen, .skip, thead');
  const scrolls = one => {
    for (let up = one.parentElement; up; up = up.parentElement)
      if (['auto', 'scroll'].includes(getComputedStyle(up).overflowX)) return true;
    return false;
  };
  if (document.documentElement.scrollWidth > wide) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const one of document.body.querySelectorAll('*')) {
    if (!one.checkVisibility() || hidden(one)) continue;
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    if (box.right > wide + 1 && !scrolls(one)) found.push(`over the edge: ${one.outerHTML.slice(0, 90)}`);
    if (style.overflowX === 'hidden' && one.scrollWidth > one.clientWidth + 1 && one.innerText)
      found.push(`cut: ${one.outerHTML.slice(0, 90)}`);
  }
  return found.slice(0, 5);
}"""


@pytest.fixture(params=WIDTHS)
def page(request, chromium, served):
    """A page of one of the widths."""
    yield from open_page(chromium, served.address, width=request.param)


def fits(page, path: str = "") -> None:
    """Nothing reaches over the edge, folded or not."""
    if path:
        page.goto(path)
    page.locator("h1").first.wait_for()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate(WRONG) == [], page.url


def test_pages_of_whoever_asks(page):
    work_as(page, REQUESTER)
    for path in ("/", "/working-as", "/ask", "/inquiries", "/cases", "/content", "/about"):
        fits(page, path)
    ask(page)
    fits(page)
    inquiry = judge(page)
    fits(page)
    page.locator("button.cite:visible").first.click()
    page.locator("[popover]:popover-open").wait_for()
    fits(page)
    fits(page, f"{inquiry}/text")
    fits(page, f"{inquiry}/submission")


def test_pages_of_whoever_reviews(page):
    work_as(page, NURSE)
    fits(page, "/cases")
    for state in ("nurse_review", "decided"):
        case = case_in_state(page, state)
        fits(page, case)
        fits(page, f"{case}/worksheet")
        if page.get_by_role("button", name=re.compile("^Open: ")).count():
            open_sections(page)
            fits(page)
    fits(page, f"{case}/determination")
    page.goto("/cases?state=nurse_review")
    mine = page.locator("tr", has_text=NURSE).locator("th a").first.get_attribute("href")
    page.goto(f"{mine}/worksheet")
    if page.get_by_role("button", name=re.compile("^Open: ")).count():
        open_sections(page)
    page.get_by_label("Add a fact").select_option("procedure")
    page.get_by_role("button", name="Show its form").click()
    page.get_by_text("To be added:").wait_for()
    for box in page.get_by_role("radio", name="Correct", exact=True).all():
        box.check()
    for how in page.get_by_label("How exactly it is known").all():
        how.select_option("between")
    fits(page)  # the controls of facts, each as wide as it gets
    for place in range(18):
        page.goto(case_in_state(page, "decided", place))
        if (letter := page.locator(".letters a").first).count():
            break
    fits(page, letter.get_attribute("href"))


def test_pages_of_auditors_and_administrators(page):
    work_as(page, AUDITOR)
    for path in ("/audit", "/audit/verification", "/audit/replay", "/dashboard"):
        fits(page, path)
    for path in ("/dashboard/public", "/second-reviews", "/settings", "/people"):
        fits(page, path)


def test_paper_shows_the_determination_without_what_cannot_be_pressed(page):
    work_as(page, REQUESTER)
    ask(page, note="")
    judge(page)
    page.emulate_media(media="print")
    assert page.get_by_role("heading", name="Bottom line").is_visible()
    assert page.get_by_role("heading", name="References").is_visible()
    for gone in ("nav", ".top", ".bottom", "form.readers button", "textarea"):
        assert not any(one.is_visible() for one in page.locator(gone).all()), gone
    assert page.pdf()[:5] == b"%PDF-"
