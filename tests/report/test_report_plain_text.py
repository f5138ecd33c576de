"""The article as text for a record: nothing lost, nothing but text."""

from __future__ import annotations

import dataclasses
import unicodedata

import pytest

from medwarrant import Answer
from medwarrant.report import AUDIENCES, DEPTHS, Audience, Depth, article_of
from medwarrant.report.article import Grid, Table, Tracker, opened
from medwarrant.report.plain_text import plain_text
from medwarrant.report.words import OUTCOME_SHAPES, STATUS_SHAPES


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("depth", DEPTHS)
def test_no_line_is_too_long_and_no_shape_stands_for_a_word(
    answer: Answer, audience: Audience, depth: Depth
) -> None:
    text = plain_text(article_of(answer, audience=audience, depth=depth))
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text
    drawn = [char for char in text if unicodedata.category(char) == "So" or "─" <= char <= "╿"]
    assert drawn == []
    shapes = {*OUTCOME_SHAPES.values(), *STATUS_SHAPES.values()} - {"?"}
    assert not [shape for shape in shapes if shape in text]
    assert not [line for line in text.splitlines() if line.strip() in (".", "-")]


@pytest.mark.parametrize("width", [0, 24, 40, 200])
def test_any_width_will_do(twenty: Answer, width: int) -> None:
    text = plain_text(article_of(twenty, audience="auditor"), width=width)
    assert max(map(len, text.splitlines())) <= max(width, 24)


#: What is for links and drawing, and what only a page or a table needs around the texts.
_AROUND = {"id", "target", "sign", "tone", "kind", "state", "status", "outcome", "url", "level"}
_AROUND_OF = {Tracker: {"title"}, Grid: {"caption", "corner"}, Table: {"header"}}


def texts(value: object) -> list[str]:
    """Every text of a block, however deep it stands."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for one in value for text in texts(one)]
    skipped = _AROUND | _AROUND_OF.get(type(value), set())
    names = [name for name in getattr(value, "__struct_fields__", ()) if name not in skipped]
    return [text for name in names for text in texts(getattr(value, name))]


def packed(text: str) -> str:
    return "".join(text.split()).lower()


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_sentence_of_the_article_is_there(twenty: Answer, audience: Audience) -> None:
    article = article_of(twenty, audience=audience)
    told = packed(plain_text(article))
    for section in article.sections:
        if section.id not in ("reader", "follow-up", "references"):
            for text in texts(tuple(opened(section.blocks))):
                for sentence in text.split(". "):
                    assert packed(sentence.rstrip(".")) in told, sentence


def test_every_reference_is_there_with_its_marks(twenty: Answer) -> None:
    text = words(plain_text(article_of(twenty, audience="auditor")))
    for reference in twenty.determination.references:
        assert f"[{reference.n}] " in text
    assert "RETRACTED: " in text


def test_outcomes_are_told_in_words(met: Answer) -> None:
    text = words(plain_text(article_of(met)))
    assert "Meets guideline criteria; no payer policy applied" in text
    assert "[met]" in text
    assert "[not met]" in text


def test_hostile_text_is_only_text(met: Answer) -> None:
    asked = dataclasses.replace(met, question="a\x1b[31m b\x00 \u202ec " + "x" * 300)
    text = plain_text(article_of(asked))
    assert not {"\x1b", "\x00", "\u202e"} & set(text)
    assert max(map(len, text.splitlines())) <= 80
