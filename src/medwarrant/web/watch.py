"""Around every route: how long it took, how long a body may take to arrive, and which methods a path has."""

from __future__ import annotations

import asyncio
import time
from functools import lru_cache
from typing import Any

from litestar import Litestar
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from .errors import TooSlow
from .head import with_head
from .house import House
from .problems import route_name


class Watch:
    """Counts answers by route and status, and gives up on a body that does not arrive."""

    def __init__(self, app: ASGIApp, body_seconds: float) -> None:
        self.app = app
        self.body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await _tell_methods(scope, send)
            return
        began = time.perf_counter()
        ends = began + self.body_seconds
        status = 500
        whole = False

        async def receive_in_time() -> Any:
            nonlocal whole
            if whole:
                return (
                    await receive()
                )  # waits for the end of the connection, which takes as long as it takes
            left = max(ends - time.perf_counter(), 0.001)
            try:
                async with asyncio.timeout(left):
                    message = await receive()
            except TimeoutError:
                raise TooSlow from None
            whole = message["type"] != "http.request" or not message.get("more_body")
            return message

        async def send_and_see(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive_in_time, send_and_see)
        finally:
            House.of(scope["litestar_app"]).metrics.answered(
                route_name(scope), status, time.perf_counter() - began
            )


async def _tell_methods(scope: Scope, send: Send) -> None:
    """Answer OPTIONS. Litestar's own answer knows only the first method that was registered for a path."""
    methods = methods_of(scope["litestar_app"])[scope["path_template"]]
    allow = ", ".join(sorted(with_head(methods)))
    await send(
        {"type": "http.response.start", "status": 204, "headers": [(b"allow", allow.encode())]}
    )
    await send({"type": "http.response.body", "body": b"", "more_body": False})


@lru_cache(maxsize=8)
def methods_of(app: Litestar) -> dict[str, set[str]]:
    """The methods of every path."""
    found: dict[str, set[str]] = {}
    for route in app.routes:
        found.setdefault(route.path_format, set()).update(map(str, getattr(route, "methods", ())))
    return found
