"""The section of each diagnosis: its items with outcome, four verdicts, evidence and criteria."""

from __future__ import annotations

from typing import Any

import msgspec

from ..model.determination import CriterionResult, Item
from ..policy.prose import join
from .article import Bullets, Details, Line, Prose, Section, Table, Tree, Verdicts
from .citations import CitationList
from .criteria import tree_node, walk, ways
from .item_brief import BriefItems
from .known_facts import fact_names, why_words
from .payers import policy_words
from .strongest import FEW, strongest
from .text import clean, counted, lower_first, sentence, upper_first
from .verdicts import FourVerdicts
from .view import ArticleView, Named, Pair
from .words import (
    CERTAINTY_WORDS,
    DIRECTION_WORDS,
    STATUS_WORDS,
    STRENGTH_WORDS,
    Audience,
    Depth,
    outcome_said,
    outcome_words,
    reason_words,
)

#: What a section says of an item: everything but which service it is, and what is asked elsewhere.
_SAID = (
    "outcome",
    "provisional",
    "reasons",
    "summary",
    "governing",
    "evidence",
    "coverage",
    "coding",
    "safety",
    "criteria",
    "request_rules",
    "would_change",
    "indications",
)


class DiagnosisSections:
    """Writes the sections diagnosis by diagnosis and remembers what was already said."""

    def __init__(
        self,
        view: ArticleView,
        citations: CitationList,
        audience: Audience,
        depth: Depth = "full",
    ) -> None:
        self.brief = BriefItems(view, citations, audience) if depth == "brief" else None
        self.view = view
        self.citations = citations
        self.audience = audience
        self.plain = audience == "patient"
        self.deep = audience in ("reviewer", "auditor")
        self.ids = audience == "auditor"
        self.verdicts = FourVerdicts(view, citations, audience)
        self.said: dict[str, str] = {}
        self.targets: dict[str, str] = {}

    def sections(self) -> list[Section]:
        """All sections; afterwards `targets` holds the section of every pair."""
        found: list[Section] = []
        for diagnosis in self.view.diagnoses:
            pairs = self.view.of_diagnosis(diagnosis)
            if not pairs:
                continue
            title = upper_first(diagnosis.plain if self.plain else diagnosis.full)
            found.append(Section(id=diagnosis.target, title=title))
            written = [self._section(group, diagnosis) for group in self._groups(pairs)]
            found += self._together(written, pairs) if self.brief is not None else written
        return found

    def _together(self, sections: list[Section], pairs: tuple[Pair, ...]) -> list[Section]:
        """Items that only point to earlier ones share a heading, where they point to the same."""
        by_target = {pair.target: pair for pair in pairs}
        kept: list[Section] = []
        pointing: dict[str, list[Section]] = {}
        for section in sections:
            if section.blocks:
                kept.append(section)
            else:
                pointing.setdefault(section.words, []).append(section)
        for group in pointing.values():
            first = group[0]
            if len(group) > 1:
                services = [by_target[one.id].service for one in group]
                title = join((one.plain if self.plain else one.code for one in services), "and")
                first = msgspec.structs.replace(first, title=upper_first(title))
                for name, target in self.targets.items():
                    if target in {one.id for one in group}:
                        self.targets[name] = first.id
            kept.append(first)
        return kept

    def _groups(self, pairs: tuple[Pair, ...]) -> list[list[Pair]]:
        """Pairs that say the same in every word are told once."""
        groups: list[list[Pair]] = []
        for pair in pairs:
            for group in groups:
                if all(getattr(pair.item, part) == getattr(group[0].item, part) for part in _SAID):
                    group.append(pair)
                    break
            else:
                groups.append([pair])
        return groups

    def _section(self, pairs: list[Pair], diagnosis: Named) -> Section:
        pair = pairs[0]
        for one in pairs:
            self.targets[one.target] = pair.target
        names = join(
            (one.service.plain if self.plain else one.service.full for one in pairs), "and"
        )
        words = outcome_words(pair.item.outcome, payer_applied=pair.payer_applied)
        if pair.item.provisional:
            words += " (provisional)"
        if self.brief is not None:
            blocks: list[Any] = list(self.brief.blocks(pair))
            if before := self.brief.same.get(pair.target):
                words += f", as for {before.diagnosis.called(plain=self.plain)}"
        else:
            blocks = self._in_full(pair, names, diagnosis)
        return Section(
            id=pair.target,
            title=upper_first(names),
            level=3,
            sign=pair.item.outcome,
            words=words,
            blocks=tuple(blocks),
        )

    def _in_full(self, pair: Pair, names: str, diagnosis: Named) -> list[Any]:
        blocks: list[Any] = [Prose(self._says(pair))]
        blocks.append(Verdicts(self.verdicts.of(pair)))
        if not self.plain and self.audience != "practice":
            blocks += self._evidence(pair, diagnosis)
        if self.deep and pair.item.indications:
            blocks.append(self._indications(pair))
        blocks += self._trees(pair, names, diagnosis)
        if self.deep and pair.item.criteria is not None:
            blocks.append(self._trace(pair))
        return blocks

    # --- what it says ---------------------------------------------------------------------------

    def _says(self, pair: Pair) -> tuple[Line, ...]:
        item = pair.item
        lines: list[Line] = []
        if item.outcome == "needs_information" and item.would_change:
            found = ways(self.view, pair, plain=self.plain)
            asked = found[0].conditions
            lead = (
                "It may be needed. We still have to know:"
                if self.plain
                else "Medically necessary if:"
            )
            lines.append(
                Line(lead=lead, inner=tuple(Line(text=upper_first(part)) for part in asked))
            )
            others = len(found) - 1
            if others and not self.plain:
                told = counted(others, "other set of facts", "other sets of facts")
                lines.append(
                    Line(
                        text=f"{upper_first(told)} would do as well; see",
                        see="What would change this",
                        target="would-change",
                    )
                )
        elif self.plain:
            lines.append(Line(text=self._plain_says(item)))
        else:
            lines.append(Line(text=sentence(clean(item.summary))))
        if item.provisional:
            lines.append(
                Line(
                    lead="Provisional:",
                    text="a person must check what the computer read."
                    if self.plain
                    else "it rests on facts that the machine read from text and no person has confirmed.",
                )
            )
        if self.plain:
            policy = self.view.lead(pair)
            if policy is not None and policy.plain:
                lines.append(self.citations.cited_line(policy.plain, policy.rests_on, marks=False))
        return tuple(lines)

    def _plain_says(self, item: Item) -> str:
        if item.outcome == "meets_criteria":
            return "What we know fits the rules for this treatment."
        if item.outcome == "no_policy":
            return "We have no rule on this pair. That is not a yes and not a no."
        why = join((reason_words(reason, plain=True) for reason in item.reasons), "and")
        return f"A doctor has to decide: {why}." if why else "A doctor has to decide."

    # --- evidence, criteria ---------------------------------------------------------------------

    def _evidence(self, pair: Pair, diagnosis: Named) -> list[Any]:
        """Statements not yet shown; those already told are cited, not repeated."""
        fresh: list[str] = []
        told: list[str] = []
        for statement in pair.item.evidence.statements:
            (told if statement.id in self.said else fresh).append(statement.id)
            self.said.setdefault(statement.id, diagnosis.target)
        first = {entry.id for entry in strongest(pair.item)}
        lines: list[Line] = []
        rest: list[Line] = []
        for name in fresh:
            line = self.citations.statement_line(name)
            if line is not None:
                (lines if name in first or len(fresh) <= FEW + 1 else rest).append(line)
        if told:
            lead = "As told above" if not fresh else "Told above and counted here too"
            lines.append(
                Line(
                    text=f"{lead}: {counted(len(told), 'statement')}.",
                    cites=self.citations.of_statements(told),
                )
            )
        notes = [
            Line(text=sentence(f"{clean(entry.title)}: {lower_first(clean(entry.note))}"))
            for entry in pair.item.indications
            if entry.note and entry.scope != "not_met" and self.view.is_guideline(entry.policy)
        ]
        blocks: list[Any] = []
        if lines:
            blocks += [Prose((Line(lead="What the evidence says"),)), Bullets(tuple(lines))]
        if rest:
            more = f"{counted(len(rest), 'more statement')} of the evidence"
            blocks.append(Details(upper_first(more), (Bullets(tuple(rest)),)))
        if notes:
            blocks += [Prose((Line(lead="To note"),)), Bullets(tuple(notes))]
        return blocks

    def _trees(self, pair: Pair, names: str, diagnosis: Named) -> list[Any]:
        criteria = pair.item.criteria
        if criteria is None:
            return []
        policy = self.view.lead(pair)
        root = tree_node(
            criteria, self.view, policy, plain=self.plain, full=self.deep, ids=self.ids
        )
        if self.plain:
            title = f"What has to be true: {names}, {diagnosis.plain}"
        else:
            title = f"Criteria: {lower_first(names)} for {diagnosis.called(plain=False)}"
        met = sum(not node.children and node.status == "met" for node in walk(criteria))
        missing = sum(not node.children and node.status == "missing" for node in walk(criteria))
        unmet = sum(not node.children and node.status == "not_met" for node in walk(criteria))
        description = f"{upper_first(STATUS_WORDS[criteria.status])} as a whole: {met} met, {unmet} not met, {missing} missing."
        if self.plain:
            description = f"{met} met, {unmet} not met, {missing} not yet known."
        return [Details(f"{title}. {description}", (Tree(title, description, root),))]

    # --- for reviewers --------------------------------------------------------------------------

    def _indications(self, pair: Pair) -> Details:
        rows = []
        for entry in pair.item.indications:
            policy = self.view.library.policies.get(entry.policy)
            direction = DIRECTION_WORDS[entry.direction]
            if entry.strength and entry.strength != "none":
                direction += f", {STRENGTH_WORDS[entry.strength]}"
            if entry.certainty and entry.certainty != "none":
                direction += f", certainty {CERTAINTY_WORDS[entry.certainty]}"
            rows.append(
                (
                    Line(text=clean(entry.title)),
                    Line(
                        text=policy_words(policy) if policy else clean(entry.policy),
                        note=entry.policy if self.ids else "",
                    ),
                    Line(text=f"scope {STATUS_WORDS[entry.scope]}"),
                    Line(text=direction),
                    Line(text=outcome_said(entry.outcome), sign=entry.outcome),
                )
            )
        header = ("Indication", "Policy", "In scope", "Direction", "Judged alone")
        caption = "Every indication that names this pair"
        return Details(caption, (Table(caption, header, tuple(rows)),))

    def _trace(self, pair: Pair) -> Details:
        policy = self.view.lead(pair)
        rows = []
        criteria = pair.item.criteria
        assert criteria is not None  # the caller asked
        for depth, node in _numbered(criteria):
            written = self.view.node(policy, "", node.id)
            statements = written.rests_on if written is not None else ()
            cites = self.citations.of_statements(statements) if statements else ()
            cites = cites or self.citations.of_sources(node.sources)
            rows.append(
                (
                    Line(text=f"{depth} {clean(node.title)}", note=node.id if self.ids else ""),
                    Line(text=STATUS_WORDS[node.status], sign=node.status),
                    Line(text=why_words(self.view.answer, node)),
                    Line(
                        text=fact_names(node.facts, self.view.library) or "none",
                        note=", ".join(node.facts) if self.ids else "",
                    ),
                    Line(cites=cites),
                )
            )
        header = ("Criterion", "Status", "Why", "Facts", "Sources")
        return Details("Full trace", (Table("Full trace", header, tuple(rows)),))


def _numbered(result: CriterionResult, number: str = "1") -> list[tuple[str, CriterionResult]]:
    found = [(number, result)]
    for position, child in enumerate(result.children, start=1):
        found += _numbered(child, f"{number}.{position}")
    return found
