"""Every phrase the library knows, and where they occur in a document.

The phrases are the `words` of procedures, nerves, drugs, facts, value sets and payers. One phrase may
stand for several things (a diagnosis and a fact); who reads a document picks the kinds it wants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from ...policy.library import Library
from .document import Document, phrase
from .shorthand import Shorthand

_SIDES = frozenset({"left", "right", "bilateral", "both"})


@dataclass(frozen=True, slots=True)
class Entry:
    """What a phrase stands for.

    `kind` is `procedure`, `family`, `nerve`, `muscle`, `region`, `drug`, `drug_class`, `diagnosis`,
    `flag`, `deniable`, `choice`, `quantity`, `event`, `no_event`, `attribute`, `payer`, `line_of_business`,
    `state` or `contractor`; `value` is the code, status or value; `attribute` names the attribute
    of an event.
    """

    kind: str
    id: str
    value: str = ""
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a document, from `first` up to `last`, and what they stand for."""

    first: int
    last: int
    entries: tuple[Entry, ...]
    written: str = ""

    def of(self, *kinds: str) -> tuple[Entry, ...]:
        """The entries of some kinds."""
        return tuple(entry for entry in self.entries if entry.kind in kinds)


class Lexicon:
    """The phrases of a library by their first words."""

    def __init__(self, library: Library) -> None:
        self.phrases: dict[tuple[str, ...], dict[Entry, str]] = {}
        for written, entry in _entries(library):
            words = phrase(written)
            if words:
                self.phrases.setdefault(words, {}).setdefault(entry, written)
        self.shorthand = Shorthand(library)
        for words, entries in list(self.phrases.items()):
            for form, written in self.shorthand.forms(words):
                for entry in entries:
                    self.phrases.setdefault(form, {}).setdefault(entry, written)
        # By the first word, then by the second, which is "" where a phrase has none.
        self._by_first: dict[str, dict[str, list[tuple[str, ...]]]] = {}
        for words in sorted(self.phrases, key=len, reverse=True):
            second = words[1] if len(words) > 1 else ""
            self._by_first.setdefault(words[0], {}).setdefault(second, []).append(words)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every single word that occurs in a phrase."""
        return frozenset(word for words in self.phrases for word in words)

    @cached_property
    def clinical_vocabulary(self) -> frozenset[str]:
        """The words of phrases for services, diagnoses, anatomy and drugs: worth mending."""
        kinds = {"procedure", "family", "nerve", "muscle", "drug", "drug_class", "diagnosis"}
        return frozenset(
            word
            for words, entries in self.phrases.items()
            if any(entry.kind in kinds for entry in entries)
            for word in words
            if len(word) > 6 and word.isalpha()
        )

    def find(self, document: Document, norms: Sequence[str]) -> list[Mention]:
        """All mentions, longer and shorter ones, in the order of the text.

        `norms` are the normal forms of the document's words (misspellings may have been read as
        what they mean). Words in brackets, and one side of *A and B x*, may be skipped.
        """
        found: dict[tuple[int, int, tuple[Entry, ...]], Mention] = {}
        for path in paths(document, norms, sides=True):
            for mention in self._along(document, norms, path):
                found.setdefault((mention.first, mention.last, mention.entries), mention)
        return sorted(found.values(), key=lambda m: (m.first, -m.last))

    def _along(self, document: Document, norms: Sequence[str], path: Path) -> Iterator[Mention]:
        for at in range(path.first, path.until):
            if not path.starts(at):
                continue
            known = self._by_first.get(norms[path.indexes[at]])
            if known is None:
                continue
            follows = norms[path.indexes[at + 1]] if at + 1 < len(path.indexes) else ""
            for words in (*known.get(follows, ()), *known.get("", ())):
                indexes = path.indexes[at : at + len(words)]
                if len(indexes) < len(words) or not path.crosses(at, len(words)):
                    continue
                if any(norms[index] != word for index, word in zip(indexes, words, strict=True)):
                    continue
                if document.sentence[indexes[0]] != document.sentence[indexes[-1]]:
                    continue
                if crosses_bracket(document, indexes, path):
                    continue
                entries = self.phrases[words]
                fitting = tuple(
                    entry
                    for entry, written in entries.items()
                    if self._fits(document, indexes, entry, written)
                )
                if fitting:
                    yield Mention(
                        indexes[0], indexes[-1] + 1, fitting, next(iter(entries.values()))
                    )

    def _fits(self, document: Document, indexes: Sequence[int], entry: Entry, written: str) -> bool:
        """Whether the case of a short abbreviation fits: SON is a nerve, a son is not."""
        if len(indexes) > 1 or not written.isupper() or len(written) > 4:
            return True
        if entry.kind in ("nerve", "muscle", "attribute") or written in self.shorthand.capitals:
            return document.tokens[indexes[0]].text.isupper()
        return True


@dataclass(frozen=True, slots=True)
class Path:
    """A way through the words of a document that leaves some out, at `skip` in `indexes`."""

    indexes: Sequence[int]
    first: int
    until: int
    skip: int | None = None

    def starts(self, at: int) -> bool:
        """Whether a phrase may start here: before what is left out, if anything is."""
        return self.skip is None or at < self.skip

    def crosses(self, at: int, length: int) -> bool:
        """Whether a phrase of this length reaches over what is left out."""
        return self.skip is None or at + length > self.skip


def paths(
    document: Document, norms: Sequence[str], most_skipped: int = 2, *, sides: bool = False
) -> Iterator[Path]:
    """The ways to read a text: as it stands, without what is in brackets, and *A (and B) x*.

    `most_skipped` is the greatest number of words in B. With `sides`, *over the left nerve* is read as
    *over the nerve* too.

    >>> document = Document("cervical and lumbar radiculopathy")
    >>> norms = [token.norm for token in document.tokens]
    >>> [[norms[i] for i in path.indexes] for path in paths(document, norms)][1]
    ['cervical', 'radiculopathy']
    """
    count = len(document.tokens)
    yield Path(range(count), 0, count)
    reach = 10
    at = 0
    while at < count:
        if document.bracketed[at]:
            end = at
            while end < count and document.bracketed[end]:
                end += 1
            low = max(0, at - reach)
            indexes = [*range(low, at), *range(end, min(count, end + reach))]
            if at > low and end < count:
                yield Path(indexes, 0, at - low, at - low)
            at = end
        at += 1
    for at in range(1, count - 2):
        if norms[at] in ("and", "or") or (
            document.gap(at + 1) == "/" and norms[at] not in ("and", "or")
        ):
            joined = norms[at] in ("and", "or")
            kept_to = at if joined else at + 1
            for skipped in range(1, most_skipped + 1):
                resume = kept_to + skipped + (1 if joined else 0)
                if resume >= count or "," in document.gap(kept_to):
                    break
                low = max(0, kept_to - 4)
                indexes = [*range(low, kept_to), *range(resume, min(count, resume + 6))]
                yield Path(indexes, 0, kept_to - low, kept_to - low)

    if sides:
        for at in range(1, count - 1):
            if norms[at] in _SIDES:
                low = max(0, at - 6)
                yield Path(
                    [*range(low, at), *range(at + 1, min(count, at + 7))], 0, at - low, at - low
                )


def crosses_bracket(document: Document, indexes: Sequence[int], path: Path) -> bool:
    """Whether words stand partly in brackets and partly before or after them."""
    return path.skip is None and len({document.bracketed[index] for index in indexes}) > 1


_LEXICONS: WeakKeyDictionary[Library, Lexicon] = WeakKeyDictionary()


def lexicon_of(library: Library) -> Lexicon:
    """The lexicon of a library, made once.

    >>> from medwarrant import load_packs
    >>> library = load_packs()
    >>> lexicon_of(library) is lexicon_of(library)
    True
    """
    if library not in _LEXICONS:
        _LEXICONS[library] = Lexicon(library)
    return _LEXICONS[library]


def _entries(library: Library) -> Iterator[tuple[str, Entry]]:
    yield from _tables(library)
    for value_set in library.valuesets.values():
        for words, code in value_set.words.items():
            yield words, Entry("diagnosis", value_set.id, code)
    for fact in library.facts.values():
        kind = "flag" if fact.kind == "flag" else "quantity"
        for words in fact.words:
            yield words, Entry(kind, fact.id, "present" if kind == "flag" else "")
        for words in fact.denied:
            yield words, Entry("flag", fact.id, "absent")
            cue, _, denied = words.partition(" ")
            if cue in ("no", "without", "denies") and denied:
                yield denied, Entry("deniable", fact.id, "absent")
        if fact.id == "state":
            for value in fact.values.values():
                for words in (
                    (value.title, *value.words)
                    if len(value.words) != 1 or value.words[0] == value.title.lower()
                    else value.words
                ):
                    yield words, Entry("state", value.id, value.id)
            continue
        for value in fact.values.values():
            for words in value.words:
                yield words, Entry("choice", fact.id, value.id)
    for event in library.events.values():
        for words in event.words:
            yield words, Entry("event", event.id)
        for words in event.denied:
            yield words, Entry("no_event", event.id)
            cue, _, denied = words.partition(" ")
            if cue == "no" and not denied.startswith("history"):
                yield f"no history of {denied}", Entry("no_event", event.id)
        for attribute in event.attributes.values():
            for value in attribute.values.values():
                for words in value.words:
                    yield words, Entry("attribute", event.id, value.id, attribute.id)


def _tables(library: Library) -> Iterator[tuple[str, Entry]]:
    named: dict[str, Mapping[str, Any]] = {
        "procedure": library.procedures,
        "nerve": library.nerves,
        "muscle": library.muscles,
        "region": library.regions,
        "place": library.places,
        "drug": library.drugs,
        "family": library.families,
        "drug_class": library.drug_classes,
        "payer": library.payers,
        "line_of_business": library.lines_of_business,
        "contractor": library.contractors,
    }
    for kind, table in named.items():
        for item in table.values():
            entry = Entry(kind, item.id)
            name = getattr(item, "name", "")
            if kind in ("procedure", "nerve", "drug") and name:
                yield name, entry
            for words in item.words:
                yield words, entry
