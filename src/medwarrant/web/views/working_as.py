"""As whom one works, in the local mode: one person of the machine may take the part of each of the team."""

from __future__ import annotations

import msgspec

from ...review import accounts
from ...review.errors import NotAllowed, NotFound
from ...review.people import ROLE_WORDS, ROLES, Person
from ...review.work import Work


class PersonChoice(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody as whom one may work."""

    id: str
    name: str
    roles: tuple[str, ...]
    chosen: bool


class WorkingAsView(msgspec.Struct, frozen=True, kw_only=True):
    """As whom one works, and as whom one could."""

    people: tuple[PersonChoice, ...]


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The person as whom to work."""

    person: str


def working_as(work: Work, now: Person) -> WorkingAsView:
    """Everyone as whom one may work; `work` is the local person's."""
    people = accounts.people_with_role(work, *ROLES)
    return WorkingAsView(
        people=tuple(
            PersonChoice(
                id=person.id,
                name=person.name,
                roles=tuple(words for role, words in ROLE_WORDS.items() if person.is_a(role)),
                chosen=person.id == now.id,
            )
            for person in people
        )
    )


def choose(work: Work, person_id: str) -> Person:
    """Work as somebody from now on; the audit log tells who took the part. Raises `NotFound`."""
    found = next((p for p in accounts.people_with_role(work, *ROLES) if p.id == person_id), None)
    if found is None:
        raise NotFound("there is no such person", mend="choose one of the list")
    work.log("worked_as", f"person:{found.id}")
    return found


def local_only(person: Person | None) -> Person:
    """The person of the local mode. Raises `NotAllowed` where people sign in."""
    if person is None:
        raise NotAllowed("people sign in here", mend="sign in as yourself")
    return person
