"""Any text is read without an exception, and every quote stands where its span says."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medwarrant import Medwarrant
from medwarrant.intake.question import read_question
from medwarrant.intake.words.document import LONGEST
from medwarrant.model.errors import InputError

PIECES = [
    "64405", "M54.2", "m542", "64490-64492", "(", ")", ",", ".", "?", "\x00", "\n", "\u202e", "\U0001f915", "<b>", "&amp;",
    "no", "without", "failed", "gabapentin", "and", "for", "GON block", "nerve blocks", "migraine", "C4-5", "L4-S1", "60% relief",
    "for 8 weeks", "every 3 months", "2026-03-01", "99/99/9999", "62-year-old", "7/10", "patient with", "is", "medically necessary",
    "her mother has", "\ufffd", "\u0130", "\ufb01bromyalgia", "Aetna", "in TX", "155 units", "-50", "x 3", "/", "w/o", "post", "non", "type II",
]  # fmt: skip


def check(text: str, medwarrant: Medwarrant, as_of: date) -> None:
    """Every span of the reading quotes the text exactly."""
    reading = read_question(text, medwarrant.library, medwarrant.icd, as_of=as_of)
    for part in (*reading.services, *reading.diagnoses, *reading.unrecognised):
        assert part.span is not None
        assert text[part.span[0] : part.span[1]] == part.text != ""
    for fact in reading.facts:
        if fact.span is not None:
            assert text[fact.span[0] : fact.span[1]] == fact.quote != ""


@given(st.text(max_size=300))
@settings(max_examples=60)
def test_any_characters(medwarrant: Medwarrant, as_of: date, text: str) -> None:
    check(text, medwarrant, as_of)


@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from([" ", "", ", "]))
@settings(max_examples=150)
def test_any_mixture_of_clinical_words(
    medwarrant: Medwarrant, as_of: date, pieces: list[str], between: str
) -> None:
    check(between.join(pieces), medwarrant, as_of)


@given(st.binary(max_size=200))
@settings(max_examples=40)
def test_bytes_decoded_badly(medwarrant: Medwarrant, as_of: date, raw: bytes) -> None:
    check(raw.decode("utf-8", "replace"), medwarrant, as_of)
    check(raw.decode("latin-1"), medwarrant, as_of)


def test_a_text_that_is_too_long_is_refused_with_a_way_out(
    medwarrant: Medwarrant, as_of: date
) -> None:
    with pytest.raises(InputError, match="shorten it"):
        check("pain " * 200_000, medwarrant, as_of)


@pytest.mark.parametrize(
    "piece", ["(", "no ", "patient with a, ", "trigeminal and ", "64405 ", "M54.2,"]
)
def test_the_longest_text_is_read(piece: str, medwarrant: Medwarrant, as_of: date) -> None:
    check((piece * LONGEST)[: LONGEST // 4], medwarrant, as_of)
