"""Asking: a draft with what was read of it, and the answer once it is judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from ...answer import Answer, Medwarrant
from ...intake.structured import parse_as_of
from ...model.errors import InputError
from ...review import drafts
from ...review.asking import (
    Shown,
    asked,
    refuse_too_many_pairs,
    refuse_too_much_to_read,
    with_shown,
)
from ...review.inquiries import FileSent, keep_inquiry
from ...review.work import Work
from .reading import CoverageOptions, ReadingView, coverage_options, reading_view

Question = Annotated[
    str,
    Meta(
        max_length=20_000,
        description="The question in plain words.",
        examples=["Is 64615 for G43.709 covered? Aetna. 16 headache days a month."],
    ),
]
Code = Annotated[str, Meta(max_length=20, description="A procedure or ICD-10-CM code.")]
FactText = Annotated[
    str, Meta(max_length=2_000, description="A fact as `--fact` takes it: `intent=acute`.")
]
Day = Annotated[str, Meta(max_length=10, description="A date of service: 2026-11-23.")]


class NoteSent(msgspec.Struct, frozen=True, kw_only=True):
    """A clinical note as text."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    text: Annotated[str, Meta(max_length=1_000_000)]

    def file(self) -> FileSent:
        """The note as a file."""
        return FileSent(
            name=self.name, media_type="text/plain", body=self.text.encode("utf-8", "replace")
        )


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked: a question in words, or a structured request (or FHIR R4 message), with what is known beside it.

    Facts, codes and coverage given here outweigh what is read; `services` and `diagnoses` replace those read.
    """

    question: Question | None = None
    request: dict[str, Any] | None = None
    facts: Annotated[tuple[FactText, ...], Meta(max_length=500)] = ()
    services: Annotated[tuple[Code, ...], Meta(max_length=200)] = ()
    diagnoses: Annotated[tuple[Code, ...], Meta(max_length=200)] = ()
    notes: Annotated[tuple[NoteSent, ...], Meta(max_length=50)] = ()
    payer: Annotated[str, Meta(max_length=100)] | None = None
    line_of_business: Annotated[str, Meta(max_length=100)] | None = None
    state: Annotated[str, Meta(max_length=50)] | None = None
    as_of: Day | None = None


def determine(medwarrant: Medwarrant, sent: Asked) -> Answer:
    """Judge what is asked; nothing is kept. Raises `InputError` for what cannot be used."""
    if (sent.question is None) == (sent.request is None):
        raise InputError(
            "one of 'question' and 'request' is needed, not both",
            mend="send the question in words, or a structured request",
        )
    notes = [note.file().note() for note in sent.notes]
    refuse_too_much_to_read(notes)
    refuse_too_many_pairs(*_asked_about(sent))
    options: dict[str, Any] = {
        "facts": sent.facts,
        "payer": sent.payer,
        "line_of_business": sent.line_of_business,
        "state": sent.state,
        "as_of": sent.as_of,
        "notes": notes,
    }
    if sent.question is not None:
        return medwarrant.ask(
            sent.question, services=sent.services, diagnoses=sent.diagnoses, **options
        )
    assert sent.request is not None
    answer = medwarrant.determine(sent.request, **options)
    if sent.services or sent.diagnoses:
        answer = medwarrant.revise(answer, services=sent.services, diagnoses=sent.diagnoses)
    return answer


def _asked_about(sent: Asked) -> tuple[int, int]:
    """How many services and diagnoses are named by code."""
    request = sent.request or {}
    lists = [request.get(name) for name in ("services", "diagnoses")]
    numbers = [len(one) if isinstance(one, list) else 1 for one in lists]
    return max(numbers[0], len(sent.services)), max(numbers[1], len(sent.diagnoses))


def read(medwarrant: Medwarrant, sent: Asked) -> ReadingView:
    """What is read of what is asked; nothing is kept."""
    return reading_view(determine(medwarrant, sent))


class DraftView(msgspec.Struct, frozen=True, kw_only=True):
    """A question that is being put together, and what is read of it so far.

    `problem` says why a file or the question cannot be read; `reading` is null then.
    """

    id: str
    question: str
    files: tuple[str, ...]
    shown: Shown
    reading: ReadingView | None
    problem: str
    options: CoverageOptions


class DraftMade(msgspec.Struct, frozen=True, kw_only=True):
    """The draft that was made."""

    id: str


class DraftSent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new draft."""

    question: Question = ""
    notes: Annotated[tuple[NoteSent, ...], Meta(max_length=50)] = ()


class DraftChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The question of a draft, and what is said of its reading."""

    question: Question
    shown: Shown = Shown()


def new_draft(work: Work, question: str, files: Sequence[FileSent]) -> DraftMade:
    """Keep a new draft. Raises `InputError` where there is nothing to read."""
    if not question.strip() and not files:
        raise InputError(
            "ask something, or add a file", where="question", mend="name a service and a diagnosis"
        )
    return DraftMade(id=drafts.keep_draft(work, question, files))


def draft_view(work: Work, draft_id: str) -> DraftView:
    """A draft and its reading, uncorrected: what was said of it stands in `shown`."""
    kept = drafts.load_draft(work, draft_id)
    medwarrant = work.desk.medwarrant
    reading, problem = None, ""
    try:
        reading = reading_view(asked(medwarrant, kept.question, kept.files, as_of=None))
    except InputError as error:
        problem = str(error)
    return DraftView(
        id=kept.id,
        question=kept.question,
        files=tuple(file.name for file in kept.files),
        shown=kept.shown,
        reading=reading,
        problem=problem,
        options=coverage_options(medwarrant.library),
    )


def judged(medwarrant: Medwarrant, draft: drafts.Draft, shown: Shown) -> Answer:
    """The answer to a draft once its reading was corrected."""
    as_of = parse_as_of(shown.as_of, "as_of") if shown.as_of else None
    answer = asked(medwarrant, draft.question, draft.files, as_of=as_of)
    return with_shown(medwarrant, answer, shown)


class InquiryMade(msgspec.Struct, frozen=True, kw_only=True):
    """The inquiry that was kept, with its first record."""

    id: str
    record_digest: str
    outcome: str | None


def keep(work: Work, answer: Answer, files: Sequence[FileSent] = ()) -> InquiryMade:
    """Keep an answer as a new inquiry."""
    inquiry, record = keep_inquiry(work, answer, files)
    return InquiryMade(id=inquiry.id, record_digest=record.record_digest, outcome=record.outcome)


def codes_in(text: str) -> tuple[str, ...]:
    """Codes that were typed in one field, parted by commas or blanks.

    >>> codes_in("64405, 20553  g43.719")
    ('64405', '20553', 'G43.719')
    """
    return tuple(part.upper() for part in text.replace(",", " ").replace(";", " ").split())
