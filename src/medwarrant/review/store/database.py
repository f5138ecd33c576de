"""Opening a database: SQLite in a file, or PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError

from ...model.errors import InputError, MedwarrantError
from ..errors import Stale, Unavailable

_BUSY_SECONDS: Final = 30
_MEND: Final = "write sqlite:///FILE or postgresql://USER@HOST/NAME"
#: The number is any that nothing else locks by: "medwarr" in ASCII. The lock ends with the transaction.
_TAKE_TURNS: Final = text(f"SELECT pg_advisory_xact_lock({0x6D656477617272})")
#: PostgreSQL found that two transactions wait for each other, or that one would not see the other's work.
_COLLISIONS: Final = frozenset({"40P01", "40001"})
_SQLITE_PROBLEMS: Final = {
    "SQLITE_FULL": ("there is no room left on the disk", "make room; nothing was changed"),
    "SQLITE_READONLY": ("the database cannot be written", "look at the rights of its folder"),
    "SQLITE_CANTOPEN": ("the database cannot be opened", "look at the rights of its folder"),
    "SQLITE_IOERR": ("the disk does not read or write", "look at the disk, then restore a backup"),
    "SQLITE_NOTADB": ("this file is not a database", "name another file, or restore a backup"),
    "SQLITE_CORRUPT": ("the database is damaged", "restore a backup"),
    "SQLITE_BUSY": ("the database is busy for too long", "try again"),
    "SQLITE_LOCKED": ("the database is busy for too long", "try again"),
}


class Database:
    """A database that transactions are begun on.

    Every transaction is begun for writing, because the audit log takes part in nearly all of them, and
    writers take turns: on SQLite by its write lock, on PostgreSQL by one advisory lock. So none fails half
    way for a lock that it did not get, and each sees all that was done before it. Keep them short: what
    takes time is worked out before. Readers wait for nobody. What a database cannot do at the moment comes
    out as `Unavailable`.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # Threads of one process wait for each other here, in turn; waiting for SQLite's lock is sleeping and
        # looking again, and some of them would sleep for long.
        self._turn: AbstractContextManager[Any] = (
            threading.RLock() if self.kind == "sqlite" else nullcontext()
        )

    @property
    def kind(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def begin(self, *, structure: bool = False) -> Iterator[Connection]:
        """A transaction: committed where the block ends, rolled back where it raises.

        With `structure` tables may be made anew: SQLite then looks at foreign keys only when asked to.
        """
        with self._turn, _translated(), self.engine.connect() as connection:
            if structure:
                _foreign_keys(connection, on=False)
            try:
                with connection.begin():
                    if self.kind == "postgresql":
                        connection.execute(_TAKE_TURNS)
                    yield connection
            finally:
                if structure:
                    _foreign_keys(connection, on=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that reads one consistent state and takes no lock."""
        options: dict[str, Any] = {"read_only": True}
        if self.kind == "postgresql":
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with _translated(), self.engine.connect().execution_options(**options) as connection:
            yield connection
            connection.rollback()

    def ready(self) -> bool:
        """Whether the database answers."""
        try:
            with self.read() as connection:
                connection.execute(text("SELECT 1"))
        except Unavailable:
            return False
        return True

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def sqlite_url(path: Path) -> str:
    """The address of an SQLite file."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def connect(url: str) -> Database:
    """Connect to a database by its address; its tables are not touched (see `migrate`).

    `sqlite:///FILE` or `postgresql://USER@HOST/NAME`. Raises `InputError` where the address cannot be used
    and `Unavailable` where the file or the server does not answer; messages never hold a password.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return Database(_sqlite(parsed))
    if parsed.get_backend_name() == "postgresql":
        return Database(_postgresql(parsed))
    raise InputError(
        f"'{parsed.get_backend_name()}' is not a database that medwarrant can use",
        where="--database",
        mend=_MEND,
    )


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database by its address; None for a database on a server.

    >>> sqlite_file("sqlite:////data/desk.sqlite"), sqlite_file("postgresql://me@host/desk")
    (PosixPath('/data/desk.sqlite'), None)
    """
    parsed = _parsed(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise InputError(
            "this is not the address of a database", where="--database", mend=_MEND
        ) from None


def problem_of(error: DBAPIError) -> MedwarrantError | None:
    """What a user is told of an error of the database; None where it is a defect of ours.

    Never its own words, which may hold values of a row.
    """
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", None) or ""
        known = _SQLITE_PROBLEMS.get("_".join(name.split("_")[:2]))
        return None if known is None else Unavailable(known[0], where="--database", mend=known[1])
    state = getattr(cause, "sqlstate", None) or ""
    if state in _COLLISIONS:
        return Stale("somebody else changed the same at this moment", mend="repeat")
    if state == "55P03":
        return Unavailable(
            "the database is busy for too long", where="--database", mend="try again"
        )
    if state.startswith("53"):
        return Unavailable(
            "the PostgreSQL server has no room or no connection left", where="--database"
        )
    if isinstance(error, OperationalError | InterfaceError):
        return Unavailable(
            "the PostgreSQL server does not answer, or refuses this user",
            where="--database",
            mend="look at the address, the server and the user's rights",
        )
    return None


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise problem from None


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    """Switch SQLite's look at foreign keys; it cannot be done inside a transaction."""
    if connection.dialect.name == "sqlite" and not connection.closed and not connection.invalidated:
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:" or url.query:
        raise InputError(
            "the database needs a file", where="--database", mend="write sqlite:///FILE"
        )
    path = Path(url.database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Health data: open to its user alone, from the first byte on.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise Unavailable(
            f"the database cannot be opened ({error.strerror})", where=str(path)
        ) from None
    engine = create_engine(
        url,
        hide_parameters=True,  # errors of the database would quote values
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
        pool_size=8,
        max_overflow=64,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    try:
        with _translated(), engine.connect() as connection:
            connection.execute(text("SELECT count(*) FROM sqlite_master"))
            connection.rollback()
    except Unavailable as error:
        engine.dispose()
        raise Unavailable(error.problem, where=str(path), mend=error.mend) from None
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun by us, not by the driver
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        _to_wal(connection)
    for pragma in (
        "synchronous=FULL",  # what was acknowledged outlives a power failure
        "foreign_keys=ON",
        "recursive_triggers=ON",  # so that REPLACE, too, meets the guards of what is append-only
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _to_wal(connection: sqlite3.Connection) -> None:
    """Change the journal; SQLite does not wait for the lock here, so that we have to."""
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _postgresql(url: URL) -> Engine:
    try:
        import psycopg  # noqa: F401 - said here, in words, rather than by the engine
    except ImportError:
        raise InputError(
            "PostgreSQL needs a driver",
            where="--database",
            mend="install medwarrant[postgresql]",
        ) from None
    given = url.query.get("options", "")
    options = f"-c timezone=UTC -c lock_timeout={_BUSY_SECONDS}s"
    options += f" {given if isinstance(given, str) else ' '.join(given)}"
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_size=8,
        max_overflow=24,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10, "options": options},
    )
    try:
        with _translated(), engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except MedwarrantError:
        engine.dispose()
        raise
    return engine
