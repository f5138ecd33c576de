"""What only the web application refuses."""

from __future__ import annotations


class Refused(Exception):
    """A request that gets no further than the door; it never leaves the web application."""


class NotSignedIn(Refused):
    """Nobody is signed in, or the session or token is no longer good."""

    def __init__(self) -> None:
        super().__init__("sign in first")


class Forged(Refused):
    """A request that did not come from a page of ours, or from a page that is too old."""

    def __init__(self) -> None:
        super().__init__(
            "this did not come from a page of this server, or the page is too old; open the page again"
        )


class TooLarge(Refused):
    """More bytes, fields or files than are taken."""


class TooSlow(Refused):
    """A request whose body did not arrive in time."""

    def __init__(self) -> None:
        super().__init__("the request did not arrive in time; send it again")


class WrongKind(Refused):
    """A body of a kind that the route does not take."""
