"""Author checks: one small pack for each rule that they know."""

from __future__ import annotations

import pytest

from medwarrant.policy.check import check_library

HEAD = """\
policy: own/policy
title: Own
publisher: editors
authority: guideline
status: in_force
services: [unruled-block]
"""


def policy(indications, *, head=HEAD, rests_on="rests_on: [trial]\n", rest=""):
    return f"{head}{rests_on}indications:\n{indications}{rest}"


def indication(
    name="one", requires="", position="{direction: for}", extra="", diagnoses="neck-pain"
):
    lines = [
        f"  - id: {name}",
        f"    title: {name}",
        f"    diagnoses: {diagnoses}",
        f"    position: {position}",
    ]
    lines += [f"    requires: {requires}"] if requires else []
    lines += [f"    {extra}"] if extra else []
    return "\n".join(lines) + "\n"


def example(outcome, name="one"):
    return f"  - {{it: is, policy: own/policy, indication: {name}, request: {{}}, expect: {{outcome: {outcome}}}}}\n"


EXAMPLES = "examples:\n" + "".join(
    map(example, ["meets_criteria", "needs_information", "needs_clinical_review"])
)
BOTH = "{all_of: [%s, %s]}"


@pytest.mark.parametrize(
    ("text", "rule", "message"),
    [
        (policy(indication(), rests_on=""), "no-source", "the indication 'one' has no source"),
        (policy(indication(requires="{flag: fever}"), rests_on=""), "no-source", "the criterion 'fever' has no source"),
        (policy(indication(extra="rests_on: [rumour]")), "unverified", "the indication 'one' (for) rests only on unverified"),
        (policy(indication(extra="rests_on: [retracted-claim]")), "unverified", "the indication 'one' (for) rests only on unverified or retracted"),
        (policy(indication(extra="rests_on: [retracted-claim, trial]")), "retracted", "'one' cites retracted-claim"),
        (policy(indication(requires="{all_of: [{flag: fever, rests_on: [rumour]}]}")), "unverified", "'fever' rests only on unverified statements and stands under all_of"),
        # Criteria that can never be met together.
        (policy(indication(requires=BOTH % ("{flag: fever}", "{none_of: [{flag: fever}]}"))), "unreachable", "can never be met together"),
        (policy(indication(requires=BOTH % ("{choice: intent, in: [acute]}", "{choice: intent, in: [prevention]}"))), "unreachable", "can never be met together"),
        (policy(indication(requires=BOTH % ("{choice: intent, in: [acute]}", "{choice: intent, not_in: [acute]}"))), "unreachable", "can never be met together"),
        (policy(indication(requires=BOTH % ("{quantity: pain, at_least: 5}", "{quantity: pain, less_than: 5}"))), "unreachable", "can never be met together"),
        (policy(indication(requires="{choice: intent, in: [acute]}", extra="scope: {intent: [prevention]}")), "unreachable", "can never be met together"),
        # The same twice.
        (policy(indication(requires=BOTH % ("{flag: fever}", "{flag: fever}"))), "duplicate", "are the same criterion"),
        (policy(indication(requires="{any_of: [{all_of: [{flag: fever}]}, {all_of: [{flag: fever}]}]}")), "duplicate", "are the same criterion"),
        (policy(indication() + indication("two")), "overlap", "'one' and 'two' share a diagnosis and may both be in scope"),
        (policy(indication(), head=HEAD.replace("unruled-block", "neck-block")), "overlap", "the guideline policies 'neck-block/guideline' and 'own/policy' both name a pair"),
        # Titles and rules agree.
        (policy(indication(requires="{event: therapy, title: Therapy for 8 weeks, where: {duration: {at_least: 6 weeks}}}")), "title", "says 8, but the rule does not"),
        (policy(indication(requires="{quantity: pain, at_least: 4, title: Pain of 5 or more}")), "title", "says 5, but the rule does not"),
        (policy(indication(requires="{count: treatment, window: 12 months, at_most: 3, title: At most 4 in 12 months}")), "title", "says 4, but the rule does not"),
        # Coverage policies.
        (policy(indication(), head=HEAD.replace("guideline", "plan") + "last_seen: 2026-01-01\n"), "scope", "must say whom it applies to"),
        (policy(indication(), head=HEAD.replace("guideline", "plan") + "applies_to: {choice: payer, in: [alpha]}\n"), "period", "neither the effective date nor the date last seen"),
        # Examples.
        (policy(indication()), "example", "no example for: met, missing, not met"),
        (policy(indication(position="{direction: neither}")), "example", "no example for: any"),
        # The lists beside the indications.
        (policy(indication(), rests_on="", rest="cautions:\n  - {id: c, message: Mind it.}\n"), "no-source", "'c' has no source"),
        (policy(indication(), rest="contraindications:\n  - {id: c, severity: absolute, when: {flag: fever}, message: M., rests_on: [rumour]}\n"), "unverified", "'c' rests only on unverified"),
    ],
)  # fmt: skip
def test_each_rule(shelf, text, rule, message):
    shelf.write("policies/p.yaml", text)
    found = shelf.found()
    assert any(rule == known and message in said for known, said in found), found


@pytest.mark.parametrize(
    "text",
    [
        policy(indication()),
        policy(indication(requires="{flag: fever}")),
        policy(indication(requires="{event: therapy, title: Therapy for 6 weeks, where: {duration: {at_least: 6 weeks}}}")),
        policy(indication(requires="{event: therapy, title: Therapy for 42 days, where: {duration: {at_least: 6 weeks}}}")),
        policy(indication(requires="{count: treatment, window: 12 months, at_most: 3, title: At most 3 in 12 months}")),
        policy(indication(requires="{flag: fever, rests_on: [], basis: editorial, because: they ask}"), rests_on="rests_on: [trial]\n"),
        policy(indication(requires="{any_of: [{flag: tender}, {flag: fever, rests_on: [rumour]}]}")),
        policy(indication(requires=BOTH % ("{choice: signs, in: [band]}", "{choice: signs, in: [twitch]}"))),
        policy(indication(requires=BOTH % ("{quantity: pain, at_least: 5}", "{quantity: pain, at_most: 5}"))),
    ],
)  # fmt: skip
def test_nothing_to_find(shelf, text):
    shelf.write("policies/p.yaml", text)
    shelf.write("examples/e.yaml", EXAMPLES)
    assert shelf.found() == []


def test_scopes_that_exclude_each_other_do_not_overlap(shelf):
    scoped = [
        indication(name, extra=f"scope: {{intent: [{name}]}}") for name in ("acute", "prevention")
    ]
    shelf.write("policies/p.yaml", policy("".join(scoped)))
    assert [rule for rule, _ in shelf.found() if rule == "overlap"] == []


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("{from: 2024-01-01, to: 2024-12-31}", "{from: 2025-01-01}", None),
        ("{from: 2024-01-01, to: 2025-01-01}", "{from: 2025-01-01}", "its period overlaps that of"),
        ("{from: 2024-01-01}", "{from: 2025-01-01}", "its period overlaps that of"),
        ("{from: 2024-01-01, to: 2024-11-30}", "{from: 2025-01-01}", "there is a gap after"),
    ],
)
def test_versions_follow_each_other(shelf, first, second, message):
    for number, period in enumerate((first, second)):
        head = HEAD.replace("own/policy", f"own/version-{number}").replace("guideline", "plan")
        head += f"number: N1\napplies_to: {{choice: payer, in: [alpha]}}\neffective: {period}\n"
        shelf.write(f"policies/p{number}.yaml", policy(indication(), head=head))
    found = [said for rule, said in shelf.found() if rule == "period"]
    assert (message in found[0]) if message else found == []


def test_an_example_of_another_packs_policy(shelf):
    shelf.write("policies/p.yaml", policy(indication()))
    shelf.write("examples/e.yaml", EXAMPLES.replace("own/policy", "neck-block/guideline"))
    assert any("which is not in this pack" in said for _, said in shelf.found())


def test_codes_that_do_not_exist(shelf):
    sets = "valuesets:\n  v: {title: V, codes: [G43, Z99.Z], words: {one: G43.909, two: G43.000}}\n"
    shelf.write("valuesets.yaml", sets)
    problems = check_library(shelf.load(), frozenset({"G43", "G43909"}))
    found = [p.message for p in problems if p.rule == "codes" and p.file.startswith("own/")]
    assert set(found) == {
        "no diagnosis code of the release is in Z99Z-Z99Z of 'v'",
        "'two' stands for G43.000, which does not exist",
    }


def test_the_shipped_packs_have_no_errors(library, medwarrant):
    problems = check_library(library, medwarrant.icd.all_codes())
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
