"""A real server on a folder of its own, and the Chromium that looks at it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (found := shutil.which(name))
    ),
    None,
)
#: Nothing is fetched from elsewhere, by the browser itself either.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    """A port that nothing listens on."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Served:
    """A server that runs, with its folder of data and its address."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data, self.options = data, options
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def fill(self) -> Served:
        """Put demonstration data into its folder."""
        subprocess.run(
            [sys.executable, "-m", "medwarrant", "demo-data", "--data", str(self.data)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return self

    def start(self) -> Served:
        """Start it and wait until it answers."""
        log = self.data.parent / f"server-{self.port}.log"
        with log.open("wb") as written:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "medwarrant",
                    "serve",
                    "--data",
                    str(self.data),
                    "--port",
                    str(self.port),
                    *self.options,
                ],
                stdout=written,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.address}/ready", timeout=2).close()
                return self
            except (urllib.error.URLError, OSError):
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        said = log.read_text(encoding="utf-8", errors="replace")
        raise AssertionError(f"the server did not start:\n{said}")

    def stop(self) -> int:
        """Ask it to stop and wait; its exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)
