"""A policy in plain prose, and its criteria as a tree of text."""

from __future__ import annotations

from . import criteria as c
from .fact_words import spaced
from .library import Library
from .policy import Indication, Policy
from .prose import join, outline, words_for

_DIRECTION = {
    "for": "supported",
    "against": "a source is against it",
    "neither": "the evidence does not decide",
    "none_found": "no support found",
}


def policy_prose(policy: Policy, library: Library) -> str:
    """The policy as paragraphs: who says it, since when, on what, and what it asks for."""
    services = join((_service(code, library) for code in library.codes_of(policy.services)), "and")
    period = policy.effective()
    dates = " ".join(
        part for part in (_dated("from", period["from"]), _dated("to", period["to"])) if part
    )
    lines = [
        policy.title,
        "=" * len(policy.title),
        f"{policy.publisher}; authority: {policy.authority}; status: {spaced(policy.status)}{f' {dates}' if dates else ''}."
        + (f" Last seen in force on {policy.last_seen}." if policy.last_seen else "")
        + (" Contested." if policy.contested else ""),
        f"Services: {services or 'none'}.",
    ]
    if policy.summary:
        lines += ["", policy.summary]
    if policy.applies_to is not None:
        lines += ["", f"Applies where: {words_for(policy.applies_to, library)}."]
    for indication in policy.indications:
        lines += ["", *_indication(indication, library)]
    for head, texts in (
        (
            "Rules about the whole request",
            [f"{rule.title}. {rule.message}" for rule in policy.request_rules],
        ),
        (
            "Contraindications",
            [f"({item.severity}) {item.message}" for item in policy.contraindications],
        ),
        ("Cautions", [text.message for text in policy.cautions]),
        ("Technique", [text.message for text in policy.technique]),
        ("Pitfalls", [text.message for text in policy.pitfalls]),
        ("Limits of the evidence", [text.message for text in policy.limits]),
        ("Documents", [text.message for text in policy.documents]),
    ):
        if texts:
            lines += ["", head, *(f"  - {text}" for text in texts)]
    return "\n".join(lines)


def _dated(word: str, day: str | None) -> str:
    return f"{word} {day}" if day else ""


def _service(code: str, library: Library) -> str:
    known = library.procedure(code)
    return f"{known.name} ({code})" if known else code


def _indication(indication: Indication, library: Library) -> list[str]:
    position = indication.position
    named = join((_diagnosis(name, library) for name in indication.diagnoses), "or")
    words = [_DIRECTION[position.direction]]
    words += [f"strength: {position.strength}"] if position.strength else []
    words += [f"certainty: {position.certainty}"] if position.certainty else []
    words += [f"searched {position.searched}"] if position.searched else []
    lines = [f"{indication.title} ({'; '.join(words)})", f"  For {named}."]
    if indication.scope is not None:
        lines.append(f"  When {words_for(indication.scope, library)}.")
    if indication.requires is not None:
        lines.append(f"  Requires {words_for(indication.requires, library)}.")
    if indication.note:
        lines.append(f"  {indication.note}")
    lines += [f"  Ask: {question.question}" for question in indication.ask]
    sources = dict.fromkeys(
        library.statements[name].source
        for name in indication.rests_on
        if name in library.statements
    )
    if sources:
        titles = (library.sources[name].title.rstrip(".") for name in sources)
        lines.append(f"  Sources: {'; '.join(titles)}.")
    return lines


def _diagnosis(name: str, library: Library) -> str:
    known = library.valuesets.get(name)
    return known.title if known else "any diagnosis" if name == "any" else name


def policy_tree(policy: Policy, library: Library) -> str:
    """The criteria of every indication as an indented tree."""
    lines = [policy.id]
    for indication in policy.indications:
        lines.append(f"├─ {indication.id} [{indication.position.direction}] {indication.title}")
        parts: list[tuple[str, c.Criterion]] = []
        if indication.scope is not None:
            parts.append(("scope", indication.scope))
        if indication.requires is not None:
            parts.append(("requires", indication.requires))
        for label, tree in parts:
            for depth, text in outline(tree, library):
                lead = f"{label}: " if depth == 0 else ""
                lines.append(f"│  {'   ' * depth}├─ {lead}{text}")
    for rule in policy.request_rules:
        lines.append(f"├─ rule {rule.id}: {words_for(rule.rule, library)}")
    return "\n".join(lines)
