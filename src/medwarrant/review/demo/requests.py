"""What the invented practices ask for: requests of both packs' areas, used by the stories."""

from __future__ import annotations

from typing import Any, Final

_OCCIPITAL_TEST: Final[dict[str, Any]] = {
    "code": "64405",
    "nerve": "greater-occipital",
    "intent": "diagnostic",
    "phase": "initial",
}
_TOXIN_SERVICES: Final[list[dict[str, Any]]] = [
    {"code": "64615", "phase": "initial"},
    {
        "code": "J0585",
        "phase": "initial",
        "drugs": [{"drug": "onabotulinumtoxina", "dose": "155 units"}],
    },
]
_PREVENTIVES: Final[list[dict[str, Any]]] = [
    {
        "drug-trial": {
            "drug": "topiramate",
            "used_for": "prevention",
            "outcome": "failed",
            "duration": "60 days",
        }
    },
    {
        "drug-trial": {
            "drug": "propranolol",
            "used_for": "prevention",
            "outcome": "failed",
            "duration": "70 days",
        }
    },
]


def occipital_test(features: str | None) -> dict[str, Any]:
    """A first diagnostic occipital block under Centene, with its features present, absent or not said."""
    facts: list[dict[str, Any]] = [{"pain-in-nerve-area": "present"}]
    if features:
        facts.append({"ichd-occipital-neuralgia-features": features})
    return {
        "coverage": {"payer": "centene", "line_of_business": "marketplace", "state": "TX"},
        "services": [_OCCIPITAL_TEST],
        "diagnoses": ["M54.81"],
        "facts": facts,
    }


def toxin(headache_days: int, long_days: int) -> dict[str, Any]:
    """A first botulinum toxin treatment under Aetna."""
    return {
        "coverage": {"payer": "aetna", "line_of_business": "commercial", "state": "CA"},
        "services": _TOXIN_SERVICES,
        "diagnoses": ["G43.719"],
        "facts": [
            {"age": 41},
            {"headache-days": headache_days},
            {"long-headache-days": long_days},
            {"specialist-prescriber": "present"},
            *_PREVENTIVES,
        ],
    }


#: A trigger point injection that meets all that Massachusetts asks for.
TRIGGER_POINT: Final[dict[str, Any]] = {
    "coverage": {"payer": "bcbs-massachusetts", "line_of_business": "commercial", "state": "MA"},
    "services": [
        {
            "code": "20552",
            "muscles": ["trapezius"],
            "region": "neck",
            "phase": "initial",
            "guidance": "none",
        }
    ],
    "diagnoses": ["M79.12"],
    "facts": [
        {"focal-pain": "present"},
        {"trigger-point-signs": ["taut-band", "referred-pain"]},
        {"movement-limited": "present"},
        {"therapy": {"kind": "physical-therapy", "duration": "6 weeks", "outcome": "failed"}},
        {"pain-programme": "present"},
        {"procedure": "none"},
    ],
}
#: An occipital block under eviCore before other causes of the headache were looked for.
NOT_EVALUATED: Final[dict[str, Any]] = {
    "coverage": {"payer": "evicore", "line_of_business": "commercial", "state": "CO"},
    "services": [{"code": "64405", "nerve": "greater-occipital", "phase": "initial"}],
    "diagnoses": ["M54.81"],
    "facts": [
        {"headache-evaluation": "absent"},
        {"self-care-programme": "present"},
        {"opioid-use-three-months": "absent"},
        {"procedure": "none"},
    ],
}
ADVANTAGE: Final = ("line_of_business=medicare-advantage", "state=CA")
AETNA: Final = ("payer=aetna", "line_of_business=commercial", "state=CA")
#: An attack that is treated in the emergency department.
EMERGENCY: Final = ("intent=acute", "setting=emergency")
MIGRAINE: Final = "Is a greater occipital nerve block (64405) medically necessary for intractable migraine (G43.919)?"
