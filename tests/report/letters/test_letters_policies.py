"""Every kind of letter over the examples of every shipped policy."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from medwarrant import Answer, load_packs
from medwarrant.policy.library import Library
from medwarrant.report.letters import (
    Correspondence,
    Letter,
    adverse_notice,
    approval_letter,
    information_request_letter,
    letter_html,
    letter_text,
    missing_criteria,
    peer_to_peer_brief,
    submission_checklist,
)
from medwarrant.report.letters.letter import lines_of
from medwarrant.report.letters.names import has_code
from medwarrant.report.letters.plainness import member_sentences
from medwarrant.report.letters.told import InformationAsked
from medwarrant.report.readability import reading_grade
from visible_ids import shown

POLICIES = sorted(
    {
        example.policy or f"examples of {pack.id}"
        for pack in load_packs().packs
        for example in pack.examples
    }
)
_DOCS = Path(__file__).parents[3] / "docs" / "letters.md"


@cache
def fixed_sentences() -> list[re.Pattern[str]]:
    """The sentences that the documentation calls fixed, with what is put in as anything."""
    text = _DOCS.read_text(encoding="utf-8")
    listed = text[text.index("### Fixed sentences") : text.index("## What is refused")]
    return [
        re.compile(re.escape(found).replace("…", ".+?"))
        for found in re.findall(r"^- `(.+)`$", listed, flags=re.M)
    ]


@pytest.fixture(scope="module")
def members(
    by_policy: dict[str, list[Answer]], to: Correspondence, decide
) -> dict[str, list[Letter]]:
    """Letters to members, by policy."""
    return {
        policy: [letter for answer in answers for letter in of_members(answer, to, decide)]
        for policy, answers in by_policy.items()
    }


@pytest.fixture(scope="module")
def offices(by_policy: dict[str, list[Answer]], to: Correspondence) -> dict[str, list[Letter]]:
    """Letters to practices and reviewers, by policy."""
    return {
        policy: [letter for answer in answers for letter in of_offices(answer, to)]
        for policy, answers in by_policy.items()
    }


def of_members(answer: Answer, to: Correspondence, decide) -> list[Letter]:
    found = [approval_letter(answer, decide(answer, "approved"), to)]
    told = decide(answer)
    if all(line.criteria for line in told.lines):
        found.append(adverse_notice(answer, told, to))
    return found


def of_offices(answer: Answer, to: Correspondence) -> list[Letter]:
    found = [submission_checklist(answer, to), peer_to_peer_brief(answer, to)]
    wanted = missing_criteria(answer)
    if wanted:
        asked = InformationAsked(asked=wanted, answer_by=to.dated)
        found.append(information_request_letter(answer, asked, to))
    return found


@pytest.mark.parametrize("policy", POLICIES)
def test_what_a_member_reads_is_plain_and_without_codes(
    members: dict[str, list[Letter]], policy: str
) -> None:
    assert members[policy]
    for letter in members[policy]:
        told = member_sentences(letter)
        assert reading_grade(told) <= 8, (letter.kind, told)
        assert not [text for text in told if has_code(text)]
        read = [line for line in lines_of(letter, "member") if line.origin != "plan"]
        assert not [line for line in read if has_code(f"{line.lead} {line.text} {line.note}")]
        assert not [part.title for part in letter.parts if has_code(part.title)]


@pytest.mark.parametrize("policy", POLICIES)
def test_every_fixed_sentence_is_documented(
    members: dict[str, list[Letter]], offices: dict[str, list[Letter]], policy: str
) -> None:
    for letter in (*members[policy], *offices[policy]):
        for line in lines_of(letter):
            if line.origin == "ours" and line.text and not line.text.isdigit():
                assert any(one.fullmatch(line.text) for one in fixed_sentences()), line.text


@pytest.mark.parametrize("policy", POLICIES)
def test_no_letter_shows_an_id_of_the_packs(
    members: dict[str, list[Letter]],
    offices: dict[str, list[Letter]],
    policy: str,
    library: Library,
) -> None:
    texts = [letter_text(letter) for letter in (*members[policy], *offices[policy])]
    assert shown(texts, library) == []


@pytest.mark.parametrize("policy", POLICIES)
def test_our_own_words_name_people_and_never_software(
    members: dict[str, list[Letter]], policy: str
) -> None:
    for letter in members[policy]:
        text = " ".join(member_sentences(letter)).lower()
        assert not re.search(r"\b(software|computer|algorithm|machine|automat\w+|ai)\b", text)
        assert not re.search(r"\bden(y|ied|ies|ial)\b", text)
        assert "Anna Example" in letter_text(letter)


@pytest.mark.parametrize("policy", POLICIES)
def test_every_kind_is_drawn_for_every_policy(
    members: dict[str, list[Letter]], offices: dict[str, list[Letter]], policy: str
) -> None:
    for letter in (*members[policy], *offices[policy]):
        text = letter_text(letter)
        for line in text.splitlines():
            assert len(line) <= 78 or " " not in line.strip() or "http" in line or "sha256" in line
        assert letter.subject.upper()[:20] in text
        assert letter.subject.partition(":")[0] in letter_html(letter)
        assert "C-2026-0173" in text


def test_documented_fixed_sentences_are_all_used(
    members: dict[str, list[Letter]],
    offices: dict[str, list[Letter]],
    unknown: Answer,
    contraindicated: Answer,
    to: Correspondence,
    decide,
) -> None:
    """A sentence that no letter says any more is not documented as one."""
    more = (*of_members(unknown, to, decide), *of_members(contraindicated, to, decide))
    made = (*more, *(one for found in (members, offices) for own in found.values() for one in own))
    used = {line.text for letter in made for line in lines_of(letter) if line.origin == "ours"}
    # Said only of decisions, policies and correspondence that these letters do not have.
    elsewhere = (
        "We were asked",
        "This is version",
        "This approval",
        "We used a Medicare rule for the whole",
        "We used a rule set by law",
        "The number to call",
        "Call ",
        "Approved in another form",
    )
    unused = [
        one.pattern
        for one in fixed_sentences()
        if not any(one.fullmatch(text) for text in used)
        and not one.pattern.replace("\\", "").startswith(elsewhere)
    ]
    assert unused == []
