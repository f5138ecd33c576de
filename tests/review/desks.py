"""What desks for tests are made of; fixtures of `conftest.py` make them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, insert, text
from sqlalchemy.engine import make_url

from medwarrant import Medwarrant
from medwarrant.review.people import ROLE_WORDS, ROLES, Person, Role
from medwarrant.review.store.audit_key import key_digest
from medwarrant.review.store.database import Database, connect
from medwarrant.review.store.migrate import migrate
from medwarrant.review.store.schema import audit_head, metadata, person
from medwarrant.review.work import Desk

KINDS = ("sqlite", "postgresql")
#: Noon of the date of service that tests share (`as_of`).
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEY = b"the audit key of desks in tests!"
_LICENSED = {"nurse_reviewer": "RN, licence CA 555", "physician_reviewer": "MD, licence CA 12345"}


class Clock:
    """A clock that moves when a test says so."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        """Let time pass: `clock.advance(days=3, hours=1)`."""
        self.now += timedelta(**by)


def _people(number: int) -> dict[Role, Person]:
    return {
        role: Person(
            id=f"{role}-{number}",
            name=f"{ROLE_WORDS[role]} {number}",
            login=f"{role}-{number}",
            roles=frozenset({role}),
            credentials=_LICENSED.get(role, ""),
        )
        for role in ROLES
    }


PEOPLE, OTHERS = _people(1), _people(2)


def furnish(url: str) -> None:
    """Make the newest schema in an empty database, and put the people of the tests in it."""
    database = connect(url)
    try:
        migrate(database)
        _compare(database)
        with database.begin() as connection:
            connection.execute(audit_head.update().values(key_digest=key_digest(KEY)))
            connection.execute(
                insert(person),
                [
                    {
                        "id": one.id,
                        "login": one.login,
                        "name": one.name,
                        "roles": " ".join(sorted(one.roles)),
                        "credentials": one.credentials,
                        "created_at": NOON,
                    }
                    for one in (*PEOPLE.values(), *OTHERS.values())
                ],
            )
    finally:
        database.close()


def _compare(database: Database) -> None:
    with database.read() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    if differences:
        pytest.fail(
            "schema.py and the revisions differ; run 'python tests/review/store/draft_revision.py'\n"
            + "\n".join(map(str, differences)),
            pytrace=False,
        )


@contextmanager
def postgresql_database(server: str, template: str = "template1") -> Iterator[str]:
    """The address of a new database, which is removed again."""
    name = f"medwarrant_test_{secrets.token_hex(6)}"
    url = make_url(server)
    engine = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


@contextmanager
def desk_at(url: str, medwarrant: Medwarrant, clock: Clock, kept_packs: Path) -> Iterator[Desk]:
    """A desk on a furnished database."""
    database = connect(url)
    yield Desk(database, medwarrant, KEY, kept_packs, clock)
    database.close()
