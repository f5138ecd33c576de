"""What a practice sends for a case: its statements, and files under names of their own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import Final

import msgspec

from ..engine.supplied import with_facts
from ..intake.corrections import Corrections, FactLike
from ..intake.files.read import shown_name
from ..intake.reading import Reading, facts_read
from ..model.errors import InputError
from ..model.facts import Fact, Provenance
from ..model.request import Request
from ..policy.library import Library
from .inquiries import FileSent

#: What the provenance of a fact that came with an answer calls its document.
SENT_LATER: Final = "information received"


def with_statements(reading: Reading, stated: Iterable[Fact], library: Library) -> Reading:
    """The reading with what a practice states added; what a reviewer confirmed is never displaced."""
    request = reading.request
    for fact in stated:
        request = (
            msgspec.structs.replace(request, facts=(*request.facts, fact))
            if _contradicts_confirmed(request, fact, library)
            else with_facts(request, [fact], library)
        )
    return msgspec.structs.replace(reading, request=request, facts=facts_read(request, library))


def _contradicts_confirmed(request: Request, fact: Fact, library: Library) -> bool:
    confirmed = [
        known
        for known in request.facts
        if known.fact == fact.fact
        and known.basis == "confirmed"
        and (known.service == fact.service or None in (known.service, fact.service))
    ]
    if fact.fact in library.events:
        return bool(confirmed) and fact.status != "present"
    return any((known.status, known.value) != (fact.status, fact.value) for known in confirmed)


def stated_facts(library: Library, facts: Iterable[FactLike]) -> tuple[Fact, ...]:
    """Facts as the practice's own statement, whatever basis they name; raises `InputError`."""
    found = Corrections.read(library, facts=facts).facts
    place = Provenance(document=SENT_LATER)
    return tuple(msgspec.structs.replace(fact, basis="stated", provenance=place) for fact in found)


def named_apart(files: Iterable[FileSent], taken: set[str]) -> list[FileSent]:
    """The files under names that the case does not have yet; a file of JSON is no note."""
    found = []
    for file in files:
        if file.body.lstrip()[:1] in (b"{", b"["):
            raise InputError(
                "this is data, not a note", where=shown_name(file.name), mend="send text or PDF"
            )
        path, number, name = PurePath(file.name), 2, shown_name(file.name)
        while name in taken:
            name, number = shown_name(f"{path.stem} ({number}){path.suffix}"), number + 1
        taken.add(name)
        found.append(msgspec.structs.replace(file, name=name))
    return found
