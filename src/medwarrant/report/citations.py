"""Citations: numbers that stay the same for every audience, with the marks a reader must see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..model.determination import Reference
from ..model.sources import EvidenceStatement
from ..policy.library import Library
from .article import Citation, Line, ReferenceEntry
from .text import clean, sentence, shortened, upper_first
from .words import CERTAINTY_WORDS, DIRECTION_WORDS, KIND_WORDS, STRENGTH_WORDS, VERIFIED_WORDS

_WEIGHT = {"strong": 3, "consensus": 2, "weak": 1, "none": 0}
#: A brief reference has so many characters beside its number and marks, the title at least so many.
_BRIEF = 68
_LEAST = 24
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
        """An evidence statement with its direction, strength, certainty and verification."""
        statement = self.library.statements.get(name)
        if statement is None:
            return None
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
        if not self.library.supports(name):
            source = self.library.sources.get(statement.source)
            why = "retracted" if source and source.retracted else "unverified"
            words.append(f"{why}: supports nothing")
        return Line(
            text=sentence(upper_first(clean(statement.claim))),
            cites=self.of_statements((name,)),
            note="; ".join(words),
        )

    def entries(
        self, *, everything: bool = False, brief: bool = False
    ) -> tuple[ReferenceEntry, ...]:
        """The reference list: what was cited, or all of the answer's references.

        A brief entry has first author, year, and DOI or a title that may be cut, and its marks.
        """
        return tuple(
            self._entry(reference, brief=brief)
            for reference in sorted(self.references.values(), key=lambda entry: entry.n)
            if everything or reference.id in self.cited
        )

    def _entry(self, reference: Reference, *, brief: bool) -> ReferenceEntry:
        if brief:
            return self._brief_entry(reference)
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
            self.library.statements[name].strength or ""
            for name in self.cited.get(reference.id, ())
            if self.library.supports(name)
        )
        named = [STRENGTH_WORDS[value] for value in strengths if value and value != "none"]
        if named:
            facts.append(f"strength of what is cited: {', '.join(named)}")
        facts.append(VERIFIED_WORDS[reference.verified])
        if reference.note:
            facts.append(clean(reference.note).rstrip("."))
        return ReferenceEntry(
            n=reference.n,
            kind=KIND_WORDS.get(reference.kind, reference.kind),
            text=text,
            facts=tuple(facts),
            marks=_marks(reference),
            url=url,
            place=" · ".join(places),
        )

    def _brief_entry(self, reference: Reference) -> ReferenceEntry:
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


def _web_address(reference: Reference) -> str:
    """Where a reader finds the source: its DOI, its PubMed page, or the publisher's own address."""
    if reference.doi:
        return f"https://doi.org/{clean(reference.doi)}"
    if reference.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{clean(reference.pmid)}/"
    url = clean(reference.url or "")
    return url if url.startswith(("https://", "http://")) else ""
