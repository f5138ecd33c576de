"""Of the questions that were labelled blind: nothing beyond the text, and no code of the text missed.

How much of the rest is read is measured, not asserted: see benchmarks/reading_questions.py.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from medwarrant import Medwarrant
from medwarrant.intake.question import read_question

BLIND: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "blind_questions.yaml").read_text("utf-8")
)


@pytest.mark.parametrize("labels", BLIND, ids=lambda labels: labels["question"][:60])
def test_codes_of_the_text_are_read(
    labels: dict[str, Any], medwarrant: Medwarrant, as_of: date
) -> None:
    reading = read_question(labels["question"], medwarrant.library, medwarrant.icd, as_of=as_of)
    assert {str(code) for code in labels.get("written", ())} <= {s.code for s in reading.services}


@pytest.mark.parametrize(
    "labels",
    [each for each in BLIND if each.get("not")],
    ids=lambda labels: labels["question"][:60],
)
def test_what_is_denied_is_no_diagnosis(
    labels: dict[str, Any], medwarrant: Medwarrant, as_of: date
) -> None:
    reading = read_question(labels["question"], medwarrant.library, medwarrant.icd, as_of=as_of)
    assert not [d.code for d in reading.diagnoses if d.code.startswith(tuple(labels["not"]))]
