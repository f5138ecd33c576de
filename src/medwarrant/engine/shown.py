"""What an item shows beside its outcome: indications, evidence, coverage policies, questions."""

from __future__ import annotations

from msgspec import UNSET

from ..model import determination as d
from ..model.status import Status
from ..policy import criteria as c
from ..policy.library import Library
from .judge import CompiledIndication, CompiledPolicy, Judgement
from .select import Selection
from .view import View
from .would_change import Candidate

_OUTCOME: dict[Status, d.Outcome] = {
    Status.MET: "meets_criteria",
    Status.MISSING: "needs_information",
    Status.NOT_MET: "needs_clinical_review",
}


def indication_results(
    policies: tuple[CompiledPolicy, ...], view: View
) -> tuple[d.IndicationResult, ...]:
    """Every indication that names the item, those of the leading policy first."""
    found = []
    for policy in policies:
        for item in policy.naming(view.diagnosis):
            scope = item.scope(view)
            status = item.status(view) if item.is_for else Status.NOT_MET
            result = item.results.get((scope, status))
            if result is None:
                result = item.results[scope, status] = _indication_result(
                    policy, item, scope, status
                )
            found.append(result)
    return tuple(found)


def _indication_result(
    policy: CompiledPolicy, item: CompiledIndication, scope: Status, status: Status
) -> d.IndicationResult:
    indication, position = item.indication, item.indication.position
    return d.IndicationResult(
        id=indication.id,
        title=indication.title,
        policy=policy.policy.id,
        scope=scope.word,
        direction=position.direction,
        strength=position.strength,
        certainty=position.certainty,
        outcome=_OUTCOME[status],
        note=indication.note,
    )


def evidence_summary(guidelines: tuple[CompiledPolicy, ...], view: View) -> d.EvidenceSummary:
    """What the guideline layer says of the item, with every statement it rests on.

    The direction is one only where all indications still in reach agree; otherwise it depends on the
    facts named.
    """
    in_reach: list[CompiledIndication] = [
        item
        for policy in guidelines
        for item in policy.naming(view.diagnosis)
        if item.scope(view) is not Status.NOT_MET
    ]
    names: dict[str, None] = {}
    for item in in_reach:
        names |= item.statements
    for policy in guidelines:
        if policy.naming(view.diagnosis):
            for name in policy.policy.rests_on:
                names[name] = None
    statements = tuple(shown for name in names if (shown := _statement(name, view)) is not None)
    directions = {item.indication.position.direction for item in in_reach}
    if not in_reach:
        return d.EvidenceSummary(
            direction=None, strength=None, certainty=None, statements=statements
        )
    if len(directions) == 1:
        strengths = {item.indication.position.strength for item in in_reach}
        certainties = {item.indication.position.certainty for item in in_reach}
        return d.EvidenceSummary(
            direction=directions.pop(),
            strength=strengths.pop() if len(strengths) == 1 else None,
            certainty=certainties.pop() if len(certainties) == 1 else None,
            statements=statements,
        )
    depends = dict.fromkeys(
        fact
        for item in in_reach
        if item.indication.scope is not None and item.scope(view) is Status.MISSING
        for fact in view.compiled.facts(item.indication.scope)
        if fact not in view.choices and fact not in view.flags
    )
    return d.EvidenceSummary(
        direction=None,
        strength=None,
        certainty=None,
        statements=statements,
        depends_on=tuple(depends),
    )


def _statement(name: str, view: View) -> d.StatementShown | None:
    """A statement as items show it, made once."""
    made = view.compiled.statements
    if name not in made:
        made[name] = statement_shown(name, view.library)
    return made[name]


def statement_shown(name: str, library: Library) -> d.StatementShown | None:
    """A statement as an item shows it."""
    statement = library.statements.get(name)
    if statement is None:
        return None
    return d.StatementShown(
        id=name,
        source=statement.source,
        claim=statement.claim,
        direction=statement.direction,
        strength=statement.strength,
        grade=statement.grade,
        verified=statement.verified.how,
        certainty=statement.certainty,
        supports=library.supports(name),
        locator=statement.locator,
        quote=statement.quote,
        quoted_by=statement.quoted_by or UNSET,
    )


def coverage_result(
    policy: CompiledPolicy, judgement: Judgement, view: View, selection: Selection
) -> d.CoverageResult:
    """One coverage policy beside the item."""
    status = policy.policy.status_on(view.as_of)
    summary = policy.policy.summary or policy.policy.title
    return d.CoverageResult(
        policy=policy.policy.id,
        publisher=policy.policy.publisher,
        authority=policy.policy.authority,
        status=status,
        effective=policy.policy.effective(),
        last_seen=policy.policy.last_seen.isoformat() if policy.policy.last_seen else None,
        outcome=_OUTCOME[judgement.status],
        summary=summary,
        applies=policy.applies(view).word,
        governs=policy is selection.governing,
        rules=tuple(
            d.RuleShown(id=rule.id, title=rule.title, status=test(view).word, message=rule.message)
            for rule, test, advisory in policy.rules
            if not advisory
        ),
    )


def ask_for_facts(
    sets: list[tuple[CompiledPolicy, str, Candidate]], lead: CompiledPolicy | None, view: View
) -> list[d.Ask]:
    """Questions for missing facts, those that change most first, then what the scopes wait for."""
    weight: dict[tuple[str, str], float] = {}
    nodes: dict[str, c.Criterion] = {}
    last: CompiledPolicy | None = None
    for policy, _, candidate in sets:
        if policy is not last:
            nodes |= policy.nodes
            last = policy
        facts = {step.fact for step in candidate}
        for step in candidate:
            key = (step.fact.fact, step.criterion)
            weight[key] = weight.get(key, 0.0) + 1.0 / len(facts)
    found: list[d.Ask] = []
    asked: set[str] = set()
    for (fact, criterion), _ in sorted(weight.items(), key=lambda entry: -entry[1]):
        node = nodes.get(criterion)
        found.append(_fact_question(fact, node, view))
        asked.add(fact)
    if lead is not None:
        for item in lead.naming(view.diagnosis):
            scope = item.indication.scope
            if scope is None or item.scope(view) is not Status.MISSING:
                continue
            for node in c.walk(scope):
                for fact in view.compiled.facts(node):
                    known = fact in view.choices or fact in view.flags
                    if (
                        fact not in asked
                        and not c.is_connective(node)
                        and (not known or fact in view.vague)
                    ):
                        found.append(_fact_question(fact, node, view))
                        asked.add(fact)
    return found


def _fact_question(fact: str, node: c.Criterion | None, view: View) -> d.Ask:
    library = view.library
    definition = library.facts.get(fact) or library.events.get(fact)
    titles = view.compiled.titles(node, library) if node else None
    question = (node.question if node else None) or (definition.question if definition else "")
    return d.Ask(
        kind="fact",
        question=question or f"What is known of: {fact.replace('-', ' ')}?",
        fact=fact,
        why=titles.words if titles else "",
        document=titles.document if titles else None,
    )
