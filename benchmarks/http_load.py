"""A small load: so many connections, each sending its next request when the last was answered.

    python benchmarks/http_load.py PORT CONNECTIONS SECONDS|N FILE

FILE holds the requests as JSON: a list of `[method, path, headers, body]`. Prints the seconds each request
took, as JSON. Runs as a process of its own, so that it shares no interpreter with the server.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from itertools import count
from pathlib import Path


def _bytes_of(method: str, path: str, headers: dict[str, str], body: str) -> bytes:
    data = body.encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(data)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + data


async def _answer(reader: asyncio.StreamReader) -> int:
    """Read one answer whole; its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    lengths = [
        int(line.partition(b":")[2])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    if lengths:
        await reader.readexactly(lengths[0])
        return status
    while True:  # chunked
        size = int(await reader.readline(), 16)
        await reader.readexactly(size + 2)
        if size == 0:
            return status


async def load(
    port: int, connections: int, until: float, most: int, sent: list[bytes]
) -> list[float]:
    """Seconds that each request took, until a moment or a number of requests is reached."""
    taken: list[float] = []
    numbers = count()

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < until and (number := next(numbers)) < most:
            start = time.perf_counter()
            writer.write(sent[number % len(sent)])
            await writer.drain()
            status = await _answer(reader)
            taken.append(time.perf_counter() - start)
            if status not in (200, 201):
                sys.exit(f"the server answered {status}")
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return taken


def main() -> None:
    port, connections, limit, file = sys.argv[1:]
    sent = [_bytes_of(*entry) for entry in json.loads(Path(file).read_text(encoding="utf-8"))]
    now = time.perf_counter()
    if limit.endswith("s"):
        until, most = now + float(limit[:-1]), sys.maxsize
    else:
        until, most = now + 86_400, int(limit)
    print(json.dumps(asyncio.run(load(int(port), int(connections), until, most, sent))))


if __name__ == "__main__":
    main()
