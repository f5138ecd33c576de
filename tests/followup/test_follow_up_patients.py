"""Replies for patients: easy to read, and no codes in the sentences, whatever is asked."""

from __future__ import annotations

import re
from typing import Any

import pytest
from follow_up_entries import ENTRIES

from medwarrant import Answer, Medwarrant
from medwarrant.followup import follow_up
from medwarrant.report.article import Article, Section
from medwarrant.report.readability import reading_grade, sentences_of

#: Walks every follow-up once more; not part of `make test` (`make test-slow`).
pytestmark = pytest.mark.slow

CODE = re.compile(r"\b[A-TV-Z]\d\d\.\w+\b|\b\d{4}[0-9A-Z]\b")


def sentences(
    entry: dict[str, Any], answers: dict[str, Answer], medwarrant: Medwarrant
) -> list[str]:
    """What a patient reads, without the words quoted from the follow-up itself."""
    blocks = follow_up(
        medwarrant, answers[entry["of"]], entry["says"], audience="patient"
    ).reply.blocks
    section = Section(id="reply", title="", blocks=blocks)
    article = Article(title="", audience="patient", as_of="", digest="", sections=(section,))
    return [text for text in sentences_of(article) if not text.startswith("“")]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["says"][:60])
def test_a_reply_reads_at_grade_eight_or_lower(
    entry: dict[str, Any], answers: dict[str, Answer], medwarrant: Medwarrant
) -> None:
    assert reading_grade(sentences(entry, answers, medwarrant)) <= 8


@pytest.mark.parametrize(
    "entry",
    [entry for entry in ENTRIES if not CODE.search(entry["says"])],
    ids=lambda entry: entry["says"][:60],
)
def test_a_reply_has_no_codes(
    entry: dict[str, Any], answers: dict[str, Answer], medwarrant: Medwarrant
) -> None:
    assert [text for text in sentences(entry, answers, medwarrant) if CODE.search(text)] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["says"][:60])
def test_the_reader_changes_no_outcome(
    entry: dict[str, Any], answers: dict[str, Answer], medwarrant: Medwarrant
) -> None:
    answer = answers[entry["of"]]
    one, other = (
        follow_up(medwarrant, answer, entry["says"], audience=audience)
        for audience in ("clinician", "patient")
    )
    assert one.reply.changes == other.reply.changes
    assert one.reply.facts == other.reply.facts
    assert (one.answer and one.answer.digest) == (other.answer and other.answer.digest)
