"""The command and the server as programs of their own, for tests that want the real thing."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

_MEDWARRANT = (sys.executable, "-m", "medwarrant")


def medwarrant(*said: str) -> str:
    """What the command prints; it must succeed."""
    done = subprocess.run(
        [*_MEDWARRANT, *said], capture_output=True, text=True, encoding="utf-8", timeout=280
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class Served:
    """A server with its folder of data; whatever it writes goes to a file beside the folder."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data, self.options = data, options
        self.errors = data.with_name(f"{data.name}-errors.txt")
        self.said: list[str] = []
        self.address = ""
        self.process: subprocess.Popen[str] | None = None

    def fill(self) -> Served:
        """Put demonstration data into its folder."""
        medwarrant("demo-data", "--data", str(self.data))
        return self

    def start(self) -> Served:
        """Start it on a free port, and go on once it says where it is."""
        with self.errors.open("a", encoding="utf-8") as errors:
            self.process = subprocess.Popen(
                [*_MEDWARRANT, "serve", "--data", str(self.data), "--port", "0", *self.options],
                env={**os.environ, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                encoding="utf-8",
            )
        assert self.process.stdout is not None
        self.said = [self.process.stdout.readline(), self.process.stdout.readline()]
        found = re.search(r"http://[^ ]+", self.said[0])
        assert found, (self.said, self.written())
        self.address = found[0]
        return self

    @property
    def where(self) -> tuple[str, int]:
        """Host and port."""
        found = urlsplit(self.address)
        return found.hostname or "", found.port or 0

    def written(self) -> str:
        """Whatever it wrote to standard error until now."""
        return self.errors.read_text(encoding="utf-8", errors="replace")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send it a signal, if it still runs, and wait; its exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(60)
        finally:
            self.process.kill()
            if self.process.stdout is not None:
                self.process.stdout.close()
