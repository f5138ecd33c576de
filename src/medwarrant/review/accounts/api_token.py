"""Tokens for programs: made by a person, for that person, with fewer rights than the person has.

A token is told once, when it is made; kept is its SHA-256. It ends by its date, by being revoked, and with the
account of its person. What it may do is what the person's roles allow and its scopes name.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, Literal, get_args

import msgspec
from sqlalchemy import bindparam, insert, select, update

from ...model.errors import InputError
from ..errors import NotAllowed, NotFound
from ..people import Person
from ..store import schema
from ..work import Desk, Work, new_id
from .accounts import COMMAND_LINE, checked_line, person_of
from .session import SEEN_EVERY, digest_of

Scope = Literal["read", "determine", "review", "admin"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
SCOPE_WORDS: Final[dict[Scope, str]] = {
    "read": "Read what the person may read",
    "determine": "Ask and determine",
    "review": "Act on review cases",
    "admin": "Administer",
}
PREFIX: Final = "mw_"
LONGEST: Final = timedelta(days=366)
_NAME = 200
_TOKEN: Final = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}")

_BY_DIGEST: Final = (
    select(
        schema.person.c.id,
        schema.person.c.login,
        schema.person.c.name,
        schema.person.c.roles,
        schema.person.c.credentials,
        schema.api_token.c.id.label("token_id"),
        schema.api_token.c.scopes,
        schema.api_token.c.expires_at,
        schema.api_token.c.used_at,
    )
    .join_from(schema.api_token, schema.person)
    .where(
        schema.api_token.c.digest == bindparam("digest"),
        schema.api_token.c.revoked_at.is_(None),
        schema.person.c.active,
    )
)


class TokenKept(msgspec.Struct, frozen=True, kw_only=True):
    """A token as its person sees it in a list; never the token itself."""

    id: str
    person_id: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None

    def is_usable(self, now: datetime) -> bool:
        """Whether it is neither revoked nor past its date."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def checked_scopes(scopes: Iterable[str]) -> frozenset[Scope]:
    """The scopes, if all are scopes and there is one at least. Raises `InputError`.

    >>> sorted(checked_scopes(["read", "determine"]))
    ['determine', 'read']
    """
    named = list(scopes)
    for scope in named:
        if scope not in SCOPES:
            raise InputError(
                f"'{scope[:40]}' is not a scope", where="scopes", mend=f"use {', '.join(SCOPES)}"
            )
    if not named:
        raise InputError("a token needs a scope", where="scopes", mend=f"use {', '.join(SCOPES)}")
    return frozenset(scope for scope in SCOPES if scope in named)


def new_token(
    work: Work, person: Person, name: str, scopes: Iterable[str], expires: datetime
) -> str:
    """Make a token for oneself (or, on the command line, for the person named) and tell it this once.

    Raises `NotAllowed` for somebody else's token, because it would act in that person's name, and for `admin`
    without being an administrator; `InputError` for an end that is past or more than a year ahead.
    """
    if person.id != work.person.id and work.person.id != COMMAND_LINE.id:
        raise NotAllowed("tokens are made by the person whose they are")
    wanted = checked_scopes(scopes)
    if "admin" in wanted and not person.is_a("administrator"):
        raise NotAllowed("the scope admin needs an administrator", mend="leave it out")
    if not work.now < expires <= work.now + LONGEST:
        raise InputError(
            "a token lasts a year at most", where="expires", mend="name a day within the year ahead"
        )
    token = PREFIX + secrets.token_urlsafe(32)
    token_id = new_id()
    held = [scope for scope in SCOPES if scope in wanted]
    work.connection.execute(
        insert(schema.api_token),
        {
            "id": token_id,
            "digest": digest_of(token),
            "person_id": person.id,
            "name": checked_line(name, "name", least=1, most=_NAME),
            "scopes": " ".join(held),
            "created_at": work.now,
            "expires_at": expires,
        },
    )
    work.log("token_made", f"person:{person.id}", token=token_id, scopes=held)
    return token


def person_of_token(desk: Desk, token: str) -> tuple[Person, frozenset[Scope]] | None:
    """The person of a token, and its scopes.

    None where it is no token, revoked or past its date, or the account is closed.
    """
    if not _TOKEN.fullmatch(token):
        return None
    with desk.database.read() as connection:
        row = connection.execute(_BY_DIGEST, {"digest": digest_of(token)}).one_or_none()
    now = desk.clock()
    if row is None or (row.expires_at is not None and now >= row.expires_at):
        return None
    if row.used_at is None or now - row.used_at >= SEEN_EVERY:
        with desk.database.begin() as connection:
            connection.execute(
                update(schema.api_token)
                .where(schema.api_token.c.id == row.token_id)
                .values(used_at=now)
            )
    return person_of(row), _scopes(row)


def tokens(work: Work, person_id: str | None = None) -> list[TokenKept]:
    """One's own tokens, or for administrators those of a person, the newest first, revoked ones as well."""
    person_id = person_id or work.person.id
    if person_id != work.person.id:
        work.require("administrator")
    rows = work.connection.execute(
        select(schema.api_token)
        .where(schema.api_token.c.person_id == person_id)
        .order_by(schema.api_token.c.created_at.desc(), schema.api_token.c.id)
    )
    return [
        TokenKept(
            id=row.id,
            person_id=row.person_id,
            name=row.name,
            scopes=_scopes(row),
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            used_at=row.used_at,
        )
        for row in rows
    ]


def revoke_token(work: Work, token_id: str) -> None:
    """End a token, one's own or as an administrator; once revoked it stays so. Raises `NotFound`."""
    row = work.connection.execute(
        select(schema.api_token).where(schema.api_token.c.id == token_id)
    ).one_or_none()
    if row is None or (row.person_id != work.person.id and not work.person.is_a("administrator")):
        raise NotFound("there is no such token", mend="look at the list of tokens")
    if row.revoked_at is None:
        work.connection.execute(
            update(schema.api_token)
            .where(schema.api_token.c.id == token_id)
            .values(revoked_at=work.now)
        )
        work.log("token_revoked", f"person:{row.person_id}", token=token_id)


def revoke_all_tokens(work: Work, person_id: str) -> None:
    """End every token of a person whose account is being closed."""
    for token in tokens(work, person_id):
        if token.revoked_at is None:
            revoke_token(work, token.id)


def _scopes(row: Any) -> frozenset[Scope]:
    held = row.scopes.split()
    return frozenset(scope for scope in SCOPES if scope in held)
