"""The way from the root of a trace to a criterion, and the level at which it is told."""

from __future__ import annotations

from collections.abc import Iterator

from ...model.determination import CriterionResult, Item
from ...policy.policy import Policy, RequestRule
from ..known_facts import why_words
from ..text import clean, upper_first
from ..view import ArticleView, Pair

_TURNED = {"met": "not_met", "not_met": "met", "missing": "missing"}

#: The way from the root to a node, the node last.
Path = tuple[CriterionResult, ...]


def paths(node: CriterionResult, above: Path = ()) -> Iterator[Path]:
    """The way to each node of a trace, parents first."""
    path = (*above, node)
    yield path
    for child in node.children:
        yield from paths(child, path)


def told(path: Path) -> Path:
    """The way to the node that speaks for the last one: the outermost "none of", else itself.

    A fact that must not be present is told as the "none of" above it, so that met and not met keep
    their places.
    """
    for number, node in enumerate(path):
        if node.kind == "none_of":
            return path[: number + 1]
    return path


def path_to(root: CriterionResult | None, indication: str, criterion: str) -> Path | None:
    """The way to a criterion: below the indication first, since ids may recur across them."""
    if root is None:
        return None
    found: Path | None = None
    for path in paths(root):
        if path[-1].id == criterion:
            if any(node.id == indication for node in path):
                return path
            found = found or path
    return found


def rules_of(
    policy: Policy | None, item: Item
) -> tuple[tuple[RequestRule | None, CriterionResult], ...]:
    """The rules about the whole request with how they stand, in the order of the leading policy."""
    written = policy.request_rules if policy is not None else ()
    if len(written) != len(item.request_rules):
        return tuple((None, result) for result in item.request_rules)
    return tuple(zip(written, item.request_rules, strict=True))


def record_says(view: ArticleView, node: CriterionResult) -> str:
    """What the record says of a criterion; of a group, what it says of the parts it knows anything of."""
    if not node.children:
        return why_words(view.answer, node)
    known = [path for path in paths(node) if not path[-1].children and path[-1].facts]
    bearing = [path for path in known if _bears(path) == node.status] or known
    told = (
        f"{upper_first(clean(leaf.title)).rstrip('.')}: {why_words(view.answer, leaf)}"
        for *_, leaf in bearing
    )
    return " ".join(dict.fromkeys(told)) or "Not stated."


def _bears(path: Path) -> str:
    """How the last node of a path bears on the first: a "none of" on the way turns it round."""
    turned = sum(node.kind == "none_of" for node in path[:-1]) % 2
    status = path[-1].status
    return _TURNED[status] if turned else status


def indication_titles(policy: Policy | None) -> dict[str, str]:
    """The titles of a policy's own indications by id; other policies may use the same ids."""
    return {entry.id: clean(entry.title) for entry in policy.indications} if policy else {}


def titles_for(view: ArticleView, pair: Pair) -> dict[str, str]:
    """The titles of the indications that name a pair, by id; those of the leading policy go first."""
    named = {entry.id: clean(entry.title) for entry in pair.item.indications}
    return named | indication_titles(view.lead(pair))


def out_of_scope(policy: Policy | None, item: Item) -> frozenset[str]:
    """The leading policy's own indications that the facts rule out."""
    return frozenset(
        entry.id
        for entry in item.indications
        if policy is not None and entry.policy == policy.id and entry.scope == "not_met"
    )
