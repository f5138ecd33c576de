"""The adverse notice: what was not approved, the physician's specific reason, and what can be done.

It tells partial and modified decisions too, what was approved first. Its own words never say that software
decided: they name the person, the criteria relied on, and the sources.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ...model.errors import InputError
from ..citations import CitationList
from ..text import clean
from ..view import Pair, article_view
from .approval import approved_part
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
from .letter import Field, Letter, Line, Part, Text, finished
from .names import MemberNames
from .parts import case_fields, paragraphs, record_lines, sender_lines
from .plainness import warnings_on
from .refused import refused_parts
from .told import Correspondence, DecisionTold

if TYPE_CHECKING:
    from ...answer import Answer

_SUBJECTS = {
    "adverse": "Your care is not approved",
    "partially_approved": "Part of your care is approved, and part is not",
    "modified": "Your care is approved in another form than was asked for",
}
_OPENINGS = {
    "adverse": "We did not approve it.",
    "partially_approved": "We approved a part of it.",
    "modified": "We did not approve all of it as it was asked for.",
}


def adverse_notice(answer: Answer, decision: DecisionTold, to: Correspondence) -> Letter:
    """The notice to a member of a decision that does not approve all that was asked for.

    Raises `InputError` while the determination is provisional; for an approval; for a decision that does not
    cover every pair, or whose reasons are not tied to criteria; without the appeal rights that the plan
    supplies for a jurisdiction; and without a way to reach the physician for a peer-to-peer talk.
    """
    if decision.kind == "approved":
        raise InputError(
            "an adverse notice tells a decision that is not an approval",
            where="decision.kind",
            mend="an approval is told by the approval letter",
        )
    addressed(to, "member")
    _plan_texts(to)
    dated_after(to, decision)
    view = article_view(answer)
    lines = settled(view, decision)
    names = MemberNames(view)
    citations = CitationList(view.references, view.library)
    refused = tuple(line for line in lines if not line.approved)
    parts = [
        *version_part(to),
        Part(id="opening", blocks=(Text((_opening(to, decision),)),)),
    ]
    if any(line.approved for line in lines):
        parts.append(approved_part(names, lines, decision))
    parts += refused_parts(view, names, refused)
    parts += [
        Part(
            id="rules-used",
            title="The rules we used",
            blocks=rules_used(view, names, _pairs(refused)),
        ),
        _decided(to, decision),
        Part(
            id="appeal",
            title="Your right to appeal",
            blocks=(Text(paragraphs(to.appeal_rights, "plan")),),
        ),
        *last_parts(to),
    ]
    return warnings_on(
        finished(
            Letter(
                kind="adverse_notice",
                title=f"Notice: {_SUBJECTS[decision.kind][0].lower()}{_SUBJECTS[decision.kind][1:]}"
                f"{version_words(to)}",
                audience="member",
                dated=to.dated,
                sender=to.plan,
                sender_lines=sender_lines(to),
                to=(to.member, *to.member_address),
                fields=case_fields(view, to, Field("Approval number", decision.authorization)),
                subject=_SUBJECTS[decision.kind],
                greeting=greeting(to),
                parts=tuple(parts),
                signature=signature(decision),
                copies=(to.requester,) if to.requester.strip() else (),
                enclosed_title=OFFICE_TITLE,
                enclosed=office_parts(view, citations, lines, _talk(to, decision)),
                foot=(
                    *record_lines(view),
                    f"Appeal rights as the plan supplies them for {to.jurisdiction}",
                ),
            )
        ),
        _doubts(refused),
    )


def _plan_texts(to: Correspondence) -> None:
    """Refuse a notice without the texts that only the plan can supply."""
    if not to.appeal_rights.strip():
        raise InputError(
            "an adverse notice needs the plan's text on appeal rights, and none is given",
            where="correspondence.appeal_rights",
            mend="put the plan's own text for this line of business and state there, and name them in "
            "correspondence.jurisdiction",
        )
    if not to.jurisdiction.strip():
        raise InputError(
            "nothing says for which jurisdiction the text on appeal rights is",
            where="correspondence.jurisdiction",
            mend="name the line of business and the state that the plan wrote it for",
        )
    if not (to.peer_to_peer.strip() or to.phone.strip()):
        raise InputError(
            "an adverse notice says how a doctor reaches the one who decided, and nothing is given",
            where="correspondence.peer_to_peer",
            mend="give the way to ask for a peer-to-peer talk, or the plan's phone",
        )


def _opening(to: Correspondence, decision: DecisionTold) -> Line:
    return Line(
        text=f"{asked_by(to)} {_OPENINGS[decision.kind]} "
        "This letter says what was decided, why, and what you can do now."
    )


def _pairs(lines: tuple[LineDecided, ...]) -> Iterable[Pair]:
    return (pair for line in lines for pair in line.pairs)


def _decided(to: Correspondence, decision: DecisionTold) -> Part:
    lines = [
        Line(text="A doctor made this decision. It rests on the rules and points named above."),
        who_decided(decision),
        Line(text="Your doctor can ask to talk with a doctor about this decision."),
    ]
    if to.peer_to_peer.strip():
        lines += paragraphs(to.peer_to_peer, "plan")
    else:
        lines.append(Line(text=f"The number to call is {clean(to.phone).strip()}."))
    return Part(id="decided", title="Who decided", blocks=(Text(tuple(lines)),))


def _talk(to: Correspondence, decision: DecisionTold) -> Part:
    """How the office asks for a peer-to-peer talk."""
    reach = paragraphs(to.peer_to_peer, "plan") or (Line(text=f"Call {clean(to.phone).strip()}."),)
    who = ", ".join(filter(None, (decision.signed_by.strip(), decision.credentials.strip())))
    lines = (Line(text=f"{who} decided. Name case {clean(to.case_number)} when you ask."), *reach)
    return Part(id="talk", title="Peer-to-peer talk", reader="office", blocks=(Text(lines),))


def _doubts(lines: tuple[LineDecided, ...]) -> Iterable[str]:
    """What whoever signs should see first, since the record does not bear the decision out."""
    for line in lines:
        codes = ", ".join(pair.item.diagnosis for pair in line.pairs)
        whom = f"{line.told.service} for {codes}"
        if any(pair.item.outcome == "meets_criteria" for pair in line.pairs):
            yield f"{whom}: the record says that the criteria are met."
        if all(ground.status == "met" for ground in line.grounds):
            yield f"{whom}: every criterion it rests on is met in the record."
        if all(ground.editorial for ground in line.grounds):
            yield f"{whom}: it rests only on criteria that the editors of the library ask for, not the plan."
