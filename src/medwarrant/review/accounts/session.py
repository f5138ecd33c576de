"""Sessions of the web application: begun at a sign-in, found by the cookie, ended by time or by people.

The cookie holds 32 random bytes; kept is their SHA-256 alone, so that whoever reads the database or a backup
cannot take over a session.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from ..errors import NotFound
from ..people import Person
from ..store import schema
from ..work import Desk, Work
from .accounts import person_of

#: `seen_at` is written at most this often, so that reading does not become writing.
SEEN_EVERY: Final = timedelta(minutes=1)
_COOKIE: Final = re.compile(r"[A-Za-z0-9_-]{43}")

_BY_DIGEST: Final = (
    select(
        schema.person.c.id,
        schema.person.c.login,
        schema.person.c.name,
        schema.person.c.roles,
        schema.person.c.credentials,
        schema.session.c.seen_at,
        schema.session.c.expires_at,
    )
    .join_from(schema.session, schema.person)
    .where(schema.session.c.id == bindparam("digest"), schema.person.c.active)
)


class SessionLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How long a session lasts: without being used, and at most."""

    idle: timedelta = timedelta(minutes=30)
    most: timedelta = timedelta(hours=12)


LIMITS: Final = SessionLimits()


class SessionStarted(msgspec.Struct, frozen=True, kw_only=True):
    """A session that has begun; `token` is for the cookie and is told this once."""

    token: str
    person: Person
    expires_at: datetime


class SessionKept(msgspec.Struct, frozen=True, kw_only=True):
    """A session as its person sees it in a list; `id` tells nothing about the cookie."""

    id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def start_session(desk: Desk, person: Person, limits: SessionLimits = LIMITS) -> SessionStarted:
    """Begin a session of a person who has shown who they are."""
    with desk.work(person) as work:
        return begin(work, limits)


def begin(work: Work, limits: SessionLimits = LIMITS) -> SessionStarted:
    """Begin a session of `work.person` in this transaction, and forget those whose time is over."""
    token = secrets.token_urlsafe(32)
    expires = work.now + limits.most
    work.connection.execute(delete(schema.session).where(schema.session.c.expires_at <= work.now))
    work.connection.execute(
        insert(schema.session),
        {
            "id": digest_of(token),
            "person_id": work.person.id,
            "created_at": work.now,
            "seen_at": work.now,
            "expires_at": expires,
        },
    )
    return SessionStarted(token=token, person=work.person, expires_at=expires)


def person_of_session(desk: Desk, token: str, limits: SessionLimits = LIMITS) -> Person | None:
    """The person whose session has this token.

    None where there is no such session, its time is over, or the account is closed.
    """
    if not _COOKIE.fullmatch(token):
        return None
    digest = digest_of(token)
    with desk.database.read() as connection:
        row = connection.execute(_BY_DIGEST, {"digest": digest}).one_or_none()
    now = desk.clock()
    if row is None or not is_running(row, now, limits):
        return None
    if now - row.seen_at >= SEEN_EVERY:
        with desk.database.begin() as connection:
            connection.execute(
                update(schema.session).where(schema.session.c.id == digest).values(seen_at=now)
            )
    return person_of(row)


def is_running(row: Any, now: datetime, limits: SessionLimits) -> bool:
    """Whether a session has neither reached its end nor lain unused for too long."""
    return bool(now < row.expires_at and now - row.seen_at < limits.idle)


def sessions(work: Work, limits: SessionLimits = LIMITS) -> list[SessionKept]:
    """One's own sessions that are still running, the last used first."""
    rows = work.connection.execute(
        select(schema.session)
        .where(schema.session.c.person_id == work.person.id)
        .order_by(schema.session.c.seen_at.desc(), schema.session.c.id)
    )
    return [
        SessionKept(
            id=row.id, created_at=row.created_at, seen_at=row.seen_at, expires_at=row.expires_at
        )
        for row in rows
        if is_running(row, work.now, limits)
    ]


def end_session(desk: Desk, token: str) -> None:
    """Sign out: the session with this token is no more. One that is none is no error."""
    if not _COOKIE.fullmatch(token):
        return
    digest = digest_of(token)
    with desk.database.begin() as connection:
        row = connection.execute(_BY_DIGEST, {"digest": digest}).one_or_none()
        if _end(connection, digest) and row is not None:
            person = person_of(row)
            Work(desk, connection, person, desk.clock()).log("signed_out", f"person:{person.id}")


def end_own_session(work: Work, session_id: str) -> None:
    """End one of one's own sessions, as `sessions` names it. Raises `NotFound`."""
    ended = work.connection.execute(
        delete(schema.session).where(
            schema.session.c.id == session_id, schema.session.c.person_id == work.person.id
        )
    ).rowcount
    if not ended:
        raise NotFound("there is no such session", mend="it has ended already")
    work.log("sessions_ended", f"person:{work.person.id}", count=1)


def end_all_sessions(work: Work, person_id: str) -> int:
    """End every session of a person, one's own or as an administrator; how many there were."""
    if person_id != work.person.id:
        work.require("administrator")
    ended = work.connection.execute(
        delete(schema.session).where(schema.session.c.person_id == person_id)
    ).rowcount
    if ended:
        work.log("sessions_ended", f"person:{person_id}", count=ended)
    return ended


def _end(connection: Connection, digest: str) -> bool:
    return bool(
        connection.execute(delete(schema.session).where(schema.session.c.id == digest)).rowcount
    )
