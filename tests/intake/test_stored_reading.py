"""A stored record gives its answer back as it was, and can be judged again with corrections."""

from __future__ import annotations

import json

import pytest

from medwarrant import Medwarrant
from medwarrant.answer import Answer
from medwarrant.model.errors import InputError
from medwarrant.report.render import render

NOTE = ("visit.txt", "HPI: Failed sumatriptan 50 mg. Warfarin daily. No infection.")
ASKED = [
    "Is occipital nerve block ok for cervicogenic headache? she failed topiramate",
    "Is a left C4-5 medial branch block needed for facet pain after 8 weeks of PT, Medicare Advantage in California?",
    "64405 and 20553 for G43.919 and M79.7, Aetna, in the office, no prior injections",
    "Is this ok?",
]


@pytest.mark.parametrize("question", ASKED)
def test_a_record_gives_the_same_article_in_every_format(medwarrant, as_of, question):
    made = medwarrant.ask(question, notes=[NOTE], as_of=as_of)
    stored = json.loads(json.dumps(made.to_dict()))
    again = Answer.of_record(stored, medwarrant.library)
    for audience in ("patient", "reviewer", "auditor"):
        for form in ("html", "markdown"):
            assert render(again, form, audience=audience) == render(made, form, audience=audience)
    assert again.record_digest == made.record_digest
    assert again.reading.facts == made.reading.facts


@pytest.mark.parametrize("question", ASKED)
def test_judged_again_without_corrections_it_is_the_same(medwarrant, as_of, question):
    made = medwarrant.ask(question, notes=[NOTE], as_of=as_of)
    stored = json.loads(json.dumps(made.to_dict()))
    again = medwarrant.revise(Answer.of_record(stored, medwarrant.library))
    assert again.record_digest == made.record_digest


def test_a_structured_request_is_restored_too(medwarrant):
    request = {
        "services": [{"code": "64405", "side": "left", "drugs": [{"drug": "bupivacaine"}]}],
        "diagnoses": ["G43.919"],
        "facts": [{"intent": "acute"}, {"drug-trial": {"drug": "topiramate", "outcome": "failed"}}],
        "as_of": "2026-11-23",
    }
    made = medwarrant.determine(request)
    again = Answer.of_record(json.loads(json.dumps(made.to_dict())), medwarrant.library)
    assert again.reading.request.facts == made.reading.request.facts
    assert medwarrant.revise(again).record_digest == made.record_digest


def test_confirmed_facts_are_no_longer_provisional(medwarrant, as_of):
    made = medwarrant.ask("64405 for G43.919 in the office, acute", notes=[NOTE], as_of=as_of)
    read = [fact.id for fact in made.reading.facts if fact.basis == "read"]
    assert read
    assert any(item.provisional for item in made.determination.items)
    again = medwarrant.revise(made, confirmed=read)
    assert {fact.basis for fact in again.reading.facts if fact.id in read} == {"confirmed"}
    assert not any(item.provisional for item in again.determination.items)
    spans = {fact.id: (fact.document, fact.span) for fact in made.reading.facts}
    assert all(spans[fact.id] == (fact.document, fact.span) for fact in again.reading.facts)


def test_a_rejected_fact_is_as_if_it_had_not_been_read(medwarrant, as_of):
    question = "64405 for G43.919 in the office, acute"
    made = medwarrant.ask(question, notes=[NOTE], as_of=as_of)
    read = [fact.id for fact in made.reading.facts if fact.basis == "read"]
    again = medwarrant.revise(made, rejected=read)
    assert again.digest == medwarrant.ask(question, as_of=as_of).digest


def test_what_a_line_says_can_be_rejected(medwarrant, as_of):
    made = medwarrant.determine(
        {
            "services": [{"code": "64405", "intent": "acute"}],
            "diagnoses": ["G43.919"],
            "as_of": "2026-11-23",
        }
    )
    again = medwarrant.revise(made, rejected=["intent@64405"])
    assert again.reading.request.services[0].intent is None


@pytest.mark.parametrize("which", ["confirmed", "rejected"])
def test_a_fact_that_was_not_read_is_refused(medwarrant, as_of, which):
    made = medwarrant.ask(ASKED[0], as_of=as_of)
    with pytest.raises(InputError, match="no fact 'nonsense'"):
        medwarrant.revise(made, **{which: ["nonsense"]})


@pytest.mark.parametrize(
    "stored", [{}, {"reading": {}, "request": {}}, {"reading": 3, "request": []}]
)
def test_what_is_no_record_is_refused(library, stored):
    with pytest.raises(InputError, match="not a stored answer"):
        Answer.of_record(stored, library)


def test_the_default_answers_are_not_touched_by_revision(medwarrant: Medwarrant, as_of):
    made = medwarrant.ask(ASKED[0], as_of=as_of)
    before = json.dumps(made.to_dict())
    medwarrant.revise(made, facts=["intent=acute"])
    assert json.dumps(made.to_dict()) == before
