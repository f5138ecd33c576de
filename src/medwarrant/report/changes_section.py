"""What changed, as the first section of an answer after one more thing was said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from ..policy.prose import join
from .article import Block, Bullets, Line, Prose, Section
from .changes import CriterionChange, PairChange, changes
from .text import counted, lower_first, sentence, upper_first
from .view import Pair, article_view
from .words import STATUS_WORDS, Audience

if TYPE_CHECKING:
    from ..answer import Answer

#: So many pairs are named where they changed alike; more are counted.
_NAMED = 6


def changes_section(
    before: Answer,
    after: Answer,
    audience: Audience = "clinician",
    targets: Mapping[str, str] | None = None,
) -> Section:
    """What changed, for the top of the answer after one more was given.

    Pairs that changed alike are told together. `targets` are the sections of the pairs in the article
    that follows, by the pair's own name, where there is one.
    """
    plain = audience == "patient"
    found = changes(before, after, audience)
    view = article_view(after)
    names = view.by_key
    blocks: list[Block] = []
    told = []
    if found.said:
        told.append(Line(lead="You said:", text=sentence("; ".join(found.said))))
    if found.withdrawn:
        told.append(Line(lead="No longer said:", text=sentence("; ".join(found.withdrawn))))
    groups: dict[PairChange, list[Pair]] = {}
    for change in found.pairs:
        if change.changed:
            alike = msgspec.structs.replace(change, service="", diagnosis="", line=1)
            groups.setdefault(alike, []).append(
                names[change.service, change.diagnosis, change.line]
            )
    turned = [_group_line(one, pairs, plain, targets or {}) for one, pairs in groups.items()]
    if not turned and not found.dropped:
        said = (
            "The answer is the same as before." if plain else "No outcome and no criterion changed."
        )
        told.append(Line(text=said))
    blocks.append(Prose(tuple(told)))
    if turned:
        blocks.append(Bullets(tuple(turned)))
    left = len(found.pairs) - sum(len(pairs) for pairs in groups.values())
    rest = []
    if left and turned:
        rest.append(
            f"{upper_first(counted(left, 'other pair'))} {'is' if left == 1 else 'are'} as before."
        )
    if found.dropped:
        named = [f"{service} for {diagnosis}" for service, diagnosis in found.dropped]
        whom = counted(len(named), "pair") if plain or len(named) > _NAMED else join(named, "and")
        rest.append(f"No longer asked about: {whom}.")
    if rest:
        blocks.append(Prose((Line(text=" ".join(rest)),)))
    return Section(id="changes", title="What changed", blocks=tuple(blocks))


def _group_line(
    change: PairChange, pairs: list[Pair], plain: bool, targets: Mapping[str, str]
) -> Line:
    lead = _named(pairs, plain)
    after = f"“{change.after}”"
    if change.before is None:
        text = f"new: {after}."
    elif change.before == change.after:
        text = f"still {after}."
    else:
        text = f"was “{change.before}”, is now {after}."
    inner = []
    if change.governing is not None:
        was, now = change.governing
        sign = pairs[0].item.outcome
        inner.append(Line(sign=sign, text=f"Judged by {now}, before by {was}."))
    inner += [_criterion_line(one) for one in change.criteria]
    if change.missing:
        lead_in = "We still have to know:" if plain else "Still missing:"
        told = sentence("; ".join(change.missing))
        inner.append(Line(sign="missing", lead=lead_in, text=told))
    target = targets.get(pairs[0].target, "") if len(pairs) == 1 else ""
    return Line(
        sign=pairs[0].item.outcome, lead=f"{lead}:", text=text, target=target, inner=tuple(inner)
    )


def _named(pairs: Iterable[Pair], plain: bool) -> str:
    """The pairs by service, each with the diagnoses it changed for."""
    by_service: dict[str, list[str]] = {}
    number = 0
    for pair in pairs:
        number += 1
        service = pair.service.plain if plain else pair.service.code
        by_service.setdefault(service, []).append(
            pair.diagnosis.called(plain=True) if plain else pair.diagnosis.code
        )
    if number > _NAMED and plain:
        return counted(number, "pair")
    return upper_first(
        "; ".join(f"{service} for {join(named, 'and')}" for service, named in by_service.items())
    )


def _criterion_line(change: CriterionChange) -> Line:
    was = f"was {STATUS_WORDS[change.before]}" if change.before else "newly asked"
    return Line(
        sign=change.after,
        lead=f"{upper_first(STATUS_WORDS[change.after])}:",
        text=sentence(lower_first(change.words)),
        note=was,
    )
