"""What a follow-up was understood to give: facts, codes added and taken out, and what was left aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ..answer import Answer
from ..intake.reading import FactRead, read_facts
from ..policy.fact_words import fact_words, said_words
from ..report.article import Line
from ..report.comparison import FactDifference, compared
from ..report.text import clean, lower_first, sentence, shortened, upper_first
from ..report.view import plain_diagnosis
from .given import Given
from .talk import Talk


def understood(
    talk: Talk, given: Given, after: Answer | None = None, lead: str = "Understood:"
) -> tuple[Line, ...]:
    """What was read from the words, what it replaces or takes out, and what was left aside.

    `after` is the answer judged with it; what no longer counts is told from the two answers.
    """
    lines = []
    if talk.plain and lead == "Understood:":
        lead = "You told us:"
    turned = compared(talk.answer, after).facts if after is not None else ()
    told = [
        _with_before(talk, fact_line(talk, fact), fact, turned)
        for fact in read_facts(given.facts, talk.library)
    ]
    if given.as_of is not None:
        was = talk.answer.reading.request.as_of.isoformat()
        text = f"Date of service: {given.as_of.isoformat()} (before: {was})."
        told.append(Line(text=text))
    told += [Line(text=f"{code_named(talk, code)} is added.") for code in given.added]
    told += [Line(text=f"{code_named(talk, code)} is taken out.") for code in given.removed]
    if told:
        lines.append(Line(lead=lead, inner=tuple(told)))
    words = {one.fact.id: one.quote for one in given.withdrawn}
    gone = tuple(
        _gone_line(talk, one.before, words.get(one.before.id, ""))
        for one in turned
        if one.before is not None and one.after is None
    )
    if gone:
        lead = "We no longer count:" if talk.plain else "No longer counted:"
        lines.append(Line(lead=lead, inner=gone))
    lines += _unsettled(talk, given)
    if given.known:
        before = tuple(fact_line(talk, fact) for fact in read_facts(given.known, talk.library))
        lines.append(Line(lead="We knew this:" if talk.plain else "Known before:", inner=before))
    if not talk.plain:
        lines += [
            Line(lead="Taken so:", text=sentence(clean(remark.message))) for remark in given.remarks
        ]
    if given.asked_already:
        names = tuple(Line(text=sentence(code_named(talk, code))) for code in given.asked_already)
        lead = "You ask about this now:" if talk.plain else "Asked about already:"
        lines.append(Line(lead=lead, inner=names))
    for code in given.beside:
        name = code_named(talk, code)
        said = "it is not part of your question." if talk.plain else _how_to_add(code)
        lines.append(Line(lead="Named only:", text=f"{lower_first(name)}: {said}"))
    for text in given.unrecognised:
        lines.append(Line(lead="Not understood:", text=f"“{clean(shortened(text, 200))}”"))
    return tuple(lines)


def _with_before(talk: Talk, line: Line, fact: FactRead, turned: Iterable[FactDifference]) -> Line:
    """A fact with what it takes the place of."""
    for one in turned:
        if one.before is None or one.after is None:
            continue
        if (one.after.fact, one.after.value) == (fact.fact, fact.value):
            was = one.before
            words = said_words(was.fact, was.status, was.value, talk.library, plain=talk.plain)
            text = f"{line.text.rstrip('.')} (before: {clean(words)})."
            return msgspec.structs.replace(line, text=text)
    return line


def _gone_line(talk: Talk, fact: FactRead, quote: str) -> Line:
    """A fact that no longer counts, with the words that took it out."""
    line = fact_line(talk, fact)
    note = f"“{clean(shortened(quote, 160))}”" if quote and not talk.plain else ""
    return msgspec.structs.replace(line, note=note)


def _unsettled(talk: Talk, given: Given) -> Iterator[Line]:
    """What was to be changed and was not, because the words do not tell exactly what."""
    for one in given.unsettled:
        quoted = f"“{clean(shortened(one.quote, 160))}”"
        if one.choices:
            lead = "Which do you mean?" if talk.plain else "Not changed, since it may mean several:"
            inner = tuple(fact_line(talk, fact) for fact in one.choices)
            yield Line(lead=lead, text=quoted, inner=inner)
        else:
            lead = "We did not change this:" if talk.plain else "Not changed:"
            why = "" if talk.plain else f" ({clean(one.problem)})"
            yield Line(lead=lead, text=f"{quoted}{why}.")


def _how_to_add(code: str) -> str:
    return f"it is not asked about. To have it judged, write “add {clean(code)}”."


def fact_line(talk: Talk, fact: FactRead) -> Line:
    """A fact in the reader's words, with the words it was read from."""
    words = fact_words(fact.fact, fact.status, fact.value, talk.library, plain=talk.plain)
    text = sentence(clean(words))
    if talk.plain:
        return Line(text=text)
    notes = [f"for {clean(fact.service)}"] if fact.service else []
    if fact.quote:
        notes.append(f"“{shortened(clean(fact.quote), 160)}”")
    return Line(text=text, note="; ".join(notes))


def code_named(talk: Talk, code: str) -> str:
    """A code with its name, in the patient's words for patients."""
    procedure = talk.library.procedure(code)
    if procedure is not None:
        return upper_first(clean(procedure.plain if talk.plain else f"{procedure.name} ({code})"))
    known = talk.medwarrant.icd.lookup(code)
    if talk.plain:
        return upper_first(plain_diagnosis(code, talk.library) or "one more condition")
    return f"{clean(known.title)} ({code})" if known else clean(code)


def nothing_new(talk: Talk, given: Given) -> Line:
    """That the request stays as it was."""
    if talk.plain:
        return Line(text="Nothing new was said, so nothing changes.")
    if given.unsettled:
        return Line(text="Nothing changes. Name what is meant, and what it should be.")
    if given.asked_already and not given.known:
        return Line(text="Nothing changes: it is asked about already.")
    if given.known:
        return Line(text="Nothing changes: all of it was known before.")
    return Line(text="Nothing changes: no new fact was read.")
