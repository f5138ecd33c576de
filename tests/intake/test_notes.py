"""Notes: labelled notes, traps, whatever else may come, and the way into an answer."""

from __future__ import annotations

import importlib.util
import json
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from medwarrant import Medwarrant
from medwarrant.intake.notes.note import read_note
from medwarrant.model.facts import EventValue

HERE = Path(__file__).parent
_SPEC = importlib.util.spec_from_file_location(
    "reading_notes", HERE.parents[1] / "benchmarks" / "reading_notes.py"
)
scoring = importlib.util.module_from_spec(_SPEC)
sys.modules["reading_notes"] = scoring  # dataclasses look their module up
_SPEC.loader.exec_module(scoring)
NOTES = [
    yaml.safe_load(path.read_text("utf-8")) for path in sorted((HERE / "notes").glob("*.yaml"))
]
TRAPS = yaml.safe_load((HERE / "note_traps.yaml").read_text("utf-8"))
AS_OF = date(2026, 11, 23)


def read(medwarrant, text, as_of=AS_OF):
    return read_note(
        text, document="note.txt", library=medwarrant.library, icd=medwarrant.icd, as_of=as_of
    )


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note["note"])
def test_every_quote_stands_where_it_says(medwarrant, note):
    reading = read(medwarrant, note["text"], date.fromisoformat(str(note["as_of"])))
    for fact in reading.facts:
        start, end = fact.provenance.span
        assert note["text"][start:end] == fact.provenance.quote
        assert fact.basis == "read"
        assert fact.provenance.document == "note.txt"
    for said in (*reading.statements, *reading.services):
        assert note["text"][slice(*said.span)] == said.words


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note["note"])
def test_relatives_stay_relatives(medwarrant, note):
    reading = read(medwarrant, note["text"], date.fromisoformat(str(note["as_of"])))
    relatives = {said.words.lower() for said in reading.statements if said.person == "relative"}
    for words in note.get("relatives", ()):
        assert any(words in said for said in relatives), words


def test_labelled_notes_are_read_well_enough(medwarrant):
    total = scoring.Score()
    for note in NOTES:
        reading = read(medwarrant, note["text"], date.fromisoformat(str(note["as_of"])))
        scoring.score(note, reading, medwarrant.library, total)
    assert total.f1 >= 0.93, (total.invented, total.missed)
    assert total.precision >= 0.95, total.invented
    assert total.negation >= 0.98, total.polarity_wrong
    assert total.denied_recall >= 0.95, total.denied_missed


def _told(fact):
    yield f"{fact.fact}={fact.status}"
    if isinstance(fact.value, EventValue):
        for name, value in fact.value.attributes:
            yield f"{fact.fact}.{name}={value.text() if hasattr(value, 'text') else value}"
    elif fact.value is not None:
        yield f"{fact.fact}={fact.value.text() if hasattr(fact.value, 'text') else fact.value}"


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap["it"])
def test_trap(medwarrant, trap):
    reading = read(medwarrant, trap["text"])
    told = {words for fact in reading.facts for words in _told(fact)}
    for wanted in trap.get("facts", ()):
        assert wanted in told, sorted(told)
    assert not {fact.fact for fact in reading.facts} & set(trap.get("none", ())), sorted(told)
    for name in trap.get("no_attribute", ()):
        assert not any(f".{name}=" in words for words in told), sorted(told)
    if any("score" in wanted for wanted in trap.get("facts", ())):
        assert len([f for f in reading.facts if f.fact == "pain-score"]) == 1


_LINES = st.sampled_from(
    [line for note in NOTES for line in note["text"].splitlines() if line.strip()]
    + [
        "[x] Yes [ ] No",
        "____",
        "(+) (-)",
        "::",
        "#",
        "1.",
        "\t|\t",
        "\u2611 Diabetes",
        "No.",
        "12/31/9999",
        "0 days ago",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(_LINES, max_size=12).map("\n".join)))
def test_any_text_is_read_and_quoted(text):
    medwarrant = _shared()
    reading = read(medwarrant, text)
    for fact in reading.facts:
        assert text[slice(*fact.provenance.span)] == fact.provenance.quote
    assert read(medwarrant, text) == reading


def _shared(kept=[]):  # noqa: B006  # one library for all examples of the fuzz test
    if not kept:
        kept.append(Medwarrant())
    return kept[0]


# --- into an answer ---------------------------------------------------------------------------------

ASKED = "Is 64405 medically necessary for acute migraine (G43.909) in the office?"


def test_what_rests_on_a_note_is_provisional(medwarrant):
    note = ("visit.txt", "HPI: Sumatriptan and rizatriptan gave no relief.")
    plain = medwarrant.ask(ASKED, as_of=AS_OF)
    answer = medwarrant.ask(ASKED, notes=[note], as_of=AS_OF)
    assert not plain.determination.items[0].provisional
    assert answer.determination.items[0].provisional
    read_facts = [fact for fact in answer.reading.facts if fact.basis == "read"]
    assert {fact.document for fact in read_facts} == {"visit.txt"}


def test_a_note_asks_for_nothing_but_offers(medwarrant):
    note = ("visit.txt", "ASSESSMENT: Cervicogenic headache.\nPLAN: Greater occipital nerve block.")
    answer = medwarrant.ask("What about this patient?", notes=[note], as_of=AS_OF)
    assert answer.determination.items == ()
    offered = [
        remark.message for remark in answer.reading.assumptions if remark.kind == "named_in_note"
    ]
    assert any("64405" in message and "--service" in message for message in offered)
    assert any("G44.86" in message and "--diagnosis" in message for message in offered)


def test_contradiction_between_question_and_note_is_kept(medwarrant):
    note = ("visit.txt", "Meds: warfarin 5 mg.")
    answer = medwarrant.ask(
        f"{ASKED[:-1]} She is not on anticoagulants.", notes=[note], as_of=AS_OF
    )
    said = {
        (fact.status, fact.basis) for fact in answer.reading.facts if fact.fact == "anticoagulant"
    }
    assert said == {("absent", "stated"), ("present", "read")}
    ids = [fact.id for fact in answer.reading.facts]
    assert len(ids) == len(set(ids))


def test_a_correction_replaces_what_a_note_says(medwarrant):
    note = ("visit.txt", "Meds: warfarin 5 mg.")
    answer = medwarrant.ask(ASKED, notes=[note], facts=["anticoagulant=absent"], as_of=AS_OF)
    said = [fact.status for fact in answer.reading.facts if fact.fact == "anticoagulant"]
    assert said == ["absent"]


def test_the_same_in_question_and_note_is_stated(medwarrant):
    note = ("visit.txt", "She takes warfarin.")
    answer = medwarrant.ask(f"{ASKED} She takes warfarin.", notes=[note], as_of=AS_OF)
    said = [fact.basis for fact in answer.reading.facts if fact.fact == "anticoagulant"]
    assert said == ["stated"]


def test_spans_count_in_the_file(medwarrant, tmp_path):
    page = (
        "<html><body><h2>Medications</h2><p>warfarin 5&nbsp;mg &amp; topiramate</p></body></html>"
    )
    path = tmp_path / "visit.html"
    path.write_text(page, encoding="utf-8")
    answer = medwarrant.ask(ASKED, notes=[path], as_of=AS_OF)
    facts = [fact for fact in answer.reading.facts if fact.basis == "read"]
    assert {fact.fact for fact in facts} >= {"anticoagulant", "drug-trial"}
    for fact in facts:
        assert page[slice(*fact.span)] == fact.quote


def test_wrapped_lines_are_quoted_as_they_stand(medwarrant, tmp_path):
    text = (
        "She has had severe neck pain and headache for years and was seen by several\n"
        "specialists; she failed to respond to the first drugs, and then she had trigger point\n"
        "injections in 2025, which helped.\n"
    )
    path = tmp_path / "visit.txt"
    path.write_text(text, encoding="utf-8")
    answer = medwarrant.determine(
        {"services": ["20553"], "diagnoses": ["M79.18"]}, notes=[path], as_of=AS_OF
    )
    facts = [fact for fact in answer.reading.facts if fact.basis == "read"]
    assert any(fact.fact == "procedure" for fact in facts)
    for fact in facts:
        assert text[slice(*fact.span)] == fact.quote


def test_two_notes_of_one_name_are_told_apart(medwarrant):
    notes = [("visit.txt", "Meds: warfarin."), ("visit.txt", "Denies diabetes.")]
    answer = medwarrant.ask(ASKED, notes=notes, as_of=AS_OF)
    assert [note.document for note in answer.reading.notes] == ["visit.txt", "visit.txt (2)"]


def test_the_answer_replays(medwarrant):
    note = ("visit.txt", "HPI: Failed topiramate for 8 weeks. PLAN: nerve block.")
    answer = medwarrant.ask(ASKED, notes=[note], as_of=AS_OF)
    stored = json.loads(json.dumps(answer.to_dict()))
    assert stored["reading"]["notes"][0]["document"] == "visit.txt"
    assert medwarrant.replay(stored).digest == stored["digest"]
