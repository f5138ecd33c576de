"""The article as Markdown."""

from __future__ import annotations

import re

import pytest

from medwarrant import Answer
from medwarrant.report import AUDIENCES, Audience, render
from medwarrant.report.markdown import escaped


@pytest.mark.parametrize("audience", AUDIENCES)
def test_links_lead_to_anchors(answer: Answer, audience: Audience) -> None:
    text = str(render(answer, "markdown", audience=audience))
    anchors = re.findall(r'<a id="([^"]+)">', text)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(anchors)


def test_tables_have_as_many_cells_as_headers(twenty: Answer) -> None:
    text = str(render(twenty, "markdown", audience="auditor"))
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert rows
    widths: list[int] = []
    for before, row in zip(["", *rows], rows):
        cells = len(re.findall(r"(?<!\\)\|", row)) - 1
        if set(row) <= set("|- "):
            assert cells == len(re.findall(r"(?<!\\)\|", before)) - 1
        widths.append(cells)
    assert min(widths) >= 2


@pytest.mark.parametrize(
    "text",
    [
        "# head",
        "- item",
        "+ item",
        "1. item",
        "12) item",
        "=== x",
        "a | b",
        "*a*",
        "_a_",
        "`a`",
        "[a](b)",
        "<b>",
        "&lt;",
    ],
)
def test_text_cannot_become_markup(text: str) -> None:
    assert escaped(text) != text
