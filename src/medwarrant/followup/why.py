"""Why a pair stands as it does: criteria with their status, the governing policy, reasons and sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..policy.policy import Policy
from ..report.article import Block, Bullets, Line, Prose, Tree
from ..report.citations import CitationList
from ..report.criteria import tree_node
from ..report.item_brief import why_in_short
from ..report.payers import policy_words
from ..report.text import clean, lower_first, sentence, upper_first
from ..report.verdicts import FourVerdicts
from ..report.view import Pair
from ..report.words import AUTHORITY_WORDS, POLICY_STATUS_WORDS
from .focus import Focus, groups, pairs_of
from .talk import Talk, Told, missing_line, names_of, outcome_of, reasons_of

#: Words of a question that pick pairs by how they stand, in this order; the first that fits some counts.
_STANDS: Final[tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]] = (
    (re.compile(r"\b(?:review\w*|clinician|physician|doctor|medical director|human|person)\b"), ("needs_clinical_review",)),
    (re.compile(r"\b(?:information|missing|pend\w*|conditional\w*|incomplete|necessary if)\b"), ("needs_information",)),
    (re.compile(r"\b(?:no policy|nothing found|not found)\b"), ("no_policy",)),
    (re.compile(r"\b(?:not|n't|cannot|den\w+|reject\w*|refus\w*|turned down|unsupported|against|fail\w*|negative|wrong|problem)\b|n't\b"), ("needs_clinical_review", "no_policy", "needs_information")),
    (re.compile(r"\b(?:approv\w*|met|meets|positive|ok|okay|accepted|supported)\b"), ("meets_criteria",)),
)  # fmt: skip
_DENIED: Final = re.compile(
    r"\b(?:den(?:y|ied|ial|ying)|reject\w*|refus\w*|turned down|disapproved)\b"
)
#: So many groups of pairs are told in full.
_IN_FULL: Final = 3
_STATEMENTS: Final = 3


def tell_why(talk: Talk, plain_text: str, focus: Focus, *, head: Line | None = None) -> Told:
    """Why the pairs named stand as they do; without a name, those that fit the words of the question."""
    pairs, said = _chosen(talk, plain_text, focus)
    blocks: list[Block] = []
    lines = [head] if head is not None else []
    if _DENIED.search(plain_text):
        lines.append(_nothing_denied(talk))
    lines += said
    if lines:
        blocks.append(Prose(tuple(lines)))
    alike = groups(pairs)
    if len(alike) <= _IN_FULL:
        for group in alike:
            blocks += _in_full(talk, group)
    else:
        blocks.append(Bullets(tuple(_in_short(talk, group) for group in alike)))
        more = (
            "Name a treatment and a condition to see more."
            if talk.plain
            else "Name a service and a diagnosis to see the criteria of that pair."
        )
        blocks.append(Prose((Line(text=more),)))
    return Told("why", tuple(blocks))


def _nothing_denied(talk: Talk) -> Line:
    if talk.plain:
        return Line(
            text="No one has said no. A doctor has to sign for that. This is only a first look."
        )
    return Line(
        text="Nothing was denied: this is a proposal, and a decision against a request is the signed act of a licensed physician."
    )


def _chosen(talk: Talk, plain_text: str, focus: Focus) -> tuple[tuple[Pair, ...], list[Line]]:
    """The pairs to explain, and what has to be said of the choice."""
    pairs = pairs_of(talk.view, focus)
    if not talk.view.pairs:
        said = (
            "We found no treatment and condition in your question."
            if talk.plain
            else "Nothing was judged: no service with a diagnosis was recognised."
        )
        return (), [Line(text=said)]
    if not pairs:
        whole = names_of(talk.view.pairs, plain=talk.plain)
        lead = "We looked at:" if talk.plain else "That pair was not asked about. Asked about:"
        return (), [Line(lead=lead, text=sentence(whole))]
    if focus.anything or len(pairs) == 1:
        return pairs, []
    for words, outcomes in _STANDS:
        if words.search(plain_text):
            for outcome in outcomes:
                fitting = tuple(pair for pair in pairs if pair.item.outcome == outcome)
                if fitting:
                    return fitting, []
            if outcomes == ("meets_criteria",):
                continue
            return pairs, [Line(text="No pair stands so.")]
    return pairs, []


def _in_short(talk: Talk, group: Sequence[Pair]) -> Line:
    """Pairs that stand alike, in one line."""
    pair = group[0]
    text = lower_first(outcome_of(pair, plain=talk.plain))
    why = reasons_of(pair, plain=talk.plain)
    text = f"{text}{'. ' if talk.plain else ': '}{why}" if why else text
    return Line(
        sign=pair.item.outcome,
        lead=f"{upper_first(names_of(group, plain=talk.plain))}:",
        text=sentence(text),
        inner=missing_line(talk, pair, "Still to know:" if talk.plain else "Missing:"),
    )


def _in_full(talk: Talk, group: Sequence[Pair]) -> tuple[Block, ...]:
    pair = group[0]
    item = pair.item
    name = upper_first(names_of(group, plain=talk.plain))
    if talk.plain:
        return _for_patients(talk, pair, name)
    text = ""
    if item.outcome == "needs_clinical_review":
        text = why_in_short(clean(item.summary), item.outcome)
    head = Line(sign=item.outcome, lead=f"{name}: {lower_first(outcome_of(pair))}.", text=text)
    lines = [head, _governing(talk, pair)]
    if item.provisional:
        lines.append(
            Line(
                lead="Provisional:",
                text="it rests on facts that the machine read and no person has confirmed.",
            )
        )
    findings = [
        Line(
            lead=f"{'Coding' if finding in item.coding else 'Safety'}:",
            text=sentence(clean(finding.message)),
            note=talk.cited.sources((finding.source,)),
        )
        for finding in (*item.coding, *item.safety)
        if finding.severity == "refer"
    ]
    lines += findings
    lines += missing_line(talk, pair, "Enough to meet the criteria:")
    blocks: list[Block] = [Prose(tuple(lines))]
    if item.criteria is not None and item.outcome != "no_policy":
        met = item.outcome == "meets_criteria"
        root = tree_node(item.criteria, talk.view, talk.view.lead(pair), brief=met)
        blocks.append(Tree("Criteria", f"Criteria of {names_of(group, plain=False)}.", root))
    carried = _rests_on(talk, pair)
    if carried:
        blocks.append(Prose((Line(lead="It rests on:"),)))
        blocks.append(Bullets(carried))
    return tuple(blocks)


def _governing(talk: Talk, pair: Pair) -> Line:
    """Which policy decides, and why it is that one."""
    governing = pair.item.governing
    if governing is None:
        return Line(lead="Policy:", text=sentence(clean(pair.item.selection.why)))
    policy = talk.library.policies.get(governing.policy)
    named = _policy_name(policy) if policy is not None else clean(governing.policy)
    status = POLICY_STATUS_WORDS.get(governing.status, governing.status)
    facts = [AUTHORITY_WORDS[governing.authority], status]
    if since := governing.effective.get("from"):
        facts.append(f"effective {since}")
    return Line(
        lead="Governing policy:", text=f"{named}. {clean(governing.why)}", note="; ".join(facts)
    )


def _policy_name(policy: Policy) -> str:
    number = f", {clean(policy.number)}" if policy.number else ""
    return f"{policy_words(policy)}{number}"


def _rests_on(talk: Talk, pair: Pair) -> tuple[Line, ...]:
    """The statements behind the outcome: of the indications in reach, those that support first."""
    lead = talk.view.lead(pair)
    if lead is None:
        return ()
    reached = {
        entry.id
        for entry in pair.item.indications
        if entry.policy == lead.id and entry.scope != "not_met"
    } or {entry.id for entry in pair.item.indications if entry.policy == lead.id}
    names = dict.fromkeys(
        name for entry in lead.indications if entry.id in reached for name in entry.rests_on
    )
    ordered = sorted(names, key=lambda name: not talk.library.supports(name))
    lines = (talk.cited.statement(name) for name in ordered[:_STATEMENTS])
    return tuple(line for line in lines if line is not None)


def _for_patients(talk: Talk, pair: Pair, name: str) -> tuple[Block, ...]:
    item = pair.item
    why = reasons_of(pair, plain=True)
    text = sentence(lower_first(outcome_of(pair, plain=True)))
    lines = [Line(sign=item.outcome, lead=f"{name}:", text=f"{text} {sentence(why)}".strip())]
    lines += missing_line(talk, pair, "We still need to know:")
    policy = talk.view.lead(pair)
    if policy is not None:
        talk.cited.statements(policy.rests_on)
        if policy.plain:
            lines.append(Line(text=sentence(clean(policy.plain))))
    verdicts = FourVerdicts(talk.view, CitationList({}, talk.library), talk.audience).of(pair)
    lines.append(Line(lead="Studies:", text=sentence(lower_first(verdicts[0].word))))
    lines.append(Line(lead="Health plan:", text=sentence(lower_first(verdicts[1].word))))
    return (Prose(tuple(lines)),)
