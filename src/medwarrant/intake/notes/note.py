"""From a clinical note to facts, each with its quote, and to what else it says.

Facts of a note are `read`: what rests on them is provisional until a person confirms them. A note adds no
service and no diagnosis to a request; those it names are listed, so that a person can ask for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, Literal

import msgspec

from ...model.dates import DateSpan
from ...model.facts import EventValue, Fact
from ...model.procedure import Procedure
from ...model.request import LINE_FACTS
from ...policy.library import Library
from ...terminology.icd10cm import Icd10cm
from ..reading import Remark
from ..words.document import Document
from ..words.events.procedure_names import NO_INJECTION
from ..words.events.read import read_events
from ..words.facts_in_text import read_facts
from ..words.marked import Marked
from ..words.quantities import dates
from ..words.service_found import ServicesRead
from ..words.services import read_services
from .note_date import date_of_note
from .sections import OTHER, Section, read_sections
from .statements import Statement, read_statements, section_at, side_of
from .templates import Marks, read_templates

#: The longest note that is read at once.
LONGEST: Final = 200_000
#: What a section does to the words in it; `facts` does nothing.
_EFFECTS: Final = {
    "relatives": ("family",),
    "allergies": ("allergy",),
    "medications": ("listed",),
    "past": ("earlier",),
    "plan": ("planned",),
    "performed": ("performed",),
    "nothing": ("conditional",),
}
_FORM: Final = {"blank": "conditional", "denied": "denied"}

_BEFORE_DATE: Final = 90
#: How far into the section of the procedure its name is looked for, where no *was performed* follows.
_IN_HEADLINE: Final = 160
_DONE: Final = re.compile(
    r"[^.;\n]{0,120}?\b(?:was|were)\s+(?:then\s+)?(?:performed|done|given|administered|carried out)\b",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"[.;]\s+|[\r\n]+")
_OF_PATIENT: Final = re.compile(
    r"\s*(?:he|she|they|(?:the )?patient|pt)\s+(?:also\s+)?(?:is|are|has|have|denies|reports|takes|does)\b(?!\s+(?:understand|aware|agree|consent|advised|instructed|told|to)\b)",
    re.IGNORECASE,
)

Told = Literal["planned", "performed", "earlier", "named"]


class ServiceNamed(msgspec.Struct, frozen=True, kw_only=True):
    """A service that a note names, by code or in words, and how it is told."""

    words: str
    code: str | None
    told: Told
    section: str
    span: tuple[int, int]


class NoteReading(msgspec.Struct, frozen=True, kw_only=True):
    """What was read of one note; spans count characters of the text that was read."""

    document: str
    date: date | None = None
    facts: tuple[Fact, ...] = ()
    statements: tuple[Statement, ...] = ()
    services: tuple[ServiceNamed, ...] = ()
    sections: tuple[Section, ...] = ()
    assumptions: tuple[Remark, ...] = ()


def read_note(
    text: str, *, document: str, library: Library, icd: Icd10cm, as_of: date
) -> NoteReading:
    r"""Read a note: facts with basis `read`, statements on diagnoses and findings, services named.

    `as_of` is the date of service; *two weeks ago* counts from the day the note states as its own, else
    from it. Raises `InputError` where the text is too long.

    >>> from medwarrant import load_packs
    >>> reading = read_note(
    ...     "HPI: Failed gabapentin.\nFAMILY HISTORY: Mother takes warfarin.",
    ...     document="visit.txt", library=load_packs(), icd=Icd10cm.open(), as_of=date(2026, 11, 23),
    ... )
    >>> [(fact.fact, fact.provenance.quote, fact.basis) for fact in reading.facts]
    [('drug-trial', 'gabapentin', 'read')]
    """
    day = date_of_note(text, as_of)
    sections = read_sections(text, library)
    marks = tuple(read_templates(text))
    breaks = [*(part.start for part in sections), *(mark.start for mark in marks)]
    page = Document(text, document, day=day or as_of, breaks=sorted(breaks), longest=LONGEST)
    held = tuple(held_in(text, sections, marks, library, day or as_of))
    marked = Marked(page, library, icd, held)
    services = read_services(marked)
    events = read_events(marked, services)
    facts = [*read_facts(marked), *events.facts, *_visit(marked, services, sections, day, as_of)]
    return NoteReading(
        document=document,
        date=day,
        facts=_kept(marked, facts, sections, day or as_of),
        statements=read_statements(marked, sections),
        services=tuple(_services(marked, services, sections)),
        sections=sections,
        assumptions=tuple(dict.fromkeys(events.assumptions)),
    )


def held_in(
    text: str, sections: Iterable[Section], marks: Iterable[Marks], library: Library, day: date
) -> Iterator[tuple[str, int, int]]:
    """What sections, forms and set phrases do to the words they hold."""
    for part in sections:
        for effect in _EFFECTS.get(part.kind.reads, ()):
            if part.kind.reads != "nothing":
                yield effect, part.body, part.end
                continue
            for start, end in _without_patient(text, part.body, part.end):
                yield effect, start, end
        if part.body > part.start and part.kind is not OTHER:
            yield "heading", part.start, part.body
            yield "conditional", part.start, part.body
    for mark in marks:
        if mark.effect in _FORM:
            yield _FORM[mark.effect], mark.start, mark.end
    for dated in dates(text, day=day):
        if dated.value.last < day:
            start = max(
                text.rfind("\n", 0, dated.start),
                text.rfind(". ", 0, dated.start),
                dated.start - _BEFORE_DATE,
                -1,
            )
            yield "dated", start + 1, dated.end
    lowered = text.lower()
    for words in library.boilerplate:
        at = lowered.find(words)
        while at >= 0:
            before = not lowered[at - 1 : at].isalpha() if at else True
            if before and not lowered[at + len(words) : at + len(words) + 1].isalpha():
                yield "conditional", at, _sentence_end(text, at)
            at = lowered.find(words, at + len(words))


def _without_patient(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of consent and instructions, but those that say what the patient has or takes."""
    at = start
    for stop in [*(found.end() for found in _SENTENCE.finditer(text, start, end)), end]:
        if stop > at and not _OF_PATIENT.match(text, at, stop):
            yield at, stop
        at = stop


def _sentence_end(text: str, at: int) -> int:
    ends = [end for sign in (". ", "\n", "\r") if (end := text.find(sign, at)) >= 0]
    return min(ends, default=len(text))


def _kept(
    marked: Marked, facts: Iterable[Fact], sections: tuple[Section, ...], day: date
) -> tuple[Fact, ...]:
    """The facts that stand, in the order of the text, marked as read."""
    unique: dict[object, Fact] = {}
    for fact in sorted(facts, key=lambda fact: fact.provenance.span or (0, 0)):
        if not _stands(marked, fact, day):
            continue
        key = (fact.fact, fact.status, repr(fact.value), fact.service)
        unique.setdefault(key, msgspec.structs.replace(fact, basis="read"))
    return tuple(unique.values())


def _stands(marked: Marked, fact: Fact, day: date) -> bool:
    """Leave out what a note cannot say of the request, says of one side only, or says without content."""
    if fact.fact in LINE_FACTS or fact.provenance.span is None:
        return False
    first, last = (marked.document.at(at) for at in fact.provenance.span)
    last = max(last, first + 1)
    if fact.status == "absent" and fact.fact in marked.library.facts:
        return side_of(marked, first, last) not in ("left", "right")
    if isinstance(fact.value, EventValue):
        if fact.status == "present" and not fact.value.attributes:
            return False
        told = fact.value.get("date")
        return not (isinstance(told, DateSpan) and told.first > day)
    # "Prior injections: none" is a heading with an answer
    return fact.status == "absent" or not marked.scopes.has("heading", first, last)


def _visit(
    marked: Marked,
    services: ServicesRead,
    sections: tuple[Section, ...],
    day: date | None,
    as_of: date,
) -> Iterator[Fact]:
    """The procedure that a note of an earlier day records: the only thing its heading adds.

    A note without a date, or of the date of service, may record the very service that is asked for.
    """
    if day is None or day >= as_of or "procedure" not in marked.library.events:
        return
    performed: dict[tuple[int, int], list[Procedure]] = {}
    for found in services.found:
        section = section_at(sections, found.span[0])
        procedure = marked.library.procedure(found.code)
        if section is None or section.kind.reads != "performed" or procedure is None:
            continue
        if found.span[0] - section.body > _IN_HEADLINE and not _DONE.match(
            marked.document.text, found.span[1]
        ):
            continue
        if (
            not marked.scopes.has("conditional", found.first, found.last)
            and procedure.kind not in NO_INJECTION
        ):
            performed.setdefault(found.span, []).append(procedure)
    seen: set[str] = set()
    for span, procedures in performed.items():
        name, value = _one_of(procedures)
        if value in seen or not name:
            continue
        seen.add(value)
        event = EventValue.of({name: value, "date": DateSpan(day, day)})
        yield Fact(fact="procedure", value=event, provenance=marked.document.provenance_of(span))


def _one_of(procedures: list[Procedure]) -> tuple[str, str]:
    """The procedure that words name, or where they may mean several, their kind if it is one."""
    if len(procedures) == 1:
        return "procedure", procedures[0].id
    kinds = {procedure.kind for procedure in procedures}
    return ("kind", kinds.pop()) if len(kinds) == 1 else ("", "")


def _services(
    marked: Marked, services: ServicesRead, sections: tuple[Section, ...]
) -> Iterator[ServiceNamed]:
    spans = [found.span for found in services.found]
    done: set[tuple[int, int]] = set()
    for found in services.found:
        if found.span in done:
            continue
        done.add(found.span)
        section = section_at(sections, found.span[0])
        yield ServiceNamed(
            words=marked.document.text[found.span[0] : found.span[1]],
            # Words that may mean several codes support none of them.
            code=found.code if spans.count(found.span) == 1 else None,
            told=_told(marked, found.first, found.last, section),
            section=section.kind.id if section else "other",
            span=found.span,
        )


def _told(marked: Marked, first: int, last: int, section: Section | None) -> Told:
    if marked.scopes.has("earlier", first, last):
        return "earlier"
    if section is not None and section.kind.reads == "performed":
        return "performed"
    return "planned" if marked.scopes.has("planned", first, last) else "named"
