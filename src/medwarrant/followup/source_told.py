"""One source: what it is, its status, and what it says, whether the answer uses it or not."""

from __future__ import annotations

import re
from typing import Final

from ..model.sources import Source
from ..report.article import Block, Bullets, Line, Prose
from ..report.text import clean, counted, sentence, upper_first
from ..report.words import KIND_WORDS, VERIFIED_WORDS
from .cited import source_name
from .talk import Talk

_AUTHOR_YEAR: Final = re.compile(
    r"\b(?P<who>[A-Z][\w'-]+)(?:\s+et\s+al\.?|\s+and\s+(?:colleagues|[A-Z][\w'-]+))?,?\s+\(?(?P<year>(?:19|20)\d\d)\)?"
)
_MONTHS: Final = frozenset(
    "January February March April May June July August September October November December In Since".split()
)
_OF_SOURCE: Final = 5


def source_line(talk: Talk, source: Source) -> Line:
    """A source with its status and what it says, whether the answer uses it or not."""
    talk.cited.sources((source.id,))
    statements = [one for one in talk.library.statements.values() if one.source == source.id]
    used = any(reference.id == source.id for reference in talk.answer.determination.references)
    if talk.plain:
        said = "This study was taken back. It counts for nothing." if source.retracted else ""
        said = said or ("We use this source." if used else "We know this source.")
        return Line(lead=f"{source_name(source)}:", text=said)
    inner = []
    if source.retracted:
        inner.append(Line(lead="Retracted:", text="it supports nothing and drives no outcome."))
    elif source.status in ("retired", "superseded", "proposed"):
        inner.append(Line(lead="Status:", text=f"{source.status}."))
    if source.contested:
        inner.append(Line(lead="Contested:", text="others dispute it."))
    how = VERIFIED_WORDS[source.verified.how]
    via = f" ({clean(source.verified.via)})" if source.verified.via else ""
    inner.append(Line(lead="Verified:", text=f"{how}{via}."))
    if source.note:
        inner.append(Line(lead="Note:", text=sentence(clean(source.note))))
    for statement in statements[:_OF_SOURCE]:
        line = talk.cited.statement(statement.id)
        if line is not None:
            inner.append(Line(lead="Says:", text=line.text, note=line.note, wording=line.wording))
    if len(statements) > _OF_SOURCE:
        inner.append(Line(text=f"{counted(len(statements) - _OF_SOURCE, 'more statement')}."))
    if not statements:
        inner.append(Line(text="The library takes no statement from it."))
    inner.append(
        Line(
            text="Among the references of this answer."
            if used
            else "Not among the references of this answer."
        )
    )
    kind = (
        clean(source.design) if source.design else KIND_WORDS.get(source.kind, source.kind).lower()
    )
    return Line(
        lead=f"{source_name(source)}, {kind}:",
        text=sentence(clean(source.title)),
        inner=tuple(inner),
    )


def unknown_paper(talk: Talk, who: str, year: str) -> Line:
    """That the registry holds no source of that author and year."""
    if talk.plain:
        return Line(text="We do not have this study in our library.")
    return Line(
        lead="Not in the library:",
        text=f"no source of {clean(who)} from {year} is among its {len(talk.library.sources)} sources.",
    )


def retracted_sources(talk: Talk) -> Block:
    """The retracted sources among the references of the answer, and that they count for nothing."""
    references = talk.answer.determination.references
    found = [one for one in references if one.retracted]
    if talk.plain:
        said = "no study we used was taken back."
        if found:
            number = counted(len(found), "study was", "studies were")
            said = f"{number} taken back. We do not count it."
        return Prose((Line(text=upper_first(said)),))
    if not found:
        said = f"None of the {len(references)} references of this answer is marked as retracted in the library."
        return Prose((Line(text=said),))
    return Bullets(tuple(source_line(talk, talk.library.sources[one.id]) for one in found))


def paper_named(text: str) -> tuple[str, str] | None:
    """Author and year of a paper that a text names, known or not.

    >>> paper_named("Smith et al. 2015 showed benefit"), paper_named("since May 2026")
    (('Smith', '2015'), None)
    """
    for match in _AUTHOR_YEAR.finditer(text):
        if match["who"] not in _MONTHS:
            return match["who"], match["year"]
    return None
