"""The questions as a form: everyone can fill it in, and what was filled in is not lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from page_parser import Page

from medwarrant import Answer, Medwarrant
from medwarrant.intake.facts import FactReader
from medwarrant.report import AUDIENCES, Audience
from medwarrant.report.html import Form, question_form
from medwarrant.report.question_answers import UNKNOWN, read_answers
from medwarrant.report.question_parts import part_names
from medwarrant.report.questions import OpenQuestion, open_questions

FORM = Form(action="/inquiries/1", hidden={"token": "t0k"})
Tags = list[tuple[str, dict[str, str | None]]]


def drawn(questions: Any, **options: Any) -> Page:
    return Page(str(question_form(questions, FORM, **options)))


def controls(read: Page) -> Tags:
    return [
        (tag, attributes)
        for tag, attributes in read.tags
        if tag in ("input", "select") and attributes.get("type") != "hidden"
    ]


@pytest.fixture(scope="module", params=["twenty", "toxin", "trigger"])
def asked(request: pytest.FixtureRequest, medwarrant: Medwarrant, as_of: Any) -> Answer:
    if request.param == "twenty":
        found: Answer = request.getfixturevalue("twenty")
        return found
    toxin = {"services": ["64615"], "diagnoses": ["G43.719"], "coverage": {"payer": "aetna"}}
    trigger = {
        "services": ["20553"],
        "diagnoses": ["M79.12"],
        "coverage": {"payer": "medicare", "state": "CA"},
    }
    return medwarrant.determine(toxin if request.param == "toxin" else trigger, as_of=as_of)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_control_has_a_label_and_every_group_a_legend(
    asked: Answer, audience: Audience
) -> None:
    read = drawn(open_questions(asked, audience), plain=audience == "patient")
    assert read.open == []
    assert len(read.ids) == len(set(read.ids))
    labelled = {attributes["for"] for tag, attributes in read.tags if tag == "label"}
    assert controls(read)
    assert {attributes["id"] for _, attributes in controls(read)} == labelled
    tags = [tag for tag, _ in read.tags]
    assert tags.count("legend") == tags.count("fieldset")
    for _, attributes in read.tags:
        described = str(attributes.get("aria-describedby") or "").split()
        assert set(described) <= set(read.ids)
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_field_is_there_once_under_its_name(asked: Answer, audience: Audience) -> None:
    questions = open_questions(asked, audience)
    named = {
        name
        for one in questions
        for group in one.groups
        for field in group.fields
        for name in part_names(field)
    }
    assert {attributes["name"] for _, attributes in controls(drawn(questions))} == named


def test_it_is_sent_where_the_page_says_and_nothing_is_remembered(asked: Answer) -> None:
    read = drawn(open_questions(asked))
    (form,) = (attributes for tag, attributes in read.tags if tag == "form")
    assert (form["method"], form["action"], form["autocomplete"]) == (
        "post",
        "/inquiries/1",
        "off",
    )
    assert ("input", {"type": "hidden", "name": "token", "value": "t0k"}) in read.tags
    assert ("button", {"type": "submit", "class": "send"}) in read.tags


def sent(read: Page) -> dict[str, list[str]]:
    """What a browser would send: what is checked, chosen and typed."""
    found: dict[str, list[str]] = {}
    name, first = "", True
    for tag, attributes in read.tags:
        if tag == "select":
            name, first = str(attributes["name"]), True
        elif tag == "option" and name:
            if first or "selected" in attributes:
                found[name] = [str(attributes["value"])]
            first = False
        elif tag == "input" and attributes.get("type") in ("radio", "checkbox"):
            if "checked" in attributes:
                found.setdefault(str(attributes["name"]), []).append(str(attributes["value"]))
        elif tag == "input" and attributes.get("type") in ("text", "number", "date"):
            found[str(attributes["name"])] = [str(attributes.get("value") or "")]
        elif tag == "datalist":
            name = ""
    return found


def test_a_form_sent_as_it_comes_says_nothing(asked: Answer) -> None:
    questions = open_questions(asked)
    form = sent(drawn(questions))
    assert UNKNOWN in {value for values in form.values() for value in values}
    assert read_answers(questions, form, asked.library).empty


def answers(questions: tuple[OpenQuestion, ...]) -> dict[str, list[str]]:
    """Something filled in at every field."""
    typed = {"quantity": "7", "date": "2026-01", "text": "C2", "drug": "sumatriptan"}
    chosen = {"flag": "absent", "complete": "yes"}
    found = {}
    for question in questions:
        for group in question.groups:
            for field in group.fields:
                value = field.values[-1].id if field.values else chosen.get(field.kind, "")
                found[field.name] = [typed.get(field.kind, value)]
    return {name: value for name, value in found.items() if not name.endswith(".status")}


def test_what_was_filled_in_comes_back_filled_in(asked: Answer) -> None:
    questions = open_questions(asked)
    values = answers(questions)
    first = read_answers(questions, values, asked.library)
    assert first.errors == {}
    again = sent(drawn(questions, values=values))
    assert set(values) <= set(again)
    reader = FactReader(asked.library)
    second = read_answers(questions, again, asked.library)
    assert second.codes == first.codes
    assert [reader.assignment(one) for one in second.facts] == [
        reader.assignment(one) for one in first.facts
    ]
    assert sent(drawn(questions, values=again)) == again


def test_a_number_has_its_unit_and_a_vague_date_stays_vague(twenty: Answer) -> None:
    questions = open_questions(twenty)
    read = drawn(
        questions, values={"therapy.1.duration": "6 to 8 weeks", "therapy.1.date": "2026-03"}
    )
    form = sent(read)
    shown = {name: form[f"therapy.1.{name}"] for name in ("duration", "duration.to", "date")}
    assert shown == {"duration": ["6"], "duration.to": ["8"], "date": ["2026-03-01"]}
    assert form["therapy.1.duration.unit"] == ["weeks"]
    assert form["therapy.1.date.how"] == ["month"]
    kinds = {attributes["name"]: attributes.get("type") for _, attributes in controls(read)}
    assert kinds["therapy.1.duration"] == "number"
    assert kinds["therapy.1.date"] == "date"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"duration": "6", "duration.unit": " "}, "a time needs its unit"),
        ({"duration": "6", "duration.unit": "furlongs"}, "not a unit"),
        ({"duration": "6", "duration.unit": "weeks", "duration.to": "8"}, "one value is needed"),
        ({"duration.to": "8", "duration.how": "between"}, "both ends"),
        ({"duration": "8", "duration.how": "gladly"}, "not an answer"),
        (
            {"duration": "8", "duration.to": "6", "duration.how": "between"},
            "from a lower to a higher",
        ),
        ({"date": "2026-11-23", "date.how": "between", "date.to": "2026-11-01"}, "is not a date"),
    ],
)
def test_controls_that_do_not_agree_are_refused_at_the_field(
    twenty: Answer, typed: dict[str, str], problem: str
) -> None:
    values = {f"therapy.1.{name}": value for name, value in typed.items()}
    read = read_answers(open_questions(twenty), values, twenty.library)
    ((name, said),) = read.errors.items()
    assert name in ("therapy.1.duration", "therapy.1.date")
    assert problem in said


def test_errors_stand_at_their_fields_and_are_listed_first(twenty: Answer) -> None:
    questions = open_questions(twenty)
    values = {"drug-trial.1.drug": "nosuchdrug", "intent": "moon", "therapy.1.duration": "long"}
    errors = read_answers(questions, values, twenty.library).errors
    assert set(errors) == set(values)
    text = str(question_form(questions, FORM, values=values, errors=errors))
    read = Page(text)
    assert 'role="alert"' in text
    assert text.index('role="alert"') < text.index("<fieldset")
    summary = [link[1:] for link in read.links if link.startswith("#")]
    assert len(summary) == 3
    assert set(summary) <= set(read.ids)
    for name in values:
        wrong = [attributes for _, attributes in controls(read) if attributes["name"] == name]
        assert all(attributes.get("aria-invalid") == "true" for attributes in wrong)
    described = [i for i in read.ids if i.endswith("-error")]
    assert len(described) == 3
    assert "did you mean" in read.text or "known:" in read.text


def test_a_folded_part_with_an_error_stands_open(twenty: Answer) -> None:
    questions = open_questions(twenty)
    closed = str(question_form(questions, FORM))
    assert "<details open>" not in closed
    errors = {"therapy.1.duration": "this is not a quantity"}
    assert "<details open>" in str(question_form(questions, FORM, errors=errors))


def test_hostile_answers_are_only_text(twenty: Answer) -> None:
    bad = "\"><script>alert(1)</script><input value='"
    questions = open_questions(twenty)
    values = {"drug-trial.1.dose": bad, "drug-trial.1.drug": bad, "nerve@64400": bad}
    errors = read_answers(questions, values, twenty.library).errors
    assert errors
    read = drawn(questions, values=values, errors=errors)
    assert "script" not in {tag for tag, _ in read.tags}
    assert bad in [attributes.get("value") for _, attributes in controls(read)]


def test_patients_are_spoken_to(twenty: Answer) -> None:
    read = drawn(open_questions(twenty, "patient"), plain=True)
    assert "I do not know" in read.text
    assert "Why it is asked" not in read.text
    assert not re.search(r"\b(64400|64405|20553|G43|M54)\b", read.text)


def test_one_pair_is_not_named_at_every_question(medwarrant: Medwarrant, as_of: Any) -> None:
    one = medwarrant.determine({"services": ["64405"], "diagnoses": ["G43.919"]}, as_of=as_of)
    assert "64405 for G43.919" not in drawn(open_questions(one)).text


def test_drugs_are_suggested_once(twenty: Answer) -> None:
    text = str(question_form(open_questions(twenty), FORM))
    assert text.count("<datalist") == 1
    assert '<option value="sumatriptan">' in text
    assert 'list="ask-drugs"' in text
