"""Stories in which everything was approved: by a nurse who finds criteria met, or by a physician who overrides."""

from __future__ import annotations

from typing import Any, Final

from .cast import CLINIC, HEADACHE, NURSE, NURSE_2, PHYSICIAN, PHYSICIAN_2
from .play import Story
from .requests import ADVANTAGE, AETNA, EMERGENCY, MIGRAINE, TRIGGER_POINT, occipital_test, toxin
from .steps_asking import Answers, Submits
from .steps_deciding import Approves, Tells
from .steps_review import Reads, Refers, Takes


def by_nurse(
    name: str,
    ago: float,
    days: float,
    member: str,
    *,
    nurse: str = NURSE,
    urgency: Any = "standard",
    **asked: Any,
) -> Story:
    """A story that a nurse approves after so many days, because everything meets criteria."""
    return Story(
        id=name,
        ago=ago,
        by=HEADACHE,
        steps=(
            Submits(ago - 0.1, HEADACHE, member, CLINIC, urgency),
            Takes(ago - days / 2, nurse),
            Approves(ago - days, nurse),
            Tells(ago - days - 0.02, nurse),
        ),
        **asked,
    )


APPROVED: Final = (
    by_nurse(
        "approved-expedited",
        68.3,
        1.2,
        "Mara Example",
        urgency="expedited",
        question=MIGRAINE,
        facts=(*EMERGENCY, *ADVANTAGE),
    ),
    by_nurse("approved-occipital", 63.4, 3.1, "Theo Sample", request=occipital_test("present")),
    by_nurse("approved-trigger-point", 57.2, 2.4, "Lena Specimen", request=TRIGGER_POINT),
    by_nurse("approved-toxin", 52.5, 4.6, "Hugo Fiction", nurse=NURSE_2, request=toxin(18, 10)),
    by_nurse(
        "approved-expedited-2",
        45.1,
        0.9,
        "Iris Invented",
        nurse=NURSE_2,
        urgency="expedited",
        question=MIGRAINE,
        facts=(*EMERGENCY, *ADVANTAGE),
    ),
    by_nurse("approved-occipital-2", 38.6, 2.8, "Noah Mock", request=occipital_test("present")),
    by_nurse(
        "approved-late",
        29.7,
        9.2,
        "Vera Pretend",
        nurse=NURSE_2,
        question=MIGRAINE,
        facts=(*EMERGENCY, *ADVANTAGE),
    ),
    by_nurse("approved-toxin-2", 17.4, 3.3, "Otto Imagined", request=toxin(22, 12)),
    by_nurse("approved-trigger-point-2", 11.8, 2.2, "Ella Madeup", request=TRIGGER_POINT),
    Story(
        id="approved-after-reading",
        ago=30.4,
        by=HEADACHE,
        question=MIGRAINE,
        facts=ADVANTAGE,
        notes=("headache-clinic-note.txt",),
        steps=(
            Answers(30.3, HEADACHE, ("intent=acute", "setting=office")),
            Submits(30.2, HEADACHE, "Clara Notional", CLINIC),
            Takes(29.1, NURSE),
            Reads(28.9, NURSE),
            Approves(28.8, NURSE),
            Tells(28.7, NURSE),
        ),
    ),
    Story(
        id="approved-by-override",
        ago=60.6,
        by=HEADACHE,
        question="Is 64405 medically necessary for chronic migraine (G43.709)?",
        facts=("intent=prevention", *ADVANTAGE),
        steps=(
            Submits(60.5, HEADACHE, "Bruno Example", CLINIC),
            Takes(59.2, NURSE),
            Refers(58.8, NURSE, "The guideline neither supports nor opposes this use."),
            Takes(56.4, PHYSICIAN),
            Approves(
                55.2,
                PHYSICIAN,
                "Three preventive drugs could not be taken for her heart disease, and two earlier blocks gave "
                "six weeks of relief each.",
            ),
            Tells(55.1, PHYSICIAN),
        ),
    ),
    Story(
        id="approved-by-override-2",
        ago=33.3,
        by=HEADACHE,
        question="Is 64405 medically necessary for G43.719?",
        facts=(*EMERGENCY, *AETNA),
        steps=(
            Submits(33.2, HEADACHE, "Frieda Sample", CLINIC),
            Takes(31.5, NURSE),
            Refers(31.2, NURSE, "The plan's bulletin calls it unproven, the guideline advises it."),
            Takes(29.4, PHYSICIAN_2),
            Approves(
                27.6,
                PHYSICIAN_2,
                "She is pregnant and cannot take a triptan; the block is the safest treatment of this attack.",
            ),
            Tells(27.5, PHYSICIAN_2),
        ),
    ),
)
