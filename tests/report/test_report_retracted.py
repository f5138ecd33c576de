"""A retracted source is marked wherever it is shown: here every source of the packs was taken back."""

from __future__ import annotations

import io
import re

import pytest

from medwarrant import Answer, Medwarrant
from medwarrant.report import AUDIENCES, Audience, render
from medwarrant.report.compose import article
from medwarrant.report.plain_text import plain_text
from medwarrant.report.view import article_view

#: A citation in each format: its number, and what stands beside it.
CITATIONS = {
    "terminal": r"(?<!\S)\[(\d+)([^\]]*)\]",
    "record": r"(?<!\S)\[(\d+)([^\]]*)\]",
    "markdown": r"\[\\\[(\d+)([^\]\\]*)\\\]\]",
    "html": r"\[(\d+)(?:<span class=\"m\">([^<]*)</span>)?\](?=</(?:button|a)>)",
}

#: An entry of the list of references in each format.
ENTRIES = {
    "terminal": r"^ *\[\d+\].*$",
    "record": r"^\[\d+\].*$",
    "markdown": r"^- <a id=\"ref-.*$",
    "html": r"<li id=\"ref-.*?</li>",
}


@pytest.fixture(scope="module")
def answer(retracted: Medwarrant, as_of) -> Answer:
    request = {
        "services": ["64400", "64405", "20553"],
        "diagnoses": ["G50.0", "G43.919", "M79.7"],
        "facts": [{"infection-at-site": "present"}],
    }
    return retracted.determine(request, as_of=as_of)


def drawn(answer: Answer, form: str, audience: Audience, depth: str) -> str:
    if form == "record":
        return plain_text(article(article_view(answer), audience, depth=depth), width=5000)  # type: ignore[arg-type]
    return str(
        render(answer, form, audience=audience, depth=depth, width=5000, color=False)  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("depth", ["brief", "full"])
@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("form", CITATIONS)
def test_every_citation_and_every_reference_is_marked(
    answer: Answer, form: str, audience: Audience, depth: str
) -> None:
    assert all(one.retracted for one in answer.determination.references)
    text = drawn(answer, form, audience, depth)
    body, listed = parts(text, form)
    found = re.findall(CITATIONS[form], body)
    assert found
    assert {mark.strip(" ,") for _, mark in found} == {"retracted"}
    entries = re.findall(ENTRIES[form], listed, re.MULTILINE)
    assert len(entries) >= len({number for number, _ in found})
    assert all("RETRACTED" in entry for entry in entries), entries


def parts(text: str, form: str) -> tuple[str, str]:
    """What is before the list of references, and the list."""
    start = {
        "terminal": r"\nREFERENCES|\nWHERE THIS COMES FROM|\nSOURCES",
        "record": r"\nREFERENCES|\nWHERE THIS COMES FROM|\nSOURCES",
        "markdown": r'<a id="references">',
        "html": r'id="references"',
    }[form]
    found = re.search(start, text)
    assert found, text[-3000:]
    return text[: found.start()], text[found.start() :].split('<div class="sources">')[0]


@pytest.mark.slow
@pytest.mark.parametrize("audience", AUDIENCES)
def test_paper_marks_them_too(answer: Answer, audience: Audience) -> None:
    pytest.importorskip("typst")
    pypdf = pytest.importorskip("pypdf")
    reader = pypdf.PdfReader(io.BytesIO(bytes(render(answer, "pdf", audience=audience))))  # type: ignore[arg-type]
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    found = re.findall(r"\[(\d+)((?: [a-z]+)?)\]", text)
    cited = [mark for _, mark in found if mark]
    assert cited
    assert {mark.strip() for mark in cited} == {"retracted"}
    bare = [number for number, mark in found if not mark]
    assert len(bare) == len(set(bare)), "without a mark a number stands in the list alone, and once"
    assert text.count("RETRACTED") >= len(bare)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_card_says_what_it_means(answer: Answer, audience: Audience) -> None:
    text = drawn(answer, "html", audience, "full")
    cards = text[text.index('<div class="sources">') :].split('<div id="source-')[1:]
    assert cards
    told = "taken back" if audience == "patient" else "withdrawn from the literature"
    assert all("RETRACTED" in card and told in card for card in cards)
