"""What `bench_web.py` compares with: the engine behind a bare Litestar route, and a constant.

python benchmarks/web_peer.py PORT BYTES
"""

from __future__ import annotations

import gc
import sys
from typing import Any

import msgspec
import uvicorn
from litestar import Litestar, Response, get, post

from medwarrant import Medwarrant


def application(size: int) -> Litestar:
    """Two routes and nothing else: no guard, no store, no counters."""
    medwarrant = Medwarrant()
    constant = b'"' + b"x" * (size - 2) + b'"'

    @post("/engine", status_code=200, sync_to_thread=True)
    def engine(data: dict[str, Any]) -> Response[bytes]:
        answer = medwarrant.determine(data["request"], facts=data["facts"])
        return Response(msgspec.json.encode(answer.to_dict()), media_type="application/json")

    @get("/constant", sync_to_thread=False)
    def fixed() -> Response[bytes]:
        return Response(constant, media_type="application/json")

    return Litestar([engine, fixed], openapi_config=None, logging_config=None)


def main() -> None:
    port, size = map(int, sys.argv[1:])
    app = application(size)
    gc.collect()
    gc.freeze()
    uvicorn.run(app, port=port, log_config=None, access_log=False)


if __name__ == "__main__":
    main()
