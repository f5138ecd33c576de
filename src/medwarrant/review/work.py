"""The desk, and work: one transaction of one person."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from ..answer import Medwarrant
from .errors import NotAllowed
from .people import Person, Role
from .store import audit
from .store.database import Database


def utc_now() -> datetime:
    """The moment in UTC, as the desk reads it."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Desk:
    """Everything the review desk works with.

    `audit_key` keys the audit log and is kept outside the database; `kept_packs` is the folder in which packs
    are kept by digest, so that every stored record can be replayed.
    """

    database: Database
    medwarrant: Medwarrant
    audit_key: bytes
    kept_packs: Path
    clock: Callable[[], datetime] = utc_now

    @contextmanager
    def work(self, person: Person) -> Iterator[Work]:
        """A transaction of a person: committed where the block ends, rolled back where it raises."""
        with self.database.begin() as connection:
            yield Work(self, connection, person, self.clock())


@dataclass(frozen=True)
class Work:
    """One transaction of one person, at one moment."""

    desk: Desk
    connection: Connection
    person: Person
    now: datetime

    def log(self, act: str, subject: str, **detail: Any) -> None:
        """Add an entry to the audit log, in the same transaction; details are never health data."""
        audit.append(
            self.connection,
            self.desk.audit_key,
            at=self.now,
            person_id=self.person.id,
            act=act,
            subject=subject,
            detail=detail,
        )

    def require(self, *roles: Role) -> None:
        """Raises `NotAllowed` unless the person has one of the roles."""
        if not self.person.is_a(*roles):
            wanted = " or ".join(role.replace("_", " ") for role in roles)
            raise NotAllowed(f"this needs the role {wanted}", mend="ask an administrator for it")


def new_id() -> str:
    """An id that tells nothing and cannot be guessed.

    >>> len(new_id())
    32
    """
    return secrets.token_hex(16)
