"""`medwarrant audit verify|log`, `backup` and `restore`, as they are typed."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from desks import KEY, KINDS, PEOPLE, Clock, desk_at, furnish
from rows import write_case
from sqlalchemy import text

from medwarrant.cli.desk import Progress
from medwarrant.cli.main import run
from medwarrant.review.store.audit_key import write_key
from medwarrant.review.store.database import sqlite_url
from medwarrant.review.store.guards import protect, unprotect

HEAD = re.compile(r"^head: (\d+:hmac-sha256:[0-9a-f]{64})$", re.M)

#: On a slow machine a command says how far it is.
PROGRESS = re.compile(r"^medwarrant: [\w ]+: \d+ of \d+\n", re.M)


@pytest.fixture(scope="module")
def desk_folder(medwarrant, kept_packs, tmp_path_factory):
    """A data folder with a desk in it, for tests that only look."""
    data = tmp_path_factory.mktemp("looked-at")
    make_desk(data, medwarrant, kept_packs)
    return data


def make_desk(data, medwarrant, kept_packs):
    url = sqlite_url(data / "desk.sqlite")
    furnish(url)
    write_key(data / "audit.key", KEY)
    (data / "packs").symlink_to(kept_packs)
    with desk_at(url, medwarrant, Clock(), kept_packs) as desk:
        write_case(desk, PEOPLE)


@pytest.fixture
def own_desk(medwarrant, kept_packs, tmp_path):
    """A data folder with a desk in it, for tests that change it."""
    data = tmp_path / "desk"
    data.mkdir(mode=0o700)
    make_desk(data, medwarrant, kept_packs)
    return data


@pytest.fixture
def call(capfd, monkeypatch):
    """Run a command: its status, what it printed, what it complained of."""
    for name in ("MEDWARRANT_DATA", "MEDWARRANT_DATABASE", "MEDWARRANT_AUDIT_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)

    def run_it(*arguments):
        status = run([str(argument) for argument in arguments])
        said = capfd.readouterr()
        return status, said.out, PROGRESS.sub("", said.err)

    return run_it


def tamper(data, statement):
    with (
        desk_at(sqlite_url(data / "desk.sqlite"), None, Clock(), data) as desk,
        desk.database.begin(structure=True) as connection,
    ):
        unprotect(connection)
        connection.execute(text(statement))
        protect(connection)


# --- audit verify -----------------------------------------------------------------------------------


def test_an_intact_desk(call, desk_folder):
    status, out, err = call("audit", "verify", "--data", desk_folder)
    assert (status, err) == (0, "")
    assert out.splitlines()[0].endswith("3 records, 1 document, 1 decision, 2 letters")
    assert out.endswith("intact\n")
    head = HEAD.search(out)[1]
    status, out, _ = call("audit", "verify", "--data", desk_folder, "--expect", head)
    assert (status, HEAD.search(out)[1]) == (0, head)


def test_the_folder_may_be_named_in_the_environment(call, desk_folder, monkeypatch):
    monkeypatch.setenv("MEDWARRANT_DATA", str(desk_folder))
    assert call("audit", "verify")[0] == 0


def test_every_alteration_is_printed_with_its_place(call, own_desk):
    tamper(own_desk, "UPDATE audit SET act = 'other' WHERE seq = 2")
    tamper(own_desk, "UPDATE decision SET kind = 'adverse'")
    status, out, err = call("audit", "verify", "--data", own_desk)
    assert (status, err) == (1, "")
    assert "audit 2: the entry was altered" in out
    assert re.search(r"^decision [0-9a-f]{32}: a decision does not agree", out, re.M)
    assert re.search(r"^NOT INTACT: \d alterations$", out, re.M)


def test_a_log_that_was_cut_off_with_its_head(call, own_desk):
    head = HEAD.search(call("audit", "verify", "--data", own_desk)[1])[1]
    for table in ("letter", "first_determination", "decision"):
        tamper(own_desk, f"DELETE FROM {table}")
    tamper(own_desk, "DELETE FROM audit WHERE act IN ('letter', 'decided', 'letter_sent')")
    tamper(
        own_desk,
        "UPDATE audit_head SET seq = (SELECT max(seq) FROM audit), "
        "digest = (SELECT digest FROM audit ORDER BY seq DESC LIMIT 1)",
    )
    assert call("audit", "verify", "--data", own_desk)[0] == 0
    status, out, _ = call("audit", "verify", "--data", own_desk, "--expect", head)
    assert status == 1
    assert "the entry that was noted is not in the log" in out


@pytest.mark.parametrize("how_many", ["all", "2"])
def test_replay(call, desk_folder, how_many):
    status, out, _ = call("audit", "verify", "--data", desk_folder, "--replay", how_many)
    same = 3 if how_many == "all" else 2
    assert (status, out.splitlines()[-1]) == (0, f"replayed: {same} the same, 0 not")


def test_replay_without_the_packs(call, own_desk, tmp_path):
    """Records that were made with packs which nobody kept cannot be judged again."""
    pack = tmp_path / "more" / "own"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text("pack: own\nversion: '1'\ntitle: Own\nrequires: [common]\n")
    (own_desk / "packs").unlink()
    arguments = ("audit", "verify", "--data", own_desk, "--replay", "all", "--packs", pack)
    status, out, _ = call(*arguments)
    assert status == 1
    assert re.search(r"^record [0-9a-f]{32}: .*the archive does not hold sha256:", out, re.M)
    assert out.endswith("replayed: 0 the same, 3 not\n")


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (["--expect", "12"], "--expect: this is not the head of a log"),
        (["--replay", "some"], "--replay: write a number or 'all'"),
        (["--replay", "0"], "--replay: write a number or 'all'"),
        (["--database", "mysql://x"], "--database: 'mysql' is not a database"),
    ],
)
def test_what_cannot_be_used_is_one_message(call, desk_folder, arguments, match):
    status, out, err = call("audit", "verify", "--data", desk_folder, *arguments)
    assert (status, out) == (2, "")
    assert match in err
    assert len(err.splitlines()) == 1


def test_looking_makes_no_desk(call, tmp_path):
    for command in (["audit", "verify"], ["audit", "log"], ["backup", tmp_path / "b"]):
        status, _, err = call(*command, "--data", tmp_path / "nowhere")
        assert (status, "there is no desk" in err) == (2, True)
    assert list(tmp_path.iterdir()) == []


# --- audit log --------------------------------------------------------------------------------------


def test_the_log_is_printed(call, desk_folder):
    status, out, _ = call("audit", "log", "--data", desk_folder)
    assert status == 0
    lines = [line.split("  ") for line in out.splitlines()]
    assert [int(line[0]) for line in lines] == list(range(1, len(lines) + 1))
    assert lines[0][1:4] == ["2026-11-23T12:00:00Z", "requester-1", "asked"]


def test_entries_are_chosen(call, desk_folder):
    everything = call("audit", "log", "--data", desk_folder, "--json")[1].splitlines()
    entries = [json.loads(line) for line in everything]
    subject = next(entry["subject"] for entry in entries if entry["act"] == "decided")
    for option, value, key in (
        ("--act", "letter", "act"),
        ("--person", "nurse_reviewer-1", "login"),
        ("--subject", subject, "subject"),
    ):
        out = call("audit", "log", "--data", desk_folder, "--json", option, value)[1]
        found = [json.loads(line) for line in out.splitlines()]
        assert found == [entry for entry in entries if entry[key] == value] != []
    out = call("audit", "log", "--data", desk_folder, "--json", "--since", "3")[1]
    assert [json.loads(line)["seq"] for line in out.splitlines()] == [
        entry["seq"] for entry in entries[3:]
    ]


def test_a_login_that_nobody_has(call, desk_folder):
    status, _, err = call("audit", "log", "--data", desk_folder, "--person", "nobody")
    assert (status, err) == (2, "medwarrant: --person: nobody has this login\n")


# --- backup and restore -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_there_and_back(call, desk_folder, tmp_path, kind, empty_database):
    status, out, err = call("backup", tmp_path / "b", "--data", desk_folder)
    assert (status, err) == (0, "")
    assert "The audit key is not in it" in out
    head = HEAD.search(out)[1]
    new = ("--data", tmp_path / "new", "--database", empty_database(kind))
    status, out, err = call("restore", tmp_path / "b", *new)
    assert status == 2
    assert "made without its audit key" in err
    key = desk_folder / "audit.key"
    status, out, err = call("restore", tmp_path / "b", *new, "--key", key)
    assert (status, err) == (0, "")
    assert re.match(r"restored \d+ rows of 20\d\d-\d\d-\d\d \d\d:\d\d UTC\n", out)
    assert HEAD.search(out)[1] == head
    assert call("audit", "verify", *new, "--expect", head)[0] == 0


def test_a_backup_of_what_does_not_verify_says_so(call, own_desk, tmp_path):
    tamper(own_desk, "UPDATE record SET why = 'other' WHERE number = 1")
    status, _, err = call("backup", tmp_path / "b", "--data", own_desk, "--with-key")
    assert status == 1
    assert "what is stored does not verify" in err
    status, _, err = call("restore", tmp_path / "b", "--data", tmp_path / "new")
    assert status == 2
    assert "nothing was restored" in err
    new = ("--data", tmp_path / "new", "--altered-too")
    status, out, err = call("restore", tmp_path / "b", *new)
    assert (status, err) == (1, "")
    assert "NOT INTACT: 1 alteration\n" in out


def test_a_key_that_is_not_there(call, tmp_path):
    status, _, err = call("restore", tmp_path / "b", "--key", tmp_path / "k")
    assert (status, "there is no such file" in err) == (2, True)


def test_without_the_packages_of_the_desk_it_says_what_to_install(tmp_path):
    program = (
        "import sys; sys.modules['sqlalchemy'] = None\n"
        "from medwarrant.cli.main import run\n"
        f"sys.exit(run(['audit', 'verify', '--data', {str(tmp_path)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.endswith("needs the package sqlalchemy; install medwarrant[web]\n")


# --- progress ---------------------------------------------------------------------------------------


def test_progress_is_silent_at_first_and_then_not_too_often(capfd):
    now = [0.0]
    progress = Progress(lambda: now[0])
    for second in range(25):
        now[0] = float(second)
        progress("rows", second, 25)
    progress.end()
    assert capfd.readouterr().err.splitlines() == [
        "medwarrant: rows: 2 of 25",
        "medwarrant: rows: 12 of 25",
        "medwarrant: rows: 22 of 25",
    ]
