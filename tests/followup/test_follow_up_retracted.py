"""A retracted source is marked wherever a reply names it: here every source of the packs was taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from medwarrant import Answer, Medwarrant
from medwarrant.followup import follow_up
from medwarrant.followup.cited import source_name
from medwarrant.report.article import Article, Line, Section
from medwarrant.report.terminal import terminal

ASKED = [
    "What does the evidence say?",
    "What does the evidence say about 64405 for migraine?",
    "Where do the sources disagree?",
    "What about Saracco 2010?",
    "Any retracted papers in the reference list?",
    "What did Friedman 2018 find?",
    "Are there guidelines on greater occipital nerve block?",
    "What does Aetna say?",
    "What does Medicare say about trigger point injection?",
    "Is it safe?",
    "Which code is right for a supraorbital block?",
    "Tell me about image guidance",
    "steroid in the injection",
]


@pytest.fixture(scope="module")
def answer(retracted: Medwarrant, as_of) -> Answer:
    return retracted.ask("Are 64405 and 20553 necessary for G43.919 and M79.12?", as_of=as_of)


def told(retracted: Medwarrant, answer: Answer, says: str, audience: str) -> str:
    found = follow_up(retracted, answer, says, audience=audience)  # type: ignore[arg-type]
    section = Section(id="reply", title="Reply", blocks=found.reply.blocks)
    article = Article(title="", audience=audience, as_of="", digest="", sections=(section,))
    return terminal(article, width=5000, color=False)


def lines_of(blocks) -> Iterator[Line]:
    """Every line of a reply, those below others too."""
    waiting = [line for block in blocks for line in getattr(block, "lines", ())]
    while waiting:
        line = waiting.pop(0)
        waiting[:0] = line.inner
        yield line


@pytest.mark.parametrize("says", ASKED)
def test_a_source_that_a_reply_names_is_marked(
    retracted: Medwarrant, answer: Answer, says: str
) -> None:
    """In a note or a lead a source stands as `name [marks]`: nowhere as its name alone."""
    reply = follow_up(retracted, answer, says).reply
    assert reply.sources
    bare = {source_name(source) for source in retracted.library.sources.values()}
    told = list(lines_of(reply.blocks))
    for line in told:
        assert not set(line.note.split("; ")) & bare, line
        named = line.lead.rstrip(":").partition(", ")[0]
        assert named not in bare or line.inner[0].lead == "Retracted:", line
    listed = told[next(n for n, line in enumerate(told) if line.lead == "Sources:") + 1 :]
    entries = [line for line in listed if "named above" not in line.text]
    assert entries
    assert all("RETRACTED" in line.lead for line in entries)


def test_a_patient_is_told_that_it_was_taken_back(retracted: Medwarrant, answer: Answer) -> None:
    text = told(retracted, answer, "What about Saracco 2010?", "patient")
    assert "taken back" in text
    assert "counts for nothing" in text


def test_what_a_source_says_is_quoted_where_its_words_are_held(
    medwarrant: Medwarrant, as_of
) -> None:
    answer = medwarrant.ask("Is 64405 necessary for G43.919 in the emergency room?", as_of=as_of)
    text = told(medwarrant, answer, "What does the evidence say?", "clinician")
    assert "“must offer” (abstract, recommendations; as quoted by news reports" in text
    assert "(abstract, results)" in text
    plain = told(medwarrant, answer, "What does the evidence say?", "patient")
    assert "must offer" not in plain
    assert "(abstract" not in plain
