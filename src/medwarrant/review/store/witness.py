"""What the audit log witnesses of stored rows, and whether a row is still what it witnessed.

Whoever stores a determination, a file, a decision or a letter logs an entry in the same transaction. Its detail
holds the row's id under the name of the table, and the columns named here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, Table

from ...model.canonical import case_digest, record_digest
from ..decisions import load_decision
from ..errors import NotIntact
from . import schema

Row = Mapping[str, Any]


def text_digest(text: str) -> str:
    """The digest of a text as it is stored.

    >>> text_digest("{}")
    'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'
    """
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


class Witnessed(NamedTuple):
    """A table whose rows the log witnesses.

    `act` names the entries, `told` reads from a row what an entry repeats in its detail, `moment` is when the
    row was written, `about` says which subject the entry has, and `flaw` what is wrong with a row in itself.
    `mark` is the act and the column of a moment that is filled in later, with an entry of its own.
    """

    table: Table
    act: str
    told: Callable[[Row], dict[str, Any]]
    moment: str
    about: Callable[[Row], str]
    flaw: Callable[[Connection, Row], str | None]
    mark: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        """The name of the table, under which an entry names the row."""
        return self.table.name

    def said_of(self, row: Row) -> list[Any]:
        """What an entry must say of a row."""
        return [moment_of(row[self.moment]), row["person_id"], self.about(row), self.told(row)]

    def said_by(self, at: str, person_id: str, subject: str, detail: Row) -> list[Any]:
        """What an entry says of its row, in the same form."""
        told = {name: detail.get(name) for name in _TOLD[self.name]}
        return [at, person_id, subject, told]


def moment_of(raw: Any) -> str:
    """A moment as digests have it, from what the database holds; raises `ValueError` where it is none."""
    found = datetime.fromisoformat(raw) if isinstance(raw, str) else raw
    if not isinstance(found, datetime):
        raise ValueError("not a moment")
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    if isinstance(raw, str) and raw != found.strftime("%Y-%m-%d %H:%M:%S.%f"):
        raise ValueError("not a moment as it is written here")
    return found.isoformat(timespec="microseconds")


def _record_flaw(_: Connection, row: Row) -> str | None:
    said = msgspec.json.decode(row["body"])
    if msgspec.json.encode(said).decode() != row["body"]:
        return "its text is not as it was written"
    if not case_digest(said) == said["digest"] == row["digest"]:
        return "it does not agree with its digest"
    if not record_digest(said) == said["record_digest"] == row["record_digest"]:
        return "it does not agree with its record digest"
    if said["outcome"] != row["outcome"]:
        return "its outcome is listed as another one"
    if any(item["provisional"] for item in said["items"]) != row["provisional"]:
        return "it is listed as provisional and is not, or the other way round"
    return None


def _document_flaw(_: Connection, row: Row) -> str | None:
    agrees = hashlib.sha256(row["body"]).hexdigest() == row["sha256"]
    return None if agrees else "it does not agree with its digest"


def _decision_flaw(connection: Connection, row: Row) -> str | None:
    try:
        load_decision(connection, row["id"])
    except NotIntact as error:
        return error.problem
    return None


def _letter_flaw(_: Connection, row: Row) -> str | None:
    msgspec.json.decode(row["body"])
    return None


def _of_case(row: Row) -> str:
    return f"case:{row['case_id']}"


def _of_inquiry(row: Row) -> str:
    return f"inquiry:{row['inquiry_id']}"


_TOLD: Final = {
    "record": ("inquiry", "number", "record_digest", "why"),
    "document": ("sha256",),
    "decision": ("kind", "number", "record_digest", "signature", "stage"),
    "letter": ("decision", "digest", "kind", "record_digest"),
}
WITNESSED: Final = (
    Witnessed(
        schema.record,
        "record",
        lambda row: {
            "inquiry": row["inquiry_id"],
            "number": row["number"],
            "record_digest": row["record_digest"],
            "why": row["why"],
        },
        "created_at",
        lambda row: _of_inquiry(row) if row["case_id"] is None else _of_case(row),
        _record_flaw,
    ),
    Witnessed(
        schema.document,
        "document",
        lambda row: {"sha256": row["sha256"]},
        "created_at",
        _of_inquiry,
        _document_flaw,
    ),
    Witnessed(
        schema.decision,
        "decided",
        lambda row: {name: row[name] for name in _TOLD["decision"]},
        "signed_at",
        _of_case,
        _decision_flaw,
    ),
    Witnessed(
        schema.letter,
        "letter",
        lambda row: {
            "decision": row["decision_id"],
            "digest": text_digest(row["body"]),
            "kind": row["kind"],
            "record_digest": row["record_digest"],
        },
        "created_at",
        _of_case,
        _letter_flaw,
        mark=("letter_sent", "sent_at"),
    ),
)
