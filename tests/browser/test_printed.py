"""Paper: printing the page of an inquiry says what its PDF says."""

from __future__ import annotations

import difflib
import io
import re
import unicodedata

import pypdf
import pytest
from steps import REQUESTER, ask, choose, judge, work_as

#: At the head of every page of the PDF but the first.
HEAD = "medwarrant · proposed, not signed unless the review status says so"
#: Addresses and what is left of one that breaks over lines: the PDF shortens some, and breaks others elsewhere.
ADDRESS = re.compile(r"PMID \d+|\S*(/|\w\.\w|-\S+-)\S*")
#: Ends of sentences beside an address are shorter than this; sentences are longer.
LONGEST_APART = 8


def words(made: bytes) -> list[str]:
    """The words of a PDF in their order, without addresses and the heads of its pages."""
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]
    text = " ".join(unicodedata.normalize("NFKC", " ".join(pages)).split())
    return re.findall(r"[a-z]{3,}", ADDRESS.sub(" ", text.replace(HEAD, " ")).lower())


@pytest.mark.parametrize("reader", ["I review requests", "I am a patient or a family member"])
def test_printing_the_page_says_what_the_pdf_says(quick, reader):
    page = quick
    work_as(page, REQUESTER)
    ask(page, "Are 64405 and 20553 medically necessary for intractable migraine and M54.2?")
    judge(page)
    form = page.locator("form.questions")
    choose(form, "intent", "acute")
    form.get_by_role("button", name=re.compile("again", re.I)).click()
    page.get_by_text("Judged again.").wait_for()
    page.get_by_role("button", name=reader).click()
    page.locator(".on-screen [aria-current]", has_text=reader).wait_for()
    printed = words(page.pdf())
    made = words(page.request.get(page.url.partition("#")[0] + "/pdf").body())
    assert len(made) > 1000
    steps = [
        step
        for step in difflib.SequenceMatcher(None, printed, made, autojunk=False).get_opcodes()
        if step[0] != "equal"
    ]
    alone = [(printed[a:b], made) for _, a, b, _, _ in steps]
    alone += [(made[c:d], printed) for _, _, _, c, d in steps]
    # The head of a table that goes on overleaf stands there again.
    assert [
        " ".join(part)
        for part, other in alone
        if len(part) > LONGEST_APART and " ".join(part) not in " ".join(other)
    ] == []
