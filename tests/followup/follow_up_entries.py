"""The follow-ups of the tests, from all files of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
FILES = (
    "follow_ups",
    "unseen_follow_ups",
    "held_out_follow_ups",
    "corrected_follow_ups",
    "last_follow_ups",
)


def entries_of(name: str) -> list[dict[str, Any]]:
    """The follow-ups of one file."""
    return yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))["follow_ups"]


ENTRIES = [entry for name in FILES for entry in entries_of(name)]
