"""Opening a desk: made once, opened by many, refused clearly."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from desks import KINDS
from sqlalchemy import select, text

from medwarrant.model.errors import InputError
from medwarrant.review.errors import Unavailable
from medwarrant.review.store import audit_key
from medwarrant.review.store.audit_key import make_key, read_key, write_key
from medwarrant.review.store.database import connect, sqlite_url
from medwarrant.review.store.open import data_folder, find_desk, open_desk, require_newest
from medwarrant.review.store.schema import TextError, audit_head, inquiry, person
from medwarrant.review.store.verify import verify


@pytest.fixture
def data(tmp_path):
    return tmp_path / "desk"


@pytest.fixture
def opened(data, medwarrant, monkeypatch):
    """Opens the desk of the test's data folder, and closes it at the end."""
    monkeypatch.delenv("MEDWARRANT_DATABASE", raising=False)
    monkeypatch.delenv("MEDWARRANT_AUDIT_KEY_FILE", raising=False)
    made = []

    def open_it(**options):
        made.append(open_desk(**{"data": data, "medwarrant": medwarrant, **options}))
        return made[-1]

    yield open_it
    for desk in made:
        desk.database.close()


def mode(path):
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("kind", KINDS)
def test_a_desk_is_made_and_opened_again(opened, data, medwarrant, people, kind, empty_database):
    url = empty_database(kind)
    first = opened(database=url)
    with first.work(people["editor"]) as work:
        work.log("seen", "case:1")
    again = opened(database=url)
    assert again.audit_key == first.audit_key == (data / "audit.key").read_bytes()
    assert len(first.audit_key) == 32
    assert verify(again.database, again.audit_key).entries == 1
    kept = {path.name for path in first.kept_packs.iterdir()}
    assert kept == {pack.digest.removeprefix("sha256:") for pack in medwarrant.library.packs}


def test_everything_is_for_this_user_alone(opened, data, people):
    desk = opened()
    with desk.work(people["editor"]) as work:
        work.log("seen", "case:1")
    assert mode(data) == 0o700
    assert {path.name: mode(path) for path in data.iterdir() if path.is_file()} == dict.fromkeys(
        ("audit.key", "desk.sqlite", "desk.sqlite-shm", "desk.sqlite-wal"), 0o600
    )


OPEN = """
import sys
from pathlib import Path
from medwarrant import Medwarrant
from medwarrant.review.store.open import open_desk
app = Medwarrant()
print("ready", flush=True)
sys.stdin.readline()
desk = open_desk(data=Path(sys.argv[1]), database=sys.argv[2], medwarrant=app)
print(desk.audit_key.hex())
"""


@pytest.mark.parametrize("kind", KINDS)
def test_processes_that_open_a_new_desk_at_once_do_not_clash(data, kind, empty_database):
    url = empty_database(kind)
    crowd = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, str(data), url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in crowd:
        assert process.stdout.readline() == "ready\n", process.stderr.read()
    for process in crowd:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate() for process in crowd]
    assert [error for _, error in said] == [""] * 3
    assert {key for key, _ in said} == {f"{(data / 'audit.key').read_bytes().hex()}\n"}
    assert not list((data / "packs").glob("*.part-*"))


# --- the audit key ----------------------------------------------------------------------------------


def test_a_missing_key_is_not_made_anew(opened, data):
    opened()
    (data / "audit.key").rename(data / "elsewhere")
    with pytest.raises(InputError, match="the audit key of this database is missing"):
        opened()
    assert not (data / "audit.key").exists()


def test_the_key_of_another_desk_is_refused(opened, data):
    opened()
    (data / "audit.key").write_bytes(bytes(32))
    with pytest.raises(InputError, match="the audit key of another database"):
        opened()


def test_a_log_that_lost_the_name_of_its_key_is_not_given_another(opened, data, people):
    desk = opened()
    with desk.work(people["editor"]) as work:
        work.log("seen", "case:1")
    with desk.database.begin() as connection:
        connection.execute(audit_head.update().values(key_digest=""))
    with pytest.raises(InputError, match="the audit key of another database"):
        opened()


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_damaged_key_is_refused(opened, data, size):
    opened()
    (data / "audit.key").write_bytes(bytes(size))
    with pytest.raises(InputError, match="the audit key is damaged"):
        opened()


@pytest.mark.parametrize("bits", [0o640, 0o604, 0o620])
def test_a_key_that_others_can_reach_is_refused(opened, data, bits):
    opened()
    (data / "audit.key").chmod(bits)
    with pytest.raises(InputError, match="others on this machine can read the audit key"):
        opened()


def test_the_key_may_be_elsewhere(opened, data, tmp_path, monkeypatch):
    monkeypatch.setenv("MEDWARRANT_AUDIT_KEY_FILE", str(tmp_path / "safe" / "key"))
    desk = opened()
    assert desk.audit_key == (tmp_path / "safe" / "key").read_bytes()
    assert mode(tmp_path / "safe" / "key") == 0o600
    assert not (data / "audit.key").exists()


def test_a_key_is_made_once(tmp_path):
    path = tmp_path / "audit.key"
    assert make_key(path) == make_key(path) == write_key(path, bytes(32)) == read_key(path)
    assert [each.name for each in tmp_path.iterdir()] == ["audit.key"]


def test_where_files_cannot_be_linked_a_key_is_made_all_the_same(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(audit_key.os, "link", refuse)
    path = tmp_path / "audit.key"
    assert make_key(path) == make_key(path) == path.read_bytes()
    assert mode(path) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["audit.key"]


# --- what cannot be opened ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "match"),
    [
        ("desk.sqlite", "not the address of a database"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("sqlite:///a.sqlite?mode=ro", "needs a file"),
        ("mysql://me@localhost/desk", "'mysql' is not a database that medwarrant can use"),
        ("postgresql://me:secret@localhost:port/desk", "not the address of a database"),
    ],
)
def test_addresses_that_cannot_be_used(opened, address, match):
    with pytest.raises(InputError, match=match) as found:
        opened(database=address)
    assert "secret" not in str(found.value)


def test_a_server_that_does_not_answer(opened, tmp_path):
    with pytest.raises(Unavailable, match="does not answer") as found:
        opened(database=f"postgresql://me:secret@/desk?host={tmp_path}")
    assert "secret" not in str(found.value)


def test_another_file_is_no_database(opened, data):
    data.mkdir()
    (data / "desk.sqlite").write_bytes(b"%PDF-1.7 " * 1000)
    with pytest.raises(Unavailable, match="this file is not a database"):
        opened()
    assert (data / "desk.sqlite").read_bytes().startswith(b"%PDF")


def test_a_damaged_database_is_told(opened, data, people):
    desk = opened()
    for _ in range(50):
        with desk.work(people["editor"]) as work:
            work.log("seen", "case:1", note="x" * 500)
    desk.database.close()
    with (data / "desk.sqlite").open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 30)
    with pytest.raises(Unavailable, match="the database is damaged; restore a backup"):
        opened()


def test_a_file_in_place_of_the_folder(opened, data):
    data.write_text("")
    with pytest.raises(InputError, match="this is not a folder"):
        opened()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(opened, data):
    data.mkdir(mode=0o500)
    with pytest.raises(Unavailable, match="cannot be opened"):
        opened()


@pytest.mark.parametrize(
    ("pragma", "match"),
    [
        ("max_page_count=1", "there is no room left on the disk; make room; nothing was changed"),
        ("query_only=ON", "the database cannot be written"),
    ],
)
def test_a_full_or_read_only_disk_is_one_clear_message(opened, people, pragma, match):
    """Limits of SQLite stand in for those of a disk."""
    desk = opened()
    with desk.database.read() as connection:
        connection.execute(text(f"PRAGMA {pragma}"))

    def fill_it():
        with desk.work(people["editor"]) as work:
            for _ in range(1000):
                work.log("seen", "case:1", note="x" * 500)

    with pytest.raises(Unavailable, match=match):
        fill_it()
    desk.database.close()  # with the connection that has the limit
    assert verify(desk.database, desk.audit_key).entries == 0


def test_a_database_in_which_others_hold_the_lock_for_too_long(opened, people, monkeypatch):
    from medwarrant.review.store import database

    monkeypatch.setattr(database, "_BUSY_SECONDS", 0)
    desk = opened()
    with (
        desk.database.begin(),
        pytest.raises(Unavailable, match="busy for too long"),
        desk.work(people["editor"]),
    ):
        pass


def test_packs_that_were_not_named_are_missed(opened, medwarrant, tmp_path):
    from medwarrant import Medwarrant, load_packs

    pack = tmp_path / "packs" / "own"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text("pack: own\nversion: '1'\ntitle: Own\nrequires: [common]\n")
    own = Medwarrant(load_packs(pack), medwarrant.icd)
    with pytest.raises(InputError, match="the folder of the packs own was not named"):
        opened(medwarrant=own)
    desk = opened(medwarrant=own, packs=[pack])
    assert len(list(desk.kept_packs.iterdir())) == len(own.library.packs)


# --- a desk that is there ---------------------------------------------------------------------------


def test_looking_for_a_desk_makes_none(data):
    with pytest.raises(InputError, match="there is no desk"):
        find_desk(data)
    assert not data.exists()


def test_a_desk_that_is_there_is_found(opened, data):
    made = opened()
    database, key = find_desk(data)
    require_newest(database)
    assert key == made.audit_key
    database.close()


def test_an_older_or_empty_database_is_not_looked_into(opened, data):
    made = opened()
    with made.database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'r0000'"))
    with pytest.raises(InputError, match="the schema of this database is r0000"):
        require_newest(made.database)
    empty = connect(sqlite_url(data / "empty.sqlite"))
    with pytest.raises(InputError, match="holds no desk"):
        require_newest(empty)
    empty.close()


def test_where_a_desk_is_unless_it_is_said(monkeypatch):
    monkeypatch.setenv("MEDWARRANT_DATA", "named")
    assert data_folder() == Path("named")
    monkeypatch.delenv("MEDWARRANT_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", "base")
    assert data_folder() == Path("base/medwarrant")
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", "user")
    assert data_folder() == Path("user/.local/share/medwarrant")


# --- values that both databases hold -------------------------------------------------------------------


def test_a_text_that_is_too_long_is_refused_on_both(any_desk, people):
    with (
        pytest.raises(TextError, match="a text has 201 characters where 200 can be kept"),
        any_desk.work(people["editor"]) as work,
    ):
        work.connection.execute(person.update().values(name="x" * 201))


@pytest.mark.parametrize("text_", ["a\0b", "\ud800"])
def test_a_character_that_cannot_be_kept_is_refused_on_both(any_desk, people, text_):
    with any_desk.work(people["editor"]) as work:
        for statement in (
            person.update().values(name=text_),
            select(inquiry).where(inquiry.c.question == text_),
        ):
            with pytest.raises(TextError, match="no database keeps"):
                work.connection.execute(statement)


def test_what_is_looked_for_may_be_longer_than_what_is_kept(any_desk):
    with any_desk.database.read() as connection:
        found = connection.execute(select(person).where(person.c.login == "x" * 5000)).all()
    assert found == []


def test_moments_come_back_as_they_were(any_desk, people, clock):
    with any_desk.database.read() as connection:
        found = connection.execute(select(person.c.created_at)).scalars().first()
    assert found == clock()
    assert found.utcoffset().total_seconds() == 0


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the system does not list them")
def test_opening_and_closing_leaves_no_file_open(opened):
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        opened().database.close()
    assert len(os.listdir("/proc/self/fd")) <= before
