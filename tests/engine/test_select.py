"""Which policy governs: payer, line of business, state, contractor and date in; policy out."""

from __future__ import annotations

import pytest

GUIDELINE = "head-block/guideline"
COMMERCIAL = "{payer: alpha, line_of_business: commercial}"


@pytest.mark.parametrize(
    ("coverage", "as_of", "governing"),
    [
        ("{}", "2026-11-23", GUIDELINE),
        ("{state: WA}", "2026-11-23", GUIDELINE),  # a state names no payer
        # Alpha sells two lines, and Medicare Advantage might follow a local policy.
        ("{payer: alpha}", "2026-11-23", None),
        ("{payer: alpha, line_of_business: commercial}", "2026-11-23", "alpha/head-block"),
        # The version in force on the date of service, though a later one has replaced it.
        ("{payer: alpha, line_of_business: commercial}", "2026-01-01", "alpha/head-block"),
        ("{payer: alpha, line_of_business: commercial}", "2025-12-31", "alpha/head-block-2024"),
        ("{payer: alpha, line_of_business: commercial}", "2024-01-01", "alpha/head-block-2024"),
        ("{payer: alpha, line_of_business: commercial}", "2023-12-31", None),
        # A payer of one line of business is that line.
        ("{payer: beta}", "2026-11-23", "beta/head-block"),
        ("{payer: beta, line_of_business: medicare-advantage, state: FL}", "2026-11-23", GUIDELINE),
        # A named payer without a policy: the guideline layer.
        ("{payer: unwritten}", "2026-11-23", GUIDELINE),
        # Medicare follows the contractor of the state; Medicare Advantage before any plan text.
        ("{payer: medicare, state: WA}", "2026-11-23", "north/head-block"),
        ("{payer: medicare, contractor: north}", "2026-11-23", "north/head-block"),
        ("{payer: medicare, state: FL}", "2026-11-23", GUIDELINE),
        (
            "{payer: alpha, line_of_business: medicare-advantage, state: OR}",
            "2026-11-23",
            "north/head-block",
        ),
        (
            "{payer: alpha, line_of_business: medicare-advantage, state: FL}",
            "2026-11-23",
            "alpha/head-block",
        ),
        # Where the state is not known, or is nobody's, which one governs cannot be told.
        ("{payer: medicare}", "2026-11-23", None),
        ("{payer: medicare, state: TX}", "2026-11-23", None),
        ("{payer: alpha, line_of_business: medicare-advantage}", "2026-11-23", None),
        # A national policy outranks a local one while both are in force.
        ("{payer: medicare, state: WA}", "2024-06-01", "national/head-block"),
        ("{payer: medicare, state: WA}", "2025-06-01", "north/head-block"),
    ],
)
def test_governing(bench, coverage, as_of, governing):
    item = bench.item(coverage=coverage, as_of=as_of)
    assert (item.governing.policy if item.governing else None) == governing


def test_a_proposed_policy_is_shown_and_never_governs(bench):
    item = bench.item("[{allergy: present}]", coverage=COMMERCIAL)
    shown = {result.policy: result for result in item.coverage}
    assert shown["alpha/head-block-proposed"].status == "proposed"
    assert not shown["alpha/head-block-proposed"].governs
    assert item.governing.policy == "alpha/head-block"
    assert item.outcome == "needs_information"


def test_all_coverage_policies_are_shown_beside_the_guideline(bench):
    """Winner and losers are part of the output, with what each would come to."""
    item = bench.item("[{tender: present}, {pain: 2}]")
    shown = {result.policy: (result.status, result.outcome) for result in item.coverage}
    assert shown["alpha/head-block"] == ("in_force", "meets_criteria")
    assert shown["beta/head-block"] == ("in_force", "needs_clinical_review")
    assert shown["alpha/head-block-2024"] == ("superseded", "needs_information")
    assert shown["national/head-block"][0] == "retired"
    assert not any(result.governs for result in item.coverage)
    assert item.governing.why.startswith("No payer is named")


def test_where_only_coverage_policies_speak_the_payer_is_the_missing_fact(bench):
    item = bench.item("[{tender: present}]", services="[T0006]")
    assert item.outcome == "needs_information"
    assert item.governing is None
    assert [(part.supply.fact, part.supply.value) for part in item.would_change[0].criteria] == [
        ("payer", "beta")
    ]


def test_contradictory_payers_leave_the_payer_open(bench):
    """Two payers are not none: which policy governs is to be settled first."""
    item = bench.item("[{payer: alpha}, {payer: beta}, {tender: present}, {pain: 5}]")
    assert item.governing is None
    assert item.outcome == "needs_information"


@pytest.mark.parametrize(
    ("before", "named", "governing"),
    [
        ("{payer: alpha}", {"payer": "beta"}, "beta/head-block"),
        ("{line_of_business: commercial}", {"payer": "beta"}, "beta/head-block"),
        (
            "{payer: alpha, line_of_business: medicare-advantage, contractor: north}",
            {"payer": "beta"},
            "beta/head-block",
        ),
        ("{}", {"payer": "medicare", "state": "WA"}, "north/head-block"),
    ],
)
@pytest.mark.parametrize("place", ["coverage", "facts"])
def test_who_pays_can_be_corrected(bench, before, named, governing, place):
    """What is supplied outweighs what the request says, wherever the request says it."""
    known = before if place == "coverage" else "{}"
    facts = "[]" if place == "coverage" or before == "{}" else f"[{before}]"
    request = bench.request(facts, coverage=known)
    answer = bench.medwarrant.determine(request, **named)
    (item,) = answer.determination.items
    assert item.governing.policy == governing


def test_a_policy_last_seen_long_ago_says_so(bench):
    item = bench.item(coverage=COMMERCIAL, as_of="2028-01-01")
    assert "last seen in force on 2026-06-01" in item.governing.why
