"""The four verdicts of an item: evidence, coverage, coding and safety, never averaged."""

from __future__ import annotations

from ..model.determination import Finding, Item
from ..model.procedure import Nerve
from ..policy.library import Library
from ..policy.prose import join
from .article import Line, Verdict
from .citations import CitationList
from .criteria import fact_words_of
from .text import clean, counted, lower_first, sentence, upper_first
from .view import ArticleView, Pair
from .words import (
    CERTAINTY_WORDS,
    DIRECTION_WORDS,
    PLAIN_DIRECTIONS,
    STRENGTH_WORDS,
    Audience,
    outcome_said,
)


class FourVerdicts:
    """Judged and shown apart: a good word on one says nothing of the others."""

    def __init__(self, view: ArticleView, citations: CitationList, audience: Audience) -> None:
        self.view = view
        self.citations = citations
        self.plain = audience == "patient"
        self.nerves: dict[str, tuple[Nerve, ...]] = {}

    def of(self, pair: Pair) -> tuple[Verdict, ...]:
        """The verdicts of a pair, in the order readers know."""
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
            facts = [
                fact_words_of(name, self.view.library, plain=self.plain)
                for name in evidence.depends_on
            ]
            if self.plain:
                return Verdict(
                    "evidence",
                    "It depends",
                    (Line(text=f"On this: {'; '.join(map(lower_first, facts))}."),),
                )
            lead = Line(text=f"It depends on {join(facts, 'and')}:")
            return Verdict("evidence", "Depends", (lead, *self._in_reach(item)))
        if any(self.view.is_guideline(entry.policy) for entry in item.indications):
            open_ = self._in_reach(item)
            if self.plain:
                said = (
                    "It depends on how it is used."
                    if open_
                    else "Studies do not speak of this use."
                )
                return Verdict("evidence", "Not settled", (Line(text=said),))
            if open_:
                return Verdict(
                    "evidence", "Depends", (Line(text="It differs by indication:"), *open_)
                )
            return Verdict("evidence", "Not settled", (Line(text="No indication in scope."),))
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
            if entry.scope != "not_met" and self.view.is_guideline(entry.policy):
                words = [DIRECTION_WORDS[entry.direction].lower()]
                if entry.strength and entry.strength != "none":
                    words.append(STRENGTH_WORDS[entry.strength])
                if entry.certainty and entry.certainty != "none":
                    words.append(f"certainty {CERTAINTY_WORDS[entry.certainty]}")
                lines.append(
                    Line(
                        lead=f"{upper_first(', '.join(words))}:", text=sentence(clean(entry.title))
                    )
                )
        return tuple(lines)

    def _coverage_verdict(self, pair: Pair) -> Verdict:
        item = pair.item
        payers = {entry.publisher for entry in item.coverage}
        governs = next((entry for entry in item.coverage if entry.governs), None)
        seen = (
            (
                Line(
                    text=f"{counted(len(item.coverage), 'coverage policy', 'coverage policies')} on this pair: see",
                    see="What the payer layers say",
                    target="payers",
                ),
            )
            if item.coverage and not self.plain
            else ()
        )
        if governs is not None:
            word = outcome_said(governs.outcome)
            if self.plain:
                return Verdict(
                    "coverage", word, (Line(text="Your health plan has a rule on this."),)
                )
            said = f"Governing policy: {clean(governs.publisher)}. {clean(item.governing.why) if item.governing else ''}"
            return Verdict("coverage", word, (Line(text=said.strip()), *seen))
        named = any(
            getattr(self.view.reading.coverage, name)
            for name in ("payer", "line_of_business", "contractor")
        )
        if item.governing is not None or not item.coverage:
            if named:
                said = (
                    "We found no rule of your health plan."
                    if self.plain
                    else clean(
                        item.governing.why
                        if item.governing
                        else "No policy of the coverage named speaks of this pair."
                    )
                )
                return Verdict("coverage", "None found", (Line(text=said), *seen))
            if self.plain:
                return Verdict(
                    "coverage", "No health plan named", (Line(text=_plans(len(payers))),)
                )
            said = (
                "The guideline layer governs."
                if item.governing
                else "No coverage policy names this pair."
            )
            return Verdict("coverage", "No payer named", (Line(text=said), *seen))
        if self.plain:
            return Verdict("coverage", "It depends on your plan", (Line(text=_plans(len(payers))),))
        said = "Only coverage policies speak of this pair; which one governs depends on the payer, plan or state."
        return Verdict("coverage", "Depends on the payer", (Line(text=said), *seen))

    def _coding_verdict(self, item: Item) -> Verdict:
        refer = [finding for finding in item.coding if finding.severity == "refer"]
        if self.plain:
            if refer:
                return Verdict(
                    "coding",
                    "Does not fit",
                    (Line(text="This treatment is for another part of the body."),),
                )
            if item.coding:
                return Verdict(
                    "coding",
                    "One thing to check",
                    (Line(text="The office should check the codes."),),
                )
            return Verdict("coding", "No problem found")
        lines = tuple(self._finding(finding) for finding in item.coding) + self._other_codes(item)
        if refer:
            return Verdict("coding", "Does not fit", lines)
        if item.coding:
            return Verdict("coding", counted(len(item.coding), "note"), lines)
        return Verdict("coding", "No conflict found", lines)

    def _other_codes(self, item: Item) -> tuple[Line, ...]:
        """Where another nerve may be meant: which nerves have that other code, not the one asked."""
        lines = []
        codes = dict.fromkeys(ask.code for ask in item.ask if ask.kind == "code" and ask.code)
        for code in codes:
            if code not in self.nerves:
                self.nerves[code] = nerves_of_code(code, self.view.library)
            named = self.nerves[code]
            if code == item.service or not named:
                continue
            names = join((nerve.name for nerve in named), "or")
            cites = self.citations.of_statements(cite for nerve in named for cite in nerve.cites)
            lines.append(
                Line(text=f"A block of the {names} is {code}, not {item.service}.", cites=cites)
            )
        return tuple(lines)

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
            lines.append(
                Line(
                    text=f"{told} to check before the treatment: see"
                    if self.plain
                    else f"{told} to confirm before the procedure: see",
                    see="When it must not be done" if self.plain else "Contraindications",
                    target="contraindications",
                )
            )
        if cautions and not self.plain:
            lines.append(
                Line(
                    text=f"{counted(len(cautions), 'caution')} that applies here: see"
                    if len(cautions) == 1
                    else f"{counted(len(cautions), 'caution')} that apply here: see",
                    see="Technique and safety",
                    target="technique",
                )
            )
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
            text=sentence(clean(finding.message)),
            cites=self.citations.of_sources((finding.source,)),
        )


def nerves_of_code(code: str, library: Library) -> tuple[Nerve, ...]:
    """The nerves to name for a code: branches with a source of their own on it, else their trunk.

    A branch that is cited only as its trunk is cited is not named beside it.
    """
    owned = [nerve for nerve in library.nerves.values() if library.nerve_codes(nerve.id) == (code,)]
    trunks = [nerve for nerve in owned if nerve.codes]
    told = {cite for nerve in trunks for cite in nerve.cites}
    branches = [nerve for nerve in owned if not nerve.codes and set(nerve.cites) - told]
    return tuple(branches or trunks)


def _plans(number: int) -> str:
    if not number:
        return "We know no health plan rule on this pair."
    if number == 1:
        return "One health plan has a rule. Plans can differ."
    return f"{number} health plans have rules. Plans can differ."
