"""The peer-to-peer brief: one or two pages for the talk between two doctors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ...model.errors import InputError
from ...policy.fact_words import fact_words
from ..citations import CitationList
from ..criteria import ways
from ..text import clean, counted, lower_first, sentence, shortened, upper_first
from ..view import ArticleView, Pair, article_view
from ..words import (
    BASIS_WORDS,
    outcome_said,
)
from .brief_parts import conflict_blocks, criteria_rows, evidence_block
from .letter import Block, Field, Letter, Line, Listed, Part, Table, Text, finished
from .parts import (
    case_fields,
    cites,
    pair_words,
    policy_line,
    record_lines,
    sender_lines,
    sources_part,
)
from .paths import titles_for
from .told import Correspondence

if TYPE_CHECKING:
    from ...answer import Answer

#: What fits on two pages; the record holds the rest, and the brief says so.
_MOST_FACTS, _MOST_QUESTIONS, _MOST_WAYS = 10, 5, 2
_SUMMARY, _SUBJECT = 400, 130


def peer_to_peer_brief(
    answer: Answer,
    to: Correspondence,
    pairs: Sequence[tuple[str, str]] = (),
) -> Letter:
    """The case in lines for the talk: met, not met, missing, evidence, disagreement, questions.

    `pairs` (service, diagnosis) are what the talk is about: without them, whatever does not meet its
    criteria, or else everything. Each pair takes about a page. Raises `InputError` for a pair that the
    determination does not hold.
    """
    view = article_view(answer)
    chosen = _chosen(view, pairs)
    citations = CitationList(view.references, view.library)
    parts: list[Part] = [
        Part(id="case", title="The case", reader="office", blocks=_case(view, chosen))
    ]
    for group in _alike(chosen):
        parts.append(_pair_part(view, citations, group))
    for id_, title, blocks in (
        ("conflicts", "Where sources disagree", conflict_blocks(view, citations, chosen)),
        ("questions", "Questions to settle", _questions(chosen)),
        ("change", "What would change it", _would_change(view, chosen)),
    ):
        if blocks:
            parts.append(Part(id=id_, title=title, reader="office", blocks=blocks))
    parts += sources_part(citations, brief=True)
    return finished(
        Letter(
            kind="peer_to_peer_brief",
            title="Peer-to-peer brief",
            audience="reviewer",
            dated=to.dated,
            sender=to.plan,
            sender_lines=sender_lines(to),
            fields=case_fields(view, to, Field("Requester", to.requester)),
            subject=f"Peer-to-peer brief: {shortened(pair_words(chosen), _SUBJECT)}",
            parts=tuple(parts),
            foot=record_lines(view),
        )
    )


def _chosen(view: ArticleView, pairs: Sequence[tuple[str, str]]) -> tuple[Pair, ...]:
    known = {(pair.item.service, pair.item.diagnosis) for pair in view.pairs}
    for service, diagnosis in pairs:
        if (service, diagnosis) not in known:
            raise InputError(
                "the determination holds no such pair", where=f"{service[:20]} for {diagnosis[:20]}"
            )
    if pairs:
        return tuple(p for p in view.pairs if (p.item.service, p.item.diagnosis) in set(pairs))
    open_ = tuple(pair for pair in view.pairs if pair.item.outcome != "meets_criteria")
    found = open_ or view.pairs
    if not found:
        raise InputError("the determination holds nothing to talk about", where="determination")
    return found


def _alike(pairs: Iterable[Pair]) -> list[tuple[Pair, ...]]:
    """Pairs of one service that say the same are told once."""
    groups: dict[str, list[Pair]] = {}
    for pair in pairs:
        item = pair.item
        key = repr(
            (item.line, item.outcome, item.criteria, item.evidence, item.governing, item.reasons)
        )
        groups.setdefault(key, []).append(pair)
    return [tuple(group) for group in groups.values()]


def _case(view: ArticleView, pairs: tuple[Pair, ...]) -> tuple[Block, ...]:
    lines = []
    for pair in pairs:
        words = outcome_said(pair.item.outcome, payer_applied=pair.payer_applied)
        marked = " (provisional: facts read by the machine are not confirmed)"
        lines.append(
            Line(
                lead=upper_first(pair.service.full),
                text=f"for {pair.diagnosis.full}. Proposed: {lower_first(words)}"
                f"{marked if pair.item.provisional else ''}.",
                origin="record",
                sign=pair.item.outcome,
            )
        )
    facts = []
    for fact in view.reading.facts[:_MOST_FACTS]:
        said = clean(fact_words(fact.fact, fact.status, fact.value, view.library))
        facts.append(f"{lower_first(said)} ({BASIS_WORDS.get(fact.basis, fact.basis)})")
    left = len(view.reading.facts) - len(facts)
    if left > 0:
        facts.append(f"{left} more in the record")
    known = sentence("; ".join(facts)) if facts else "None stated."
    return (
        Listed(tuple(lines)),
        Text((Line(lead="Facts known:", text=upper_first(known), origin="record"),)),
    )


def _pair_part(view: ArticleView, citations: CitationList, group: tuple[Pair, ...]) -> Part:
    pair = group[0]
    item = pair.item
    policy = view.lead(pair)
    blocks: list[Block] = []
    if policy is not None:
        line = policy_line(view, citations, policy, pair)
        blocks.append(Text((line,)))
    else:
        blocks.append(Text((Line(text="No policy in the library names this pair."),)))
    summary = shortened(clean(item.summary), _SUMMARY)
    blocks.append(Text((Line(lead="Proposal:", text=sentence(summary), origin="record"),)))
    rows, left = criteria_rows(view, citations, pair)
    if rows:
        header = ("Criterion", "Status", "What the record says", "Sources")
        blocks.append(Table("Criteria", header, rows, (6, 2, 5, 2)))
    if left:
        blocks.append(
            Text(
                (
                    Line(
                        text=f"The record holds {counted(left, 'further criterion', 'further criteria')}."
                    ),
                )
            )
        )
    found = [finding for finding in (*item.coding, *item.safety) if finding.severity == "refer"]
    found += [finding for finding in item.safety if finding.kind == "conflicting"]
    if found:
        blocks.append(
            Listed(
                tuple(
                    Line(
                        lead=f"{upper_first(one.kind.replace('_', ' '))}:",
                        text=sentence(clean(one.message)),
                        origin="record",
                        cites=cites(citations.of_sources((one.source,))),
                    )
                    for one in found
                )
            )
        )
    blocks.append(evidence_block(view, citations, pair))
    return Part(
        id=pair.target, title=upper_first(pair_words(group)), reader="office", blocks=tuple(blocks)
    )


def _questions(pairs: tuple[Pair, ...]) -> tuple[Block, ...]:
    """What would be asked: facts in order of effect, then whether another code is meant."""
    asked: dict[str, str] = {}
    for kind in ("fact", "code"):
        for pair in pairs:
            for ask in pair.item.ask:
                if ask.kind == kind:
                    note = f"then {clean(ask.code)}" if ask.code else ""
                    asked.setdefault(clean(ask.question), note)
    lines = [
        Line(text=question, origin="packs", note=note)
        for question, note in list(asked.items())[:_MOST_QUESTIONS]
    ]
    if len(asked) > len(lines):
        lines.append(Line(text=f"The record holds {len(asked) - len(lines)} more."))
    return (Listed(tuple(lines), numbered=True),) if lines else ()


def _would_change(view: ArticleView, pairs: tuple[Pair, ...]) -> tuple[Block, ...]:
    lines = []
    for pair in pairs:
        titles = titles_for(view, pair)
        found = ways(view, pair)
        inner = [
            Line(
                text=sentence(
                    f"{titles.get(way.indication, way.indication)}: {'; '.join(way.conditions)}"
                ),
                origin="record",
            )
            for way in found[:_MOST_WAYS]
        ]
        if len(found) > len(inner):
            inner.append(Line(text=f"The record holds {len(found) - len(inner)} more."))
        if inner:
            lead = f"{pair_words((pair,))}, any one of:"
            lines.append(Line(lead=lead, origin="record", inner=tuple(inner)))
        else:
            reason = "no set of facts in the record would meet the criteria"
            if pair.item.outcome == "meets_criteria":
                reason = "the criteria are met"
            lines.append(
                Line(lead=f"{pair_words((pair,))}:", text=sentence(reason), origin="record")
            )
    return (Listed(tuple(dict.fromkeys(lines))),)
