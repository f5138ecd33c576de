"""How one signs in here."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

import msgspec

from ...review import accounts
from ..here import Here

#: Characters of a path with its query that mean something there, and the sign of what is quoted already.
_KEPT: Final = "/?&=+:,;@!$'()*~%"


class SignInView(msgspec.Struct, frozen=True, kw_only=True):
    """The ways in. `organisation` names the identity provider, where there is one."""

    password: bool
    organisation: str | None
    #: Nobody can sign in yet: the first administrator is added on the command line.
    nobody_yet: bool
    #: The path to go to afterwards.
    next: str = "/"


def sign_in(here: Here, next_path: str = "/") -> SignInView:
    """The ways in."""
    with here.public() as connection:
        nobody_yet = accounts.count_people(connection) == 0
    oidc = here.settings.oidc
    return SignInView(
        password=here.settings.accounts,
        organisation=oidc.name if oidc is not None and here.settings.accounts else None,
        nobody_yet=nobody_yet,
        next=local_path(next_path),
    )


def local_path(path: str) -> str:
    r"""A path of this server to go to after a sign-in; the first page where it is none, or leads elsewhere.

    It keeps its query, which holds nothing of a patient in any address of ours. What is quoted stays as it is.

    >>> local_path("/cases?state=decided&page=2"), local_path("/a%20b"), local_path("/a b")
    ('/cases?state=decided&page=2', '/a%20b', '/a%20b')
    >>> [local_path(p) for p in ("//example.org", "https://example.org", "/\\example.org", "/sign-in", "")]
    ['/', '/', '/', '/', '/']
    """
    fits = (
        path.startswith("/")
        and not path.startswith(("//", "/sign-in", "/signed-out", "/sign-out", "/api/"))
        and "\\" not in path
        and path.isprintable()
        and len(path) <= 1_000
    )
    return quote(path, safe=_KEPT) if fits else "/"
