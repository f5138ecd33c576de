"""A review desk for each test, on SQLite and on PostgreSQL, with people of every role.

`desk` is a new desk in a temporary SQLite file; `any_desk` runs a test twice, on SQLite and on PostgreSQL;
`people` and `others` hold two people of each role, who are in every desk; `clock` is the desk's clock.
PostgreSQL is used where `MEDWARRANT_TEST_POSTGRESQL` names a server (`.ci/postgresql` starts one), as a user
who may make databases; each test has a database of its own.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from desks import KINDS, OTHERS, PEOPLE, Clock, desk_at, furnish, postgresql_database
from sqlalchemy.engine import make_url

from medwarrant import Medwarrant
from medwarrant.policy.archive import keep_packs
from medwarrant.review.people import Person, Role
from medwarrant.review.store.database import sqlite_url
from medwarrant.review.work import Desk


@pytest.fixture(scope="session")
def people() -> Mapping[Role, Person]:
    """One person of each role; each is in every desk."""
    return PEOPLE


@pytest.fixture(scope="session")
def others() -> Mapping[Role, Person]:
    """A second person of each role; each is in every desk."""
    return OTHERS


@pytest.fixture
def clock() -> Clock:
    """The clock of the test's desk; it stands still until the test advances it."""
    return Clock()


# --- databases ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A furnished SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "desk.sqlite"
    furnish(sqlite_url(path))
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> str:
    """The address of a server for tests."""
    address = os.environ.get("MEDWARRANT_TEST_POSTGRESQL")
    if not address:
        pytest.skip("MEDWARRANT_TEST_POSTGRESQL names no server; '.ci/postgresql' starts one")
    return address


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    """The name of a furnished PostgreSQL database, to be copied."""
    with postgresql_database(postgresql_server) as url:
        furnish(url)
        yield make_url(url).database or ""


@pytest.fixture
def empty_database(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[str], str]]:
    """Makes empty databases: `empty_database("postgresql")` is the address of a new one."""
    opened = []

    def make(kind: str) -> str:
        if kind == "sqlite":
            return sqlite_url(tmp_path / f"{secrets.token_hex(6)}.sqlite")
        made = postgresql_database(request.getfixturevalue("postgresql_server"))
        opened.append(made)
        return made.__enter__()

    yield make
    for made in opened:
        made.__exit__(None, None, None)


# --- desks ----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def kept_packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packs that ship, kept by digest; shared by the desks of a run."""
    folder = tmp_path_factory.mktemp("packs")
    keep_packs(folder)
    return folder


@pytest.fixture
def desk(
    medwarrant: Medwarrant, clock: Clock, sqlite_template: Path, kept_packs: Path, tmp_path: Path
) -> Iterator[Desk]:
    """A new desk in a temporary SQLite file."""
    path = tmp_path / "desk" / "desk.sqlite"
    path.parent.mkdir()
    shutil.copy(sqlite_template, path)
    with desk_at(sqlite_url(path), medwarrant, clock, kept_packs) as made:
        yield made


@pytest.fixture(params=KINDS)
def any_desk(
    request: pytest.FixtureRequest, medwarrant: Medwarrant, clock: Clock, kept_packs: Path
) -> Iterator[Desk]:
    """A new desk on each kind of database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("desk")
        return
    server = request.getfixturevalue("postgresql_server")
    template = request.getfixturevalue("postgresql_template")
    with (
        postgresql_database(server, template) as url,
        desk_at(url, medwarrant, clock, kept_packs) as made,
    ):
        yield made
