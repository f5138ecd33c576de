"""Answers that follow-ups are asked of, and what a reply says in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from medwarrant import Answer, Medwarrant

HERE = Path(__file__).parent


def load(name: str) -> dict[str, Any]:
    return yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))


@pytest.fixture(scope="session")
def answers(medwarrant: Medwarrant, as_of) -> dict[str, Answer]:
    """The answers of follow_ups.yaml by name."""
    return {
        name: medwarrant.ask(
            given["question"], payer=given.get("payer"), state=given.get("state"), as_of=as_of
        )
        for name, given in load("follow_ups")["answers"].items()
    }
