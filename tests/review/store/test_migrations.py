"""The schema as revisions make it, on both databases."""

from __future__ import annotations

import multiprocessing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from desks import KINDS
from released_schemas import packed, released
from sqlalchemy import Boolean, Integer, LargeBinary, inspect, select, text
from sqlalchemy.exc import DBAPIError

from medwarrant.model.errors import InputError
from medwarrant.review.store import migrate as migrating
from medwarrant.review.store.audit import verify_chain
from medwarrant.review.store.backup_read import open_backup
from medwarrant.review.store.database import connect
from medwarrant.review.store.guards import APPEND_ONLY, expected_guards, missing_guards, protect
from medwarrant.review.store.migrate import migrate, newest, revision_of, revisions
from medwarrant.review.store.restore import fill, make_tables, restore
from medwarrant.review.store.schema import Moment, Words, audit, audit_head, metadata
from medwarrant.review.store.verify import verify


@pytest.mark.parametrize("kind", KINDS)
def test_the_revisions_make_the_schema(kind, empty_database):
    database = connect(empty_database(kind))
    migrate(database)
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert revision_of(connection) == newest()
        assert missing_guards(connection) == []
        assert connection.execute(select(audit_head.c.seq)).scalars().all() == [0]
    database.close()


def test_revisions_follow_each_other():
    assert revisions() == tuple(f"r{n:04}" for n in range(1, len(revisions()) + 1))


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_both_databases_hold_the_same_values(table):
    """A plain String keeps on SQLite what PostgreSQL refuses; a plain DateTime loses its zone there."""
    kinds = {column.name: type(column.type) for column in table.columns}
    assert set(kinds.values()) <= {Words, Moment, Boolean, Integer, LargeBinary}, kinds


@pytest.mark.parametrize("kind", KINDS)
def test_a_database_of_something_else_is_refused(kind, empty_database):
    database = connect(empty_database(kind))
    with database.begin() as connection:
        connection.execute(text("CREATE TABLE recipes (id integer)"))
    with pytest.raises(InputError, match="holds other tables"):
        migrate(database)
    with database.read() as connection:
        assert inspect(connection).get_table_names() == ["recipes"]
    database.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_newer_database_is_refused(kind, empty_database):
    database = connect(empty_database(kind))
    migrate(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))
    with pytest.raises(InputError, match="newer version of medwarrant"):
        migrate(database)
    database.close()


def _migrate_in_a_process(url, start, said):
    start.wait()
    try:
        database = connect(url)
        migrate(database)
        database.close()
        said.put("")
    except Exception as error:
        said.put(repr(error))


@pytest.mark.parametrize("kind", KINDS)
def test_processes_that_migrate_at_once_do_not_clash(kind, empty_database):
    url = empty_database(kind)
    spawn = multiprocessing.get_context("spawn")
    start, said = spawn.Event(), spawn.Queue()
    crowd = [spawn.Process(target=_migrate_in_a_process, args=(url, start, said)) for _ in range(4)]
    for process in crowd:
        process.start()
    start.set()
    assert [said.get(timeout=60) for _ in crowd] == [""] * 4
    for process in crowd:
        process.join()
    database = connect(url)
    with database.read() as connection:
        assert revision_of(connection) == newest()
        assert connection.execute(select(audit_head.c.seq)).scalars().all() == [0]
    database.close()


# --- released schemas --------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=sorted({*released(), newest()}))
def released_backup(request, tmp_path_factory):
    """A backup of each released schema, and of the newest."""
    return packed(request.param, tmp_path_factory.mktemp("released"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_released_schema_is_brought_to_the_newest(released_backup, kind, empty_database):
    """The rows of a released version, in its own tables, are those of this version afterwards."""
    database = connect(empty_database(kind))
    with open_backup(released_backup) as backup:
        with database.begin(structure=True) as connection:
            make_tables(connection, backup.manifest.schema)
            fill(connection, backup, "the backup", lambda what, done, total: None)
            protect(connection)
        migrate(database)
        with database.read() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
            for name, held in backup.manifest.tables.items():
                count = connection.execute(text(f"SELECT count(*) FROM {name}")).scalar()
                assert count == held.rows, name
        found = verify(database, backup.key())
    assert found.alterations == ()
    assert found.rows == {"record": 3, "document": 1, "decision": 1, "letter": 2}
    database.close()


def test_a_backup_of_every_released_version_is_restored(released_backup, tmp_path):
    _, found = restore(released_backup, data=tmp_path / "new")
    assert found.alterations == ()


# --- guards -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"]
)
def test_what_is_append_only_cannot_be_changed(any_desk, people, written, table, statement):
    if "TRUNCATE" in statement and any_desk.database.kind == "sqlite":
        pytest.skip("SQLite knows no TRUNCATE")
    written(any_desk)
    with pytest.raises(DBAPIError, match="append-only"), any_desk.database.begin() as connection:
        connection.execute(
            text(statement.format(table, metadata.tables[table].primary_key.columns[0].name))
        )


def test_replacing_is_changing(desk, people):
    with desk.work(people["editor"]) as work:
        work.log("seen", "case:1")
    with pytest.raises(DBAPIError, match="append-only"), desk.database.begin() as connection:
        connection.execute(text("REPLACE INTO audit SELECT * FROM audit"))


@pytest.mark.parametrize("name", expected_guards("sqlite"))
def test_a_guard_that_was_taken_away_is_missed(desk, name):
    with desk.database.begin() as connection:
        connection.execute(text(f"DROP TRIGGER {name}"))
    with desk.database.read() as connection:
        assert missing_guards(connection) == [name]


# --- a further revision -----------------------------------------------------------------------------

NEXT = """
import sqlalchemy as sa
from alembic import op
revision = "r9998"
down_revision = {before!r}
def upgrade():
    with op.batch_alter_table("record") as table:
        table.add_column(sa.Column("pages", sa.Integer(), nullable=True))
    op.execute("UPDATE record SET pages = 7")
    with op.batch_alter_table("record") as table:
        table.alter_column("pages", existing_type=sa.Integer(), nullable=False)
        table.alter_column("why", existing_type=sa.String(40), type_=sa.String(90))
    {then}
"""


@pytest.fixture
def next_revision(tmp_path, monkeypatch):
    """Puts one more revision after the newest, for this test."""
    folder = migrating._scripts().dir

    def put(then: str = "") -> None:
        path = tmp_path / "further" / "r9998_further.py"
        path.parent.mkdir()
        path.write_text(NEXT.format(before=newest(), then=then))
        scripts = ScriptDirectory(folder, version_locations=[folder, str(path.parent)])
        monkeypatch.setattr(migrating, "_scripts", lambda: scripts)
        migrating.revisions.cache_clear()

    yield put
    monkeypatch.undo()
    migrating.revisions.cache_clear()


def test_a_further_revision_may_change_what_is_append_only(any_desk, written, next_revision):
    written(any_desk)
    next_revision()
    migrate(any_desk.database)
    with any_desk.database.read() as connection:
        assert revision_of(connection) == "r9998"
        assert connection.execute(text("SELECT DISTINCT pages FROM record")).scalars().all() == [7]
        assert missing_guards(connection) == []
        seq, _ = verify_chain(connection, any_desk.audit_key)
        assert seq == connection.execute(text("SELECT count(*) FROM audit")).scalar()


def test_a_revision_that_fails_leaves_everything_as_it_was(any_desk, written, next_revision):
    written(any_desk)
    with any_desk.database.read() as connection:
        before = connection.execute(select(audit)).all()
    next_revision("op.execute('SELECT nonsense FROM nowhere')")
    with pytest.raises(DBAPIError, match="nowhere"):
        migrate(any_desk.database)
    with any_desk.database.read() as connection:
        assert revision_of(connection) == revisions()[-2]
        assert missing_guards(connection) == []
        assert connection.execute(select(audit)).all() == before
        columns = {column["name"] for column in inspect(connection).get_columns("record")}
        assert "pages" not in columns


def test_foreign_keys_are_looked_at_again_after_a_migration(desk, written, next_revision):
    written(desk)
    next_revision()
    migrate(desk.database)
    with desk.database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
