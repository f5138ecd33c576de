"""Criteria and rules in the member's words: the packs' plain wording, told as requirements."""

from __future__ import annotations

from collections.abc import Iterable

from ...model.determination import CriterionResult
from ...policy import criteria as c
from ...policy.library import Library
from ...policy.policy import Policy, RequestRule
from ..criteria import plain_condition, plain_supply
from ..readability import reading_grade
from ..text import clean, lower_first, upper_first
from ..view import ArticleView, Pair
from .names import has_code
from .paths import Path, path_to, told

#: The grade that what a member is given does not go above.
MEMBER_GRADE = 8.0

#: Criteria that read no fact with a plain name, by the kind of what they ask.
_BY_KIND = {
    "also_requested": "A limit on other care on the same day",
    "session": "A limit on how much is done in one visit",
    "diagnosis": "A condition that the rule names",
    "dose": "A limit on the dose of a drug",
}
_OTHERWISE = "A point that the rule asks for"


def easy(text: str) -> bool:
    """Whether a title may stand in a member's sentence as it is.

    >>> easy("One procedure a visit"), easy("No biological injectate")
    (True, False)
    """
    return bool(text) and not has_code(text) and reading_grade([text]) <= MEMBER_GRADE


def member_words(view: ArticleView, policy: Policy | None, path: Path) -> tuple[str, ...]:
    """The criterion at the end of a path, as requirements a member can read.

    Its own plain words; else those of the nearest group above it that stands the same; else its parts
    that stand the same, where all of them are asked for; else the words of its fact.
    """
    known = {entry.id: entry for entry in policy.indications} if policy is not None else {}
    inside = next((node.id for node in path if node.id in known), "")
    result = path[-1]
    if result.id not in known:
        for node in reversed(path):
            if node.id in known:
                break
            written = view.node(policy, inside, node.id)
            if written is not None and written.plain and node.status == result.status:
                return (clean(written.plain).rstrip("."),)
    return tuple(dict.fromkeys(_parts(view, policy, inside, result)))


def would_help(view: ArticleView, pair: Pair) -> tuple[str, ...]:
    """What the smallest set of facts asks for that would turn a pair, as a member reads it.

    Nothing where no set does; other sets may do as well.
    """
    policy = view.lead(pair)
    found: dict[str, None] = {}
    for change in pair.item.would_change[:1]:
        for step in change.criteria:
            path = path_to(pair.item.criteria, change.indication, step.id)
            if path is not None:
                found |= dict.fromkeys(member_words(view, policy, told(path)))
            else:
                found[upper_first(plain_supply(step.supply, view.library))] = None
    return tuple(found)


def rule_words(library: Library, rule: RequestRule | None, title: str) -> str:
    """A rule about the whole request: its title where it is easy, else what it asks."""
    if rule is None or easy(title):
        return title if easy(title) else _OTHERWISE
    if rule.rule.plain:
        return clean(rule.rule.plain).rstrip(".")
    leaves = (c.kind_of(node) for node in c.walk(rule.rule) if not c.is_connective(node))
    kinds = [_BY_KIND[kind] for kind in leaves if kind in _BY_KIND]
    return kinds[0] if kinds else _composed(rule.rule, library)


def _parts(
    view: ArticleView, policy: Policy | None, indication: str, result: CriterionResult
) -> Iterable[str]:
    """A conjunction as those of its parts that stand as it does; anything else as one phrase."""
    known = {entry.id: entry for entry in policy.indications} if policy is not None else {}
    indication = result.id if result.id in known else indication
    written = view.node(policy, indication, result.id)
    if written is not None and written.plain:
        yield clean(written.plain).rstrip(".")
    elif result.children and result.kind == "all_of":
        for child in result.children:
            if child.status == result.status:
                yield from _parts(view, policy, indication, child)
    elif written is not None:
        yield upper_first(_composed(written, view.library))
    else:
        title = clean(result.title)
        yield title if easy(title) else _OTHERWISE


def _composed(node: c.Criterion, library: Library) -> str:
    """A criterion from the words of its facts."""
    if node.plain:
        return clean(node.plain).rstrip(".")
    if not c.is_connective(node):
        words = plain_condition(node, library)
        return words if words and not has_code(words) else _BY_KIND.get(c.kind_of(node), _OTHERWISE)
    parts = [_composed(child, library) for child in c.children_of(node)]
    if len(set(parts)) == 1 and not isinstance(node, c.NoneOf):
        return parts[0]
    match node:
        case c.NoneOf():
            return f"This must not be so: {_listed(parts)}"
        case c.AnyOf():
            return f"One of these: {_listed(parts)}"
        case c.AtLeast():
            return f"Enough of these: {_listed(parts)}"
        case _:
            return f"All of these: {_listed(parts)}"


def _listed(parts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(lower_first(part) for part in parts))
