"""The words of the sources, wherever references and evidence statements are shown."""

from __future__ import annotations

import io
import re

import pytest
from page_parser import Page

from medwarrant import Answer
from medwarrant.model.determination import StatementShown
from medwarrant.report import Audience, render
from medwarrant.report.article import References, opened
from medwarrant.report.compose import article
from medwarrant.report.plain_text import plain_text
from medwarrant.report.view import article_view

READERS: tuple[Audience, ...] = ("clinician", "reviewer", "auditor")
FORMS = ("terminal", "markdown", "html", "pdf", "record")
#: Paper takes long; it is not part of `make test`.
SHOWN = [pytest.param(form, marks=pytest.mark.slow if form == "pdf" else ()) for form in FORMS]
OURS = "Words in quotation marks after a source are its own; all else is told in ours."


def flat(text: str) -> str:
    """Text as a reader has it: one space between words, no line ends, no frames."""
    return " ".join(text.split())


def shown(answer: Answer, form: str, audience: Audience) -> str:
    """What a reader of that format reads."""
    if form == "record":
        return flat(plain_text(article(article_view(answer), audience), width=5000))
    if form == "pdf":
        pytest.importorskip("typst")
        pypdf = pytest.importorskip("pypdf")
        reader = pypdf.PdfReader(io.BytesIO(bytes(render(answer, "pdf", audience=audience))))  # type: ignore[arg-type]
        return flat(" ".join(page.extract_text() for page in reader.pages))
    made = str(render(answer, form, audience=audience, depth="full", width=5000, color=False))  # type: ignore[arg-type]
    if form == "html":
        return flat(Page(re.sub(r"</?q>", lambda m: "“" if m[0] == "<q>" else "”", made)).text)
    return flat(made.replace("\\", "").replace("*", "").replace("\n", " "))


def statements(answer: Answer) -> dict[str, StatementShown]:
    return {one.id: one for item in answer.determination.items for one in item.evidence.statements}


@pytest.mark.parametrize("form", SHOWN)
@pytest.mark.parametrize("audience", READERS)
def test_each_quotation_stands_with_its_place_and_how_it_was_read(
    twenty: Answer, form: str, audience: Audience
) -> None:
    quoted = [one for one in statements(twenty).values() if one.quote]
    assert len(quoted) >= 4
    assert {one.verified for one in quoted} == {"primary", "secondary"}
    text = shown(twenty, form, audience)
    for one in quoted:
        read = f"as quoted by {one.quoted_by}" if one.quoted_by else "read in the source"
        assert f"“{one.quote}” ({one.locator}; {read})" in text, one.id


@pytest.mark.parametrize("form", SHOWN)
@pytest.mark.parametrize("audience", READERS)
def test_where_no_wording_is_held_the_page_says_where_to_look(
    twenty: Answer, form: str, audience: Audience
) -> None:
    text = shown(twenty, form, audience)
    bare = [one for one in statements(twenty).values() if not one.quote]
    assert len(bare) > 20
    for one in bare:
        assert f"({one.locator.rstrip('.')})" in text, one.id
    assert OURS in text


@pytest.mark.parametrize("audience", READERS)
def test_a_reference_tells_what_it_is_quoted_for(twenty: Answer, audience: Audience) -> None:
    """Each statement that the page cites, in the evidence or elsewhere, has its words or its place there."""
    view = article_view(twenty)
    made = article(view, audience)
    entries = [
        entry
        for section in made.sections
        for block in opened(section.blocks)
        if isinstance(block, References)
        for entry in block.entries
    ]
    assert any(one.quote for entry in entries for one in entry.wordings)
    for entry in entries:
        cited = [one.wording for one in entry.statements if one.wording]
        assert {one.quote for one in cited if one} - {""} == {
            one.quote for one in entry.wordings
        } - {""}
        assert bool(cited) == bool(entry.wordings)


def test_where_sources_disagree_over_words_both_are_quoted(medwarrant, as_of) -> None:
    """Two near-identical policies with opposite sense: the reader sees the words, not our account alone."""
    answer = medwarrant.determine({"services": ["64405"], "diagnoses": ["M54.81"]}, as_of=as_of)
    told = {side.says for one in answer.determination.conflicts for side in one.statements}
    known = medwarrant.library.statements
    both = [known["l33933-denervation"], known["l36850-denervation"]]
    assert {one.claim for one in both} <= told
    for form in FORMS:
        text = shown(answer, form, "clinician")
        assert all(f"“{one.quote}” ({one.locator}; " in text for one in both), form


@pytest.mark.parametrize("form", [form for form in FORMS if form != "pdf"])
def test_patients_read_no_clinical_wording(twenty: Answer, form: str) -> None:
    text = shown(twenty, form, "patient")
    assert OURS not in text
    for one in statements(twenty).values():
        assert not one.quote or f"“{one.quote}”" not in text


def test_a_card_has_quotation_strength_certainty_and_retraction(twenty: Answer) -> None:
    """What a citation opens where it stands: each part is there, the words of the source set apart."""
    text = str(render(twenty, "html"))
    numbers = {one.id: one.n for one in twenty.determination.references}
    one = statements(twenty)["ahs-2025-gon-emergency"]
    card = _card(text, numbers[one.source])
    assert f"<blockquote>“{one.quote}”</blockquote>" in card
    read = Page(card).text
    assert f"Abstract, recommendations; as quoted by {one.quoted_by}." in read
    assert "For; strong; “Level A, must offer”; certainty moderate" in read
    (taken_back,) = [ref.n for ref in twenty.determination.references if ref.retracted]
    card = _card(text, taken_back)
    assert "<blockquote>“RETRACTED ARTICLE”</blockquote>" in card
    assert '<span class="m">RETRACTED</span>' in card
    assert "retracted: supports nothing" in Page(card).text


def _card(text: str, number: int) -> str:
    """The card of one reference."""
    start = text.index(f'<div id="source-{number}"')
    end = text.find('<div id="source-', start + 1)
    return text[start : end if end > 0 else text.index("</main>", start)].rpartition("</ul></div>")[
        0
    ] + ("</ul></div>")
