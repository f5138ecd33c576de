"""A criteria tree compiled to closures: one that only tells the status, one that keeps a trace.

`all_of` is a minimum and `any_of` a maximum over `Status`, so that the bare closure can stop early.
An editorial criterion that is not met reads as missing; an unverified one never counts as met.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import NamedTuple

from ..model.determination import StatementShown
from ..model.status import Status, at_least
from ..policy import criteria as c
from ..policy.library import Library
from ..policy.prose import words_for
from .leaves import leaf_test
from .view import View

MET, MISSING, NOT_MET = Status.MET, Status.MISSING, Status.NOT_MET

#: A node's status, the node, the traces of its children, and its status were it verified.
Trace = tuple[Status, c.Criterion, tuple["Trace", ...], Status]
Bare = Callable[[View], Status]
Traced = Callable[[View], Trace]


class Titles(NamedTuple):
    """A criterion's kind, its words, the document that closes it, and the sources it rests on."""

    kind: str
    words: str
    document: str | None
    sources: tuple[str, ...]


def document_of(node: c.Criterion, library: Library) -> str | None:
    """The document that closes a criterion: its own, else the fact's."""
    if node.document:
        return node.document
    if c.is_connective(node):
        return None
    for name in c.facts_read(node):
        known = library.facts.get(name) or library.events.get(name)
        if known is not None and known.document:
            return known.document
    return None


class Compiled:
    """The closures of the criteria trees of one library, each made once.

    Trees are told apart by identity: they belong to the packs and live as long as these do.
    """

    def __init__(self) -> None:
        self._bare: dict[int, Bare] = {}
        self._lenient: dict[int, Bare] = {}
        self._traced: dict[int, Traced] = {}
        self._facts: dict[int, tuple[str, ...]] = {}
        self._titles: dict[int, Titles] = {}
        self._reads_item: dict[int, bool] = {}
        #: How statements and authors are shown, by the ids of statements and sources.
        self.statements: dict[str, StatementShown | None] = {}
        self.authors: dict[str, str] = {}
        self._documents: dict[int, tuple[tuple[str, str], ...]] = {}
        self._once: dict[int, Bare] = {}
        self._keys: dict[int, int] = {}
        self._equal: dict[Hashable, int] = {}
        self._kept: list[Hashable] = []  # keeps identities from being used again

    def key(self, part: Hashable) -> int:
        """A number for a part of a policy, the same for parts that are equal.

        Policies that share a safety profile hold equal rules; what these come to for one service
        line is worked out once (see `view.Settled`).
        """
        known = self._keys.get(id(part))
        if known is None:
            self._kept.append(part)
            known = self._keys[id(part)] = self._equal.setdefault(part, len(self._equal))
        return known

    def once(self, node: c.Criterion, *, lenient: bool = False) -> Bare:
        """The status of a tree, worked out once for a service line, or for an item.

        For trees that are asked for many times: scopes, rules about the whole request and
        contraindications.
        """
        key = 2 * self.key(node) + lenient
        known = self._once.get(key)
        if known is None:
            test = self.lenient(node) if lenient else self.bare(node)
            known = self._once[key] = (_per_item if self.reads_item(node) else _per_line)(test, key)
        return known

    def bare(self, node: c.Criterion) -> Bare:
        """The status of a tree, without a trace."""
        known = self._bare.get(id(node))
        if known is None:
            self._kept.append(node)
            known = self._bare[id(node)] = compile_bare(node)
        return known

    def reads_item(self, node: c.Criterion) -> bool:
        """Whether the status of a tree may differ between the diagnoses of one service line."""
        known = self._reads_item.get(id(node))
        if known is None:
            self._kept.append(node)
            known = self._reads_item[id(node)] = any(
                isinstance(part, c.DiagnosisIn) and part.among == "item" for part in c.walk(node)
            )
        return known

    def facts(self, node: c.Criterion) -> tuple[str, ...]:
        """Ids of the facts that a tree reads."""
        known = self._facts.get(id(node))
        if known is None:
            self._kept.append(node)
            known = self._facts[id(node)] = c.facts_read(node)
        return known

    def titles(self, node: c.Criterion, library: Library) -> Titles:
        """What is said of a criterion whatever the case: words, document, sources."""
        known = self._titles.get(id(node))
        if known is None:
            self._kept.append(node)
            sources = dict.fromkeys(
                library.statements[name].source
                for name in node.rests_on
                if name in library.statements
            )
            known = Titles(
                c.kind_of(node),
                words_for(node, library),
                document_of(node, library),
                tuple(sources),
            )
            self._titles[id(node)] = known
        return known

    def documents(self, node: c.Criterion, library: Library) -> tuple[tuple[str, str], ...]:
        """The documents that close the criteria of a tree, each with the id of its criterion."""
        known = self._documents.get(id(node))
        if known is None:
            self._kept.append(node)
            titled = ((self.titles(part, library).document, part.id) for part in c.walk(node))
            known = tuple((document, name) for document, name in titled if document)
            self._documents[id(node)] = known
        return known

    def lenient(self, node: c.Criterion) -> Bare:
        """The status of a tree in which unverified criteria count too."""
        known = self._lenient.get(id(node))
        if known is None:
            self._kept.append(node)
            known = self._lenient[id(node)] = compile_bare(node, lenient=True)
        return known

    def traced(self, node: c.Criterion) -> Traced:
        """The status of a tree with the trace of every node."""
        known = self._traced.get(id(node))
        if known is None:
            self._kept.append(node)
            known = self._traced[id(node)] = compile_traced(node)
        return known


def _per_line(test: Bare, key: int) -> Bare:
    def test_once(view: View) -> Status:
        statuses = view.settled.statuses
        found = statuses.get(key)
        if found is None:
            found = statuses[key] = test(view)
        return found

    return test_once


def _per_item(test: Bare, key: int) -> Bare:
    def test_once(view: View) -> Status:
        found = view.own.get(key)
        if found is None:
            found = view.own[key] = test(view)
        return found

    return test_once


def compile_bare(node: c.Criterion, *, lenient: bool = False) -> Bare:
    """The status of a tree, without a trace; `lenient` lets unverified criteria count."""
    if not node.verified and not lenient:
        return lambda view: NOT_MET
    test = _bare(node, lenient)
    return _editorial(test) if node.editorial else test


def _editorial(test: Bare) -> Bare:
    return lambda view: MET if test(view) is MET else MISSING


def _bare(node: c.Criterion, lenient: bool) -> Bare:
    match node:
        case c.AllOf():
            return _all(tuple(compile_bare(child, lenient=lenient) for child in node.children))
        case c.AnyOf():
            return _any(tuple(compile_bare(child, lenient=lenient) for child in node.children))
        case c.NoneOf():
            any_child = _any(tuple(compile_bare(child, lenient=lenient) for child in node.children))
            return lambda view: _NEGATION[any_child(view)]
        case c.AtLeast():
            tests = tuple(compile_bare(child, lenient=lenient) for child in node.children)
            number = node.number
            return lambda view: at_least(number, [test(view) for test in tests])
        case _:
            return leaf_test(node)


_NEGATION = (MET, MISSING, NOT_MET)


def _all(tests: tuple[Bare, ...]) -> Bare:
    def test_all(view: View) -> Status:
        status = MET
        for test in tests:
            found = test(view)
            if found is NOT_MET:
                return NOT_MET
            if found is MISSING:
                status = MISSING
        return status

    return test_all


def _any(tests: tuple[Bare, ...]) -> Bare:
    def test_any(view: View) -> Status:
        status = NOT_MET
        for test in tests:
            found = test(view)
            if found is MET:
                return MET
            if found is MISSING:
                status = MISSING
        return status

    return test_any


def compile_traced(node: c.Criterion) -> Traced:
    """The status of a tree with the trace of every node, none skipped."""
    match node:
        case c.AllOf() | c.AnyOf() | c.NoneOf() | c.AtLeast():
            return _traced_connective(node)
        case _:
            test, editorial, verified = leaf_test(node), node.editorial, node.verified

            def traced(view: View) -> Trace:
                raw = test(view)
                if editorial and raw is NOT_MET:
                    raw = MISSING
                return (raw if verified else NOT_MET, node, (), raw)

            return traced


def _traced_connective(node: c.Connective) -> Traced:
    children = tuple(compile_traced(child) for child in node.children)
    join, editorial, verified = _join(node), node.editorial, node.verified
    plain = all(_plain(child) for child in node.children)

    def traced(view: View) -> Trace:
        traces = tuple([child(view) for child in children])
        status = join([trace[0] for trace in traces])
        raw = status if plain else join([trace[3] for trace in traces])
        if editorial and status is NOT_MET:
            status = MISSING
        return (status if verified else NOT_MET, node, traces, raw)

    return traced


def _plain(node: c.Criterion) -> bool:
    """Whether a node's status is always what it would be were all of it verified."""
    if not node.verified or (node.editorial and c.is_connective(node)):
        return False
    return all(_plain(child) for child in c.children_of(node))


def _lowest(statuses: list[Status]) -> Status:
    return NOT_MET if NOT_MET in statuses else MISSING if MISSING in statuses else MET


def _highest(statuses: list[Status]) -> Status:
    return MET if MET in statuses else MISSING if MISSING in statuses else NOT_MET


def _join(node: c.Connective) -> Callable[[list[Status]], Status]:
    match node:
        case c.AllOf():
            return _lowest
        case c.AnyOf():
            return _highest
        case c.NoneOf():
            return lambda statuses: _NEGATION[_highest(statuses)]
        case c.AtLeast():
            number = node.number
            return lambda statuses: at_least(number, statuses)
