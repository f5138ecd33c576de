"""A language model that answers what a test tells it to, on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from medwarrant.llm.endpoint import Endpoint


class Stub:
    """What the endpoint was asked, and what it will answer: text of the model, or a whole reply."""

    def __init__(self) -> None:
        self.text: str | Callable[[dict[str, Any]], str] = "[]"
        self.reply: bytes | None = None
        self.status = 200
        self.headers: dict[str, str] = {}
        self.drops: Iterator[bytes] | None = None
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.paths: list[str] = []
        self.address = ""

    def endpoint(self, **changes: Any) -> Endpoint:
        return Endpoint(**{"url": f"{self.address}/v1", "model": "stub", "seconds": 20.0} | changes)


@pytest.fixture
def stub() -> Iterator[Stub]:
    told = Stub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            told.paths.append(self.path)
            told.keys.append(self.headers.get("Authorization"))
            told.asked.append(json.loads(body) if body else {})
            text = told.text if isinstance(told.text, str) else told.text(told.asked[-1])
            data = told.reply
            if data is None:
                data = json.dumps({"choices": [{"message": {"content": text}}]}).encode()
            try:
                self.send_response(told.status)
                for name, value in told.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                for drop in told.drops or [data]:
                    self.wfile.write(drop)
                    self.wfile.flush()
            except OSError:
                pass  # the asker has had enough

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    told.address = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    thread.join()
    server.server_close()
