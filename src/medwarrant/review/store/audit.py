"""The audit log: who saw, changed, signed what; append-only, each entry holding the digest of the last.

An entry is keyed: its digest is an HMAC with a key that is kept outside the database, so that whoever can
only write to the database cannot make a chain that verifies. Details are ids, states and digests, never
health data.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, insert, select, update

from ...model.canonical import canonical
from ..errors import NotIntact
from .schema import audit, audit_head

#: What the first entry follows.
GENESIS: Final = "hmac-sha256:" + "0" * 64
_PAGE: Final = 2000


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the log."""

    seq: int
    at: datetime
    person_id: str
    act: str
    subject: str
    detail: dict[str, Any]
    previous: str
    digest: str


def entry_digest(key: bytes, entry: AuditEntry) -> str:
    """The digest that an entry must have, given the one before it."""
    return digest_of_parts(
        key,
        entry.seq,
        entry.at.isoformat(timespec="microseconds"),
        entry.person_id,
        entry.act,
        entry.subject,
        entry.detail,
        entry.previous,
    )


def digest_of_parts(key: bytes, *parts: Any) -> str:
    """The keyed digest of what an entry says, part by part."""
    return f"hmac-sha256:{hmac.new(key, canonical(parts), 'sha256').hexdigest()}"


def append(
    connection: Connection,
    key: bytes,
    *,
    at: datetime,
    person_id: str,
    act: str,
    subject: str,
    detail: dict[str, Any],
) -> AuditEntry:
    """Add an entry inside the transaction of what it tells of: both are kept, or neither."""
    head = connection.execute(
        select(audit_head.c.seq, audit_head.c.digest).where(audit_head.c.id == 1).with_for_update()
    ).one()
    entry = AuditEntry(
        seq=head.seq + 1,
        at=at,
        person_id=person_id,
        act=act,
        subject=subject,
        detail=detail,
        previous=head.digest,
        digest="",
    )
    entry = msgspec.structs.replace(entry, digest=entry_digest(key, entry))
    row = msgspec.structs.asdict(entry)
    row["detail"] = canonical(detail).decode()
    connection.execute(insert(audit), row)
    connection.execute(
        update(audit_head).where(audit_head.c.id == 1).values(seq=entry.seq, digest=entry.digest)
    )
    return entry


def entries(
    connection: Connection, *, subject: str | None = None, since: int = 0
) -> Iterator[AuditEntry]:
    """The entries in order, all or of one subject."""
    query = select(audit).order_by(audit.c.seq).limit(_PAGE)
    if subject is not None:
        query = query.where(audit.c.subject == subject)
    while True:
        rows = connection.execute(query.where(audit.c.seq > since)).all()
        for row in rows:
            yield _entry(row._mapping)
        if len(rows) < _PAGE:
            return
        since = rows[-1].seq


def _entry(row: Any) -> AuditEntry:
    try:
        detail = msgspec.json.decode(row["detail"])
    except msgspec.DecodeError:
        raise NotIntact("the detail of an entry is not JSON", where=f"audit {row['seq']}") from None
    return AuditEntry(**{**row, "detail": detail})


def verify_chain(connection: Connection, key: bytes) -> tuple[int, str]:
    """Walk the whole chain; the number of the last entry and its digest.

    Raises `NotIntact` at the first entry that was altered, taken out, put in or moved, and where the end
    of the log was cut off.
    """
    seq, digest = 0, GENESIS
    for entry in entries(connection):
        where = f"audit {entry.seq}"
        if entry.seq != seq + 1:
            raise NotIntact(f"entry {seq + 1} is missing", where=where)
        if entry.previous != digest:
            raise NotIntact("the entry does not follow the one before it", where=where)
        if not hmac.compare_digest(entry.digest, entry_digest(key, entry)):
            raise NotIntact("the entry was altered, or the key is another one", where=where)
        seq, digest = entry.seq, entry.digest
    head = connection.execute(select(audit_head).where(audit_head.c.id == 1)).one_or_none()
    if head is None or (head.seq, head.digest) != (seq, digest):
        raise NotIntact("the end of the log was cut off or changed", where=f"audit {seq}")
    return seq, digest
