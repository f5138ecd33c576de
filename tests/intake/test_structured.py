"""Structured requests: what is read, and where what cannot be read stands."""

from __future__ import annotations

from datetime import date

import pytest

from medwarrant.intake.structured import RequestReader
from medwarrant.model.errors import InputError
from medwarrant.model.measures import Range

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def read(library):
    reader = RequestReader(library)
    return lambda raw: reader.read(raw, today=TODAY)


def test_codes_are_normalised_and_kept(read):
    request = read(
        {
            "services": [" 64405", {"code": "j0585"}],
            "diagnoses": ["g43719", {"code": "M54.2", "text": "sore"}],
        }
    )
    assert [line.code for line in request.services] == ["64405", "J0585"]
    assert [(d.code, d.text) for d in request.diagnoses] == [("G43.719", ""), ("M54.2", "sore")]
    assert request.as_of == TODAY


def test_a_line_with_all_its_details(read):
    (line,) = read(
        {
            "services": [
                {
                    "code": "64405",
                    "modifiers": ["rt", 50],
                    "units": 2,
                    "side": "right",
                    "intent": "prevention",
                    "interval": "4 weeks",
                    "sessions": "3",
                    "levels": ["C2-C3"],
                    "drugs": ["lidocaine", {"drug": "triamcinolone", "dose": "40 mg"}],
                    "diagnoses": ["G43719"],
                }
            ],
            "diagnoses": ["G43.719"],
        }
    ).services
    assert (line.modifiers, line.units, line.sessions, line.interval) == (
        ("RT", "50"),
        2,
        3,
        Range(28.0, 28.0),
    )
    assert (line.diagnoses, line.levels) == (("G43.719",), ("C2-C3",))
    assert [dose.drug for dose in line.drugs] == ["lidocaine", "triamcinolone"]


def test_facts_are_stated_unless_they_say_otherwise(read):
    facts = read(
        {
            "facts": [
                {"intent": "acute", "diabetes": "absent"},
                {"fact": "headache-days", "value": "18", "basis": "coded", "service": "64405"},
                {"fact": "drug-trial", "event": {"drug": "sumatriptan"}, "basis": "confirmed"},
                {"fact": "diabetes", "status": "conflicting"},
                {"fact": "intent", "value": "acute", "status": "unknown"},
            ]
        }
    ).facts
    assert [(f.fact, f.status, f.basis, f.service) for f in facts] == [
        ("intent", "present", "stated", None),
        ("diabetes", "absent", "stated", None),
        ("headache-days", "present", "coded", "64405"),
        ("drug-trial", "present", "confirmed", None),
        ("diabetes", "conflicting", "stated", None),
        ("intent", "unknown", "stated", None),
    ]
    assert {fact.provenance.document for fact in facts} == {"request"}


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ([], ""),
        ("64405", ""),
        ({"service": []}, "/service"),
        ({"a/b": 1}, "/a~1b"),
        ({"schema": "other/1"}, "/schema"),
        ({"as_of": "soon"}, "/as_of"),
        ({"as_of": 2026}, "/as_of"),
        ({"as_of": "1800-01-01"}, "/as_of"),
        ({"services": "64405"}, "/services"),
        ({"services": ["64405"] * 201}, "/services"),
        ({"services": ["6440"]}, "/services/0"),
        ({"services": [True]}, "/services/0"),
        ({"services": [{}]}, "/services/0"),
        ({"services": [{"code": "6440"}]}, "/services/0/code"),
        ({"services": [{"code": ["64405"]}]}, "/services/0/code"),
        ({"services": ["64405", {"code": "64405", "colour": 1}]}, "/services/1/colour"),
        ({"services": [{"code": "64405", "intent": "acut"}]}, "/services/0/intent"),
        ({"services": [{"code": "64405", "muscles": ["neck-muscle"]}]}, "/services/0/muscles"),
        ({"services": [{"code": "64405", "units": "two"}]}, "/services/0/units"),
        ({"services": [{"code": "64405", "units": True}]}, "/services/0/units"),
        ({"services": [{"code": "64405", "interval": "far"}]}, "/services/0/interval"),
        ({"services": [{"code": "64405", "modifiers": ["RT", "RIGHT"]}]}, "/services/0/modifiers/1"),
        ({"services": [{"code": "64405", "modifiers": {"a": 1}}]}, "/services/0/modifiers"),
        ({"services": [{"code": "64405", "drugs": [{"drug": "moonshine"}]}]}, "/services/0/drugs/0/drug"),
        ({"services": [{"code": "64405", "drugs": [{"dose": "4 mg"}]}]}, "/services/0/drugs/0"),
        ({"services": [{"code": "64405", "drugs": [{"drug": "lidocaine", "dose": "4 days"}]}]}, "/services/0/drugs/0/dose"),
        ({"services": [{"code": "64405", "drugs": [{"drug": "lidocaine", "epinephrine": "some"}]}]}, "/services/0/drugs/0/epinephrine"),
        ({"services": [{"code": "64405", "diagnoses": ["M54.2"]}], "diagnoses": ["G43.719"]}, "/services/0/diagnoses/0"),
        ({"services": [{"code": "64405", "text": 5}]}, "/services/0/text"),
        ({"diagnoses": ["migraine"]}, "/diagnoses/0"),
        ({"diagnoses": [{"code": "migraine"}]}, "/diagnoses/0/code"),
        ({"diagnoses": [{"icd": "G43.719"}]}, "/diagnoses/0/icd"),
        ({"coverage": []}, "/coverage"),
        ({"coverage": {"payer": "nobody"}}, "/coverage/payer"),
        ({"coverage": {"plan": "gold"}}, "/coverage/plan"),
        ({"facts": {"intent": "acute"}}, "/facts"),
        ({"facts": ["intent"]}, "/facts/0"),
        ({"facts": [{"intent": "acut"}]}, "/facts/0/intent"),
        ({"facts": [{"intension": "acute"}]}, "/facts/0/intension"),
        ({"facts": [{}, {"fact": "intent", "value": "acut"}]}, "/facts/1/value"),
        ({"facts": [{"fact": "intent", "valu": "acute"}]}, "/facts/0/valu"),
        ({"facts": [{"fact": "intent", "value": "acute", "basis": "guessed"}]}, "/facts/0/basis"),
        ({"facts": [{"fact": "intent", "value": "acute", "service": "x"}]}, "/facts/0/service"),
        ({"facts": [{"drug-trial": {"drug": "moonshine"}}]}, "/facts/0/drug-trial/drug"),
        ({"facts": [{"drug-trial": {"tablets": 4}}]}, "/facts/0/drug-trial"),
        ({"facts": [{"fact": "drug-trial", "event": {"outcome": "so-so"}}]}, "/facts/0/event/outcome"),
        ({"facts": [{"age": 400}]}, "/facts/0/age"),
        ({"facts": [{"age": float("nan")}]}, "/facts/0/age"),
        ({"facts": [{"age": 10**40}]}, "/facts/0/age"),
        ({"facts": [{"diabetes": "half \ud800"}]}, "/facts/0/diabetes"),
    ],
)  # fmt: skip
def test_errors_point_at_their_place(read, raw, where):
    with pytest.raises(InputError) as caught:
        read(raw)
    assert caught.value.where == where
    assert len(str(caught.value)) < 500


def test_depth_is_bounded(read):
    deep: list = []
    for _ in range(3000):
        deep = [deep]
    with pytest.raises(InputError, match="nested"):
        read({"facts": [{"intent": deep}]})
