"""A citation opens its source where it stands: the words of the source, how far it carries, and whether it was retracted."""

from __future__ import annotations

import re

from steps import REQUESTER, ask, judge, work_as


def open_card(page, card) -> None:
    """Open a card by the first citation of it; a part that is folded over the citation is unfolded first."""
    name = card.get_attribute("id")
    citation = page.locator(f"main button.cite[popovertarget='{name}']").first
    folded = citation.locator("xpath=ancestor::details[not(@open)]/summary")
    while folded.count():
        folded.first.click()
    citation.click()
    card.wait_for(state="visible")


def test_a_card_shows_quotation_strength_certainty_and_retraction(page):
    work_as(page, REQUESTER)
    ask(page, "Is 64405 medically necessary for intractable migraine?", note="")
    judge(page)
    cards = page.locator(".sources .source")
    assert cards.first.is_hidden()
    quoting = cards.filter(has=page.locator("blockquote", has_text="must offer"))
    assert quoting.count() == 1
    open_card(page, quoting)
    said = quoting.locator("li", has=page.locator("blockquote")).first
    assert said.locator("blockquote").inner_text() == "“must offer”"
    words = said.inner_text()
    assert re.search(
        r"Abstract, recommendations; as quoted by news reports of the guideline", words
    )
    assert "strong" in words
    assert "certainty moderate" in words
    # what is told in our words says so, and where to look
    bare = quoting.locator("li", has_not=page.locator("blockquote")).first.inner_text()
    assert "In our words; where: " in bare
    quoting.get_by_role("button", name="Close").click()
    quoting.wait_for(state="hidden")
    # the retracted trial, opened where it is cited
    retracted = cards.filter(has=page.locator(".m", has_text="RETRACTED"))
    assert retracted.count() == 1
    open_card(page, retracted)
    assert page.get_by_role("button", name=re.compile(r"^reference \d+, retracted$")).count()
    assert retracted.locator(".m", has_text="RETRACTED").is_visible()
    assert retracted.locator("blockquote").inner_text() == "“RETRACTED ARTICLE”"
    assert "It is shown and supports nothing." in retracted.inner_text()
    assert "retracted: supports nothing" in retracted.inner_text()
    page.keyboard.press("Escape")
    retracted.wait_for(state="hidden")
