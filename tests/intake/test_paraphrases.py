"""Questions in other words give the same determination: the same digest."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from medwarrant import Medwarrant

GROUPS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "paraphrases.yaml").read_text("utf-8")
)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group["same"])
def test_other_words_same_digest(
    group: dict[str, Any], medwarrant: Medwarrant, as_of: date
) -> None:
    digests: dict[str, str] = {}
    for question in group["questions"]:
        digests.setdefault(medwarrant.ask(question, as_of=as_of).digest, question)
    assert len(digests) == 1, list(digests.values())


def test_groups_differ_from_each_other(medwarrant: Medwarrant, as_of: date) -> None:
    digests = {medwarrant.ask(group["questions"][0], as_of=as_of).digest for group in GROUPS}
    assert len(digests) > len(GROUPS) * 0.8


def test_there_are_enough_paraphrases() -> None:
    assert len(GROUPS) >= 20
    assert sum(len(set(group["questions"])) for group in GROUPS) >= 200


FRAMES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "paraphrase_frames.yaml").read_text("utf-8")
)


def framed(case: dict[str, Any]) -> list[str]:
    """A case in every frame, its wordings taken in turn."""
    parts = ("service", "diagnosis", "told")
    return [
        frame.format(
            **{part: case[part][(at + shift) % len(case[part])] for shift, part in enumerate(parts)}
        )
        for at, frame in enumerate(FRAMES["frames"])
    ]


@pytest.mark.parametrize("case", FRAMES["cases"], ids=lambda case: case["same"])
def test_other_frames_same_digest(
    case: dict[str, Any], medwarrant: Medwarrant, as_of: date
) -> None:
    digests: dict[str, str] = {}
    for question in framed(case):
        digests.setdefault(medwarrant.ask(question, as_of=as_of).digest, question)
    assert len(digests) == 1, list(digests.values())


def test_there_are_enough_frames() -> None:
    assert len(FRAMES["cases"]) >= 20
    assert len(set(FRAMES["frames"])) >= 10
