"""PDF, where the extra is installed."""

from __future__ import annotations

import dataclasses
import sys

import pytest

from medwarrant import Answer, InputError
from medwarrant.report import render


def test_without_the_extra_the_error_says_how_to_mend_it(
    met: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(InputError, match=r"medwarrant\[pdf\]"):
        render(met, "pdf")


def test_the_article_is_set_as_pdf(twenty: Answer) -> None:
    pytest.importorskip("typst")
    made = render(twenty, "pdf", audience="patient")
    assert isinstance(made, bytes)
    assert made.startswith(b"%PDF-")


def test_a_question_is_never_run(met: Answer) -> None:
    pytest.importorskip("typst")
    asked = dataclasses.replace(met, question='#panic("ran") $x$ #import "x.typ" <y> @z?')
    assert isinstance(render(asked, "pdf"), bytes)
