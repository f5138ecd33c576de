"""Desks without people, and passwords kept more cheaply than in earnest."""

import pytest
from argon2 import PasswordHasher

from medwarrant.review.accounts import COMMAND_LINE, add_person, passwords
from medwarrant.review.store import audit, schema

PASSWORD = "four quiet herons"


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch):
    monkeypatch.setattr(
        passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


def without_people(desk):
    with desk.database.begin() as connection:
        connection.execute(schema.person.delete())
    return desk


@pytest.fixture
def desk(desk):
    return without_people(desk)


@pytest.fixture
def any_desk(any_desk):
    return without_people(any_desk)


@pytest.fixture
def this_desk(request):
    """The desk of the test, of whichever kind it is."""
    return request.getfixturevalue("any_desk" if "any_desk" in request.fixturenames else "desk")


@pytest.fixture
def add(this_desk):
    """Add a person from the command line; the password is the same for all."""

    def _add(login, *roles, password=PASSWORD, **more):
        with this_desk.work(COMMAND_LINE) as work:
            return add_person(
                work, login=login, name=login.title(), roles=roles, password=password, **more
            )

    return _add


@pytest.fixture
def acts(this_desk):
    """The acts in the audit log since the last call, with their details, the chain being intact."""
    seen = 0

    def _acts():
        nonlocal seen
        with this_desk.database.read() as connection:
            audit.verify_chain(connection, this_desk.audit_key)
            found = list(audit.entries(connection, since=seen))
        seen = found[-1].seq if found else seen
        return [(entry.act, entry.subject, entry.detail) for entry in found]

    return _acts
