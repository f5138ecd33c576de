"""Sources by name inside a reply: *Friedman et al. 2018*, with the mark a reader must see.

A reply names its sources in words and not by number, because it may cite what the answer beside it
does not, and the numbers of a new answer are others.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..engine.references import authors
from ..model.sources import Source
from ..policy.library import Library
from ..report.article import Block, Bullets, Line, Prose
from ..report.text import clean, counted, sentence, shortened, upper_first
from ..report.wording import wording_of
from ..report.words import (
    CERTAINTY_WORDS,
    DIRECTION_WORDS,
    KIND_WORDS,
    STRENGTH_WORDS,
    VERIFIED_WORDS,
)

_MOST_NAMED = 4
_MOST_LISTED = 12


def source_name(source: Source) -> str:
    """A source as one names it in a sentence.

    >>> from medwarrant import load_packs
    >>> source_name(load_packs().sources["dilli-2015"])
    'Dilli et al. 2015'
    """
    first = source.author[0] if source.author else {}
    when = str(source.year or "")
    if family := first.get("family"):
        who = f"{family} et al." if len(source.author) > 1 else family
        return clean(f"{who} {when}" if when else f"{who}, “{shortened(source.title, 36)}”")
    who = clean(first.get("literal", "")).partition(" (")[0]
    if source.kind in ("coverage", "regulation") and source.number:
        return clean(f"{source.number}{f' ({who})' if who else ''}")
    return f"{who or shortened(clean(source.title), 60)} {when}".strip()


def source_marks(source: Source) -> tuple[str, ...]:
    """What a reader must see beside a source."""
    marks = []
    if source.retracted:
        marks.append("RETRACTED")
    elif source.status in ("retired", "superseded", "proposed"):
        marks.append(source.status)
    if source.verified.how == "unverified":
        marks.append("unverified")
    if source.contested:
        marks.append("contested")
    return tuple(marks)


class Cited:
    """Names sources and remembers which were named."""

    def __init__(self, library: Library, *, plain: bool = False) -> None:
        self.library = library
        self.plain = plain
        self.named: dict[str, None] = {}

    def sources(self, ids: Iterable[str | None], most: int = _MOST_NAMED) -> str:
        """Sources in words, with their marks; nothing for patients, who read them in the list."""
        known = [
            source
            for name in dict.fromkeys(ids)
            if name and (source := self.library.sources.get(name))
        ]
        self.named |= dict.fromkeys(source.id for source in known)
        if self.plain:
            return ""
        told = dict.fromkeys(self._marked(source) for source in known)
        shown = list(told)[:most]
        if len(told) > most:
            shown.append(f"{len(told) - most} more")
        return "; ".join(shown)

    def statements(self, ids: Iterable[str]) -> str:
        """The sources of statements in words; what supports comes first."""
        known = [name for name in dict.fromkeys(ids) if name in self.library.statements]
        known.sort(key=lambda name: not self.library.supports(name))
        return self.sources(self.library.statements[name].source for name in known)

    def statement(self, name: str) -> Line | None:
        """A statement with direction, strength, certainty, how it was verified, its source and words."""
        statement = self.library.statements.get(name)
        if statement is None:
            return None
        words = [DIRECTION_WORDS[statement.direction].lower()]
        if statement.strength and statement.strength != "none":
            words.append(STRENGTH_WORDS[statement.strength])
        if statement.grade:
            words.append(f"“{clean(statement.grade)}”")
        if statement.certainty and statement.certainty != "none":
            words.append(f"certainty {CERTAINTY_WORDS[statement.certainty]}")
        if statement.searched:
            words.append(f"searched {statement.searched}")
        words.append(VERIFIED_WORDS[statement.verified.how])
        source = self.library.sources.get(statement.source)
        if source is not None and source.retracted:
            words.append("retracted: supports nothing")
        elif statement.verified.how == "unverified":
            words.append("supports nothing")
        design = f", {clean(source.design)}" if source is not None and source.design else ""
        lead = f"{self.sources((statement.source,))}{design}:"
        return Line(
            lead=upper_first(lead),
            text=sentence(upper_first(clean(statement.claim))),
            note="; ".join(dict.fromkeys(words)),
            wording=wording_of(statement),
        )

    def _marked(self, source: Source) -> str:
        marks = source_marks(source)
        return f"{source_name(source)}{f' [{chr(44).join(marks)}]' if marks else ''}"

    def block(self) -> tuple[Block, ...]:
        """The sources named, one a line; for patients only how many there are."""
        if not self.named:
            return ()
        if self.plain:
            said = (
                f"This rests on {counted(len(self.named), 'source')} that your doctor can look at."
            )
            return (Prose((Line(text=said),)),)
        shown = list(self.named)[:_MOST_LISTED]
        lines = tuple(self._entry(self.library.sources[name]) for name in shown)
        if len(self.named) > len(shown):
            lines = (*lines, Line(text=f"{len(self.named) - len(shown)} more, named above."))
        return (Prose((Line(lead="Sources:"),)), Bullets(lines))

    def _entry(self, source: Source) -> Line:
        parts = [authors(source).rstrip("."), source.title.rstrip("."), source.container or ""]
        text = ". ".join(clean(part) for part in parts if part)
        facts = [KIND_WORDS.get(source.kind, source.kind).lower()]
        if source.design:
            facts.append(clean(source.design))
        facts.append(VERIFIED_WORDS[source.verified.how])
        if source.doi:
            facts.append(f"doi:{clean(source.doi)}")
        elif source.pmid:
            facts.append(f"PMID {clean(source.pmid)}")
        if source.note:
            facts.append(clean(source.note).rstrip("."))
        marks = source_marks(source)
        year = f" {source.year}." if source.year else ""
        return Line(
            lead=f"{', '.join(marks)}:" if marks else "",
            text=f"{sentence(text)}{year}",
            note="; ".join(facts),
        )
