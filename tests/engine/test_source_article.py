"""The pairs of the question that started it, as codes, with the packs that ship."""

from __future__ import annotations

import pytest

SERVICES = ["64400", "64405", "64450", "20553"]
DIAGNOSES = ["G50.0", "G43.919", "M54.2", "M53.80", "M79.7"]
REVIEW, INFORMATION, MET = "needs_clinical_review", "needs_information", "meets_criteria"


def determine(medwarrant, services, diagnoses, *facts, **keys):
    request = {
        "services": services,
        "diagnoses": diagnoses,
        "facts": list(facts),
        "as_of": "2026-11-23",
        **keys,
    }
    return medwarrant.determine(request).to_dict()


def item_of(medwarrant, service, diagnosis, *facts, **keys):
    (item,) = determine(medwarrant, [service], [diagnosis], *facts, **keys)["items"]
    return item


@pytest.fixture(scope="module")
def grid(medwarrant):
    return determine(medwarrant, SERVICES, DIAGNOSES)


@pytest.fixture(scope="module")
def items(grid):
    return {(item["service"], item["diagnosis"]): item for item in grid["items"]}


def test_every_pair_is_answered_in_order(items):
    assert list(items) == [(service, code) for service in SERVICES for code in DIAGNOSES]


OUTCOMES = {
    "64400": [INFORMATION, INFORMATION, REVIEW, REVIEW, REVIEW],
    "64405": [REVIEW, INFORMATION, REVIEW, REVIEW, REVIEW],
    "64450": [REVIEW, REVIEW, REVIEW, REVIEW, REVIEW],
    "20553": [REVIEW, INFORMATION, INFORMATION, INFORMATION, REVIEW],
}


@pytest.mark.parametrize("service", SERVICES)
def test_outcomes(items, service):
    assert [items[service, code]["outcome"] for code in DIAGNOSES] == OUTCOMES[service]


def test_nothing_is_said_against_for_want_of_evidence(items):
    """None of the pairs has a source against it; none found and neither never become against."""
    assert all("against" not in item["reasons"] for item in items.values())
    assert all(item["evidence"]["direction"] != "against" for item in items.values())
    assert not any("not medically necessary" in item["summary"].lower() for item in items.values())


def test_no_payer_is_applied(items):
    for item in items.values():
        assert not any(result["governs"] for result in item["coverage"])
        assert item["governing"] is None or item["governing"]["authority"] == "guideline"


def test_the_request_and_its_lines(grid):
    assert {s["service"]: (s["outcome"], s["best"]) for s in grid["services"]} == {
        "64400": (INFORMATION, "G50.0"),
        "64405": (INFORMATION, "G43.919"),
        "64450": (REVIEW, "G50.0"),
        "20553": (INFORMATION, "G43.919"),
    }
    assert grid["outcome"] == REVIEW


# --- trigeminal neuralgia -----------------------------------------------------------------------


def test_trigeminal_neuralgia_asks_for_the_first_choice_drugs(items):
    item = items["64400", "G50.0"]
    assert "first-choice-drug-inadequate" in item["missing"]
    assert any(ask["fact"] == "drug-trial" for ask in item["ask"])


# --- migraine -----------------------------------------------------------------------------------

ACUTE_DRUG_FAILED = {
    "drug-trial": {"drug": "rizatriptan", "used_for": "acute", "outcome": "failed"}
}
PREVENTIVE_FAILED = {
    "drug-trial": {"drug": "topiramate", "used_for": "prevention", "outcome": "failed"}
}


def test_migraine_asks_first_for_purpose_and_setting(items):
    item = items["64405", "G43.919"]
    assert item["missing"] == ["intent", "setting", "acute-drugs-inadequate"]
    assert [ask["fact"] for ask in item["ask"]][:2] == ["intent", "setting"]
    assert item["evidence"]["direction"] is None


def test_an_attack_in_the_emergency_department(medwarrant):
    """On the recommendation of 2025: strong, without step therapy."""
    item = item_of(medwarrant, "64405", "G43.919", {"intent": "acute"}, {"setting": "emergency"})
    assert item["outcome"] == MET
    assert "ahs-2025-gon-emergency" in [s["id"] for s in item["evidence"]["statements"]]
    assert item["evidence"]["strength"] == "strong"
    assert item["summary"] == "Meets guideline criteria; no payer policy applied."


def test_an_attack_elsewhere_is_conditional_and_weak(medwarrant):
    facts = [{"intent": "acute"}, {"setting": "office"}]
    item = item_of(medwarrant, "64405", "G43.919", *facts)
    assert (item["outcome"], item["missing"]) == (INFORMATION, ["acute-drugs-inadequate"])
    assert (item["evidence"]["direction"], item["evidence"]["strength"]) == ("for", "weak")
    assert item_of(medwarrant, "64405", "G43.919", *facts, ACUTE_DRUG_FAILED)["outcome"] == MET


def test_a_failed_preventive_does_not_stand_for_a_failed_acute_drug(medwarrant):
    facts = [{"intent": "acute"}, {"setting": "office"}, PREVENTIVE_FAILED]
    item = item_of(medwarrant, "64405", "G43.919", *facts)
    assert (item["outcome"], item["missing"]) == (INFORMATION, ["acute-drugs-inadequate"])


def test_prevention_is_neither_for_nor_against(medwarrant):
    item = item_of(medwarrant, "64405", "G43.919", {"intent": "prevention"}, ACUTE_DRUG_FAILED)
    assert item["outcome"] == REVIEW
    assert set(item["reasons"]) <= {"neither", "no_support_found"}
    assert "neither" in item["reasons"]
    assert item["evidence"]["direction"] in ("neither", None)


def test_contradictory_purposes_are_missing(medwarrant):
    facts = [{"intent": "acute"}, {"intent": "prevention"}, {"setting": "emergency"}]
    item = item_of(medwarrant, "64405", "G43.919", *facts)
    assert item["outcome"] == INFORMATION
    assert "intent" in item["missing"]


# --- which nerve --------------------------------------------------------------------------------


def test_64450_asks_which_nerve(items):
    asked = [ask for code in DIAGNOSES for ask in items["64450", code]["ask"]]
    assert any(ask["fact"] == "nerve" for ask in asked)


def test_the_supraorbital_nerve_belongs_to_64400(medwarrant):
    line = {"code": "64450", "nerve": "supraorbital"}
    (item,) = determine(medwarrant, [line], ["G43.919"])["items"]
    (finding,) = [f for f in item["coding"] if f["kind"] == "nerve_mismatch"]
    assert (item["outcome"], finding["severity"]) == (REVIEW, "refer")
    assert "mismatch" in item["reasons"]
    assert "64400, not 64450" in finding["message"]
    (fits,) = determine(medwarrant, [{**line, "code": "64400"}], ["G43.919"])["items"]
    assert "mismatch" not in fits["reasons"]


# --- neck pain, dorsopathy, fibromyalgia --------------------------------------------------------


@pytest.mark.parametrize("diagnosis", ["M54.2", "M53.80"])
@pytest.mark.parametrize("service", ["64405", "64450"])
def test_a_block_for_neck_pain_asks_what_is_meant(items, service, diagnosis):
    item = items[service, diagnosis]
    assert item["reasons"] == ["no_support_found"]
    codes = " ".join(ask["code"] or "" for ask in item["ask"])
    assert "G44.86" in codes
    assert "M54.81" in codes


def test_trigger_points_must_be_documented(items, medwarrant):
    for code in ("G43.919", "M54.2", "M53.80"):
        assert "trigger-points-documented" in items["20553", code]["missing"]
    denied = item_of(medwarrant, "20553", "M54.2", {"trigger-points": "absent"})
    assert denied["outcome"] == REVIEW
    assert "not_met" in denied["reasons"]


def test_fibromyalgia_alone_finds_no_support(items):
    item = items["20553", "M79.7"]
    assert "no_support_found" in item["reasons"]
    assert "against" not in item["reasons"]


def test_fibromyalgia_beside_myalgia_names_the_exclusion(medwarrant):
    answer = determine(medwarrant, ["20553"], ["M79.7", "M79.18"])
    for item in answer["items"]:
        assert [f["kind"] for f in item["coding"] if f["kind"] == "excludes1"] == ["excludes1"]
    assert answer["items"][0]["outcome"] == REVIEW


# --- request rules without a payer --------------------------------------------------------------


def test_without_a_payer_session_limits_are_shown_and_not_applied(medwarrant):
    """Another block the same day breaks a payer's rule; without a payer it changes nothing."""
    facts = [{"intent": "acute"}, {"setting": "emergency"}]
    alone = item_of(medwarrant, "64405", "G43.919", *facts)
    both = determine(medwarrant, ["64405", "20553"], ["G43.919"], *facts)["items"][0]
    assert alone["outcome"] == both["outcome"] == MET


# --- support ------------------------------------------------------------------------------------


def test_what_was_retracted_or_not_verified_supports_nothing(grid):
    references = {reference["id"]: reference for reference in grid["references"]}
    for item in grid["items"]:
        for statement in item["evidence"]["statements"]:
            source = references[statement["source"]]
            if statement["verified"] == "unverified" or source["retracted"]:
                assert statement["supports"] is False


def test_no_indication_that_decides_rests_on_unverified_support_alone(library):
    for policy in library.policies.values():
        for indication in policy.indications:
            if indication.position.direction in ("for", "against"):
                assert indication.verified, (policy.id, indication.id)
                assert any(map(library.supports, indication.rests_on))
