"""The sections of a clinical note: which headings it has, and what stands under each.

Headings are recognised by form (a line of its own, capitals, a colon, a number, Markdown marks) and by
their words, which are data of the packs. What stands under a heading that is not known is read as a
statement about the patient.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

import msgspec

from ...policy.library import Library
from ...policy.pack import NoteSection

#: What stands before the first heading, or under one that is not known.
OTHER: Final = NoteSection(id="other", title="Other")
_LINE: Final = re.compile(r"[^\r\n\u2028\u2029\f]+")
_LEAD: Final = re.compile(
    r"\s*(?:#{1,6}\s*|>\s*)?(?:\*{1,3}|_{1,3})?(?:(?:\d{1,2}|[IVX]{1,4}|[A-Z])[.)]\s+)?(?:\*{1,3}|_{1,3})?"
)
_BEFORE_COLON: Final = re.compile(
    r"(?P<head>[A-Za-z][^:.;?!\[\]_]{0,58}?)\s*(?:\*{1,3}|_{2,3})?\s*:(?!\d)\s*(?:\*{1,3})?"
)
_ALONE: Final = re.compile(r"(?P<head>[A-Za-z][^:.;?!\[\]]{0,58}?)\s*(?:[*_#=-]{1,60})?\s*$")
_WITHIN: Final = re.compile(r"(?:(?<=[.;!?)])\s+|\s{3,}|\|\s*)(?P<head>[A-Z][A-Za-z/&, -]{1,45}):")
_OWN: Final = re.compile(r"\s*[A-Z][A-Za-z/-]+(?: [A-Za-z/-]+){0,3}:\s+\S")
_NOT_HEADING: Final = re.compile(r"\d{2,}|%|\bmg\b")


class Section(msgspec.Struct, frozen=True):
    """A part of a note: its kind, its heading as written, and where heading and text stand.

    The heading is `text[start:body]`, what stands under it `text[body:end]`.
    """

    kind: NoteSection
    heading: str
    start: int
    body: int
    end: int


def read_sections(text: str, library: Library) -> tuple[Section, ...]:
    r"""The sections of a note in order; together they cover it.

    >>> from medwarrant import load_packs
    >>> text = "HPI: Neck pain.\nFAMILY HISTORY: Migraine in the mother."
    >>> [(s.kind.id, text[s.body:s.end].strip()) for s in read_sections(text, load_packs())]
    [('history', 'Neck pain.'), ('family-history', 'Migraine in the mother.')]
    """
    table = _table(library)
    starts: list[tuple[int, int, str, NoteSection]] = [(0, 0, "", OTHER)]
    headed = -1
    for line in _LINE.finditer(text):
        for start, body, heading, kind in _headings(text, line.start(), line.end(), table):
            if start == 0:
                starts.clear()
            starts.append((start, body, heading, kind))
            headed = line.start()
        if starts[-1][3].reads == "nothing" and headed != line.start():
            # A heading of its own, though not a known one, ends what states nothing.
            if _OWN.match(text, line.start(), line.end()):
                starts.append((line.start(), line.start(), "", OTHER))
    ends = [start for start, *_ in starts[1:]] + [len(text)]
    return tuple(
        Section(kind, heading, start, body, end)
        for (start, body, heading, kind), end in zip(starts, ends, strict=True)
    )


def _headings(
    text: str, start: int, end: int, table: Mapping[str, NoteSection]
) -> Iterator[tuple[int, int, str, NoteSection]]:
    lead = _LEAD.match(text, start, end)
    at = lead.end() if lead else start
    marked = lead is not None and "#" in lead[0]
    found = _BEFORE_COLON.match(text, at, end)
    body = at
    if found:
        known = _known(found["head"], table, marked=marked, alone=found.end() >= end)
        if known is not None:
            kind, whole = known
            body = found.end() if whole else start
            yield start, body, found["head"].strip(), kind
    elif end - at <= 60 and (found := _ALONE.match(text, at, end)):
        known = _known(found["head"], table, marked=marked, alone=True)
        if known is not None and known[1]:
            yield start, end, found["head"].strip(), known[0]
            return
    for found in _WITHIN.finditer(text, max(body, start), end):
        exact = table.get(_plain(found["head"]))
        if exact is not None and len(found["head"]) > 2:
            yield found.start("head"), found.end(), found["head"], exact


def _known(
    heading: str, table: Mapping[str, NoteSection], *, marked: bool, alone: bool
) -> tuple[NoteSection, bool] | None:
    """The kind of section a heading begins, and whether all of the heading is its name."""
    words = _plain(heading)
    capitals = re.sub(r"\([^()]*\)", "", heading).isupper()
    if not words or _NOT_HEADING.search(re.sub(r"\([^()]*\)", "", heading)):
        return None
    exact = table.get(words)
    if exact is not None:
        if len(words) < 3 and not capitals:
            return None
        return (exact, True) if capitals or marked or heading[0].isupper() else None
    if (capitals and len(words) > 4) or marked:
        return _longest_within(words, table) or OTHER, True
    first = words.split()
    for length in (3, 2, 1):
        prefix = table.get(" ".join(first[:length]))
        if (
            prefix is not None
            and length < len(first) <= length + 3
            and heading[0].isupper()
            and not alone
        ):
            if length > 1 or len(first[0]) > 2 or first[0].upper() == heading.split()[0]:
                return prefix, False
    return None


def _longest_within(words: str, table: Mapping[str, NoteSection]) -> NoteSection | None:
    parts = words.split()
    for length in range(len(parts), 0, -1):
        for at in range(len(parts) - length + 1):
            part = " ".join(parts[at : at + length])
            if part in table and (length > 1 or len(part) > 3):
                return table[part]
    return None


@lru_cache(maxsize=2048)
def _plain(heading: str) -> str:
    heading = re.sub(r"\([^()]*\)", " ", heading)
    return " ".join(re.findall(r"[a-z0-9]+", heading.lower().replace("'s", "s")))


@lru_cache(maxsize=8)
def _table(library: Library) -> Mapping[str, NoteSection]:
    return {_plain(words): kind for kind in library.sections.values() for words in kind.words}
