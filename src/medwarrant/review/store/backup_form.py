"""The form of a backup: one file that either kind of database can be restored from.

A ZIP with `manifest.json`, for each table `tables/NAME.jsonl` (a line for each row, a list in the order of the
columns that the manifest names), the packs kept as `packs/DIGEST/...`, and, where it was asked for, `audit.key`.
The manifest holds the size and the SHA-256 of each of them; `manifest.mac` is its HMAC with the audit key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import (
    Boolean,
    Connection,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    event,
)

from ...model.errors import InputError
from .schema import Moment

FORM: Final = "medwarrant/backup/1"
MANIFEST: Final = "manifest.json"
MAC: Final = "manifest.mac"
KEY: Final = "audit.key"
Kind = Literal["text", "integer", "boolean", "moment", "bytes"]
Progress = Callable[[str, int, int], None]


class Held(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file in a backup: its size and digest."""

    bytes: int
    sha256: str


class TableHeld(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table in a backup: how many rows, and the columns with their kinds, in the order of each line."""

    rows: int
    columns: dict[str, Kind]


class LogHeld(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The audit log in a backup: its last entry, and what names its key."""

    seq: int
    digest: str
    key_digest: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a backup says of itself; `schema` is the revision of the tables, `files` all else it holds."""

    form: Literal["medwarrant/backup/1"] = FORM
    medwarrant: str
    schema: str
    made_at: datetime
    audit: LogHeld
    tables: dict[str, TableHeld]
    files: dict[str, Held]

    @property
    def rows(self) -> int:
        """How many rows all tables have together."""
        return sum(table.rows for table in self.tables.values())


def table_file(name: str) -> str:
    """The file of a table.

    >>> table_file("person")
    'tables/person.jsonl'
    """
    return f"tables/{name}.jsonl"


def mac_of(key: bytes, manifest: bytes) -> str:
    """What shows that whoever wrote a manifest had the audit key."""
    return hmac.new(key, b"medwarrant backup\n" + manifest, hashlib.sha256).hexdigest()


# --- tables as a database has them ----------------------------------------------------------------


def tables_of(connection: Connection) -> dict[str, Table]:
    """The tables of a database at whatever revision it is, those first that others point to."""
    found = MetaData()
    event.listen(found, "column_reflect", _with_our_type)
    found.reflect(connection)
    return {table.name: table for table in found.sorted_tables if table.name != "alembic_version"}


def _with_our_type(_: Any, __: Any, column: Any) -> None:
    if isinstance(column["type"], DateTime):
        column["type"] = Moment()


def kinds_of(table: Table) -> dict[str, Kind]:
    """The columns of a table with the kinds of their values."""
    return {column.name: _kind(column.type) for column in table.columns}


def _kind(of: Any) -> Kind:
    if isinstance(of, Moment):
        return "moment"
    if isinstance(of, Boolean):
        return "boolean"
    if isinstance(of, Integer):
        return "integer"
    if isinstance(of, LargeBinary):
        return "bytes"
    assert isinstance(of, String), of
    return "text"


# --- rows as lines ----------------------------------------------------------------------------------


def line_of(row: Sequence[Any]) -> bytes:
    r"""A row as a line: moments as RFC 3339 has them, bytes in base64.

    >>> line_of(["a", None, b"\x00"])
    b'["a",null,"AA=="]\n'
    """
    return msgspec.json.encode(list(row)) + b"\n"


def row_of(line: bytes, columns: dict[str, Kind]) -> dict[str, Any]:
    """A line as a row.

    Raises `ValueError` where it is none, or a value is not of the kind of its column.
    """
    values = msgspec.json.decode(line)
    if not isinstance(values, list) or len(values) != len(columns):
        raise ValueError("not a row of this table")
    return {
        name: None if value is None else _READ[kind](value)
        for (name, kind), value in zip(columns.items(), values, strict=True)
    }


def _moment(value: Any) -> datetime:
    found = datetime.fromisoformat(_plain(value, str))
    if found.tzinfo is None:
        raise ValueError("a moment without its time zone")
    return found.astimezone(UTC)


def _integer(value: Any) -> int:
    found: int = _plain(value, int)
    if not -(2**31) <= found < 2**31:
        raise ValueError("an integer that not every database holds")
    return found


def _plain(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise ValueError(f"not of the kind {kind.__name__}")
    return value


_READ: Final[dict[Kind, Callable[[Any], Any]]] = {
    "text": lambda value: _plain(value, str),
    "integer": _integer,
    "boolean": lambda value: _plain(value, bool),
    "moment": _moment,
    "bytes": lambda value: base64.b64decode(_plain(value, str), validate=True),
}


def not_a_backup(where: str, problem: str = "this is not a backup of medwarrant") -> InputError:
    """The one message for a file that cannot be restored from."""
    return InputError(problem, where=where, mend="use another backup; nothing was restored")
