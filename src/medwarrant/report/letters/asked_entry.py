"""One thing asked for, found in the record: a criterion, a rule, a document, a fact, or words."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ...model.determination import Ask
from ...model.errors import InputError
from ...policy import criteria as c
from ...policy.policy import Policy
from ...policy.prose import words_for
from ..citations import CitationList
from ..text import clean, lower_first, sentence
from ..view import ArticleView, Pair
from .letter import Cite
from .parts import cites
from .paths import Path, indication_titles, out_of_scope, paths, record_says, rules_of, told
from .told import Asked


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing asked for, before it is told for which pairs: what, why, and what closes it."""

    what: str
    known: str = ""
    question: str = ""
    policy: str = ""
    why: str = ""
    closes: str = ""
    words: str = ""
    cites: tuple[Cite, ...] = ()


def entries_of(
    view: ArticleView, citations: CitationList, one: Asked, where: str
) -> Iterator[tuple[Entry, tuple[Pair, ...]]]:
    """What one thing asked for is, with the pairs it is for; nothing where the record does not hold it.

    For a fact or for words that name no pair, it is for the request as a whole.
    """
    pairs = tuple(
        pair
        for pair in view.pairs
        if one.service in ("", pair.item.service) and one.diagnosis in ("", pair.item.diagnosis)
    )
    words = clean(one.words).strip()
    whole = not (one.service or one.diagnosis)
    if not pairs and not whole:
        return
    match one.about:
        case "criterion":
            for pair in pairs:
                entry = _criterion(view, citations, pair, one.id, words)
                if entry is not None:
                    yield entry, (pair,)
        case "document":
            yield from _documents(view, one, words)
        case "fact":
            known = view.library.facts.get(one.id) or view.library.events.get(one.id)
            if known is not None:
                question = sentence(clean(known.question)) if known.question else ""
                closes = sentence(clean(known.document)) if known.document else ""
                entry = Entry(
                    what=clean(known.title), question=question, closes=closes, words=words
                )
                yield entry, () if whole else pairs
        case "words":
            if not words:
                raise InputError("an entry in words has none", where=where)
            yield Entry(what="", words=words), () if whole else pairs


def _criterion(
    view: ArticleView, citations: CitationList, pair: Pair, name: str, words: str
) -> Entry | None:
    path = _path(view, pair, name)
    if path is None:
        return _rule(view, citations, pair, name, words) or _elsewhere(view, pair, name, words)
    policy = view.lead(pair)
    titles = indication_titles(policy)
    inside = next((node.id for node in path if node.id in titles), "")
    cited, way = path[-1], told(path)
    written = view.node(policy, inside, name)
    ask = _ask(pair, written)
    why = f"A condition for {lower_first(titles[inside])}." if inside else ""
    if cited.basis == "editorial" and written is not None:
        because = clean(written.because).rstrip(".")
        why += f" Asked by the editors of the library{f': {because}' if because else ''}."
    document = cited.document or way[-1].document or (ask.document if ask else "") or ""
    return Entry(
        what=clean(way[-1].title),
        known=record_says(view, cited),
        question=clean(ask.question) if ask is not None else "",
        policy=policy_named(policy) if policy is not None else "",
        why=why.strip(),
        closes=sentence(clean(document)),
        words=words,
        cites=cites(citations.of_sources(cited.sources)),
    )


def _path(view: ArticleView, pair: Pair, name: str) -> Path | None:
    """The way to a criterion: one in scope first, and of those one that is missing."""
    if pair.item.criteria is None:
        return None
    found = [path for path in paths(pair.item.criteria) if path[-1].id == name]
    outside = out_of_scope(view.lead(pair), pair.item)
    found.sort(
        key=lambda path: (
            any(node.id in outside for node in path[:-1]),
            path[-1].status != "missing",
        )
    )
    return found[0] if found else None


def _rule(
    view: ArticleView, citations: CitationList, pair: Pair, name: str, words: str
) -> Entry | None:
    """A rule about the whole request, by its own id or its criterion's."""
    policy = view.lead(pair)
    for rule, result in rules_of(policy, pair.item):
        if name in (result.id, rule.id if rule is not None else ""):
            ask = _ask(pair, rule.rule if rule is not None else None)
            return Entry(
                what=clean(rule.title if rule is not None else result.title),
                known=record_says(view, result),
                question=clean(ask.question) if ask is not None else "",
                policy=policy_named(policy) if policy is not None else "",
                why="A rule on the whole request.",
                closes=sentence(clean(result.document or "")),
                words=words,
                cites=cites(citations.of_sources(result.sources)),
            )
    return None


def _elsewhere(view: ArticleView, pair: Pair, name: str, words: str) -> Entry | None:
    """A criterion of another policy that may govern the pair, as its author wrote it.

    Where who pays is not settled, an item lists what is missing under each policy that may govern.
    """
    library = view.library
    for candidate in pair.item.selection.candidates:
        policy = library.policies.get(candidate)
        trees = [
            tree
            for entry in (policy.indications if policy is not None else ())
            for tree in (entry.scope, entry.requires)
        ]
        for tree in trees:
            found = _written(tree, name) if tree is not None else None
            if found is None or policy is None:
                continue
            ask = _ask(pair, found)
            document = found.document or (ask.document if ask else "") or ""
            return Entry(
                what=clean(words_for(found, library)),
                question=clean(ask.question) if ask is not None else "",
                policy=policy_named(policy),
                why="A condition of a policy that may govern.",
                closes=sentence(clean(document)),
                words=words,
            )
    return None


def _written(node: c.Criterion, name: str) -> c.Criterion | None:
    """A criterion below a node, or the "none of" that speaks for it."""
    if node.id == name:
        return node
    below = (found for child in c.children_of(node) if (found := _written(child, name)))
    found = next(below, None)
    return node if found is not None and isinstance(node, c.NoneOf) else found


def policy_named(policy: Policy) -> str:
    """A policy by its title and number."""
    title, number = clean(policy.title), clean(policy.number)
    return f"{title} ({number})" if number and number not in title else title


def _ask(pair: Pair, written: c.Criterion | None) -> Ask | None:
    """The question that the item asks about the facts a criterion reads."""
    names = c.facts_read(written) if written is not None else ()
    return next((ask for ask in pair.item.ask if ask.fact and ask.fact in names), None)


def _documents(
    view: ArticleView, one: Asked, words: str
) -> Iterator[tuple[Entry, tuple[Pair, ...]]]:
    for document in view.determination.documents:
        if document.id != one.id:
            continue
        for_ = {(wanted.service, wanted.diagnosis) for wanted in document.for_}
        pairs = tuple(
            pair
            for pair in view.pairs
            if (pair.item.service, pair.item.diagnosis) in for_
            and one.service in ("", pair.item.service)
            and one.diagnosis in ("", pair.item.diagnosis)
        )
        if pairs:
            yield Entry(what=clean(document.what), words=words), pairs
