"""The server as a program: where it says it is, what it refuses, how it stops, what it writes down."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

from serving import Served

#: Takes long; not part of `make test` (`make test-slow`).
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="signals of POSIX"),
]


@pytest.fixture
def served(tmp_path):
    opened: list[Served] = []

    def start(*options: str) -> Served:
        opened.append(Served(tmp_path / "data", *options).start())
        return opened[-1]

    yield start
    for server in opened:
        server.stop()


def test_it_says_where_it_is_and_how_to_stop(served, tmp_path):
    server = served()
    assert server.said[0].startswith(f"medwarrant is at {server.address}")
    assert server.said[1] == "Stop it with Ctrl+C.\n"
    assert httpx.get(f"{server.address}/ready").text == "ready\n"
    assert "Where to begin" in httpx.get(f"{server.address}/").text
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert server.stop(signal.SIGINT) == 0
    told = server.written().splitlines()
    assert all("for first use" in line for line in told), told


def test_it_writes_down_no_request(served):
    server = served()
    for path in ("/nowhere/Jane-Roe", "/about?name=Jane-Roe", "/api/nowhere/Jane-Roe"):
        httpx.get(f"{server.address}{path}")
    httpx.put(f"{server.address}/api/working-as", json={"person": "Jane-Roe"})
    with socket.create_connection(server.where) as raw:
        raw.sendall(b"Jane-Roe\r\n\r\n")
        raw.recv(1000)
    assert server.stop() == 0
    assert "Jane-Roe" not in server.written()
    assert "about" not in server.written()


def test_a_request_that_has_begun_is_answered_before_the_end(served):
    server = served()
    with socket.create_connection(server.where) as raw:
        body = b'{"person": "nobody"}'
        head = (
            f"PUT /api/working-as HTTP/1.1\r\nHost: {server.where[0]}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        raw.sendall(head.encode() + body[:5])
        time.sleep(0.5)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert server.process.poll() is None, "it waits for the request"
        raw.sendall(body[5:])
        raw.settimeout(20)
        answer = raw.recv(10_000)
    assert answer.startswith(b"HTTP/1.1 404"), answer[:200]
    assert server.stop() == 0


def test_several_workers_count_together(served):
    server = served("--workers", "2")
    for _ in range(40):
        with httpx.Client(timeout=60) as client:
            assert client.get(f"{server.address}/health").status_code == 200
    told = httpx.get(f"{server.address}/metrics", timeout=60).text
    assert 'medwarrant_requests_total{route="health",status="200"} 40.0' in told
    assert server.stop() == 0


def refused(*options: str) -> str:
    port = () if "--port" in options else ("--port", "0")
    done = subprocess.run(
        [sys.executable, "-m", "medwarrant", "serve", *options, *port],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    said = [line for line in done.stderr.splitlines() if "for first use" not in line]
    assert len(said) == 1, said
    return said[0]


def test_a_port_in_use_is_said_in_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused("--port", str(port), "--data", str(tmp_path))
    assert f"port {port} is in use" in said


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--host", "0.0.0.0"), "add --accounts"),
        (("--public-url", "https://review.example.org"), "add --accounts"),
        (("--public-url", "review.example.org", "--accounts"), "write https://NAME"),
        (("--host", "2001:db8::1", "--accounts"), "no address of this machine"),
        (("--database", "mysql://x/y"), "not a database"),
        (("--packs", "nowhere"), "nowhere"),
        (("--port", "99999"), "99999"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_line(options, words, tmp_path):
    assert words in refused("--data", str(tmp_path), *options)
