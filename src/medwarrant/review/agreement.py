"""Blind second reviews: which decided cases are drawn, and how far two reviewers agree on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256

import msgspec

from ..model.errors import InputError
from .kappa import Agreement, agreement

#: What a reviewer may answer to a criterion.
ANSWERS = ("met", "not_met", "missing")


class CriterionPair(msgspec.Struct, frozen=True, kw_only=True):
    """What two reviewers, each without the other's answer, said of one criterion of one item.

    None is no answer; such a pair is counted and not compared.
    """

    case: str
    item: str
    criterion: str
    first: str | None
    second: str | None


class OutcomePair(msgspec.Struct, frozen=True, kw_only=True):
    """What two reviewers made of one item: its outcome."""

    case: str
    item: str
    first: str | None
    second: str | None


class CriterionAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """The agreement on one criterion."""

    criterion: str
    agreement: Agreement
    unanswered: int


class AgreementReport(msgspec.Struct, frozen=True, kw_only=True):
    """The agreement of second reviews: on each criterion, on all answers together, and on outcomes.

    `criteria` pools the answers to all criteria; a criterion that is judged more often weighs more.
    """

    cases: int
    criteria: Agreement
    by_criterion: tuple[CriterionAgreement, ...]
    outcomes: Agreement
    unanswered: int


def agreement_report(
    criteria: Iterable[CriterionPair], outcomes: Iterable[OutcomePair] = ()
) -> AgreementReport:
    """The agreement over pairs of answers.

    Raises `InputError` for an answer that is not met, not_met or missing.

    >>> pair = CriterionPair(case="1", item="64405/G43.919", criterion="acute", first="met", second="met")
    >>> agreement_report([pair]).criteria.percent
    100.0
    """
    answers, results = list(criteria), list(outcomes)
    every: list[CriterionPair | OutcomePair] = [*answers, *results]
    for pair in answers:
        for word in (pair.first, pair.second):
            if word is not None and word not in ANSWERS:
                raise InputError(
                    f"'{word[:30]}' is not an answer to a criterion",
                    where=pair.criterion,
                    mend=f"one of {', '.join(ANSWERS)}",
                )
    by_criterion: dict[str, list[CriterionPair]] = {}
    for pair in answers:
        by_criterion.setdefault(pair.criterion, []).append(pair)
    return AgreementReport(
        cases=len({pair.case for pair in every}),
        criteria=_compared(answers),
        by_criterion=tuple(
            CriterionAgreement(
                criterion=name, agreement=_compared(pairs), unanswered=_unanswered(pairs)
            )
            for name, pairs in sorted(by_criterion.items())
        ),
        outcomes=_compared(results),
        unanswered=_unanswered(every),
    )


def _compared(pairs: Sequence[CriterionPair | OutcomePair]) -> Agreement:
    words: list[tuple[str, str]] = []
    cases: list[str] = []
    for pair in pairs:
        if pair.first is not None and pair.second is not None:
            words.append((pair.first, pair.second))
            cases.append(pair.case)
    return agreement(words, cases)


def _unanswered(pairs: Sequence[CriterionPair | OutcomePair]) -> int:
    return sum(pair.first is None or pair.second is None for pair in pairs)


# --- which cases are drawn ------------------------------------------------------------------------


class DecidedCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case that may be drawn: its outcome is the stratum, `digest` that of the record decided on."""

    id: str
    outcome: str
    digest: str


class Stratum(msgspec.Struct, frozen=True, kw_only=True):
    """How many cases have an outcome, and how many of them were drawn."""

    outcome: str
    cases: int
    drawn: int


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """The cases drawn; the same cases, size and seed give the same sample."""

    seed: str
    drawn: tuple[str, ...]
    strata: tuple[Stratum, ...]


def draw_sample(cases: Iterable[DecidedCase], size: int, seed: str) -> Sample:
    """Draw decided cases at random, in proportion to their outcomes, each outcome at least once.

    `seed` is a digest that nobody chooses, such as that of the last entry of the audit log. Within an
    outcome the cases come in the order of the SHA-256 of seed, digest and id: the order in which they are
    given does not matter, and whoever has the seed can draw again. A sample smaller than the number of
    outcomes takes the most frequent ones. Raises `InputError` for a negative size and for an empty seed.

    >>> cases = [DecidedCase(id=str(n), outcome="approved", digest=f"sha256:{n}") for n in range(9)]
    >>> draw_sample(cases, 3, "sha256:ab").drawn == draw_sample(cases[::-1], 3, "sha256:ab").drawn
    True
    """
    if size < 0:
        raise InputError("a sample is none or more cases", where="size")
    if not seed:
        raise InputError("a sample needs its seed", where="seed", mend="give a digest")
    by_outcome: dict[str, list[DecidedCase]] = {}
    for case in {case.id: case for case in cases}.values():
        by_outcome.setdefault(case.outcome, []).append(case)
    numbers = _shares({name: len(members) for name, members in by_outcome.items()}, size)
    drawn: list[DecidedCase] = []
    for name, members in by_outcome.items():
        drawn += sorted(members, key=lambda case: _place(seed, case))[: numbers[name]]
    return Sample(
        seed=seed,
        drawn=tuple(case.id for case in sorted(drawn, key=lambda case: _place(seed, case))),
        strata=tuple(
            Stratum(outcome=name, cases=len(members), drawn=numbers[name])
            for name, members in sorted(by_outcome.items())
        ),
    )


def _place(seed: str, case: DecidedCase) -> str:
    return sha256(f"{seed}\0{case.digest}\0{case.id}".encode()).hexdigest()


def _shares(sizes: dict[str, int], size: int) -> dict[str, int]:
    """How many to draw of each outcome: one each, then always where most are lacking.

    Where two lack as many, the rarer outcome is drawn.
    """
    total = sum(sizes.values())
    size = min(size, total)
    numbers: Counter[str] = Counter(dict.fromkeys(sizes, 0))
    for _ in range(size):
        lacking = {
            name: (numbers[name] == 0, number * size / total - numbers[name], -number, name)
            for name, number in sizes.items()
            if numbers[name] < number
        }
        numbers[max(lacking, key=lacking.__getitem__)] += 1
    return dict(numbers)
