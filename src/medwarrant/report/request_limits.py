"""Limits that payers put on the whole request: other procedures the same day, guidance, regions."""

from __future__ import annotations

from ..model.determination import RuleShown
from ..policy.prose import join
from .article import Block, Bullets, Line, Prose
from .text import clean, lower_first, sentence, upper_first
from .view import ArticleView
from .words import STATUS_WORDS, Audience, Depth

_ORDER = ("not_met", "missing", "met")


def limits_blocks(view: ArticleView, audience: Audience, depth: Depth) -> tuple[Block, ...]:
    """The rules of each coverage policy on the request as a whole, and whether they are kept.

    Only those of the policy that governs can change an outcome; the others are shown beside it.
    """
    if audience == "patient":
        return ()
    found: dict[str, tuple[str, dict[str, RuleShown], dict[str, None], bool]] = {}
    for pair in view.pairs:
        for entry in pair.item.coverage:
            if entry.rules and (entry.status == "in_force" or entry.governs):
                key = (entry.policy, entry.publisher, entry.governs)
                name = clean(entry.publisher).partition(" (")[0]
                told = found.setdefault(repr(key), (name, {}, {}, entry.governs))
                told[1].update({rule.id: rule for rule in entry.rules})
                told[2][pair.service.code] = None
    lines = []
    for publisher, rules, services, governs in found.values():
        lead = f"{publisher}, {join(services, 'and')}{' (governs)' if governs else ''}:"
        if depth == "brief":
            lines.append(Line(lead=lead, text=_in_a_line(tuple(rules.values()))))
            continue
        inner = tuple(
            Line(
                sign=rule.status,
                lead=f"{upper_first(STATUS_WORDS[rule.status])}:",
                text=sentence(clean(rule.title)),
                note=clean(rule.message).rstrip(".") if rule.status != "met" else "",
            )
            for rule in _worst_first(tuple(rules.values()))
        )
        lines.append(Line(lead=lead, inner=inner))
    if not lines:
        return ()
    applied = any(governs for *_, governs in found.values())
    intro = Line(
        lead="Limits on the whole request:",
        text="only those of the governing policy count here."
        if applied
        else "none is applied while no payer's policy governs.",
    )
    return (Prose((intro,)), Bullets(tuple(lines)))


def _worst_first(rules: tuple[RuleShown, ...]) -> tuple[RuleShown, ...]:
    return tuple(sorted(rules, key=lambda rule: _ORDER.index(rule.status)))


def _in_a_line(rules: tuple[RuleShown, ...]) -> str:
    """What is not kept by name, then how much is not stated.

    >>> _in_a_line((RuleShown(id="a", title="One region", status="not_met", message=""),))
    'not kept by this request: one region.'
    """
    broken = [lower_first(clean(rule.title)) for rule in rules if rule.status == "not_met"]
    unstated = sum(rule.status == "missing" for rule in rules)
    parts = [f"not kept by this request: {', '.join(broken)}"] if broken else []
    parts += [f"{unstated} not stated"] if unstated else []
    return sentence("; ".join(parts) or "all kept")
