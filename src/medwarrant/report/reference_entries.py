"""The reference list: each source cited, what it is cited for, and the marks a reader must see."""

from __future__ import annotations

from ..model.determination import Reference
from ..model.sources import EvidenceStatement
from .article import CitedStatement, ReferenceEntry
from .citations import CitationList, statement_words
from .text import clean, date_words, sentence, shortened, upper_first
from .wording import wording_of, wordings_of
from .words import (
    CERTAINTY_WORDS,
    KIND_WORDS,
    PLAIN_PROOF,
    PLAIN_STATEMENT_DIRECTIONS,
    PLAIN_VERIFIED,
    PLAIN_WARNINGS,
    STRENGTH_WORDS,
    VERIFIED_WORDS,
    WARNINGS,
)

#: A brief reference has so many characters beside its number and marks, the title at least so many.
_BRIEF = 68
_LEAST = 24


def reference_entries(
    citations: CitationList, *, everything: bool = False, brief: bool = False, plain: bool = False
) -> tuple[ReferenceEntry, ...]:
    """What was cited, or all of the answer's references, in the order of their numbers.

    A brief entry has first author, year, and DOI or a title that may be cut, and its marks. With each
    stand the statements that the page cites it for; a patient (`plain`) reads which way they speak
    and how far they were checked, not their clinical wording.
    """
    made = []
    for reference in sorted(citations.references.values(), key=lambda entry: entry.n):
        if everything or reference.id in citations.cited:
            cited = [
                citations.library.statements[name] for name in citations.cited.get(reference.id, ())
            ]
            made.append(
                _brief_entry(reference)
                if brief
                else _entry(reference, cited, citations, plain=plain)
            )
    return tuple(made)


def _entry(
    reference: Reference,
    cited: list[EvidenceStatement],
    citations: CitationList,
    *,
    plain: bool,
) -> ReferenceEntry:
    year = str(reference.year) if reference.year else "year not known"
    parts = [reference.author.rstrip("."), reference.title.rstrip(".")]
    parts.append((reference.container or "").rstrip("."))
    text = ". ".join(clean(part) for part in [*parts, year] if part) + "."
    places = []
    if reference.doi:
        places.append(f"doi:{clean(reference.doi)}")
    if reference.pmid:
        places.append(f"PMID {clean(reference.pmid)}")
    url = _web_address(reference)
    if not places and url:
        places.append(url)
    facts = []
    strengths = dict.fromkeys(
        statement.strength or "" for statement in cited if citations.library.supports(statement.id)
    )
    named = [STRENGTH_WORDS[value] for value in strengths if value and value != "none"]
    if named:
        facts.append(f"strength of what is cited: {', '.join(named)}")
    facts.append(VERIFIED_WORDS[reference.verified])
    if reference.note:
        facts.append(clean(reference.note).rstrip("."))
    said = [_plain_statement(one) if plain else _statement(one, citations) for one in cited]
    return ReferenceEntry(
        n=reference.n,
        kind=KIND_WORDS.get(reference.kind, reference.kind),
        text=text,
        facts=tuple(facts),
        marks=_marks(reference),
        url=url,
        place=" · ".join(places),
        warning=_warning(reference, plain=plain),
        statements=tuple(dict.fromkeys(said)),
        wordings=() if plain else wordings_of(cited),
    )


def _statement(statement: EvidenceStatement, citations: CitationList) -> CitedStatement:
    words = statement_words(statement, citations.library)
    if statement.population:
        words.append(f"population: {clean(statement.population)}")
    checked = statement.verified
    if checked.via:
        words.append(f"read in: {clean(checked.via)}")
    if checked.on:
        words.append(f"checked {date_words(checked.on)}")
    return CitedStatement(
        claim=sentence(upper_first(clean(statement.claim))),
        wording=wording_of(statement),
        words=tuple(words),
    )


def _plain_statement(statement: EvidenceStatement) -> CitedStatement:
    """Which way it speaks, how sure it is and how it was checked, for a reader without the terms."""
    words = [PLAIN_STATEMENT_DIRECTIONS[statement.direction]]
    if statement.strength in PLAIN_PROOF:
        words.append(PLAIN_PROOF[statement.strength])
    if statement.certainty and statement.certainty != "none":
        words.append(f"how sure it is: {CERTAINTY_WORDS[statement.certainty]}")
    words.append(PLAIN_VERIFIED[statement.verified.how])
    return CitedStatement(words=tuple(words))


def _brief_entry(reference: Reference) -> ReferenceEntry:
    """On one line: who, when, and the DOI, or else as much of the title as there is room for."""
    year = str(reference.year) if reference.year else "undated"
    first, *more = clean(reference.author).rstrip(".").split(", ")
    who = f"{first} et al." if more else f"{first}." if first else ""
    head = " ".join(part for part in (who, f"{year}.") if part)
    marks = _marks(reference)
    if reference.doi:
        place = f"doi:{clean(reference.doi)}"
        text = head
    else:
        room = max(_BRIEF - len(head) - len(" ".join(marks)), _LEAST)
        text, place = f"{head} {sentence(shortened(clean(reference.title), room))}", ""
    return ReferenceEntry(
        n=reference.n,
        kind="",
        text=text,
        marks=marks,
        url=_web_address(reference),
        place=place,
    )


def _marks(reference: Reference) -> tuple[str, ...]:
    """What a reader must see beside a reference."""
    marks = []
    if reference.retracted:
        marks.append("RETRACTED")
    elif reference.status in ("retired", "superseded", "proposed"):
        marks.append(reference.status)
    if reference.verified == "unverified":
        marks.append("unverified")
    if reference.contested:
        marks.append("contested")
    return tuple(marks)


def _warning(reference: Reference, *, plain: bool) -> str:
    """What the marks of a reference mean, in sentences."""
    told = PLAIN_WARNINGS if plain else WARNINGS
    return " ".join(told[mark.lower()] for mark in _marks(reference))


def _web_address(reference: Reference) -> str:
    """Where a reader finds the source: its DOI, its PubMed page, or the publisher's own address."""
    if reference.doi:
        return f"https://doi.org/{clean(reference.doi)}"
    if reference.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{clean(reference.pmid)}/"
    url = clean(reference.url or "")
    return url if url.startswith(("https://", "http://")) else ""
