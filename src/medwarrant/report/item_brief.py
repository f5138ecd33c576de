"""One item in a few lines: what stands, the four verdicts in a word, and the criteria to look at."""

from __future__ import annotations

import msgspec

from ..policy.prose import join
from .article import Block, Line, Prose, Tree, Verdict, Verdicts
from .citations import CitationList
from .criteria import fact_words_of, tree_node
from .strongest import FEW, strongest
from .text import clean, lower_first, sentence, upper_first
from .verdicts import FourVerdicts
from .view import ArticleView, Pair
from .words import CERTAINTY_WORDS, OUTCOME_WORDS, Audience

_WITH_CRITERIA = ("meets_criteria", "needs_information")


class BriefItems:
    """Writes the short block of each item and remembers what was said where.

    `same` holds, by the target of a pair, the earlier pair that says all that it would say.
    """

    def __init__(self, view: ArticleView, citations: CitationList, audience: Audience) -> None:
        self.view = view
        self.citations = citations
        self.plain = audience == "patient"
        self.verdicts = FourVerdicts(view, citations, audience)
        self.shown: dict[str, Pair] = {}
        self.told: dict[str, Pair] = {}
        self.same: dict[str, Pair] = {}

    def blocks(self, pair: Pair) -> tuple[Block, ...]:
        """What is said, the verdicts, and the criteria where they are met or could be."""
        blocks: tuple[Block, ...] = (Verdicts(self._verdicts(pair), inline=True),)
        if lines := self._says(pair):
            blocks = (Prose(lines), *blocks)
        key = repr((pair.service, pair.item.outcome, blocks, pair.item.criteria))
        before = self.told.setdefault(key, pair)
        if before is not pair:
            self.same[pair.target] = before
            return ()
        return (*blocks, *self._criteria(pair))

    def _says(self, pair: Pair) -> tuple[Line, ...]:
        item = pair.item
        lines = []
        if item.outcome not in _WITH_CRITERIA and not self.plain:
            lines.append(Line(text=why_in_short(clean(item.summary), item.outcome)))
        if item.provisional:
            said = (
                "a person must check what the computer read."
                if self.plain
                else "rests on facts that the machine read and no person has confirmed."
            )
            lines.append(Line(lead="Provisional:", text=said))
        return tuple(lines)

    def _verdicts(self, pair: Pair) -> tuple[Verdict, ...]:
        evidence, coverage, coding, safety = self.verdicts.of(pair)
        if self.plain:
            return tuple(
                Verdict(one.kind, one.word) for one in (evidence, coverage, coding, safety)
            )
        return (
            self._evidence(pair, evidence),
            self._coverage(pair, coverage),
            self._coding(pair, coding),
            self._safety(pair, safety),
        )

    def _evidence(self, pair: Pair, verdict: Verdict) -> Verdict:
        evidence = pair.item.evidence
        word = lower_first(verdict.word)
        if evidence.direction is None and evidence.depends_on:
            facts = (
                fact_words_of(one, self.view.library, plain=False) for one in evidence.depends_on
            )
            word = f"{word} on {join(facts, 'and')}"
        elif evidence.certainty and evidence.certainty != "none":
            word = f"{word}, certainty {CERTAINTY_WORDS[evidence.certainty]}"
        most = 1 if evidence.direction == "none_found" else FEW
        cites = self.citations.of_statements(
            entry.id for entry in strongest(pair.item, most) if entry.supports
        )
        return Verdict("evidence", word, (Line(cites=cites),) if cites else ())

    def _coverage(self, pair: Pair, verdict: Verdict) -> Verdict:
        governs = next((entry for entry in pair.item.coverage if entry.governs), None)
        word = lower_first(verdict.word)
        if governs is not None:
            return Verdict("coverage", f"{word} ({clean(governs.publisher)})")
        return Verdict("coverage", word.removesuffix(" named"))

    def _coding(self, pair: Pair, verdict: Verdict) -> Verdict:
        """Findings in words, unless what was said above has them."""
        told = why_in_short(clean(pair.item.summary), pair.item.outcome)
        lines = tuple(
            msgspec.structs.replace(line, text="") if line.text.rstrip(".") in told else line
            for line in verdict.lines
        )
        word = lower_first(verdict.word) if pair.item.coding else "clear"
        return Verdict("coding", word, lines)

    def _safety(self, pair: Pair, verdict: Verdict) -> Verdict:
        """A finding in words; where there is none, only what is still to be confirmed."""
        lines = tuple(line for line in verdict.lines if not line.see)
        confirm = any(finding.kind == "confirm" for finding in pair.item.safety)
        word = "to confirm" if confirm and not lines else lower_first(verdict.word)
        return Verdict("safety", word, lines)

    def _criteria(self, pair: Pair) -> tuple[Block, ...]:
        criteria = pair.item.criteria
        if criteria is None or pair.item.outcome not in _WITH_CRITERIA:
            return ()
        root = tree_node(criteria, self.view, self.view.lead(pair), plain=self.plain, brief=True)
        before = self.shown.setdefault(repr(root), pair)
        lead = "What has to be true" if self.plain else "Criteria"
        if before is not pair:
            where = before.diagnosis.called(plain=self.plain)
            return (Prose((Line(lead=f"{lead}:", text=f"as for {where}, above."),)),)
        return (Tree("", "", root),)


def why_in_short(summary: str, outcome: str) -> str:
    """Why a clinician must look: the reasons, the first sentence on them, and what to ask.

    >>> why_in_short("For a clinician to decide: no support found. A. B. Ask: C?", "needs_clinical_review")
    'No support found. A. Ask: C?'
    """
    # The heading has said who decides; what follows is why.
    words = summary.removeprefix(f"{OUTCOME_WORDS[outcome]}: ")
    said, ask, asked = words.partition(" Ask: ")
    sentences = said.rstrip(".").split(". ")
    return upper_first(sentence(". ".join(sentences[:2])) + ask + asked)
