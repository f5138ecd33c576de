"""An account: a person with what the desk keeps beside, and how a row of the table is read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, func, select

from ...model.errors import InputError
from ..errors import NotFound
from ..people import ROLES, Person, Role
from ..store import schema
from .passwords import is_temporary

#: The login of the single-user mode; nobody can sign in with it.
LOCAL_LOGIN: Final = "local"
#: Whoever runs commands on the machine of the desk. Its acts are in the audit log under this id.
COMMAND_LINE: Final = Person(
    id="command-line",
    name="Command line",
    login="command-line",
    roles=frozenset({"administrator"}),
)
LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,119}")


class TakenError(InputError):
    """A login, or an account of the identity provider, that belongs to somebody."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A person as administrators see it; never with the password.

    `vouched_by` is the issuer of OpenID Connect that vouches for the person.
    """

    person: Person
    active: bool
    has_password: bool
    password_is_temporary: bool
    vouched_by: str
    locked_until: datetime | None
    created_at: datetime

    @property
    def is_local(self) -> bool:
        """Whether this is the person of the single-user mode."""
        return self.person.login == LOCAL_LOGIN


def person_of(row: Any) -> Person:
    """The person of a row; roles that are no more are left out."""
    held = row.roles.split()
    return Person(
        id=row.id,
        name=row.name,
        login=row.login,
        roles=frozenset(role for role in ROLES if role in held),
        credentials=row.credentials,
    )


def account_of(row: Any) -> Account:
    """The account of a row."""
    return Account(
        person=person_of(row),
        active=row.active,
        has_password=row.password is not None,
        password_is_temporary=is_temporary(row.password or ""),
        vouched_by=(row.subject or "").partition(" ")[0],
        locked_until=row.locked_until,
        created_at=row.created_at,
    )


def row_of(connection: Connection, person_id: str) -> Any:
    """The row of a person. Raises `NotFound`."""
    row = connection.execute(
        select(schema.person).where(schema.person.c.id == person_id)
    ).one_or_none()
    if row is None:
        raise NotFound("there is no such person", mend="look at the list of people")
    return row


def row_of_login(connection: Connection, login: str) -> Any:
    """The row of a login, or None."""
    return connection.execute(
        select(schema.person).where(schema.person.c.login == login)
    ).one_or_none()


def count_people(connection: Connection) -> int:
    """How many people there are who can sign in one day: all but the one of the single-user mode."""
    count = select(func.count()).where(schema.person.c.login != LOCAL_LOGIN)
    return connection.execute(count).scalar_one()


def roles_text(roles: Iterable[Role]) -> str:
    """Roles as the table keeps them, in their order.

    >>> roles_text({"auditor", "requester"})
    'requester auditor'
    """
    held = set(roles)
    return " ".join(role for role in ROLES if role in held)


def checked_roles(roles: Iterable[str]) -> frozenset[Role]:
    """The roles, if all are roles. Raises `InputError`.

    >>> sorted(checked_roles(["editor", "auditor"]))
    ['auditor', 'editor']
    """
    named = list(roles)
    for role in named:
        if role not in ROLES:
            raise InputError(
                f"'{role[:40]}' is not a role", where="roles", mend=f"use {', '.join(ROLES)}"
            )
    return frozenset(role for role in ROLES if role in named)


def checked_login(login: str) -> str:
    """A login in its one form: lower case. Raises `InputError` where it cannot be one.

    >>> checked_login(" Ada.Reyes ")
    'ada.reyes'
    """
    login = unicodedata.normalize("NFKC", login).strip().lower()
    if not LOGIN.fullmatch(login):
        raise InputError(
            "this cannot be a login",
            where="login",
            mend="use 1 to 120 letters a to z, digits and . _ @ + -, a letter or digit first",
        )
    if login in (LOCAL_LOGIN, COMMAND_LINE.login):
        raise TakenError(
            "this login is kept for medwarrant itself", where="login", mend="use another"
        )
    return login


def checked_line(text: str, where: str, *, most: int, least: int = 0) -> str:
    """One line of text; signs that cannot be seen, such as those that turn the direction of writing, are left out.

    Raises `InputError` where it is too short or too long.

    >>> checked_line("  Ada   \u202eReyes ", "name", most=200)
    'Ada Reyes'
    """
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    line = " ".join("".join(c for c in spaced if unicodedata.category(c)[0] != "C").split())
    if not least <= len(line) <= most:
        raise InputError(f"this needs {least} to {most} characters", where=where)
    return line
