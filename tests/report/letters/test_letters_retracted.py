"""A retracted source is marked in each letter that cites it: here every source of the packs was taken back."""

from __future__ import annotations

import io
import re

import msgspec
import pytest
from page_parser import Page

from medwarrant import Answer, Medwarrant
from medwarrant.report.letters import (
    Correspondence,
    InformationAsked,
    Letter,
    adverse_notice,
    approval_letter,
    information_request_letter,
    letter_html,
    letter_pdf,
    letter_text,
    peer_to_peer_brief,
    submission_checklist,
)
from medwarrant.report.letters.asking import missing_criteria


@pytest.fixture(scope="module")
def answer(retracted: Medwarrant, as_of) -> Answer:
    request = {
        "services": ["64405"],
        "diagnoses": ["G43.919"],
        "facts": [{"intent": "acute"}, {"setting": "office"}],
    }
    return retracted.determine(request, as_of=as_of)


@pytest.fixture(scope="module")
def letters(answer: Answer, to: Correspondence, decide) -> dict[str, Letter]:
    asked = InformationAsked(
        asked=missing_criteria(answer),
        answer_by=to.dated,
        asked_by="Anna Example",
        credentials="RN",
    )
    return {
        "brief": peer_to_peer_brief(answer, to),
        "adverse": adverse_notice(answer, decide(answer), to),
        "approval": approval_letter(answer, decide(answer, "approved"), to),
        "information": information_request_letter(answer, asked, to),
        "checklist": submission_checklist(answer, to),
    }


NAMES = ("brief", "adverse", "approval", "information", "checklist")


def marks(value: object) -> list[tuple[str, ...]]:
    """The mark of each citation, and the marks of each source, anywhere in a letter."""
    match value:
        case dict() if {"n", "text"} <= set(value):
            return [tuple(value.get("marks", ()))]
        case dict() if "n" in value:
            return [(value.get("mark", ""),)]
        case dict():
            return [one for part in value.values() for one in marks(part)]
        case list() | tuple():
            return [one for part in value for one in marks(part)]
        case _:
            return []


@pytest.mark.parametrize("name", NAMES)
def test_every_citation_and_source_of_a_letter_is_marked(
    letters: dict[str, Letter], name: str
) -> None:
    found = marks(msgspec.to_builtins(letters[name]))
    if name in ("brief", "adverse", "checklist"):
        assert found
    assert all("retracted" in one or "RETRACTED" in one for one in found), found


@pytest.mark.parametrize("form", ["html", "text", "pdf"])
@pytest.mark.parametrize("name", NAMES)
def test_each_form_of_a_letter_shows_the_mark(
    letters: dict[str, Letter], name: str, form: str
) -> None:
    letter = letters[name]
    if form == "pdf":
        pytest.importorskip("typst")
        pypdf = pytest.importorskip("pypdf")
        pages = pypdf.PdfReader(io.BytesIO(letter_pdf(letter))).pages
        text = " ".join(page.extract_text() for page in pages)
    else:
        text = letter_text(letter) if form == "text" else Page(letter_html(letter)).text
    flat = re.sub(r"-?\s+", " ", text)
    cited = re.findall(r"\[(\d+)((?: retracted)?)\]", flat)
    bare = [number for number, mark in cited if not mark]
    assert len(bare) == len(set(bare)), "without a mark a number stands in the list alone, and once"
    assert flat.count("RETRACTED") >= len(bare)
    assert bool(cited) == bool(marks(msgspec.to_builtins(letter)))
