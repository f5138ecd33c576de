"""The page on the rules of the desk lists what there is."""

from __future__ import annotations

import re
from pathlib import Path

from medwarrant.review.content import CONTENT_STATUSES
from medwarrant.review.setting_values import KINDS
from medwarrant.review.states import ACTS, STATES

PAGE = (Path(__file__).parents[2] / "docs" / "review-desk.md").read_text(encoding="utf-8")


def named(heading):
    """The words in code type in the first column of the tables under a heading."""
    part = re.split(r"^## ", PAGE, flags=re.M)
    (text,) = [one for one in part if one.startswith(heading)]
    cells = re.findall(r"^\| (.+?) \|", text, flags=re.M)
    return [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]


def test_every_state_and_act_is_there():
    assert named("States") == [*STATES, *(act for act in ACTS)]


def test_every_setting_is_there():
    assert named("Settings") == list(KINDS)


def test_every_status_of_content_is_there():
    assert all(f"`{status}`" in PAGE for status in CONTENT_STATUSES)
