"""The grounds that a decision may rest on: criteria, rules, positions and findings of the record.

A ground is told at the level where it reads as a requirement: a fact that must not be present is told
as the "none of" above it, so that met and not met never change places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from ...model.determination import Item
from ...model.errors import InputError
from ...policy.policy import Indication, Policy
from ..text import clean, sentence
from ..view import ArticleView, Pair, article_view
from ..words import DIRECTION_WORDS, PLAIN_DIRECTIONS, PLAIN_REASONS
from .member_words import member_words, rule_words
from .paths import Path, out_of_scope, paths, record_says, rules_of, told

if TYPE_CHECKING:
    from ...answer import Answer

GroundKind = Literal["criterion", "rule", "position", "safety", "coding"]
_STATUS_ORDER = ("not_met", "missing", "met")

#: What a payer's rule says of a use, in the member's words; the guideline layer has words of its own.
_RULE_SAYS = {
    "against": "The rule speaks against this use",
    "neither": "The rule leaves this use open",
    "none_found": "The rule does not name this use",
}


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a decision may name: what it asks, how it stands, and the sources it rests on.

    `plain` is the member's wording, in one phrase or several. A ground that does not count rests on unverified sources alone;
    an editorial one is asked by the editors of a pack and by no publisher.
    """

    id: str
    kind: GroundKind
    title: str
    plain: tuple[str, ...]
    status: Literal["met", "not_met", "missing"]
    why: str = ""
    document: str = ""
    sources: tuple[str, ...] = ()
    counts: bool = True
    editorial: bool = False


def grounds_of(
    answer: Answer, service: str, diagnosis: str, line: int | None = None
) -> tuple[Ground, ...]:
    """What a decision on one pair may rest on, what is not met first: for a page to choose from.

    Criteria and rules of the leading policy, positions of it and of the guideline layer, and findings that
    refer. A payer's policy that does not lead is no ground. Raises `InputError` for a pair that the
    determination does not hold.
    """
    view = article_view(answer)
    for pair in view.pairs:
        item = pair.item
        if (item.service, item.diagnosis) == (service, diagnosis) and line in (None, item.line):
            found = grounds(view, pair).values()
            return tuple(sorted(found, key=lambda ground: _STATUS_ORDER.index(ground.status)))
    raise InputError("the determination holds no such pair", where=f"{service} for {diagnosis}")


def grounds(view: ArticleView, pair: Pair) -> dict[str, Ground]:
    """The grounds of a pair by id; where an id recurs, the one that weighs most.

    A criterion of an indication in scope outweighs one of an indication that is not; then what is not
    met goes before what is missing, and that before what is met.
    """
    item, policy = pair.item, view.lead(pair)
    found: dict[str, Ground] = {}
    if item.criteria is not None:
        outside = out_of_scope(policy, item)
        ranked: dict[str, tuple[tuple[bool, int], Path]] = {}
        for path in paths(item.criteria):
            if "/" in path[-1].id:  # a policy as a whole is no specific ground
                continue
            status = told(path)[-1].status
            rank = (any(node.id in outside for node in path), _STATUS_ORDER.index(status))
            known = ranked.get(path[-1].id)
            if known is None or rank < known[0]:
                ranked[path[-1].id] = (rank, path)
        found = {name: _criterion(view, policy, path) for name, (_, path) in ranked.items()}
    others = (*_rules(view, item, policy), *_findings(view, pair), *_positions(view, pair, policy))
    for ground in others:
        found.setdefault(ground.id, ground)
    return found


def _criterion(view: ArticleView, policy: Policy | None, path: Path) -> Ground:
    way = told(path)
    shown, cited = way[-1], path[-1]
    return Ground(
        id=cited.id,
        kind="criterion",
        title=clean(shown.title),
        plain=member_words(view, policy, way),
        status=shown.status,
        why=record_says(view, cited),
        document=clean(cited.document or shown.document or ""),
        sources=shown.sources or cited.sources,
        counts=shown.verified and cited.verified,
        editorial="editorial" in (cited.basis, shown.basis),
    )


def _rules(view: ArticleView, item: Item, policy: Policy | None) -> Iterator[Ground]:
    """Rules about the whole request, under the rule's id and under its criterion's."""
    for rule, result in rules_of(policy, item):
        title = rule.title if rule is not None else result.title
        for name in dict.fromkeys((rule.id if rule is not None else result.id, result.id)):
            yield Ground(
                id=name,
                kind="rule",
                title=clean(title),
                plain=(rule_words(view.library, rule, clean(title)),),
                status=result.status,
                why=record_says(view, result),
                document=clean(result.document or ""),
                sources=result.sources,
                counts=result.verified and (rule is None or rule.verified),
                editorial=result.basis == "editorial",
            )


def _positions(view: ArticleView, pair: Pair, lead: Policy | None) -> Iterator[Ground]:
    """What the leading policy, or the guideline layer, says of uses for which it is not."""
    ordered = sorted(
        pair.item.indications, key=lambda entry: lead is None or entry.policy != lead.id
    )
    for entry in ordered:
        policy = view.library.policies.get(entry.policy)
        if policy is None or entry.direction == "for" or entry.scope == "not_met":
            continue
        if policy is not lead and not policy.is_guideline:
            continue
        written = next((one for one in policy.indications if one.id == entry.id), None)
        direction = DIRECTION_WORDS[entry.direction].lower()
        yield Ground(
            id=entry.id,
            kind="position",
            title=f"{clean(entry.title)}: {direction}",
            plain=(_position_words(policy, written, entry.direction),),
            status="missing" if entry.scope == "missing" else "not_met",
            why=_claim(view, written) or clean(entry.note),
            sources=_sources_of(view, written.rests_on if written else ()),
            counts=written is None or written.verified,
        )


def _claim(view: ArticleView, written: Indication | None) -> str:
    """What the first source of a position says."""
    names = written.rests_on if written is not None else ()
    known = (view.library.statements.get(name) for name in names)
    first = next((one for one in known if one is not None), None)
    return sentence(clean(first.claim)) if first is not None else ""


def _position_words(policy: Policy, written: Indication | None, direction: str) -> str:
    about = clean(written.plain).rstrip(".") if written is not None and written.plain else ""
    said = (PLAIN_DIRECTIONS if policy.is_guideline else _RULE_SAYS)[direction]
    return f"{sentence(about)} {said}" if about else said


def _findings(view: ArticleView, pair: Pair) -> Iterator[Ground]:
    """Safety and coding findings that send the item to a clinician."""
    for finding in pair.item.safety:
        if finding.severity == "refer":
            written = next(
                (
                    one
                    for policy in view.policies(pair)
                    for one in policy.contraindications
                    if one.id == finding.id
                ),
                None,
            )
            plain = written.plain if written is not None else ""
            yield Ground(
                id=finding.id,
                kind="safety",
                title=clean(finding.message),
                plain=(clean(plain).rstrip(".") or PLAIN_REASONS["contraindication"],),
                status="not_met",
                sources=(finding.source,) if finding.source else (),
                counts=written is None or written.verified,
            )
    for finding in pair.item.coding:
        if finding.severity == "refer":
            yield Ground(
                id=finding.id or finding.kind,
                kind="coding",
                title=clean(finding.message),
                plain=(PLAIN_REASONS["mismatch"],),
                status="not_met",
                sources=(finding.source,) if finding.source else (),
            )


def _sources_of(view: ArticleView, statements: Iterable[str]) -> tuple[str, ...]:
    known = view.library.statements
    return tuple(dict.fromkeys(known[name].source for name in statements if name in known))
