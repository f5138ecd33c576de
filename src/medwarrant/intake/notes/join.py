"""Notes beside a question or a request: read, and joined with what was asked.

A note adds facts, never services or diagnoses. What the requester stated stands beside what a note says:
where both say the same, the statement stands; where they contradict each other, both are kept, and the
fact is conflicting.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from ...model.errors import InputError
from ...model.facts import EventValue, Fact, Provenance
from ...policy.library import Library
from ...terminology.icd10cm import Icd10cm
from ..files.note_text import NoteText
from ..files.read import read_file, shown_name
from ..reading import NamedInNote, NoteRead, Reading, Remark, SaidInNote, facts_read
from .note import NoteReading, ServiceNamed, read_note
from .statements import Statement

#: A note as Python callers and the command line give it: a path, or a name with its text or bytes.
NoteLike = str | Path | tuple[str, str | bytes] | NoteText
_MOST: Final = 100
_MOST_OFFERED: Final = 6
_ASSESSED: Final = frozenset({"assessment", "plan", "procedure"})


def with_notes(
    reading: Reading, notes: Iterable[NoteLike], library: Library, icd: Icd10cm
) -> Reading:
    """The reading with the facts of notes added, and what else they say listed.

    Raises `InputError` where a note cannot be read.

    >>> from datetime import date
    >>> from medwarrant import load_packs
    >>> from medwarrant.intake.question import read_question
    >>> library, icd = load_packs(), Icd10cm.open()
    >>> asked = read_question("Is 64405 medically necessary for G44.86?", library, icd, as_of=date(2026, 11, 23))
    >>> joined = with_notes(asked, [("visit.txt", "Meds: warfarin 5 mg daily.")], library, icd)
    >>> [(fact.fact, fact.basis, fact.document, fact.span) for fact in joined.facts if fact.basis == "read"]
    [('anticoagulant', 'read', 'visit.txt', (6, 14))]
    """
    texts = _named_apart([_text_of(note) for note in notes])
    if not texts:
        return reading
    if len(texts) > _MOST:
        raise InputError(f"more than {_MOST} notes", mend="send those that matter")
    as_of = reading.request.as_of
    facts = list(reading.request.facts)
    read: list[NoteRead] = []
    remarks: list[Remark] = []
    for text in texts:
        found = read_note(text.text, document=text.name, library=library, icd=icd, as_of=as_of)
        facts += [
            fact
            for fact in (_in_original(fact, text) for fact in found.facts)
            if not any(_says_the_same(known, fact) for known in facts)
        ]
        read.append(_note_read(found, text))
        remarks += [Remark(kind="note", message=f"{text.name}: {said}") for said in text.remarks]
        remarks += [
            Remark(kind=remark.kind, message=f"{text.name}: {remark.message}")
            for remark in found.assumptions
        ]
    request = msgspec.structs.replace(reading.request, facts=tuple(facts))
    remarks += _offered(request.services, request.diagnoses, read)
    return msgspec.structs.replace(
        reading,
        request=request,
        facts=facts_read(request, library),
        assumptions=tuple(dict.fromkeys((*reading.assumptions, *remarks))),
        notes=(*reading.notes, *read),
    )


def _text_of(note: NoteLike) -> NoteText:
    match note:
        case NoteText():
            return note
        case (str(name), str(text)):
            return read_file(text.encode("utf-8", "replace"), name)
        case (str(name), bytes(data)):
            return read_file(data, name)
        case str() | Path():
            return read_file(note)
        case _:
            raise InputError(
                "a note is a path, or a name with its text", mend='for example ("visit.txt", "...")'
            )


def _named_apart(texts: list[NoteText]) -> list[NoteText]:
    """Two notes of one name are told apart by a number."""
    seen: dict[str, int] = {}
    found = []
    for text in texts:
        seen[text.name] = seen.get(text.name, 0) + 1
        if seen[text.name] > 1:
            text = msgspec.structs.replace(
                text, name=shown_name(f"{text.name} ({seen[text.name]})")
            )
        found.append(text)
    return found


def _in_original(fact: Fact, text: NoteText) -> Fact:
    """The fact with its quote and span as they stand in the file."""
    span = fact.provenance.span
    if span is None:
        return fact
    provenance = Provenance(
        document=text.name, span=text.original_span(*span), quote=text.quote(*span)
    )
    return msgspec.structs.replace(fact, provenance=provenance)


def _says_the_same(known: Fact, other: Fact) -> bool:
    """Whether a fact that is known says all that another says."""
    if (known.fact, known.status) != (other.fact, other.status):
        return False
    if isinstance(known.value, EventValue) and isinstance(other.value, EventValue):
        return all(known.value.get(name) == value for name, value in other.value.attributes)
    return known.value == other.value and known.service in (None, other.service)


def _note_read(found: NoteReading, text: NoteText) -> NoteRead:
    statements: dict[object, SaidInNote] = {}
    for said in found.statements:
        key = (
            said.code or said.words.lower(),
            said.status,
            said.certainty,
            said.time,
            said.person,
            said.side,
        )
        statements.setdefault(key, _said(said, text))
    services: dict[object, NamedInNote] = {}
    for named in found.services:
        services.setdefault((named.code or named.words.lower(), named.told), _named(named, text))
    return NoteRead(
        document=found.document,
        kind=text.kind,
        date=found.date.isoformat() if found.date else None,
        statements=tuple(statements.values()),
        services=tuple(services.values()),
    )


def _said(said: Statement, text: NoteText) -> SaidInNote:
    return SaidInNote(
        text=text.quote(*said.span),
        code=said.code,
        status=said.status,
        certainty=said.certainty,
        time=said.time,
        person=said.person,
        side=said.side,
        section=said.section,
        span=text.original_span(*said.span),
    )


def _named(named: ServiceNamed, text: NoteText) -> NamedInNote:
    return NamedInNote(
        text=text.quote(*named.span),
        code=named.code,
        told=named.told,
        section=named.section,
        span=text.original_span(*named.span),
    )


def _offered(
    services: tuple[object, ...], diagnoses: tuple[object, ...], notes: Iterable[NoteRead]
) -> list[Remark]:
    """Where nothing was asked for, what the notes plan or assess, to be asked for by a person."""
    remarks = []
    for note in notes:
        if not services:
            named = [
                f"{s.code} ('{s.text}')"
                for s in note.services
                if s.code and s.told in ("planned", "performed", "named")
            ]
            if named:
                remarks.append(_offer(note, "the service", named, "--service"))
        if not diagnoses:
            assessed = [
                f"{s.code} ('{s.text}')"
                for s in note.statements
                if s.code
                and s.section in _ASSESSED
                and (s.status, s.certainty, s.time, s.person)
                == ("present", "stated", "current", "patient")
            ]
            if assessed:
                remarks.append(_offer(note, "the diagnosis", assessed, "--diagnosis"))
    return remarks


def _offer(note: NoteRead, what: str, named: list[str], option: str) -> Remark:
    listed = "; ".join(dict.fromkeys(named[:_MOST_OFFERED]))
    return Remark(
        kind="named_in_note",
        message=f"{note.document} names {what} {listed}. A note by itself asks for nothing, so it was not judged; add it with {option}.",
    )
