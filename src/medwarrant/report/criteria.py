"""Criteria for readers: conditions as phrases, the tree as a picture, supplies as `--fact`."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec

from ..model.determination import CriterionResult, Item, Supply, WouldChange
from ..model.measures import Range
from ..policy import criteria as c
from ..policy.fact_words import title_of, value_words
from ..policy.library import Library
from ..policy.plain_prose import plain_words
from ..policy.policy import Policy
from ..policy.prose import words_for
from .article import TreeNode
from .known_facts import fact_names, why_words
from .text import clean, lower_first, upper_first
from .view import ArticleView, Pair

_GROUP_TITLES = {
    "all_of": "All of these",
    "any_of": "One of these",
    "none_of": "None of these",
    "at_least": "Enough of these",
}
_UNSTATED = "Not stated."
_JOINS = {"all_of": "all of", "any_of": "one of", "none_of": "none of", "at_least": "enough of"}


def find(result: CriterionResult | None, indication: str, criterion: str) -> CriterionResult | None:
    """A criterion of the tree by id: below the indication first, since ids may recur across them."""
    if result is None:
        return None
    for start in [*(_below(result, indication)), result]:
        for node in walk(start):
            if node.id == criterion:
                return node
    return None


def title_in(item: Item, name: str) -> str:
    """The title of a criterion of an item or of its rules about the whole request; empty where it has none."""
    trees = (item.criteria, *item.request_rules)
    found = (find(tree, "", name) for tree in trees)
    return next((clean(one.title) for one in found if one is not None), "")


def _below(result: CriterionResult, name: str) -> Iterable[CriterionResult]:
    return (node for node in walk(result) if node.id == name)


def walk(result: CriterionResult) -> Iterable[CriterionResult]:
    """The result and everything below it, parents first."""
    yield result
    for child in result.children:
        yield from walk(child)


def condition(result: CriterionResult) -> str:
    """A criterion as it reads after "if": a choice takes its verb.

    >>> condition(CriterionResult(id="x", title="Side: left", kind="choice", status="met", why=""))
    'side is left'
    """
    title = clean(result.title)
    if result.kind == "choice":
        title = title.replace(": ", " is ", 1)
    return lower_first(title)


def conditions(
    view: ArticleView, pair: Pair, change: WouldChange, *, plain: bool
) -> tuple[str, ...]:
    """What one set of facts asks for, in the words of its criteria, each once."""
    found: dict[str, None] = {}
    policy = view.lead(pair)
    for step in change.criteria:
        result = find(pair.item.criteria, change.indication, step.id)
        if result is None:
            rules = pair.item.request_rules
            result = next(
                (node for rule in rules for node in walk(rule) if node.id == step.id), None
            )
        node = view.node(policy, change.indication, step.id)
        if plain:
            words = plain_condition(node, view.library) if node is not None else ""
            found[words or plain_supply(step.supply, view.library)] = None
        elif result is not None:
            found[condition(result)] = None
        else:
            node = node or _elsewhere(view, pair, change.indication, step.id)
            words = words_for(node, view.library) if node is not None else ""
            found[lower_first(clean(words or _supplied(step.supply, view.library)))] = None
    return tuple(found)


def _elsewhere(view: ArticleView, pair: Pair, indication: str, name: str) -> c.Criterion | None:
    """A criterion of a policy that does not lead the pair, by the indication that it is for."""
    for entry in pair.item.indications:
        if entry.id == indication:
            policy = view.library.policies.get(entry.policy)
            node = view.node(policy, indication, name)
            if node is not None:
                return node
    return None


def _supplied(supply: Supply, library: Library) -> str:
    """A fact to give, with its value."""
    value = supply.event if supply.event is not None else supply.value
    return f"{title_of(supply.fact, library)}: {value_words(supply.fact, value, library)}"


class Way(NamedTuple):
    """Sets of facts that read the same: one indication, one wording, values that may differ."""

    indication: str
    conditions: tuple[str, ...]
    changes: tuple[WouldChange, ...]


def ways(view: ArticleView, pair: Pair, *, plain: bool = False) -> tuple[Way, ...]:
    """What would turn an item, told apart by wording, in the engine's order (smallest first)."""
    known = view.ways_found.get((pair.target, plain))
    if known is None:
        known = view.ways_found[pair.target, plain] = _ways(view, pair, plain)
    return known


def _ways(view: ArticleView, pair: Pair, plain: bool) -> tuple[Way, ...]:
    found: dict[tuple[str, tuple[str, ...]], list[WouldChange]] = {}
    for change in pair.item.would_change:
        key = (change.indication, conditions(view, pair, change, plain=plain))
        found.setdefault(key, []).append(change)
    return tuple(Way(*key, tuple(changes)) for key, changes in found.items())


def plain_condition(node: c.Criterion, library: Library) -> str:
    """A criterion in the patient's words: its own, else made from those of what it reads."""
    return clean(plain_words(node, library)).rstrip(".")


def plain_supply(supply: Supply, library: Library) -> str:
    """The fact of a supply in the patient's words."""
    return clean(title_of(supply.fact, library, plain=True))


def fact_words_of(name: str, library: Library, *, plain: bool) -> str:
    """The title of a fact or event, or the patient's words for it."""
    title = clean(title_of(name, library, plain=plain))
    return title if plain else lower_first(title)


# --- the tree -----------------------------------------------------------------------------------


def tree_node(
    result: CriterionResult,
    view: ArticleView,
    policy: Policy | None,
    *,
    plain: bool = False,
    full: bool = False,
    ids: bool = False,
    brief: bool = False,
    indication: str = "",
) -> TreeNode:
    """The picture of a criterion; `full` adds the facts read, with `ids` by their ids too.

    `brief` leaves out what the reader of a short answer can do without: reasons of the editors,
    that a missing fact was not stated, and indications that the facts rule out.
    """
    result = _folded(_pruned(result) if brief else result)
    by_indication = {entry.id: entry for entry in policy.indications} if policy else {}
    known = by_indication.get(result.id)
    if known is not None:
        indication = result.id
    written = view.node(policy, indication, result.id)
    if brief and result.kind == "all_of":

        def untold_group(child: CriterionResult) -> bool:
            node = view.node(policy, indication, child.id)
            return node is None or not node.title

        result = msgspec.structs.replace(result, children=_spliced(result.children, untold_group))
    title = clean(result.title)
    if result.id == "scope" and result.children:
        title = "Where and what for" if plain else "Scope"
    joins = _joins(result, written) if result.children else ""
    if "/" in result.id and plain:
        title, joins = _GROUP_TITLES.get(result.kind, title), ""
    elif plain:
        title = _plain_title(result, title, known.plain if known else "", written, view.library)
    untold = written is not None and not (written.plain if plain else written.title)
    if result.children and untold and known is None and result.id != "scope":
        title, joins = _GROUP_TITLES.get(result.kind, title), ""
    notes = []
    if result.basis == "editorial" and not plain:
        because = clean(written.because) if written is not None else ""
        told = because and not brief
        notes.append(f"asked by the editors: {because}" if told else "asked by the editors")
    if not result.verified:
        notes.append("its sources are unverified, so it decides nothing")
    if full:
        if result.facts:
            names = fact_names(result.facts, view.library)
            listed = f" ({', '.join(result.facts)})" if ids else ""
            notes.append(f"read from {names}{listed}")
        if result.document and result.status != "met":
            notes.append(f"document: {clean(result.document)}")
    why = "" if plain or (result.children and not full) else why_words(view.answer, result)
    if brief and (why == _UNSTATED or (result.status, result.kind) == ("met", "choice")):
        why = ""
    return TreeNode(
        title=upper_first(title),
        status=result.status if result.verified else "uncounted",
        joins=joins,
        why=why,
        notes=tuple(notes),
        children=tuple(
            tree_node(
                child,
                view,
                policy,
                plain=plain,
                full=full,
                ids=ids,
                brief=brief,
                indication=indication,
            )
            for child in result.children
        ),
    )


def _folded(result: CriterionResult) -> CriterionResult:
    """A group of one that only repeats its member reads as the member; a full trace lists both."""
    while len(result.children) == 1 and result.kind in ("all_of", "any_of"):
        child = result.children[0]
        if child.status != result.status or not _repeats(result, child):
            break
        result = child
    return result


def _repeats(group: CriterionResult, member: CriterionResult) -> bool:
    return group.title == member.title or group.id == "scope"


def _pruned(result: CriterionResult) -> CriterionResult:
    """A policy's tree without the indications that the facts rule out, if any is left.

    >>> met = CriterionResult(id="a", title="A", kind="flag", status="met", why="")
    >>> unmet = CriterionResult(id="b", title="B", kind="flag", status="not_met", why="")
    >>> either = CriterionResult(
    ...     id="p/q", title="Q", kind="any_of", status="met", why="", children=(met, unmet)
    ... )
    >>> _pruned(either).id
    'a'
    """
    if "/" not in result.id or result.kind != "any_of":
        return result
    left = tuple(child for child in result.children if child.status != "not_met")
    if len(left) == 1:
        return left[0]
    return msgspec.structs.replace(result, children=left or result.children)


def _spliced(
    children: tuple[CriterionResult, ...], untold: Callable[[CriterionResult], bool]
) -> tuple[CriterionResult, ...]:
    """Members of a conjunction, those of untitled conjunctions inside it among them."""
    found: list[CriterionResult] = []
    for child in children:
        inside = child.kind == "all_of" and (child.id == "scope" or untold(child))
        found += _spliced(child.children, untold) if inside and child.children else (child,)
    return tuple(found)


def _plain_title(
    result: CriterionResult, title: str, own: str, written: c.Criterion | None, library: Library
) -> str:
    if own:
        return clean(own).rstrip(".")
    words = plain_condition(written, library) if written is not None else ""
    return words or re.sub(r"\s*\([A-Z0-9][A-Z0-9.]{2,}\)", "", title)


def _joins(result: CriterionResult, written: c.Criterion | None) -> str:
    if isinstance(written, c.AtLeast):
        return f"at least {written.number} of"
    return _JOINS.get(result.kind, "")


# --- supplies -----------------------------------------------------------------------------------


def fact_argument(supply: Supply) -> str:
    """A supply as `--fact` takes it.

    >>> fact_argument(Supply(fact="intent", value="acute"))
    'intent=acute'
    >>> fact_argument(Supply(fact="drug-trial", event={"drug": "x", "outcome": "failed"}))
    'drug-trial={drug: x, outcome: failed}'
    """
    value = supply.event if supply.event is not None else supply.value
    return f"{supply.fact}={_flow(value)}"


def fact_option(supply: Supply) -> str:
    """A supply as an option for a shell."""
    return f"--fact {shlex.quote(fact_argument(supply))}"


def _flow(value: Any) -> str:
    match value:
        case dict():
            inside = ", ".join(f"{key}: {_flow(entry)}" for key, entry in value.items())
            return "{" + inside + "}"
        case list() | tuple():
            return "[" + ", ".join(_flow(entry) for entry in value) + "]"
        case bool():
            return "true" if value else "false"
        case None:
            return "present"
        case Range():
            return value.text()
        case str() if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._/%-]*", value):
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)
