"""Answers that the tests of the report share."""

from __future__ import annotations

from datetime import date

import pytest

from medwarrant import Answer, Medwarrant

_PAIRS = {
    "services": ["64400", "64405", "64450", "20553"],
    "diagnoses": ["G50.0", "G43.919", "M54.2", "M53.80", "M79.7"],
}


@pytest.fixture(scope="session")
def twenty(medwarrant: Medwarrant, as_of: date) -> Answer:
    """Four services for five diagnoses, nothing else said."""
    return medwarrant.determine(_PAIRS, as_of=as_of)


@pytest.fixture(scope="session")
def met(medwarrant: Medwarrant, as_of: date) -> Answer:
    """One pair that meets guideline criteria, without a payer."""
    request = {
        "services": ["64405"],
        "diagnoses": ["G43.919"],
        "facts": [{"intent": "acute"}, {"setting": "emergency"}],
    }
    return medwarrant.determine(request, as_of=as_of)


@pytest.fixture(scope="session")
def payer(medwarrant: Medwarrant, as_of: date) -> Answer:
    """Four pairs under a named payer, one fact known."""
    request = {
        "services": [{"code": "20553", "muscles": ["trapezius"]}, "64405"],
        "diagnoses": ["M79.12", "G43.919"],
        "facts": [{"intent": "acute"}],
        "coverage": {"payer": "medicare", "state": "CA"},
    }
    return medwarrant.determine(request, as_of=as_of)


@pytest.fixture(scope="session")
def unknown(medwarrant: Medwarrant, as_of: date) -> Answer:
    """A procedure code that no pack has and a diagnosis code that does not exist."""
    request = {"services": ["99999"], "diagnoses": ["G43.999", "M54.2"]}
    return medwarrant.determine(request, as_of=as_of)


@pytest.fixture(scope="session")
def contraindicated(medwarrant: Medwarrant, as_of: date) -> Answer:
    """All criteria met, and an infection where the needle would go in."""
    request = {
        "services": ["64405"],
        "diagnoses": ["G43.919"],
        "facts": [
            {"intent": "acute"},
            {"setting": "emergency"},
            {"infection-at-site": "present"},
        ],
    }
    return medwarrant.determine(request, as_of=as_of)


@pytest.fixture(scope="session", params=["twenty", "met", "payer", "unknown", "contraindicated"])
def answer(request: pytest.FixtureRequest) -> Answer:
    """Each of the answers in turn."""
    found: Answer = request.getfixturevalue(request.param)
    return found
