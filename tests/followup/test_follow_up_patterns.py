"""How a follow-up is taken apart and recognised: pairs of words and what they are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from medwarrant.followup import KINDS
from medwarrant.followup.parts import parts_of
from medwarrant.followup.patterns import PATTERNS, Sort, is_asked, plain_form, sort_of
from medwarrant.followup.premise import premise
from medwarrant.followup.roles import Mentioned, put_in_place, roles_of

DOCS = Path(__file__).parents[2] / "docs" / "follow-up.md"


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.example)
def test_an_example_is_recognised_as_its_sort(pattern) -> None:
    plain = plain_form(pattern.example)
    assert sort_of(plain, asked=is_asked(plain) or not pattern.asked) == pattern.sort
    assert pattern.words.search(plain)


def test_every_sort_has_a_pattern() -> None:
    assert {pattern.sort for pattern in PATTERNS} == set(get_args(Sort))


def test_every_kind_of_reply_is_documented_and_no_other() -> None:
    text = DOCS.read_text("utf-8")
    section = text.partition("## What can be asked")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)`", section, flags=re.M)) == set(KINDS)


@pytest.mark.parametrize(
    "text",
    ["has failed two triptans", "did PT for 8 weeks", "is on warfarin", "can't take triptans", "will be done in the office", "doesn't tolerate propranolol", "she failed naproxen", "we want to add 64400", "no prior injections"],
)  # fmt: skip
def test_what_is_told_is_not_asked(text: str) -> None:
    assert not is_asked(plain_form(text))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("She failed naproxen. What is missing?", ["She failed naproxen.", "What is missing?"]),
        (
            "he failed topiramate, so is it covered now?",
            ["he failed topiramate", "is it covered now?"],
        ),
        ("Why not, and what is missing?", ["Why not", "what is missing?"]),
        (
            "if she failed naproxen, would it be covered",
            ["if she failed naproxen, would it be covered"],
        ),
        (
            "what if she failed naproxen and is pregnant",
            ["what if she failed naproxen and is pregnant"],
        ),
        ("Dr. Smith et al. said so vs. others", ["Dr. Smith et al. said so vs. others"]),
        ("PT for 6.5 weeks; NSAIDs", ["PT for 6.5 weeks;", "NSAIDs"]),
        ("she takes warfarin and is on aspirin", ["she takes warfarin and is on aspirin"]),
    ],
)
def test_a_follow_up_is_cut_into_parts(text: str, parts: list[str]) -> None:
    found = parts_of(text)
    assert [part.text for part in found] == parts
    assert [text[part.start : part.end] for part in found] == parts


@pytest.mark.parametrize(
    ("text", "supposed"),
    [
        ("what if the setting were the ED?", "the setting were the ED"),
        ("Suppose that he had failed naproxen", "he had failed naproxen"),
        ("would it be covered if she tried PT", "she tried PT"),
        ("If the payer were Aetna, would it be covered?", "the payer were Aetna"),
        ("does it matter that she is pregnant?", "she is pregnant"),
        ("Had she tried naproxen would it be approved?", "she tried naproxen"),
        ("How about if we do it in the office instead?", "we do it in the office instead"),
    ],
)
def test_what_is_supposed_keeps_its_place(text: str, supposed: str) -> None:
    found = premise(text)
    assert len(found) == len(text)
    assert found.strip() == supposed
    assert text[found.index(supposed) :].startswith(supposed)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("also add A1234", {"A1234": "add"}),
        ("A1234 as well", {"A1234": "add"}),
        ("drop A1234 and B1234", {"A1234": "remove", "B1234": "remove"}),
        ("use A1234 instead of B1234", {"A1234": "set", "B1234": "remove"}),
        ("replace B1234 with A1234", {"B1234": "remove", "A1234": "set"}),
        ("it should be A1234, not B1234", {"A1234": "set", "B1234": "remove"}),
        ("change B1234 to a longer word (A1234)", {"B1234": "remove", "A1234": "set"}),
        ("take the A1234 line off", {"A1234": "remove"}),
        ("A1234 was an error", {"A1234": "remove"}),
        ("A1234 was a mistake", {"A1234": "remove"}),
        ("she has A1234", {"A1234": "named"}),
        ("is A1234 covered", {"A1234": "named"}),
        ("the code is A1234", {"A1234": "set"}),
    ],
)
def test_a_code_has_its_role(text: str, roles: dict[str, str]) -> None:
    mentions = [Mentioned(m[0], m.start(), m.end()) for m in re.finditer(r"[AB]1234", text)]
    assert roles_of(text, mentions) == roles


@pytest.mark.parametrize(
    ("wanted", "codes", "removed", "near", "left", "gone"),
    [
        (["N"], ["A"], [], [[]], ["N"], ["A"]),
        (["N"], ["A", "B"], [], [[]], ["A", "B", "N"], []),
        (["N"], ["A", "B"], [], [["B"]], ["A", "N"], ["B"]),
        (["N"], ["A", "B"], ["A"], [["B"]], ["N", "B"], ["A"]),
        (["A"], ["A", "B"], [], [[]], ["A", "B"], []),
        (["N", "M"], ["A"], [], [[], []], ["N", "M"], ["A"]),
    ],
)
def test_a_code_takes_its_place(wanted, codes, removed, near, left, gone) -> None:
    assert put_in_place(wanted, codes, removed, near) == (left, gone)
