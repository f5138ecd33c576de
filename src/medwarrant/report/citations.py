"""Citations: numbers that stay the same for every audience, with the marks a reader must see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..model.determination import Reference
from ..model.sources import EvidenceStatement
from ..policy.library import Library
from .article import Citation, Line
from .text import clean, sentence, upper_first
from .wording import wording_of
from .words import CERTAINTY_WORDS, DIRECTION_WORDS, STRENGTH_WORDS, VERIFIED_WORDS

_WEIGHT = {"strong": 3, "consensus": 2, "weak": 1, "none": 0}
_TRUST = ("primary", "secondary", "unverified")


def source_mark(reference: Reference) -> str:
    """The mark that a source carries wherever it is cited; empty where there is nothing to say."""
    if reference.retracted:
        return "retracted"
    if reference.verified == "unverified":
        return "unverified"
    if reference.status in ("retired", "superseded", "proposed"):
        return reference.status
    return "contested" if reference.contested else ""


class CitationList:
    """Makes citations and remembers which sources, and which statements of them, were cited."""

    def __init__(self, references: Mapping[str, Reference], library: Library) -> None:
        self.references = references
        self.library = library
        self.cited: dict[str, dict[str, None]] = {}

    def of_statements(self, names: Iterable[str]) -> tuple[Citation, ...]:
        """The citations of statements, in the order of their numbers, each source once."""
        by_source: dict[str, list[EvidenceStatement]] = {}
        for name in names:
            statement = self.library.statements.get(name)
            if statement is not None and statement.source in self.references:
                by_source.setdefault(statement.source, []).append(statement)
                self.cited.setdefault(statement.source, {})[name] = None
        found = []
        for source, statements in by_source.items():
            mark = source_mark(self.references[source])
            if not mark and all(entry.verified.how == "unverified" for entry in statements):
                mark = "unverified"
            found.append(Citation(self.references[source].n, mark))
        return tuple(sorted(found, key=lambda citation: citation.n))

    def of_sources(self, names: Iterable[str | None]) -> tuple[Citation, ...]:
        """The citations of sources as a whole."""
        found = {}
        for name in names:
            reference = self.references.get(name) if name else None
            if reference is not None and name:
                self.cited.setdefault(name, {})
                found[reference.n] = Citation(reference.n, source_mark(reference))
        return tuple(found[number] for number in sorted(found))

    def support(self, names: Iterable[str]) -> str:
        """How well a sentence is supported: strength, certainty and verification in a few words."""
        statements = [
            self.library.statements[name] for name in names if name in self.library.statements
        ]
        if not statements:
            return ""
        carrying = [entry for entry in statements if self.library.supports(entry.id)]
        if not carrying:
            return "shown only: no verified source supports it"
        best = max(carrying, key=lambda entry: _WEIGHT.get(entry.strength or "", -1))
        how = min((entry.verified.how for entry in carrying), key=_TRUST.index)
        words = []
        if best.strength and best.strength != "none":
            words.append(STRENGTH_WORDS[best.strength])
        if best.certainty and best.certainty != "none":
            words.append(f"certainty {CERTAINTY_WORDS[best.certainty]}")
        words.append(VERIFIED_WORDS[how])
        return "; ".join(words)

    def cited_line(
        self, text: str, names: tuple[str, ...], *, lead: str = "", marks: bool = True
    ) -> Line:
        """A sentence with the citations of its statements and a note on their support."""
        note = self.support(names)
        if not marks and not note.startswith("shown only"):
            note = ""
        return Line(
            text=sentence(clean(text)), lead=lead, cites=self.of_statements(names), note=note
        )

    def statement_line(self, name: str) -> Line | None:
        """An evidence statement with its direction, strength, certainty, verification and words."""
        statement = self.library.statements.get(name)
        if statement is None:
            return None
        return Line(
            text=sentence(upper_first(clean(statement.claim))),
            cites=self.of_statements((name,)),
            note="; ".join(statement_words(statement, self.library)),
            wording=wording_of(statement),
        )


def statement_words(statement: EvidenceStatement, library: Library) -> list[str]:
    """How far a statement carries: direction, strength, grade, certainty, search and verification."""
    words = [DIRECTION_WORDS[statement.direction]]
    if statement.strength and statement.strength != "none":
        words.append(STRENGTH_WORDS[statement.strength])
    grade = clean(statement.grade or "")
    if grade.lower() not in ("", words[0].lower(), f"{words[-1]} {words[0]}".lower()):
        words.append(f"“{grade}”")
    if statement.certainty and statement.certainty != "none":
        words.append(f"certainty {CERTAINTY_WORDS[statement.certainty]}")
    if statement.searched:
        words.append(f"searched {statement.searched}")
    words.append(VERIFIED_WORDS[statement.verified.how])
    if not library.supports(statement.id):
        source = library.sources.get(statement.source)
        why = "retracted" if source and source.retracted else "unverified"
        words.append(f"{why}: supports nothing")
    return words
