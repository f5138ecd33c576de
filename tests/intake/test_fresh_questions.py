"""Ninety questions written before it was looked at how they are read: every label, and nothing beyond them."""

from __future__ import annotations

import importlib.util
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from medwarrant import Medwarrant
from medwarrant.intake.question import read_question

HERE = Path(__file__).parent
_SPEC = importlib.util.spec_from_file_location(
    "reading_labels", HERE.parents[1] / "benchmarks" / "reading_labels.py"
)
assert _SPEC is not None and _SPEC.loader is not None
labelling = importlib.util.module_from_spec(_SPEC)
sys.modules["reading_labels"] = labelling  # dataclasses look their module up
_SPEC.loader.exec_module(labelling)
FRESH: list[dict[str, Any]] = yaml.safe_load((HERE / "fresh_questions.yaml").read_text("utf-8"))


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param(
            each,
            id=each["question"][:60],
            # strict: what is read one day is to lose its mark
            marks=[pytest.mark.xfail(reason="not read yet", strict=True)]
            if each.get("not_yet")
            else [],
        )
        for each in FRESH
    ],
)
def test_fresh_question_is_read_as_labelled(
    labels: dict[str, Any], medwarrant: Medwarrant, as_of: date
) -> None:
    reading = read_question(labels["question"], medwarrant.library, medwarrant.icd, as_of=as_of)
    tally = labelling.Tally()
    labelling.compare(labels, reading, medwarrant.library, tally)
    assert tally.wrong == []
