"""The reading of a stored answer, as it was when the answer was made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from ..model.errors import InputError
from ..model.facts import Provenance
from ..model.request import Request
from ..policy.library import Library
from .reading import (
    DiagnosisRead,
    FactRead,
    NoteRead,
    Reading,
    Remark,
    ServiceRead,
    Unrecognised,
)
from .structured import RequestReader


class _ReadingStored(msgspec.Struct, frozen=True):
    """The part `reading` of the contract, without coverage, which the request holds."""

    services: tuple[ServiceRead, ...]
    diagnoses: tuple[DiagnosisRead, ...]
    facts: tuple[FactRead, ...]
    corrections: tuple[Remark, ...]
    assumptions: tuple[Remark, ...]
    unrecognised: tuple[Unrecognised, ...]
    notes: tuple[NoteRead, ...] = ()


def stored_reading(stored: Mapping[str, Any], library: Library) -> Reading:
    """The reading that a stored answer (`Answer.to_dict`) rests on, with where each part was read.

    Raises `InputError` where it is not a stored answer, or its packs know words that `library` does not.
    """
    try:
        said = msgspec.convert(stored["reading"], _ReadingStored)
        request = RequestReader(library).read(stored["request"], today=date.min)
    except (KeyError, TypeError, msgspec.ValidationError):
        raise InputError(
            "this is not a stored answer", mend="give the whole object of the JSON contract"
        ) from None
    return Reading(
        request=_with_provenance(request, said),
        services=said.services,
        diagnoses=said.diagnoses,
        facts=said.facts,
        corrections=said.corrections,
        assumptions=said.assumptions,
        unrecognised=said.unrecognised,
        notes=said.notes,
    )


def _with_provenance(request: Request, said: _ReadingStored) -> Request:
    """The request with the words and places that its JSON form leaves out; both list in one order."""
    services = tuple(
        msgspec.structs.replace(
            line, text=_words(read.text, line.code), provenance=_place("question", read)
        )
        for line, read in zip(request.services, said.services, strict=True)
    )
    diagnoses = tuple(
        msgspec.structs.replace(
            diagnosis,
            text=_words(read.text, diagnosis.code),
            provenance=_place("question", read),
        )
        for diagnosis, read in zip(request.diagnoses, said.diagnoses, strict=True)
    )
    facts = tuple(
        msgspec.structs.replace(
            fact,
            provenance=Provenance(document=read.document, span=read.span, quote=read.quote),
        )
        for fact, read in zip(request.facts, said.facts, strict=False)
    )
    return msgspec.structs.replace(request, services=services, diagnoses=diagnoses, facts=facts)


def _words(text: str, code: str) -> str:
    return "" if text == code else text


def _place(document: str, read: ServiceRead | DiagnosisRead) -> Provenance:
    if read.span is None:
        return Provenance(document="request")
    return Provenance(document=document, span=read.span, quote=read.text)
