"""A real server and a real Chromium: what a person sees.

Skipped where no Chromium is installed; `.ci/run` installs one. Each test worker starts its own server on
a folder of its own, filled with demonstration data.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

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
#: Phones, tablets and desks.
WIDTHS = (390, 820, 1400)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder; without a browser they are skipped, saying why."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium is installed"))


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

    def start(self) -> Served:
        """Start it and wait until it answers."""
        log = (self.data.parent / f"server-{self.port}.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "medwarrant", "serve", "--data", str(self.data)]
            + ["--port", str(self.port), *self.options],
            stdout=log,
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
        said = Path(log.name).read_text(encoding="utf-8", errors="replace")
        raise AssertionError(f"the server did not start:\n{said}")

    def stop(self) -> int:
        """Ask it to stop and wait; its exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server in local mode with demonstration data."""
    data = tmp_path_factory.mktemp("served") / "data"
    subprocess.run(
        [sys.executable, "-m", "medwarrant", "demo-data", "--data", str(data)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    server = Served(data).start()
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """One browser for all tests of a worker."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    """Whether pages may run scripts: everything works both ways."""
    return bool(request.param)


@pytest.fixture
def page(chromium, served, javascript):
    """A fresh page of a fresh visitor; an error on the console, or a request to elsewhere, fails the test."""
    yield from open_page(chromium, served.address, javascript=javascript)


def open_page(chromium, address: str, *, javascript: bool = True, width: int = 1200, **more):
    """A page in a context of its own, watched for errors and for requests that leave the machine."""
    context = chromium.new_context(
        base_url=address,
        java_script_enabled=javascript,
        viewport={"width": width, "height": 900},
        **more,
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
    page.on(
        "console",
        lambda said: wrong.append(f"console: {said.text}") if said.type == "error" else None,
    )
    page.on(
        "request",
        lambda sent: (
            None
            if sent.url.startswith((address, "data:", "about:", "blob:"))
            else wrong.append(f"a request left for {sent.url}")
        ),
    )
    yield page
    context.close()
    # A page that refuses says so by its status, which the console repeats.
    wrong = [said for said in wrong if not re.search(r"status of (4\d\d)", said)]
    assert not wrong, wrong


def work_as(page, name: str) -> None:
    """Work as a person of the demonstration data, by the choice in the header of the page."""
    page.goto("/")
    page.get_by_label("Working as").select_option(label=name)
    page.get_by_role("button", name="Change").click()
