"""Records: stored determinations, byte for byte, each with the digest a person signs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, insert, select

from ..answer import Answer, Medwarrant
from ..model.canonical import case_digest, record_digest
from ..policy.archive import packs_by_digest
from ..policy.library import Library
from .errors import NotFound, NotIntact
from .store.schema import record
from .work import Desk, Work, new_id


class RecordKept(msgspec.Struct, frozen=True, kw_only=True):
    """A stored determination; `body` is its JSON text, `number` counts within the inquiry from 1.

    `why` says what it was made for: asked, answered, follow_up, corrected, submitted, facts_reviewed,
    information_received.
    """

    id: str
    inquiry_id: str
    case_id: str | None
    number: int
    digest: str
    record_digest: str
    outcome: str | None
    provisional: bool
    why: str
    person_id: str
    created_at: datetime
    body: str

    def data(self) -> dict[str, Any]:
        """The object of the JSON contract."""
        found: dict[str, Any] = msgspec.json.decode(self.body)
        return found


def keep_record(
    work: Work, inquiry_id: str, answer: Answer, *, why: str, case_id: str | None = None
) -> RecordKept:
    """Store an answer as the next record of an inquiry.

    The row of the inquiry or the case must be locked by its caller, so that numbers stay apart.
    """
    said = answer.to_dict()
    last = work.connection.scalar(
        select(func.max(record.c.number)).where(record.c.inquiry_id == inquiry_id)
    )
    kept = RecordKept(
        id=new_id(),
        inquiry_id=inquiry_id,
        case_id=case_id,
        number=(last or 0) + 1,
        digest=answer.digest,
        record_digest=answer.record_digest,
        outcome=said["outcome"],
        provisional=any(item["provisional"] for item in said["items"]),
        why=why,
        person_id=work.person.id,
        created_at=work.now,
        body=msgspec.json.encode(said).decode(),
    )
    work.connection.execute(insert(record), msgspec.structs.asdict(kept))
    work.log(
        "record",
        f"case:{case_id}" if case_id else f"inquiry:{inquiry_id}",
        record=kept.id,
        inquiry=inquiry_id,
        number=kept.number,
        record_digest=kept.record_digest,
        why=why,
    )
    return kept


def load_record(connection: Connection, record_id: str) -> RecordKept:
    """A record by its id, once its digests agree with its body.

    Raises `NotFound`, or `NotIntact` where somebody altered it.
    """
    row = connection.execute(select(record).where(record.c.id == record_id)).one_or_none()
    if row is None:
        raise NotFound("there is no such record")
    return checked(row)


def records_of(connection: Connection, inquiry_id: str) -> list[RecordKept]:
    """Every record of an inquiry, the first first."""
    rows = connection.execute(
        select(record).where(record.c.inquiry_id == inquiry_id).order_by(record.c.number)
    )
    return [checked(row) for row in rows]


def records_kept(connection: Connection) -> int:
    """How many records are stored."""
    return connection.scalar(select(func.count()).select_from(record)) or 0


def last_record(connection: Connection, inquiry_id: str) -> RecordKept:
    """The latest record of an inquiry that was not made in a review."""
    row = connection.execute(
        select(record)
        .where(record.c.inquiry_id == inquiry_id, record.c.case_id.is_(None))
        .order_by(record.c.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound("there is no such record")
    return checked(row)


def checked(row: Row[Any]) -> RecordKept:
    """The record of a row; raises `NotIntact` where body and digests do not agree."""
    kept = RecordKept(**row._mapping)
    _check(kept.body, kept.digest, kept.record_digest)
    return kept


@lru_cache(maxsize=64)
def _check(body: str, digest: str, whole: str) -> None:
    try:
        said = msgspec.json.decode(body)
        agrees = (case_digest(said), record_digest(said)) == (digest, whole)
    except (msgspec.DecodeError, KeyError, TypeError):
        agrees = False
    if not agrees:
        raise NotIntact(
            "a stored determination does not agree with its digest",
            mend="run 'medwarrant audit verify' and restore a backup",
        )


def answer_of(desk: Desk, kept: RecordKept) -> Answer:
    """The answer of a record as it was, with the packs it was made with.

    Raises `InputError` where those packs are not kept.
    """
    said = kept.data()
    return Answer.of_record(said, library_of(desk, said))


def library_of(desk: Desk, said: Mapping[str, Any]) -> Library:
    """The packs that a stored answer was made with: today's, or those kept by digest."""
    digests = tuple(pack["digest"] for pack in said["packs"])
    own = desk.medwarrant.library
    if digests == tuple(pack.digest for pack in own.packs):
        return own
    return _kept_library(desk.kept_packs, digests)


@lru_cache(maxsize=4)
def _kept_library(folder: Path, digests: tuple[str, ...]) -> Library:
    return packs_by_digest(folder, digests)


def replay(desk: Desk, kept: RecordKept) -> Answer:
    """Judge a record's request again with the packs it was made with, and compare bytes.

    Raises `ReplayError` where the case comes out different.
    """
    said = kept.data()
    library = library_of(desk, said)
    own = desk.medwarrant
    judge = own if library is own.library else Medwarrant(library, own.icd)
    return judge.replay(said)
