"""The section of each diagnosis: its items with outcome, four verdicts, evidence and criteria."""

from __future__ import annotations

from typing import Any

from ..model.determination import CriterionResult, Finding, Item
from ..policy.prose import join
from .article import Bullets, Line, Prose, Section, Table, Tree, Verdict, Verdicts
from .citations import CitationList
from .criteria import conditions, fact_words_of, tree_node, walk
from .text import clean, counted, lower_first, sentence, upper_first
from .view import ArticleView, Named, Pair
from .words import (
    CERTAINTY_WORDS,
    DIRECTION_WORDS,
    OUTCOME_WORDS,
    PLAIN_DIRECTIONS,
    STATUS_WORDS,
    STRENGTH_WORDS,
    Audience,
    outcome_words,
    reason_words,
)


class DiagnosisSections:
    """Writes the sections diagnosis by diagnosis and remembers what was already said."""

    def __init__(self, view: ArticleView, citations: CitationList, audience: Audience) -> None:
        self.view = view
        self.citations = citations
        self.audience = audience
        self.plain = audience == "patient"
        self.deep = audience in ("reviewer", "auditor")
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
            found += [self._section(group, diagnosis) for group in self._groups(pairs)]
        return found

    def _groups(self, pairs: tuple[Pair, ...]) -> list[list[Pair]]:
        """Pairs that say the same in every word are told once."""
        groups: dict[Any, list[Pair]] = {}
        for pair in pairs:
            item = pair.item
            key = (
                item.outcome,
                item.provisional,
                item.reasons,
                item.summary,
                item.governing,
                item.evidence,
                item.coverage,
                item.coding,
                item.safety,
                item.criteria,
                item.request_rules,
                item.would_change,
                item.indications,
            )
            groups.setdefault(repr(key), []).append(pair)
        return list(groups.values())

    def _section(self, pairs: list[Pair], diagnosis: Named) -> Section:
        pair = pairs[0]
        for one in pairs:
            self.targets[one.target] = pair.target
        names = join((one.service.plain if self.plain else one.service.full for one in pairs), "and")
        words = outcome_words(pair.item.outcome, payer_applied=pair.payer_applied)
        if pair.item.provisional:
            words += " (provisional)"
        blocks: list[Any] = [Prose(self._says(pair))]
        blocks.append(Verdicts(self._verdicts(pair)))
        if not self.plain and self.audience != "practice":
            blocks += self._evidence(pair, diagnosis)
        if self.deep and pair.item.indications:
            blocks.append(self._indications(pair))
        blocks += self._trees(pair, names, diagnosis)
        if self.deep and pair.item.criteria is not None:
            blocks.append(self._trace(pair))
        return Section(
            id=pair.target,
            title=upper_first(names),
            level=3,
            sign=pair.item.outcome,
            words=words,
            blocks=tuple(blocks),
        )

    # --- what it says ---------------------------------------------------------------------------

    def _says(self, pair: Pair) -> tuple[Line, ...]:
        item = pair.item
        lines: list[Line] = []
        if item.outcome == "needs_information" and item.would_change:
            asked = conditions(self.view, pair, item.would_change[0], plain=self.plain)
            lead = "It may be needed. We still have to know:" if self.plain else "Medically necessary if:"
            lines.append(Line(lead=lead, inner=tuple(Line(text=upper_first(part)) for part in asked)))
            others = len(item.would_change) - 1
            if others and not self.plain:
                ways = counted(others, "other set of facts", "other sets of facts")
                lines.append(
                    Line(
                        text=f"{upper_first(ways)} would do as well; see",
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
            lead = self.view.lead(pair)
            if lead is not None and lead.plain:
                lines.append(
                    self.citations.cited_line(lead.plain, lead.rests_on, marks=False)
                )
        return tuple(lines)

    def _plain_says(self, item: Item) -> str:
        if item.outcome == "meets_criteria":
            return "What we know fits the rules for this treatment."
        if item.outcome == "no_policy":
            return "We have no rule on this pair. That is not a yes and not a no."
        why = join((reason_words(reason, plain=True) for reason in item.reasons), "and")
        return f"A doctor has to decide: {why}." if why else "A doctor has to decide."

    # --- the four verdicts ----------------------------------------------------------------------

    def _verdicts(self, pair: Pair) -> tuple[Verdict, ...]:
        item = pair.item
        return (
            self._evidence_verdict(item),
            self._coverage_verdict(pair),
            self._coding_verdict(item),
            self._safety_verdict(item),
        )

    def _evidence_verdict(self, item: Item) -> Verdict:
        evidence = item.evidence
        if evidence.direction is not None:
            if self.plain:
                word = PLAIN_DIRECTIONS[evidence.direction]
                proof = {"weak": "The proof is weak.", "strong": "The proof is strong."}
                more = proof.get(evidence.strength or "", "")
                return Verdict("evidence", word, (Line(text=more),) if more else ())
            parts = [DIRECTION_WORDS[evidence.direction]]
            if evidence.strength and evidence.strength != "none":
                parts.append(STRENGTH_WORDS[evidence.strength])
            certain = evidence.certainty
            lines = (
                (Line(text=f"Certainty {CERTAINTY_WORDS[certain]}."),)
                if certain and certain != "none"
                else ()
            )
            return Verdict("evidence", ", ".join(parts), lines)
        if evidence.depends_on:
            facts = [fact_words_of(name, self.view.library, plain=self.plain) for name in evidence.depends_on]
            if self.plain:
                return Verdict("evidence", "It depends", (Line(text=f"On this: {'; '.join(map(lower_first, facts))}."),))
            lines = (Line(text=f"It depends on {join(facts, 'and')}:"), *self._in_reach(item))
            return Verdict("evidence", "Depends", lines)
        if any(self._is_guideline(entry.policy) for entry in item.indications):
            said = "Studies do not speak of this use." if self.plain else "No indication in scope."
            return Verdict("evidence", "Not settled", (Line(text=said),))
        said = (
            "We have no study or guide on this pair."
            if self.plain
            else "No guideline policy in the library names this pair."
        )
        return Verdict("evidence", "None in the library", (Line(text=said),))

    def _in_reach(self, item: Item) -> tuple[Line, ...]:
        """What the guideline layer says of each indication that the facts leave open."""
        lines = []
        for entry in item.indications:
            if entry.scope != "not_met" and self._is_guideline(entry.policy):
                words = [DIRECTION_WORDS[entry.direction].lower()]
                if entry.strength and entry.strength != "none":
                    words.append(STRENGTH_WORDS[entry.strength])
                if entry.certainty and entry.certainty != "none":
                    words.append(f"certainty {CERTAINTY_WORDS[entry.certainty]}")
                lines.append(Line(lead=f"{', '.join(words)}:", text=sentence(clean(entry.title))))
        return tuple(lines)

    def _is_guideline(self, policy: str) -> bool:
        known = self.view.library.policies.get(policy)
        return known is not None and known.is_guideline

    def _coverage_verdict(self, pair: Pair) -> Verdict:
        item = pair.item
        payers = {entry.publisher for entry in item.coverage}
        governs = next((entry for entry in item.coverage if entry.governs), None)
        seen = (
            Line(
                text=f"{counted(len(item.coverage), 'coverage policy', 'coverage policies')} on this pair: see",
                see="What the payer layers say",
                target="payers",
            ),
        ) if item.coverage and not self.plain else ()
        if governs is not None:
            word = OUTCOME_WORDS[governs.outcome]
            if self.plain:
                return Verdict("coverage", word, (Line(text="Your health plan has a rule on this."),))
            said = f"{clean(governs.publisher)} governs. {clean(item.governing.why) if item.governing else ''}"
            return Verdict("coverage", word, (Line(text=said.strip()), *seen))
        named = any(getattr(self.view.reading.coverage, name) for name in ("payer", "line_of_business", "contractor"))
        if item.governing is not None or not item.coverage:
            if named:
                said = "We found no rule of your health plan." if self.plain else clean(item.governing.why if item.governing else "No policy of the coverage named speaks of this pair.")
                return Verdict("coverage", "None found", (Line(text=said), *seen))
            if self.plain:
                return Verdict("coverage", "No health plan named", (Line(text=_plans(len(payers))),))
            said = "The guideline layer governs." if item.governing else "No coverage policy names this pair."
            return Verdict("coverage", "No payer named", (Line(text=said), *seen))
        if self.plain:
            return Verdict("coverage", "It depends on your plan", (Line(text=_plans(len(payers))),))
        said = "Only coverage policies speak of this pair; which one governs depends on the payer, plan or state."
        return Verdict("coverage", "Depends on the payer", (Line(text=said), *seen))

    def _coding_verdict(self, item: Item) -> Verdict:
        refer = [finding for finding in item.coding if finding.severity == "refer"]
        if self.plain:
            if refer:
                return Verdict("coding", "Does not fit", (Line(text="This treatment is for another part of the body."),))
            if item.coding:
                return Verdict("coding", "One thing to check", (Line(text="The office should check the codes."),))
            return Verdict("coding", "No problem found")
        lines = tuple(self._finding(finding) for finding in item.coding)
        if refer:
            return Verdict("coding", "Does not fit", lines)
        if item.coding:
            return Verdict("coding", counted(len(item.coding), "note"), lines)
        return Verdict("coding", "No conflict found")

    def _safety_verdict(self, item: Item) -> Verdict:
        present = [finding for finding in item.safety if finding.severity == "refer"]
        both = [finding for finding in item.safety if finding.kind == "conflicting"]
        confirm = [finding for finding in item.safety if finding.kind == "confirm"]
        cautions = [finding for finding in item.safety if finding.severity == "caution"]
        lines: list[Line] = []
        if present:
            lines += [self._finding(finding) for finding in present] if not self.plain else []
        if both and not self.plain:
            lines += [self._finding(finding) for finding in both]
        if confirm:
            told = counted(len(confirm), "thing" if self.plain else "point")
            lines.append(Line(text=f"{told} to check before the treatment: see" if self.plain else f"{told} to confirm before the procedure: see", see="When it must not be done" if self.plain else "Contraindications", target="contraindications"))
        if cautions and not self.plain:
            lines.append(Line(text=f"{counted(len(cautions), 'caution')} that applies here: see" if len(cautions) == 1 else f"{counted(len(cautions), 'caution')} that apply here: see", see="Technique and safety", target="technique"))
        if present:
            word = "It may not be safe for you" if self.plain else "Contraindication present"
        elif both:
            word = "The notes say two things" if self.plain else "The record says both"
        elif item.safety:
            word = "No danger is known" if self.plain else "No contraindication stated"
        else:
            word = "Nothing in our library" if self.plain else "None in the library"
        return Verdict("safety", word, tuple(lines))

    def _finding(self, finding: Finding) -> Line:
        return Line(
            text=sentence(clean(finding.message)), cites=self.citations.of_sources((finding.source,))
        )

    # --- evidence, criteria ---------------------------------------------------------------------

    def _evidence(self, pair: Pair, diagnosis: Named) -> list[Any]:
        """Statements not yet shown; those already told are cited, not repeated."""
        fresh, told = [], []
        for statement in pair.item.evidence.statements:
            (told if statement.id in self.said else fresh).append(statement.id)
            self.said.setdefault(statement.id, diagnosis.target)
        lines = [line for name in fresh if (line := self.citations.statement_line(name)) is not None]
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
            if entry.note and entry.scope != "not_met" and self._is_guideline(entry.policy)
        ]
        blocks: list[Any] = []
        if lines:
            blocks += [Prose((Line(lead="What the evidence says"),)), Bullets(tuple(lines))]
        if notes:
            blocks += [Prose((Line(lead="To note"),)), Bullets(tuple(notes))]
        return blocks

    def _trees(self, pair: Pair, names: str, diagnosis: Named) -> list[Any]:
        criteria = pair.item.criteria
        if criteria is None:
            return []
        policy = self.view.lead(pair)
        root = tree_node(criteria, self.view, policy, plain=self.plain, full=self.deep)
        if self.plain:
            title = f"What has to be true: {names}, {diagnosis.plain}"
        else:
            title = f"Criteria: {lower_first(names)} for {diagnosis.called(plain=False)}"
        met = sum(not node.children and node.status == "met" for node in walk(criteria))
        missing = sum(not node.children and node.status == "missing" for node in walk(criteria))
        unmet = sum(not node.children and node.status == "not_met" for node in walk(criteria))
        description = f"{upper_first(STATUS_WORDS[criteria.status])} as a whole: {met} met, {unmet} not met, {missing} missing."
        return [Tree(title, description, root)]

    # --- for reviewers --------------------------------------------------------------------------

    def _indications(self, pair: Pair) -> Table:
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
                    Line(text=clean(policy.publisher if policy else entry.policy), note=entry.policy),
                    Line(text=f"scope {STATUS_WORDS[entry.scope]}"),
                    Line(text=direction),
                    Line(text=OUTCOME_WORDS[entry.outcome].removesuffix(" …"), sign=entry.outcome),
                )
            )
        header = ("Indication", "Publisher", "In scope", "Direction", "Judged alone")
        return Table("Every indication that names this pair", header, tuple(rows))

    def _trace(self, pair: Pair) -> Table:
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
                    Line(text=f"{depth} {clean(node.title)}", note=node.id),
                    Line(text=STATUS_WORDS[node.status], sign=node.status),
                    Line(text=clean(node.why)),
                    Line(text=", ".join(node.facts) or "none"),
                    Line(cites=cites),
                )
            )
        return Table("Full trace", ("Criterion", "Status", "Why", "Facts", "Sources"), tuple(rows))


def _numbered(result: CriterionResult, number: str = "1") -> list[tuple[str, CriterionResult]]:
    found = [(number, result)]
    for position, child in enumerate(result.children, start=1):
        found += _numbered(child, f"{number}.{position}")
    return found


def _plans(number: int) -> str:
    if not number:
        return "We know no health plan rule on this pair."
    if number == 1:
        return "One health plan has a rule. Plans differ."
    return f"{number} health plans have rules. They differ."
