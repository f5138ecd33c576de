"""What is read from questions: labelled sentences, written for these tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from medwarrant import Medwarrant
from medwarrant.intake.facts import FactReader
from medwarrant.intake.question import read_question
from medwarrant.intake.reading import Reading

LABELLED: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "questions.yaml").read_text("utf-8")
)


def reading_of(question: str, medwarrant: Medwarrant, as_of: date) -> Reading:
    """The reading of a question."""
    return read_question(question, medwarrant.library, medwarrant.icd, as_of=as_of)


@pytest.mark.parametrize("labelled", LABELLED, ids=lambda labelled: labelled["question"][:60])
def test_question_is_read_as_labelled(
    labelled: dict[str, Any], medwarrant: Medwarrant, as_of: date
) -> None:
    reading = reading_of(labelled["question"], medwarrant, as_of)
    assert sorted(s.code for s in reading.services) == sorted(labelled["services"])
    assert sorted(d.code for d in reading.diagnoses) == sorted(labelled["diagnoses"])
    stated = [(f.fact, f.status, f.value) for f in reading.request.facts]
    reader = FactReader(medwarrant.library)
    for entry in labelled.get("facts", ()):
        for name, value in entry.items():
            fact = reader.fact(name, value, where="label")
            assert (fact.fact, fact.status, fact.value) in stated
    for name, value in labelled.get("line", {}).items():
        found = getattr(reading.request.services[0], name)
        assert (list(found) if isinstance(found, tuple) else found) == value
    for name, value in labelled.get("coverage", {}).items():
        assert getattr(reading.coverage, name) == value
    assert {r.kind for r in reading.corrections} == set(labelled.get("corrections", ()))
    assert set(labelled.get("assumptions", ())) <= {r.kind for r in reading.assumptions}
    assert [u.text for u in reading.unrecognised] == labelled.get("unrecognised", [])


def test_there_are_many_labelled_sentences() -> None:
    assert len(LABELLED) >= 60


@pytest.mark.parametrize(
    ("question", "not_read"),
    [
        ("Is 64405 medically necessary? No history of diabetes.", ("diabetes", "present")),
        ("Is 64405 needed for migraine? Her father was on warfarin.", ("anticoagulant", "present")),
        ("Is 64405 needed for migraine? Warfarin was never taken.", ("pregnancy", "present")),
        ("Is 64405 needed for migraine if she is pregnant?", ("pregnancy", "present")),
        (
            "Is a GON block needed after a failed steroid injection?",
            ("steroid-in-injectate", "present"),
        ),
    ],
)
def test_what_is_denied_or_anothers_is_no_fact(
    question: str, not_read: tuple[str, str], medwarrant: Medwarrant, as_of: date
) -> None:
    reading = reading_of(question, medwarrant, as_of)
    assert not_read not in [(f.fact, f.status) for f in reading.facts]


@pytest.mark.parametrize(
    "question",
    [
        "Is 64405 needed for neck pain, with no history of migraine?",
        "Is 64405 needed for neck pain? Migraine was ruled out.",
        "Is 64405 needed for neck pain? Rule out migraine.",
        "Is 64405 needed for neck pain? The patient denies migraine.",
        "Is 64405 needed for neck pain? Her sister has migraine.",
        "Is 64405 needed for neck pain? Family history of migraine.",
        "Is 64405 needed for neck pain? Childhood migraine, resolved.",
    ],
)
def test_a_diagnosis_the_text_excludes_is_none(
    question: str, medwarrant: Medwarrant, as_of: date
) -> None:
    assert [d.code for d in reading_of(question, medwarrant, as_of).diagnoses] == ["M54.2"]


def test_services_are_linked_only_where_the_text_says_so(
    medwarrant: Medwarrant, as_of: date
) -> None:
    said = reading_of("64405 for migraine and 20553 for myofascial pain", medwarrant, as_of)
    assert [line.diagnoses for line in said.request.services] == [("G43.909",), ("M79.10",)]
    unsaid = reading_of("64405 and 20553 for migraine and myofascial pain", medwarrant, as_of)
    assert [line.diagnoses for line in unsaid.request.services] == [(), ()]


def test_an_intent_stays_with_its_service(medwarrant: Medwarrant, as_of: date) -> None:
    question = "Are a diagnostic greater occipital nerve block and 20553 necessary for occipital neuralgia?"
    intents = {
        line.code: line.intent for line in reading_of(question, medwarrant, as_of).request.services
    }
    assert intents == {"64405": "diagnostic", "20553": None}


def test_failed_care_without_particulars_says_no_more(medwarrant: Medwarrant, as_of: date) -> None:
    reading = reading_of(
        "20553 for myofascial pain, failed conservative treatment", medwarrant, as_of
    )
    assert [f.value for f in reading.facts if f.fact == "therapy"] == [{"outcome": "failed"}]


def test_facts_are_stated_in_the_question(medwarrant: Medwarrant, as_of: date) -> None:
    reading = reading_of("64405 for migraine, failed topiramate, on warfarin", medwarrant, as_of)
    assert {(f.basis, f.document) for f in reading.facts} == {("stated", "question")}
