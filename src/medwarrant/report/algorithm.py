"""The determination algorithm: a numbered list of conditions, each with how it stands."""

from __future__ import annotations

from typing import Any

from ..engine.summary import REASON_WORDS
from ..model.determination import CriterionResult
from ..policy.policy import Policy
from ..policy.prose import join
from .article import (
    Bullets,
    Line,
    Prose,
    Section,
)
from .citations import CitationList
from .criteria import condition, find, plain_condition
from .payers import pairs_words
from .text import clean, lower_first, sentence, upper_first
from .view import ArticleView, Named, Pair
from .words import (
    CERTAINTY_WORDS,
    STATUS_WORDS,
    STRENGTH_WORDS,
    Audience,
    reason_words,
)

#: Reasons that hold for a pair as a whole, whichever indication is meant.
_WHOLE = frozenset(
    ("mismatch", "contraindication", "request_rule", "rule_unverified", "out_of_scope")
)

_REASON_OF = {"neither": "neither", "against": "against", "none_found": "no_support_found"}


def algorithm_section(
    view: ArticleView, citations: CitationList, audience: Audience
) -> Section | None:
    """The determination as a numbered list of conditions, each with how it stands."""
    if not view.pairs:
        return None
    plain = audience == "patient"
    rules: dict[Any, tuple[Line, list[Pair]]] = {}
    unsettled: dict[tuple[Named, str, str], dict[str, tuple[list[Pair], tuple[str, ...]]]] = {}
    refers: dict[tuple[str, ...], list[Pair]] = {}
    for pair in view.pairs:
        policy = view.lead(pair)
        reasons = tuple(
            reason for reason in pair.item.reasons if policy is None or reason in _WHOLE
        )
        if policy is None or reasons:
            refers.setdefault(reasons or (pair.item.outcome,), []).append(pair)
        for entry in pair.item.indications if policy is not None else ():
            if policy is None or entry.policy != policy.id or entry.scope == "not_met":
                continue
            tree = (
                find(pair.item.criteria, entry.id, entry.id) if entry.direction == "for" else None
            )
            written = next((one for one in policy.indications if one.id == entry.id), None)
            if tree is not None:
                key = (pair.service, policy.id, entry.id, repr(tree))
                if key not in rules:
                    rules[key] = (_rule_line(view, citations, pair, policy, entry, tree, plain), [])
                rules[key][1].append(pair)
                continue
            title = written.plain if plain and written and written.plain else entry.title
            whose = "" if policy.is_guideline else policy.publisher
            told = unsettled.setdefault((pair.service, whose, entry.direction), {})
            told.setdefault(clean(title).rstrip("."), ([], written.rests_on if written else ()))[
                0
            ].append(pair)
    lines = []
    for line, pairs in rules.values():
        listed = join((pair.diagnosis.called(plain=plain) for pair in pairs), "and")
        lead = upper_first(f"{pairs[0].service.called(plain=plain)} for {listed}")
        lines.append(
            Line(
                lead=f"{lead}.", text=line.text, cites=line.cites, note=line.note, inner=line.inner
            )
        )
    for (service, whose, direction), titles in unsettled.items():
        lines.append(_unsettled_line(citations, service, whose, direction, titles, plain))
    for whole, pairs in refers.items():
        if whole == ("no_policy",):
            text = "No policy found: nothing in the library speaks of it."
        else:
            why = join(
                (reason_words(name, plain=plain) for name in whole if name in REASON_WORDS), "and"
            )
            decides = "A doctor decides" if plain else "Whatever else is met, a clinician decides"
            text = f"{decides}: {why}." if why else f"{decides}."
        lines.append(Line(lead=f"{upper_first(pairs_words(pairs, plain))}.", text=text))
    intro = (
        "This is how the answer was made, step by step."
        if plain
        else "Conditions of the leading policy for each pair; all conditions of an entry must be met. What is not met or not settled goes to a clinician, never to an automatic refusal."
    )
    return Section(
        id="algorithm",
        title="How the answer was made" if plain else "Determination algorithm",
        blocks=(
            Prose((Line(text=intro),)),
            Bullets(tuple(lines), numbered=True),
            *(() if plain else _request_rules(view, citations)),
        ),
    )


def _unsettled_line(
    citations: CitationList,
    service: Named,
    whose: str,
    direction: str,
    titles: dict[str, tuple[list[Pair], tuple[str, ...]]],
    plain: bool,
) -> Line:
    """Indications of one service that the sources do not settle, told together."""
    parts = []
    for title, (pairs, _) in titles.items():
        codes = join((pair.diagnosis.code for pair in pairs), "and")
        parts.append(lower_first(title) if plain else f"{lower_first(title)} ({codes})")
    cites = citations.of_statements(name for _, names in titles.values() for name in names)
    why = reason_words(_REASON_OF.get(direction, "not_met"), plain=plain)
    under = f"Under {clean(whose)}: " if whose else ""
    decides = "a doctor has to decide" if plain else "a clinician decides"
    text = upper_first(f"{under}{'; '.join(parts)}: {decides} ({why}).")
    return Line(lead=f"{upper_first(service.called(plain=plain))}.", text=text, cites=cites)


def _rule_line(
    view: ArticleView,
    citations: CitationList,
    pair: Pair,
    policy: Policy,
    entry: Any,
    tree: CriterionResult,
    plain: bool,
) -> Line:
    written = next((one for one in policy.indications if one.id == entry.id), None)
    cites = citations.of_statements(written.rests_on) if written else ()
    title = clean(written.plain if plain and written and written.plain else entry.title).rstrip(".")
    strength = []
    if entry.strength and entry.strength != "none":
        strength.append(STRENGTH_WORDS[entry.strength])
    if entry.certainty and entry.certainty != "none":
        strength.append(f"certainty {CERTAINTY_WORDS[entry.certainty]}")
    note = "" if plain else "; ".join(strength)
    inner = _condition_lines(view, policy, entry.id, tree, plain)
    if plain:
        return Line(
            text=f"{title}. It may be needed if all of this is true:", cites=cites, inner=inner
        )
    words = "meets guideline criteria" if policy.is_guideline else "medically necessary"
    under = "" if policy.is_guideline else f"Under {clean(policy.publisher)}: "
    said = lower_first(title) if under else title
    return Line(
        text=f"{under}{said}: {words} if all of these are met:", cites=cites, note=note, inner=inner
    )


def _condition_lines(
    view: ArticleView, policy: Policy, indication: str, result: CriterionResult, plain: bool
) -> tuple[Line, ...]:
    """The conditions below a conjunction; conjunctions inside it are opened up."""
    lines: list[Line] = []
    children = result.children or (result,)
    for child in children:
        if child.children and child.kind == "all_of":
            lines += _condition_lines(view, policy, indication, child, plain)
            continue
        written = view.node(policy, indication, child.id)
        if plain:
            text = plain_condition(written, view.library) if written is not None else ""
            text = upper_first(text or clean(child.title))
        else:
            text = upper_first(condition(child))
        note = ""
        if child.basis == "editorial" and not plain:
            because = (
                f": {clean(written.because)}" if written is not None and written.because else ""
            )
            note = f"asked by the editors{because}"
        inner: tuple[Line, ...] = ()
        if child.children:
            joins = {"any_of": "one of these", "none_of": "none of these"}.get(
                child.kind, "enough of these"
            )
            text = f"{text if written is not None and written.title else upper_first(joins)}:"
            inner = _condition_lines(view, policy, indication, child, plain)
        status = child.status if child.verified else "uncounted"
        lines.append(
            Line(
                sign=status,
                lead=f"{upper_first(STATUS_WORDS[status])}:",
                text=text if text.endswith(":") else sentence(text),
                note=note,
                inner=inner,
            )
        )
    return tuple(lines)


def _request_rules(view: ArticleView, citations: CitationList) -> tuple[Any, ...]:
    """Rules about the whole request, once each, with how they stand."""
    found: dict[str, tuple[CriterionResult, dict[str, None]]] = {}
    for pair in view.pairs:
        for rule in pair.item.request_rules:
            key = repr((rule.id, rule.title, rule.status, rule.why))
            found.setdefault(key, (rule, {}))[1][pair.service.code] = None
    lines = []
    for rule, services in found.values():
        status = rule.status if rule.verified else "uncounted"
        everywhere = len(services) == len({service.code for service in view.services})
        whom = "" if everywhere else f"for {join(services, 'and')}; "
        lines.append(
            Line(
                sign=status,
                lead=f"{upper_first(STATUS_WORDS[status])}:",
                text=sentence(upper_first(clean(rule.title))),
                cites=citations.of_sources(rule.sources),
                note=f"{whom}{lower_first(clean(rule.why)).rstrip('.')}",
            )
        )
    if not lines:
        return ()
    return (Prose((Line(lead="Rules about the whole request"),)), Bullets(tuple(lines)))
