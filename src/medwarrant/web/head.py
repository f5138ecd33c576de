"""HEAD: what GET would answer, without its body (RFC 9110, 9.3.2), for every path that GET has."""

from __future__ import annotations

from collections.abc import Iterable

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send


class HeadAsGet:
    """Stands before the routing: routes know GET alone, so that one permission holds for both."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, as a GET whose body is not sent."""
        if scope["type"] != ScopeType.HTTP or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_no_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        # The server's own scope stays a HEAD: it then expects no body after the length that is told.
        as_get = scope.copy()
        as_get["method"] = "GET"
        await self.app(as_get, receive, send_no_body)


def with_head(methods: Iterable[str]) -> set[str]:
    """Methods of a path as they are told to others: where there is GET, there is HEAD.

    >>> sorted(with_head(["GET", "POST"])), sorted(with_head(["POST"]))
    (['GET', 'HEAD', 'POST'], ['POST'])
    """
    found = set(methods)
    return found | {"HEAD"} if "GET" in found else found
