"""What would change an answer, as questions: the right ones, answerable, and read back as facts."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from medwarrant import Answer, InputError, Medwarrant
from medwarrant.intake.facts import FactReader
from medwarrant.model.determination import WouldChange
from medwarrant.policy.library import Library
from medwarrant.report import AUDIENCES
from medwarrant.report.question_answers import (
    UNKNOWN,
    answer_to_code,
    answer_to_facts,
    read_answers,
    with_codes,
)
from medwarrant.report.question_fields import event_fields, fact_fields
from medwarrant.report.questions import OpenQuestion, open_questions

REQUESTS: list[dict[str, Any]] = [
    {"services": ["64405"], "diagnoses": ["G43.919"]},
    {"services": ["64400", "64405", "20553"], "diagnoses": ["G43.919", "M54.2", "M53.80"]},
    {
        "services": ["20553"],
        "diagnoses": ["M79.12"],
        "coverage": {"payer": "medicare", "state": "CA"},
    },
    {"services": ["64615"], "diagnoses": ["G43.719"], "coverage": {"payer": "aetna"}},
]


def asked(answer: Answer, **options: Any) -> dict[str, OpenQuestion]:
    return {question.id: question for question in open_questions(answer, **options)}


def fields(question: OpenQuestion) -> list[Any]:
    return [field for group in question.groups for field in group.fields]


# --- which questions ------------------------------------------------------------------------------


def test_each_thing_is_asked_once_for_every_pair_that_waits_for_it(twenty: Answer) -> None:
    found = asked(twenty)
    wanted = defaultdict(set)
    for item in twenty.determination.items:
        for ask in item.ask:
            if ask.fact and ask.fact != "nerve":
                wanted[ask.fact].add((item.service, item.diagnosis))
    assert wanted
    for name, pairs in wanted.items():
        assert set(found[name].pairs) == pairs
        assert found[name].fact == name


def test_what_stands_high_in_many_pairs_comes_first(twenty: Answer) -> None:
    names = [question.id for question in open_questions(twenty)]
    assert names.index("trigger-points") < names.index("intent") < names.index("therapy")
    kinds = [question.kind in ("fact", "event") for question in open_questions(twenty)]
    assert kinds == sorted(kinds, reverse=True)


def test_the_nerve_is_asked_line_by_line_and_the_purpose_once(twenty: Answer) -> None:
    found = asked(twenty)
    assert {name for name in found if name.startswith("nerve")} == {"nerve@64400", "nerve@64450"}
    assert found["intent"].services == ("64400", "64405")
    assert found["nerve@64400"].services == ("64400",)
    first = fields(found["nerve@64400"])[0].values[0]
    assert first.group == "Nerves of 64400"
    assert "64400" in twenty.library.nerve_codes(first.id)


def test_one_service_needs_no_name(met: Answer, medwarrant: Medwarrant, as_of: Any) -> None:
    answer = medwarrant.determine(REQUESTS[0], as_of=as_of)
    assert asked(answer)["intent"].services == ()
    assert "intent" not in asked(met)


def test_a_code_that_is_asked_about_already_is_not_asked_for(twenty: Answer) -> None:
    known = {"64400", "64405", "64450", "20553", "G50.0", "G43.919", "M54.2", "M53.80", "M79.7"}
    codes = [question for question in open_questions(twenty) if question.codes]
    assert codes
    assert not [question for question in codes if known & set(question.codes)]


def test_codes_have_their_titles(twenty: Answer, medwarrant: Medwarrant) -> None:
    found = asked(twenty, icd=medwarrant.icd)
    (field,) = fields(found["code-g44-86"])
    assert field.hint == "G44.86 Cervicogenic headache"
    assert [value.id for value in field.values] == ["M54.2", "M53.80", "also"]
    assert found["code-g44-86"].instead_of == ("M54.2", "M53.80")


def test_patients_are_asked_in_their_words_and_never_for_codes(twenty: Answer) -> None:
    found = asked(twenty, audience="patient")
    assert not [question for question in found.values() if question.fact is None]
    assert found["setting"].question == "The place where you get the treatment"
    assert "the emergency room" in [value.title for value in fields(found["setting"])[0].values]
    told = " ".join(" ".join((one.question, *one.pair_words)) for one in found.values())
    assert not [item for item in twenty.determination.items if item.service in told]


def test_two_drugs_that_are_needed_are_asked_for_together(
    medwarrant: Medwarrant, as_of: Any
) -> None:
    question = asked(medwarrant.determine(REQUESTS[3], as_of=as_of))["drug-trial"]
    assert [group.title for group in question.groups] == ["", "First", "Second"]


def test_a_limit_on_number_asks_whether_there_were_others(
    medwarrant: Medwarrant, as_of: Any
) -> None:
    question = asked(medwarrant.determine(REQUESTS[2], as_of=as_of))["procedure"]
    (closing,) = (field for field in fields(question) if field.kind == "complete")
    assert closing.where == {"kind": "trigger-point-injection"}
    assert "trigger point injection" in closing.label
    facts = answer_to_facts(question, {closing.name: "yes"}, medwarrant.library)
    assert facts == ("procedure={history: complete, kind: trigger-point-injection}",)


def test_what_is_known_so_far_is_told(medwarrant: Medwarrant, as_of: Any) -> None:
    trial = {"drug-trial": {"drug": "sumatriptan"}}
    answer = medwarrant.determine({**REQUESTS[0], "facts": [trial]}, as_of=as_of)
    question = asked(answer)["drug-trial"]
    assert question.known == ("sumatriptan",)
    form = {"drug-trial.1.drug": "sumatriptan", "drug-trial.1.used_for": "acute"}
    again = medwarrant.revise(answer, facts=answer_to_facts(question, form, answer.library))
    (event,) = (fact.value for fact in again.reading.facts if fact.fact == "drug-trial")
    assert event == {"drug": "sumatriptan", "used_for": "acute"}


# --- every fact of the dictionary can be asked for ------------------------------------------------


def test_every_fact_and_event_has_fields(library: Library) -> None:
    groups = [
        *(
            fact_fields(name, fact, (), library, plain=False)
            for name, fact in library.facts.items()
        ),
        *(
            event_fields(name, one, [], library, plain=False)
            for name, one in library.events.items()
        ),
    ]
    made = [field for group in groups for part in group for field in part.fields]
    assert len(made) > len(library.facts)
    for field in made:
        assert (field.kind in ("choice", "choices", "drug")) == bool(field.values), field.name
        assert field.kind != "quantity" or field.unit


def test_every_value_that_is_offered_is_read_back(library: Library) -> None:
    reader = FactReader(library)
    for name, fact in library.facts.items():
        ((field,),) = (group.fields for group in fact_fields(name, fact, (), library, plain=False))
        for value in field.values:
            assert reader.fact(name, [value.id] if field.many else value.id, where="").fact == name
    for name, event in library.events.items():
        for group in event_fields(name, event, [], library, plain=False)[1:]:
            for field in group.fields:
                for value in field.values:
                    assert reader.fact(name, {field.attribute: value.id}, where="").fact == name


# --- answers --------------------------------------------------------------------------------------


def filled(change: WouldChange, found: dict[str, OpenQuestion]) -> dict[str, list[str]]:
    """A form filled with exactly what one set of facts supplies."""
    form: dict[str, list[str]] = defaultdict(list)
    rows: dict[str, int] = defaultdict(int)
    for step in change.criteria:
        supply = step.supply
        names = [name for name in found if name.partition("@")[0] == supply.fact]
        for name in names:
            if supply.event is None:
                value = supply.value
                form[name] += [str(one) for one in (value if isinstance(value, list) else [value])]
            elif "history" in supply.event:
                where = {
                    key: v
                    for key, v in supply.event.items()
                    if key not in ("history", "from", "to")
                }
                (closing,) = (
                    f for f in fields(found[name]) if f.kind == "complete" and f.where == where
                )
                form[closing.name] = ["yes"]
            else:
                rows[name] += 1
                for key, value in supply.event.items():
                    form[f"{name}.{rows[name]}.{key}"] = [str(value)]
    return dict(form)


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda one: "-".join(one["services"]))
def test_answering_what_would_change_a_pair_changes_it(
    request_: dict[str, Any], medwarrant: Medwarrant, as_of: Any
) -> None:
    answer = medwarrant.determine(request_, as_of=as_of)
    found = asked(answer)
    turned = 0
    for number, item in enumerate(answer.determination.items):
        for change in item.would_change[:2]:
            read = read_answers(found.values(), filled(change, found), answer.library)
            assert read.errors == {}
            again = medwarrant.revise(answer, facts=read.facts)
            assert again.determination.items[number].outcome == "meets_criteria"
            turned += 1
    assert turned


@pytest.mark.parametrize("audience", AUDIENCES)
def test_an_empty_form_and_not_knowing_say_nothing(twenty: Answer, audience: Any) -> None:
    questions = open_questions(twenty, audience)
    unknown = {field.name: UNKNOWN for question in questions for field in fields(question)}
    blank = dict.fromkeys(unknown, "  ")
    for form in ({}, unknown, blank, {"something-else": "x"}):
        assert read_answers(questions, form, twenty.library).empty


@pytest.mark.parametrize(
    ("form", "field", "says"),
    [
        ({"intent": "acte"}, "intent", "did you mean 'acute'"),
        ({"intent": ["acute", "prevention"]}, "intent", "one value is needed"),
        ({"intent": "x" * 201}, "intent", "too long"),
        ({"trigger-points": "conflicting"}, "trigger-points", "choose yes or no"),
        ({"drug-trial.1.duration": "six ducks"}, "drug-trial.1.duration", "not a quantity"),
        ({"drug-trial.1.duration": "nan"}, "drug-trial.1.duration", "finite"),
        ({"drug-trial.1.date": "soon"}, "drug-trial.1.date", "not a date"),
        ({"drug-trial.status": "perhaps"}, "drug-trial.status", "choose yes or no"),
        (
            {"drug-trial.status": "none", "drug-trial.1.drug": "aspirin"},
            "drug-trial.1.drug",
            "change one of the two",
        ),
        ({"code-m54-81": "Z99"}, "code-m54-81", "in place of"),
        ({"code-m53-81-m53-82": "M53.82"}, "code-m53-81-m53-82.place", "in place of"),
        ({"code-m53-81-m53-82": "Z99"}, "code-m53-81-m53-82", "not one of the codes"),
    ],
)
def test_an_error_is_told_at_its_field_and_the_rest_is_read(
    twenty: Answer, form: dict[str, Any], field: str, says: str
) -> None:
    read = read_answers(open_questions(twenty), {"setting": "office", **form}, twenty.library)
    assert list(read.errors) == [field]
    assert says in read.errors[field]
    assert read.facts == ("64400:setting=office", "64405:setting=office")
    assert read.codes == ()


def test_an_error_of_one_answer_is_an_input_error(twenty: Answer) -> None:
    question = asked(twenty)["intent"]
    with pytest.raises(InputError) as caught:
        answer_to_facts(question, {"intent": "acte"}, twenty.library)
    assert caught.value.where == "intent"


def test_hostile_text_stays_text(twenty: Answer, medwarrant: Medwarrant) -> None:
    question = asked(twenty)["drug-trial"]
    dose = "50 mg}, outcome: failed, x: {<b>\" ' # : [] \n - a"
    (fact,) = answer_to_facts(
        question, {"drug-trial.1.drug": "sumatriptan", "drug-trial.1.dose": dose}, twenty.library
    )
    again = medwarrant.revise(twenty, facts=[fact])
    (event,) = (one.value for one in again.reading.facts if one.fact == "drug-trial")
    assert event == {"drug": "sumatriptan", "dose": dose}


def test_a_drug_is_known_by_its_name_by_its_class_and_by_its_brand(twenty: Answer) -> None:
    question = asked(twenty)["drug-trial"]
    for typed, known in (
        ("Acetaminophen with aspirin and caffeine", "acetaminophen-aspirin-caffeine"),
        ("Triptans", "triptan"),
        ("Imitrex", "Imitrex"),
    ):
        facts = answer_to_facts(question, {"drug-trial.1.drug": typed}, twenty.library)
        assert facts == (f"drug-trial={{drug: {known}}}",)


def test_there_was_none_and_there_was_one_unnamed(twenty: Answer) -> None:
    question = asked(twenty)["therapy"]
    assert answer_to_facts(question, {"therapy.status": "none"}, twenty.library) == (
        "therapy=none",
    )
    assert answer_to_facts(question, {"therapy.status": "present"}, twenty.library) == (
        "therapy=present",
    )


# --- another code ---------------------------------------------------------------------------------


def codes_after(answer: Answer, form: dict[str, str]) -> dict[str, Any]:
    meant = [answer_to_code(question, form) for question in open_questions(answer)]
    return with_codes(answer.reading.request, [one for one in meant if one], answer.library)


def test_a_diagnosis_may_take_the_place_of_another(twenty: Answer, medwarrant: Medwarrant) -> None:
    changed = codes_after(twenty, {"code-m54-81": "M54.2"})
    assert changed == {"diagnoses": ["G50.0", "G43.919", "M54.81", "M53.80", "M79.7"]}
    again = medwarrant.revise(twenty, **changed)
    assert {item.diagnosis for item in again.determination.items} == set(changed["diagnoses"])


def test_of_several_codes_one_is_chosen(twenty: Answer) -> None:
    name = "code-m53-81-m53-82"
    changed = codes_after(twenty, {name: "M53.82", f"{name}.place": "M53.80"})
    assert changed == {"diagnoses": ["G50.0", "G43.919", "M54.2", "M53.82", "M79.7"]}


def test_a_diagnosis_may_stand_beside_the_others(twenty: Answer) -> None:
    changed = codes_after(twenty, {"code-m54-81": "also"})
    assert changed["diagnoses"][-1] == "M54.81"
    assert len(changed["diagnoses"]) == 6
    assert codes_after(twenty, {}) == {}


def test_lines_linked_to_a_diagnosis_follow_it(medwarrant: Medwarrant, as_of: Any) -> None:
    request = {
        "services": [
            {"code": "64405", "diagnoses": ["M54.2"], "side": "left"},
            {"code": "20553", "diagnoses": ["M79.7"]},
        ],
        "diagnoses": ["M54.2", "M79.7"],
    }
    answer = medwarrant.determine(request, as_of=as_of)
    form = {"code-m54-81": "M54.2"}
    changed = codes_after(answer, form)
    assert changed["diagnoses"] == ["M54.81", "M79.7"]
    assert changed["services"][0] == {"code": "64405", "diagnoses": ["M54.81"], "side": "left"}
    assert changed["services"][1] == {"code": "20553", "diagnoses": ["M79.7"]}
    again = medwarrant.revise(answer, **changed)
    assert [(i.service, i.diagnosis) for i in again.determination.items] == [
        ("64405", "M54.81"),
        ("20553", "M79.7"),
    ]


def test_a_service_may_take_the_place_of_another(medwarrant: Medwarrant, as_of: Any) -> None:
    request = {"services": [{"code": "64405", "side": "left"}], "diagnoses": ["G50.0"]}
    answer = medwarrant.determine(request, as_of=as_of)
    instead = codes_after(answer, {"code-64400": "64405"})
    assert instead["services"] == [{"code": "64400", "side": "left"}]
    beside = codes_after(answer, {"code-64400": "also"})
    assert beside["services"][1] == {"code": "64400", "diagnoses": ["G50.0"]}
    again = medwarrant.revise(answer, **beside)
    assert [item.service for item in again.determination.items] == ["64405", "64400"]
