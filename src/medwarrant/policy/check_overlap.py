"""Author checks between rules: indications that overlap, and periods with gaps."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ..model.errors import Problem
from . import criteria as c
from .check_criteria import conjuncts, exclude
from .library import Library
from .policy import Indication, Policy
from .valueset import CodePattern


def share_diagnosis(one: Indication, other: Indication, library: Library) -> bool:
    """Whether some diagnosis is named by both indications."""
    if _kept_apart(one, other, library):
        return False
    if "any" in one.diagnoses or "any" in other.diagnoses:
        return True
    return any(
        _meet(mine, theirs)
        for mine in _patterns(one, library)
        for theirs in _patterns(other, library)
    )


def _patterns(indication: Indication, library: Library) -> list[CodePattern]:
    return [p for name in indication.diagnoses for p in _set_patterns(name, library)]


def _set_patterns(name: str, library: Library) -> tuple[CodePattern, ...]:
    if name == "any":
        return ()
    known = library.valuesets.get(name)
    return known.codes if known else (CodePattern.read(name),)


def _meet(one: CodePattern, other: CodePattern) -> bool:
    return one.covers(other.first) or other.covers(one.first)


def _kept_apart(one: Indication, other: Indication, library: Library) -> bool:
    """Whether an exclusion keeps the two apart although their codes touch.

    Either a value set leaves the other's codes out (`without`), or the indication itself does, by a
    criterion that the diagnosis is none of them.
    """
    for mine, theirs in ((one, other), (other, one)):
        holes = [
            hole
            for name in mine.diagnoses
            if name in library.valuesets
            for hole in library.valuesets[name].without
        ]
        excluded = _excluded_sets(mine)
        holes += [hole for name in excluded for hole in _set_patterns(name, library)]
        patterns = _patterns(theirs, library)
        if set(theirs.diagnoses) <= set(excluded):
            return True
        if holes and patterns and all(any(h.covers(p.first) for h in holes) for p in patterns):
            return True
    return False


def _excluded_sets(indication: Indication) -> list[str]:
    parts = [part for part in (indication.scope, indication.requires) if part is not None]
    return [
        name
        for part in parts
        for node in conjuncts(part)
        if isinstance(node, c.NoneOf)
        for child in node.children
        if isinstance(child, c.DiagnosisIn) and child.among == "item"
        for name in child.sets
    ]


def disjoint(one: c.Criterion | None, other: c.Criterion | None, many: frozenset[str]) -> bool:
    """Whether two scopes can never both be met."""
    if one is None or other is None:
        return False
    return any(
        exclude(mine, theirs, many) for mine in conjuncts(one) for theirs in conjuncts(other)
    )


def guideline_overlaps(library: Library) -> Iterator[Problem]:
    """Pairs of a service and a diagnosis that two guideline policies both name."""
    policies = [policy for policy in library.policies.values() if policy.is_guideline]
    for one, other in combinations(policies, 2):
        if not set(library.codes_of(one.services)) & set(library.codes_of(other.services)):
            continue
        for mine in one.indications:
            for theirs in other.indications:
                if share_diagnosis(mine, theirs, library):
                    yield Problem(
                        other.file,
                        theirs.line,
                        f"the guideline policies '{one.id}' and '{other.id}' both name a pair ({mine.id}, {theirs.id})",
                        "let one of them speak of it",
                        severity="warning",
                        rule="overlap",
                    )


def period_problems(library: Library) -> Iterator[Problem]:
    """Versions of one policy (same publisher, number and services) must follow each other."""
    series: dict[tuple[str, str, tuple[str, ...]], list[Policy]] = {}
    for policy in library.policies.values():
        if policy.number and policy.status not in ("draft", "proposed"):
            series.setdefault((policy.publisher, policy.number, policy.services), []).append(policy)
    for versions in series.values():
        versions.sort(
            key=lambda policy: policy.effective_from.toordinal() if policy.effective_from else 0
        )
        for earlier, later in zip(versions, versions[1:], strict=False):
            if (
                later.effective_from is None
                or earlier.effective_to is None
                or earlier.effective_to >= later.effective_from
            ):
                yield Problem(
                    later.file,
                    later.line,
                    f"its period overlaps that of '{earlier.id}'",
                    "end the earlier one the day before",
                    rule="period",
                )
            elif (later.effective_from - earlier.effective_to).days > 1:
                yield Problem(
                    later.file,
                    later.line,
                    f"there is a gap after '{earlier.id}' ends",
                    "close it, or say why in summary",
                    severity="warning",
                    rule="period",
                )
