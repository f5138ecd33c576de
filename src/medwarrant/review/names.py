"""The names of people by their ids, for messages and pages."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from .store.schema import person


def name_of(connection: Connection, person_id: str | None) -> str:
    """The name of a person by id."""
    return names_of(connection, [person_id] if person_id else []).get(person_id or "", "nobody")


def names_of(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """The names of people by id."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = connection.execute(select(person.c.id, person.c.name).where(person.c.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def reviewers(connection: Connection) -> list[tuple[str, str]]:
    """Everybody who reviews cases, as pairs of id and name, by name."""
    rows = connection.execute(
        select(person.c.id, person.c.name, person.c.roles)
        .where(person.c.active.is_(True))
        .order_by(person.c.name, person.c.id)
    )
    wanted = {"nurse_reviewer", "physician_reviewer"}
    return [(row.id, row.name) for row in rows if wanted & set(row.roles.split())]
