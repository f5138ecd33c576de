"""From facts to outcome over the made-up library: reasons, safety, coding, support, documents."""

from __future__ import annotations

import msgspec
import pytest

ACUTE = "{intent: acute}, {setting: office}"
FAILED = "{drug-trial: {used_for: acute, outcome: failed}}"


@pytest.mark.parametrize(
    ("facts", "outcome", "reasons"),
    [
        ("[]", "needs_information", ()),
        ("[{intent: acute}, {setting: emergency}]", "meets_criteria", ()),
        (f"[{ACUTE}]", "needs_information", ()),
        (f"[{ACUTE}, {FAILED}]", "meets_criteria", ()),
        # A requirement of the editors asks and never refers.
        (f"[{ACUTE}, {{drug-trial: none}}]", "needs_information", ()),
        ("[{intent: prevention}]", "needs_clinical_review", ("neither",)),
        ("[{intent: diagnostic}]", "needs_clinical_review", ("against",)),
        ("[{intent: acute}, {intent: prevention}]", "needs_information", ()),
        # An absolute contraindication refers; a conflicting one asks; an unknown one changes nothing.
        (f"[{ACUTE}, {FAILED}, {{infection: present}}]", "needs_clinical_review", ("contraindication",)),
        (f"[{ACUTE}, {FAILED}, {{infection: conflicting}}]", "needs_information", ()),
        (f"[{ACUTE}, {FAILED}, {{infection: absent}}]", "meets_criteria", ()),
        (f"[{ACUTE}, {FAILED}, {{allergy: present}}]", "meets_criteria", ()),
        # One that rests on a rumour is shown and decides nothing.
        (f"[{ACUTE}, {FAILED}, {{fever: present}}]", "meets_criteria", ()),
    ],
)  # fmt: skip
def test_outcome(bench, facts, outcome, reasons):
    item = bench.item(facts)
    assert (item.outcome, item.reasons) == (outcome, reasons)


@pytest.mark.parametrize(
    ("service", "diagnosis", "facts", "outcome", "reasons"),
    [
        ("T0001", "M54.2", "[]", "needs_clinical_review", ("mismatch",)),
        ("T0001", "R51.9", "[]", "no_policy", ()),
        ("T0005", "G43.909", "[]", "no_policy", ()),
        ("99999", "G43.909", "[]", "no_policy", ()),
        ("T0001", "G43.999", "[]", "no_policy", ()),  # no such code
        ("T0003", "M79.7", "[]", "needs_clinical_review", ("no_support_found",)),
        ("T0002", "M54.2", "[{tender: present}]", "meets_criteria", ()),
        ("T0002", "M54.2", "[]", "needs_information", ()),
        ("T0002", "M54.2", "[{tender: absent}]", "needs_clinical_review", ("not_met",)),
        # Unverified and retracted support decides nothing, for or against or as a mismatch.
        ("T0002", "M54.2", "[{tender: absent}, {fever: present}]", "needs_clinical_review", ("rule_unverified",)),
        ("T0002", "M79.7", "[{tender: present}]", "needs_clinical_review", ("rule_unverified",)),
        ("T0002", "M79.10", "[{tender: present}]", "needs_clinical_review", ("rule_unverified",)),
        ("T0002", "G43.909", "[]", "no_policy", ()),
    ],
)  # fmt: skip
def test_pairs(bench, service, diagnosis, facts, outcome, reasons):
    item = bench.item(facts, services=[service], diagnoses=[diagnosis])
    assert (item.outcome, item.reasons) == (outcome, reasons)


def test_every_pair_is_answered(bench):
    services, diagnoses = ["T0001", "T0003", "99999"], ["G43.909", "M79.7", "Q99.99"]
    items = bench.items(services=services, diagnoses=diagnoses)
    assert list(items) == [f"{s}/{d}" for s in services for d in diagnoses]


def test_lines_are_judged_for_what_they_are_linked_to(bench):
    services = "[{code: T0001, diagnoses: [G43.909]}, T0003]"
    items = bench.items(services=services, diagnoses=["G43.909", "M79.7"])
    assert list(items) == ["T0001/G43.909", "T0003/G43.909", "T0003/M79.7"]


def test_two_lines_that_are_alike_are_two_lines(bench):
    line = bench.request().services[0]
    request = msgspec.structs.replace(bench.request(), services=(line, line))
    found = bench.medwarrant.determine(request).determination
    assert [item.line for item in found.items] == [0, 1]
    assert [service.line for service in found.services] == [0, 1]


def test_a_line_takes_its_best_item_and_the_request_its_worst_line(bench):
    request = bench.request(
        "[{tender: present}, {treatment: none}]",
        services="[T0003, T0002]",
        diagnoses="[M79.7, M79.10]",
    )
    found = bench.medwarrant.determine(request).determination
    assert [(line.service, line.outcome, line.best) for line in found.services] == [
        ("T0003", "meets_criteria", "M79.10"),
        ("T0002", "needs_clinical_review", "M79.7"),
    ]
    assert found.outcome == "needs_clinical_review"


def test_nothing_asked_is_nothing_judged(bench):
    for keys in ({"services": "[]"}, {"diagnoses": "[]"}):
        found = bench.medwarrant.determine(bench.request(**keys)).determination
        assert (found.items, found.services, found.outcome) == ((), (), None)


# --- rules about the whole request --------------------------------------------------------------


@pytest.mark.parametrize(
    ("services", "outcome", "reasons"),
    [
        ("[T0001]", "meets_criteria", ()),
        ("[T0001, T0002]", "needs_clinical_review", ("request_rule",)),
        ("[{code: T0001, drugs: [{drug: lidocaine, dose: 400 mg, epinephrine: false}]}]", "needs_clinical_review", ("request_rule",)),
        # Doses that are not stated never lower an outcome.
        ("[{code: T0001, drugs: [lidocaine]}]", "meets_criteria", ()),
        ("[{code: T0001, drugs: [{drug: lidocaine, dose: 400 mg}]}]", "meets_criteria", ()),
        # Whether another muscle injection is in the same region is not known.
        ("[T0001, T0003]", "needs_information", ()),
    ],
)  # fmt: skip
def test_request_rules_of_the_governing_policy(bench, services, outcome, reasons):
    items = bench.items("[{intent: acute}, {setting: emergency}]", services=services)
    item = items["T0001/G43.909"]
    assert (item.outcome, item.reasons) == (outcome, reasons)


def test_rules_of_a_policy_that_does_not_govern_change_nothing(bench):
    """One region a session is a rule of the guideline; the payer's policy has none."""
    items = bench.items(
        "[{tender: present}]",
        services="[T0001, T0002]",
        coverage="{payer: alpha, line_of_business: commercial}",
    )
    assert items["T0001/G43.909"].outcome == "meets_criteria"


# --- safety, coding, facts ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ("[]", {("infection", "confirm"), ("allergy", "info"), ("rumoured-harm", "confirm")}),
        ("[{infection: present}]", {("infection", "refer"), ("allergy", "info"), ("rumoured-harm", "confirm")}),
        ("[{infection: absent}, {allergy: absent}, {fever: absent}]", set()),
        ("[{infection: absent}, {allergy: present}, {fever: present}]", {("allergy", "caution"), ("rumoured-harm", "caution")}),
    ],
)  # fmt: skip
def test_safety(bench, facts, found):
    assert {(f.id, f.severity) for f in bench.item(facts).safety} == found


@pytest.mark.parametrize(
    ("services", "kinds"),
    [
        ("[{code: T0001, nerve: trunk-nerve}]", set()),
        ("[{code: T0001, nerve: branch-nerve}]", set()),
        ("[{code: T0001, nerve: other-nerve}]", {"nerve_mismatch"}),
        ("[{code: T0003, muscles: [muscle-one]}]", {"muscle_count"}),
        ("[{code: T0003, muscles: [muscle-one, muscle-two, muscle-three]}]", set()),
        ("['99999']", {"unknown_procedure"}),
    ],
)
def test_coding(bench, services, kinds):
    assert {finding.kind for finding in bench.item(services=services).coding} == kinds


def test_a_nerve_that_does_not_fit_names_its_code(bench):
    item = bench.item(
        "[{intent: acute}, {setting: emergency}]", services="[{code: T0001, nerve: other-nerve}]"
    )
    assert (item.outcome, item.reasons) == ("needs_clinical_review", ("mismatch",))
    (finding,) = item.coding
    assert "T0002, not T0001" in finding.message


@pytest.mark.parametrize(
    ("diagnoses", "kinds"),
    [
        ("[G43.909]", set()),
        ("[G43]", {"header_code"}),
        ("[G43.999]", {"unknown_code"}),
        ("[M79.18, M79.7]", {"excludes1"}),
    ],
)
def test_findings_on_diagnoses_inform(bench, diagnoses, kinds):
    items = bench.items(diagnoses=diagnoses, services="[T0003]")
    found = {finding.kind for item in items.values() for finding in item.coding}
    assert found - {"code_first", "code_also"} == kinds
    assert all(f.severity != "refer" for item in items.values() for f in item.coding)


def test_what_rests_on_facts_read_by_the_machine_is_provisional(bench):
    read = "[{fact: intent, value: acute, basis: read}, {setting: emergency}]"
    confirmed = "[{fact: intent, value: acute, basis: confirmed}, {setting: emergency}]"
    assert bench.item(read).provisional
    assert not bench.item(confirmed).provisional
    assert bench.item("[{intent: prevention}]").provisional is False


def test_a_fact_about_one_service_stays_with_it(bench):
    """What is denied for one line is not denied for the next, in whatever order they are asked."""
    facts = "[{fact: diagnosis, value: {not: M79.7}, service: T0001}]"
    for services in ("[T0001, T0003]", "[T0003, T0001]"):
        request = bench.request(facts, services=services)
        view_of = {}
        from medwarrant.engine.view import View

        base = View.of(request, bench.library, bench.compiled)
        for number, line in enumerate(request.services):
            view_of[line.code] = base.for_item(line, number, request.diagnoses[0])
        assert view_of["T0001"].excluded.get("diagnosis") == frozenset({"M79.7"})
        assert view_of["T0003"].excluded.get("diagnosis") is None


def test_evidence_depends_on_what_is_not_known(bench):
    open_case, settled = bench.item(), bench.item("[{intent: prevention}]")
    assert open_case.evidence.direction is None
    assert set(open_case.evidence.depends_on) == {"intent", "setting"}
    assert settled.evidence.direction == "neither"


def test_documents_say_what_they_are_for(bench):
    found = bench.medwarrant.determine(bench.request(f"[{ACUTE}]")).determination
    wanted = {document.what: [w.criterion for w in document.for_] for document in found.documents}
    assert wanted["Medication history"] == ["drugs-failed"]


def test_an_indication_is_out_of_scope_for_a_purpose_nobody_names(bench):
    """All scopes are known not to hold: a clinician looks, for that reason."""
    item = bench.item("[{intent: acute}, {setting: {not: emergency}}, {setting: {not: office}}]")
    assert (item.outcome, item.reasons) == ("needs_clinical_review", ("out_of_scope",))
