"""The documents of a case as a worksheet shows them: their text, with what was read of it marked."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..answer import Answer
from ..intake.files.note_text import NoteText
from ..intake.reading import FactRead
from ..model.errors import InputError
from .highlights import Marked, Place, marked, place_of
from .inquiries import document_body, documents_of
from .work import Work

#: The document of the question itself, in provenance.
QUESTION = "question"


class NotPlaced(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that cannot be shown where it was written, and why."""

    fact: str
    quote: str
    why: str


class ShownDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document: its text in pieces, marked with the ids of facts; `problem` where it cannot be read.

    `id` is that of the kept file, or empty for the question.
    """

    id: str
    name: str
    kind: str
    text: str
    pieces: tuple[Marked, ...]
    not_placed: tuple[NotPlaced, ...] = ()
    remarks: tuple[str, ...] = ()
    problem: str = ""


def shown_documents(work: Work, inquiry_id: str, answer: Answer) -> tuple[ShownDocument, ...]:
    """The question and every file of an inquiry, with the facts of an answer marked in them."""
    found = []
    facts = answer.reading.facts
    if answer.question:
        note = NoteText(name=QUESTION, kind="text", text=answer.question)
        found.append(_shown("", note, _of(facts, QUESTION)))
    for kept in documents_of(work, inquiry_id):
        own = _of(facts, kept.name)
        try:
            note = document_body(work, inquiry_id, kept.id).note()
        except InputError as error:
            why = "the file cannot be read as a note"
            found.append(
                ShownDocument(
                    id=kept.id,
                    name=kept.name,
                    kind=kept.media_type,
                    text="",
                    pieces=(),
                    not_placed=tuple(_not_placed(fact, why) for fact in own),
                    problem=error.problem,
                )
            )
            continue
        found.append(_shown(kept.id, note, own))
    return tuple(found)


def facts_without_document(
    shown: Sequence[ShownDocument], facts: Sequence[FactRead]
) -> tuple[NotPlaced, ...]:
    """Facts that were read from a document which is not among those kept."""
    names = {document.name for document in shown}
    return tuple(
        _not_placed(fact, f"'{fact.document}' is not among the documents of this case")
        for fact in facts
        if fact.span is not None and fact.document not in names
    )


def _of(facts: Sequence[FactRead], document: str) -> list[FactRead]:
    return [fact for fact in facts if fact.document == document]


def _shown(document_id: str, note: NoteText, facts: Sequence[FactRead]) -> ShownDocument:
    places: list[tuple[str, Place]] = []
    not_placed = []
    for fact in facts:
        if fact.span is None and not fact.quote:
            continue  # the practice said it beside the text: there is nothing to show in it
        place = place_of(note, fact.span, fact.quote)
        if isinstance(place, Place):
            places.append((fact.id, place))
        else:
            not_placed.append(_not_placed(fact, place.why))
    return ShownDocument(
        id=document_id,
        name=note.name,
        kind=note.kind,
        text=note.text,
        pieces=marked(note.text, places),
        not_placed=tuple(not_placed),
        remarks=note.remarks,
    )


def _not_placed(fact: FactRead, why: str) -> NotPlaced:
    return NotPlaced(fact=fact.id, quote=fact.quote, why=why)
