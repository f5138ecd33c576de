"""One policy over one review item: which indications name it, and what they come to.

The proposal is a conjunction in three-valued logic: some indication *for* the service is in scope
with all its requirements met, none *against* it is in scope, the request rules are respected, no
absolute contraindication is present, and code, nerve and diagnosis fit together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..model.determination import IndicationResult, Reason
from ..model.status import Status
from ..policy import criteria as c
from ..policy.library import Library
from ..policy.policy import (
    AUTHORITIES,
    CitedText,
    Contraindication,
    Indication,
    Policy,
    RequestRule,
)
from .compile import Bare, Compiled, Trace, Traced
from .view import View

MET, MISSING, NOT_MET = Status.MET, Status.MISSING, Status.NOT_MET


def _always(view: View) -> Status:
    return MET


def sources_of(statements: Iterable[str], library: Library) -> dict[str, None]:
    """The sources of statements, in order, once each; those the library does not hold left out."""
    known = (library.statements[name].source for name in statements if name in library.statements)
    return dict.fromkeys(source for source in known if source in library.sources)


class CompiledIndication:
    """An indication with its scope and requirements as closures."""

    def __init__(self, indication: Indication, library: Library, compiled: Compiled) -> None:
        self.indication = indication
        parts = [part for part in (indication.scope, indication.requires) if part is not None]
        self.tree: c.Criterion = c.AllOf(
            id=indication.id,
            title=indication.title,
            plain=indication.plain,
            rests_on=indication.rests_on,
            children=tuple(parts),
            verified=indication.verified,
            line=indication.line,
        )
        self.scope: Bare = compiled.once(indication.scope) if indication.scope else _always
        self.requires: Bare = compiled.bare(indication.requires) if indication.requires else _always
        unverified = any(not node.verified for node in c.walk(self.tree))
        self.lenient: Bare | None = compiled.lenient(self.tree) if unverified else None
        self.traced: Traced = compiled.traced(self.tree)
        self.statements: dict[str, None] = dict.fromkeys(
            name for node in c.walk(self.tree) for name in node.rests_on
        )
        direction = indication.position.direction
        #: Whether the indication supports the service, or is against it on support that may decide.
        self.is_for = direction == "for"
        self.is_against = direction == "against" and indication.verified
        #: The sources of the statements that the library holds.
        self.sources = sources_of(self.statements, library)
        #: How the indication is shown, by its scope and its status.
        self.results: dict[tuple[Status, Status], IndicationResult] = {}

    def status(self, view: View) -> Status:
        """In scope with all requirements met, on verified support."""
        if not self.indication.verified:
            return NOT_MET
        scope = self.scope(view)
        return scope if scope is NOT_MET else min(scope, self.requires(view))


class CompiledPolicy:
    """A policy ready to be evaluated over many items."""

    def __init__(self, policy: Policy, library: Library, compiled: Compiled) -> None:
        self.policy = policy
        self.library = library
        self.indications = tuple(
            CompiledIndication(item, library, compiled) for item in policy.indications
        )
        self.rules: tuple[tuple[RequestRule, Bare, bool], ...] = tuple(
            (rule, compiled.once(rule.rule), _only_doses(rule.rule))
            for rule in policy.request_rules
            if rule.verified
        )
        self.absolute: tuple[tuple[Contraindication, Bare], ...] = tuple(
            (item, compiled.once(item.when))
            for item in policy.contraindications
            if item.severity == "absolute" and item.verified
        )
        self.applies: Bare = compiled.once(policy.applies_to) if policy.applies_to else _always
        parts: tuple[CitedText | Contraindication, ...] = (
            *policy.technique,
            *policy.pitfalls,
            *policy.limits,
            *policy.cautions,
            *policy.contraindications,
        )
        self.statements: dict[str, None] = dict.fromkeys(
            [*policy.rests_on, *(name for part in parts for name in part.rests_on)]
        )
        self.sources = sources_of(self.statements, library)
        self.shared_trees: tuple[c.Criterion, ...] = (
            *(rule.rule for rule, _, _ in self.rules),
            *((policy.applies_to,) if policy.applies_to is not None else ()),
        )
        since = policy.effective_from
        #: Order of precedence: authority, then the later effective date, then the id.
        self.rank = (
            AUTHORITIES.index(policy.authority),
            -(since.toordinal() if since else 0),
            policy.id,
        )
        self._nodes: dict[str, c.Criterion] | None = None
        self._naming: dict[str, tuple[CompiledIndication, ...]] = {}

    def naming(self, diagnosis: str) -> tuple[CompiledIndication, ...]:
        """The indications that name a diagnosis."""
        known = self._naming.get(diagnosis)
        if known is None:
            known = self._naming[diagnosis] = tuple(
                item
                for item in self.indications
                if self.library.diagnosis_matches(diagnosis, item.indication.diagnoses)
            )
        return known

    @property
    def nodes(self) -> dict[str, c.Criterion]:
        """Every criterion of the policy by its id; of those with one id, the last."""
        if self._nodes is None:
            trees = (*(item.tree for item in self.indications), *self.shared_trees)
            self._nodes = {node.id: node for tree in trees for node in c.walk(tree)}
        return self._nodes

    def status(self, view: View, *, fits: bool = True) -> Status:
        """Whether the policy's criteria are met for the item; `fits` is false on a mismatch."""
        if not fits:
            return NOT_MET
        named = self.naming(view.diagnosis)
        status = NOT_MET
        for item in named:
            if item.is_for:
                status = max(status, item.status(view))
                if status is MET:
                    break
        if status is NOT_MET:
            return NOT_MET
        for item in named:
            if item.is_against:
                scope = item.scope(view)
                status = min(status, Status(2 - scope))
        for _, rule, advisory in self.rules:
            found = rule(view)
            if not (advisory and found is MISSING):
                status = min(status, found)
        for item_, present in self.absolute:
            status = min(status, _contraindicated(item_, present, view))
        return status


def _only_doses(rule: c.Criterion) -> bool:
    """Whether a rule only sums doses: then what is missing never lowers an outcome."""
    return all(isinstance(node, c.DoseLimit) or c.is_connective(node) for node in c.walk(rule))


def _contraindicated(item: Contraindication, present: Bare, view: View) -> Status:
    found = present(view)
    if found is MET:
        return NOT_MET
    if found is NOT_MET or not view.conflicts:
        return MET
    conflicting = any(name in view.conflicts for name in view.compiled.facts(item.when))
    return MISSING if conflicting else MET


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one policy says of one item, before it is put into words."""

    policy: CompiledPolicy
    status: Status
    named: tuple[CompiledIndication, ...]
    reasons: tuple[Reason, ...]
    broken_rules: tuple[RequestRule, ...]
    contraindications: tuple[Contraindication, ...]

    def traces(self, view: View) -> tuple[tuple[CompiledIndication, Trace], ...]:
        """The trace of every indication that names the item."""
        return tuple((item, item.traced(view)) for item in self.named)


def judge(policy: CompiledPolicy, view: View, *, fits: bool) -> Judgement:
    """Evaluate one policy and collect the reasons against a plain yes."""
    named = policy.naming(view.diagnosis)
    status = policy.status(view, fits=fits)
    broken = tuple(rule for rule, test, _ in policy.rules if test(view) is NOT_MET)
    present = tuple(item for item, test in policy.absolute if test(view) is MET)
    reasons: list[Reason] = []
    if status is not MET:
        if not fits:
            reasons.append("mismatch")
        if present:
            reasons.append("contraindication")
        if broken:
            reasons.append("request_rule")
        reasons += _indication_reasons(named, view)
    return Judgement(policy, status, named, tuple(dict.fromkeys(reasons)), broken, present)


_DIRECTION_REASON: dict[str, Reason] = {
    "neither": "neither",
    "against": "against",
    "none_found": "no_support_found",
}


def _indication_reasons(named: tuple[CompiledIndication, ...], view: View) -> list[Reason]:
    reasons: list[Reason] = []
    in_reach = False
    for item in named:
        scope = item.scope(view)
        if scope is NOT_MET:
            continue
        in_reach = True
        if item.is_for:
            if (
                item.lenient is not None
                and item.status(view) is NOT_MET
                and item.lenient(view) is MET
            ):
                reasons.append("rule_unverified")
            elif item.indication.verified and item.requires(view) is NOT_MET:
                reasons.append("not_met")
        else:
            reasons.append(_DIRECTION_REASON[item.indication.position.direction])
    if named and not in_reach:
        reasons.append("out_of_scope")
    return reasons
