"""What a criterion is called by its id, where its trace is not at hand: lists over many cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from . import criteria as c
from .fact_words import spaced
from .library import Library
from .policy import Policy
from .prose import words_for


def criterion_name(name: str, library: Library) -> str:
    """The title of a criterion, rule or indication; its id with spaces where policies do not agree on one.

    >>> from medwarrant.policy.load import load_packs
    >>> criterion_name("acute-drugs-inadequate", load_packs())
    'Acute drug treatment was inadequate, not tolerated or contraindicated'
    >>> criterion_name("no-such-criterion#2", load_packs())
    'no such criterion, 2'
    """
    bare, _, number = name.partition("#")
    known = _titles(library).get(bare, frozenset())
    words = next(iter(known)) if len(known) == 1 else spaced(bare)
    return f"{words}, {number}" if number else words


@lru_cache(maxsize=8)
def _titles(library: Library) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for policy in library.policies.values():
        for name, title in _named(policy, library):
            found.setdefault(name, set()).add(title)
    return {name: frozenset(titles) for name, titles in found.items()}


def _named(policy: Policy, library: Library) -> Iterator[tuple[str, str]]:
    yield policy.id, policy.title
    for indication in policy.indications:
        yield indication.id, indication.title
        yield from _below((indication.scope, indication.requires), library)
    for rule in policy.request_rules:
        yield rule.id, rule.title
        yield from _below((rule.rule,), library)


def _below(trees: Iterable[c.Criterion | None], library: Library) -> Iterator[tuple[str, str]]:
    """The criteria that an author named; a group is called by its title alone."""
    for tree in trees:
        for node in c.walk(tree) if tree is not None else ():
            title = node.title if c.is_connective(node) else words_for(node, library)
            if title:
                yield node.id, title
