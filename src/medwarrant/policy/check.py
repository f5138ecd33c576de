"""Author checks: what a pack that loads may still have wrong.

Loading finds what cannot be read; these find what reads well and decides badly: rules without
sources, criteria that can never be met, indications that overlap, titles whose numbers disagree with
the rule, periods that leave gaps.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ..model.errors import Problem
from . import criteria as c
from .check_clocks import clock_problems
from .check_criteria import facts_with_many_values, tree_problems
from .check_overlap import disjoint, guideline_overlaps, period_problems, share_diagnosis
from .library import Library
from .pack import Pack
from .policy import (
    CitedText,
    Contraindication,
    Indication,
    Policy,
    RequestRule,
    SafetyProfile,
)

_DECIDING = ("for", "against")


def check_library(library: Library, codes: frozenset[str] | None = None) -> list[Problem]:
    """Every finding over all packs, sorted by file and line.

    `codes` are the diagnosis codes that exist, for checking value sets; without it they are not
    checked.
    """
    found: list[Problem] = []
    for policy in library.policies.values():
        found += _policy(policy, library)
    found += guideline_overlaps(library)
    found += period_problems(library)
    found += clock_problems(library)
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
        if share_diagnosis(one, other, library) and not disjoint(
            one.scope, other.scope, facts_with_many_values(library)
        ):
            yield _problem(
                policy,
                other.line,
                "overlap",
                f"the indications '{one.id}' and '{other.id}' share a diagnosis and may both be in scope",
                "make their scopes exclude each other",
                severity="warning",
            )
    shared = {
        (part.id, part.line)
        for pack in library.packs
        for profile in pack.safety.values()
        for part in _parts(profile)
    }
    own = [part for part in _parts(policy) if (part.id, part.line) not in shared]
    for part in own:
        yield from _part(part, policy.file, library)
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


def _parts(holder: Policy | SafetyProfile) -> list[RequestRule | Contraindication | CitedText]:
    """Everything in the lists that policies and safety profiles share."""
    return [
        *holder.request_rules,
        *holder.contraindications,
        *holder.cautions,
        *holder.technique,
        *holder.pitfalls,
        *holder.limits,
    ]


def _part(
    part: RequestRule | Contraindication | CitedText, file: str, library: Library
) -> Iterator[Problem]:
    if not part.rests_on:
        yield Problem(
            file, part.line, f"'{part.id}' has no source", "add rests_on", rule="no-source"
        )
    tree = part.rule if isinstance(part, RequestRule) else part.when
    if tree is not None:
        yield from tree_problems(file, tree, part.line, library)
    if not isinstance(part, CitedText) and not part.verified:
        yield Problem(
            file,
            part.line,
            f"'{part.id}' rests only on unverified or retracted statements; it decides nothing",
            severity="warning",
            rule="unverified",
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
        yield from tree_problems(policy.file, tree, indication.line, library)


# --- packs --------------------------------------------------------------------------------------


def _pack(pack: Pack, library: Library, codes: frozenset[str] | None) -> Iterator[Problem]:
    for profile in pack.safety.values():
        for part in _parts(profile):
            yield from _part(part, f"{pack.id}/safety.yaml", library)
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
