"""The words of a text, and the things of the packs that its phrases name whatever their wording.

*GON block*, *greater occipital nerve block* and `64405` are one concept, so that what is asked in one
wording is found in another. The phrases are those of the packs: titles of value sets with the words
users write, names of procedures, nerves, drugs, payers and facts, and the shorthand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from ..policy.library import Library
from ..terminology.text import STOP_WORDS, normalise
from .kept import sets_of

#: Words of questions about a library, which tell nothing of what is asked for.
ASKING: Final = STOP_WORDS | frozenset(
    """
    about bill billable billed billing after again all also although am an any anybody anyone anything are as ask at away back basis
    be because been before being believe but by can cannot could data dear did do doctor doe does doing
    done else even ever evidence exist explain expert feel find for found from further get give given go
    good had hello help here hey hi how however i if in information into just kind know let library like
    list literature lot make many may maybe me mean mention might mine more most much my need of often ok okay
    only other our out over own paper particular people please point prove publication published
    question really reason reference regarding research result said same say see send shall she should
    show since so some someone something source speak speaking state statement still study such summary
    support supported supporting sure take talk tell than thank thanks that them then there these they
    thing think this those though through to today told too topic try under up upon us use used using
    very want was way we well were what whatever when where whether which while who whom whose why will
    wish with within wonder work would write you your
    """.split()
)
_CODE: Final = re.compile(r"\b(?:[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?|[A-Z]?\d{4}[0-9A-Z])\b", re.I)


_ENDINGS: Final = ("ations", "ation", "ings", "ing", "edly", "ed", "ly", "e")


def stem(word: str) -> str:
    """A word without its ending, so that *repeat*, *repeated* and *repeating* meet.

    >>> stem("repeated"), stem("guiding"), stem("guide"), stem("red")
    ('repeat', 'guid', 'guid', 'red')
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 3:
            return word[: -len(ending)]
    return word


class Worded(msgspec.Struct, frozen=True):
    """A text as it is searched with: its telling words, and concepts with the words that name each."""

    words: tuple[str, ...]
    concepts: tuple[tuple[str, tuple[int, ...]], ...] = ()
    all_words: tuple[str, ...] = ()


class Concepts:
    """The phrases of a library by their first word."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        seen: set[tuple[tuple[str, ...], str]] = set()
        for written, concept in _phrases(library):
            words = tuple(normalise(written).split())
            if words and (words, concept) not in seen and not set(words) <= ASKING:
                seen.add((words, concept))
                self._by_first.setdefault(words[0], []).append((words, concept))

    def of(self, text: str) -> Worded:
        """The telling words of a text and the concepts that its phrases and codes name."""
        words = tuple(normalise(text).split())
        found: dict[tuple[str, tuple[int, ...]], None] = {}
        for at, word in enumerate(words):
            for phrase, concept in self._by_first.get(word, ()):
                if words[at : at + len(phrase)] == phrase:
                    found[concept, tuple(range(at, at + len(phrase)))] = None
        for match in _CODE.finditer(text):
            at = len(normalise(text[: match.start()]).split())
            places = tuple(range(at, at + len(normalise(match[0]).split())))
            for concept in self._coded(match[0].upper()):
                found[concept, places] = None
        telling = tuple(stem(word) for word in words if word not in ASKING)
        return Worded(telling, tuple(found), words)

    def _coded(self, code: str) -> Iterator[str]:
        procedure = self.library.procedure(code)
        if procedure is not None:
            yield f"procedure:{procedure.id}"
            yield f"code:{code}"
        elif code[0].isalpha():
            for name in sets_of(code, self.library):
                yield f"diagnosis:{name}"


def _phrases(library: Library) -> Iterator[tuple[str, str]]:
    for procedure in library.procedures.values():
        for words in (procedure.name, *procedure.words):
            yield words, f"procedure:{procedure.id}"
    for family in library.families.values():
        for words in family.words:
            for name in family.candidates:
                yield words, f"procedure:{name}"
    for nerve in library.nerves.values():
        for words in (nerve.name, *nerve.words):
            yield words, f"nerve:{nerve.id}"
    for drug in library.drugs.values():
        for words in (drug.name, *drug.words):
            yield words, f"drug:{drug.id}"
    for drug_class in library.drug_classes.values():
        for words in (drug_class.title, *drug_class.words):
            yield words, f"drug-class:{drug_class.id}"
    for known in library.valuesets.values():
        if not known.closed:
            for words in (known.title, *known.words):
                yield words, f"diagnosis:{known.id}"
    for payer in library.payers.values():
        for words in (payer.title.partition(" (")[0], *payer.words):
            yield words, f"payer:{payer.id}"
    for fact in library.facts.values():
        for words in fact.words:
            yield words, f"fact:{fact.id}"
        for value in fact.values.values():
            for words in value.words:
                yield words, f"fact:{fact.id}={value.id}"
    for meant, short in library.shorthand.items():
        for words in (meant.replace("-", " "), *short):
            yield words, f"short:{meant}"
