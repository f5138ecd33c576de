"""Stories that are still going on: waiting, in review, with a physician, or awaiting information."""

from __future__ import annotations

from typing import Final

from .cast import CENTER, CLINIC, HEADACHE, NURSE, NURSE_2, PHYSICIAN, SPINE
from .play import Story
from .requests import ADVANTAGE, AETNA, EMERGENCY, MIGRAINE, occipital_test
from .steps_asking import Submits
from .steps_review import (
    Asks,
    Comments,
    Extends,
    OffersTalk,
    Pauses,
    Reads,
    Refers,
    Sends,
    Takes,
    WritesChecklist,
)

_TRIGGER_POINT: Final = "Is 20553 medically necessary for M79.12?"

WAITING: Final = (
    Story(
        id="received",
        ago=2.2,
        by=HEADACHE,
        question="Is 64405 medically necessary for episodic cluster headache (G44.019)?",
        facts=(
            "intent=prevention",
            "steroid-in-injectate=present",
            "line_of_business=commercial",
            "state=CA",
        ),
        steps=(Submits(2.1, HEADACHE, "Ulrich Sample", CLINIC),),
    ),
    Story(
        id="received-due-in-hours",
        ago=2.9,
        by=HEADACHE,
        question=MIGRAINE,
        facts=(*EMERGENCY, *ADVANTAGE),
        steps=(Submits(2.85, HEADACHE, "Wanda Fiction", CLINIC, "expedited"),),
    ),
    Story(
        id="received-overdue",
        ago=9.3,
        by=SPINE,
        question="Is 64493 medically necessary for M47.816?",
        facts=ADVANTAGE,
        steps=(Submits(9.2, SPINE, "Xaver Specimen", CENTER),),
    ),
    Story(
        id="entered-by-fax",
        ago=1.4,
        by=NURSE_2,
        question=MIGRAINE,
        facts=ADVANTAGE,
        steps=(Submits(1.3, NURSE_2, "Yvonne Madeup", CLINIC, "standard", 4.3),),
    ),
)

WITH_NURSE: Final = (
    Story(
        id="facts-unread",
        ago=3.4,
        by=HEADACHE,
        question="Are 64615 and J0585 medically necessary for chronic migraine (G43.709)?",
        facts=ADVANTAGE,
        notes=("neurology-note.txt",),
        steps=(
            Submits(3.3, HEADACHE, "Zelda Notional", CLINIC),
            Takes(1.8, NURSE),
        ),
    ),
    Story(
        id="facts-accepted",
        ago=4.9,
        by=SPINE,
        question=_TRIGGER_POINT,
        facts=ADVANTAGE,
        notes=("muscle-clinic-note.txt",),
        steps=(
            Submits(4.8, SPINE, "Arno Invented", CENTER),
            Takes(3.6, NURSE_2),
            Reads(
                3.4,
                NURSE_2,
                (
                    (
                        "therapy",
                        "therapy={kind: physical-therapy, duration: 7 weeks, outcome: failed}",
                    ),
                ),
                (),
                ("movement-limited=present",),
                "The therapist's dates come to seven weeks; limited turning of the neck is on page 2.",
            ),
            Comments(
                3.3,
                NURSE_2,
                "Taut band and referred pain are both described on examination.",
                "20553",
                "two-signs",
            ),
            Comments(3.2, NURSE_2, "The nodule and the phase are still open; ask for them next."),
        ),
    ),
    Story(
        id="extended",
        ago=10.6,
        by=SPINE,
        question="Is 62323 medically necessary for M54.16?",
        facts=ADVANTAGE,
        notes=("spine-clinic-note.txt",),
        steps=(
            Submits(10.5, SPINE, "Berta Mock", CENTER),
            Takes(8.7, NURSE),
            Reads(8.5, NURSE),
            Extends(
                5.2,
                NURSE,
                7,
                "The images are with another hospital, and the practice needs days to get them.",
                "Called the member and the practice on this day, and wrote to both why it takes longer.",
            ),
            WritesChecklist(5.1, NURSE),
        ),
    ),
    Story(
        id="information-answered",
        ago=6.8,
        by=SPINE,
        question=_TRIGGER_POINT,
        facts=ADVANTAGE,
        steps=(
            Submits(6.7, SPINE, "Cosima Pretend", CENTER),
            Takes(5.9, NURSE),
            Asks(5.6, NURSE, 5),
            Sends(
                1.2,
                SPINE,
                ("phase=initial", "focal-pain=present"),
                ("therapy-report.txt",),
                "The therapist's report is attached.",
            ),
        ),
    ),
)

WITH_PHYSICIAN: Final = (
    Story(
        id="talk-offered",
        ago=8.4,
        by=HEADACHE,
        question="Is 64405 medically necessary for M54.2?",
        facts=AETNA,
        steps=(
            Submits(8.3, HEADACHE, "Dieter Sample", CLINIC),
            Takes(6.9, NURSE),
            Refers(6.6, NURSE, "The plan's policy does not support the block for neck pain."),
            Takes(3.1, PHYSICIAN),
            Comments(
                2.9, PHYSICIAN, "The chart names neck pain alone; headache would change this."
            ),
            OffersTalk(1.1, PHYSICIAN),
        ),
    ),
    Story(
        id="referred",
        ago=5.4,
        by=HEADACHE,
        question="Is 64405 medically necessary for occipital neuralgia (M54.81)?",
        facts=(
            "payer=unitedhealthcare",
            "line_of_business=commercial",
            "state=TX",
            "intent=therapeutic",
        ),
        steps=(
            Submits(5.3, HEADACHE, "Erika Example", CLINIC),
            Takes(3.9, NURSE_2),
            Refers(0.9, NURSE_2, "The plan's policy calls it unproven for this diagnosis."),
        ),
    ),
)

AWAITING: Final = (
    Story(
        id="information-asked",
        ago=4.6,
        by=SPINE,
        question=_TRIGGER_POINT,
        facts=ADVANTAGE,
        steps=(
            Submits(4.5, SPINE, "Fabian Fiction", CENTER),
            Takes(3.2, NURSE),
            Asks(2.7, NURSE, 4, "A copy of the examination is enough."),
        ),
    ),
    Story(
        id="paused",
        ago=5.9,
        by=HEADACHE,
        request=occipital_test(None),
        steps=(
            Submits(5.8, HEADACHE, "Gerda Specimen", CLINIC),
            Takes(4.4, NURSE_2),
            Asks(4.1, NURSE_2),
            Pauses(
                4.0, NURSE_2, "The clock stands still until the practice sends the examination."
            ),
        ),
    ),
)

GOING_ON: Final = (*WAITING, *WITH_NURSE, *WITH_PHYSICIAN, *AWAITING)
