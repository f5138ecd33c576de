"""The bottom line: the answer in a few sentences, grouped by service."""

from __future__ import annotations

from typing import Any

from ..policy.prose import join
from .article import (
    Bullets,
    Callout,
    Line,
    Prose,
    Section,
)
from .criteria import ways
from .text import counted, lower_first, sentence, upper_first
from .view import ArticleView, Named, Pair
from .words import (
    Audience,
    outcome_said,
    reason_words,
)

_ORDER = ("meets_criteria", "needs_information", "needs_clinical_review", "no_policy")


def bottom_line_section(view: ArticleView, audience: Audience) -> Section:
    """The answer in a few sentences, grouped by service."""
    plain = audience == "patient"
    if not view.pairs:
        return Section(
            id="bottom-line", title="Bottom line", blocks=(Prose(_nothing(view, plain)),)
        )
    blocks: list[Any] = [Prose((_overall(view, plain),))]
    lines: list[Line] = []
    for service in view.services:
        pairs = view.of_service(service)
        if not pairs:
            continue
        inner = tuple(
            _outcome_line(
                view, outcome, [pair for pair in pairs if pair.item.outcome == outcome], plain
            )
            for outcome in _ORDER
            if any(pair.item.outcome == outcome for pair in pairs)
        )
        lines.append(Line(lead=upper_first(service.plain if plain else service.full), inner=inner))
    if len(view.pairs) == 1:
        blocks = [Prose((_only(lines[0]),))]
    else:
        blocks.append(Bullets(tuple(lines)))
    if any(pair.item.provisional for pair in view.pairs):
        said = (
            "Some of this rests on notes that a computer read. A person must check it first."
            if plain
            else "Outcomes marked provisional rest on facts that the machine read from text; nothing is "
            "approved or sent before a person has confirmed them."
        )
        blocks.append(Callout("caution", "Provisional", (Line(text=said),)))
    return Section(id="bottom-line", title="Bottom line", blocks=tuple(blocks))


def _nothing(view: ArticleView, plain: bool) -> tuple[Line, ...]:
    missing = []
    if not view.services:
        missing.append("no treatment" if plain else "no service")
    if not view.diagnoses:
        missing.append("no condition" if plain else "no diagnosis")
    why = (
        f"{join(missing, 'and')} was recognised"
        if missing
        else "no service is linked to a diagnosis"
    )
    mend = (
        "Name the treatment and the condition, and ask again."
        if plain
        else "Name at least one service (a procedure code or its name) and one diagnosis (an ICD-10-CM code or its name), and ask again."
    )
    return (
        Line(lead="Nothing could be judged:", text=f"{why} in what was asked."),
        Line(text=mend),
    )


def _only(line: Line) -> Line:
    """A single pair in one sentence."""
    said = line.inner[0]
    return Line(sign=said.sign, lead=f"{said.lead}:", text=f"{lower_first(line.lead)} {said.text}")


def _overall(view: ArticleView, plain: bool) -> Line:
    counts = {
        outcome: sum(pair.item.outcome == outcome for pair in view.pairs) for outcome in _ORDER
    }
    met = [pair for pair in view.pairs if pair.item.outcome == "meets_criteria"]
    applied = any(pair.payer_applied for pair in met)
    parts = [
        f"{lower_first(outcome_said(outcome, payer_applied=applied)).replace(';', ',')}: {count}"
        for outcome, count in counts.items()
        if count
    ]
    if plain:
        return Line(
            text=f"We looked at {len(view.pairs)} pairs of a treatment and a condition. "
            f"{'. '.join(map(upper_first, parts))}."
        )
    text = f"{len(view.pairs)} pairs of service and diagnosis were judged, each on its own ({'; '.join(parts)})."
    overall = view.determination.outcome
    if overall and len(view.determination.services) > 1:
        worst = lower_first(outcome_said(overall, payer_applied=applied))
        text += " " + sentence(
            f"The request as a whole stands with its least settled service: {worst}"
        )
    return Line(text=text)


def _outcome_line(view: ArticleView, outcome: str, pairs: list[Pair], plain: bool) -> Line:
    words = outcome_said(outcome, payer_applied=all(pair.payer_applied for pair in pairs))
    marked = " (provisional)" if any(pair.item.provisional for pair in pairs) else ""
    lead = words + marked
    if outcome == "needs_information":
        phrases = ". For ".join(_if_phrases(view, pairs, plain))
        return Line(sign=outcome, lead=lead, text=f"for {phrases}.")
    if outcome == "needs_clinical_review":
        return Line(sign=outcome, lead=lead, text=sentence(f"for {_by_reason(pairs, plain)}"))
    named = join((pair.diagnosis.called(plain=plain) for pair in pairs), "and")
    return Line(sign=outcome, lead=lead, text=f"for {named}.")


def _if_phrases(view: ArticleView, pairs: list[Pair], plain: bool) -> list[str]:
    """What is still needed, told once for diagnoses that need the same."""
    groups: dict[tuple[tuple[str, ...], int], list[Named]] = {}
    for pair in pairs:
        found = ways(view, pair, plain=plain)
        asked = found[0].conditions if found else ()
        groups.setdefault((asked, len(found)), []).append(pair.diagnosis)
    told = []
    for (asked, number), named in groups.items():
        text = join((entry.called(plain=plain) for entry in named), "and")
        if asked:
            text += f": {_numbered(asked)}"
            if number > 1 and not plain:
                text += f", or in {counted(number - 1, 'other way')}"
        told.append(text)
    return told


def _numbered(parts: tuple[str, ...]) -> str:
    """Conditions in one sentence, numbered where there are several, since they may hold commas."""
    lowered = [_bracketed(lower_first(part)) for part in parts]
    if len(lowered) == 1:
        return lowered[0]
    return "; ".join(f"({number}) {part}" for number, part in enumerate(lowered, start=1))


def _bracketed(part: str) -> str:
    """A condition whose value stands in brackets: the sentence around it has colons of its own.

    >>> _bracketed("the place where you get the treatment: the emergency room")
    'the place where you get the treatment (the emergency room)'
    """
    name, colon, value = part.partition(": ")
    return f"{name} ({value})" if colon and "(" not in part else part


def _by_reason(pairs: list[Pair], plain: bool) -> str:
    groups: dict[str, list[Named]] = {}
    for pair in pairs:
        why = "; ".join(reason_words(reason, plain=plain) for reason in pair.item.reasons)
        groups.setdefault(why, []).append(pair.diagnosis)
    parts = []
    for why, named in groups.items():
        listed = join((entry.called(plain=plain) for entry in named), "and")
        parts.append(f"{listed}: {why}" if why else listed)
    return ". For ".join(parts)
