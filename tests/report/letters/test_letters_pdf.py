"""Letters as PDF, where the extra is installed."""

from __future__ import annotations

import io
import sys

import msgspec
import pypdf
import pytest

from medwarrant import Answer, InputError
from medwarrant.report.letters import (
    Correspondence,
    Letter,
    adverse_notice,
    letter_data,
    letter_from_data,
    letter_pdf,
    peer_to_peer_brief,
    submission_checklist,
)

pytest.importorskip("typst")


def pages(made: bytes) -> list[str]:
    return [
        " ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(made)).pages
    ]


def test_a_letter_has_its_letterhead_window_signature_and_page_numbers(
    facet: Answer, to: Correspondence, decide
) -> None:
    made = letter_pdf(adverse_notice(facet, decide(facet), to))
    reader = pypdf.PdfReader(io.BytesIO(made))
    found = pages(made)
    first = found[0]
    for text in (
        "Blue Hill Health Plan",
        "12 Oak Lane",
        "November 24, 2026",
        "Dear Maria Example:",
    ):
        assert text in first
    assert any("Decided and signed by" in text and "Anna Example" in text for text in found)
    for number, text in enumerate(found, start=1):
        assert f"Page {number} of {len(found)}" in text
        assert "Case C-2026-0173" in text
    office = next(text for text in found if "For your doctor's office" in text)
    assert "Your right to appeal" not in office
    assert reader.metadata is not None
    assert reader.metadata.title == "Notice: your care is not approved"
    assert "/StructTreeRoot" in reader.trailer["/Root"]
    assert reader.pages[0].mediabox[2:] == [612, 792]


def test_the_same_letter_gives_the_same_bytes(facet: Answer, to: Correspondence, decide) -> None:
    made = adverse_notice(facet, decide(facet), to)
    kept = letter_from_data(letter_data(made))
    assert letter_pdf(made) == letter_pdf(kept)


def test_hostile_words_run_nothing(hostile_letters: list[Letter]) -> None:
    for letter in hostile_letters:
        text = " ".join(pages(letter_pdf(letter)))
        assert "<script>alert(1)</script>" in text.replace(" ", "").replace("\u200b", "")
        assert '#panic("ran")' in text.replace("\u200b", "")


def test_a_very_long_word_stays_on_the_paper(facet: Answer, to: Correspondence, decide) -> None:
    told = decide(facet)
    line = msgspec.structs.replace(told.lines[0], reason="x" * 5_000)
    made = letter_pdf(adverse_notice(facet, msgspec.structs.replace(told, lines=(line,)), to))
    text = "".join(pages(made)).replace("\u200b", "").replace(" ", "")
    assert text.count("x") > 9_000  # told to the member and to the office


def test_a_row_longer_than_a_page_is_broken_and_not_cut(
    facet: Answer, to: Correspondence, decide
) -> None:
    told = decide(facet)
    line = msgspec.structs.replace(
        told.lines[0], words="word " * 3_000 + "last", decided="modified"
    )
    told = msgspec.structs.replace(told, kind="modified", lines=(line,))
    assert "last" in " ".join(pages(letter_pdf(adverse_notice(facet, told, to))))


def test_text_that_runs_the_other_way_is_set(facet: Answer, to: Correspondence, decide) -> None:
    told = decide(facet)
    line = msgspec.structs.replace(told.lines[0], reason="שלום 1-800-555-0100")
    made = letter_pdf(adverse_notice(facet, msgspec.structs.replace(told, lines=(line,)), to))
    assert "1-800-555-0100" in " ".join(pages(made))


def test_a_character_that_no_font_shows_is_refused_rather_than_left_out(
    facet: Answer, to: Correspondence, decide
) -> None:
    told = decide(facet)
    line = msgspec.structs.replace(told.lines[0], reason="It is \U0010fffd so.")
    with pytest.raises(InputError, match="no font here can show") as refusal:
        letter_pdf(adverse_notice(facet, msgspec.structs.replace(told, lines=(line,)), to))
    assert "It is" not in str(refusal.value)


def test_without_the_extra_the_error_says_how_to_mend_it(
    facet: Answer, to: Correspondence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(InputError, match=r"medwarrant\[pdf\]"):
        letter_pdf(peer_to_peer_brief(facet, to))


def test_a_checklist_without_a_case_is_set_too(four: Answer) -> None:
    (first, *_) = pages(letter_pdf(submission_checklist(four)))
    assert "What to attach" in first


def test_a_plan_without_an_address_is_set_too(facet: Answer, to: Correspondence, decide) -> None:
    bare = Correspondence(
        plan="P",
        phone="",
        peer_to_peer="Ask.",
        member="M",
        case_number="1",
        dated=to.dated,
        appeal_rights="You can ask again.",
        jurisdiction="J",
    )
    assert pages(letter_pdf(adverse_notice(facet, decide(facet), bare)))


def test_a_brief_of_one_pair_fits_two_pages(
    by_policy: dict[str, list[Answer]], to: Correspondence
) -> None:
    """One answer of each policy: the one whose brief says most."""
    for policy, answers in by_policy.items():
        briefs = [
            peer_to_peer_brief(answer, to)
            for answer in answers
            if len(answer.determination.items) == 1
        ]
        if briefs:
            longest = max(briefs, key=lambda brief: len(str(letter_data(brief))))
            reader = pypdf.PdfReader(io.BytesIO(letter_pdf(longest)))
            assert len(reader.pages) <= 2, policy
