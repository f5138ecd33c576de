"""What the letters of a decision share: the member's last parts, and the part for the doctor's office."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from ...model.determination import DocumentNeeded
from ..citations import CitationList
from ..criteria import title_in, ways
from ..text import clean, date_words, lower_first, sentence, upper_first
from ..view import ArticleView, Pair
from .decided import LineDecided
from .letter import Block, Line, Listed, Part, Signature, Table, Text
from .names import MemberNames
from .parts import (
    DECIDED_WORDS,
    cites,
    ground_row,
    pair_words,
    paragraphs,
    policies_part,
    rule_said,
    sources_part,
)
from .paths import titles_for
from .told import Correspondence, DecisionTold

OFFICE_TITLE = "For your doctor's office"
#: So many sets of facts are told for one pair; the record holds the rest.
_MOST_WAYS = 3


def greeting(to: Correspondence) -> str:
    """How the letter begins."""
    return f"Dear {to.member}:"


def version_words(to: Correspondence) -> str:
    """What the title of a letter says where another one told the same decision before."""
    return f" (version {to.replaces.version})" if to.replaces else ""


def version_part(to: Correspondence) -> tuple[Part, ...]:
    """That a letter takes the place of an earlier one of the same decision."""
    if to.replaces is None:
        return ()
    said = (
        f"This is version {to.replaces.version} of this letter. It takes the place of our letter of "
        f"{date_words(to.replaces.dated.isoformat())}. The decision is the same."
    )
    return (Part(id="version", blocks=(Text((Line(text=said),)),)),)


def asked_by(to: Correspondence) -> str:
    """Who asked, as the first sentence to the member."""
    who = clean(to.requester).strip()
    return (
        f"{who} asked us to approve care for you."
        if who
        else "We were asked to approve care for you."
    )


def who_decided(decision: DecisionTold) -> Line:
    """The person who decided, and the day."""
    who = ", ".join(filter(None, (decision.signed_by.strip(), decision.credentials.strip())))
    return Line(text=f"{who}, decided on {date_words(decision.signed_on.isoformat())}.")


def rules_used(view: ArticleView, names: MemberNames, pairs: Iterable[Pair]) -> tuple[Block, ...]:
    """Whose rules were used and what they say in short, for the member."""
    led: dict[str, list[Pair]] = {}
    for pair in pairs:
        policy = view.lead(pair)
        led.setdefault(policy.id if policy is not None else "", []).append(pair)
    lines: list[Line] = []
    for name, own in led.items():
        care = sentence(names.cares(own)) if len(led) > 1 else ""
        policy = view.library.policies.get(name)
        if policy is None:
            lines.append(Line(lead=care, text="We know no written rule on this care."))
            continue
        lines.append(Line(lead=care, text=rule_said(policy)))
        if policy.plain:
            lines.append(Line(lead="In short:", text=sentence(clean(policy.plain)), origin="packs"))
    if not any(led):
        return (Text(tuple(lines)),)
    lines.append(
        Line(text="The part for your doctor's office names each rule and what it is based on.")
    )
    return (Text(tuple(dict.fromkeys(lines))),)


def last_parts(to: Correspondence) -> tuple[Part, ...]:
    """What the plan adds to its letters, and help in other languages."""
    found = []
    notices = tuple(line for text in to.notices for line in paragraphs(text, "plan"))
    if notices:
        found.append(Part(id="notices", title="Please note", blocks=(Text(notices),)))
    notes = tuple(
        msgspec.structs.replace(line, lang=_language(note.lang))
        for note in to.language_notes
        for line in paragraphs(note.text, "plan")
    )
    if notes:
        found.append(Part(id="language", title="Help to read this letter", blocks=(Text(notes),)))
    return tuple(found)


def _language(tag: str) -> str:
    """The language tag where it is one, else nothing."""
    return tag if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag) else ""


def signature(decision: DecisionTold) -> Signature:
    """The block under which the person who decided stands."""
    return Signature(
        lead="Decided and signed by",
        name=decision.signed_by.strip(),
        credentials=decision.credentials.strip(),
        on=date_words(decision.signed_on.isoformat()),
    )


def office_parts(
    view: ArticleView,
    citations: CitationList,
    lines: tuple[LineDecided, ...],
    *more: Part,
) -> tuple[Part, ...]:
    """The part with codes: what was decided, on which criteria, rules and sources, and what is open."""
    parts = [
        Part(
            id="services",
            title="Services and decision",
            reader="office",
            blocks=(_table(view, lines),),
        )
    ]
    relied = [line for line in lines if line.grounds or line.told.reason.strip()]
    if relied:
        blocks: list[Block] = []
        for line in relied:
            blocks += _relied_on(citations, line)
        parts.append(
            Part(id="criteria", title="Criteria relied on", reader="office", blocks=tuple(blocks))
        )
    parts.append(policies_part(view, citations, (pair for line in lines for pair in line.pairs)))
    open_ = tuple(
        block for line in lines if not line.approved for block in _would_change(view, line)
    )
    if open_:
        parts.append(
            Part(
                id="would-change",
                title="What could change this",
                reader="office",
                blocks=open_,
            )
        )
    return (*parts, *more, *sources_part(citations))


def _table(view: ArticleView, lines: tuple[LineDecided, ...]) -> Table:
    worded = any(line.told.words.strip() for line in lines)
    rows = []
    ordered = sorted(lines, key=lambda line: view.services.index(line.pairs[0].service))
    for line in ordered:
        service = line.pairs[0].service
        row = view.services.index(service) + 1
        diagnoses = tuple(
            Line(text=f"{pair.diagnosis.code}: {pair.diagnosis.name}", origin="record")
            for pair in line.pairs
        )
        cells = (
            Line(text=str(row)),
            Line(lead=service.code, text=upper_first(service.name), origin="packs"),
            Line(inner=diagnoses),
            Line(text=DECIDED_WORDS[line.told.decided], sign=line.told.decided),
            Line(text=clean(line.told.words).strip() or "none", origin="person"),
        )
        rows.append(cells if worded else cells[:-1])
    header = ("Row", "Service", "Diagnoses", "Decision", "In words")
    caption = "What was asked for, and what was decided"
    if not worded:
        return Table(caption, header[:-1], tuple(rows), (1, 5, 6, 3))
    return Table(caption, header, tuple(rows), (1, 4, 5, 3, 3))


def _relied_on(citations: CitationList, line: LineDecided) -> list[Block]:
    whom = pair_words(line.pairs)
    reason = clean(line.told.reason).strip()
    blocks: list[Block] = []
    if reason:
        blocks.append(Text((Line(lead=f"Reason, {whom}:", text=reason, origin="person"),)))
    if line.grounds:
        header = ("Criterion", "Status", "What the record says", "Sources")
        rows = tuple(ground_row(citations, ground) for ground in line.grounds)
        blocks.append(Table(f"Criteria, {whom}", header, rows, (5, 2, 4, 2)))
    own = citations.of_sources(line.told.sources)
    if own:
        blocks.append(Text((Line(lead="Sources relied on besides:", cites=cites(own)),)))
    return blocks


def _would_change(view: ArticleView, line: LineDecided) -> list[Block]:
    """The sets of facts that would turn each pair, codes that may be meant, and documents that close it."""
    blocks: list[Block] = []
    for pair in line.pairs:
        titles = titles_for(view, pair)
        found = ways(view, pair)
        lines = [
            Line(
                text=sentence(
                    f"{titles.get(way.indication, way.indication)}: {'; '.join(way.conditions)}"
                ),
                origin="record",
            )
            for way in found[:_MOST_WAYS]
        ]
        if len(found) > _MOST_WAYS:
            lines.append(Line(text=f"The record holds {len(found) - _MOST_WAYS} more."))
        if lines:
            lead = f"{pair_words((pair,))}: any one of these would meet the criteria."
            blocks += [Text((Line(text=lead),)), Listed(tuple(lines))]
    codes = {
        clean(ask.question): f"then {clean(ask.code)}" if ask.code else ""
        for pair in line.pairs
        for ask in pair.item.ask
        if ask.kind == "code"
    }
    if codes:
        asked = tuple(Line(text=text, origin="packs", note=note) for text, note in codes.items())
        blocks += [
            Text((Line(text=f"Whether another code is meant, {pair_words(line.pairs)}:"),)),
            Listed(asked),
        ]
    documents = [
        Line(
            text=sentence(upper_first(clean(document.what))),
            origin="packs",
            note=_closes(document, line),
        )
        for document in view.determination.documents
        if _closes(document, line)
    ]
    if documents:
        blocks += [
            Text((Line(text=f"Documents that close what is missing, {pair_words(line.pairs)}:"),)),
            Listed(tuple(documents)),
        ]
    return blocks


def _closes(document: DocumentNeeded, line: LineDecided) -> str:
    """The missing criteria of a line that a document closes, by name."""
    items = {(pair.item.service, pair.item.diagnosis): pair.item for pair in line.pairs}
    named: dict[str, None] = {}
    for wanted in document.for_:
        item = items.get((wanted.service, wanted.diagnosis))
        if item is not None and wanted.criterion in item.missing:
            named[lower_first(title_in(item, wanted.criterion))] = None
    named.pop("", None)
    return f"closes: {'; '.join(named)}" if named else ""
