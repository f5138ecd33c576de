"""Reasons are sentences about the case, not repeated verdicts."""

from __future__ import annotations

import pytest

from medwarrant.model.errors import InputError
from medwarrant.review import written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no",
        "Denied.",
        "Not medically necessary.",
        "The service requested is not medically necessary.",
        "Medical necessity criteria were not met for the requested service.",
        "no no no no no no no no no",
        "The documentation provided is insufficient and does not meet the criteria.",
        "... --- ... --- ... --- ...",
    ],
)
def test_a_verdict_is_no_reason(text):
    with pytest.raises(InputError):
        written.reason(text, "reason")


@pytest.mark.parametrize(
    "text",
    [
        "No relief of half or more lasting six weeks is recorded after the block of 3 March 2026.",
        "The note of 2 May describes pain in the neck without any headache.",
        "Der Bericht beschreibt Nackenschmerzen ohne Kopfschmerz seit dem Sommer.",
    ],
)
def test_a_reason_speaks_of_the_case(text):
    assert written.reason(f"  {text}\n", "reason") == text


def test_text_is_tidied_and_bounded():
    assert written.line("  Ada \t Reyes ", "name") == "Ada Reyes"
    assert written.passage("one\n\n\n\n two  three ", "x") == "one\n\ntwo three"
    with pytest.raises(InputError, match="longer than 200"):
        written.line("a" * 201, "name")
    with pytest.raises(InputError, match="cannot be shown"):
        written.passage("a\x00b", "x")
