"""One place says a fact in words; the packs that ship have the words for everything."""

from __future__ import annotations

from typing import Any

import pytest

from medwarrant.model.dates import parse_date
from medwarrant.model.facts import EventValue
from medwarrant.model.measures import Range
from medwarrant.policy.fact_words import (
    VALUE_TABLES,
    entry_words,
    event_words,
    fact_words,
    said_words,
    value_words,
)
from medwarrant.policy.library import Library
from medwarrant.report.readability import reading_grade

TRIAL = {"outcome": "failed", "drug": "sumatriptan", "used_for": "acute", "duration": "2 months"}


@pytest.mark.parametrize(
    ("name", "status", "value", "words", "plain"),
    [
        ("intent", "present", "acute", "acute treatment of an attack", "stop an attack that is going on now"),
        ("line_of_business", "present", "original-medicare", "Original Medicare", "Original Medicare"),
        ("payer", "present", "anthem", "Anthem (Elevance Health)", "Anthem"),
        ("state", "present", "CA", "California", "California"),
        ("drug-trial", "present", TRIAL, "sumatriptan, for treatment of attacks, no adequate relief, taken for 2 months", "sumatriptan, for stopping attacks, it did not help enough, taken for 2 months"),
        ("drug-trial", "absent", {"drug_class": "triptan"}, "no triptans", "no triptans, pills for migraine attacks"),
        ("procedure", "absent", None, "none", "none"),
        ("procedure", "present", {"history": "complete", "kind": "epidural-injection", "from": "2025-01-01"}, "epidural injection, the history is complete from January 1, 2025", "shot near the nerves in the spine, all of them are named from January 1, 2025"),
        ("procedure", "present", {"date": "2026-03", "levels": ["L4-L5", "L5-S1"], "relief": ["50 percent", "60 percent"]}, "at L4-L5 and L5-S1, 50% to 60% relief, March 2026", "at L4-L5 and L5-S1, 50% to 60% relief, March 2026"),
        ("headache-days", "present", "20 days/month", "20", "20"),
        ("headache-days", "present", {"at_least": "15 days/month"}, "at least 15", "at least 15"),
        ("headache-hours", "present", "1 hours/day", "1 hour a day", "1 hour a day"),
        ("pregnancy", "present", None, "present", "yes"),
        ("pregnancy", "conflicting", None, "the record says both yes and no", "your record says both yes and no"),
        ("trigger-point-signs", "present", ["taut-band", "referred-pain"], "a taut band and referred pain on pressure", "a tight cord in the muscle and pain that spreads when pressed"),
        ("intent", "absent", "acute", "not acute treatment of an attack", "not stop an attack that is going on now"),
        ("no-such-fact", "present", "some-value", "some value", "some value"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_fact(
    name: str, status: str, value: Any, words: str, plain: str, library: Library
) -> None:
    assert said_words(name, status, value, library) == words
    assert said_words(name, status, value, library, plain=True) == plain


def test_values_of_the_model_are_said_as_plain_data_is(library: Library) -> None:
    assert value_words("pain-duration", Range(42.0, 42.0), library) == "6 weeks"
    trial = EventValue.of({"drug": "sumatriptan", "date": parse_date("2026-03")})
    assert value_words("drug-trial", trial, library) == "sumatriptan, March 2026"


def test_a_fact_has_its_name_first(library: Library) -> None:
    said = fact_words("payer", "present", "aetna", library)
    assert said == "Payer: Aetna"


def test_every_value_and_attribute_that_ships_has_words(library: Library) -> None:
    lacking = []
    for fact in library.facts.values():
        lacking += [] if fact.plain else [fact.id]
        if fact.id != "state":
            lacking += [f"{fact.id}: {one.id}" for one in fact.values.values() if not one.plain]
    for event in library.events.values():
        for one in event.attributes.values():
            lacking += [] if one.title and one.plain and one.told else [f"{event.id}: {one.id}"]
            lacking += [f"{one.id}: {value.id}" for value in one.values.values() if not value.plain]
    for table in ("lines_of_business", "nerves", "regions", "drug_classes", "kinds"):
        lacking += [name for name, one in getattr(library, table).items() if not one.plain]
    assert lacking == []


def test_every_entry_of_a_table_has_a_title_of_its_own(library: Library) -> None:
    for table in {*VALUE_TABLES.values(), "drugs"}:
        for name, one in getattr(library, table).items():
            words = entry_words(one)
            assert words.strip()
            assert "_" not in words
            assert words != name or "-" not in name


def test_what_patients_read_of_facts_is_easy(library: Library) -> None:
    """As sentences of a page: long names of companies and drugs stand among short words."""
    told = []
    for fact in library.facts.values():
        told.append(f"{fact.plain.rstrip('.')}.")
        if fact.id != "state":
            told += [f"{value.plain}." for value in fact.values.values()]
    for event in library.events.values():
        for one in event.attributes.values():
            told.append(f"{one.plain}.")
            told += [f"{one.told.replace('{}', value.plain)}." for value in one.values.values()]
    for table in ("lines_of_business", "nerves", "regions", "drug_classes", "kinds"):
        told += [f"{one.plain}." for one in getattr(library, table).values()]
    assert reading_grade(told) <= 8


def test_an_event_of_no_pack_is_told_with_spaces(library: Library) -> None:
    assert event_words("no-such-event", {"some_thing": "a-value"}, library) == "some thing a value"
