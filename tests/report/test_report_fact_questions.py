"""Every fact of the dictionary can be shown in controls, and read back from them as it was."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from medwarrant import Answer, InputError, Medwarrant
from medwarrant.intake.facts import FactReader
from medwarrant.intake.reading import read_facts
from medwarrant.model.dates import parse_date
from medwarrant.model.measures import parse_quantity
from medwarrant.policy.library import Library
from medwarrant.report.fact_questions import (
    can_be_filled_in,
    fact_question,
    facts_to_state,
    filled_in,
    statements,
)
from medwarrant.report.question_answers import UNKNOWN
from medwarrant.report.question_fields import Field
from medwarrant.report.question_parts import as_text, part_names, parts_of, whole

REQUEST = {"services": ["20553"], "diagnoses": ["M79.12"], "coverage": {"payer": "medicare"}}
NUMBERS = ["7", "15 to 20", "at least 6", "at most 3", "7.5", "0.5"]
TIMES = [
    "6 weeks",
    "45 days",
    "6 to 8 weeks",
    "at least 3 months",
    "at most 1 years",
    "6 to 60 days",
]
DATES = ["2026-03-14", "2026-03", "2025", "2026-03-02/2026-03-09", "2025-12/2026-01"]


def with_facts(medwarrant: Medwarrant, as_of: Any, *facts: dict[str, Any]) -> Answer:
    return medwarrant.determine({**REQUEST, "facts": list(facts)}, as_of=as_of)


def example(fact: Any, library: Library) -> list[Any]:
    """Values that a fact or an attribute may have, as requests state them."""
    match fact.kind:
        case "flag":
            return ["present", "absent", "unknown"]
        case "quantity":
            known = TIMES if fact.unit in ("days", "years") else NUMBERS
            return known[:1] if getattr(fact, "high", None) is not None else known
        case "date":
            return DATES
        case "drug":
            return [["lidocaine", "bupivacaine"] if fact.many else "sumatriptan"]
        case "code":
            return ["G43.709"]
        case "text":
            return [["C2", "C3"] if fact.many else "100 mg, twice"]
        case _:
            found = {"state": ["CA"], "muscles": ["trapezius"]}.get(fact.id)
            values = found or list(fact.values) or [_first(fact.id, library)]
            return [values[:2]] if fact.many else values[:1]


def _first(name: str, library: Library) -> str:
    table = {"line_of_business": "lines_of_business"}.get(name, f"{name}s")
    return str(next(iter(getattr(library, table))))


def stated(library: Library) -> list[dict[str, Any]]:
    """Something of every fact of the dictionary, and of every attribute of its events."""
    found = [
        {fact.id: value} for fact in library.facts.values() for value in example(fact, library)
    ]
    for event in library.events.values():
        found += [{event.id: "none"}, {event.id: "present"}, {event.id: "unknown"}]
        found += [
            {event.id: {attribute.id: value}}
            for attribute in event.attributes.values()
            if not attribute.derived_from and attribute.kind != "flag"
            for value in example(attribute, library)
        ]
    return found


def test_what_was_read_is_shown_and_read_back_the_same(
    medwarrant: Medwarrant, library: Library, as_of: Any
) -> None:
    reader, answer = FactReader(library), with_facts(medwarrant, as_of)
    for said in stated(library):
        ((name, value),) = said.items()
        fact = reader.fact(name, value, where="")
        (read,) = read_facts((fact,), library)
        assert can_be_filled_in(read), said
        question = fact_question(answer, name, "fix")
        assert question is not None
        (text,) = statements(question, filled_in(question, read), library, before=read)
        assert reader.assignment(text) == fact, said


@pytest.mark.parametrize(
    ("kind", "unit", "texts"),
    [("quantity", "percent", NUMBERS), ("quantity", "days", TIMES), ("date", "", DATES)],
)
def test_a_text_and_its_controls_say_the_same(kind: Any, unit: str, texts: list[str]) -> None:
    field = Field(name="x", kind=kind, unit=unit)
    for text in texts:
        parts = parts_of(field, {"x": text})
        names = {"x": "first", "x.how": "how", "x.to": "last", "x.unit": "unit"}
        said = whole(field, {name: getattr(parts, names[name]) for name in part_names(field)})
        assert said is not None
        read = parse_date if kind == "date" else partial(parse_quantity, unit=unit)
        assert read(said) == read(text)
        if kind == "date":
            assert as_text(field, said) == said


def test_an_attribute_without_a_field_stays_until_it_is_known_better(
    medwarrant: Medwarrant, library: Library, as_of: Any
) -> None:
    answer = with_facts(medwarrant, as_of, {"drug-trial": {"drug_class": "triptan", "dose": "x"}})
    (read,) = (fact for fact in answer.reading.facts if fact.fact == "drug-trial")
    question = fact_question(answer, "drug-trial", "fix")
    assert question is not None
    form = dict(filled_in(question, read))
    (kept,) = statements(question, form, library, before=read)
    assert kept == "drug-trial={drug_class: triptan, dose: x}"
    (better,) = statements(question, {**form, "fix.1.drug": "Sumatriptan"}, library, before=read)
    assert better == "drug-trial={drug: sumatriptan, dose: x}"


def test_not_to_know_is_said_and_nothing_is_refused(
    medwarrant: Medwarrant, library: Library, as_of: Any
) -> None:
    answer = with_facts(medwarrant, as_of)
    for name in ("anticoagulant", "setting", "surgery"):
        question = fact_question(answer, name, "new.1")
        assert question is not None
        first = question.groups[0].fields[0].name
        assert statements(question, {first: UNKNOWN}, library) == (f"{name}=unknown",)
        with pytest.raises(InputError, match="nothing is said") as refused:
            statements(question, {}, library)
        assert refused.value.where == first
    assert fact_question(answer, "moon", "new.1") is None


def test_what_the_case_waits_for_is_offered_first_and_everything_once(
    medwarrant: Medwarrant, library: Library, as_of: Any
) -> None:
    answer = with_facts(medwarrant, as_of, {"phase": "repeat"}, {"limits-function": "absent"})
    offered = facts_to_state(answer)
    first = [value.id for value in offered if value.group == offered[0].group]
    asked = {ask.fact for item in answer.determination.items for ask in item.ask if ask.fact}
    assert asked <= set(first)
    assert "limits-function" in first, "it is known, and a criterion is not met by it"
    ids = [value.id for value in offered]
    assert len(ids) == len(set(ids))
    assert set(ids) == {*library.facts, *library.events}
    groups = [value.group for value in offered]
    assert [g for n, g in enumerate(groups) if g not in groups[:n]] == list(dict.fromkeys(groups))


def test_the_history_that_a_limit_waits_for_can_be_closed(
    medwarrant: Medwarrant, as_of: Any
) -> None:
    question = fact_question(with_facts(medwarrant, as_of), "procedure", "new.1", closes=True)
    assert question is not None
    closings = [field.where for field in question.groups[-1].fields]
    assert {} in closings
    assert fact_question(with_facts(medwarrant, as_of), "procedure", "fix") != question
