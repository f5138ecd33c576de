"""Author checks: what a pack that loads may still have wrong.

Loading finds what cannot be read; these find what reads well and decides badly: rules without
sources, criteria that can never be met, indications that overlap, titles whose numbers disagree with
the rule, periods that leave gaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from ..model.errors import Problem
from ..model.measures import Bound, Range
from . import criteria as c
from .library import Library
from .pack import Pack
from .policy import Indication, Policy
from .valueset import CodePattern

_DECIDING = ("for", "against")


def check_library(library: Library, codes: frozenset[str] | None = None) -> list[Problem]:
    """Every finding over all packs, sorted by file and line.

    `codes` are the diagnosis codes that exist, for checking value sets; without it they are not
    checked.
    """
    found: list[Problem] = []
    for policy in library.policies.values():
        found += _policy(policy, library)
    found += _guideline_overlaps(library)
    found += _periods(library)
    for pack in library.packs:
        found += _pack(pack, library, codes)
    return sorted(set(found))


def _problem(
    policy: Policy, line: int, rule: str, message: str, mend: str = "", severity: str = "error"
) -> Problem:
    return Problem(policy.file, line or policy.line, message, mend, severity=severity, rule=rule)


def _policy(policy: Policy, library: Library) -> Iterator[Problem]:
    for indication in policy.indications:
        yield from _indication(policy, indication, library)
    for one, other in combinations(policy.indications, 2):
        if _share_diagnosis(one, other, library) and not _disjoint(one.scope, other.scope):
            yield _problem(
                policy,
                other.line,
                "overlap",
                f"the indications '{one.id}' and '{other.id}' share a diagnosis and may both be in scope",
                "make their scopes exclude each other",
                severity="warning",
            )
    trees = [(rule.line, rule.rule) for rule in policy.request_rules]
    trees += [(item.line, item.when) for item in policy.contraindications]
    for line, tree in trees:
        yield from _tree(policy, tree, line, library)
    for texts in (policy.cautions, policy.technique, policy.pitfalls, policy.limits):
        for text in texts:
            if not text.rests_on:
                yield _problem(
                    policy,
                    text.line,
                    "no-source",
                    f"the sentence '{text.id}' has no source",
                    "add rests_on",
                )
    for rule in policy.request_rules:
        if not rule.rests_on:
            yield _problem(
                policy,
                rule.line,
                "no-source",
                f"the request rule '{rule.id}' has no source",
                "add rests_on",
            )
        elif not rule.verified:
            yield _problem(
                policy,
                rule.line,
                "unverified",
                f"the request rule '{rule.id}' rests only on unverified or retracted statements; it decides nothing",
                severity="warning",
            )
    if not policy.is_guideline and policy.applies_to is None:
        yield _problem(
            policy,
            policy.line,
            "scope",
            "a coverage policy must say whom it applies to",
            "add applies_to",
        )
    if (
        policy.status == "in_force"
        and policy.effective_from is None
        and not policy.is_guideline
        and policy.last_seen is None
    ):
        yield _problem(
            policy,
            policy.line,
            "period",
            "neither the effective date nor the date last seen in force is given",
            severity="warning",
        )


def _indication(policy: Policy, indication: Indication, library: Library) -> Iterator[Problem]:
    direction = indication.position.direction
    if not indication.rests_on:
        yield _problem(
            policy,
            indication.line,
            "no-source",
            f"the indication '{indication.id}' has no source",
            "add rests_on",
        )
    elif not indication.verified and direction in _DECIDING:
        yield _problem(
            policy,
            indication.line,
            "unverified",
            f"the indication '{indication.id}' ({direction}) rests only on unverified or retracted statements",
            "give it a verified source, or make it neither or none_found",
        )
    for name in indication.rests_on:
        statement = library.statements.get(name)
        source = library.sources.get(statement.source) if statement else None
        if source is not None and source.retracted:
            yield _problem(
                policy,
                indication.line,
                "retracted",
                f"'{indication.id}' cites {name}, whose source was retracted",
                "a retracted source supports nothing; show it in limits instead",
                severity="warning",
            )
    tree = c.AllOf(
        id=indication.id,
        rests_on=indication.rests_on,
        line=indication.line,
        children=tuple(
            part for part in (indication.scope, indication.requires) if part is not None
        ),
    )
    if tree.children:
        yield from _tree(policy, tree, indication.line, library)


def _tree(policy: Policy, tree: c.Criterion, line: int, library: Library) -> Iterator[Problem]:
    for node in c.walk(tree):
        if not node.rests_on and not node.editorial:
            yield _problem(
                policy,
                node.line or line,
                "no-source",
                f"the criterion '{node.id}' has no source",
                "add rests_on, or basis: editorial with because",
            )
        yield from _title_numbers(policy, node, library)
        if isinstance(node, c.AllOf | c.AtLeast):
            for child in node.children:
                if not child.verified:
                    yield _problem(
                        policy,
                        child.line,
                        "unverified",
                        f"the criterion '{child.id}' rests only on unverified statements and stands under {c.kind_of(node)}",
                        "give it a verified source, move it under any_of, or show it as a caution",
                    )
        if isinstance(node, c.AllOf):
            yield from _contradictions(policy, node)
        yield from _duplicates(policy, node)


def _contradictions(policy: Policy, node: c.AllOf) -> Iterator[Problem]:
    for one, other in combinations(_conjuncts(node), 2):
        if _exclude(one, other):
            yield _problem(
                policy,
                other.line,
                "unreachable",
                f"'{one.id}' and '{other.id}' can never be met together",
                "one of them is wrong",
            )


def _conjuncts(node: c.Criterion) -> list[c.Criterion]:
    if isinstance(node, c.AllOf):
        return [part for child in node.children for part in _conjuncts(child)]
    return [node]


def _exclude(one: c.Criterion, other: c.Criterion) -> bool:
    match one, other:
        case c.Choice(negated=False), c.Choice(negated=False) if one.fact == other.fact:
            return not set(one.values) & set(other.values) and one.fact not in (
                "nerve",
                "muscles",
                "levels",
                "modifier",
                "drugs",
            )
        case c.Choice(negated=False), c.Choice(negated=True) if one.fact == other.fact:
            return set(one.values) <= set(other.values)
        case c.Choice(negated=True), c.Choice(negated=False) if one.fact == other.fact:
            return set(other.values) <= set(one.values)
        case c.Quantity(), c.Quantity() if one.fact == other.fact:
            return not _bounds_meet(one.bound, other.bound)
        case c.Flag(), c.NoneOf():
            return any(
                isinstance(child, c.Flag) and child.fact == one.fact for child in other.children
            )
        case c.NoneOf(), c.Flag():
            return any(
                isinstance(child, c.Flag) and child.fact == other.fact for child in one.children
            )
        case _:
            return False


def _bounds_meet(one: Bound, other: Bound) -> bool:
    edges = [
        edge
        for bound in (one, other)
        for edge in (bound.at_least, bound.more_than, bound.at_most, bound.less_than)
        if edge is not None
    ]
    tries = [value for edge in edges for value in (edge - 0.001, edge, edge + 0.001)]
    return any(one.covers(Range(v, v)) and other.covers(Range(v, v)) for v in tries)


def _duplicates(policy: Policy, node: c.Criterion) -> Iterator[Problem]:
    for one, other in combinations(c.children_of(node), 2):
        if _same_rule(one, other):
            yield _problem(
                policy,
                other.line,
                "duplicate",
                f"'{one.id}' and '{other.id}' are the same criterion",
                "keep one",
            )


_APART = frozenset(
    {
        "id",
        "title",
        "plain",
        "document",
        "question",
        "rests_on",
        "because",
        "line",
        "verified",
        "editorial",
    }
)


def _same_rule(one: c.Criterion, other: c.Criterion) -> bool:
    if type(one) is not type(other):
        return False
    fields = [name for name in one.__struct_fields__ if name not in _APART]
    if "children" in fields:
        mine, theirs = c.children_of(one), c.children_of(other)
        if len(mine) != len(theirs) or not all(map(_same_rule, mine, theirs)):
            return False
        fields.remove("children")
    return all(getattr(one, name) == getattr(other, name) for name in fields)


# --- overlaps -----------------------------------------------------------------------------------


def _share_diagnosis(one: Indication, other: Indication, library: Library) -> bool:
    if "any" in one.diagnoses or "any" in other.diagnoses:
        return True
    return any(
        _meet(mine, theirs)
        for mine in _patterns(one, library)
        for theirs in _patterns(other, library)
    ) and not _kept_apart(one, other, library)


def _patterns(indication: Indication, library: Library) -> list[CodePattern]:
    found: list[CodePattern] = []
    for name in indication.diagnoses:
        known = library.valuesets.get(name)
        found += known.codes if known else [CodePattern.read(name)]
    return found


def _meet(one: CodePattern, other: CodePattern) -> bool:
    return one.covers(other.first) or other.covers(one.first)


def _kept_apart(one: Indication, other: Indication, library: Library) -> bool:
    """Whether `without` keeps the two sets apart although their codes touch."""
    for mine, theirs in ((one, other), (other, one)):
        for name in mine.diagnoses:
            known = library.valuesets.get(name)
            if known is None or not known.without:
                continue
            if all(
                any(hole.covers(p.first) for hole in known.without)
                for p in _patterns(theirs, library)
            ):
                return True
    return False


def _disjoint(one: c.Criterion | None, other: c.Criterion | None) -> bool:
    if one is None or other is None:
        return False
    return any(_exclude(mine, theirs) for mine in _conjuncts(one) for theirs in _conjuncts(other))


def _guideline_overlaps(library: Library) -> Iterator[Problem]:
    policies = [policy for policy in library.policies.values() if policy.is_guideline]
    for one, other in combinations(policies, 2):
        if not set(library.codes_of(one.services)) & set(library.codes_of(other.services)):
            continue
        for mine in one.indications:
            for theirs in other.indications:
                if _share_diagnosis(mine, theirs, library):
                    yield _problem(
                        other,
                        theirs.line,
                        "overlap",
                        f"the guideline policies '{one.id}' and '{other.id}' both name a pair ({mine.id}, {theirs.id})",
                        "let one of them speak of it",
                        severity="warning",
                    )


def _periods(library: Library) -> Iterator[Problem]:
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
                yield _problem(
                    later,
                    later.line,
                    "period",
                    f"its period overlaps that of '{earlier.id}'",
                    "end the earlier one the day before",
                )
            elif (later.effective_from - earlier.effective_to).days > 1:
                yield _problem(
                    later,
                    later.line,
                    "period",
                    f"there is a gap after '{earlier.id}' ends",
                    "close it, or say why in summary",
                    severity="warning",
                )


# --- titles -------------------------------------------------------------------------------------

_NUMBER = re.compile(r"(?<![\w.-])(\d+(?:\.\d+)?)(?![\w-]|\.\d)")


def _title_numbers(policy: Policy, node: c.Criterion, library: Library) -> Iterator[Problem]:
    """A number in a leaf's title must be one that the rule states."""
    if not node.title or c.is_connective(node):
        return
    stated = _numbers_in(node)
    for text in _NUMBER.findall(node.title):
        if stated and float(text) not in stated:
            yield _problem(
                policy,
                node.line,
                "title",
                f"the title of '{node.id}' says {text}, but the rule does not",
                "make them agree",
                severity="warning",
            )


def _numbers_in(node: c.Criterion) -> set[float]:
    found: set[float] = set()

    def add(value: object) -> None:
        if isinstance(value, Bound):
            for limit in (value.at_least, value.more_than, value.at_most, value.less_than):
                if limit is not None:
                    found.update((limit, limit / 7, limit / 30, limit / 360))
        elif isinstance(value, bool) or value is None:
            return
        elif isinstance(value, int | float):
            found.update((float(value), value / 7, value / 30, value / 360))
        elif isinstance(value, tuple):
            for part in value:
                add(part)
        elif isinstance(value, c.InBound):
            add(value.bound)
        elif hasattr(value, "length"):
            add(value.length)

    for name in node.__struct_fields__:
        if name not in _APART:
            add(getattr(node, name))
    return found


# --- packs --------------------------------------------------------------------------------------


def _pack(pack: Pack, library: Library, codes: frozenset[str] | None) -> Iterator[Problem]:
    yield from _examples(pack)
    if codes is not None:
        yield from _value_sets(pack, codes)
    for statement in pack.statements.values():
        source = library.sources.get(statement.source)
        if source is None:
            continue
        if source.verified.how == "unverified" and statement.verified.how != "unverified":
            yield Problem(
                f"{pack.id}/evidence.yaml",
                1,
                f"statement '{statement.id}' is {statement.verified.how}, but its source '{source.id}' is unverified",
                "make them agree",
                "warning",
                "unverified",
            )


_NEEDED = {
    "meets_criteria": "met",
    "needs_information": "missing",
    "needs_clinical_review": "not met",
}


def _examples(pack: Pack) -> Iterator[Problem]:
    shown: dict[tuple[str | None, str | None], set[str]] = {}
    for example in pack.examples:
        outcome = example.expect.get("outcome")
        outcomes = (
            {outcome}
            if outcome
            else {
                wanted.get("outcome")
                for wanted in example.expect.get("items", {}).values()
                if isinstance(wanted, dict)
            }
        )
        shown.setdefault((example.policy, example.indication), set()).update(
            o for o in outcomes if o
        )
        if example.policy is not None and example.policy not in pack.policies:
            yield Problem(
                example.file,
                example.line,
                f"the example names the policy '{example.policy}', which is not in this pack",
                rule="example",
            )
    for policy in pack.policies.values():
        for indication in policy.indications:
            have = shown.get((policy.id, indication.id), set())
            if (
                indication.position.direction == "for"
                and indication.verified
                and policy.status == "in_force"
            ):
                lacking = [words for outcome, words in _NEEDED.items() if outcome not in have]
            else:
                lacking = [] if have else ["any"]
            if lacking:
                yield _problem(
                    policy,
                    indication.line,
                    "example",
                    f"the indication '{indication.id}' has no example for: {', '.join(lacking)}",
                    "add it to examples/ with policy: and indication:",
                    severity="warning",
                )


def _value_sets(pack: Pack, codes: frozenset[str]) -> Iterator[Problem]:
    ordered = sorted(codes)
    for known in pack.valuesets.values():
        for pattern in (*known.codes, *known.without):
            if not any(pattern.covers(code) for code in ordered):
                yield Problem(
                    f"{pack.id}/valuesets.yaml",
                    known.line,
                    f"no diagnosis code of the release is in {pattern.first}-{pattern.last} of '{known.id}'",
                    rule="codes",
                )
        for words, code in known.words.items():
            if code.replace(".", "").upper() not in codes:
                yield Problem(
                    f"{pack.id}/valuesets.yaml",
                    known.line,
                    f"'{words}' stands for {code}, which does not exist",
                    rule="codes",
                )
