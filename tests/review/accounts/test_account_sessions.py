"""Sessions: found by the cookie, kept as a digest, ended by time or by people."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from medwarrant.review.accounts import (
    SessionLimits,
    end_all_sessions,
    end_own_session,
    end_session,
    person_of_session,
    sessions,
    start_session,
)
from medwarrant.review.errors import NotAllowed, NotFound
from medwarrant.review.store import schema


@pytest.fixture
def ada(add):
    return add("ada", "auditor")


def rows(desk):
    with desk.database.read() as connection:
        return connection.execute(select(schema.session)).all()


def test_only_the_digest_is_kept(desk, ada):
    started = start_session(desk, ada)
    assert len(started.token) == 43
    assert started.token not in str(rows(desk))
    assert started.token != start_session(desk, ada).token


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 43 + "\n", "é" * 43, "A" * 100_000])
def test_what_is_no_session(desk, ada, token):
    start_session(desk, ada)
    assert person_of_session(desk, token) is None


def test_the_digest_opens_nothing(desk, ada):
    start_session(desk, ada)
    (row,) = rows(desk)
    assert person_of_session(desk, row.id) is None
    assert person_of_session(desk, row.id[:43]) is None


def test_ends_when_idle(desk, ada, clock):
    token = start_session(desk, ada).token
    for _ in range(5):
        clock.advance(minutes=29, seconds=59)
        assert person_of_session(desk, token) == ada
    clock.advance(minutes=30)
    assert person_of_session(desk, token) is None
    clock.advance(minutes=-10)
    assert person_of_session(desk, token) == ada


def test_ends_after_twelve_hours_however_busy(desk, ada, clock):
    started = start_session(desk, ada)
    assert started.expires_at - clock.now == timedelta(hours=12)
    for _ in range(12 * 60 // 20 - 1):
        clock.advance(minutes=20)
        assert person_of_session(desk, started.token) == ada
    clock.advance(minutes=20)
    assert person_of_session(desk, started.token) is None


def test_limits_are_settings(desk, ada, clock):
    limits = SessionLimits(idle=timedelta(minutes=5), most=timedelta(hours=1))
    started = start_session(desk, ada, limits)
    assert started.expires_at - clock.now == timedelta(hours=1)
    clock.advance(minutes=5)
    assert person_of_session(desk, started.token, limits) is None
    assert person_of_session(desk, started.token) == ada


def test_seen_is_written_once_a_minute(desk, ada, clock):
    token = start_session(desk, ada).token
    written = []

    @event.listens_for(desk.database.engine, "before_cursor_execute")
    def _listen(connection, cursor, statement, *_):
        if not statement.startswith(("SELECT", "BEGIN")):
            written.append(statement)

    for _ in range(12):
        clock.advance(seconds=10)
        assert person_of_session(desk, token) == ada
    assert len(written) == 2
    assert all(statement.startswith("UPDATE session SET seen_at") for statement in written)
    assert rows(desk)[0].seen_at == clock.now


def test_sign_out(desk, ada, acts):
    one, two = start_session(desk, ada).token, start_session(desk, ada).token
    acts()
    end_session(desk, one)
    end_session(desk, one)
    end_session(desk, "x")
    assert person_of_session(desk, one) is None
    assert person_of_session(desk, two) == ada
    assert acts() == [("signed_out", f"person:{ada.id}", {})]


def test_own_sessions_are_listed_and_ended(desk, ada, add, clock):
    bob = add("bob", "auditor")
    first = start_session(desk, ada).token
    clock.advance(minutes=5)
    start_session(desk, ada)
    bobs = start_session(desk, bob).token
    with desk.work(ada) as work:
        listed = sessions(work)
        assert [(s.created_at.minute, s.seen_at.minute) for s in listed] == [(5, 5), (0, 0)]
        end_own_session(work, listed[1].id)
        with pytest.raises(NotFound):
            end_own_session(work, listed[1].id)
    assert person_of_session(desk, first) is None
    with desk.work(bob) as work:
        (his,) = sessions(work)
    with pytest.raises(NotFound), desk.work(ada) as work:
        end_own_session(work, his.id)
    assert person_of_session(desk, bobs) == bob
    clock.advance(minutes=31)
    with desk.work(ada) as work:
        assert sessions(work) == []


def test_all_sessions_of_a_person(desk, ada, add):
    root, bob = add("root", "administrator"), add("bob", "auditor")
    hers = [start_session(desk, ada).token for _ in range(3)]
    his = start_session(desk, bob).token
    with pytest.raises(NotAllowed), desk.work(bob) as work:
        end_all_sessions(work, ada.id)
    with desk.work(root) as work:
        assert end_all_sessions(work, ada.id) == 3
        assert end_all_sessions(work, ada.id) == 0
    assert [person_of_session(desk, token) for token in hers] == [None] * 3
    assert person_of_session(desk, his) == bob


def test_those_whose_time_is_over_are_forgotten(desk, ada, clock):
    start_session(desk, ada)
    clock.advance(hours=13)
    start_session(desk, ada)
    assert len(rows(desk)) == 1
