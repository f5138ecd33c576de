"""Agreement of two raters on the same things: percent agreement and Cohen's kappa, with their limits.

Kappa is the agreement beyond what the two would reach by chance with the words each of them uses as
often as he does (Cohen 1960). Its interval is the large-sample one of Fleiss, Cohen and Everitt (1969);
where one case gives several pairs, which are then not independent, it comes from leaving out one case at
a time (the jackknife).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import sqrt
from typing import Literal

import msgspec

#: Fewer pairs (or cases, where one gives several) than this are told to be few. A house rule.
FEW = 30
#: Below this kappa, and from this share of agreeing pairs on, the two figures are told to part. House rules.
_LOW, _MOST = 0.4, 0.85
_Z = 1.959963984540054  # of the normal distribution, for 95 percent

Pair = tuple[str, str]


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """How far two raters agree; None is what cannot be said, and `says` tells why.

    `percent` is in percent, with a Wilson interval where the pairs are independent. `table` counts each
    pair of words.
    """

    pairs: int
    agreed: int
    percent: float | None
    percent_interval: tuple[float, float] | None
    kappa: float | None
    kappa_interval: tuple[float, float] | None
    method: Literal["large sample", "jackknife"] | None
    table: tuple[tuple[str, str, int], ...]
    says: tuple[str, ...]


def agreement(pairs: Sequence[Pair], cases: Sequence[str] | None = None) -> Agreement:
    """The agreement over pairs of words; `cases` names the case of each pair, None if all differ.

    >>> twenty_five_of_fifty = [("yes", "yes")] * 20 + [("yes", "no")] * 5
    >>> rest = [("no", "yes")] * 10 + [("no", "no")] * 15
    >>> found = agreement(twenty_five_of_fifty + rest)
    >>> found.percent, round(found.kappa, 2)
    (70.0, 0.4)
    """
    counts = Counter(pairs)
    total, agreed = len(pairs), sum(n for (one, other), n in counts.items() if one == other)
    names = list(cases) if cases is not None else []
    clustered = len(set(names)) < len(names)
    kappa = _kappa(counts)
    interval, method = None, None
    says: list[str] = []
    if kappa is not None:
        if clustered:
            interval, method = _jackknife(pairs, names, kappa), "jackknife"
        else:
            interval, method = _large_sample(counts, kappa), "large sample"
        if interval is None:
            method = None
            says.append(
                "Every pair agrees: the interval of kappa has no width here and is not shown."
                if agreed == total
                else "There are too few cases for an interval of kappa."
            )
    elif total:
        says.append(
            f"Kappa is not defined: both gave the same one answer throughout ({total} of {total})."
        )
    else:
        says.append("There are no pairs to compare.")
    units = len(set(names)) if clustered else total
    if 0 < units < FEW:
        what = "case" if clustered else "pair"
        says.append(
            f"These are few: {units} {what}{'' if units == 1 else 's'}. "
            "Read the counts; the figures may change much with the next ones."
        )
    if kappa is not None and kappa < _LOW and agreed >= _MOST * total:
        says.append(
            "Nearly all answers are the same word, which makes kappa low however well people agree; "
            "read it together with the percentage."
        )
    return Agreement(
        pairs=total,
        agreed=agreed,
        percent=100 * agreed / total if total else None,
        percent_interval=wilson(agreed, total) if total and not clustered else None,
        kappa=kappa,
        kappa_interval=interval,
        method=method,  # type: ignore[arg-type]  # one of the two words above
        table=tuple((one, other, n) for (one, other), n in sorted(counts.items())),
        says=tuple(says),
    )


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95 percent interval of Wilson (1927) for a share, in percent.

    It stays within 0 and 100 and has a width even for none or all.

    >>> [round(end, 1) for end in wilson(10, 10)]
    [72.2, 100.0]
    """
    share, square = part / whole, _Z**2
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = _Z * sqrt(share * (1 - share) / whole + square / (4 * whole**2)) / (1 + square / whole)
    return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)


def _shares(counts: Counter[Pair]) -> tuple[int, dict[str, float], dict[str, float], float, float]:
    """The total, each rater's shares of words, the observed agreement and that expected by chance."""
    total = counts.total()
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for (one, other), number in counts.items():
        first[one] += number
        second[other] += number
    rows = {word: number / total for word, number in first.items()}
    columns = {word: number / total for word, number in second.items()}
    observed = sum(number for (one, other), number in counts.items() if one == other) / total
    expected = sum(share * columns.get(word, 0.0) for word, share in rows.items())
    return total, rows, columns, observed, expected


def _kappa(counts: Counter[Pair]) -> float | None:
    if not counts:
        return None
    if len({word for pair in counts for word in pair}) == 1:
        return None
    _, _, _, observed, expected = _shares(counts)
    return (observed - expected) / (1 - expected)


def _large_sample(counts: Counter[Pair], kappa: float) -> tuple[float, float] | None:
    total, rows, columns, _, expected = _shares(counts)
    agreeing = disagreeing = 0.0
    for (one, other), number in counts.items():
        share = number / total
        if one == other:
            chance = rows[one] + columns[one]
            agreeing += share * (1 - chance * (1 - kappa)) ** 2
        else:
            chance = columns.get(one, 0.0) + rows.get(other, 0.0)
            disagreeing += share * chance**2
    variance = (
        agreeing + (1 - kappa) ** 2 * disagreeing - (kappa - expected * (1 - kappa)) ** 2
    ) / ((1 - expected) ** 2 * total)
    return _interval(kappa, sqrt(max(variance, 0.0)))


def _jackknife(
    pairs: Sequence[Pair], cases: Sequence[str], kappa: float
) -> tuple[float, float] | None:
    """The interval from leaving out one case at a time."""
    by_case: dict[str, Counter[Pair]] = {}
    for pair, case in zip(pairs, cases, strict=True):
        by_case.setdefault(case, Counter())[pair] += 1
    counts = Counter(pairs)
    left = [_kappa(counts - own) for own in by_case.values()]
    without = [value for value in left if value is not None]
    number = len(without)
    if number < len(left) or number < 2:
        return None
    mean = sum(without) / number
    spread = sum((value - mean) ** 2 for value in without)
    return _interval(kappa, sqrt((number - 1) / number * spread))


def _interval(kappa: float, error: float) -> tuple[float, float] | None:
    if error < 1e-12:
        return None
    return max(-1.0, kappa - _Z * error), min(1.0, kappa + _Z * error)
