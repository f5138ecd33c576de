"""What goes on beside the cases: policies under editorial review, and blind second reviews of a sample."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from ..cases import find_case
from ..content import ContentStatus, review_content, standing_of
from ..people import Person
from ..second_reviews import (
    SecondAnswers,
    SecondOutcome,
    SecondReview,
    answer_drawn,
    answer_second_review,
    decision_on,
    leaves_asked,
    second_reviews_open,
    take_second_review,
)
from ..second_sample import draw
from ..work import Work
from .cast import AUDITOR, EDITOR, NURSE, NURSE_2, PHYSICIAN, PHYSICIAN_2
from .play import Play

#: When, which policy, what the editor says of it, and why.
WORDS: Final[tuple[tuple[float, str, ContentStatus, str], ...]] = (
    (
        69.5,
        "greater-occipital-nerve-block/migraine",
        "approved",
        "Demonstration: compared each criterion with the quotes of its sources.",
    ),
    (
        58.5,
        "centene/occipital-nerve-block",
        "approved",
        "Demonstration: compared the wording with the policy, and ran its examples.",
    ),
    (
        22.5,
        "trigger-point-injection/myofascial-pain",
        "submitted",
        "Demonstration: a question on the therapy criterion is open.",
    ),
    (
        21.5,
        "trigger-point-injection/myofascial-pain",
        "under_review",
        "Demonstration: the question is with the author.",
    ),
)
SAMPLE: Final = "Demonstration sample"
#: So many of the sample stay unanswered, so that there is something to do.
LEFT_OPEN: Final = 3
#: Every so many answers to a criterion differ from the first reviewer's.
_DIFFERS: Final = 9
_REVIEWERS: Final = (NURSE, NURSE_2, PHYSICIAN, PHYSICIAN_2)


def say_of_content(play: Play, policy: str, status: ContentStatus, note: str) -> None:
    """Say, as the editor, where a policy stands."""
    with play.work(EDITOR) as work:
        digest = standing_of(work.connection, play.desk.medwarrant.library, policy).digest
        review_content(work, policy, status, note, digest=digest)


def review_a_sample(play: Play) -> int:
    """Draw the cases that stand decided, and let those who took no part answer most; how many were answered.

    All of them are drawn, because the seed of a smaller sample is another one in every desk.
    """
    with play.work(AUDITOR) as work:
        drawn = draw(work, SAMPLE, since=work.now - timedelta(days=90), until=work.now, size=1_000)
    places = {case: place for place, case in enumerate(_by_number(play, drawn.drawn))}
    answered = 0
    for login in _REVIEWERS:
        person = play.people[login]
        for found in _open_to(play, person):
            place = places[found.case_id]
            if place < len(places) - LEFT_OPEN:
                _answer(play, login, found, place)
                answered += 1
    return answered


def _by_number(play: Play, cases: tuple[str, ...]) -> list[str]:
    with play.work(AUDITOR) as work:
        return sorted(cases, key=lambda case: find_case(work.connection, case).number)


def _open_to(play: Play, person: Person) -> list[SecondReview]:
    with play.desk.work(person) as work:
        return second_reviews_open(work)


def _answer(play: Play, login: str, found: SecondReview, place: int) -> None:
    with play.work(login) as work:
        take_second_review(work, found.id)
    with play.work(login) as work:
        answer_second_review(work, found.id, _answers(work, found, place))


def _answers(work: Work, found: SecondReview, place: int) -> SecondAnswers:
    """What the second reviewer says: mostly the same as the first, as it is where criteria are clear."""
    criteria: dict[str, dict[str, str]] = {}
    for number, (key, _, leaf) in enumerate(leaves_asked(answer_drawn(work, found)), start=place):
        said = leaf.status if leaf.status in ("met", "not_met") else "missing"
        if number % _DIFFERS == 0:
            said = "missing" if said == "met" else "met"
        criteria.setdefault(key, {})[leaf.id] = said
    decision = decision_on(work, found)
    lines = decision.said().lines if decision else ()
    outcomes: list[SecondOutcome] = [line.decided for line in lines]
    if place % 5 == 0:
        outcomes[0] = "needs_information"
    return SecondAnswers(
        criteria=criteria,
        outcomes=tuple(outcomes),
        remarks="Demonstration: an invented second opinion.",
    )
