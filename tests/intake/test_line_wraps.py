"""A line end in the middle of a sentence is no end of a statement; one in a list is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medwarrant.intake.files.line_wraps import unwrapped

WRAPPED = """\
She has had headache on most days of the month since the spring of last
year. Two drugs were tried for prevention: a first one, at the full dose,
which she stopped because of dizziness after three weeks, and Topiramate
which did not lower the number of days."""

KEPT = [
    "Drug A failed\nDrug B helped",
    "- headache on most days of the month, for two years or more\n- no fever",
    "1. headache on most days of the month, for two years or more\n2. no fever",
    "Headache on most days of the month for two years, worse with light\nPlan: block of the nerve",
    "Headache on most days of the month for two years, worse with light\n\nno fever",
    "Headache on most days of the month for two years, worse with light.\nno fever",
    "Drug A 100 mg daily      failed after some three months of use\nnot tolerated   drug B",
    "| headache on most days of the month | for two years or so |\n| none | none |",
    "Denies fever, weight loss, weakness, numbness and loss of balance\nTopiramate failed",
]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_wrapped_paragraph_is_one_line(ends):
    text = WRAPPED.replace("\n", ends)
    assert unwrapped(text) == text.replace(ends, " " * len(ends))


@pytest.mark.parametrize("text", KEPT)
def test_lists_headings_tables_and_short_lines_stay(text):
    assert unwrapped(text) == text


@given(st.text("ab A.\n\r-:|\t", max_size=400))
def test_characters_keep_their_places(text):
    found = unwrapped(text)
    assert len(found) == len(text)
    assert all(one == other or (one in "\r\n" and other == " ") for one, other in zip(text, found))
