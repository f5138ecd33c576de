"""Schemathesis against a real server and its own description: what it says is what is done, whatever is sent.

Slow, and not part of `make test`: `make test-contract` runs it, and so does `.ci/run`. How many examples of each
operation: `MEDWARRANT_CONTRACT_EXAMPLES` (20).
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

pytest.importorskip("schemathesis", reason="schemathesis is not installed")
pytestmark = pytest.mark.contract
EXAMPLES = os.environ.get("MEDWARRANT_CONTRACT_EXAMPLES", "20")


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def address(tmp_path):
    """A server in local mode on an empty desk."""
    port = free_port()
    log = (tmp_path / "server.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "medwarrant", "serve", "--data", str(tmp_path / "data")]
        + ["--port", str(port)],
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=2).close()
            break
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    yield f"http://127.0.0.1:{port}"
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=30) == 0
    said = Path(log.name).read_text(encoding="utf-8", errors="replace")
    assert "defect" not in said, said


def test_schemathesis_finds_nothing(address):
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/api/openapi.json"]
        + ["--max-examples", EXAMPLES, "--generation-deterministic", "--workers", "1"]
        + ["--phases", "examples,coverage,fuzzing", "--no-color", "--request-timeout", "20"],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, f"{done.stdout[-20000:]}\n{done.stderr[-4000:]}"
