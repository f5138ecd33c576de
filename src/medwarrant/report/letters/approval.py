"""The approval letter: what was approved, on which grounds, who decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...model.errors import InputError
from ..citations import CitationList
from ..text import clean, date_words, sentence
from ..view import ArticleView, Pair, article_view
from .decided import LineDecided, addressed, dated_after, settled
from .decision_parts import (
    OFFICE_TITLE,
    asked_by,
    greeting,
    last_parts,
    office_parts,
    rules_used,
    signature,
    version_part,
    version_words,
    who_decided,
)
from .letter import Block, Field, Letter, Line, Listed, Part, Text, finished
from .member_words import member_words
from .names import MemberNames
from .parts import case_fields, listed, paragraphs, record_lines, sender_lines
from .paths import paths
from .plainness import warnings_on
from .told import Correspondence, DecisionTold

if TYPE_CHECKING:
    from ...answer import Answer


def approval_letter(answer: Answer, decision: DecisionTold, to: Correspondence) -> Letter:
    """The letter to a member whose care was approved as it was asked for.

    Raises `InputError` while the determination is provisional, for a decision that does not cover it or is
    not an approval throughout, and where the plan, the case or the member is not named.
    """
    if decision.kind != "approved":
        raise InputError(
            "an approval letter tells an approval",
            where="decision.kind",
            mend="an adverse, partial or modified decision is told by the adverse notice",
        )
    addressed(to, "member")
    dated_after(to, decision)
    view = article_view(answer)
    lines = settled(view, decision)
    names = MemberNames(view)
    citations = CitationList(view.references, view.library)
    parts = (
        *version_part(to),
        Part(id="opening", blocks=(Text((Line(text=f"{asked_by(to)} We approved it."),)),)),
        approved_part(names, lines, decision),
        _why(view, names, lines),
        Part(id="decided", title="Who decided", blocks=(Text((who_decided(decision),)),)),
        *last_parts(to),
    )
    return warnings_on(
        finished(
            Letter(
                kind="approval_letter",
                title=f"Notice: your care is approved{version_words(to)}",
                audience="member",
                dated=to.dated,
                sender=to.plan,
                sender_lines=sender_lines(to),
                to=(to.member, *to.member_address),
                fields=case_fields(view, to, Field("Approval number", decision.authorization)),
                subject="Your care is approved",
                greeting=greeting(to),
                parts=parts,
                signature=signature(decision),
                copies=(to.requester,) if to.requester.strip() else (),
                enclosed_title=OFFICE_TITLE,
                enclosed=office_parts(view, citations, lines),
                foot=record_lines(view),
            )
        )
    )


def approved_part(
    names: MemberNames, lines: tuple[LineDecided, ...], decision: DecisionTold
) -> Part:
    """What was approved, with the reviewer's words on how much, and for how long it holds."""
    approved = tuple(
        Line(
            lead=sentence(names.care(line.pairs)),
            text=sentence(clean(line.told.words)),
            origin="person" if line.told.words.strip() else "packs",
            sign="approved",
        )
        for line in lines
        if line.approved
    )
    blocks: list[Block] = [Listed(approved)]
    start, end = (
        date_words(day.isoformat()) if day else ""
        for day in (decision.valid_from, decision.valid_to)
    )
    if start or end:
        from_ = f" from {start}" if start else ""
        until = f" until {end}" if end else ""
        blocks.append(Text((Line(text=f"This approval holds{from_}{until}."),)))
    return Part(id="approved", title="What we approved", blocks=tuple(blocks))


def _why(view: ArticleView, names: MemberNames, lines: tuple[LineDecided, ...]) -> Part:
    blocks: list[Block] = []
    for line in lines:
        if len(lines) > 1:
            blocks.append(Text((Line(lead=sentence(names.care(line.pairs)), origin="packs"),)))
        reason = line.told.member_reason.strip() or line.told.reason.strip()
        if reason:
            blocks.append(Text(paragraphs(reason, "person")))
        elif all(pair.item.outcome == "meets_criteria" for pair in line.pairs):
            blocks.append(Text((Line(text="What we know fits the rule for this care."),)))
        else:
            blocks.append(
                Text((Line(text="The person named below looked at it and approved it."),))
            )
        met = dict.fromkeys(text for pair in line.pairs for text in _met(view, pair))
        cited = (text for ground in line.grounds if ground.status == "met" for text in ground.plain)
        blocks += listed("These points were met:", met or dict.fromkeys(cited), "packs")
    blocks += rules_used(view, names, (pair for line in lines for pair in line.pairs))
    return Part(id="why", title="Why we approved it", blocks=tuple(blocks))


def _met(view: ArticleView, pair: Pair) -> tuple[str, ...]:
    """The requirements of the indication that is met, where the item meets its criteria."""
    policy, item = view.lead(pair), pair.item
    if policy is None or item.criteria is None or item.outcome != "meets_criteria":
        return ()
    own = {
        entry.id
        for entry in item.indications
        if entry.policy == policy.id and entry.outcome == "meets_criteria"
    }
    for path in paths(item.criteria):
        if path[-1].id in own and path[-1].status == "met":
            return member_words(view, policy, path)
    return ()
