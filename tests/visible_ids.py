"""Ids that a person would see in a text: names with a hyphen or an underscore, values and payers by their id.

What an author wrote in prose (*self-care*, *beta-blocker*) is no id where it stands in prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import msgspec

from medwarrant.policy import criteria as c
from medwarrant.policy.library import Library

_TABLES = (
    "facts",
    "events",
    "payers",
    "lines_of_business",
    "contractors",
    "nerves",
    "muscles",
    "regions",
    "drugs",
    "drug_classes",
    "kinds",
    "procedures",
    "families",
    "valuesets",
    "policies",
    "sources",
    "statements",
    "clocks",
)
#: The fields of packs that hold prose.
_PROSE = frozenset(
    {"title", "plain", "claim", "message", "name", "question", "document", "summary", "because"}
    | {"note", "told", "locator", "number", "publisher", "container", "grade", "population"}
    | {"about", "why", "author"}
)
_WORD = re.compile(r"(?<![\w/.#-])[a-z0-9]+(?:[-_/][a-z0-9]+)*(?![\w/#-]|\.\w)")
_NAMED = re.compile(r"(?<![\w./-])[a-z0-9]+(?:[-_/][a-z0-9]+)+(?:[#@][\w.]+)?(?![\w/])")
_NUMBERED = re.compile(r"(?<![\w./-])[a-z][a-z0-9_-]*[#@]\w+")
_LOWER = re.compile(r"(?<![\w./@-])[a-z]+(?![\w/-]|\.\w)")
#: Addresses, and the options of the command line, are not read as words.
_NOT_WORDS = re.compile(r"https?://\S+|doi:\S+|--fact\s+(?:'[^']*'|\S+)|--[a-z-]+")


def seen_ids(text: str, library: Library) -> Iterator[str]:
    """Every id that stands in a visible text, with what stands around it."""
    text = _NOT_WORDS.sub(" ", " ".join(text.split()))
    for pattern, found in ((_NAMED, _ids), (_NUMBERED, _numbered), (_LOWER, _names)):
        known = found(library)
        for match in pattern.finditer(text):
            bare = re.split("[#@]", match[0])[0]
            if bare in known:
                yield f"{match[0]}: …{text[max(0, match.start() - 50) : match.end() + 40]}…"
    for match in _pairs(library).finditer(text):
        yield f"{match[0]}: …{text[max(0, match.start() - 50) : match.end() + 40]}…"


@lru_cache(maxsize=2)
def _prose_words(library: Library) -> frozenset[str]:
    found: list[str] = []
    for pack in library.packs:
        _gather(pack, found)
    for table in _TABLES:
        _gather(getattr(library, table), found)
    return frozenset(word for text in found for word in _WORD.findall(text))


def _gather(value: Any, found: list[str], prose: bool = False) -> None:
    match value:
        case msgspec.Struct():
            for name in value.__struct_fields__:
                _gather(getattr(value, name), found, name in _PROSE)
        case str():
            found += [value] if prose else []
        case dict():
            for one in value.values():
                _gather(one, found, prose)
        case list() | tuple():
            for one in value:
                _gather(one, found, prose)
        case _ if hasattr(value, "__dataclass_fields__"):
            for name in value.__dataclass_fields__:
                _gather(getattr(value, name), found, name in _PROSE)


@lru_cache(maxsize=2)
def _ids(library: Library) -> frozenset[str]:
    """All ids of the packs but those that are also written in prose."""
    found: set[str] = {pack.id for pack in library.packs}
    for table in _TABLES:
        found |= set(getattr(library, table))
    for fact in library.facts.values():
        found |= set(fact.values)
    for event in library.events.values():
        found |= set(event.attributes)
        found |= {name for one in event.attributes.values() for name in one.values}
    for policy in library.policies.values():
        trees: list[c.Criterion | None] = [policy.applies_to]
        for indication in policy.indications:
            found.add(indication.id)
            trees += [indication.scope, indication.requires]
        for rule in policy.request_rules:
            found.add(rule.id)
            trees.append(rule.rule)
        found |= {node.id for tree in trees if tree is not None for node in c.walk(tree)}
    return frozenset(found - _prose_words(library))


@lru_cache(maxsize=2)
def _numbered(library: Library) -> frozenset[str]:
    """Facts that are told by number or by service: `drug-trial#1`, `intent@64405`."""
    return frozenset({*library.facts, *library.events})


@lru_cache(maxsize=2)
def _names(library: Library) -> frozenset[str]:
    """Payers and contractors, whose names begin with a capital."""
    return frozenset({*library.payers, *library.contractors} - _prose_words(library))


@lru_cache(maxsize=2)
def _pairs(library: Library) -> re.Pattern[str]:
    """An attribute or a choice by its id, its value by its id, where the value has other words."""
    found: set[tuple[str, str]] = set()
    for fact in library.facts.values():
        for value in fact.values.values():
            if value.title.lower() != _spaced(value.id):
                found.add((_spaced(fact.id), _spaced(value.id)))
    for event in library.events.values():
        for attribute in event.attributes.values():
            for value in attribute.values.values():
                if value.title.lower() != _spaced(value.id):
                    found.add((_spaced(attribute.id), _spaced(value.id)))
    said = sorted(f"{re.escape(name)}:? {re.escape(value)}" for name, value in found)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(said)})(?=[,.;)])")


def _spaced(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").lower()


def shown(texts: Iterable[str], library: Library) -> list[str]:
    """The ids seen in texts, each once."""
    return list(dict.fromkeys(one for text in texts for one in seen_ids(text, library)))
