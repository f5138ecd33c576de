"""Bringing a database to the newest schema: in one transaction, by one process at a time."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from ...model.errors import InputError
from ..errors import NotIntact
from .database import Database
from .guards import protect, unprotect


@cache
def revisions() -> tuple[str, ...]:
    """The revisions that this version of medwarrant knows, the first first."""
    return tuple(script.revision for script in _scripts().walk_revisions())[::-1]


def newest() -> str:
    """The revision of `schema.py`."""
    return revisions()[-1]


def revision_of(connection: Connection) -> str | None:
    """The revision of a database; None where it holds no schema."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(database: Database, to: str | None = None) -> None:
    """Make the schema, or bring it to the newest revision; a database that is there already is left alone.

    Everything happens in one transaction: a process that is killed leaves the database as it was. Raises
    `InputError` where the database is newer than this version of medwarrant or holds the tables of
    something else, and `Unavailable` where it cannot be written.
    """
    with database.read() as connection:
        if revision_of(connection) == (to or newest()):
            return
    with database.begin(structure=True) as connection:
        upgrade(connection, to)


def upgrade(connection: Connection, to: str | None = None) -> None:
    """Run the revisions that are lacking, inside a transaction begun for structure."""
    found = revision_of(connection)
    target = to or newest()
    if found == target:
        return
    if found is None and (tables := inspect(connection).get_table_names()):
        raise InputError(
            f"this database holds other tables ({', '.join(sorted(tables)[:3])})",
            where="--database",
            mend="name an empty database for medwarrant alone",
        )
    if found is not None and found not in revisions():
        raise InputError(
            f"this database was written by a newer version of medwarrant (its schema is {found})",
            where="--database",
            mend="install that version, or restore a backup made before it",
        )
    unprotect(connection)
    _run(connection, target)
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise NotIntact(
                f"a row of '{broken[0]}' points to one that is not there",
                where="--database",
                mend="restore a backup",
            )
    protect(connection)


def _run(connection: Connection, target: str) -> None:
    scripts = _scripts()

    def between(revision: Any, _: MigrationContext) -> Any:
        return scripts._upgrade_revs(target, revision)

    with EnvironmentContext(Config(), scripts, fn=between) as environment:
        environment.configure(connection=connection, render_as_batch=True)
        environment.run_migrations()


@cache
def _scripts() -> ScriptDirectory:
    folder = str(Path(__file__).parent / "migrations")
    return ScriptDirectory(folder, version_locations=[folder])
