"""A value said alone, as an answer to a question: *left*, *prevention instead*, *the supraorbital branch*.

In a question such a word may mean many things; in a follow-up that says nothing else of the kind it is
the value of the fact about the service whose value it is. A payer's name is one too, however it is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from weakref import WeakKeyDictionary

from ..answer import Answer
from ..engine.supplied import COVERAGE_FACTS
from ..intake.reading import Reading
from ..model.facts import Fact, Provenance
from ..policy.library import Library
from ..terminology.text import normalise

#: A part with more words says more than a value.
_MOST_WORDS: Final = 12
_NOT_BARE: Final = frozenset(
    "not no never without nor denies denied if last previous prior earlier before after history past ago".split()
)
#: *In our clinic* is *in clinic*.
_WHOSE: Final = frozenset("a an the our my her his their this".split())


def bare_values(text: str, reading: Reading, answer: Answer, document: str) -> Iterator[Fact]:
    """The values of service facts that a short text names and its reading left out."""
    words = normalise(text).split()
    told = [word for word in words if word not in _WHOSE]
    if len(words) > _MOST_WORDS or not _NOT_BARE.isdisjoint(words):
        return
    held = {fact.fact for fact in reading.facts}
    if not held.isdisjoint(COVERAGE_FACTS):
        held.add("payer")
    known = _values_of(answer.library)
    at, words = 0, told
    while at < len(words):
        size = next(
            (
                n
                for n in range(min(6, len(words) - at), 0, -1)
                if tuple(words[at : at + n]) in known
            ),
            0,
        )
        if size:
            name, value = known[tuple(words[at : at + size])]
            fact = _fact(name, value, answer, text, document)
            if name not in held and fact is not None:
                held.add(name)
                yield fact
        at += size or 1


def _fact(name: str, value: str, answer: Answer, text: str, document: str) -> Fact | None:
    """The fact; a nerve belongs to the service lines whose code reaches it."""
    service = None
    if name == "nerve":
        codes = answer.library.nerve_codes(value)
        asked = dict.fromkeys(line.code for line in answer.reading.request.services)
        fitting = [code for code in asked if code in codes]
        if not fitting:
            return None
        service = fitting[0] if len(asked) > 1 else None
    where = Provenance(document=document, span=(0, len(text)), quote=text.strip())
    return Fact(fact=name, value=value, service=service, provenance=where)


def _key(words: str) -> tuple[str, ...]:
    return tuple(word for word in normalise(words).split() if word not in _WHOSE)


_VALUES: WeakKeyDictionary[Library, dict[tuple[str, ...], tuple[str, str]]] = WeakKeyDictionary()


def _values_of(library: Library) -> dict[tuple[str, ...], tuple[str, str]]:
    """The value of a service fact by the words that name it: its id, its words."""
    if library in _VALUES:
        return _VALUES[library]
    found: dict[tuple[str, ...], tuple[str, str]] = {}
    for nerve in library.nerves.values():
        for words in (nerve.name, *nerve.words):
            found.setdefault(_key(words), ("nerve", nerve.id))
    for fact in library.facts.values():
        if fact.about != "service" or fact.kind != "choice":
            continue
        for value in fact.values.values():
            for words in (value.id.replace("-", " "), *value.words):
                found.setdefault(_key(words), (fact.id, value.id))
    for payer in library.payers.values():
        for words in payer.words:
            found.setdefault(_key(words), ("payer", payer.id))
    _VALUES[library] = {words: value for words, value in found.items() if words}
    return _VALUES[library]
