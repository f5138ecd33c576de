"""`medwarrant person`: the first administrator, and everybody else, from the machine of the desk."""

import os
import pty
import re
import sys

import pytest
from argon2 import PasswordHasher

from medwarrant.cli.main import run
from medwarrant.review.accounts import (
    COMMAND_LINE,
    passwords,
    person_named,
    person_of_token,
    sign_in,
)
from medwarrant.review.accounts import account as account_of
from medwarrant.review.errors import NotAllowed
from medwarrant.review.store import audit
from medwarrant.review.store.open import open_desk

PASSWORD = "four quiet herons"


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch):
    monkeypatch.setattr(
        passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def call(capfd, tmp_path, monkeypatch):
    """Run a command on a desk of the test: its status, what it printed, what it complained of."""
    monkeypatch.setenv("MEDWARRANT_DATA", str(tmp_path / "desk"))
    monkeypatch.delenv("MEDWARRANT_DATABASE", raising=False)
    password = tmp_path / "password"
    password.write_text(PASSWORD + "\n")

    def _call(*words):
        words = [str(password) if word == "PASSWORD" else word for word in words]
        status = run(["person", *words])
        said = capfd.readouterr()
        return status, said.out, said.err

    return _call


@pytest.fixture
def desk(tmp_path, medwarrant, call):
    opened = open_desk(data=tmp_path / "desk", medwarrant=medwarrant)
    yield opened
    opened.database.close()


@pytest.fixture
def ada(call):
    call("add", "--login", "ada", "--name", "Ada Reyes", "--role", "administrator", "--password-file", "PASSWORD")  # fmt: skip


def test_the_first_administrator(call, ada, desk):
    assert sign_in(desk, "ada", PASSWORD).person.roles == {"administrator"}
    status, out, _ = call("list")
    assert (status, out) == (0, "ada  [open; administrator]  Ada Reyes\n")
    with desk.database.read() as connection:
        audit.verify_chain(connection, desk.audit_key)
        entry = next(audit.entries(connection))
    assert (entry.act, entry.person_id) == ("person_added", "command-line")


def test_nobody_yet(call):
    status, out, _ = call("list")
    assert status == 0
    assert "medwarrant person add" in out


def test_a_life(call, ada, desk):
    assert call("add", "--login", "bob", "--name", "Bob", "--no-password")[0] == 0
    assert call("roles", "bob", "--role", "nurse_reviewer", "--role", "editor")[1] == (
        "bob: editor, nurse_reviewer.\n"
    )
    assert call("change", "bob", "--name", "Bob Lund", "--credentials", "RN 5")[1] == (
        "bob: Bob Lund, RN 5.\n"
    )
    assert call("password", "bob", "--password-file", "PASSWORD")[0] == 0
    assert sign_in(desk, "bob", PASSWORD).person.name == "Bob Lund"
    status, out, _ = call("token", "bob", "--name", "x", "--scope", "read", "--days", "1")
    assert status == 0
    assert person_of_token(desk, out.strip())[0].login == "bob"
    assert call("deactivate", "bob")[0] == 0
    assert "bob  [closed; editor, nurse_reviewer]  Bob Lund, RN 5" in call("list")[1]
    assert person_of_token(desk, out.strip()) is None
    assert call("reactivate", "bob")[0] == 0
    for _ in range(5):
        with pytest.raises(NotAllowed):
            sign_in(desk, "bob", "not this one")
    assert "bob  [locked;" in call("list")[1]
    assert call("unlock", "bob")[0] == 0
    assert sign_in(desk, "bob", PASSWORD)
    assert call("roles", "bob", "--none")[1] == "bob: no role.\n"


def test_a_temporary_password(call, desk):
    call("add", "--login", "eve", "--name", "Eve", "--temporary", "--password-file", "PASSWORD")
    with desk.work(COMMAND_LINE) as work:
        assert account_of(work, person_named(work, "eve").id).password_is_temporary


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["roles", "nobody", "--none"], "nobody has this login"),
        (["roles", "ada", "--role", "chief"], "'chief' is not a role"),
        (["roles", "ada"], "name roles with --role"),
        (["roles", "ada", "--none", "--role", "editor"], "name roles with --role"),
        (["roles", "ada", "--none"], "last administrator"),
        (["deactivate", "ada"], "last administrator"),
        (["token", "ada", "--name", "x", "--scope", "write"], "'write' is not a scope"),
        (["token", "ada", "--name", "x"], "Missing option '--scope'"),
        (["password", "ada"], "a password is typed on a terminal"),
        (["password", "ada", "--password-file", "/no/such/file"], "cannot be read"),
        (["add", "--login", "ada", "--name", "x", "--no-password"], "somebody has this login"),
        (["add", "--login", "local", "--name", "x", "--no-password"], "kept for medwarrant"),
        (["add", "--login", "x", "--name", "x", "--no-password", "--temporary"], "--no-password"),
        (["add", "--login", "x", "--name", "x", "--password", "abc"], "No such option"),
    ],
)
def test_what_is_refused(call, ada, words, complaint):
    status, out, err = call(*words)
    assert (status, out) == (2, "")
    assert complaint in err
    assert len(err.splitlines()) == 1


def test_a_weak_password_is_refused_and_not_quoted(call, tmp_path):
    (tmp_path / "weak").write_text("Password2026")
    status, _, err = call(
        "add", "--login", "ada", "--name", "Ada", "--password-file", str(tmp_path / "weak")
    )
    assert status == 2
    assert "first that anybody tries" in err
    assert "Password2026" not in err


def typed(arguments, environment, answers):
    """Run a command on a terminal and type the answers when it asks."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(sys.executable, [sys.executable, "-m", "medwarrant", *arguments], environment)
    said = b""
    answers = list(answers)
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        said += part
        if answers and said.endswith(b": "):  # the blank comes once nothing is shown any more
            os.write(terminal, answers.pop(0).encode() + b"\n")
            said += b"\n"
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), said.decode()


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_the_password_is_asked_for_twice_and_not_shown(tmp_path, desk):
    arguments = ["person", "add", "--login", "ada", "--name", "Ada", "--role", "administrator"]
    environment = {**os.environ, "MEDWARRANT_DATA": str(tmp_path / "desk")}
    status, said = typed(arguments, environment, [PASSWORD, "another one", PASSWORD, PASSWORD])
    assert status == 0, said
    assert PASSWORD not in said
    assert len(re.findall(r"Password:", said)) == 2
    assert sign_in(desk, "ada", PASSWORD)
