"""Answers, correspondence and decisions that the tests of letters share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import msgspec
import pytest

from medwarrant import Answer, Medwarrant
from medwarrant.examples import request_of
from medwarrant.report.letters import (
    Asked,
    Correspondence,
    DecisionTold,
    InformationAsked,
    LanguageNote,
    Letter,
    LineDecision,
    adverse_notice,
    approval_letter,
    information_request_letter,
    peer_to_peer_brief,
    submission_checklist,
)
from medwarrant.report.letters.grounds import grounds
from medwarrant.report.view import ArticleView, Pair, article_view

HOSTILE = (
    '<script>alert(1)</script> "q" \'q\' &amp; <img src=x onerror=alert(2)> #panic("ran") $x$ @z '
    "\u202edesrever\u202c \u200f nul\x00 bell\x07 esc\x1b[31m </title></style> javascript:alert(3)"
)
DAY = date(2026, 11, 24)
Decide = Callable[..., DecisionTold]


@pytest.fixture(scope="session")
def to() -> Correspondence:
    """A plan, a member and a practice, with every text that the plan supplies."""
    return Correspondence(
        plan="Blue Hill Health Plan",
        plan_address=("100 Main Street", "Springfield, IL 62701"),
        phone="1-800-555-0100",
        fax="1-800-555-0101",
        member="Maria Example",
        member_reference="BH-4411",
        member_address=("12 Oak Lane", "Springfield, IL 62704"),
        requester="Springfield Clinic",
        requester_address=("4 Clinic Way", "Springfield, IL 62702"),
        case_number="C-2026-0173",
        dated=DAY,
        appeal_rights="You can ask us to look at this again.\n\nYou have 65 days to ask.",
        jurisdiction="Medicare Advantage, Illinois",
        peer_to_peer="Call 1-800-555-0102 within 14 days.",
        language_notes=(
            LanguageNote(text="If you speak another language, help is free."),
            LanguageNote(text="Si habla español, la ayuda es gratis.", lang="es"),
        ),
        notices=("An approval is not a promise that we will pay.",),
    )


def line_of(pair: Pair, **told: Any) -> LineDecision:
    """A decision on one pair."""
    item = pair.item
    return LineDecision(service=item.service, line=item.line, diagnoses=(item.diagnosis,), **told)


def decided(view: ArticleView, kind: str = "adverse", **told: Any) -> DecisionTold:
    """A decision on every pair: all approved, or none, each resting on its first grounds."""
    lines = []
    for pair in view.pairs:
        if kind == "approved":
            lines.append(line_of(pair, decided="approved"))
            continue
        known = [ground for ground in grounds(view, pair).values() if ground.counts]
        known.sort(key=lambda ground: ("not_met", "missing", "met").index(ground.status))
        names = tuple(ground.id for ground in known[:3])
        reason = "The rule for this care was not met."
        lines.append(line_of(pair, decided="not_approved", reason=reason, criteria=names))
    made = DecisionTold(
        kind=kind,  # type: ignore[arg-type]
        signed_by="Anna Example",
        credentials="MD",
        signed_on=DAY,
        lines=tuple(lines),
    )
    return msgspec.structs.replace(made, **told)


@pytest.fixture(scope="session")
def decide() -> Decide:
    """`decide(answer, kind, **changes)`: a decision on all pairs of an answer."""

    def made(answer: Answer, kind: str = "adverse", **told: Any) -> DecisionTold:
        return decided(article_view(answer), kind, **told)

    return made


@pytest.fixture(scope="session")
def facet(medwarrant: Medwarrant, as_of: date) -> Answer:
    """One pair under a Medicare policy: a fact that must not be present is, others are missing."""
    request = {
        "services": ["64493"],
        "diagnoses": ["M47.816"],
        "facts": [
            {"intent": "diagnostic"},
            {"untreated-radiculopathy": "present"},
            {"facet-synovial-cyst": "absent"},
        ],
        "coverage": {"payer": "medicare", "state": "CA"},
    }
    return medwarrant.determine(request, as_of=as_of)


@pytest.fixture(scope="session")
def open_(medwarrant: Medwarrant, as_of: date) -> Answer:
    """One pair under the guideline layer that one fact would settle."""
    request = {
        "services": ["64405"],
        "diagnoses": ["G43.919"],
        "facts": [{"intent": "acute"}, {"setting": "office"}],
    }
    return medwarrant.determine(request, as_of=as_of)


@pytest.fixture(scope="session")
def four(medwarrant: Medwarrant, as_of: date) -> Answer:
    """Two services for two diagnoses, without a payer."""
    request = {
        "services": ["20553", "64405"],
        "diagnoses": ["M79.12", "G43.919"],
        "facts": [{"intent": "acute"}, {"setting": "office"}],
    }
    return medwarrant.determine(request, as_of=as_of)


@pytest.fixture(scope="session")
def provisional(medwarrant: Medwarrant, met: Answer) -> Answer:
    """An answer that rests on facts read by the machine."""
    facts = tuple(msgspec.structs.replace(fact, basis="read") for fact in met.reading.request.facts)
    return medwarrant.determine(msgspec.structs.replace(met.reading.request, facts=facts))


def policy_answers(medwarrant: Medwarrant) -> Iterator[tuple[str, Answer]]:
    """For each policy with examples, its first example of each outcome that is expected."""
    taken: set[tuple[str, str]] = set()
    for pack in medwarrant.library.packs:
        for example in pack.examples:
            key = (example.policy or f"examples of {pack.id}", str(example.expect.get("outcome")))
            if key not in taken:
                taken.add(key)
                yield key[0], medwarrant.determine(request_of(medwarrant, example))


@pytest.fixture(scope="session")
def by_policy(medwarrant: Medwarrant) -> dict[str, list[Answer]]:
    """Answers from the packs' examples, by policy."""
    found: dict[str, list[Answer]] = {}
    for policy, answer in policy_answers(medwarrant):
        found.setdefault(policy, []).append(answer)
    return found


def hostile(to: Correspondence) -> Correspondence:
    """The same correspondence, hostile throughout."""
    return msgspec.structs.replace(
        to,
        plan=HOSTILE,
        plan_address=(HOSTILE,),
        phone=HOSTILE,
        fax=HOSTILE,
        online=f"javascript:alert(4) {HOSTILE}",
        member=HOSTILE,
        member_reference=HOSTILE,
        member_address=(HOSTILE,),
        requester=HOSTILE,
        requester_address=(HOSTILE,),
        case_number=HOSTILE,
        appeal_rights=HOSTILE,
        jurisdiction=HOSTILE,
        peer_to_peer=HOSTILE,
        language_notes=(LanguageNote(text=HOSTILE, lang='es" onload="x'),),
        notices=(HOSTILE,),
    )


@pytest.fixture(scope="session")
def hostile_letters(facet: Answer, to: Correspondence, decide: Decide) -> list[Letter]:
    """Each kind of letter, with hostile words wherever a person or a plan may write."""
    bad = hostile(to)
    told = decide(facet, signed_by=HOSTILE, credentials=HOSTILE, authorization=HOSTILE)
    line = msgspec.structs.replace(told.lines[0], reason=HOSTILE, words=HOSTILE)
    told = msgspec.structs.replace(told, lines=(line,))
    approved = msgspec.structs.replace(
        told, kind="approved", lines=(msgspec.structs.replace(line, decided="approved"),)
    )
    asked = InformationAsked(
        asked=(
            Asked(about="criterion", id="three-months", words=HOSTILE),
            Asked(about="words", words=HOSTILE),
        ),
        answer_by=to.dated,
        words=HOSTILE,
        asked_by=HOSTILE,
        credentials=HOSTILE,
    )
    return [
        adverse_notice(facet, told, bad),
        approval_letter(facet, approved, bad),
        information_request_letter(facet, asked, bad),
        peer_to_peer_brief(facet, bad),
        submission_checklist(facet, bad),
    ]
