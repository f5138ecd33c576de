"""The person of the single-user mode, who needs no sign-in because only this machine reaches the desk."""

from __future__ import annotations

from typing import Final

from sqlalchemy import insert

from ..people import ROLES, Person
from ..store import schema
from ..work import Desk, new_id
from .accounts import LOCAL_LOGIN, person_of, roles_text, row_of_login

_NAME: Final = "Local user"


def local_person(desk: Desk) -> Person:
    """The person of the single-user mode, made once; has all roles, no password and no way to sign in."""
    with desk.database.read() as connection:
        row = row_of_login(connection, LOCAL_LOGIN)
    if row is not None:
        return person_of(row)
    person = Person(id=new_id(), name=_NAME, login=LOCAL_LOGIN, roles=frozenset(ROLES))
    with desk.work(person) as work:
        row = row_of_login(work.connection, LOCAL_LOGIN)
        if row is not None:
            return person_of(row)
        work.connection.execute(
            insert(schema.person),
            {
                "id": person.id,
                "login": person.login,
                "name": person.name,
                "roles": roles_text(person.roles),
                "created_at": work.now,
            },
        )
        work.log("person_added", f"person:{person.id}", roles=list(ROLES), ways_in=["local"])
    return person
