"""The request for information: what is missing, why, what closes it, by when and how."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from medwarrant import Answer, InputError
from medwarrant.report.letters import (
    Asked,
    Correspondence,
    InformationAsked,
    Letter,
    asked_of,
    information_request_letter,
    letter_text,
    missing_criteria,
)
from medwarrant.report.letters.letter import Boxed, Line, Listed


def asked(*entries: Asked, **more: object) -> InformationAsked:
    told = {"asked": entries, "answer_by": date(2026, 12, 8), **more}
    return InformationAsked(**told)  # type: ignore[arg-type]


def wanted(letter: Letter) -> tuple[Line, ...]:
    part = next(one for one in letter.parts if one.id == "asked")
    return next(block.lines for block in part.blocks if isinstance(block, Listed))


def test_each_point_says_what_why_and_what_closes_it(open_: Answer, to: Correspondence) -> None:
    made = information_request_letter(open_, asked(*missing_criteria(open_)), to)
    (line,) = wanted(made)
    assert line.lead == "Acute drug treatment was inadequate, not tolerated or contraindicated."
    told = [f"{inner.lead} {inner.text}".strip() for inner in line.inner]
    assert told == [
        "Which drugs were tried, for what, how long, and with what result?",
        "Why we ask: A condition for migraine, acute treatment outside the emergency department. Asked by the editors of the library: the controlled trial enrolled patients whose first-line drug had failed, and no source that was read tested the block in clinics before acute drugs.",
        "What closes it: Medication history with the acute drugs, doses, dates and results.",
    ]
    assert line.inner[1].cites
    assert made.audience == "practice"
    assert made.to[0] == "Springfield Clinic"


def test_it_says_that_nothing_is_decided_by_when_and_how_to_answer(
    open_: Answer, to: Correspondence
) -> None:
    online = msgspec.structs.replace(to, online="Answers page of the plan")
    made = information_request_letter(
        open_, asked(*missing_criteria(open_), words="Thank you.", asked_by="Tom Example"), online
    )
    text = " ".join(letter_text(made).split())
    for said in (
        "We have not decided yet",
        "Please answer by December 8, 2026",
        "By fax: 1-800-555-0101",
        "Online: Answers page of the plan",
        "By post: Blue Hill Health Plan, 100 Main Street, Springfield, IL 62701",
        "Write case number C-2026-0173 on each page.",
        "From the reviewer",
        "Thank you.",
        "Asked by Tom Example",
    ):
        assert said in text
    boxed = [b for one in made.parts for b in one.blocks if isinstance(b, Boxed)]
    assert [one.title for one in boxed] == ["Please answer by December 8, 2026"]


def test_a_provisional_determination_may_be_asked_about(
    provisional: Answer, to: Correspondence
) -> None:
    made = information_request_letter(
        provisional, asked(Asked(about="words", words="Please confirm the setting.")), to
    )
    assert [line.text for line in wanted(made)] == ["Please confirm the setting."]


def test_documents_facts_and_words_can_be_asked_for(four: Answer) -> None:
    document = four.determination.documents[0]
    lines = asked_of(
        four,
        (
            Asked(about="document", id=document.id),
            Asked(about="fact", id="drug-trial", service="64405"),
            Asked(about="words", words="The report of the scan", diagnosis="M79.12"),
        ),
    )
    assert lines[0].lead.rstrip(".") in document.what
    assert lines[1].inner[0].text.startswith("Which drugs")
    assert lines[1].note == "for 64405 for M79.12 and G43.919"
    assert (lines[2].text, lines[2].origin) == ("The report of the scan.", "person")
    assert lines[2].note == "for 20553 for M79.12; 64405 for M79.12"


def test_what_several_pairs_miss_alike_is_asked_once(medwarrant, as_of: date) -> None:
    request = {
        "services": ["64493"],
        "diagnoses": ["M47.816", "M47.817"],
        "facts": [{"intent": "diagnostic"}],
        "coverage": {"payer": "medicare", "state": "CA"},
    }
    answer = medwarrant.determine(request, as_of=as_of)
    lines = asked_of(answer, missing_criteria(answer))
    leads = [line.lead for line in lines]
    assert len(leads) == len(set(leads)) == len(missing_criteria(answer)) > 5
    assert not [line.note for line in lines if line.note]


def test_every_missing_criterion_of_every_policy_can_be_asked_for(
    by_policy: dict[str, list[Answer]],
) -> None:
    for policy, answers in by_policy.items():
        for answer in answers:
            for one in missing_criteria(answer):
                (first, *_) = asked_of(answer, (one,))
                assert first.lead, (policy, one)
                assert first.inner, (policy, one)


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ((), "nothing is asked for"),
        ((Asked(about="criterion", id="nothing-like-it"),), "holds no criterion"),
        (
            (Asked(about="criterion", id="acute-drugs-inadequate", service="1"),),
            "holds no criterion",
        ),
        ((Asked(about="document", id="document-99"),), "holds no document"),
        ((Asked(about="fact", id="shoe-size"),), "holds no fact"),
        ((Asked(about="fact", id="drug-trial", diagnosis="X"),), "holds no fact"),
        ((Asked(about="words", words=" "),), "has none"),
    ],
)
def test_what_the_record_does_not_hold_is_refused(
    open_: Answer, to: Correspondence, entries: tuple[Asked, ...], says: str
) -> None:
    with pytest.raises(InputError, match=says):
        information_request_letter(open_, asked(*entries), to)


def test_a_letter_that_cannot_be_answered_is_refused(open_: Answer, to: Correspondence) -> None:
    wish = asked(*missing_criteria(open_))
    mute = msgspec.structs.replace(to, phone="", fax="", online="", plan_address=())
    with pytest.raises(InputError, match="how the practice can answer"):
        information_request_letter(open_, wish, mute)
    early = msgspec.structs.replace(wish, answer_by=to.dated - timedelta(days=1))
    with pytest.raises(InputError, match="before the letter's own"):
        information_request_letter(open_, early, to)
    with pytest.raises(InputError, match="requester"):
        information_request_letter(open_, wish, msgspec.structs.replace(to, requester=""))
