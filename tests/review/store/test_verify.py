"""What verifying finds, and that it finds every alteration of what the log witnesses."""

from __future__ import annotations

import pytest
from sqlalchemy import Boolean, Integer, LargeBinary, select, text
from sqlalchemy.exc import IntegrityError

from medwarrant.model.errors import InputError
from medwarrant.review.store.audit import GENESIS
from medwarrant.review.store.guards import protect, unprotect
from medwarrant.review.store.schema import Moment, audit, audit_head
from medwarrant.review.store.verified import Head
from medwarrant.review.store.verify import verify, verify_here
from medwarrant.review.store.witness import WITNESSED


def verified(desk, **options):
    return verify(desk.database, desk.audit_key, **options)


def tamper(desk, statement, **values):
    """What somebody may do who can write to the database and knows of its guards."""
    with desk.database.begin(structure=True) as connection:
        unprotect(connection)
        done = connection.execute(
            text(statement) if isinstance(statement, str) else statement, values
        )
        assert done.rowcount, "nothing was altered"
        protect(connection)


def test_an_untouched_desk_verifies(any_desk, written):
    written(any_desk)
    found = verified(any_desk)
    assert found.alterations == ()
    assert found.rows == {"record": 3, "document": 1, "decision": 1, "letter": 2}
    with any_desk.database.read() as connection:
        head = connection.execute(select(audit_head.c.seq, audit_head.c.digest)).one()
    assert (found.entries, str(found.head)) == (head.seq, f"{head.seq}:{head.digest}")


def test_an_empty_desk_verifies(any_desk):
    found = verified(any_desk, expect=Head(0, GENESIS))
    assert (found.alterations, found.entries) == ((), 0)


# --- each column of each row ------------------------------------------------------------------------

#: Columns that the log does not witness; docs/operations.md says so.
NOT_WITNESSED = {
    "document": {"name", "media_type"},
    "letter": {"title", "number", "sent_to"},
}
TABLES = (audit, *(each.table for each in WITNESSED))
#: Of SQLite, which keeps a value of any kind in any column.
NONSENSE = ("7", "x'ff00fe'", "'[]'", "'{'", "''", "NULL", "1e999", "char(0)")


class UndoneError(Exception):
    """Ends a transaction that tampered."""


def found_after(desk, statement):
    """What is found where a statement alters rows; the rows come back. None where the database refuses."""
    found = None
    try:
        with desk.database.begin(structure=True) as connection:
            unprotect(connection)
            connection.execute(text(statement))
            protect(connection)
            found = verify_here(connection, desk.audit_key).alterations
            raise UndoneError
    except (UndoneError, IntegrityError):
        return found


def other(column, kind):
    """SQL for another value than the one that is there."""
    if isinstance(column.type, Moment):
        moment = "'2026-01-01 00:00:00.000000'"
        if kind == "sqlite":
            later = f"strftime('%Y-%m-%d %H:%M:%f000', {column.name}, '+1 second')"
            return f"coalesce({later}, {moment})"
        return f"coalesce({column.name} + interval '1 second', {moment})"
    if isinstance(column.type, Boolean):
        return f"NOT {column.name}"
    if isinstance(column.type, Integer):
        return f"{column.name} + 1000"
    if isinstance(column.type, LargeBinary):
        return "x'00'" if kind == "sqlite" else "'\\x00'::bytea"
    if column.foreign_keys and kind == "postgresql":
        other_table = next(iter(column.foreign_keys)).column.table.name
        return f"(SELECT max(id) FROM {other_table} o WHERE o.id <> t.{column.name})"
    if column.name == "body":
        return "replace(body, '{', '{ ')"
    return f"coalesce('x' || substr({column.name}, 2), 'x')"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_altered_value_is_found(any_desk, written, table):
    written(any_desk)
    written(any_desk)  # so that there are other rows to point to
    kind = any_desk.database.kind
    key = next(iter(table.primary_key.columns)).name
    passed, refused = [], []
    for column in table.columns:
        if column.name in NOT_WITNESSED.get(table.name, ()):
            continue
        found = found_after(
            any_desk,
            f"UPDATE {table.name} AS t SET {column.name} = {other(column, kind)} "
            f"WHERE t.{key} = (SELECT max({key}) FROM {table.name})",
        )
        if found is None:
            refused.append(column.name)
        elif not any(str(each).startswith((table.name, "audit")) for each in found):
            passed.append(column.name)
    assert passed == []
    # PostgreSQL looks at what points to a row, and at what must be unique, whoever asks.
    assert set(refused) <= ({"id", "inquiry_id", "case_id"} if kind == "postgresql" else set())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_nonsense_in_a_file_of_sqlite_is_found_and_stops_nothing(desk, written, table):
    written(desk)
    passed = []
    for column in table.columns:
        with desk.database.read() as connection:
            was = connection.execute(text(f"SELECT quote({column.name}) FROM {table.name}"))
            there = set(was.scalars())
        for value in NONSENSE:
            if column.name in NOT_WITNESSED.get(table.name, ()) or there == {value}:
                continue
            found = found_after(desk, f"UPDATE {table.name} SET {column.name} = {value}")
            if found == ():
                passed.append((column.name, value))
    assert passed == []


# --- rows that go and come ----------------------------------------------------------------------------


@pytest.mark.parametrize("witnessed", WITNESSED, ids=lambda witnessed: witnessed.name)
def test_a_row_that_was_taken_out_is_missed(desk, written, witnessed):
    written(desk)
    with desk.database.read() as connection:
        gone = connection.execute(select(witnessed.table.c.id)).scalars().first()
    tamper(desk, f"DELETE FROM {witnessed.name} WHERE id = :id", id=gone)
    assert any(
        f"the {witnessed.name} {gone} that it tells of is gone" in each.what
        for each in verified(desk).alterations
    )


@pytest.mark.parametrize("witnessed", WITNESSED, ids=lambda witnessed: witnessed.name)
def test_a_row_that_was_put_in_is_found(desk, written, witnessed):
    written(desk)
    names = [column.name for column in witnessed.table.columns]
    copied = ", ".join(
        {"id": "'made up'", "number": "number + 100", "name": "'other'"}.get(name, name)
        for name in names
    )
    tamper(
        desk,
        f"INSERT INTO {witnessed.name} ({', '.join(names)}) "
        f"SELECT {copied} FROM {witnessed.name} LIMIT 1",
    )
    (found,) = verified(desk).alterations
    assert found.where == f"{witnessed.name} made up"
    assert found.what == "the log does not know it, or its entry was altered"


def test_an_entry_that_was_taken_out_is_missed(any_desk, written):
    written(any_desk)
    tamper(any_desk, "DELETE FROM audit WHERE seq = 3")
    assert "audit 4: entry 3 is missing before it" in map(str, verified(any_desk).alterations)


def test_an_entry_that_was_put_in_is_found(any_desk, written):
    written(any_desk)
    tamper(
        any_desk,
        "INSERT INTO audit SELECT max(seq) + 1, max(at), 'x', 'seen', 'case:x', '{}', "
        "(SELECT digest FROM audit_head), max(digest) FROM audit",
    )
    assert len(verified(any_desk).alterations) == 2  # the entry, and the end


def test_an_end_that_was_cut_off_is_missed(any_desk, written):
    written(any_desk)
    tamper(any_desk, "DELETE FROM audit WHERE seq > 3")
    assert any("cut off" in each.what for each in verified(any_desk).alterations)


def test_a_log_cut_off_with_its_head_and_rows_is_missed_by_a_head_noted_elsewhere(desk, people):
    with desk.work(people["editor"]) as work:
        work.log("seen", "case:1")
    early = verified(desk).head
    with desk.work(people["editor"]) as work:
        work.log("seen", "case:2")
    noted = verified(desk).head
    tamper(desk, "DELETE FROM audit WHERE seq > 1")
    tamper(desk, audit_head.update().values(seq=early.seq, digest=early.digest))
    assert verified(desk).alterations == ()  # the chain alone cannot know
    assert verified(desk, expect=early).alterations == ()
    (found,) = verified(desk, expect=noted).alterations
    assert "the entry that was noted is not in the log" in found.what


def test_another_key_does_not_verify(any_desk, written):
    written(any_desk)
    found = verify(any_desk.database, bytes(32)).alterations
    assert found[0].what == "the log names another key than this one"
    assert any("the key is another one" in each.what for each in found)


@pytest.mark.parametrize("statement", ["DROP TRIGGER keep_record_update{}", "{}"])
def test_a_missing_guard_is_found(any_desk, statement):
    on = " ON record" if any_desk.database.kind == "postgresql" else ""
    with any_desk.database.begin() as connection:
        if statement == "{}" and not on:
            connection.execute(text("DROP TRIGGER keep_record_update"))
            connection.execute(
                text(
                    "CREATE TRIGGER keep_record_update BEFORE UPDATE ON record BEGIN SELECT 1; END"
                )
            )
        elif statement == "{}":
            connection.execute(text("ALTER TABLE record DISABLE TRIGGER keep_record_update"))
        else:
            connection.execute(text(statement.format(on)))
    (found,) = verified(any_desk).alterations
    assert str(found) == "database: the guard keep_record_update is missing or changed"


def test_every_alteration_is_listed_not_only_the_first(any_desk, written):
    written(any_desk)
    tamper(any_desk, "UPDATE audit SET act = 'other' WHERE seq IN (2, 4)")
    tamper(any_desk, "UPDATE record SET why = 'other' WHERE number = 2")
    where = [each.where for each in verified(any_desk).alterations]
    assert {"audit 2", "audit 4"} <= set(where)
    assert any(each.startswith("record ") for each in where)


def test_progress_is_told(desk, written):
    written(desk)
    told = []
    verified(desk, progress=lambda what, done, total: told.append((what, done, total)))
    assert {what for what, _, _ in told} == {
        "audit entries", "records", "documents", "decisions", "letters"
    }  # fmt: skip
    assert ("records", 3, 3) in told


@pytest.mark.parametrize(
    "noted", ["", "12", "x:hmac-sha256:" + "a" * 64, "1:sha256:" + "a" * 64, "1:hmac-sha256:zz"]
)
def test_what_is_no_head_is_refused(noted):
    with pytest.raises(InputError, match="not the head of a log"):
        Head.read(noted)
