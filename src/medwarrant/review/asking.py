"""From what a person typed and dropped to an answer: a question, notes, a request or a FHIR message."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from ..answer import Answer, Medwarrant
from ..intake.corrections import CodeLike
from ..intake.files.note_text import NoteText
from ..intake.question import read_question
from ..intake.request_json import request_json
from ..model.errors import InputError
from .inquiries import FileSent


class Shown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a person said of the reading that was shown, before anything is judged.

    `without_*` name what was read and is not meant: services by their place, diagnoses by code, facts by
    id. `services` and `diagnoses` are codes to add, `facts` facts as `--fact` takes them. Of the coverage, None
    leaves what was read and an empty text takes it out.
    """

    without_services: tuple[int, ...] = ()
    without_diagnoses: tuple[str, ...] = ()
    without_facts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    payer: str | None = None
    line_of_business: str | None = None
    state: str | None = None
    as_of: str = ""


def asked(
    medwarrant: Medwarrant,
    question: str,
    files: Sequence[FileSent] = (),
    *,
    as_of: date | str | None = None,
) -> Answer:
    """The answer to a question with the files beside it.

    A file of JSON is a FHIR message or a structured request, of which there may be one; it says what is asked,
    and the question adds to it. Every other file is a note. Raises `InputError` for what cannot be used.
    """
    requests, notes = _sorted(files)
    refuse_too_much_to_read(notes)
    if len(requests) > 1:
        raise InputError(
            "more than one request in JSON", where=requests[1][0], mend="ask about one at a time"
        )
    if not requests:
        return medwarrant.ask(question, notes=notes, as_of=as_of)
    answer = medwarrant.determine(requests[0][1], notes=notes, as_of=as_of)
    if not question.strip():
        return answer
    answer = with_words(medwarrant, answer, question)
    return dataclasses.replace(answer, question=question)


#: What one question may bring: a chart of some hundred pages is read in parts.
MOST_CHARACTERS = 200_000
#: Services times diagnoses: every pair is judged, and nobody reads more.
MOST_PAIRS = 400


def refuse_too_much_to_read(notes: Sequence[NoteText]) -> None:
    """Raises `InputError` where notes together are longer than is read at once."""
    if sum(len(note.text) for note in notes) > MOST_CHARACTERS:
        raise InputError(
            f"the notes are longer than {MOST_CHARACTERS:,} characters together",
            where="files",
            mend="send the parts that matter",
        )


def refuse_too_many_pairs(services: int, diagnoses: int) -> None:
    """Raises `InputError` where more pairs would have to be judged than anybody reads."""
    if services * diagnoses > MOST_PAIRS:
        raise InputError(
            f"{services} services for {diagnoses} diagnoses are more than {MOST_PAIRS} pairs",
            mend="ask about fewer at a time",
        )


def with_words(medwarrant: Medwarrant, answer: Answer, words: str) -> Answer:
    """An answer with what more words say: their facts, and the codes in them that are new."""
    request = answer.reading.request
    reading = read_question(words, medwarrant.library, medwarrant.icd, as_of=request.as_of)
    named = {line.code for line in request.services}
    services = [line.code for line in reading.request.services if line.code not in named]
    known = {diagnosis.code for diagnosis in request.diagnoses}
    diagnoses = [found.code for found in reading.request.diagnoses if found.code not in known]
    coverage = reading.request.coverage
    return medwarrant.revise(
        answer,
        facts=reading.request.facts,
        services=[*_services_of(medwarrant, answer), *services] if services else (),
        diagnoses=[*known_codes(answer), *diagnoses] if diagnoses else (),
        payer=coverage.payer,
        line_of_business=coverage.line_of_business,
        state=coverage.state,
    )


def with_shown(medwarrant: Medwarrant, answer: Answer, shown: Shown) -> Answer:
    """An answer once its reading was corrected by the person who asks.

    Raises `InputError` for what cannot be used.
    """
    if shown.as_of:
        answer = medwarrant.revise(answer, as_of=shown.as_of)
    services = [
        line
        for place, line in enumerate(_services_of(medwarrant, answer))
        if place not in shown.without_services
    ]
    diagnoses = [code for code in known_codes(answer) if code not in shown.without_diagnoses]
    if shown.without_services and not (services or shown.services):
        raise InputError("no service is left", where="services", mend="add one, or keep one")
    if shown.without_diagnoses and not (diagnoses or shown.diagnoses):
        raise InputError("no diagnosis is left", where="diagnoses", mend="add one, or keep one")
    coverage = {name: getattr(shown, name) for name in ("payer", "line_of_business", "state")}
    cleared = [
        name
        for name, said in coverage.items()
        if said == "" and getattr(answer.reading.coverage, name)
    ]
    changed_services: list[CodeLike] = [*services, *shown.services]
    return medwarrant.revise(
        answer,
        services=changed_services if shown.without_services or shown.services else (),
        diagnoses=[*diagnoses, *shown.diagnoses]
        if shown.without_diagnoses or shown.diagnoses
        else (),
        rejected=[*shown.without_facts, *cleared],
        facts=shown.facts,
        payer=coverage["payer"] or None,
        line_of_business=coverage["line_of_business"] or None,
        state=coverage["state"] or None,
    )


def known_codes(answer: Answer) -> list[str]:
    """The diagnoses of an answer's request, in order."""
    return [diagnosis.code for diagnosis in answer.reading.request.diagnoses]


def _services_of(medwarrant: Medwarrant, answer: Answer) -> list[dict[str, Any]]:
    """The service lines as a structured request has them, with all that is known of each."""
    found: list[dict[str, Any]] = request_json(answer.reading.request, medwarrant.library)[
        "services"
    ]
    return found


def _sorted(
    files: Sequence[FileSent],
) -> tuple[list[tuple[str, Mapping[str, Any]]], list[NoteText]]:
    """Requests in JSON by their name, and notes."""
    requests: list[tuple[str, Mapping[str, Any]]] = []
    notes: list[NoteText] = []
    for file in files:
        if _is_json(file):
            requests.append((file.name, _object(file)))
        else:
            notes.append(file.note())
    return requests, notes


def _is_json(file: FileSent) -> bool:
    return file.name.lower().endswith(".json") or file.body.lstrip()[:1] == b"{"


def _object(file: FileSent) -> Mapping[str, Any]:
    try:
        found = msgspec.json.decode(file.body.decode("utf-8-sig"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(
            "this is not JSON in UTF-8", where=file.name, mend="save it again, or send it as text"
        ) from error
    if not isinstance(found, Mapping):
        raise InputError("a request is one object", where=file.name)
    return found
