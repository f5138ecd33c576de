"""People whom an identity provider vouches for (OpenID Connect), known by issuer and subject.

They are never matched by login, name or address: whoever may choose those at the provider could take over an
account here. Who comes for the first time gets an account, without a role unless the provider names some.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import select, update

from ...model.errors import InputError
from ..errors import NotAllowed
from ..people import Person
from ..store import schema
from ..work import Desk, Work, new_id
from .accounts import (
    checked_line,
    checked_login,
    checked_roles,
    person_of,
    roles_text,
    row_of_login,
)
from .people_kept import keep_person
from .session import LIMITS, SessionLimits, SessionStarted, begin

_LONGEST: Final = 400


def vouched_subject(issuer: str, subject: str) -> str:
    """Issuer and subject as one text; an address holds no blank, so that no two pairs give the same.

    >>> vouched_subject("https://id.example.org", "248289761001")
    'https://id.example.org 248289761001'
    """
    whole = f"{issuer} {subject}"
    if not subject or " " in issuer or len(whole) > _LONGEST or not whole.isprintable():
        raise InputError(
            "this account of the identity provider cannot be used",
            where="OpenID Connect",
            mend="ask whoever runs the identity provider",
        )
    return whole


def sign_in_vouched(
    desk: Desk,
    *,
    issuer: str,
    subject: str,
    login: str = "",
    name: str = "",
    roles: Iterable[str] | None = None,
    limits: SessionLimits = LIMITS,
) -> SessionStarted:
    """Begin a session for whom the provider vouches; at the first sign-in the person is added.

    `login` and `name` are what the provider calls the person, used for a new account only. `roles` are those
    that the provider names: they are set at every sign-in, because whoever loses one there must lose it here;
    None leaves roles to the administrators. Raises `NotAllowed` where the account is closed, `InputError`
    where the subject cannot be used.
    """
    whole = vouched_subject(issuer, subject)
    newcomer = Person(id=new_id(), name="", login="", roles=frozenset())
    with desk.database.begin() as connection:
        row = connection.execute(
            select(schema.person).where(schema.person.c.subject == whole)
        ).one_or_none()
        person = newcomer if row is None else person_of(row)
        work = Work(desk, connection, person, desk.clock())
        if row is None:
            person = _add(work, login, name, checked_roles(roles or ()), whole)
        elif row.active:
            person = _follow(work, person, roles)
        if row is None or row.active:
            work = Work(desk, connection, person, work.now)
            work.log("signed_in", f"person:{person.id}", how="openid")
            return begin(work, limits)
        work.log("sign_in_failed", f"person:{person.id}", while_locked=False)
    raise NotAllowed("this account is closed", mend="ask an administrator")


def _add(work: Work, login: str, name: str, roles: frozenset[Any], subject: str) -> Person:
    login = _free_login(work, login)
    try:
        name = checked_line(name, "name", least=1, most=200)
    except InputError:
        name = login
    person = Person(id=work.person.id, name=name, login=login, roles=roles)
    return keep_person(work, person, password=None, subject=subject)


def _free_login(work: Work, wanted: str) -> str:
    """The login that the provider names, or one like it that nobody has."""
    cleaned = re.sub(r"[^a-z0-9._@+-]", "", wanted.lower()).lstrip("._@+-")[:100]
    try:
        login = checked_login(cleaned)
    except InputError:
        login = "person-" + secrets.token_hex(4)
    while row_of_login(work.connection, login) is not None:
        login = f"{cleaned or 'person'}-{secrets.token_hex(3)}"
    return login


def _follow(work: Work, person: Person, roles: Iterable[str] | None) -> Person:
    """The person with the roles that the provider names now."""
    if roles is None or (wanted := checked_roles(roles)) == person.roles:
        return person
    work.connection.execute(
        update(schema.person)
        .where(schema.person.c.id == person.id)
        .values(roles=roles_text(wanted))
    )
    work.log(
        "roles_changed",
        f"person:{person.id}",
        before=roles_text(person.roles).split(),
        after=roles_text(wanted).split(),
        by="identity provider",
    )
    return Person(
        id=person.id,
        name=person.name,
        login=person.login,
        roles=wanted,
        credentials=person.credentials,
    )
