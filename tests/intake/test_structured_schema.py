"""The published schema says what is read: nothing that it refuses is read."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from json_places import places
from jsonschema import Draft202012Validator

from medwarrant.cli.main import run
from medwarrant.intake.request_json import request_json
from medwarrant.intake.structured import RequestReader
from medwarrant.model.errors import InputError
from medwarrant.model.request import Coverage, ServiceLine
from medwarrant.schema import schema, schema_names, schema_text

TODAY = date(2026, 11, 23)
SCHEMA = schema("request")
VALIDATOR = Draft202012Validator(SCHEMA)
REQUEST = {
    "schema": "medwarrant/request/1",
    "as_of": "2026-11-23",
    "services": [
        "64405",
        {
            "code": "20553",
            "text": "trigger points",
            "modifiers": ["59"],
            "units": 1,
            "sessions": 2,
            "interval": {"at_least": "4 weeks"},
            "intent": "therapeutic",
            "muscles": ["trapezius"],
            "levels": ["C5"],
            "drugs": ["lidocaine", {"drug": "triamcinolone", "dose": 40, "unit": "mg", "epinephrine": False}],
            "diagnoses": ["M79.12"],
        },
    ],
    "diagnoses": ["G43.719", {"code": "M79.12", "text": "myalgia"}],
    "coverage": {"payer": "aetna", "line_of_business": "commercial", "state": "CA", "contractor": None},
    "facts": [
        {"intent": "acute", "diabetes": "absent", "headache-days": [15, 20]},
        {"drug-trial": {"drug": "sumatriptan", "outcome": "failed", "duration": "6 weeks"}},
        {"fact": "procedure", "event": {"history": "complete", "from": "2025-01-01"}, "basis": "coded"},
        {"fact": "diabetes", "status": "absent", "basis": "confirmed", "service": "64405"},
    ],
}  # fmt: skip
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**16),
    st.floats(allow_nan=True),
    st.sampled_from(["", "64405", "G43.719", "acute", "2026-11-23", "x" * 2000, "present", "\ud800"]),
    st.sampled_from([[], {}, [1, 2], ["64405"], [[]], {"not": "acute"}, {"code": "64405"}, {"at_least": 3}]),
)  # fmt: skip


@pytest.fixture(scope="module")
def reader(library):
    return RequestReader(library)


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)
    assert schema_names() == tuple(sorted(schema_names()))
    assert json.loads(schema_text("request")) == SCHEMA


def test_the_whole_request_is_read_and_valid(reader):
    VALIDATOR.validate(REQUEST)
    assert len(reader.read(REQUEST, today=TODAY).facts) == 6


def test_every_field_of_a_request_stands_in_the_schema():
    service = set(SCHEMA["$defs"]["service"]["properties"])
    assert service == {*ServiceLine.__struct_fields__, "modifier"} - {"provenance"}
    assert set(SCHEMA["$defs"]["coverage"]["properties"]) == set(Coverage.__struct_fields__)


def test_requests_of_answers_are_valid_and_read_back(reader, library):
    request = reader.read(REQUEST, today=TODAY)
    written = request_json(request, library)
    VALIDATOR.validate(written)
    assert request_json(reader.read(written, today=TODAY), library) == written


def test_requests_of_examples_are_valid(library):
    for pack in library.packs:
        for example in pack.examples:
            VALIDATOR.validate(example.request)


PLACES = [place for place in places(REQUEST) if place]


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(st.sampled_from(PLACES), ODD, st.sampled_from(["set", "remove", "add"])),
        min_size=1,
        max_size=3,
    )
)
def test_what_the_schema_refuses_is_not_read(reader, changes):
    raw = deepcopy(REQUEST)
    for place, value, how in changes:
        target = raw
        try:
            for key in place[:-1]:
                target = target[key]
            if how == "remove":
                del target[place[-1]]
            elif how == "add" and isinstance(target, dict):
                target["surplus"] = deepcopy(value)
            else:
                target[place[-1]] = deepcopy(value)
        except (KeyError, IndexError, TypeError):
            continue
    try:
        reader.read(raw, today=TODAY)
    except InputError:
        return
    assert VALIDATOR.is_valid(raw), [error.message for error in VALIDATOR.iter_errors(raw)]


def test_the_schema_is_printed(capsys):
    assert run(["schema", "request"]) == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA
    assert run(["schema", "nothing"]) == 2
    assert "known: " in capsys.readouterr().err
