"""Take the pictures of the documentation: `PYTHONPATH=tests python tests/browser/take_screenshots.py [FOLDER]`.

Starts a server with demonstration data in a folder of its own and needs a Chromium. Each picture is what fits a window of
1200 by 900; anything else that a reader of the documentation would want to see is a scroll away in the application itself.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from chromium import CHROMIUM, FLAGS
from playwright.sync_api import Page, sync_playwright
from steps import (
    AUDITOR,
    NURSE,
    PHYSICIAN,
    REQUESTER,
    UNSUPPORTED,
    ask,
    case_in_state,
    judge,
    open_sections,
    unfold,
    work_as,
)

from serving import Served

QUESTION = "Is 64405 or 20553 medically necessary for intractable migraine? She failed sumatriptan."


class Pictures:
    """Where pictures go, and how one is taken."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, page: Page, name: str, at: str = "") -> None:
        """Take what the window shows, from the element `at` on."""
        if at:
            page.locator(at).first.evaluate("e => e.scrollIntoView({block: 'start'})")
        page.evaluate("document.activeElement.blur()")
        path = self.folder / f"{name}.png"
        page.screenshot(path=path)
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


def asking(page: Page, pictures: Pictures) -> None:
    """What whoever asks sees."""
    work_as(page, REQUESTER)
    ask(page, QUESTION)
    pictures.take(page, "ask")
    judge(page)
    pictures.take(page, "determination")
    page.get_by_role("button", name="I am a patient or a family member").click()
    page.get_by_role("heading", name="What we understood").wait_for()
    pictures.take(page, "patient")


def submitted(page: Page) -> str:
    """A case that no evidence supports, submitted by the requester who works here; its path."""
    token = page.locator("input[type=hidden]").first
    name, value = token.get_attribute("name"), token.get_attribute("value")
    made = page.request.post(
        "/api/inquiries", data={"request": UNSUPPORTED}, headers={"X-CSRF-Token": value}
    )
    assert made.status == 201, (name, made.text())
    page.goto(f"/inquiries/{made.json()['id']}/submission")
    page.get_by_label("Member", exact=True).fill("Mara Voss (invented)")
    page.get_by_role("button", name="Submit for review").click()
    page.get_by_text("Submitted as case").wait_for()
    return page.url


def reviewing(page: Page, pictures: Pictures, case: str) -> None:
    """What those who review see."""
    work_as(page, NURSE)
    page.goto("/cases")
    pictures.take(page, "worklist")
    path = page.locator("tr", has_text="provisional").locator("th a").first.get_attribute("href")
    page.goto(f"{path}/worksheet")
    open_sections(page)
    pictures.take(page, "worksheet", at="h1")
    page.goto(case)
    page.get_by_role("button", name="Take as nurse reviewer").click()
    page.wait_for_url("**/worksheet")
    unfold(page, "Refer to a physician")
    page.get_by_role("button", name="Refer", exact=True).click()
    page.wait_for_url(case)
    work_as(page, PHYSICIAN)
    page.goto(case)
    page.get_by_role("button", name="Take as physician reviewer").click()
    page.wait_for_url("**/worksheet")
    open_sections(page)
    unfold(page, "Sign a decision")
    pictures.take(page, "deciding", at="summary:has-text('Sign a decision')")
    decided = case_in_state(page, "decided")
    for place in range(18):
        page.goto(decided)
        letter = page.locator(".letters a[href*='/letters/']").first
        if letter.count():
            break
        decided = case_in_state(page, "decided", place)
    page.goto(letter.get_attribute("href"))
    pictures.take(page, "letter")
    work_as(page, AUDITOR)
    page.goto("/dashboard")
    pictures.take(page, "dashboard")


def main() -> None:
    """Take all pictures."""
    pictures = Pictures(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures"))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Served(Path(folder) / "data").fill().start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            page = browser.new_context(
                base_url=server.address, viewport={"width": 1200, "height": 900}
            ).new_page()
            page.set_default_timeout(15_000)
            asking(page, pictures)
            reviewing(page, pictures, submitted(page))
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()
