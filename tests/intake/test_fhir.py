"""What FHIR messages say is read as what it is, and nothing else."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest

from medwarrant.intake.fhir import FhirRead, is_fhir, read_fhir
from medwarrant.intake.fhir.bundle import read_bundle
from medwarrant.model.errors import InputError

MESSAGE = json.loads((Path(__file__).parent / "data" / "fhir_prior_authorization.json").read_text())
TODAY = date(2026, 11, 23)
CPT = "http://www.ama-assn.org/go/cpt"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"


@pytest.fixture(scope="module")
def read(medwarrant):
    def read_message(raw, as_of=None) -> FhirRead:
        return read_fhir(raw, medwarrant.library, medwarrant.icd, today=TODAY, as_of=as_of)

    return read_message


@pytest.fixture(scope="module")
def whole(read) -> FhirRead:
    return read(MESSAGE)


def order(**changes):
    """A ServiceRequest for an occipital block, with changes."""
    return {
        "resourceType": "ServiceRequest",
        "id": "o",
        "status": "active",
        "intent": "order",
        "code": {"coding": [{"system": CPT, "code": "64405"}]},
        "reasonCode": [{"coding": [{"system": ICD, "code": "G43.719"}]}],
        "subject": {"reference": "Patient/p"},
        **changes,
    }


def bundle(*resources):
    return {"resourceType": "Bundle", "entry": [{"resource": resource} for resource in resources]}


def about(kind, **members):
    """A resource about the patient of `order`."""
    return {"resourceType": kind, "id": "x", "subject": {"reference": "Patient/p"}, **members}


def facts_of(found: FhirRead) -> dict[str, list]:
    facts: dict[str, list] = {}
    for fact in found.reading.facts:
        facts.setdefault(fact.fact, []).append(fact)
    return facts


def kinds(found: FhirRead) -> set[str]:
    return {remark.kind for remark in found.reading.assumptions}


def unrecognised(found: FhirRead) -> str:
    return "\n".join(entry.text for entry in found.reading.unrecognised)


# --- the whole message --------------------------------------------------------------------------


def test_items_become_lines_with_their_own_diagnoses(whole):
    block, injection = whole.reading.request.services
    assert (block.code, block.diagnoses, block.setting, block.side, block.nerve, block.units) == (
        ("64405", ("G43.719",), "office", "right", "greater-occipital", 1)
    )
    assert (injection.code, injection.diagnoses) == ("20553", ("M79.12",))
    assert injection.muscles == ("trapezius", "levator-scapulae")
    assert block.provenance.document == "Claim/ask"


def test_date_coverage_and_state_of_the_service(whole):
    request = whole.reading.request
    assert request.as_of == date(2026, 12, 1)
    coverage = request.coverage
    assert (coverage.payer, coverage.line_of_business, coverage.state) == (
        ("aetna", "commercial", "CA")  # of the location; the patient lives in NV
    )


def test_facts_are_coded_and_name_their_resource(whole):
    facts = facts_of(whole)
    said = {
        name: [(f.value, f.status, f.basis, f.document) for f in facts[name]]
        for name in ("age", "sex", "diabetes", "weight", "anticoagulant", "allergy-to-injectate")
    }
    assert said == {
        "age": [("45 years", "present", "coded", "Patient/p")],
        "sex": [("female", "present", "coded", "Patient/p")],
        "diabetes": [(None, "present", "coded", "Condition/diabetes")],
        "weight": [("69.9 kg", "present", "coded", "Observation/weight")],
        "anticoagulant": [(None, "present", "coded", "MedicationRequest/apixaban")],
        "allergy-to-injectate": [(None, "present", "coded", "AllergyIntolerance/lidocaine")],
    }


def test_a_fact_named_in_words_is_stated_not_coded(whole):
    (days,) = facts_of(whole)["headache-days"]
    assert (days.value, days.basis) == ("18 days/month", "stated")


def test_events_carry_what_is_recorded_and_no_more(whole):
    facts = facts_of(whole)
    trials = [fact.value for fact in facts["drug-trial"]]
    assert trials == [
        {
            "drug": "topiramate",
            "date": "2026-01-01/2026-03-31",
            "duration": "3 months",
            "outcome": "not_tolerated",
        },
        {"drug": "apixaban", "date": "2026-05-04"},
    ]
    (block,) = facts["procedure"]
    assert block.value == {
        "procedure": "greater-occipital-nerve-block",
        "date": "2026-06-15",
        "side": "right",
    }


def test_conditions_that_do_not_stand_are_no_diagnoses(whole):
    assert [d.code for d in whole.reading.diagnoses] == ["G43.719", "M79.12"]
    diagnoses = [(f.value, f.status) for f in facts_of(whole)["diagnosis"]]
    assert diagnoses == [(["E11.9"], "present"), (["G50.0"], "absent")]
    said = {(remark.kind, remark.message.split(" ")[0]) for remark in whole.reading.assumptions}
    assert {("not_confirmed", "Condition/perhaps"), ("history", "Condition/past")} <= said


def test_other_people_are_left_out(whole):
    assert "heart-or-liver-disease" not in facts_of(whole)
    assert any("somebody else" in remark.message for remark in whole.reading.assumptions)


def test_what_is_not_understood_is_listed(whole):
    listed = unrecognised(whole)
    for words in ("Follow-up call", "SNOMED CT 13746004", "Body height"):
        assert words in listed
    assert any("QuestionnaireResponse" in remark.message for remark in whole.reading.assumptions)


def test_texts_are_kept_for_the_reader_of_notes(whole):
    assert [(d.name, d.content_type, d.text) for d in whole.documents] == [
        ("DocumentReference/note", "text/plain", "Tender over the occipital nerve."),
        ("Claim/ask", "text/plain", "Relief lasted two months after the first block."),
    ]
    assert any("application/pdf" in remark.message for remark in whole.reading.assumptions)


def test_order_of_entries_changes_no_determination(medwarrant):
    turned = deepcopy(MESSAGE)
    turned["entry"].reverse()
    assert medwarrant.determine(turned).digest == medwarrant.determine(MESSAGE).digest


def test_an_answer_is_given_and_replays(medwarrant):
    answer = medwarrant.determine(MESSAGE)
    pairs = [(item.service, item.diagnosis) for item in answer.determination.items]
    assert pairs == [("64405", "G43.719"), ("20553", "M79.12")]
    assert medwarrant.replay(answer.to_dict()).digest == answer.digest
    named = [r.message for r in answer.reading.assumptions if r.kind == "not_read"]
    assert any("DocumentReference/note" in message for message in named)


# --- single elements ----------------------------------------------------------------------------


def test_a_date_given_outweighs_the_message(read):
    found = read(MESSAGE, as_of=date(2026, 12, 2))
    assert found.reading.request.as_of == date(2026, 12, 2)
    assert facts_of(found)["age"][0].value == "46 years"  # it is the birthday


@pytest.mark.parametrize(
    ("verification", "clinical", "taken"),
    [
        (None, None, True),
        ("confirmed", "active", True),
        ("confirmed", "recurrence", True),
        ("confirmed", "inactive", False),
        ("confirmed", "remission", False),
        ("unconfirmed", "active", False),
        ("provisional", "active", False),
        ("differential", "active", False),
        ("refuted", "active", False),
        ("entered-in-error", "active", False),
        ("likely", "active", False),
    ],
)
def test_only_confirmed_present_conditions_are_diagnoses(read, verification, clinical, taken):
    condition = about("Condition", code={"coding": [{"system": ICD, "code": "G43.709"}]})
    for name, code in (("verificationStatus", verification), ("clinicalStatus", clinical)):
        if code is not None:
            condition[name] = {"coding": [{"code": code}]}
    asked = order(reasonCode=[], reasonReference=[{"reference": "Condition/x"}])
    found = read(bundle(asked, condition))
    assert bool(found.reading.diagnoses) is taken
    assert taken or "diagnosis" not in facts_of(found) or verification == "refuted"


@pytest.mark.parametrize(
    ("resource", "event"),
    [
        ({"resourceType": "MedicationStatement", "status": "active"}, True),
        ({"resourceType": "MedicationStatement", "status": "not-taken"}, False),
        ({"resourceType": "MedicationStatement", "status": "intended"}, False),
        ({"resourceType": "MedicationRequest", "status": "completed", "intent": "order"}, True),
        ({"resourceType": "MedicationRequest", "status": "active", "intent": "plan"}, False),
        ({"resourceType": "MedicationRequest", "status": "cancelled", "intent": "order"}, False),
        (
            {"resourceType": "MedicationRequest", "status": "active", "doNotPerform": True},
            False,
        ),
        ({"resourceType": "MedicationAdministration", "status": "not-done"}, False),
    ],
)
def test_only_drugs_that_were_taken_are_trials(read, resource, event):
    medication = about(kind="", medicationCodeableConcept={"text": "sumatriptan 50 mg"})
    found = read(bundle(order(), {**medication, **resource}))
    assert ("drug-trial" in facts_of(found)) is event


def test_a_stopped_drug_has_no_outcome_unless_it_says_so(read):
    stopped = about(
        "MedicationStatement",
        status="stopped",
        medicationCodeableConcept={"text": "warfarin"},
        statusReason=[{"text": "patient moved away"}],
    )
    facts = facts_of(read(bundle(order(), stopped)))
    assert facts["drug-trial"][0].value == {"drug": "warfarin"}
    assert "patient moved away" in facts["drug-trial"][0].quote
    assert "anticoagulant" not in facts


def test_a_combination_that_is_not_known_is_no_drug(read):
    both = about(
        "MedicationStatement",
        status="active",
        medicationCodeableConcept={"text": "hydrocodone 5 MG / ibuprofen 200 MG Oral Tablet"},
    )
    found = read(bundle(order(), both))
    assert "drug-trial" not in facts_of(found)
    assert "hydrocodone" in unrecognised(found)


@pytest.mark.parametrize(
    ("members", "value"),
    [
        ({"status": "final"}, 4),
        ({"status": "entered-in-error"}, None),
        ({"status": "preliminary"}, None),
        ({"status": "final", "effectiveDateTime": "2030-01-01"}, None),
        ({"status": "final", "valueQuantity": {"value": 40, "code": "{score}"}}, None),
    ],
)
def test_observations_count_when_final_and_possible(read, members, value):
    observation = about(
        "Observation",
        code={"coding": [{"system": "http://loinc.org", "code": "72514-3"}]},
        **{"valueQuantity": {"value": 4, "code": "{score}"}, **members},
    )
    said = facts_of(read(bundle(order(), observation))).get("pain-score", [])
    assert [fact.value for fact in said] == ([value] if value else [])


def test_an_allergy_to_something_else_is_only_listed(read):
    allergy = {
        "resourceType": "AllergyIntolerance",
        "id": "a",
        "patient": {"reference": "Patient/p"},
        "code": {"text": "Peanut"},
    }
    found = read(bundle(order(), allergy))
    assert "allergy-to-injectate" not in facts_of(found)
    assert "Peanut" in unrecognised(found)


def test_snomed_alone_is_never_a_diagnosis(read):
    found = read(
        order(
            reasonCode=[
                {
                    "coding": [{"system": "http://snomed.info/sct", "code": "37796009"}],
                    "text": "Migraine",
                }
            ]
        )
    )
    assert found.reading.diagnoses == ()
    assert "37796009" in unrecognised(found)


def test_conditions_stand_in_where_the_request_names_no_diagnosis(read):
    condition = about("Condition", code={"coding": [{"system": ICD, "code": "G43.709"}]})
    found = read(bundle(order(reasonCode=[]), condition))
    assert [d.code for d in found.reading.diagnoses] == ["G43.709"]
    assert "diagnoses" in kinds(found)


def test_a_code_that_does_not_exist_is_pointed_out(read):
    found = read(order(reasonCode=[{"coding": [{"system": ICD, "code": "G43.999"}]}]))
    assert [d.code for d in found.reading.diagnoses] == ["G43.999"]
    assert [remark.kind for remark in found.reading.corrections] == ["unknown_code"]


def test_orders_that_are_revoked_or_not_to_be_done_ask_for_nothing(read):
    kept = order(id="kept")
    others = [order(id="a", status="revoked"), order(id="b", doNotPerform=True)]
    found = read(bundle(kept, *others))
    assert len(found.reading.services) == 1
    with pytest.raises(InputError, match="no Claim or ServiceRequest asks"):
        read(bundle(*others))


def test_timing_and_quantity_of_an_order(read):
    timed = order(
        quantityQuantity={"value": 2},
        occurrenceTiming={"repeat": {"count": 3, "period": 4, "periodUnit": "wk", "frequency": 1}},
        orderDetail=[{"coding": [{"system": CPT, "code": "50"}]}],
    )
    (line,) = read(timed).reading.request.services
    assert (line.units, line.sessions, line.interval.low, line.modifiers, line.side) == (
        (2, 3, 28.0, ("50",), "bilateral")
    )


def test_the_encounter_says_where(read):
    visit = {
        "resourceType": "Encounter",
        "id": "e",
        "class": {"code": "EMER", "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode"},
    }
    found = read(bundle(order(encounter={"reference": "Encounter/e"}), visit))
    assert found.reading.request.services[0].setting == "emergency"


def claim(**changes):
    return {
        "resourceType": "Claim",
        "id": "c",
        "status": "active",
        "patient": {"reference": "Patient/p"},
        "diagnosis": [
            {
                "sequence": 1,
                "diagnosisCodeableConcept": {"coding": [{"system": ICD, "code": "G43.719"}]},
            }
        ],
        "item": [
            {"sequence": 1, "productOrService": {"coding": [{"system": CPT, "code": "64405"}]}}
        ],
        **changes,
    }


def test_a_claim_and_its_order_are_one_service(read):
    found = read(bundle(claim(diagnosis=[]), order(bodySite=[{"text": "left"}])))
    (line,) = found.reading.request.services
    assert (line.code, line.side, line.diagnoses) == ("64405", "left", ("G43.719",))


def test_an_order_beside_the_claim_is_not_judged(read):
    other = order(code={"coding": [{"system": CPT, "code": "20553"}]})
    found = read(bundle(claim(), other))
    assert [line.code for line in found.reading.request.services] == ["64405"]
    assert "not_asked" in kinds(found)


def test_a_replaced_claim_and_a_cancelled_item_ask_for_nothing(read):
    cancelled = {
        "productOrService": {"coding": [{"system": CPT, "code": "20553"}]},
        "modifierExtension": [
            {"url": "https://example.org/modifierextension-infoCancelled", "valueBoolean": True}
        ],
    }
    update = claim(
        id="new", related=[{"claim": {"reference": "Claim/c"}}], item=[*claim()["item"], cancelled]
    )
    found = read(bundle(update, claim(item=[cancelled])))
    assert [line.code for line in found.reading.request.services] == ["64405"]


def test_two_patients_are_refused(read):
    with pytest.raises(InputError, match="more than one patient"):
        read(bundle(order(), order(subject={"reference": "Patient/q"})))


@pytest.mark.parametrize(
    "reference",
    ["#p", "Patient/p", "urn:uuid:1", "https://example.org/fhir/Patient/p", "Patient/p/_history/2"],
)
def test_references_of_every_form_are_resolved(reference):
    message = {
        "resourceType": "Bundle",
        "entry": [
            {
                "resource": {
                    "resourceType": "Claim",
                    "id": "c",
                    "contained": [{"resourceType": "Patient", "id": "p"}]
                    if reference == "#p"
                    else [],
                    "patient": {"reference": reference},
                }
            },
            {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient", "id": "p"}},
        ],
    }
    found = read_bundle(message)
    (asking,) = found.of("Claim")
    patient = found.resolve(asking.child("patient"), asking)
    assert patient is not None
    assert patient.type == "Patient"
    assert bool(patient.owner) is (reference == "#p")


def test_only_a_resource_is_fhir():
    assert is_fhir({"resourceType": "Claim"})
    assert not is_fhir({"services": []})
    assert not is_fhir([])


# --- errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ({"resourceType": 7}, "/resourceType"),
        ({"resourceType": "Bundle", "entry": {}}, "/entry"),
        ({"resourceType": "Bundle", "entry": [3]}, "/entry/0"),
        ({"resourceType": "Bundle", "entry": [{"resource": {}}]}, "/entry/0/resource/resourceType"),
        (bundle(about("Patient"), claim(item=[{"sequence": 1}])), "/entry/1/resource/item/0/productOrService"),
        (claim(item={}), "/item"),
        (claim(item=[{"productOrService": "64405"}]), "/item/0/productOrService"),
        (claim(item=[{"productOrService": {"coding": [{"system": CPT, "code": "644"}]}}]), "/item/0/productOrService/coding/0/code"),
        (claim(item=[{**claim()["item"][0], "diagnosisSequence": [4]}]), "/item/0/diagnosisSequence/0"),
        (claim(item=[{**claim()["item"][0], "diagnosisSequence": [[1]]}]), "/item/0/diagnosisSequence/0"),
        (claim(item=[{**claim()["item"][0], "servicedDate": "yesterday"}]), "/item/0/servicedDate"),
        (claim(item=[{**claim()["item"][0], "servicedDate": "1912-01-01"}]), "/item/0"),
        (claim(diagnosis=[{"diagnosisCodeableConcept": {"coding": [{"system": ICD, "code": "migraine!"}]}}]), "/diagnosis/0/diagnosisCodeableConcept/coding/0/code"),
        (order(code=None), "/code"),
        (bundle(order(), about("Observation", status="final", code={"text": "x"}, valueQuantity={"value": "9"})), "/entry/1/resource/valueQuantity/value"),
        (bundle(order(), about("DocumentReference", content=[{"attachment": {"contentType": "text/plain", "data": "%%%"}}])), "/entry/1/resource/content/0/attachment/data"),
        (order(note=[{"text": "half \ud800"}]), "/note/0/text"),
    ],
)  # fmt: skip
def test_errors_point_at_their_place(read, raw, where):
    with pytest.raises(InputError) as caught:
        read(raw)
    assert caught.value.where == where


def test_a_message_without_a_request_is_refused(read):
    with pytest.raises(InputError, match="no Claim or ServiceRequest"):
        read({"resourceType": "ClaimResponse", "id": "r"})
