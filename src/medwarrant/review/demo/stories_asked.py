"""Questions that were asked and followed up, and not submitted for review."""

from __future__ import annotations

from typing import Final

from .cast import HEADACHE, SPINE
from .play import Story
from .requests import ADVANTAGE
from .steps_asking import Answers, FollowsUp, Shares

ASKED: Final = (
    Story(
        id="asked-and-followed-up",
        ago=13.3,
        by=HEADACHE,
        question="Are nerve blocks (64405, 20553) medically necessary for intractable migraine and fibromyalgia?",
        steps=(
            FollowsUp(13.2, HEADACHE, "It is for an acute attack, in the emergency department"),
            FollowsUp(13.1, HEADACHE, "Why is 20553 not supported for fibromyalgia?"),
            FollowsUp(12.4, HEADACHE, "What would Aetna say?"),
            FollowsUp(
                12.3, HEADACHE, "What does the evidence say on occipital nerve block for migraine?"
            ),
            Shares(12.2, HEADACHE),
        ),
    ),
    Story(
        id="asked-and-answered",
        ago=7.3,
        by=HEADACHE,
        question="Is 64405 medically necessary for G43.919?",
        steps=(
            Answers(7.2, HEADACHE, ("intent=acute",)),
            Answers(7.1, HEADACHE, ("setting=emergency",)),
        ),
    ),
    Story(
        id="asked-with-a-note",
        ago=1.9,
        by=SPINE,
        question="Is 62323 medically necessary for M54.16?",
        facts=ADVANTAGE,
        notes=("spine-clinic-note.txt",),
        steps=(FollowsUp(1.7, SPINE, "What is missing?"),),
    ),
)
