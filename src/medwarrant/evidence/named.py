"""Sources that words name: by author and year, by number, by identifier, or by the society's initials."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from weakref import WeakKeyDictionary

from ..model.sources import Source
from ..policy.library import Library
from ..terminology.text import normalise

_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
#: Beside one of these a family name is the name of a paper, though it may be a word or a person too.
_PAPER: Final = frozenset(
    "al trial rct study paper article review guideline consensus statement colleague publication report abstract "
    "meta metaanalysi metaanalysis author retracted shown show showed found reported demonstrated proved "
    "concluded wrote".split()
)
_INITIALS: Final = re.compile(r"\b[A-Z][a-z]+")
_SOCIETY: Final = re.compile(r"(?:[A-Z][a-z]+ (?:(?:of|for|and|the) )*){2,}[A-Z][a-z]+")
_IDENTIFIER: Final = re.compile(r"\b(?:10\.\d{4,}/\S+|\d{7,8})\b")
_NUMBER: Final = re.compile(r"\b[A-Z]{1,5}[ .-]?(?:[A-Z]{1,4}[ .-])?\d{3,6}[A-Z]?\b")
#: What is asked for by the initials of a society, in this order.
_KINDS: Final = ("guideline", "research")


class _Names:
    """By what sources may be asked for."""

    def __init__(self, library: Library) -> None:
        self.families: dict[tuple[str, ...], dict[str, int]] = {}
        self.initials: dict[str, dict[str, None]] = {}
        self.numbers: dict[str, dict[str, None]] = {}
        self.identifiers: dict[str, dict[str, None]] = {}
        for source in library.sources.values():
            for place, author in enumerate(source.author):
                if family := author.get("family"):
                    words = tuple(normalise(family).split())
                    self.families.setdefault(words, {}).setdefault(source.id, place)
                elif letters := initials(author.get("literal", "")):
                    self.initials.setdefault(letters, {})[source.id] = None
            if source.kind in _KINDS:
                for letters in _known_as(source):
                    self.initials.setdefault(letters, {})[source.id] = None
            for number in _numbers(source):
                self.numbers.setdefault(number, {})[source.id] = None
            for identifier in (source.doi, source.pmid):
                if identifier:
                    self.identifiers.setdefault(identifier.lower(), {})[source.id] = None


def initials(name: str) -> str:
    """The initials by which a society is known, or nothing for a short name.

    >>> initials("American Society of Regional Anesthesia and Pain Medicine"), initials("Aetna")
    ('ASRAPM', '')
    """
    letters = "".join(word[0] for word in _INITIALS.findall(name.partition("(")[0]))
    return letters if len(letters) > 2 else ""


def _known_as(source: Source) -> Iterator[str]:
    """The initials in a title, those of a society it names, and the editors' short name."""
    yield from re.findall(r"\b[A-Z]{3,6}\b", source.title)
    for society in _SOCIETY.findall(source.title):
        if letters := initials(society):
            yield letters
    short = source.id.partition("-")[0]
    families = {normalise(author.get("family", "")) for author in source.author}
    if 2 < len(short) < 7 and short.isalpha() and short not in families:
        yield short.upper()


def _numbers(source: Source) -> Iterator[str]:
    """The numbers of a document, as they are written without spaces and marks."""
    for text in filter(None, (source.number, source.title)):
        for match in _NUMBER.finditer(text):
            yield re.sub(r"[ .-]", "", match[0]).upper()


def _numbers_in(text: str) -> Iterator[str]:
    """The numbers that a text may mean: *LCD L36859* is L36859, not DL36859."""
    for match in re.finditer(r"(?:\b[A-Z]+[ .-])*[A-Z]*\d{3,6}[A-Z]?\b", text.upper()):
        parts = re.split(r"[ .-]", match[0])
        for at in range(len(parts)):
            yield "".join(parts[at:])


def named_sources(library: Library, text: str, limit: int = 6) -> tuple[Source, ...]:
    """The sources of the registry that a text names, best first; none where it names none.

    A family name counts with its year, or beside a word such as *trial* or *et al.*; where a year is
    named that no paper of the author has, nothing is found. First authors go before others.

    >>> from medwarrant import load_packs
    >>> [source.id for source in named_sources(load_packs(), "What about Saracco 2010?")]
    ['saracco-2010-retracted']
    """
    names = _names_of(library)
    found: dict[str, tuple[int, int]] = {}
    for match in _IDENTIFIER.finditer(text):
        for source in names.identifiers.get(match[0].lower().rstrip(".,;)"), ()):
            found[source] = (0, 0)
    for number in _numbers_in(text):
        for source in names.numbers.get(number, ()):
            found.setdefault(source, (0, 1))
    years = {int(year) for year in _YEAR.findall(text)}
    words = tuple(normalise(text).split())
    near = not _PAPER.isdisjoint(words)
    for family, by_place in names.families.items():
        if not _stands(family, words) or not (years or near):
            continue
        for source, place in by_place.items():
            if _of_year(library.sources[source], years):
                found.setdefault(source, (1, place))
    capitals = {word.replace("/", "") for word in re.findall(r"\b[A-Z][A-Za-z/]+[A-Z]\b", text)}
    for letters in {word.upper() for word in capitals if word.upper() in names.initials}:
        for source in names.initials[letters]:
            kind = library.sources[source].kind
            if _of_year(library.sources[source], years):
                place = _KINDS.index(kind) if kind in _KINDS else len(_KINDS)
                found.setdefault(source, (2, place))
    if any(rank == (1, 0) for rank in found.values()):
        found = {name: rank for name, rank in found.items() if rank[0] != 1 or rank[1] == 0}
    ordered = sorted(
        found, key=lambda name: (found[name], -(library.sources[name].year or 0), name)
    )
    return tuple(library.sources[name] for name in ordered[:limit])


def _of_year(source: Source, years: set[int]) -> bool:
    """Whether a source is of one of the years, by its date or by the name the editors gave it."""
    return not years or source.year in years or any(f"-{year}" in source.id for year in years)


def _stands(phrase: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(
        words[at : at + len(phrase)] == phrase for at, word in enumerate(words) if word == phrase[0]
    )


_KNOWN: WeakKeyDictionary[Library, _Names] = WeakKeyDictionary()


def _names_of(library: Library) -> _Names:
    if library not in _KNOWN:
        _KNOWN[library] = _Names(library)
    return _KNOWN[library]
