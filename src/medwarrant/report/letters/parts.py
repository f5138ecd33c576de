"""Pieces that several letters share: who writes, names and rows, rules, sources, the record's digest."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...policy.policy import Policy
from ...policy.prose import join
from ..article import Citation, ReferenceEntry
from ..citations import CitationList
from ..reference_entries import reference_entries
from ..text import clean, date_words, sentence, shortened, upper_first
from ..view import ArticleView, Pair
from ..words import AUTHORITY_WORDS, POLICY_STATUS_WORDS, STATUS_WORDS
from .grounds import Ground
from .letter import Block, Cite, Field, Line, Listed, Origin, Part, SourceEntry, Sources, Text
from .told import Correspondence

#: A source of a brief takes one line of so many characters.
_LINE = 100

DECIDED_WORDS = {
    "approved": "Approved",
    "not_approved": "Not approved",
    "modified": "Approved in another form",
}


def paragraphs(text: str, origin: Origin) -> tuple[Line, ...]:
    r"""A person's or a plan's text as paragraphs; blank lines part them, other line ends are spaces.

    >>> [line.text for line in paragraphs("One\ntwo.\n\nThree.", "plan")]
    ['One two.', 'Three.']
    """
    parts = re.split(r"(?:\r\n|[\n\r\x85\u2028\u2029])[ \t]*(?:\r\n|[\n\r\x85\u2028\u2029])", text)
    return tuple(Line(text=told, origin=origin) for part in parts if (told := clean(part).strip()))


def sender_lines(to: Correspondence) -> tuple[str, ...]:
    """The letterhead below the plan's name."""
    reach = [f"Phone {to.phone}" if to.phone else "", f"Fax {to.fax}" if to.fax else ""]
    return (*to.plan_address, *filter(None, reach), *((to.online,) if to.online else ()))


def case_fields(view: ArticleView, to: Correspondence, *more: Field) -> tuple[Field, ...]:
    """The fields beside the address, those without a value left out."""
    found = (
        Field("Case number", to.case_number),
        Field("Member", to.member),
        Field("Member number", to.member_reference),
        *more,
        Field("Date of service", date_words(view.determination.as_of)),
    )
    return tuple(field for field in found if field.value.strip())


def record_lines(view: ArticleView) -> tuple[str, ...]:
    """The record a letter was made from, so that it can be found and replayed."""
    titles = {pack.id: clean(pack.title) for pack in view.library.packs}
    used = view.determination.packs
    packs = join((f"“{titles.get(one.id, one.id)}” {one.version}" for one in used), "and")
    return (
        f"Made from record {view.answer.record_digest}",
        f"Case {view.answer.digest}; content {packs}",
    )


def cites(found: Iterable[Citation]) -> tuple[Cite, ...]:
    """Citations of the report as the letter keeps them."""
    return tuple(Cite(one.n, one.mark) for one in found)


def sources_part(citations: CitationList, *, brief: bool = False) -> tuple[Part, ...]:
    """What was cited, under the numbers of the record; nothing where nothing was. Brief: a line each."""
    entries = tuple(_source(entry, brief=brief) for entry in reference_entries(citations))
    if not entries:
        return ()
    return (Part(id="sources", title="Sources", reader="office", blocks=(Sources(entries),)),)


def _source(entry: ReferenceEntry, *, brief: bool) -> SourceEntry:
    if brief:
        place = entry.place if entry.place != entry.url else ""
        room = _LINE - len(place) - len(" ".join(entry.marks))
        text = shortened(entry.text, room)
        return SourceEntry(
            n=entry.n, text=text, marks=entry.marks, url=entry.url if place else "", place=place
        )
    return SourceEntry(
        n=entry.n,
        text=entry.text,
        facts="; ".join(filter(None, (entry.kind, *entry.facts))),
        marks=entry.marks,
        url=entry.url,
        place=entry.place,
    )


def policies_of(view: ArticleView, pairs: Iterable[Pair]) -> dict[str, tuple[Policy, Pair]]:
    """The policies that lead the pairs, each with the first pair it leads."""
    found: dict[str, tuple[Policy, Pair]] = {}
    for pair in pairs:
        policy = view.lead(pair)
        if policy is not None:
            found.setdefault(policy.id, (policy, pair))
    return found


def policy_line(view: ArticleView, citations: CitationList, policy: Policy, pair: Pair) -> Line:
    """A policy by its title and number, whose it is, since when, when last seen, and its sources."""
    day = view.reading.request.as_of
    facts = [AUTHORITY_WORDS[policy.authority]]
    status = policy.status_on(day)
    facts.append(POLICY_STATUS_WORDS.get(status, status))
    if policy.effective_from:
        facts.append(f"since {policy.effective_from.isoformat()}")
    if policy.last_seen:
        facts.append(f"last seen {policy.last_seen.isoformat()}")
    governs = pair.item.governing is not None and pair.item.governing.policy == policy.id
    if not governs:
        facts.append("leads here without governing for certain")
    title = clean(policy.title)
    number = clean(policy.number)
    whose = clean(policy.publisher)
    text = f"{whose}{f', {number}' if number and number not in title else ''}"
    rests_on = policy.rests_on or tuple(
        dict.fromkeys(name for entry in policy.indications for name in entry.rests_on)
    )
    return Line(
        lead=sentence(title),
        text=sentence(text),
        origin="packs",
        cites=cites(citations.of_statements(rests_on)),
        note="; ".join(facts),
    )


def policies_part(view: ArticleView, citations: CitationList, pairs: Iterable[Pair]) -> Part:
    """The rules relied on, or that there is none."""
    lines = tuple(
        policy_line(view, citations, policy, pair)
        for policy, pair in policies_of(view, pairs).values()
    )
    none = Line(text="No policy in the library names these services for these diagnoses.")
    block: Block = Listed(lines) if lines else Text((none,))
    return Part(id="rules", title="Rules relied on", reader="office", blocks=(block,))


def ground_row(citations: CitationList, ground: Ground) -> tuple[Line, ...]:
    """A ground as a row: what it asks, how it stands, what the record says, its sources."""
    notes = []
    if ground.editorial:
        notes.append("asked by the editors of the library, not by the plan")
    if not ground.counts:
        notes.append("its sources are unverified; it decides nothing")
    sign = ground.status if ground.counts else "uncounted"
    status = STATUS_WORDS[sign]
    return (
        Line(text=upper_first(ground.title), origin="record", note="; ".join(notes)),
        Line(text=status, sign=sign, origin="record"),
        Line(text=ground.why, origin="record"),
        Line(cites=cites(citations.of_sources(ground.sources)), origin="record"),
    )


def pair_words(pairs: Iterable[Pair]) -> str:
    """Pairs by their codes: `64405 for G43.909 and G43.919`."""
    by_service: dict[str, dict[str, None]] = {}
    for pair in pairs:
        by_service.setdefault(pair.item.service, {})[pair.item.diagnosis] = None
    return "; ".join(f"{code} for {join(named, 'and')}" for code, named in by_service.items())


def listed(lead: str, lines: Iterable[str], origin: Origin) -> tuple[Block, ...]:
    """A sentence of ours with a list below it; nothing where the list is empty."""
    found = tuple(Line(text=sentence(upper_first(text)), origin=origin) for text in lines)
    return (Text((Line(text=lead),)), Listed(found)) if found else ()


def rule_said(policy: Policy) -> str:
    """Whose rule a member is told was used; its title stands with the office's part."""
    match policy.authority:
        case "guideline":
            return "We used a rule made from medical guides and studies."
        case "local":
            return "We used a Medicare rule for your area."
        case "national":
            return "We used a Medicare rule for the whole country."
        case "statute":
            return "We used a rule set by law."
        case _:
            whose = clean(policy.publisher).partition(" (")[0]
            return f"We used a rule of {whose}."
