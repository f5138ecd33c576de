"""Guards in the database itself: what is append-only refuses to be changed, whoever asks.

They stop mistakes, not somebody who may alter the database's structure: that is found by `verify`.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

#: Tables whose rows are never changed and never deleted.
APPEND_ONLY: Final = ("audit", "decision", "first_determination", "record")

_SQLITE: Final = """
CREATE TRIGGER {name} BEFORE {act} ON {table} BEGIN
  SELECT RAISE(ABORT, '{table} is append-only');
END
"""
_REFUSE: Final = """
CREATE OR REPLACE FUNCTION medwarrant_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
_POSTGRESQL: Final = """
CREATE TRIGGER {name} BEFORE {act} ON {table} {each} EXECUTE FUNCTION medwarrant_append_only()
"""


def expected_guards(kind: str) -> dict[str, str]:
    """The statement that makes each guard, by the guard's name.

    >>> sorted(expected_guards("sqlite"))[:2]
    ['keep_audit_delete', 'keep_audit_update']
    """
    acts = ("UPDATE", "DELETE") if kind == "sqlite" else ("UPDATE", "DELETE", "TRUNCATE")
    form = _SQLITE if kind == "sqlite" else _POSTGRESQL
    return {
        name: form.format(
            name=name,
            act=act,
            table=table,
            each="FOR EACH STATEMENT" if act == "TRUNCATE" else "FOR EACH ROW",
        ).strip()
        for table in APPEND_ONLY
        for act in acts
        for name in [f"keep_{table}_{act.lower()}"]
    }


def protect(connection: Connection) -> None:
    """Put the guards in place; those that stand are made anew."""
    unprotect(connection)
    kind = connection.dialect.name
    if kind == "postgresql":
        connection.execute(text(_REFUSE))
    for statement in expected_guards(kind).values():
        connection.execute(text(statement))


def unprotect(connection: Connection) -> None:
    """Take the guards away, inside the transaction of a migration, which puts them back."""
    for name, table in _standing(connection).items():
        of_table = f" ON {table}" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER {name}{of_table}"))


def missing_guards(connection: Connection) -> list[str]:
    """The names of the guards that do not stand as they should."""
    kind = connection.dialect.name
    wanted = expected_guards(kind)
    if kind == "sqlite":
        found = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        ).all()
        standing = {name for name, sql in found if sql == wanted.get(name)}
    else:
        # 'O' and 'A' fire for an ordinary session; a trigger that was switched off is 'D' or 'R'.
        enabled = connection.execute(
            text("SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A') AND NOT tgisinternal")
        )
        standing = set(enabled.scalars())
    return sorted(set(wanted) - standing)


def _standing(connection: Connection) -> dict[str, str]:
    """The guards that stand, each with its table."""
    if connection.dialect.name == "sqlite":
        query = (
            "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'keep_%'"
        )
    else:
        query = """
            SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            WHERE t.tgname LIKE 'keep_%' AND NOT t.tgisinternal
              AND c.relnamespace = current_schema()::regnamespace
        """
    return {row[0]: row[1] for row in connection.execute(text(query))}
