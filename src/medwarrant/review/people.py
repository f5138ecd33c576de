"""People and their roles."""

from __future__ import annotations

from typing import Final, Literal, get_args

import msgspec

Role = Literal[
    "requester",
    "nurse_reviewer",
    "physician_reviewer",
    "editor",
    "auditor",
    "administrator",
]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
ROLE_WORDS: Final[dict[Role, str]] = {
    "requester": "Requester",
    "nurse_reviewer": "Nurse reviewer",
    "physician_reviewer": "Physician reviewer",
    "editor": "Editor of policies",
    "auditor": "Auditor",
    "administrator": "Administrator",
}


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who works with the review desk.

    `credentials` is how a reviewer signs ("MD, internal medicine, licence CA 12345"): without it, nothing that
    needs a licence can be signed.

    >>> Person(id="p1", name="Ada Reyes", login="ada", roles=frozenset({"nurse_reviewer"})).is_a("nurse_reviewer")
    True
    """

    id: str
    name: str
    login: str
    roles: frozenset[Role]
    credentials: str = ""

    def is_a(self, *roles: Role) -> bool:
        """Whether the person has one of the roles."""
        return not self.roles.isdisjoint(roles)
