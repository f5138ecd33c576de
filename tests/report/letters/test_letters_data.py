"""A kept letter is read back and drawn again as it was."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medwarrant import Answer, InputError
from medwarrant.report.letters import (
    LETTER_KINDS,
    LETTER_SCHEMA,
    Asked,
    Correspondence,
    InformationAsked,
    Letter,
    adverse_notice,
    approval_letter,
    information_request_letter,
    letter_data,
    letter_from_data,
    letter_html,
    letter_html_fragment,
    letter_text,
    peer_to_peer_brief,
    submission_checklist,
)


@pytest.fixture(scope="module")
def letters(four: Answer, facet: Answer, to: Correspondence, decide) -> dict[str, Letter]:
    """One letter of each kind."""
    asked = InformationAsked(
        asked=(Asked(about="criterion", id="three-months"),), answer_by=to.dated
    )
    made = [
        approval_letter(four, decide(four, "approved"), to),
        information_request_letter(facet, asked, to),
        adverse_notice(four, decide(four), to),
        peer_to_peer_brief(four, to),
        submission_checklist(four, to),
    ]
    return {letter.kind: letter for letter in made}


@pytest.mark.parametrize("kind", LETTER_KINDS)
def test_a_letter_comes_back_and_is_drawn_with_the_same_bytes(
    letters: dict[str, Letter], kind: str
) -> None:
    letter = letters[kind]
    kept = json.dumps(letter_data(letter), ensure_ascii=False)
    again = letter_from_data(json.loads(kept))
    assert again == letter
    assert json.dumps(letter_data(again), ensure_ascii=False) == kept
    for drawn in (letter_html, letter_html_fragment, letter_text):
        assert drawn(again) == drawn(letter)


@pytest.mark.parametrize("kind", LETTER_KINDS)
def test_making_it_twice_gives_the_same_letter(
    letters: dict[str, Letter], kind: str, four: Answer, to: Correspondence, decide
) -> None:
    if kind == "approval_letter":
        assert approval_letter(four, decide(four, "approved"), to) == letters[kind]
    if kind == "adverse_notice":
        assert adverse_notice(four, decide(four), to) == letters[kind]
    assert letters[kind].schema == LETTER_SCHEMA


def test_the_letter_names_the_record_it_was_made_from(
    letters: dict[str, Letter], four: Answer
) -> None:
    assert four.record_digest in letters["adverse_notice"].foot[0]
    assert four.digest in letters["adverse_notice"].foot[1]


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "medwarrant/letter/2"},
        {"schema": None},
        {"kind": "ransom_note"},
        {"dated": "someday"},
        {"parts": [{"id": "x", "blocks": [{"type": "Script", "lines": []}]}]},
        {"parts": "none"},
        {"sender": None},
    ],
)
def test_data_that_is_no_letter_is_refused(
    letters: dict[str, Letter], change: dict[str, object]
) -> None:
    with pytest.raises(InputError) as refusal:
        letter_from_data({**letter_data(letters["adverse_notice"]), **change})
    assert "Maria" not in str(refusal.value)


@pytest.mark.parametrize("data", [[], "letter", None, 7])
def test_what_is_no_object_is_refused(data: object) -> None:
    with pytest.raises(InputError):
        letter_from_data(data)


def test_control_characters_put_into_kept_data_are_not_drawn(letters: dict[str, Letter]) -> None:
    data = letter_data(letters["adverse_notice"])
    data["subject"] = "a\x00b\u202e\ud800"
    made = letter_from_data(data)
    assert made.subject == "a\ufffdb\ufffd"
    letter_html(made).encode("utf-8")


@settings(max_examples=40, deadline=None)
@given(reason=st.text(min_size=1, max_size=300), name=st.text(min_size=1, max_size=60))
def test_whatever_a_person_writes_the_letter_holds_or_refuses_it(
    facet: Answer, to: Correspondence, decide, reason: str, name: str
) -> None:
    told = decide(facet, signed_by=name)
    line = msgspec.structs.replace(told.lines[0], reason=reason)
    told = msgspec.structs.replace(told, lines=(line,))
    try:
        letter = adverse_notice(facet, told, to)
    except InputError:
        assert not reason.strip() or not name.strip()
        return
    assert letter_from_data(letter_data(letter)) == letter
    for drawn in (letter_html(letter), letter_text(letter)):
        drawn.encode("utf-8")
        assert not [char for char in drawn if ord(char) < 32 and char != "\n"]
