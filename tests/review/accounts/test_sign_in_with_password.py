"""Signing in with a password: sessions, failures, locks, one message for all of them."""

import threading

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from medwarrant.model.errors import InputError
from medwarrant.review.accounts import (
    COMMAND_LINE,
    NewPasswordNeeded,
    account,
    change_password,
    deactivate,
    local_person,
    passwords,
    person_of_session,
    set_password,
    sign_in,
    sign_in_vouched,
    signing_in,
    unlock,
)
from medwarrant.review.errors import NotAllowed
from medwarrant.review.store import schema

PASSWORD = "four quiet herons"
OTHER = "seven loud magpies"


def fail(desk, login, times=1):
    for _ in range(times):
        with pytest.raises(NotAllowed):
            sign_in(desk, login, "not this one")


def test_a_session_begins(desk, add, acts):
    ada = add("ada", "auditor")
    acts()
    started = sign_in(desk, " Ada ", PASSWORD)
    assert started.person == ada
    assert person_of_session(desk, started.token) == ada
    assert acts() == [("signed_in", f"person:{ada.id}", {"how": "password"})]


def messages(desk, *logins):
    found = set()
    for login, password in logins:
        with pytest.raises(NotAllowed) as refused:
            sign_in(desk, login, password)
        found.add((type(refused.value), str(refused.value)))
    return found


def test_one_message_for_every_failure(desk, add):
    add("ada", "auditor")
    add("locked", "auditor")
    fail(desk, "locked", 5)
    gone = add("gone", "auditor")
    with desk.work(COMMAND_LINE) as work:
        deactivate(work, gone.id)
    local_person(desk)
    sign_in_vouched(desk, issuer="https://id.example.org", subject="1", login="vouched")
    said = messages(
        desk,
        ("ada", "not this one"),
        ("ada", ""),
        ("nobody-of-this-name", PASSWORD),
        ("", ""),
        ("locked", PASSWORD),
        ("gone", PASSWORD),
        ("local", ""),
        ("vouched", ""),
        ("command-line", PASSWORD),
        ("x" * 100_000, PASSWORD),
        ("ada\0", PASSWORD),
        ("ada", "\ud800"),
        ("ada", "\0"),
        ("\ud800", PASSWORD),
    )
    assert len(said) == 1


def test_failures_are_logged_with_ids_only(desk, add, acts):
    ada = add("ada", "auditor")
    acts()
    fail(desk, "ada")
    fail(desk, "unknown-login")
    assert acts() == [
        ("sign_in_failed", f"person:{ada.id}", {"while_locked": False}),
        ("sign_in_failed", "person:nobody", {"while_locked": False}),
    ]


def test_the_same_statements_for_unknown_logins(desk, add):
    """What a failure costs must not tell whether there is such a login."""
    from sqlalchemy import event

    add("ada", "auditor")
    said = []

    @event.listens_for(desk.database.engine, "before_cursor_execute")
    def _listen(connection, cursor, statement, *_):
        said.append(statement)

    fail(desk, "ada")
    known = said[:]
    said.clear()
    fail(desk, "unknown-login")
    assert said == known


def test_locked_after_five_for_fifteen_minutes(desk, add, acts, clock):
    ada = add("ada", "auditor")
    fail(desk, "ada", 4)
    sign_in(desk, "ada", PASSWORD)
    fail(desk, "ada", 4)
    acts()
    fail(desk, "ada")
    assert acts()[1] == (
        "locked",
        f"person:{ada.id}",
        {"until": "2026-11-23T12:15:00+00:00", "failures": 5},
    )
    with desk.work(COMMAND_LINE) as work:
        assert account(work, ada.id).locked_until == clock.now.replace(minute=15)
    clock.advance(minutes=14, seconds=59)
    fail(desk, "ada", 20)
    with pytest.raises(NotAllowed):
        sign_in(desk, "ada", PASSWORD)
    clock.advance(seconds=1)
    assert sign_in(desk, "ada", PASSWORD).person == ada


def test_the_lock_grows_until_a_sign_in(desk, add, clock):
    ada = add("ada", "auditor")

    def locked_for():
        fail(desk, "ada", 5)
        with desk.work(COMMAND_LINE) as work:
            until = account(work, ada.id).locked_until
        minutes = (until - clock.now).total_seconds() / 60
        clock.advance(minutes=minutes)
        return minutes

    assert [locked_for() for _ in range(9)] == [15, 30, 60, 120, 240, 480, 960, 1440, 1440]
    sign_in(desk, "ada", PASSWORD)
    assert locked_for() == 15


def test_an_administrator_unlocks(desk, add, acts):
    ada = add("ada", "auditor")
    fail(desk, "ada", 5)
    acts()
    with desk.work(COMMAND_LINE) as work:
        unlock(work, ada.id)
        unlock(work, ada.id)
    assert acts() == [("unlocked", f"person:{ada.id}", {})]
    assert sign_in(desk, "ada", PASSWORD).person == ada


def test_guesses_at_once_are_all_counted(any_desk, add):
    """Forty guesses at the same moment, the right one among them late, do not outrun the lock."""
    desk = any_desk
    add("ada", "auditor")
    begun = []

    def guess():
        try:
            sign_in(desk, "ada", "not this one")
        except NotAllowed:
            begun.append(True)

    threads = [threading.Thread(target=guess) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(begun) == 40
    with desk.database.read() as connection:
        row = connection.execute(select(schema.person)).one()
    assert row.failures == 5
    assert row.locked_until is not None
    with pytest.raises(NotAllowed):
        sign_in(desk, "ada", PASSWORD)


def test_kept_anew_with_the_parameters_of_today(desk, add, monkeypatch):
    add("ada", "auditor")
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", stronger)
    fail(desk, "ada")

    def kept():
        with desk.database.read() as connection:
            return connection.execute(select(schema.person.c.password)).scalar_one()

    assert stronger.check_needs_rehash(kept())
    sign_in(desk, "ada", PASSWORD)
    assert not stronger.check_needs_rehash(kept())
    assert sign_in(desk, "ada", PASSWORD)


def test_a_password_changed_meanwhile_is_no_longer_right(desk, add, monkeypatch):
    """Between the comparison and the transaction somebody set another password."""
    ada = add("ada", "auditor")
    compare = signing_in.is_right

    def meanwhile(password, kept):
        right = compare(password, kept)
        with desk.work(COMMAND_LINE) as work:
            set_password(work, ada.id, OTHER)
        return right

    monkeypatch.setattr(signing_in, "is_right", meanwhile)
    with pytest.raises(NotAllowed):
        sign_in(desk, "ada", PASSWORD)


def test_change_of_password_ends_every_session(desk, add, acts):
    ada = add("ada", "auditor")
    before = [sign_in(desk, "ada", PASSWORD).token for _ in range(3)]
    acts()
    started = change_password(desk, "ada", PASSWORD, OTHER)
    assert [person_of_session(desk, token) for token in before] == [None] * 3
    assert person_of_session(desk, started.token) == ada
    assert acts() == [
        ("password_changed", f"person:{ada.id}", {}),
        ("sessions_ended", f"person:{ada.id}", {"count": 3}),
    ]
    fail(desk, "ada")
    assert sign_in(desk, "ada", OTHER).person == ada


@pytest.mark.parametrize(
    ("new", "problem"), [("short", "shorter"), (PASSWORD, "the current one"), ("ada" * 5, "login")]
)
def test_a_new_password_that_is_refused(desk, add, new, problem):
    add("ada", "auditor")
    with pytest.raises(InputError, match=problem):
        change_password(desk, "ada", PASSWORD, new)
    assert sign_in(desk, "ada", PASSWORD)


@pytest.mark.parametrize("new", [OTHER, "short", PASSWORD])
def test_a_wrong_current_password_counts_and_a_lock_tells_nothing(desk, add, new):
    add("ada", "auditor")
    for _ in range(5):
        with pytest.raises(NotAllowed):
            change_password(desk, "ada", "not this one", OTHER)
    with pytest.raises(NotAllowed):
        change_password(desk, "ada", PASSWORD, new)
    with pytest.raises(NotAllowed):
        change_password(desk, "ada", PASSWORD, OTHER)
    with pytest.raises(NotAllowed):
        change_password(desk, "unknown-login", PASSWORD, OTHER)


def test_a_temporary_password_is_good_for_choosing_another_only(desk, add, acts):
    root = add("root", "administrator")
    ada = add("ada", "physician_reviewer")
    old = sign_in(desk, "ada", PASSWORD).token
    with desk.work(root) as work:
        set_password(work, ada.id, OTHER)
        assert account(work, ada.id).password_is_temporary
    assert person_of_session(desk, old) is None
    acts()
    with pytest.raises(NewPasswordNeeded):
        sign_in(desk, "ada", OTHER)
    assert acts() == []
    with pytest.raises(NotAllowed) as wrong:
        sign_in(desk, "ada", "not this one")
    assert not isinstance(wrong.value, NewPasswordNeeded)
    chosen = "nine silver otters"
    assert change_password(desk, "ada", OTHER, chosen).person == ada
    assert sign_in(desk, "ada", chosen).person == ada
