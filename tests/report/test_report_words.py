"""Words, names, supplies and reading grades."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medwarrant import Answer, Medwarrant
from medwarrant.engine.summary import REASON_WORDS
from medwarrant.intake.facts import FactReader
from medwarrant.model.determination import OUTCOMES
from medwarrant.report.criteria import fact_option
from medwarrant.report.readability import reading_grade, syllables
from medwarrant.report.text import clean, shortened
from medwarrant.report.words import OUTCOME_SHAPES, OUTCOME_WORDS, PLAIN_REASONS


def test_every_outcome_and_reason_has_its_words() -> None:
    assert tuple(OUTCOME_WORDS) == OUTCOMES == tuple(OUTCOME_SHAPES)
    assert set(PLAIN_REASONS) == set(REASON_WORDS)
    assert len(set(OUTCOME_SHAPES.values())) == len(OUTCOMES)


def test_what_to_type_gives_the_fact_back(answer: Answer, medwarrant: Medwarrant) -> None:
    reader = FactReader(medwarrant.library)
    for item in answer.determination.items:
        for change in item.would_change:
            for step in change.criteria:
                option, argument = shlex.split(fact_option(step.supply))
                assert option == "--fact"
                assert reader.assignment(argument).fact == step.supply.fact


@given(st.text())
def test_cleaned_text_stays_on_its_line_and_holds_no_control(text: str) -> None:
    found = clean(text)
    assert clean(found) == found
    assert len(found.splitlines()) <= 1
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in found)
    found.encode("utf-8")


def test_broken_characters_are_replaced() -> None:
    assert clean("a\ud800b\ufffe") == "a\ufffdb\ufffd"


def test_a_long_text_is_cut_at_a_word() -> None:
    assert shortened("word " * 100, 20) == "word word word word …"


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("shot", 1),
        ("pain", 1),
        ("needle", 2),
        ("muscles", 2),
        ("tested", 2),
        ("passed", 1),
        ("times", 1),
        ("treated", 2),
        ("station", 2),
        ("medication", 4),
        ("necessary", 4),
        ("trigeminal", 4),
        ("insurance", 3),
    ],
)
def test_syllables(word: str, number: int) -> None:
    assert syllables(word) == number


def test_grades_order_texts_as_readers_do() -> None:
    easy = ["You get a shot. It may help."]
    hard = "Radiofrequency denervation necessitates satisfactory confirmation before authorization."
    assert reading_grade(easy) < 3
    assert reading_grade([hard]) > 16
    assert reading_grade([]) == 0
