"""Stories that were taken up again after their decision, by appeal or reopening, and those that were withdrawn."""

from __future__ import annotations

from typing import Any, Final

from .cast import CENTER, CLINIC, HEADACHE, NURSE, NURSE_2, PHYSICIAN, PHYSICIAN_2, SPINE
from .play import Step, Story
from .requests import ADVANTAGE, AETNA, occipital_test
from .steps_asking import Submits
from .steps_deciding import Appeals, Approves, Reopens, Signs, Tells
from .steps_review import EndsTalk, OffersTalk, Refers, Takes, Withdraws
from .stories_refused import NO_CALL, refused


def decided_against(
    payer: str, state: str, ago: float, member: str, first: str, criterion: str = "headache"
) -> dict[str, Any]:
    """An occipital block for occipital neuralgia that a plan's policy speaks against, and a physician refuses."""
    return {
        "ago": ago,
        "by": HEADACHE,
        "question": "Is 64405 medically necessary for occipital neuralgia (M54.81)?",
        "facts": (
            f"payer={payer}",
            "line_of_business=commercial",
            f"state={state}",
            "intent=therapeutic",
        ),
        "steps": (
            Submits(ago - 0.1, HEADACHE, member, CLINIC),
            Takes(ago - 1.4, first),
            OffersTalk(ago - 2.2, first),
            EndsTalk(ago - 4.1, first, "declined", "The office did not want a talk."),
            Signs(
                ago - 5.3,
                first,
                "adverse",
                (
                    refused(
                        "The plan's policy calls the block unproven for occipital neuralgia, and the chart gives "
                        "no ground for an exception.",
                        criterion,
                        plain="Your plan's rules call this shot unproven for your kind of headache.",
                    ),
                ),
            ),
            Tells(ago - 5.4, first),
        ),
    }


def story_again(name: str, told: dict[str, Any], *steps: Step) -> Story:
    """A story that went on after its decision."""
    return Story(id=name, **{**told, "steps": (*told["steps"], *steps)})


AGAIN: Final = (
    story_again(
        "appeal-upheld",
        decided_against("bcbs-alabama", "AL", 66.2, "Ludwig Sample", PHYSICIAN),
        Appeals(
            50.1, HEADACHE, "The practice asks for another look; the pain keeps the patient awake."
        ),
        Takes(47.3, PHYSICIAN_2),
        OffersTalk(46.2, PHYSICIAN_2),
        EndsTalk(44.1, PHYSICIAN_2, "unanswered", NO_CALL),
        Signs(
            41.2,
            PHYSICIAN_2,
            "adverse",
            (
                refused(
                    "The appeal brought no new finding, and the policy speaks against the block for this pain.",
                    "headache",
                    plain="Your appeal brought nothing new, and the rules call this shot unproven.",
                ),
            ),
        ),
        Tells(41.1, PHYSICIAN_2),
    ),
    story_again(
        "appeal-overturned",
        decided_against("unitedhealthcare", "TX", 55.9, "Martha Notional", PHYSICIAN),
        Appeals(
            40.8,
            NURSE,
            "By phone: the member sends the letter of a neurologist.",
            "Martha Notional",
            "expedited",
        ),
        Takes(40.1, PHYSICIAN_2),
        Approves(
            39.4,
            PHYSICIAN_2,
            "The neurologist's letter shows lasting relief from a test block and no drug that she tolerates.",
        ),
        Tells(39.3, PHYSICIAN_2),
    ),
    story_again(
        "appeal-waiting",
        decided_against("bcbs-alabama", "AL", 27.7, "Rudolf Notional", PHYSICIAN_2),
        Appeals(2.6, HEADACHE, "The practice sends a pain diary of the last month."),
    ),
    Story(
        id="appeal-open",
        ago=20.6,
        by=HEADACHE,
        request=occipital_test("absent"),
        steps=(
            Submits(20.5, HEADACHE, "Paula Invented", CLINIC),
            Takes(19.2, NURSE_2),
            Refers(18.8, NURSE_2, "The features of the classification are documented as absent."),
            Takes(17.7, PHYSICIAN),
            OffersTalk(17.1, PHYSICIAN),
            EndsTalk(15.9, PHYSICIAN, "unanswered", NO_CALL),
            Signs(
                15.2,
                PHYSICIAN,
                "adverse",
                (
                    refused(
                        "The note says that the pain is constant and dull, without the features of the headache "
                        "classification.",
                        "classification-features",
                        plain="Your pain does not have the signs that the rules ask for.",
                    ),
                ),
            ),
            Tells(15.1, PHYSICIAN),
            Appeals(4.2, HEADACHE, "A second examination found shooting pain and tenderness."),
            Takes(2.3, PHYSICIAN_2),
        ),
    ),
    Story(
        id="reopened",
        ago=25.8,
        by=HEADACHE,
        question="Is 64405 medically necessary for fibromyalgia (M79.7)?",
        facts=AETNA,
        steps=(
            Submits(25.7, HEADACHE, "Quentin Mock", CLINIC),
            Takes(24.2, PHYSICIAN_2),
            OffersTalk(23.4, PHYSICIAN_2),
            EndsTalk(21.3, PHYSICIAN_2, "declined", "The office did not want a talk."),
            Signs(
                19.6,
                PHYSICIAN_2,
                "adverse",
                (
                    refused(
                        "Widespread pain is the only diagnosis in the chart, and no source supports a nerve block for it.",
                        "fibromyalgia",
                        plain="No study that we know shows that this shot helps with fibromyalgia.",
                    ),
                ),
            ),
            Tells(19.5, PHYSICIAN_2),
            Reopens(
                1.6,
                NURSE,
                "new_evidence",
                "The practice sent a neurologist's report that names migraine as the cause of the headache.",
            ),
        ),
    ),
)

WITHDRAWN: Final = (
    Story(
        id="withdrawn",
        ago=36.9,
        by=SPINE,
        question="Is 64493 medically necessary for M47.816?",
        facts=ADVANTAGE,
        steps=(
            Submits(36.8, SPINE, "Rosa Example", CENTER),
            Takes(35.6, NURSE),
            Withdraws(34.7, SPINE, "The patient chose physical therapy first."),
        ),
    ),
    Story(
        id="withdrawn-by-phone",
        ago=14.6,
        by=SPINE,
        question="Is 64635 medically necessary for M47.816?",
        facts=("line_of_business=commercial", "state=CA"),
        steps=(
            Submits(14.5, SPINE, "Stefan Pretend", CENTER),
            Takes(13.4, NURSE_2),
            Withdraws(
                12.9, NURSE_2, "The office called: the patient moved away and is treated elsewhere."
            ),
        ),
    ),
)
