"""What was read of a question, as a form that can be corrected before anything is judged."""

from __future__ import annotations

import msgspec

from ...answer import Answer
from ...policy.fact_words import fact_words
from ...policy.library import Library
from ...report.text import clean, sentence, upper_first
from ...report.words import BASIS_WORDS


class ServiceShown(msgspec.Struct, frozen=True, kw_only=True):
    """A service that was read; `place` counts from 0, `name` is null where the code is not in our data."""

    place: int
    code: str
    name: str | None
    text: str


class DiagnosisShown(msgspec.Struct, frozen=True, kw_only=True):
    """A diagnosis that was read; `title` is null where the code does not exist."""

    code: str
    title: str | None
    text: str
    candidates: tuple[str, ...] = ()


class FactShown(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that was read, in words, with where it stands."""

    id: str
    fact: str
    words: str
    basis: str
    document: str
    quote: str
    service: str | None = None


class RemarkShown(msgspec.Struct, frozen=True, kw_only=True):
    """A correction, an assumption, or words that were not understood."""

    kind: str
    message: str


class ReadingView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was read of a question and of the files beside it."""

    services: tuple[ServiceShown, ...]
    diagnoses: tuple[DiagnosisShown, ...]
    facts: tuple[FactShown, ...]
    payer: str | None
    line_of_business: str | None
    state: str | None
    as_of: str
    remarks: tuple[RemarkShown, ...]
    documents: tuple[str, ...]


class CoverageOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Payers and lines of business that may be chosen, each by id with its title."""

    payers: tuple[tuple[str, str], ...]
    lines_of_business: tuple[tuple[str, str], ...]


def reading_view(answer: Answer) -> ReadingView:
    """What was read, for people to look at."""
    reading = answer.reading
    library = answer.library
    facts = []
    for fact in reading.facts:
        words = fact_words(fact.fact, fact.status, fact.value, library)
        facts.append(
            FactShown(
                id=fact.id,
                fact=fact.fact,
                words=upper_first(clean(words)),
                basis=BASIS_WORDS.get(fact.basis, fact.basis),
                document=clean(fact.document),
                quote=clean(fact.quote),
                service=fact.service,
            )
        )
    remarks = [
        *(
            RemarkShown(kind="correction", message=sentence(clean(r.message)))
            for r in reading.corrections
        ),
        *(
            RemarkShown(kind="assumption", message=sentence(clean(r.message)))
            for r in reading.assumptions
        ),
        *(RemarkShown(kind="not_understood", message=clean(r.text)) for r in reading.unrecognised),
    ]
    return ReadingView(
        services=tuple(
            ServiceShown(place=place, code=read.code, name=read.name, text=clean(read.text))
            for place, read in enumerate(reading.services)
        ),
        diagnoses=tuple(
            DiagnosisShown(
                code=read.code,
                title=read.title,
                text=clean(read.text),
                candidates=read.candidates,
            )
            for read in reading.diagnoses
        ),
        facts=tuple(facts),
        payer=reading.coverage.payer,
        line_of_business=reading.coverage.line_of_business,
        state=reading.coverage.state,
        as_of=reading.request.as_of.isoformat(),
        remarks=tuple(remarks),
        documents=tuple(note.document for note in reading.notes),
    )


def coverage_options(library: Library) -> CoverageOptions:
    """What the packs know of who pays, in alphabetical order."""
    return CoverageOptions(
        payers=tuple(
            sorted(((one.id, one.title) for one in library.payers.values()), key=lambda one: one[1])
        ),
        lines_of_business=tuple(
            (one.id, upper_first(one.title)) for one in library.lines_of_business.values()
        ),
    )
