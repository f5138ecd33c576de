"""A desk on a temporary SQLite file, served in both modes, with people of every role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import Browser
from litestar import Litestar
from sqlalchemy import insert

from medwarrant import Medwarrant
from medwarrant.review.people import ROLES, Person, Role
from medwarrant.review.store import schema
from medwarrant.review.store.open import open_desk
from medwarrant.review.work import Desk, new_id
from medwarrant.web.app import create_app
from medwarrant.web.house import House
from medwarrant.web.settings import WebSettings

NAMES = {
    "requester": "Rosa Quist",
    "nurse_reviewer": "Nadia Osei",
    "physician_reviewer": "Paul Idris",
    "editor": "Edda Lund",
    "auditor": "Aurel Popa",
    "administrator": "Ada Reyes",
}
LICENSED = {"physician_reviewer": "MD, licence CA 12345", "nurse_reviewer": "RN, licence CA 555"}


@pytest.fixture
def desk(tmp_path: Path, medwarrant: Medwarrant) -> Iterator[Desk]:
    """A new desk."""
    opened = open_desk(data=tmp_path / "data", medwarrant=medwarrant)
    yield opened
    opened.database.close()


@pytest.fixture
def people(desk: Desk) -> dict[Role, Person]:
    """One person of each role, in the database."""
    return {role: add_person(desk, NAMES[role], role) for role in ROLES}


def add_person(desk: Desk, name: str, *roles: Role) -> Person:
    """A person with roles, without a password."""
    person = Person(
        id=new_id(),
        name=name,
        login=name.lower().replace(" ", "."),
        roles=frozenset(roles),
        credentials=next((LICENSED[role] for role in roles if role in LICENSED), ""),
    )
    with desk.database.begin() as connection:
        connection.execute(
            insert(schema.person),
            {
                "id": person.id,
                "login": person.login,
                "name": person.name,
                "roles": " ".join(roles),
                "credentials": person.credentials,
                "created_at": desk.clock(),
            },
        )
    return person


@pytest.fixture(scope="session")
def built(tmp_path_factory, medwarrant: Medwarrant) -> dict[bool, Litestar]:
    """The application without and with accounts, built once: building takes longer than most tests."""
    first = open_desk(data=tmp_path_factory.mktemp("first") / "data", medwarrant=medwarrant)
    first.database.close()
    return {on: create_app(first, WebSettings(accounts=on)) for on in (False, True)}


def moved_to(app: Litestar, desk: Desk, settings: WebSettings) -> Litestar:
    """The application, answering from another desk from now on."""
    app.state["house"] = House(desk, settings)
    return app


@pytest.fixture
def local_app(built: dict[bool, Litestar], desk: Desk) -> Litestar:
    """The application without accounts."""
    return moved_to(built[False], desk, WebSettings())


@pytest.fixture
def accounts_app(built: dict[bool, Litestar], desk: Desk) -> Litestar:
    """The application with accounts."""
    return moved_to(built[True], desk, WebSettings(accounts=True))


@pytest.fixture
def local(local_app: Litestar) -> Iterator[Browser]:
    """A browser of the one person of the local mode, who has all roles."""
    with Browser(local_app) as browser:
        yield browser


@pytest.fixture
def nobody(accounts_app: Litestar) -> Iterator[Browser]:
    """A browser in which nobody has signed in."""
    with Browser(accounts_app) as browser:
        yield browser


@pytest.fixture
def signed_in(
    accounts_app: Litestar, desk: Desk, people: dict[Role, Person]
) -> Iterator[Callable[[Role], Browser]]:
    """A browser in which the person of a role has signed in: `signed_in("nurse_reviewer")`."""
    opened: list[Browser] = []

    def browser_of(role: Role) -> Browser:
        browser = Browser(accounts_app)
        opened.append(browser)
        return browser.sign_in(desk, people[role])

    yield browser_of
    for browser in opened:
        browser.client.close()
