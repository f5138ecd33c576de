"""The submission checklist of a practice: what to attach for each service and diagnosis, box by box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...model.determination import DocumentNeeded
from ...model.errors import InputError
from ...policy.prose import join
from ..citations import CitationList
from ..question_read import coverage_parts
from ..text import clean, date_words, lower_first, sentence, upper_first
from ..view import ArticleView, Pair, article_view
from ..words import STATUS_WORDS
from .letter import Block, Field, Letter, Line, Part, Text, Ticks, finished
from .parts import (
    case_fields,
    cites,
    policies_of,
    policy_line,
    record_lines,
    sender_lines,
    sources_part,
)
from .paths import paths, rules_of
from .told import Correspondence

if TYPE_CHECKING:
    from ...answer import Answer

_ORDER = ("missing", "not_met", "", "met")


def submission_checklist(answer: Answer, to: Correspondence | None = None) -> Letter:
    """What a practice attaches for each service and diagnosis, and what each document closes.

    It needs no correspondence: a practice may want it before there is a case. Raises `InputError` where no
    service is judged for any diagnosis.
    """
    view = article_view(answer)
    if not view.pairs:
        raise InputError(
            "there is no service with a diagnosis to make a checklist for", where="determination"
        )
    citations = CitationList(view.references, view.library)
    parts = [
        Part(id="payer", title="Payer and policy", reader="office", blocks=_payer(view, citations)),
        *_packets(view),
    ]
    checks = _checks(view, citations)
    if checks:
        parts.append(
            Part(
                id="checks", title="Check before you send", reader="office", blocks=(Ticks(checks),)
            )
        )
    pages = Line(text="The member's name and number, and the date of service, stand on each page.")
    parts.append(Part(id="last", title="Last", reader="office", blocks=(Ticks((pages,)),)))
    parts += sources_part(citations)
    return finished(
        Letter(
            kind="submission_checklist",
            title="Submission checklist",
            audience="practice",
            dated=to.dated if to else view.reading.request.as_of,
            sender=to.plan if to else "",
            sender_lines=sender_lines(to) if to else (),
            to=(to.requester, *to.requester_address) if to and to.requester.strip() else (),
            fields=_fields(view, to),
            subject="What to attach",
            parts=tuple(parts),
            foot=record_lines(view),
        )
    )


def _fields(view: ArticleView, to: Correspondence | None) -> tuple[Field, ...]:
    payer = Field("Payer", _payer_words(view) or "not named")
    if to is not None:
        return case_fields(view, to, payer)
    return (payer, Field("Date of service", date_words(view.determination.as_of)))


def _payer_words(view: ArticleView) -> str:
    return ", ".join(coverage_parts(view, plain=False))


def _payer(view: ArticleView, citations: CitationList) -> tuple[Block, ...]:
    """Who pays and whose criteria these are; why, where no policy governs for certain."""
    payer = _payer_words(view)
    lines = [
        Line(lead="Payer:", text=sentence(payer), origin="record")
        if payer
        else Line(
            lead="Payer:",
            text="not named. These are the criteria of the guideline layer, or of policies that may apply; "
            "name the payer, and the state, to have its own.",
        )
    ]
    for policy, pair in policies_of(view, view.pairs).values():
        lines.append(policy_line(view, citations, policy, pair))
    unsure = dict.fromkeys(
        clean(pair.item.selection.why) for pair in view.pairs if pair.item.governing is None
    )
    lines += [Line(text=sentence(why), origin="record") for why in unsure]
    return (Text(tuple(lines)),)


def _packets(view: ArticleView) -> list[Part]:
    """For each service the documents of its diagnoses; diagnoses that need the same are told together."""
    found = []
    for service in view.services:
        groups: dict[tuple[Line, ...], list[Pair]] = {}
        if view.of_service(service):
            title = upper_first(service.full)
            found.append(Part(id=service.target, title=title, reader="office"))
        for pair in view.of_service(service):
            groups.setdefault(_documents(view, pair), []).append(pair)
        for lines, pairs in groups.items():
            named = join((lower_first(pair.diagnosis.full) for pair in pairs), "and")
            title = f"For {named}"
            none = Line(text="The library asks for no document on this pair.")
            block: Block = Ticks(lines) if lines else Text((none,))
            found.append(
                Part(id=pairs[0].target, title=title, level=3, reader="office", blocks=(block,))
            )
    return found


def _documents(view: ArticleView, pair: Pair) -> tuple[Line, ...]:
    """What to attach for a pair, what is still missing first."""
    ranked = []
    for document in view.determination.documents:
        closed = _closed(view, pair, document)
        if closed is not None:
            statuses, named = closed
            rank = min((_ORDER.index(status) for status in statuses), default=_ORDER.index(""))
            line = Line(
                lead=sentence(upper_first(clean(document.what))),
                text=f"Closes: {'; '.join(named)}." if named else "",
                origin="packs",
            )
            ranked.append((rank, line))
    return tuple(line for _, line in sorted(ranked, key=lambda entry: entry[0]))


def _closed(
    view: ArticleView, pair: Pair, document: DocumentNeeded
) -> tuple[list[str], list[str]] | None:
    """How the criteria that a document closes stand, and their titles; None where it is for other pairs."""
    wanted = [
        one.criterion
        for one in document.for_
        if (one.service, one.diagnosis) == (pair.item.service, pair.item.diagnosis)
    ]
    if not wanted:
        return None
    trees = (*([pair.item.criteria] if pair.item.criteria else []), *pair.item.request_rules)
    nodes = [(path[-1].id, path[-1]) for tree in trees for path in paths(tree)]
    rules = rules_of(view.lead(pair), pair.item)
    nodes += [(rule.id, result) for rule, result in rules if rule is not None]
    statuses: list[str] = []
    named: dict[str, None] = {}
    for name in wanted:
        known = [node for own, node in nodes if own == name]
        # An id may recur in several indications: what is missing anywhere is still to be closed.
        known.sort(key=lambda node: _ORDER.index(node.status))
        if known:
            statuses.append(known[0].status)
            named[f"{lower_first(clean(known[0].title))} ({STATUS_WORDS[known[0].status]})"] = None
        else:
            statuses.append("")
    return statuses, list(named)


def _checks(view: ArticleView, citations: CitationList) -> tuple[Line, ...]:
    """Codes to look at, and questions that the notes have to answer."""
    found: dict[str, Line] = {}
    for pair in view.pairs:
        for finding in pair.item.coding:
            text = sentence(clean(finding.message))
            found.setdefault(
                text,
                Line(
                    lead="Code:",
                    text=text,
                    origin="packs",
                    cites=cites(citations.of_sources((finding.source,))),
                ),
            )
    for kind, lead in (("code", "Code:"), ("fact", "The notes answer:")):
        for pair in view.pairs:
            for ask in pair.item.ask:
                if ask.kind == kind:
                    note = f"then {clean(ask.code)}" if ask.code else ""
                    text = clean(ask.question)
                    found.setdefault(text, Line(lead=lead, text=text, origin="packs", note=note))
    return tuple(found.values())
