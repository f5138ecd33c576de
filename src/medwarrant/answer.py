"""Ask and determine: from a question or a structured request to the whole answer.

This module joins the rooms of the house: intake -> Request -> engine(packs) -> answer. It is where the
clock is read and code sets are opened; the engine itself does neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from .engine.code_set import CodeSet
from .engine.coding import before_icd10
from .engine.determine import Engine
from .intake.corrections import (
    CodeLike,
    Corrections,
    FactLike,
    corrected,
    diagnoses_read,
    judged_by_person,
    services_read,
)
from .intake.question import read_question
from .intake.reading import Reading, Remark, facts_read
from .intake.request_json import request_json
from .intake.stored_reading import stored_reading
from .intake.structured import RequestReader, parse_as_of
from .model.canonical import case_digest, record_digest
from .model.determination import SCHEMA, CodeSetUsed, Item, ProposedDetermination
from .model.errors import ReplayError
from .model.request import Request
from .policy.library import Library
from .policy.load import load_packs
from .terminology.icd10cm import Icd10cm
from .version import __version__

if TYPE_CHECKING:
    from .intake.fhir import AttachedText
    from .intake.notes.join import NoteLike

_ICD_SOURCE = "icd10cm-2026-04"


@dataclass(frozen=True)
class Answer:
    """A proposed determination with the reading it rests on.

    `to_dict()` is the object of the JSON contract `medwarrant/determination/1`.
    """

    question: str | None
    reading: Reading
    determination: ProposedDetermination
    library: Library

    @cached_property
    def _contract(self) -> dict[str, Any]:
        return _contract(self)

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain data, digests included; the same object at every call."""
        return self._contract

    @staticmethod
    def of_record(stored: Mapping[str, Any], library: Library) -> Answer:
        """The answer of a stored record (`to_dict`), as it was: nothing is judged again.

        `library` gives the names that articles use; the record itself is returned unchanged by
        `to_dict`. Raises `InputError` where `stored` is no record.

        >>> app = Medwarrant()
        >>> record = app.ask("Is 64405 medically necessary for migraine?").to_dict()
        >>> Answer.of_record(record, app.library).to_dict() is record
        True
        """
        reading = stored_reading(stored, library)
        determination = msgspec.convert(stored, ProposedDetermination)
        answer = Answer(stored["question"], reading, determination, library)
        answer.__dict__["_contract"] = stored
        return answer

    @cached_property
    def items_by_key(self) -> dict[tuple[str, str, int], Item]:
        """The items by service, diagnosis and which line of that service it is, from 1."""
        lines: dict[str, list[int]] = {}
        for number, line in enumerate(self.reading.request.services):
            lines.setdefault(line.code, []).append(number)
        return {
            (item.service, item.diagnosis, lines[item.service].index(item.line) + 1): item
            for item in self.determination.items
        }

    @property
    def digest(self) -> str:
        """The digest of the case as judged."""
        return str(self._contract["digest"])

    @property
    def record_digest(self) -> str:
        """The digest of the whole record."""
        return str(self._contract["record_digest"])


class Medwarrant:
    """A library of packs and the code sets, ready to answer.

    >>> answer = Medwarrant().determine({"services": ["64405"], "diagnoses": ["G43.919"]})
    >>> answer.determination.items[0].outcome
    'needs_information'
    """

    def __init__(self, library: Library | None = None, icd: Icd10cm | None = None) -> None:
        self.library = library or load_packs()
        self.icd = icd or Icd10cm.open()
        self.engine = Engine(self.library)

    def ask(
        self,
        question: str,
        *,
        facts: Iterable[FactLike] = (),
        services: Iterable[CodeLike] = (),
        diagnoses: Iterable[CodeLike] = (),
        notes: Iterable[NoteLike] = (),
        payer: str | None = None,
        line_of_business: str | None = None,
        state: str | None = None,
        as_of: date | str | None = None,
    ) -> Answer:
        """Answer a question in plain words.

        `notes` (paths, or pairs of name and text) add facts, each with its quote; an outcome that
        rests on them is provisional.

        Whatever is given beside the question outweighs what was read from it: `facts` (a mapping,
        a `Fact`, or text as `--fact` takes it), `services` and `diagnoses` (codes), who pays, and
        the date of service (today if none is given). Raises `InputError` for what cannot be used.
        """
        day = _day(as_of) or date.today()
        reading = read_question(question, self.library, self.icd, as_of=day)
        reading = self._with_notes(_with_release(reading, self.icd), notes)
        coverage = {"payer": payer, "line_of_business": line_of_business, "state": state}
        corrections = Corrections.read(
            self.library, facts=facts, services=services, diagnoses=diagnoses, coverage=coverage
        )
        return self._answer(question, reading, corrections)

    def determine(
        self,
        request: Request | Mapping[str, Any],
        *,
        facts: Iterable[FactLike] = (),
        notes: Iterable[NoteLike] = (),
        payer: str | None = None,
        line_of_business: str | None = None,
        state: str | None = None,
        as_of: date | str | None = None,
    ) -> Answer:
        """Answer a structured request, or a FHIR R4 message (see `medwarrant.intake.fhir`).

        What is given beside it outweighs what it says; `notes`, and the texts of a FHIR message, add
        facts as in `ask`. Raises `InputError` for what cannot be used.
        """
        day = _day(as_of)
        coverage = {"payer": payer, "line_of_business": line_of_business, "state": state}
        corrections = Corrections.read(self.library, facts=facts, coverage=coverage)
        if isinstance(request, Mapping) and "resourceType" in request:
            reading, attached = self._read_fhir(request, day)
            reading = self._with_notes(reading, (*attached, *notes))
            return self._answer(None, reading, corrections)
        if not isinstance(request, Request):
            request = RequestReader(self.library).read(request, today=day or date.today())
        if day is not None:
            request = msgspec.structs.replace(request, as_of=day)
        reading = _with_release(self._reading_of(request), self.icd)
        return self._answer(None, self._with_notes(reading, notes), corrections)

    def revise(
        self,
        answer: Answer,
        *,
        facts: Iterable[FactLike] = (),
        services: Iterable[CodeLike] = (),
        diagnoses: Iterable[CodeLike] = (),
        notes: Iterable[NoteLike] = (),
        payer: str | None = None,
        line_of_business: str | None = None,
        state: str | None = None,
        as_of: date | str | None = None,
        confirmed: Iterable[str] = (),
        rejected: Iterable[str] = (),
    ) -> Answer:
        """Judge an answer's request again with corrections; question and reading are kept.

        Corrections are those of `ask`. `confirmed` and `rejected` name facts by the id that
        `reading.facts[]` gives them: a confirmed one no longer makes an outcome provisional, a rejected one
        is as if it had never been read. Raises `InputError` for what cannot be used, an id that the
        reading does not hold among it.

        >>> app = Medwarrant()
        >>> first = app.ask("Is 64405 medically necessary for G43.919?")
        >>> again = app.revise(first, facts=["intent=acute", "setting=emergency"])
        >>> first.determination.outcome, again.determination.outcome
        ('needs_information', 'meets_criteria')
        """
        day = _day(as_of)
        coverage = {"payer": payer, "line_of_business": line_of_business, "state": state}
        corrections = Corrections.read(
            self.library, facts=facts, services=services, diagnoses=diagnoses, coverage=coverage
        )
        reading = judged_by_person(
            answer.reading, confirmed=confirmed, rejected=rejected, library=self.library
        )
        if day is not None:
            request = msgspec.structs.replace(reading.request, as_of=day)
            told = tuple(remark for remark in reading.assumptions if remark.kind != "code_set")
            reading = msgspec.structs.replace(reading, request=request, assumptions=told)
            reading = _with_release(reading, self.icd)
        return self._answer(answer.question, self._with_notes(reading, notes), corrections)

    def replay(self, stored: Mapping[str, Any]) -> Answer:
        """Determine a stored answer's request again and compare digests.

        Raises `ReplayError` where the packs differ from those it was made with, or where the case
        comes out different.
        """
        try:
            packs = {str(pack["id"]): str(pack["digest"]) for pack in stored["packs"]}
        except (KeyError, TypeError):
            raise ReplayError("this is not a stored answer: it does not name its packs") from None
        own = {pack.id: pack.digest for pack in self.library.packs}
        if packs != own:
            changed = sorted(name for name in {*packs, *own} if packs.get(name) != own.get(name))
            raise ReplayError(
                f"the answer was made with other versions of {', '.join(changed)}; load those packs"
            )
        answer = self.determine(stored["request"])
        if answer.digest != stored["digest"]:
            raise ReplayError("the same request and packs gave a different determination")
        return answer

    def _with_notes(self, reading: Reading, notes: Iterable[NoteLike]) -> Reading:
        """The reading with what notes say; what reads them is loaded only where there are any."""
        given = tuple(notes)
        if not given:
            return reading
        from .intake.notes.join import with_notes

        return with_notes(reading, given, self.library, self.icd)

    def _read_fhir(
        self, message: Mapping[str, Any], day: date | None
    ) -> tuple[Reading, tuple[NoteLike, ...]]:
        """The reading of a FHIR message, and the texts that came with it."""
        from .intake.fhir import read_fhir

        found = read_fhir(message, self.library, self.icd, today=date.today(), as_of=day)
        return _with_release(found.reading, self.icd), tuple(_texts(found.documents))

    def _answer(self, question: str | None, reading: Reading, corrections: Corrections) -> Answer:
        reading = corrected(reading, corrections, self.library, self.icd)
        determination = self.engine.determine(reading.request, self.code_set(reading.request))
        return Answer(question, reading, determination, self.library)

    def code_set(self, request: Request) -> CodeSet:
        """What ICD-10-CM says of the codes of a request."""
        return CodeSet(
            CodeSetUsed(
                id="ICD-10-CM",
                release=self.icd.release,
                valid_until=self.icd.valid_until.isoformat(),
                older_than_service=self.icd.judged_on_older_release(request.as_of),
            ),
            {diagnosis.code: self.icd.lookup(diagnosis.code) for diagnosis in request.diagnoses},
            _ICD_SOURCE if _ICD_SOURCE in self.library.sources else None,
        )

    def _reading_of(self, request: Request) -> Reading:
        """The reading of a structured request: nothing was read from words."""
        corrections = tuple(
            unknown_code(diagnosis.code, self.icd)
            for diagnosis in request.diagnoses
            if self.icd.lookup(diagnosis.code) is None
        )
        return Reading(
            request=request,
            services=services_read(request, self.library),
            diagnoses=diagnoses_read(request, self.icd),
            facts=facts_read(request, self.library),
            corrections=corrections,
        )


def unknown_code(code: str, icd: Icd10cm) -> Remark:
    """The remark on a diagnosis code that does not exist, with codes near it."""
    near = ", ".join(found.code for found in icd.nearest(code, 3))
    message = f"{code} is not in ICD-10-CM ({icd.release}); near it: {near or 'nothing'}."
    return Remark(kind="unknown_code", message=message)


def _with_release(reading: Reading, icd: Icd10cm) -> Reading:
    """The reading with a remark where the code set does not belong to the date of service."""
    remarks = release_remarks(reading.request.as_of, icd)
    return msgspec.structs.replace(reading, assumptions=(*reading.assumptions, *remarks))


def _texts(documents: Iterable[AttachedText]) -> Iterator[NoteLike]:
    """The texts that came with a FHIR message, as notes."""
    from .intake.files.read import read_file

    endings = {"text/html": "html", "application/xhtml+xml": "html", "text/markdown": "md"}
    for document in documents:
        ending = endings.get(document.content_type, "txt")
        data = document.text.encode("utf-8", "replace")
        yield msgspec.structs.replace(read_file(data, f"note.{ending}"), name=document.name)


def _day(raw: date | str | None) -> date | None:
    return None if raw is None else parse_as_of(raw, "as_of")


def release_remarks(as_of: date, icd: Icd10cm) -> tuple[Remark, ...]:
    """What to say where the code set does not belong to the date of service."""
    if before_icd10(as_of):
        message = f"ICD-10-CM was not yet in use on {as_of.isoformat()}; codes were judged on the release of {icd.release}."
        return (Remark(kind="code_set", message=message),)
    if icd.judged_on_older_release(as_of):
        message = f"The codes were judged on the ICD-10-CM release of {icd.release}, valid until {icd.valid_until.isoformat()}; a newer one is in force on {as_of.isoformat()}."
        return (Remark(kind="code_set", message=message),)
    if as_of < icd.valid_from:
        message = f"The codes were judged on the ICD-10-CM release of {icd.release}, which is newer than {as_of.isoformat()}."
        return (Remark(kind="code_set", message=message),)
    return ()


def _contract(answer: Answer) -> dict[str, Any]:
    judged = msgspec.to_builtins(answer.determination)
    reading = answer.reading
    as_of = judged["as_of"]
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "engine": __version__,
        "as_of": as_of,
        "packs": judged["packs"],
        "code_sets": judged["code_sets"],
        "question": answer.question,
        "reading": {
            "services": msgspec.to_builtins(reading.services),
            "diagnoses": msgspec.to_builtins(reading.diagnoses),
            "facts": msgspec.to_builtins(reading.facts),
            "coverage": msgspec.to_builtins(reading.coverage),
            "corrections": msgspec.to_builtins(reading.corrections),
            "assumptions": msgspec.to_builtins(reading.assumptions),
            "unrecognised": msgspec.to_builtins(reading.unrecognised),
            "notes": msgspec.to_builtins(reading.notes),
        },
        "request": request_json(reading.request, answer.library),
        "items": judged["items"],
        "services": judged["services"],
        "outcome": judged["outcome"],
        "documents": judged["documents"],
        "conflicts": judged["conflicts"],
        "references": judged["references"],
        "review": {
            "status": "submitted",
            "history": [{"status": "submitted", "on": as_of, "by": None}],
            "content": [
                {"pack": pack.id, "version": pack.version, **msgspec.to_builtins(pack.review)}
                for pack in answer.library.packs
            ],
        },
    }
    # Lists throughout, as whoever reads the answer back from JSON has them.
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(found))
    plain["digest"] = case_digest(plain)
    plain["record_digest"] = record_digest(plain)
    return plain


@lru_cache(maxsize=1)
def _default() -> Medwarrant:
    return Medwarrant()


def ask(question: str, **options: Any) -> Answer:
    """Answer a question in plain words with the packs that ship; see `Medwarrant.ask`.

    >>> answer = ask("Is 64405 medically necessary for cervicalgia?")
    >>> [(item.service, item.diagnosis, item.outcome) for item in answer.determination.items]
    [('64405', 'M54.2', 'needs_clinical_review')]
    """
    return _default().ask(question, **options)


def determine(request: Request | Mapping[str, Any], **options: Any) -> Answer:
    """Answer a structured request with the packs that ship; see `Medwarrant.determine`.

    >>> determine({"services": ["64405"], "diagnoses": ["M54.2"]}).determination.outcome
    'needs_clinical_review'
    """
    return _default().determine(request, **options)
