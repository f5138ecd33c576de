"""Backup and restoration, on and between both kinds of database."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import threading
import zipfile
from contextlib import contextmanager

import pytest
from desks import KEY, KINDS, Clock, desk_at
from rows import write_case
from sqlalchemy import inspect, select, text

from medwarrant.model.errors import InputError
from medwarrant.review.errors import NotIntact, Unavailable
from medwarrant.review.store.audit_key import write_key
from medwarrant.review.store.backup import write_backup
from medwarrant.review.store.backup_form import mac_of
from medwarrant.review.store.backup_read import open_backup
from medwarrant.review.store.database import connect, sqlite_url
from medwarrant.review.store.guards import protect, unprotect
from medwarrant.review.store.migrate import migrate
from medwarrant.review.store.open import open_desk
from medwarrant.review.store.restore import restore
from medwarrant.review.store.schema import metadata, session
from medwarrant.review.store.verify import verify


@pytest.fixture
def backed_up(any_desk, written, tmp_path):
    """A desk with rows of every kind, and a backup of it with its key."""
    written(any_desk)
    path = tmp_path / "desk.backup"
    back_up(any_desk, path, with_key=True)
    return any_desk, path


@pytest.fixture(scope="module")
def one_backup(medwarrant, sqlite_template, kept_packs, people, tmp_path_factory):
    """The bytes of a backup of an SQLite desk, with its key."""
    folder = tmp_path_factory.mktemp("backup")
    shutil.copy(sqlite_template, folder / "desk.sqlite")
    with desk_at(sqlite_url(folder / "desk.sqlite"), medwarrant, Clock(), kept_packs) as desk:
        write_case(desk, people)
        back_up(desk, folder / "b", with_key=True)
        return (folder / "b").read_bytes(), everything(desk.database)


@pytest.fixture
def backup_file(one_backup, tmp_path):
    """A backup of an SQLite desk, with its key."""
    path = tmp_path / "desk.backup"
    path.write_bytes(one_backup[0])
    return path


def back_up(desk, path, **options):
    return write_backup(path, desk.database, desk.audit_key, desk.kept_packs, **options)


def everything(database):
    with database.read() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in metadata.sorted_tables
        }


@contextmanager
def opened(url):
    database = connect(url)
    yield database
    database.close()


@pytest.mark.parametrize("to", KINDS)
def test_what_is_restored_is_what_was_backed_up(backed_up, to, empty_database, tmp_path):
    desk, path = backed_up
    url = empty_database(to)
    manifest, found = restore(path, data=tmp_path / "new", database=url)
    assert found.alterations == ()
    with opened(url) as database:
        assert everything(database) == everything(desk.database)
        assert sum(map(len, everything(database).values())) == manifest.rows
        assert verify(database, desk.audit_key).head == found.head
    assert (tmp_path / "new" / "audit.key").read_bytes() == desk.audit_key
    assert (tmp_path / "new" / "audit.key").stat().st_mode & 0o777 == 0o600


def test_a_restored_desk_is_opened_and_goes_on(backup_file, medwarrant, people, tmp_path):
    restore(backup_file, data=tmp_path / "new")
    desk = open_desk(data=tmp_path / "new", medwarrant=medwarrant)
    with desk.work(people["editor"]) as work:
        work.log("seen", "case:1")
    assert verify(desk.database, desk.audit_key).alterations == ()
    kept = {path.name for path in desk.kept_packs.iterdir()}
    assert {pack.digest.removeprefix("sha256:") for pack in medwarrant.library.packs} <= kept
    desk.database.close()


def test_to_postgresql_and_back_is_the_same(backup_file, kept_packs, empty_database, tmp_path):
    url = empty_database("postgresql")
    restore(backup_file, data=tmp_path / "there", database=url)
    with opened(url) as database:
        path = tmp_path / "second.backup"
        write_backup(path, database, KEY, kept_packs)
    with open_backup(backup_file) as one, open_backup(path, key=KEY) as two:
        held = [
            {name: file for name, file in each.manifest.files.items() if name.endswith("jsonl")}
            for each in (one, two)
        ]
        assert held[0] == held[1]
        assert one.manifest.tables == two.manifest.tables


def test_nobody_stays_signed_in(desk, written, people, clock, tmp_path):
    written(desk)
    with desk.database.begin() as connection:
        now = clock()
        values = {"id": "x", "created_at": now, "seen_at": now, "expires_at": now}
        connection.execute(session.insert().values(person_id=people["editor"].id, **values))
    back_up(desk, tmp_path / "b", with_key=True)
    restore(tmp_path / "b", data=tmp_path / "new")
    with opened(sqlite_url(tmp_path / "new" / "desk.sqlite")) as database:
        assert everything(database)["session"] == []


def test_a_backup_is_of_one_moment_while_others_write(any_desk, people, written, tmp_path):
    """Writers go on while it is written; it holds what was there at its beginning, and verifies."""
    written(any_desk)
    stop, done = threading.Event(), []

    def keep_writing():
        while not stop.is_set():
            with any_desk.work(people["editor"]) as work:
                work.log("seen", "case:1")
            done.append(1)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        for number in range(3):
            before = len(done)
            path = tmp_path / f"{number}.backup"
            back_up(any_desk, path, with_key=True)
            _, found = restore(path, data=tmp_path / f"new-{number}")
            assert found.alterations == ()
            assert found.head.seq >= before
    finally:
        stop.set()
        writer.join()
    assert len(done) > 5


def test_progress_is_told(desk, written, tmp_path):
    written(desk)
    told = set()
    back_up(desk, tmp_path / "b", with_key=True, progress=lambda *said: told.add(said[0]))
    restore(tmp_path / "b", data=tmp_path / "new", progress=lambda *said: told.add(said[0]))
    assert {"rows of record", "MB checked", "rows restored", "audit entries"} <= told


# --- the file --------------------------------------------------------------------------------------


def test_a_backup_is_for_this_user_alone_and_overwrites_nothing(desk, tmp_path):
    path = tmp_path / "b"
    back_up(desk, path)
    assert path.stat().st_mode & 0o777 == 0o600
    data = path.read_bytes()
    with pytest.raises(InputError, match="there already"):
        back_up(desk, path)
    assert path.read_bytes() == data
    assert [each.name for each in tmp_path.glob("*b*")] == ["b"]


def test_a_folder_that_is_not_there_is_told(desk, tmp_path):
    with pytest.raises(Unavailable, match="No such file or directory"):
        back_up(desk, tmp_path / "nowhere" / "b")


def test_the_key_is_in_it_only_where_it_was_asked_for(desk, tmp_path):
    back_up(desk, tmp_path / "without")
    back_up(desk, tmp_path / "with", with_key=True)
    names = {name: set(zipfile.ZipFile(tmp_path / name).namelist()) for name in ("with", "without")}
    assert names["with"] - names["without"] == {"audit.key"}


def test_a_row_that_cannot_be_read_stops_the_backup(desk, written, tmp_path):
    written(desk)
    with desk.database.begin(structure=True) as connection:
        unprotect(connection)
        connection.execute(text("UPDATE record SET created_at = 'yesterday'"))
    with pytest.raises(NotIntact, match="table record: a row cannot be read"):
        back_up(desk, tmp_path / "b")
    assert list(tmp_path.glob("*b")) == []


def test_a_value_that_could_not_be_restored_stops_the_backup(desk, written, tmp_path):
    written(desk)
    with desk.database.begin(structure=True) as connection:
        connection.execute(text("UPDATE inquiry SET version = 'first'"))
    with pytest.raises(NotIntact, match="could not be restored"):
        back_up(desk, tmp_path / "b")
    assert list(tmp_path.glob("*b")) == []


def test_what_does_not_verify_is_restored_only_when_asked_for(desk, written, tmp_path):
    written(desk)
    with desk.database.begin(structure=True) as connection:
        unprotect(connection)
        connection.execute(text("UPDATE record SET why = 'other' WHERE number = 1"))
        protect(connection)
    back_up(desk, tmp_path / "b", with_key=True)
    with pytest.raises(NotIntact, match="altered before it was made"):
        restore(tmp_path / "b", data=tmp_path / "new")
    assert not (tmp_path / "new").exists()
    _, found = restore(tmp_path / "b", data=tmp_path / "new", altered_too=True)
    assert [each.where.split()[0] for each in found.alterations] == ["record"]


# --- keys ------------------------------------------------------------------------------------------


def test_a_backup_without_its_key_needs_the_copy_of_it(desk, written, tmp_path):
    written(desk)
    path = tmp_path / "b"
    back_up(desk, path)
    with pytest.raises(InputError, match="made without its audit key"):
        restore(path, data=tmp_path / "new")
    with pytest.raises(InputError, match="made with another audit key"):
        restore(path, data=tmp_path / "new", key=bytes(32))
    assert not (tmp_path / "new").exists()
    restore(path, data=tmp_path / "new", key=desk.audit_key)
    assert (tmp_path / "new" / "audit.key").read_bytes() == desk.audit_key


def test_the_key_that_is_there_is_kept(backup_file, tmp_path):
    write_key(tmp_path / "new" / "audit.key", bytes(32))
    with pytest.raises(InputError, match="another audit key"):
        restore(backup_file, data=tmp_path / "new")
    assert os.listdir(tmp_path / "new") == ["audit.key"]


# --- where to --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_only_an_empty_desk_is_restored_into(backup_file, kind, empty_database, tmp_path):
    url = empty_database(kind)
    restore(backup_file, data=tmp_path / "new", database=url)
    with opened(url) as database:
        before = everything(database)
        with pytest.raises(InputError, match="this desk is not empty"):
            restore(backup_file, data=tmp_path / "new", database=url)
        assert everything(database) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_desk_that_was_only_opened_is_empty(
    backup_file, one_backup, kind, empty_database, tmp_path
):
    url = empty_database(kind)
    with opened(url) as database:
        migrate(database)
    restore(backup_file, data=tmp_path / "new", database=url)
    with opened(url) as database:
        assert everything(database) == one_backup[1]


@pytest.mark.parametrize("kind", KINDS)
def test_the_database_of_something_else_is_left_alone(backup_file, kind, empty_database, tmp_path):
    url = empty_database(kind)
    with opened(url) as database, database.begin() as connection:
        connection.execute(text("CREATE TABLE recipes (id integer)"))
    with pytest.raises(InputError, match="holds other tables"):
        restore(backup_file, data=tmp_path / "new", database=url)
    with opened(url) as database, database.read() as connection:
        assert inspect(connection).get_table_names() == ["recipes"]


# --- damaged and hostile files -----------------------------------------------------------------------


def refused(path, tmp_path, match):
    """One message, and nothing is left of the attempt."""
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InputError, match=match) as found:
        restore(path, data=tmp_path / "new")
    assert "\n" not in str(found.value)
    assert sorted(tmp_path.rglob("*")) == before


def test_truncated_at_any_point(backup_file, tmp_path):
    data = backup_file.read_bytes()
    for part in range(10):
        backup_file.write_bytes(data[: len(data) * part // 10])
        refused(backup_file, tmp_path, "not a backup|damaged")


def test_flipped_at_any_point(backup_file, tmp_path):
    """A flipped bit is found, or changes nothing that is read (such as a date in a header of the ZIP)."""
    data = bytearray(backup_file.read_bytes())
    with open_backup(backup_file) as backup:
        whole = [list(backup.rows(name)) for name in backup.manifest.tables]
    found = 0
    signature = data.rindex(b"PK\x01\x02", 0, data.rindex(b"manifest.mac"))
    for at in [
        *range(7, len(data), len(data) // 60),  # anywhere
        *range(signature, len(data)),  # where the ZIP says that the signature lies
    ]:
        data[at] ^= 0x10
        backup_file.write_bytes(data)
        data[at] ^= 0x10
        try:
            with open_backup(backup_file) as backup:
                backup.check()
                assert [list(backup.rows(name)) for name in backup.manifest.tables] == whole
        except InputError:
            found += 1
    assert found > 40


def files_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def made_up(path, files, *, manifest=None, key=None, how=zipfile.ZIP_DEFLATED):
    """A ZIP with these files and a manifest that fits them, signed with the key."""
    said = json.loads(files["manifest.json"])
    said["files"] = {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in files.items()
        if not name.startswith("manifest.")
    }
    for change in manifest or ():
        change(said)
    data = json.dumps(said).encode()
    files = {**files, "manifest.json": data, "manifest.mac": mac_of(key, data).encode()}
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, data in files.items():
            archive.writestr(name, data)


HOSTILE_NAMES = [
    "../outside",
    "/etc/outside",
    "packs/../../outside.yaml",
    f"packs/{'0' * 64}/../outside.yaml",
    f"packs/{'0' * 64}/a/../../outside.yaml",
    f"packs/{'0' * 64}//outside.yaml",
    f"packs/{'0' * 64}/..\\outside.yaml",
    f"packs/{'0' * 64}/outside.sh",
    "tables/../person.jsonl",
    "tables/Person.jsonl",
    "audit.key/",
    "desk.sqlite",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_names_that_lead_elsewhere(backup_file, tmp_path, name):
    made_up(backup_file, {**files_of(backup_file), name: b"x"}, key=KEY)
    refused(backup_file, tmp_path, "not a backup")


def test_a_made_up_backup_is_accepted_as_far_as_it_is_one(backup_file, tmp_path):
    """What the tests below make up is refused for what they change, not for how it is made."""
    made_up(backup_file, files_of(backup_file), key=KEY)
    restore(backup_file, data=tmp_path / "new")


def test_a_bomb(backup_file, tmp_path):
    files = files_of(backup_file)
    files["tables/comment.jsonl"] = bytes(200_000_000)
    made_up(backup_file, files, key=KEY)
    assert backup_file.stat().st_size < 1_000_000
    refused(backup_file, tmp_path, "not a backup")


def test_a_file_that_is_larger_than_it_says(backup_file, tmp_path):
    files = files_of(backup_file)
    made_up(
        backup_file,
        files,
        manifest=[lambda said: said["files"]["tables/person.jsonl"].update(bytes=10)],
        key=KEY,
    )
    refused(backup_file, tmp_path, "not a backup")


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said.update(form="medwarrant/backup/2"),
        lambda said: said.update(more=1),
        lambda said: said["tables"].pop("comment"),
        lambda said: said["tables"].update(other={"rows": 0, "columns": {}}),
        lambda said: said["files"].pop("tables/comment.jsonl"),
        lambda said: said["tables"]["person"]["columns"].update(id="blob"),
        lambda said: said["tables"]["person"].update(rows="many"),
    ],
)
def test_a_manifest_that_does_not_fit(backup_file, tmp_path, change):
    made_up(backup_file, files_of(backup_file), manifest=[change], key=KEY)
    refused(backup_file, tmp_path, "not a backup")


def test_a_table_that_is_not_of_its_version(backup_file, tmp_path):
    def change(said):
        said["tables"]["person"]["columns"]["more"] = "text"

    files = files_of(backup_file)
    rows = [[*json.loads(line), "x"] for line in files["tables/person.jsonl"].splitlines()]
    files["tables/person.jsonl"] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    made_up(backup_file, files, manifest=[change], key=KEY)
    refused(backup_file, tmp_path, "other tables than its version")


LINES = [b"", b"[]\n", b"{}\n", b"nonsense\n", b"[" * 100_000 + b"\n", b'["a"]\n']


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_a_line_that_is_no_row(backup_file, tmp_path, line):
    files = files_of(backup_file)
    rest = files["tables/person.jsonl"].split(b"\n", 1)[1]
    files["tables/person.jsonl"] = line + rest
    made_up(backup_file, files, key=KEY)
    refused(backup_file, tmp_path, "damaged")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("created_at", "yesterday"),
        ("created_at", "2026-01-01T00:00:00"),
        ("created_at", "0001-01-01T00:00:00+14:00"),
        ("created_at", 7),
        ("active", 1),
        ("failures", 2**40),
        ("failures", "1"),
        ("failures", 1.5),
        ("name", 7),
        ("name", "\ud800"),
    ],
)
def test_a_value_of_another_kind(backup_file, tmp_path, column, value):
    files = files_of(backup_file)
    columns = list(json.loads(files["manifest.json"])["tables"]["person"]["columns"])
    first, rest = files["tables/person.jsonl"].split(b"\n", 1)
    row = json.loads(first)
    row[columns.index(column)] = value
    files["tables/person.jsonl"] = json.dumps(row).encode() + b"\n" + rest
    made_up(backup_file, files, key=KEY)
    refused(backup_file, tmp_path, "damaged")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("column", "value"), [("login", "requester-2"), ("id", None), ("name", "a\0b")]
)
def test_rows_that_the_database_refuses(backup_file, tmp_path, empty_database, kind, column, value):
    files = files_of(backup_file)
    columns = list(json.loads(files["manifest.json"])["tables"]["person"]["columns"])
    rows = [json.loads(line) for line in files["tables/person.jsonl"].splitlines()]
    row = next(row for row in rows if "requester-1" in row)
    row[columns.index(column)] = value
    files["tables/person.jsonl"] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    made_up(backup_file, files, key=KEY)
    url = empty_database(kind)
    if kind == "sqlite" and value == "a\0b":
        restore(backup_file, data=tmp_path / "new", database=url)  # SQLite keeps it
        return
    with pytest.raises(InputError, match="rows that do not fit"):
        restore(backup_file, data=tmp_path / "new", database=url)
    assert not (tmp_path / "new").exists()
    with opened(url) as database, database.read() as connection:
        assert inspect(connection).get_table_names() == []


def test_a_row_that_points_nowhere(backup_file, tmp_path):
    files = files_of(backup_file)
    files["tables/inquiry.jsonl"] = b""
    made_up(
        backup_file,
        files,
        manifest=[lambda said: said["tables"]["inquiry"].update(rows=0)],
        key=KEY,
    )
    with pytest.raises((InputError, NotIntact)):
        restore(backup_file, data=tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_one_who_has_not_the_key_cannot_alter_a_backup(backup_file, tmp_path):
    """Roles, say, which the audit log does not witness."""
    files = files_of(backup_file)
    files["tables/person.jsonl"] = files["tables/person.jsonl"].replace(
        b'"requester"', b'"administrator"'
    )
    made_up(backup_file, files, key=b"another key of thirty-two bytes!")
    refused(backup_file, tmp_path, "altered after it was made")


def test_a_pack_that_was_exchanged(backup_file, tmp_path):
    files = files_of(backup_file)
    name = next(name for name in files if name.endswith("pack.yaml"))
    files[name] += b"\n"
    made_up(backup_file, files, key=KEY)
    refused(backup_file, tmp_path, "a pack in this backup does not agree with its digest")


def test_a_newer_backup(backup_file, tmp_path):
    made_up(
        backup_file,
        files_of(backup_file),
        manifest=[lambda said: said.update(schema="r9999", medwarrant="99.0")],
        key=KEY,
    )
    refused(backup_file, tmp_path, "newer version of medwarrant; install version 99.0")


@pytest.mark.parametrize(
    "content", [b"", b"PK\x05\x06" + bytes(18), b"%PDF-1.7", b"SQLite format 3\0"]
)
def test_other_files(tmp_path, content):
    (tmp_path / "b").write_bytes(content)
    refused(tmp_path / "b", tmp_path, "this is not a backup of medwarrant")


def test_a_file_that_is_not_there(tmp_path):
    refused(tmp_path / "b", tmp_path, "cannot be read")


def test_two_files_of_one_name(backup_file, tmp_path):
    data = io.BytesIO(backup_file.read_bytes())
    with zipfile.ZipFile(data, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("tables/person.jsonl", b"")
    backup_file.write_bytes(data.getvalue())
    refused(backup_file, tmp_path, "not a backup")
