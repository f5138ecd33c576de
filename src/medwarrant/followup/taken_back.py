"""*Scratch that*: the request goes back to how it was before the last change, and what goes with it is told."""

from __future__ import annotations

from ..answer import Answer
from ..intake.reading import read_facts
from ..report.article import Bullets, Line
from ..report.comparison import compared
from ..report.text import clean, sentence, shortened
from .applied import applied
from .changes import changes_between, turned_between
from .given import Given
from .talk import Talk, Told
from .understood import code_named, fact_line, understood
from .what_changes import changed_blocks


def tell_taken_back(talk: Talk, earlier: Answer, given: Given) -> Told:
    """The request of before the last change, judged anew with what is said beside it; it is kept."""
    earlier = talk.medwarrant.revise(earlier)
    gone = compared(talk.answer, earlier)
    turned = turned_between(talk.answer, earlier)
    inner = [fact_line(talk, one.before) for one in gone.facts if one.before is not None]
    lines = [Line(text="The last change is taken back.")]
    if inner:
        lead = "We no longer count:" if talk.plain else "No longer counted:"
        lines.append(Line(lead=lead, inner=tuple(inner)))
    again = [fact_line(talk, one.after) for one in gone.facts if one.after is not None]
    if gone.as_of is not None:
        again.append(Line(text=f"Date of service: {gone.as_of[1].isoformat()}."))
    again += [Line(text=sentence(code_named(talk, code))) for code in turned.added]
    if again:
        lead = "We count again:" if talk.plain else "Counted again:"
        lines.append(Line(lead=lead, inner=tuple(again)))
    if turned.removed:
        names = tuple(Line(text=sentence(code_named(talk, code))) for code in turned.removed)
        lead = "We no longer look at:" if talk.plain else "No longer asked about:"
        lines.append(Line(lead=lead, inner=names))
    after = earlier
    if given.anything:
        after = applied(given, earlier, talk.medwarrant)
        lines += understood(talk.of(earlier), given, after)
    changes = changes_between(talk.answer, after)
    blocks = (Bullets(tuple(lines)), *changed_blocks(talk, talk.of(after), changes))
    return Told(
        "new_facts",
        blocks,
        changes,
        read_facts((*given.facts, *given.known), talk.library),
        keeps=True,
        answer=after,
        turned=turned_between(talk.answer, after),
    )


def tell_nothing_to_take_back(talk: Talk, words: str) -> Told:
    """That nothing was changed since the question, so nothing is taken back."""
    quoted = f"“{clean(shortened(words.strip(' ,.;:!'), 80))}”"
    text = (
        f"{quoted}: you have told us nothing new so far, so there is nothing to take back."
        if talk.plain
        else f"{quoted}: nothing was changed since the question was asked, so there is nothing to take back. "
        "To take one thing out, name it, such as “remove the ...”."
    )
    return Told("new_facts", (Bullets((Line(text=text),)),))
