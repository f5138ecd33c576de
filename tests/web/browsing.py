"""A browser without a screen for the tests of pages: it keeps cookies and sends the token of the form."""

from __future__ import annotations

import asyncio
import re
import threading
from html import unescape
from typing import Any

import httpx
from litestar import Litestar

from medwarrant.review import accounts
from medwarrant.review.people import Person
from medwarrant.review.work import Desk
from medwarrant.web.house import House

ADDRESS = "http://127.0.0.1:8000"
#: What a browser sends with a page that was asked for by its own link or form.
_OWN = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}


class _Loop:
    """One event loop in a thread of its own, in which every application of a test run answers."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, coroutine: Any) -> Any:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._loop.run_forever, daemon=True).start()
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()


_LOOP = _Loop()


class Client:
    """Requests to an application, one after the other; redirects are not followed."""

    def __init__(self, app: Litestar) -> None:
        self.app = app
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=ADDRESS, follow_redirects=False
        )

    @property
    def cookies(self) -> httpx.Cookies:
        return self._client.cookies

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        return _LOOP.run(self._client.request(method, path, **more))

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)

    def put(self, path: str, **more: Any) -> httpx.Response:
        return self.request("PUT", path, **more)

    def patch(self, path: str, **more: Any) -> httpx.Response:
        return self.request("PATCH", path, **more)

    def delete(self, path: str, **more: Any) -> httpx.Response:
        return self.request("DELETE", path, **more)

    def options(self, path: str, **more: Any) -> httpx.Response:
        return self.request("OPTIONS", path, **more)

    def close(self) -> None:
        _LOOP.run(self._client.aclose())


class Browser:
    """What a person does: open a page, send a form, follow where it leads."""

    def __init__(self, app: Litestar) -> None:
        self.client = Client(app)

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: Any) -> None:
        self.client.close()

    def get(self, path: str, **more: Any) -> httpx.Response:
        """A page, as it comes; redirects are not followed."""
        return self.client.get(path, headers={**_OWN, **more.pop("headers", {})}, **more)

    def open(self, path: str) -> str:
        """The HTML of a page that must be there."""
        response = self.get(path)
        assert response.status_code == 200, (path, response.status_code, response.text[:2000])
        return response.text

    def token(self, page: str = "/about") -> str:
        """The token that the forms of a page carry; any page will do."""
        found = re.search(r'name="_csrf" value="([^"]+)"', self.open(page))
        if found is None:  # a page without a form
            return self._made()
        return unescape(found[1])

    def post(
        self,
        path: str,
        fields: dict[str, Any] | None = None,
        *,
        files: Any = None,
        page: str = "/about",
    ) -> httpx.Response:
        """Send a form as a browser does; the response as it comes (303 where the act was done)."""
        data = {"_csrf": self.token(page), **(fields or {})}
        return self.client.post(path, data=data, files=files, headers={**_OWN, "Origin": "null"})

    def act(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> str:
        """Send a form that must be accepted; the HTML of the page it leads to."""
        response = self.post(path, fields, **more)
        assert response.status_code == 303, (path, response.status_code, response.text[:2000])
        return self.open(response.headers["location"])

    def api(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """The JSON twin, as a script of our own page asks for it: with cookies and the page's token."""
        headers = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin"}
        if method != "GET":
            headers["X-CSRF-Token"] = self.token()
        if body is None:
            return self.client.request(method, path, headers=headers)
        return self.client.request(method, path, json=body, headers=headers)

    def sign_in(self, desk: Desk, person: Person) -> Browser:
        """Begin a session, without the page on which one signs in."""
        started = accounts.start_session(desk, person)
        self.client.cookies.set("medwarrant-session", started.token, domain="127.0.0.1")
        return self

    def _made(self) -> str:
        """A token for a page without a form, made as the server makes it."""
        visit = self.client.cookies.get("medwarrant-visit") or ""
        session = self.client.cookies.get("medwarrant-session") or ""
        return House.of(self.client.app).forms.token(f"{visit} {session}")
