"""The people of the desk: added, changed, deactivated, never deleted, because their acts stay.

All of it needs an administrator, and all of it is in the audit log. Administrators may change their own roles
as well (a small practice has one person for everything), but it is logged as what it is: `own` is true.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from ..errors import NotAllowed, NotFound, Stale
from ..people import Person, Role
from ..store import schema
from ..work import Work, new_id
from .accounts import (
    COMMAND_LINE,
    LOCAL_LOGIN,
    Account,
    TakenError,
    account_of,
    checked_line,
    checked_login,
    checked_roles,
    person_of,
    roles_text,
    row_of,
    row_of_login,
)
from .api_token import revoke_all_tokens
from .passwords import check_password, kept_form
from .session import end_all_sessions

_NAME = 200
_CREDENTIALS = 400


def people(work: Work) -> list[Account]:
    """Everyone, by name, those who left as well. For administrators and auditors."""
    work.require("administrator", "auditor")
    rows = work.connection.execute(select(schema.person))
    return sorted(
        (account_of(row) for row in rows), key=lambda a: (a.person.name.casefold(), a.person.login)
    )


def people_with_role(work: Work, *roles: Role) -> list[Person]:
    """Active people who have one of the roles, by name: whom a case can be given to.

    The person of the single-user mode is among them only where that person asks.
    """
    rows = work.connection.execute(select(schema.person).where(schema.person.c.active))
    found = (person_of(row) for row in rows)
    return sorted(
        (p for p in found if p.is_a(*roles) and (p.login != LOCAL_LOGIN or p.id == work.person.id)),
        key=lambda p: (p.name.casefold(), p.login),
    )


def person(work: Work, person_id: str) -> Person:
    """The person of an id, also one who left: names stay on what they signed. Raises `NotFound`."""
    return person_of(row_of(work.connection, person_id))


def person_named(work: Work, login: str) -> Person:
    """The person of a login. Raises `NotFound`."""
    row = row_of_login(work.connection, login.strip().lower())
    if row is None:
        raise NotFound("nobody has this login", mend="'medwarrant person list' lists everyone")
    return person_of(row)


def account(work: Work, person_id: str) -> Account:
    """The account of a person: one's own, or any for administrators and auditors. Raises `NotFound`."""
    if person_id != work.person.id:
        work.require("administrator", "auditor")
    return account_of(row_of(work.connection, person_id))


def add_person(
    work: Work,
    *,
    login: str,
    name: str,
    roles: Iterable[str],
    password: str | None = None,
    temporary: bool = False,
    credentials: str = "",
    subject: str | None = None,
) -> Person:
    """Add a person.

    `temporary` is for a password that the person did not choose: the first sign-in asks for another one. Only
    the command line may leave it out, for a password that the person types there.
    `subject` is what `vouched_subject` makes of an issuer and its name for the person.

    Raises `NotAllowed` unless an administrator asks, `InputError` where a value cannot be used, and
    `TakenError` where the login or subject belongs to somebody.
    """
    work.require("administrator")
    login = checked_login(login)
    temporary = temporary or work.person.id != COMMAND_LINE.id
    if password is not None:
        check_password(password, login)
    return keep_person(
        work,
        Person(
            id=new_id(),
            name=checked_line(name, "name", least=1, most=_NAME),
            login=login,
            roles=checked_roles(roles),
            credentials=checked_line(credentials, "credentials", most=_CREDENTIALS),
        ),
        password=None if password is None else kept_form(password, temporary=temporary),
        subject=subject,
    )


def keep_person(work: Work, person: Person, *, password: str | None, subject: str | None) -> Person:
    """Write a new person down; `password` as it is kept. Raises `TakenError` where the login is somebody's."""
    if row_of_login(work.connection, person.login) is not None:
        raise _taken()
    row = {
        "id": person.id,
        "login": person.login,
        "name": person.name,
        "roles": roles_text(person.roles),
        "credentials": person.credentials,
        "password": password,
        "subject": subject,
        "created_at": work.now,
    }
    try:
        work.connection.execute(insert(schema.person), row)
    except IntegrityError:
        raise _taken() from None
    work.log(
        "person_added",
        f"person:{person.id}",
        roles=roles_text(person.roles).split(),
        ways_in=[w for w, has in (("password", password), ("openid", subject)) if has],
    )
    return person


def _taken() -> TakenError:
    return TakenError(
        "somebody has this login, or this account of the identity provider",
        where="login",
        mend="use another one; those of people who left stay theirs",
    )


def change_person(
    work: Work,
    person_id: str,
    *,
    name: str | None = None,
    roles: Iterable[str] | None = None,
    credentials: str | None = None,
    roles_seen: Iterable[str] | None = None,
) -> Person:
    """Change a name, roles or credentials; what is None stays. New roles end the person's sessions.

    `roles_seen` are those that the administrator saw: `Stale` is raised where somebody changed them since.
    Raises `NotAllowed` for the last administrator's role, and `InputError` where a value cannot be used.
    """
    row = _changeable(work, person_id)
    before = person_of(row)
    if roles_seen is not None and checked_roles(roles_seen) != before.roles:
        raise Stale("somebody changed the roles since you saw them", mend="look at them again")
    values: dict[str, Any] = {}
    if name is not None:
        values["name"] = checked_line(name, "name", least=1, most=_NAME)
    if credentials is not None:
        values["credentials"] = checked_line(credentials, "credentials", most=_CREDENTIALS)
    if roles is not None:
        wanted = checked_roles(roles)
        if "administrator" not in wanted:
            _keep_an_administrator(work, before)
        values["roles"] = roles_text(wanted)
    values = {key: value for key, value in values.items() if value != getattr(row, key)}
    if not values:
        return before
    work.connection.execute(
        update(schema.person).where(schema.person.c.id == person_id).values(values)
    )
    _log_change(work, before, values)
    if "roles" in values:
        end_all_sessions(work, person_id)
    return person(work, person_id)


def _log_change(work: Work, before: Person, values: dict[str, Any]) -> None:
    own = before.id == work.person.id
    if "roles" in values:
        had, has = roles_text(before.roles).split(), values["roles"].split()
        work.log("roles_changed", f"person:{before.id}", before=had, after=has, own=own)
    if others := sorted(values.keys() - {"roles"}):
        work.log("person_changed", f"person:{before.id}", changed=others, own=own)


def deactivate(work: Work, person_id: str) -> None:
    """Close an account: no way in any more, sessions and tokens ended.

    Raises `NotAllowed` for the last administrator.
    """
    row = _changeable(work, person_id)
    if not row.active:
        return
    _keep_an_administrator(work, person_of(row))
    work.connection.execute(
        update(schema.person).where(schema.person.c.id == person_id).values(active=False)
    )
    work.log("person_deactivated", f"person:{person_id}", own=person_id == work.person.id)
    end_all_sessions(work, person_id)
    revoke_all_tokens(work, person_id)


def reactivate(work: Work, person_id: str) -> None:
    """Open an account again, with the roles it had; tokens stay revoked."""
    row = _changeable(work, person_id)
    if row.active:
        return
    work.connection.execute(
        update(schema.person)
        .where(schema.person.c.id == person_id)
        .values(active=True, failures=0, locked_until=None)
    )
    work.log("person_reactivated", f"person:{person_id}")


def unlock(work: Work, person_id: str) -> None:
    """End a lock that failed sign-ins brought about."""
    row = _changeable(work, person_id)
    if row.locked_until is None and not row.failures:
        return
    work.connection.execute(
        update(schema.person)
        .where(schema.person.c.id == person_id)
        .values(failures=0, locked_until=None)
    )
    work.log("unlocked", f"person:{person_id}")


def set_password(work: Work, person_id: str, password: str, *, temporary: bool = False) -> None:
    """Give a person a new password, as an administrator; ends sessions and a lock.

    `temporary` is for a password that the person did not choose; an administrator's for somebody else always is.
    """
    row = _changeable(work, person_id)
    check_password(password, row.login)
    temporary = temporary or work.person.id not in (person_id, COMMAND_LINE.id)
    work.connection.execute(
        update(schema.person)
        .where(schema.person.c.id == person_id)
        .values(password=kept_form(password, temporary=temporary), failures=0, locked_until=None)
    )
    work.log("password_set", f"person:{person_id}", temporary=temporary)
    end_all_sessions(work, person_id)


def _changeable(work: Work, person_id: str) -> Any:
    work.require("administrator")
    row = row_of(work.connection, person_id)
    if row.login == LOCAL_LOGIN:
        raise NotAllowed("this is the person of the single-user mode, which nobody changes")
    return row


def _keep_an_administrator(work: Work, leaving: Person) -> None:
    """Raises `NotAllowed` where the person is the last administrator who can sign in."""
    if not leaving.is_a("administrator"):
        return
    rows = work.connection.execute(
        select(schema.person).where(schema.person.c.active, schema.person.c.login != LOCAL_LOGIN)
    )
    others = [
        row.id
        for row in rows
        if row.id != leaving.id
        and person_of(row).is_a("administrator")
        and (row.password is not None or row.subject is not None)
    ]
    if not others:
        raise NotAllowed(
            "this is the last administrator", mend="make somebody else an administrator first"
        )
