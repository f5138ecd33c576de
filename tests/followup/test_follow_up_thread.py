"""Several follow-ups one after the other, in Python and with `--then`."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from medwarrant import Answer, Medwarrant
from medwarrant.followup.thread import converse, render_thread

QUESTION = "Is 64405 medically necessary for intractable migraine?"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "medwarrant", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_each_follow_up_is_asked_of_what_was_kept(
    medwarrant: Medwarrant, answers: dict[str, Answer]
) -> None:
    says = [
        "It is for an acute attack",
        "What if it were in the ED?",
        "In the office",
        "What is missing?",
    ]
    replies, last = converse(medwarrant, answers["gon"], says)
    assert [reply.kind for reply in replies] == ["new_facts", "what_if", "new_facts", "missing"]
    (line,) = last.reading.request.services
    assert {fact.fact: fact.value for fact in last.reading.facts if fact.fact != "drug-trial"} == {
        "intent": "acute",
        "setting": "office",
    }
    assert [fact.document for fact in last.reading.facts] == ["follow-up 1", "follow-up 3"]
    assert line.code == "64405"


def test_scratch_that_takes_back_the_last_change(
    medwarrant: Medwarrant, answers: dict[str, Answer]
) -> None:
    says = ["It is for an acute attack", "on 2026-12-01, DOS 2026-12-01", "scratch that"]
    replies, last = converse(medwarrant, answers["gon"], says)
    assert replies[1].request.as_of == "2026-12-01"
    assert replies[2].keeps
    assert last.reading.request.as_of == answers["gon"].reading.request.as_of
    assert [fact.value for fact in last.reading.facts if fact.fact == "intent"] == ["acute"]
    again, there = converse(medwarrant, answers["gon"], [*says, "scratch that", "why?"])
    assert again[3].request.as_of == "2026-12-01"
    assert there.reading.request.as_of.isoformat() == "2026-12-01"


def test_what_is_said_after_scratch_that_is_read_on_what_was_before(
    medwarrant: Medwarrant, answers: dict[str, Answer]
) -> None:
    says = ["In the office for prevention", "Scratch that, it is in the emergency department"]
    replies, last = converse(medwarrant, answers["gon"], says)
    assert {fact.fact: fact.value for fact in last.reading.facts} == {"setting": "emergency"}
    assert {fact.fact for fact in replies[1].request.withdrawn} == {"intent", "setting"}


@pytest.mark.parametrize("form", ["terminal", "markdown", "html"])
def test_replies_stand_after_the_article(
    form, medwarrant: Medwarrant, answers: dict[str, Answer]
) -> None:
    replies, last = converse(medwarrant, answers["gon"], ["<b>why</b>?", "She failed naproxen"])
    text = render_thread(answers["gon"], last, replies, form, color=False)
    assert isinstance(text, str)
    low = text.lower()
    first, second = low.index("follow-up: "), low.rindex("follow-up: she failed naproxen")
    assert low.index("bottom line") < first < second
    if form == "html":
        assert "<b>why</b>" not in text


def test_the_command_shows_replies_and_json_counts_what_was_kept() -> None:
    given = (
        QUESTION,
        "--as-of",
        "2026-11-23",
        "--then",
        "acute attack in the emergency department",
    )
    shown = run("ask", *given, "--then", "what if the payer were Aetna commercial?")
    assert shown.returncode == 0, shown.stderr
    assert "FOLLOW-UP: ACUTE ATTACK IN THE EMERGENCY DEPARTMENT" in shown.stdout
    assert "nothing of this is kept" in " ".join(shown.stdout.split())
    asked = run("ask", *given, "--then", "what does Aetna say", "--format", "json")
    answer = json.loads(asked.stdout)
    assert answer["outcome"] == "meets_criteria"
    assert answer["reading"]["coverage"]["payer"] is None
    plain = run(
        "ask",
        QUESTION,
        "--as-of",
        "2026-11-23",
        "--fact",
        "intent=acute",
        "--fact",
        "setting=emergency",
        "--format",
        "json",
    )
    assert json.loads(plain.stdout)["digest"] == answer["digest"]


def test_a_structured_request_can_be_followed_up(tmp_path) -> None:
    path = tmp_path / "request.json"
    path.write_text(
        '{"services": ["64405"], "diagnoses": ["G43.919"], "as_of": "2026-11-23"}', "utf-8"
    )
    shown = run("determine", str(path), "--then", "What is missing?")
    assert shown.returncode == 0, shown.stderr
    assert "FOLLOW-UP: WHAT IS MISSING?" in shown.stdout


def test_a_follow_up_that_cannot_be_read_is_refused() -> None:
    shown = run("ask", QUESTION, "--then", "?!")
    assert shown.returncode == 2
    assert shown.stderr.startswith("medwarrant: follow-up: ")
    assert "Traceback" not in shown.stderr
