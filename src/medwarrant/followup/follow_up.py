"""A follow-up question over an answer: recognised, answered, and the answer judged again where facts are given.

The rule for several parts: what is stated is read first, all of it together, and judged; then each
question is answered in order, on the answer as it then stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..answer import Answer, Medwarrant
from ..model.errors import InputError
from ..report.article import Block, Line, Prose
from ..report.text import clean, counted, shortened
from ..report.words import AUDIENCES, Audience
from .answered import Answered
from .cited import Cited
from .parts import checked, parts_of
from .readings import Readings
from .reply import FollowUp, FollowUpReply, RequestChange
from .talk import Talk, Told

_MOST_QUOTED: Final = 160


def follow_up(
    medwarrant: Medwarrant,
    answer: Answer,
    text: str,
    *,
    audience: Audience = "clinician",
    document: str = "follow-up",
    before: Answer | None = None,
) -> FollowUpReply:
    """Answer a follow-up question over an answer.

    What is stated becomes facts of the request (basis `stated`, in the document named), and the new
    answer is kept; suppositions and other payers are judged and not kept; every other question is
    answered from the answer's trace and the packs. What cannot be understood says so. `before` is the answer
    as it was before the last change, to which *scratch that* goes back. Raises `InputError` for a text without
    words, or one that is too long; nothing else.

    >>> app = Medwarrant()
    >>> first = app.ask("Is 64405 medically necessary for intractable migraine?")
    >>> found = follow_up(app, first, "It is for an acute attack, in the emergency department")
    >>> found.reply.kind, [(c.before, c.after) for c in found.reply.changes], found.reply.keeps
    ('new_facts', [('needs_information', 'meets_criteria')], True)
    """
    if audience not in AUDIENCES:
        raise InputError(
            f"the reader '{audience}' is not known", mend=f"choose one of {', '.join(AUDIENCES)}"
        )
    parts = parts_of(checked(text))
    cited = Cited(medwarrant.library, plain=audience == "patient")
    talk = Talk(Readings(medwarrant), answer, audience, cited)
    asked = Answered(talk, text, document, before)
    told = asked.all(parts)
    return _reply(text, told, cited, asked)


def _reply(
    text: str, told: Sequence[tuple[str, Told]], cited: Cited, asked: Answered
) -> FollowUpReply:
    """The parts as one reply: each under its words where there are several.

    What was told and not understood beside questions is said last.
    """
    blocks: list[Block] = []
    for words, one in told:
        if len(told) > 1 and words:
            blocks.append(Prose((Line(lead=f"“{clean(shortened(words, _MOST_QUOTED))}”"),)))
        blocks += one.blocks
    if asked.left > 0:
        said = f"{counted(asked.left, 'more question')} not answered; please ask on."
        blocks.append(Prose((Line(text=said),)))
    if asked.unread:
        lead = "We found no new fact in:" if cited.plain else "No fact was read in:"
        quoted = clean(shortened(" ".join(asked.unread), _MOST_QUOTED))
        blocks.append(Prose((Line(lead=lead, text=f"“{quoted}”"),)))
    kept = next((one for _, one in told if one.keeps), None)
    main = kept or next((one for _, one in told if one.answer is not None), None)
    kinds = [one.kind for _, one in told]
    reply = FollowUp(
        kind=kinds[0],
        question=text,
        blocks=(*blocks, *cited.block()),
        changes=main.changes if main else (),
        facts=next((one.facts for _, one in told if one.facts), ()),
        request=(main.turned if main else None) or RequestChange(),
        keeps=kept is not None,
        sources=tuple(cited.named),
        also=tuple(kinds[1:]),
    )
    return FollowUpReply(reply, main.answer if main else None)
