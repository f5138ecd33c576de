"""A real server and a real Chromium: what a person sees.

Skipped where no Chromium is installed; `.ci/run` installs one. Each test worker starts its own server on
a folder of its own, filled with demonstration data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import CHROMIUM, FLAGS

from serving import Served


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder; without a browser they are skipped, saying why."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium is installed"))


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server in local mode with demonstration data."""
    server = Served(tmp_path_factory.mktemp("served") / "data").fill().start()
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


@pytest.fixture
def quick(chromium, served):
    """The same, with JavaScript alone."""
    yield from open_page(chromium, served.address)


def open_page(chromium, address: str, *, javascript: bool = True, width: int = 1200, **more):
    """A page in a context of its own, watched for errors and for requests that leave the machine."""
    context = chromium.new_context(
        base_url=address,
        java_script_enabled=javascript,
        viewport={"width": width, "height": 900},
        **more,
    )
    context.set_default_timeout(15_000)
    wrong: list[str] = []

    def watch(page) -> None:
        page.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
        page.on(
            "console",
            lambda said: wrong.append(f"console: {said.text}") if said.type == "error" else None,
        )

    def sent(request) -> None:
        if not request.url.startswith((address, "data:", "about:", "blob:")):
            wrong.append(f"a request left for {request.url}")

    context.on("page", watch)
    context.on("request", sent)
    yield context.new_page()
    context.close()
    # A page that refuses says so by its status, which the console and htmx repeat.
    wrong = [
        said for said in wrong if not re.search(r"status of 4\d\d|Status Error Code 4\d\d", said)
    ]
    assert not wrong, wrong
