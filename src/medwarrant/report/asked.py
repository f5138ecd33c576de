"""Documents to send, questions to answer, and the sets of facts that would change the outcome."""

from __future__ import annotations

from typing import Any

from ..model.determination import DocumentNeeded, WouldChange
from ..policy.prose import join
from .article import (
    Bullets,
    Line,
    Prose,
    Section,
    Slot,
)
from .criteria import fact_option, fact_words_of, title_in, ways
from .text import clean, counted, lower_first, sentence, upper_first
from .view import ArticleView, Pair
from .words import (
    Audience,
    Depth,
)

#: So many sets are shown to readers who treat or prepare; reviewers see all.
_FEWER_SETS = 3
#: A brief answer asks so much, and lists so many documents.
_FEWER_QUESTIONS = 3
_FEWER_DOCUMENTS = 5


def documents_section(
    view: ArticleView, audience: Audience, depth: Depth = "full"
) -> Section | None:
    """What to send, with the pairs and criteria each document is for."""
    documents = view.determination.documents
    if not documents:
        return None
    plain = audience == "patient"
    if plain:
        asked: dict[str, None] = {}
        for pair in view.pairs:
            for change in pair.item.would_change[:1]:
                for step in change.criteria:
                    words = fact_words_of(step.supply.fact, view.library, plain=True)
                    asked[upper_first(words)] = None
        if not asked:
            return None
        return Section(
            id="documents",
            title="What your doctor's office can send",
            blocks=(
                Prose((Line(text="The office can send notes that show:"),)),
                Bullets(tuple(Line(text=sentence(words)) for words in asked)),
            ),
        )
    ordered = sorted(documents, key=lambda document: -len(document.for_))
    lines = []
    left = ordered[_FEWER_DOCUMENTS:] if depth == "brief" else []
    for document in ordered[: len(ordered) - len(left)]:
        if depth == "brief":
            lines.append(Line(text=sentence(upper_first(clean(document.what)))))
            continue
        by_service: dict[str, dict[str, None]] = {}
        for wanted in document.for_:
            by_service.setdefault(wanted.service, {})[wanted.diagnosis] = None
        whom = "; ".join(
            f"{service} for {join(codes, 'and')}" for service, codes in by_service.items()
        )
        note = _closes(view, document, audience) if audience in ("reviewer", "auditor") else ""
        lines.append(
            Line(lead=f"{upper_first(clean(document.what))}.", text=f"For {whom}.", note=note)
        )
    if left:
        lines.append(Line(text=f"{len(left)} more, each with what it is for: --full."))
    return Section(
        id="documents",
        title="What to send" if audience == "practice" else "Documents required",
        blocks=(Bullets(tuple(lines), numbered=audience == "practice"),),
    )


def _closes(view: ArticleView, document: DocumentNeeded, audience: Audience) -> str:
    """The criteria that a document closes, by their titles; for an auditor by their ids too."""
    pairs = {(pair.item.service, pair.item.diagnosis): pair.item for pair in view.pairs}
    found: dict[str, None] = {}
    for wanted in document.for_:
        item = pairs.get((wanted.service, wanted.diagnosis))
        title = lower_first(title_in(item, wanted.criterion)) if item is not None else ""
        name = f"{title} ({wanted.criterion})" if audience == "auditor" else title
        found |= {name: None} if title else {}
    return f"closes: {'; '.join(found)}" if found else ""


def would_change_section(
    view: ArticleView, audience: Audience, depth: Depth = "full"
) -> Section | None:
    """Questions that can be answered, then the sets of facts that turn each pair."""
    plain = audience == "patient"
    blocks: list[Any] = []
    questions: dict[tuple[str, str], tuple[Any, dict[str, None]]] = {}
    for pair in view.pairs:
        for ask in pair.item.ask:
            key = (ask.fact or ask.code or "", ask.question)
            questions.setdefault(key, (ask, {}))[1][
                f"{pair.service.code} for {pair.diagnosis.code}"
            ] = None
    facts = [(ask, pairs) for ask, pairs in questions.values() if ask.kind == "fact"]
    codes = [(ask, pairs) for ask, pairs in questions.values() if ask.kind == "code"]
    if plain:
        words = dict.fromkeys(
            upper_first(fact_words_of(ask.fact, view.library, plain=True))
            for ask, _ in facts
            if ask.fact
        )
        if not words:
            return None
        return Section(
            id="would-change",
            title="What would help",
            blocks=(
                Prose((Line(text="If we learn more, the answer may change. These help most."),)),
                Slot("questions", (Bullets(tuple(Line(text=sentence(text)) for text in words)),)),
            ),
        )
    if depth == "brief":
        return _brief(view, facts, codes)
    open_: list[Any] = []
    if facts:
        open_.append(Prose((Line(lead="Facts to give"),)))
        open_.append(
            Bullets(tuple(_question(ask, pairs, audience) for ask, pairs in facts), numbered=True)
        )
    if codes:
        open_.append(Prose((Line(lead="Whether another code is meant"),)))
        open_.append(Bullets(tuple(_question(ask, pairs, audience) for ask, pairs in codes)))
    if open_:
        blocks.append(Slot("questions", tuple(open_)))
    most = 8 if audience in ("reviewer", "auditor") else _FEWER_SETS
    sets = [_ways(view, pair, most) for pair in view.pairs if pair.item.would_change]
    if sets:
        blocks.append(
            Prose(
                (
                    Line(
                        lead="Sets of facts that would do",
                        text="Any one set, given exactly so, meets the criteria of its pair; smallest first.",
                    ),
                )
            )
        )
        blocks.append(Bullets(tuple(sets)))
    if not blocks:
        return None
    return Section(id="would-change", title="What would change this", blocks=tuple(blocks))


def _brief(
    view: ArticleView,
    facts: list[tuple[Any, dict[str, None]]],
    codes: list[tuple[Any, dict[str, None]]],
) -> Section | None:
    """The first questions, and for each pair the smallest set of facts as it would be typed."""
    blocks: list[Any] = []
    first = (facts or codes)[:_FEWER_QUESTIONS]
    left = len(facts) + len(codes) - len(first)
    asked = []
    for ask, pairs in first:
        what = f"--fact {ask.fact}=…" if ask.fact else f"then {clean(ask.code or '')}"
        whom = next(iter(pairs)) if len(pairs) == 1 else f"{len(pairs)} pairs"
        note = f"{what}; {whom}" if ask.fact or ask.code else whom
        asked.append(Line(text=sentence(clean(ask.question)), note=note))
    if asked:
        blocks.append(Bullets(tuple(asked), numbered=True))
    if left:
        more = counted(left, "more question" if asked else "question")
        blocks.append(Prose((Line(text=f"{more}, with what each closes: --full."),)))
    enough: dict[str, dict[str, list[str]]] = {}
    for pair in view.pairs:
        if pair.item.would_change:
            options = clean(" ".join(_options(pair.item.would_change[0])))
            told = enough.setdefault(options, {})
            told.setdefault(pair.service.code, []).append(pair.diagnosis.code)
    sets = tuple(
        Line(
            lead="; ".join(f"{code} for {join(named, 'and')}" for code, named in whom.items())
            + ":",
            code=options,
        )
        for options, whom in enough.items()
    )
    if sets:
        blocks.append(
            Prose((Line(lead="Enough to meet the criteria,", text="one set of several:"),))
        )
        blocks.append(Bullets(sets))
    return (
        Section(id="would-change", title="What would change this", blocks=tuple(blocks))
        if blocks
        else None
    )


def _question(ask: Any, pairs: dict[str, None], audience: Audience) -> Line:
    text = ""
    if ask.code:
        text = f"Then the code would be {clean(ask.code)}."
    if ask.document:
        text += f" Document: {lower_first(sentence(clean(ask.document)))}"
    notes = []
    if ask.kind == "fact" and ask.fact:
        notes.append(f"--fact {ask.fact}=…")
    shown = list(pairs) if audience in ("reviewer", "auditor") or len(pairs) <= 4 else []
    notes.append(join(shown, "and") if shown else f"{len(pairs)} pairs")
    return Line(lead=sentence(clean(ask.question)), text=text.strip(), note="; ".join(notes))


def _ways(view: ArticleView, pair: Pair, most: int) -> Line:
    # Policies may share ids of indications; the sets are those of the leading one, which comes last here.
    lead = view.lead(pair)
    indications = sorted(
        pair.item.indications, key=lambda entry: lead is not None and entry.policy == lead.id
    )
    titles = {entry.id: clean(entry.title) for entry in indications}
    found = ways(view, pair)
    inner = []
    for way in found[:most]:
        first, *others = way.changes
        name = titles.get(way.indication, way.indication)
        text = sentence(f"{name}: {'; '.join(way.conditions)}")
        also = [_differing(first, other) for other in others]
        code = " ".join(_options(first))
        inner.append(
            Line(text=text, code=clean(code), note=f"or {join(also, 'or')}" if also else "")
        )
    if len(found) > most:
        inner.append(Line(text=f"{len(found) - most} more in the version for reviewers."))
    whom = f"{pair.service.full} for {pair.diagnosis.called(plain=False)}"
    return Line(lead=upper_first(whom), target=pair.target, inner=tuple(inner))


def _options(change: WouldChange) -> list[str]:
    return list(dict.fromkeys(fact_option(step.supply) for step in change.criteria))


def _differing(first: WouldChange, other: WouldChange) -> str:
    """What another set of the same wording supplies instead."""
    known = {fact_option(step.supply) for step in first.criteria}
    told = dict.fromkeys(fact_option(step.supply) for step in other.criteria)
    return clean(" with ".join(text for text in told if text not in known))
