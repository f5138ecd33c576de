"""Verifying a desk: the audit chain, and every stored row that the log witnesses."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, func, literal_column, select, text

from ...model.canonical import canonical
from .audit import GENESIS, digest_of_parts
from .audit_key import key_digest, named_key
from .database import Database
from .guards import missing_guards
from .schema import audit, audit_head, document
from .verified import Alteration, Head, Verified
from .witness import WITNESSED, Row, Witnessed, moment_of

__all__ = ["Alteration", "Head", "Progress", "Verified", "verify", "verify_here"]

Progress = Callable[[str, int, int], None]
_AT_ONCE: Final = 500
#: Files may be large.
_FILES_AT_ONCE: Final = 8
#: What reading a row that somebody altered may raise, beside what its digests find.
_UNREADABLE: Final = (ValueError, TypeError, KeyError, AttributeError, msgspec.MsgspecError)


def verify(
    database: Database,
    key: bytes,
    *,
    expect: Head | None = None,
    progress: Progress = lambda what, done, total: None,
) -> Verified:
    """Look at everything that the log witnesses, as it is at one moment; a server may go on meanwhile.

    An alteration is an entry that does not follow the one before it, an end that was cut off, a stored row
    that does not agree with its own digests or with its entry, a row without an entry, an entry without
    its row, and a guard of the database that is gone. `expect` is a head that was noted earlier: the log must
    still hold it.
    """
    with database.read() as connection:
        return verify_here(connection, key, expect=expect, progress=progress)


def verify_here(
    connection: Connection,
    key: bytes,
    *,
    expect: Head | None = None,
    progress: Progress = lambda what, done, total: None,
) -> Verified:
    """Verify inside a transaction; see `verify`."""
    with _any_text(connection):
        return _Look(connection, key, expect, progress).verified()


class _Look:
    """One look at a desk, which collects what it finds."""

    def __init__(
        self, connection: Connection, key: bytes, expect: Head | None, progress: Progress
    ) -> None:
        self.connection = connection
        self.key = key
        self.expect = expect
        self.progress = progress
        self.found: list[Alteration] = []
        #: What entries say of rows: by table and id, the number of the entry and a digest of what it says.
        self.said: dict[str, dict[str, tuple[int, bytes]]] = {each.name: {} for each in WITNESSED}
        self.by_act = {each.act: each for each in WITNESSED}
        #: Moments that were filled in later, by the act and the id of the row.
        self.marked: dict[str, dict[Any, str]] = {
            each.mark[0]: {} for each in WITNESSED if each.mark is not None
        }
        self.by_mark = {each.mark[0]: each for each in WITNESSED if each.mark is not None}

    def verified(self) -> Verified:
        self._structure()
        head, entries = self._chain()
        rows = {each.name: self._rows(each) for each in WITNESSED}
        return Verified(head=head, entries=entries, rows=rows, alterations=tuple(self.found))

    def altered(self, where: str, what: str) -> None:
        self.found.append(Alteration(where, what))

    def _structure(self) -> None:
        for name in missing_guards(self.connection):
            self.altered("database", f"the guard {name} is missing or changed")
        if self.connection.dialect.name != "sqlite":
            return
        damage = self.connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
        if damage != "ok":
            self.altered("database", "the file is damaged")
        for table, *_ in self.connection.exec_driver_sql("PRAGMA foreign_key_check").all()[:1]:
            self.altered("database", f"a row of '{table}' points to one that is not there")

    # --- the chain --------------------------------------------------------------------------------

    def _chain(self) -> tuple[Head, int]:
        """Follow the chain; after a break it goes on from what stands there, so that all are found."""
        if not hmac.compare_digest(named_key(self.connection), key_digest(self.key)):
            self.altered("audit", "the log names another key than this one")
        seq, digest, entries = 0, GENESIS, 0
        expected = self.expect is None or self.expect == Head(0, GENESIS)
        for row in self._read(audit, "seq", "audit entries"):
            entries += 1
            where = f"audit {row['seq']}"
            if row["seq"] != seq + 1:
                last = row["seq"] - 1
                which = (
                    f"entry {last} is" if last == seq + 1 else f"entries {seq + 1} to {last} are"
                )
                self.altered(where, f"{which} missing before it")
            elif row["previous"] != digest:
                self.altered(where, "the entry does not follow the one before it")
            self._entry(row, where)
            seq, digest = row["seq"], row["digest"]
            if self.expect is not None and seq == self.expect.seq:
                expected = digest == self.expect.digest
        head = self.connection.execute(select(audit_head.c.seq, audit_head.c.digest)).all()
        if [tuple(row) for row in head] != [(seq, digest)]:
            self.altered(f"audit {seq}", "the end of the log was cut off or changed")
        if not expected:
            self.altered(
                f"audit {self.expect.seq if self.expect else 0}",
                "the entry that was noted is not in the log; it was cut off or written anew",
            )
        return Head(seq, str(digest)), entries

    def _entry(self, row: Row, where: str) -> None:
        try:
            detail = msgspec.json.decode(row["detail"])
            at = moment_of(row["at"])
            said = (row["person_id"], row["act"], row["subject"], detail, row["previous"])
            agrees = canonical(detail).decode() == row["detail"] and hmac.compare_digest(
                row["digest"], digest_of_parts(self.key, row["seq"], at, *said)
            )
            witnessed = self.by_act.get(row["act"])
            if agrees and witnessed is not None and witnessed.name in detail:
                self._told(witnessed, at, row, detail, where)
            if agrees and row["act"] in self.marked:
                self.marked[row["act"]][detail[self.by_mark[row["act"]].name]] = at
        except _UNREADABLE:
            agrees = False
        if not agrees:
            self.altered(where, "the entry was altered, or the key is another one")

    def _told(self, witnessed: Witnessed, at: str, row: Row, detail: Row, where: str) -> None:
        said = witnessed.said_by(at, row["person_id"], row["subject"], detail)
        known = self.said[witnessed.name]
        if detail[witnessed.name] in known:
            self.altered(where, f"the {witnessed.name} that it tells of was told of before")
        known[detail[witnessed.name]] = (row["seq"], _short(said))

    # --- rows ---------------------------------------------------------------------------------------

    def _rows(self, witnessed: Witnessed) -> int:
        """Hold each row against itself and against its entry; how many agree."""
        name, told, good = witnessed.name, self.said[witnessed.name], 0
        for row in self._read(witnessed.table, "id", f"{name}s"):
            what = self._flaw(witnessed, row, told.pop(row["id"], None))
            if what is None:
                good += 1
            else:
                self.altered(f"{name} {_shown(row['id'])}", what)
        for row_id, (seq, _) in told.items():
            self.altered(f"audit {seq}", f"the {name} {_shown(row_id)} that it tells of is gone")
        return good

    def _flaw(self, witnessed: Witnessed, row: Row, entry: tuple[int, bytes] | None) -> str | None:
        if entry is None:
            return "the log does not know it, or its entry was altered"
        try:
            flaw = witnessed.flaw(self.connection, row)
            if flaw is None and _short(witnessed.said_of(row)) != entry[1]:
                flaw = f"it does not agree with entry {entry[0]} of the log"
            if flaw is None and witnessed.mark is not None:
                act, column = witnessed.mark
                marked = None if row[column] is None else moment_of(row[column])
                if marked != self.marked[act].get(row["id"]):
                    flaw = f"the log does not agree on {act.replace('_', ' ')}"
        except _UNREADABLE:
            flaw = "it cannot be read"
        return flaw

    def _read(self, table: Table, order: str, what: str) -> Iterator[Row]:
        """The rows as the database holds them, without our types: a value may be of any kind."""
        total = self.connection.scalar(select(func.count()).select_from(table)) or 0
        columns: list[ColumnElement[Any]] = [
            literal_column(f"{table.name}.{column.name}").label(column.name) for column in table.c
        ]
        rows = self.connection.execute(
            select(*columns).select_from(table).order_by(text(order)),
            execution_options={"yield_per": _FILES_AT_ONCE if table is document else _AT_ONCE},
        )
        for done, row in enumerate(rows.mappings()):
            if done % _AT_ONCE == 0:
                self.progress(what, done, total)
            yield dict(row)
        self.progress(what, total, total)


def _short(said: list[Any]) -> bytes:
    return hashlib.blake2b(canonical(said), digest_size=16).digest()


def _shown(value: Any) -> str:
    return str(value)[:40].encode("ascii", "replace").decode()


@contextmanager
def _any_text(connection: Connection) -> Iterator[None]:
    """Let SQLite hand out text that is not UTF-8 as what it is, rather than stop at it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    before = driver.text_factory
    driver.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = before
