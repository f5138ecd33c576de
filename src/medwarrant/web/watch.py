"""Around every route: how long it took, and how long a body may take to arrive."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from .errors import TooSlow
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
