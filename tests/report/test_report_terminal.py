"""The article in terminals of every kind."""

from __future__ import annotations

import re
import unicodedata

import pytest

from medwarrant import Answer
from medwarrant.report import AUDIENCES, DEPTHS, Audience, Depth, render

_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_terminal(
    answer: Answer, audience: Audience, depth: Depth, width: int
) -> None:
    text = str(render(answer, audience=audience, width=width, color=False, depth=depth))
    assert max(_width(line) for line in text.splitlines()) <= width


@pytest.mark.parametrize("width", [0, 1, 10, 24, 40, 60, 400])
def test_any_width_will_do(twenty: Answer, width: int) -> None:
    assert "BOTTOM LINE" in str(render(twenty, width=width, color=False))


def test_colour_is_never_alone(twenty: Answer) -> None:
    coloured = str(render(twenty, width=80, color=True))
    assert "\x1b[" in coloured
    plain = str(render(twenty, width=80, color=False))
    assert _ESCAPE.sub("", coloured).split() == plain.split()
    for words in ("? missing:", "◆ For a clinician to decide", "? Medically necessary"):
        assert words in plain


@pytest.mark.parametrize(
    ("variable", "value"), [("NO_COLOR", "1"), ("NO_COLOR", ""), ("TERM", "dumb")]
)
def test_colour_is_left_out_where_it_is_not_wanted(
    met: Answer, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv(variable, value)
    assert "\x1b" not in str(render(met, width=80))


def test_met_and_unmet_criteria_have_shapes_and_words(met: Answer) -> None:
    text = str(render(met, width=80, color=False, depth="full"))
    assert "✓ met:" in text
    assert "✗ not met:" in text


def test_a_grid_that_does_not_fit_becomes_a_list(twenty: Answer) -> None:
    text = str(render(twenty, width=44, color=False))
    assert text.count("For a clinician to decide") >= 14
