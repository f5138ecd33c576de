"""Agreement of blind second reviews: published examples, what cannot be said, and a sample drawn again."""

from __future__ import annotations

from collections import Counter
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medwarrant import InputError
from medwarrant.review.agreement import (
    ANSWERS,
    CriterionPair,
    DecidedCase,
    OutcomePair,
    agreement_report,
    draw_sample,
)
from medwarrant.review.kappa import FEW, agreement, wilson


def pairs_of(table: list[list[int]]) -> list[tuple[str, str]]:
    """The pairs that a square table of counts stands for."""
    return [
        (f"c{row}", f"c{column}")
        for row, counts in enumerate(table)
        for column, number in enumerate(counts)
        for _ in range(number)
    ]


# --- published examples ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "kappa", "low", "high"),
    [
        # SAS/STAT documentation, PROC FREQ, two dermatologists on 88 patients:
        # kappa 0.3449, 95 % confidence limits 0.2030 and 0.4868.
        ([[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]], 0.3449, 0.2030, 0.4868),
        # Fleiss, Cohen and Everitt 1969, Psychological Bulletin 72:323, table 1 with 200 subjects:
        # kappa 0.429, variance 0.002885, hence 0.4286 +- 1.96 * 0.05371.
        ([[106, 10, 4], [22, 28, 10], [2, 12, 6]], 0.4286, 0.3233, 0.5338),
        # Fleiss, Statistical Methods for Rates and Proportions, diagnoses of 100 subjects:
        # kappa 0.68, standard error 0.087 (0.0877).
        ([[75, 1, 4], [5, 4, 1], [0, 0, 10]], 0.6765, 0.5046, 0.8484),
    ],
)
def test_kappa_and_its_interval_are_those_published(table, kappa, low, high):
    found = agreement(pairs_of(table))
    assert found.kappa == pytest.approx(kappa, abs=5e-5)
    assert found.kappa_interval == pytest.approx((low, high), abs=1e-4)
    assert found.method == "large sample"
    assert found.says == ()


@pytest.mark.parametrize(
    ("table", "kappa"),
    [
        ([[20, 5], [10, 15]], 0.40),  # observed 0.70, expected 0.50
        ([[45, 15], [25, 15]], 0.1304),  # the same observed agreement of 0.60, other margins
        ([[25, 35], [5, 35]], 0.2593),
    ],
)
def test_kappa_by_hand(table, kappa):
    assert agreement(pairs_of(table)).kappa == pytest.approx(kappa, abs=5e-5)


def test_the_wilson_interval_is_that_published():
    """Newcombe 1998, Statistics in Medicine 17:857: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for part, whole, low, high in [
        (81, 263, 25.53, 36.62),
        (15, 148, 6.24, 16.05),
        (0, 20, 0.0, 16.11),
        (1, 29, 0.61, 17.18),
    ]:
        assert wilson(part, whole) == pytest.approx((low, high), abs=0.005)


# --- what cannot be said --------------------------------------------------------------------------


def test_without_pairs_nothing_is_said():
    found = agreement([])
    assert (found.percent, found.kappa, found.kappa_interval) == (None, None, None)
    assert found.says == ("There are no pairs to compare.",)


def test_kappa_is_not_defined_where_both_gave_one_answer():
    found = agreement([("met", "met")] * 40)
    assert (found.percent, found.kappa, found.kappa_interval) == (100.0, None, None)
    assert found.says == ("Kappa is not defined: both gave the same one answer throughout (40 of 40).",)  # fmt: skip
    assert found.percent_interval is not None
    assert found.percent_interval[0] < 100


def test_perfect_agreement_has_no_interval_of_no_width():
    found = agreement([("met", "met")] * 20 + [("missing", "missing")] * 20)
    assert (found.kappa, found.kappa_interval, found.method) == (1.0, None, None)
    assert "no width" in found.says[0]


def test_two_who_each_use_another_word_throughout_agree_as_chance_would():
    found = agreement([("met", "missing")] * 40)
    assert (found.percent, found.kappa) == (0.0, 0.0)


def test_few_pairs_are_told():
    table = [[5, 1], [1, 3]]
    assert any("These are few: 10 pairs." in said for said in agreement(pairs_of(table)).says)
    assert agreement(pairs_of([[10 * n for n in row] for row in table])).says == ()
    assert FEW == 30


def test_a_low_kappa_of_people_who_nearly_always_agree_is_explained():
    """Feinstein and Cicchetti 1990: high agreement but low kappa."""
    found = agreement(pairs_of([[90, 5], [4, 1]]))
    assert found.percent == 91.0
    assert found.kappa < 0.2
    assert any("makes kappa low" in said for said in found.says)


def test_the_table_counts_every_pair():
    found = agreement([("met", "met"), ("met", "missing"), ("met", "met")])
    assert found.table == (("met", "met", 2), ("met", "missing", 1))


# --- several answers of one case ------------------------------------------------------------------


def jackknife_by_hand(pairs, cases):
    """Leave one case out at a time, over again with the plainest reckoning there is."""

    def kappa(kept):
        total = len(kept)
        first, second = Counter(one for one, _ in kept), Counter(other for _, other in kept)
        observed = sum(one == other for one, other in kept) / total
        expected = sum(first[word] * second[word] for word in first) / total**2
        return (observed - expected) / (1 - expected)

    names = sorted(set(cases))
    left = [
        kappa([pair for pair, case in zip(pairs, cases, strict=True) if case != name])
        for name in names
    ]
    mean = sum(left) / len(left)
    error = ((len(left) - 1) / len(left) * sum((value - mean) ** 2 for value in left)) ** 0.5
    return max(-1, kappa(pairs) - 1.959964 * error), min(1, kappa(pairs) + 1.959964 * error)


def test_pairs_of_one_case_are_not_taken_for_independent():
    pairs = pairs_of([[20, 5], [10, 15]])
    alone = agreement(pairs)
    cases = [str(number // 5) for number in range(50)]
    together = agreement(pairs, cases)
    assert (together.kappa, together.percent) == (alone.kappa, alone.percent)
    assert together.method == "jackknife"
    assert together.percent_interval is None
    assert together.kappa_interval == pytest.approx(jackknife_by_hand(pairs, cases), abs=1e-6)
    assert together.kappa_interval != alone.kappa_interval
    assert any("These are few: 10 cases." in said for said in together.says)


def test_two_cases_of_which_one_carries_all_the_difference_give_no_interval():
    found = agreement([("a", "a"), ("a", "b"), ("a", "a"), ("a", "a")], ["1", "1", "2", "2"])
    assert found.kappa is not None
    assert found.kappa_interval is None
    assert "There are too few cases for an interval of kappa." in found.says


words = st.sampled_from(ANSWERS)


@given(st.lists(st.tuples(words, words), max_size=60), st.data())
def test_kappa_stays_within_its_bounds_and_needs_no_order(pairs, data):
    cases = data.draw(
        st.none() | st.lists(st.sampled_from("abcdefgh"), min_size=len(pairs), max_size=len(pairs))
    )
    found = agreement(pairs, cases)
    turned = agreement([(other, one) for one, other in pairs], cases)
    if found.kappa is None:
        assert turned.kappa is None
        assert len({word for pair in pairs for word in pair}) < 2
    else:
        assert -1 <= found.kappa <= 1
        assert isclose(found.kappa, turned.kappa, abs_tol=1e-12)
    if found.kappa_interval is not None:
        low, high = found.kappa_interval
        assert -1 <= low <= found.kappa <= high <= 1
    if found.percent_interval is not None:
        low, high = found.percent_interval
        assert 0 <= low <= found.percent + 1e-9
        assert found.percent - 1e-9 <= high <= 100


# --- reports --------------------------------------------------------------------------------------


def answer(case, criterion, first, second, item="64405/G43.919"):
    return CriterionPair(case=case, item=item, criterion=criterion, first=first, second=second)


def test_a_report_has_each_criterion_all_together_and_the_outcomes():
    criteria = [
        answer("1", "acute", "met", "met"),
        answer("1", "setting", "met", "missing"),
        answer("2", "acute", "not_met", "not_met"),
        answer("2", "setting", "met", None),
    ]
    outcomes = [
        OutcomePair(
            case="1", item="64405/G43.919", first="meets_criteria", second="meets_criteria"
        ),
        OutcomePair(case="3", item="64405/G43.919", first="no_policy", second=None),
    ]
    report = agreement_report(criteria, outcomes)
    assert report.cases == 3
    assert report.unanswered == 2
    assert (report.criteria.pairs, report.criteria.agreed) == (3, 2)
    assert [one.criterion for one in report.by_criterion] == ["acute", "setting"]
    assert [one.agreement.percent for one in report.by_criterion] == [100.0, 0.0]
    assert [one.unanswered for one in report.by_criterion] == [0, 1]
    assert (report.outcomes.pairs, report.outcomes.percent) == (1, 100.0)


def test_a_report_of_nothing():
    report = agreement_report([])
    assert (report.cases, report.criteria.percent, report.by_criterion) == (0, None, ())


def test_an_answer_is_one_of_three_words():
    with pytest.raises(InputError, match="'yes' is not an answer to a criterion; one of met, not_met, missing"):  # fmt: skip
        agreement_report([answer("1", "acute", "met", "yes")])


# --- the sample -----------------------------------------------------------------------------------

SEED = "sha256:" + "ab" * 32


def decided(**numbers) -> list[DecidedCase]:
    return [
        DecidedCase(id=f"{outcome}-{n}", outcome=outcome, digest=f"sha256:{outcome}{n}")
        for outcome, number in numbers.items()
        for n in range(number)
    ]


def test_a_sample_is_in_proportion_with_each_outcome_at_least_once():
    found = draw_sample(
        decided(approved=80, adverse=15, modified=4, partially_approved=1), 20, SEED
    )
    assert {stratum.outcome: stratum.drawn for stratum in found.strata} == {
        "approved": 15,
        "adverse": 3,
        "modified": 1,
        "partially_approved": 1,
    }
    assert len(found.drawn) == len(set(found.drawn)) == 20


def test_a_sample_smaller_than_the_outcomes_takes_the_frequent_ones():
    found = draw_sample(decided(approved=8, adverse=5, modified=1), 2, SEED)
    assert {stratum.outcome for stratum in found.strata if stratum.drawn} == {"approved", "adverse"}


def test_nothing_and_everything():
    assert draw_sample([], 10, SEED).drawn == ()
    cases = decided(approved=3, adverse=2)
    assert draw_sample(cases, 0, SEED).drawn == ()
    assert set(draw_sample(cases, 99, SEED).drawn) == {case.id for case in cases}


def test_the_seed_decides_and_nothing_else():
    cases = decided(approved=60, adverse=30)
    one = draw_sample(cases, 12, SEED)
    assert draw_sample(cases, 12, SEED) == one
    assert draw_sample(cases, 12, SEED.replace("ab", "cd")).drawn != one.drawn
    assert draw_sample([*cases, *cases[:5]], 12, SEED) == one, "a case counts once"


def test_what_a_sample_was_drawn_as_stays_so():
    """Whoever kept the seed can draw again in years to come."""
    assert draw_sample(decided(approved=30, adverse=6), 5, SEED).drawn == (
        "approved-16",
        "adverse-5",
        "approved-9",
        "approved-20",
        "approved-13",
    )


def test_a_sample_needs_a_seed_and_a_size():
    with pytest.raises(InputError, match="needs its seed"):
        draw_sample([], 1, "")
    with pytest.raises(InputError, match="none or more"):
        draw_sample([], -1, SEED)


@given(
    st.dictionaries(st.sampled_from(["approved", "adverse", "modified", "other"]), st.integers(1, 30)),
    st.integers(0, 60),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_a_sample_has_its_size_and_no_order(numbers, size, random):
    cases = decided(**numbers)
    found = draw_sample(cases, size, SEED)
    assert len(found.drawn) == min(size, len(cases))
    assert sum(stratum.drawn for stratum in found.strata) == len(found.drawn)
    mixed = list(cases)
    random.shuffle(mixed)
    assert draw_sample(mixed, size, SEED) == found
    for stratum in found.strata:
        assert 0 <= stratum.drawn <= stratum.cases
        if size >= len(numbers):
            assert stratum.drawn >= 1
        if size >= 10 * len(numbers) and len(cases) > size:
            share = size * stratum.cases / len(cases)
            assert stratum.drawn <= share + 1 or stratum.drawn == 1


def test_every_case_is_as_likely_as_another():
    """Over many seeds each of ten like cases is drawn about three times in ten."""
    cases = decided(approved=10)
    drawn = Counter(
        name for number in range(2000) for name in draw_sample(cases, 3, f"seed-{number}").drawn
    )
    assert set(drawn) == {case.id for case in cases}
    assert all(520 <= number <= 680 for number in drawn.values())
