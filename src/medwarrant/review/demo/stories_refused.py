"""Stories in which a physician gave less than was asked."""

from __future__ import annotations

from typing import Final

from ..tied import LineSaid
from .cast import CENTER, CLINIC, HEADACHE, NURSE, NURSE_2, PHYSICIAN, PHYSICIAN_2, SPINE
from .play import Story
from .requests import ADVANTAGE, EMERGENCY, NOT_EVALUATED, toxin
from .steps_asking import Submits
from .steps_deciding import Signs, Tells
from .steps_review import Asks, Comments, EndsTalk, OffersTalk, Refers, Takes, WaitsNoMore

#: What came of a talk that nobody took up.
NO_CALL: Final = "Nobody called back before the end of the next working day."


def refused(reason: str, *criteria: str, line: int = 0, plain: str = "") -> LineSaid:
    """A line that is not approved, with its reason and what that is tied to."""
    return LineSaid(
        line=line, decided="not_approved", reason=reason, criteria=criteria, member_reason=plain
    )


LESS: Final = (
    Story(
        id="partially-approved",
        ago=50.7,
        by=HEADACHE,
        question="Are 64405 and 20553 medically necessary for G43.919?",
        facts=(*EMERGENCY, *ADVANTAGE, "trigger-points=absent"),
        steps=(
            Submits(50.6, HEADACHE, "Gustav Fiction", CLINIC),
            Takes(49.3, NURSE),
            Comments(49.2, NURSE, "The first service meets criteria; the second is not listed."),
            Refers(49.1, NURSE, "One of two services does not meet criteria."),
            Takes(47.2, PHYSICIAN),
            OffersTalk(46.8, PHYSICIAN),
            EndsTalk(45.6, PHYSICIAN, "unanswered", NO_CALL),
            Signs(
                45.4,
                PHYSICIAN,
                "partially_approved",
                (
                    LineSaid(line=0, decided="approved"),
                    refused(
                        "The examination found no trigger points, and migraine alone is not among the conditions "
                        "for which the policy covers this injection.",
                        "diagnosis-not-listed",
                        line=1,
                        plain="Your doctor found no trigger points, the tight knots that this shot treats.",
                    ),
                ),
            ),
            Tells(45.3, PHYSICIAN),
        ),
    ),
    Story(
        id="modified",
        ago=42.4,
        by=HEADACHE,
        request=NOT_EVALUATED,
        steps=(
            Submits(42.3, HEADACHE, "Hilda Placeholder", CLINIC),
            Takes(40.9, PHYSICIAN_2),
            OffersTalk(40.2, PHYSICIAN_2),
            EndsTalk(
                38.7,
                PHYSICIAN_2,
                "held",
                "The neurologist agreed to image the neck before any further block is planned.",
            ),
            Signs(
                36.4,
                PHYSICIAN_2,
                "modified",
                (
                    LineSaid(
                        line=0,
                        decided="modified",
                        words="One block, once the evaluation of the headache is complete.",
                        reason="Other causes of the pain were not looked for before the block was requested.",
                        member_reason="Your doctor should first look for other causes of your headache.",
                        criteria=("other-causes-excluded-first",),
                    ),
                ),
            ),
            Tells(36.3, PHYSICIAN_2),
        ),
    ),
    Story(
        id="adverse-told",
        ago=48.9,
        by=HEADACHE,
        request=toxin(9, 4),
        steps=(
            Submits(48.8, HEADACHE, "Jonas Specimen", CLINIC),
            Takes(47.0, NURSE_2),
            Refers(46.1, NURSE_2, "Fewer headache days than the policy asks for."),
            Takes(44.4, PHYSICIAN),
            OffersTalk(43.1, PHYSICIAN),
            EndsTalk(
                41.8,
                PHYSICIAN,
                "held",
                "The treating side confirmed nine headache days a month in the diary.",
            ),
            Signs(
                40.3,
                PHYSICIAN,
                "adverse",
                tuple(
                    refused(
                        "The headache diary shows nine headache days a month, where the policy asks for fifteen.",
                        "fifteen-headache-days",
                        line=line,
                        plain="Your diary shows nine headache days a month. Your plan asks for fifteen.",
                    )
                    for line in (0, 1)
                ),
            ),
            Tells(40.2, PHYSICIAN),
        ),
    ),
    Story(
        id="adverse-not-answered",
        ago=53.6,
        by=SPINE,
        question="Is 64483 medically necessary for M54.16?",
        facts=("payer=bcbs-massachusetts", "line_of_business=commercial", "state=MA"),
        steps=(
            Submits(53.5, SPINE, "Karla Madeup", CENTER),
            Takes(52.9, PHYSICIAN_2),
            Asks(52.4, PHYSICIAN_2, 4, "Please send the notes of the physical therapy."),
            WaitsNoMore(
                45.9,
                PHYSICIAN_2,
                "Two reminders by phone brought no therapy notes from the office.",
            ),
            OffersTalk(45.7, PHYSICIAN_2),
            EndsTalk(44.4, PHYSICIAN_2, "unanswered", NO_CALL),
            Signs(
                43.5,
                PHYSICIAN_2,
                "adverse",
                (
                    refused(
                        "The chart holds no notes of four weeks of therapy, and the office sent none when asked.",
                        "four-weeks-therapy",
                        plain="We asked your doctor for notes of four weeks of therapy, and none came.",
                    ),
                ),
            ),
            Tells(43.4, PHYSICIAN_2),
        ),
    ),
)
