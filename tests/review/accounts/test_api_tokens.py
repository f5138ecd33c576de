"""Tokens for programs: told once, kept as a digest, with scopes, ended by date or by people."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from medwarrant.model.errors import InputError
from medwarrant.review.accounts import (
    COMMAND_LINE,
    change_person,
    new_token,
    person_of_token,
    revoke_token,
    tokens,
)
from medwarrant.review.errors import NotAllowed, NotFound
from medwarrant.review.store import schema


@pytest.fixture
def ada(add):
    return add("ada", "requester")


@pytest.fixture
def make(desk, clock):
    def _make(person, *scopes, by=None, days=90, name="nightly import"):
        with desk.work(by or person) as work:
            return new_token(work, person, name, scopes, clock.now + timedelta(days=days))

    return _make


def test_made_told_once_and_found(desk, ada, make, acts):
    acts()
    token = make(ada, "determine", "read")
    assert token.startswith("mw_")
    assert person_of_token(desk, token) == (ada, {"read", "determine"})
    with desk.work(ada) as work:
        (kept,) = tokens(work)
    assert (kept.name, kept.scopes, kept.used_at) == (
        "nightly import",
        {"read", "determine"},
        work.now,
    )
    assert kept.is_usable(work.now)
    assert acts() == [
        (
            "token_made",
            f"person:{ada.id}",
            {"token": kept.id, "scopes": ["read", "determine"]},
        )
    ]
    with desk.database.read() as connection:
        assert token not in str(connection.execute(select(schema.api_token)).one())


@pytest.mark.parametrize("token", ["", "mw_", "mw_" + "A" * 43, "mw_" + "A" * 43 + "\n", "A" * 43])
def test_what_is_no_token(desk, ada, make, token):
    make(ada, "read")
    assert person_of_token(desk, token) is None


def test_a_session_is_no_token_and_a_token_no_session(desk, ada, make):
    from medwarrant.review.accounts import person_of_session, start_session

    assert person_of_session(desk, make(ada, "read")) is None
    assert person_of_token(desk, start_session(desk, ada).token) is None


def test_ends_with_its_date(desk, ada, make, clock):
    token = make(ada, "read", days=1)
    clock.advance(hours=23, minutes=59)
    assert person_of_token(desk, token)
    clock.advance(minutes=1)
    assert person_of_token(desk, token) is None
    with desk.work(ada) as work:
        assert not tokens(work)[0].is_usable(work.now)


@pytest.mark.parametrize(
    ("scopes", "days", "name", "where"),
    [
        ((), 1, "n", "scopes"),
        (("write",), 1, "n", "scopes"),
        (("read",), 0, "n", "expires"),
        (("read",), -1, "n", "expires"),
        (("read",), 367, "n", "expires"),
        (("read",), 1, " ", "name"),
        (("read",), 1, "x" * 201, "name"),
    ],
)
def test_values_that_cannot_be_used(ada, make, scopes, days, name, where):
    with pytest.raises(InputError) as refused:
        make(ada, *scopes, days=days, name=name)
    assert refused.value.where == where


def test_nobody_makes_one_for_somebody_else(desk, ada, add, make):
    root = add("root", "administrator")
    with pytest.raises(NotAllowed):
        make(ada, "read", by=root)
    assert person_of_token(desk, make(ada, "read", by=COMMAND_LINE)) == (ada, {"read"})


def test_admin_needs_an_administrator(desk, ada, add, make):
    with pytest.raises(NotAllowed):
        make(ada, "admin")
    root = add("root", "administrator")
    token = make(root, "admin")
    add("other", "administrator")
    with desk.work(COMMAND_LINE) as work:
        lesser = change_person(work, root.id, roles=["auditor"])
    assert person_of_token(desk, token) == (lesser, {"admin"})


def test_revoked(desk, ada, add, make, acts):
    token = make(ada, "read")
    with desk.work(ada) as work:
        (kept,) = tokens(work)
    bob = add("bob", "auditor")
    with desk.work(bob) as work:
        with pytest.raises(NotFound):
            revoke_token(work, kept.id)
        with pytest.raises(NotAllowed):
            tokens(work, ada.id)
    assert person_of_token(desk, token)
    root = add("root", "administrator")
    acts()
    with desk.work(root) as work:
        assert [t.id for t in tokens(work, ada.id)] == [kept.id]
        revoke_token(work, kept.id)
        revoke_token(work, kept.id)
        with pytest.raises(NotFound):
            revoke_token(work, "no such id")
    assert person_of_token(desk, token) is None
    assert acts() == [("token_revoked", f"person:{ada.id}", {"token": kept.id})]


def test_use_is_written_once_a_minute(desk, ada, make, clock):
    token = make(ada, "read")
    written = []

    @event.listens_for(desk.database.engine, "before_cursor_execute")
    def _listen(connection, cursor, statement, *_):
        if not statement.startswith(("SELECT", "BEGIN")):
            written.append(statement)

    for _ in range(13):
        assert person_of_token(desk, token)
        clock.advance(seconds=10)
    assert len(written) == 3
    assert all(statement.startswith("UPDATE api_token SET used_at") for statement in written)
