"""What is missing: the facts that would be enough, the questions to answer, and the documents to send."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..report.article import Block, Bullets, Line, Prose
from ..report.criteria import fact_option, fact_words_of
from ..report.text import clean, counted, lower_first, sentence, upper_first
from ..report.view import Pair
from .focus import Focus, groups, pairs_of
from .talk import Talk, Told, names_of, outcome_of, reasons_of, still_missing

_PAPERS: Final = re.compile(
    r"\b(?:documents?|documentation|paperwork|records?|notes?|papers|reports?|send|submit|attach|fax|upload|checklist)\b"
)
_MOST_QUESTIONS: Final = 8
_MOST_DOCUMENTS: Final = 10


def tell_missing(talk: Talk, plain_text: str, focus: Focus, *, head: Line | None = None) -> Told:
    """What is missing for the pairs named, or for all; papers first where papers were asked for."""
    pairs = pairs_of(talk.view, focus)
    blocks: list[Block] = [Prose((head,))] if head is not None else []
    if not pairs:
        named = names_of(talk.view.pairs, plain=talk.plain) or "nothing"
        lead = "We looked at:" if talk.plain else "That pair was not asked about. Asked about:"
        return Told("missing", (*blocks, Prose((Line(lead=lead, text=sentence(named)),))))
    open_ = [pair for pair in pairs if pair.item.outcome == "needs_information"]
    facts = _facts(talk, open_)
    papers = _documents(talk, open_)
    blocks += [*papers, *facts] if _PAPERS.search(plain_text) else [*facts, *papers]
    blocks += _nothing_missing(talk, [pair for pair in pairs if pair not in open_])
    return Told("missing", tuple(blocks))


def _facts(talk: Talk, pairs: Sequence[Pair]) -> list[Block]:
    """For each group of pairs the smallest set of facts, then the questions as they can be answered."""
    if not pairs:
        return []
    lines = []
    for group in groups(pairs):
        asked = still_missing(talk, group[0])
        code = ""
        if group[0].item.would_change and not talk.plain:
            change = group[0].item.would_change[0]
            code = " ".join(dict.fromkeys(fact_option(step.supply) for step in change.criteria))
        lines.append(
            Line(
                sign="needs_information",
                lead=f"{upper_first(names_of(group, plain=talk.plain))}:",
                text="",
                inner=tuple(Line(text=sentence(upper_first(part))) for part in asked)
                + ((Line(lead="As facts:", code=clean(code)),) if code else ()),
            )
        )
    lead = "What we still need to know" if talk.plain else "Missing; any of this stated changes it"
    found: list[Block] = [Prose((Line(lead=f"{lead}:"),)), Bullets(tuple(lines))]
    questions: dict[str, str] = {}
    for pair in pairs:
        for ask in pair.item.ask:
            if ask.kind == "fact" and ask.fact:
                questions.setdefault(ask.question, ask.fact)
    if questions and not talk.plain:
        shown = list(questions.items())[:_MOST_QUESTIONS]
        found.append(Prose((Line(lead="Questions to answer, in words of your own:"),)))
        entries = [
            Line(text=sentence(clean(asked)), note=f"--fact {fact}=…") for asked, fact in shown
        ]
        if len(questions) > len(shown):
            entries.append(Line(text=counted(len(questions) - len(shown), "more question") + "."))
        found.append(Bullets(tuple(entries), numbered=True))
    return found


def _documents(talk: Talk, pairs: Sequence[Pair]) -> list[Block]:
    """What to send, what closes most first."""
    if not pairs:
        return []
    keys = {(pair.item.service, pair.item.diagnosis) for pair in pairs}
    if talk.plain:
        wanted: dict[str, None] = {}
        for pair in pairs:
            for change in pair.item.would_change[:1]:
                for step in change.criteria:
                    wanted[
                        upper_first(fact_words_of(step.supply.fact, talk.library, plain=True))
                    ] = None
        if not wanted:
            return []
        return [
            Prose((Line(lead="Notes that can help:"),)),
            Bullets(tuple(Line(text=sentence(words)) for words in wanted)),
        ]
    documents = [
        (document, pairs_for)
        for document in talk.answer.determination.documents
        if (pairs_for := [one for one in document.for_ if (one.service, one.diagnosis) in keys])
    ]
    documents.sort(key=lambda entry: -len(entry[1]))
    if not documents:
        return []
    lines = []
    for document, pairs_for in documents[:_MOST_DOCUMENTS]:
        whom = dict.fromkeys(f"{one.service} for {one.diagnosis}" for one in pairs_for)
        told = "; ".join(whom) if len(whom) <= 4 else counted(len(whom), "pair")
        lines.append(Line(text=sentence(upper_first(clean(document.what))), note=f"for {told}"))
    if len(documents) > _MOST_DOCUMENTS:
        left = counted(len(documents) - _MOST_DOCUMENTS, "more document")
        lines.append(Line(text=f"{upper_first(left)} in the answer."))
    return [Prose((Line(lead="Documents to send:"),)), Bullets(tuple(lines))]


def _nothing_missing(talk: Talk, pairs: Sequence[Pair]) -> list[Block]:
    """Pairs for which no fact would do: met already, or for a clinician."""
    lines = []
    by_outcome: dict[tuple[str, str], list[Pair]] = {}
    for pair in pairs:
        key = (pair.item.outcome, reasons_of(pair, plain=talk.plain))
        by_outcome.setdefault(key, []).append(pair)
    for (outcome, why), group in by_outcome.items():
        name = upper_first(names_of(group, plain=talk.plain))
        if outcome == "meets_criteria":
            text = "nothing is missing."
        elif outcome == "no_policy":
            text = (
                "we have no rule on this, so nothing can be sent for it."
                if talk.plain
                else "no policy speaks of this, so no document can close it."
            )
        else:
            text = (
                f"more facts will not settle it. A doctor has to decide. {why}."
                if talk.plain
                else f"no further fact would settle it; {lower_first(outcome_of(group[0]))}: {why}."
            )
        lines.append(Line(sign=outcome, lead=f"{name}:", text=text))
    return [Bullets(tuple(lines))] if lines else []
