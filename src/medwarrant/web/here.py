"""One request: who asks, at which desk, and how it is answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import markupsafe
from litestar import Litestar, Response
from litestar.datastructures import Cookie
from sqlalchemy import Connection

from ..review.people import Person
from ..review.work import Desk, Work
from ..version import __version__
from .cookies import cookie, gone
from .errors import NotSignedIn
from .forms import CSRF_FIELD, EMPTY_FORM, Form
from .house import House
from .navigation import Entry, entries
from .notice import SECONDS, Notice, Tone
from .permissions import PERMISSIONS
from .settings import WebSettings

HTML: Final = "text/html"


class Here:
    """One request: who asks, at which desk, and how it is answered.

    `person` is None where nobody is signed in, which only public routes ever see; `local_person` is the person of the
    local mode, also while somebody works as another one. Tokens of forms are bound to the cookie of the visit and,
    where there is one, that of the session.
    """

    # No dataclass: Litestar hands it to routes through msgspec, which would take one apart at every request.

    def __init__(
        self,
        *,
        house: House,
        app: Litestar,
        person: Person | None,
        local_person: Person | None = None,
        visit: str = "",
        new_visit: bool = False,
        session: str = "",
        notice: Notice | None = None,
        route: str = "",
        path: str = "/",
    ) -> None:
        self.house = house
        self.app = app
        self.person = person
        self.local_person = local_person
        self.visit = visit
        self.new_visit = new_visit
        self.session = session
        self.notice = notice
        self.route = route
        self.path = path

    @property
    def desk(self) -> Desk:
        """The review desk."""
        return self.house.desk

    @property
    def settings(self) -> WebSettings:
        """How the server is run."""
        return self.house.settings

    @property
    def signed_in(self) -> Person:
        """Who is signed in. Raises `NotSignedIn` where nobody is."""
        if self.person is None:
            raise NotSignedIn
        return self.person

    # --- work ---------------------------------------------------------------------------------------

    @contextmanager
    def work(self) -> Iterator[Work]:
        """A transaction of the person, for acts and for whatever the audit log must tell of.

        Only ever inside one synchronous function that runs in a thread: a transaction that waits for the event loop
        would hold up every other one.
        """
        with self.desk.work(self.signed_in) as work:
            yield work

    @contextmanager
    def look(self) -> Iterator[Work]:
        """Work that only reads, takes no lock and can log nothing."""
        with self.look_as(self.signed_in) as work:
            yield work

    @contextmanager
    def look_as(self, person: Person) -> Iterator[Work]:
        """Work of another person that only reads."""
        with self.desk.database.read() as connection:
            yield Work(self.desk, connection, person, self.desk.clock())

    @contextmanager
    def public(self) -> Iterator[Connection]:
        """A connection that reads, for routes which need nobody."""
        with self.desk.database.read() as connection:
            yield connection

    # --- answers ------------------------------------------------------------------------------------

    def page(
        self,
        template: str,
        view: Any = None,
        *,
        typed: Form = EMPTY_FORM,
        problem: Exception | None = None,
        status: int | None = None,
        **more: Any,
    ) -> Response[str]:
        """A page: the template shows `view`, and whatever else is named.

        Where an act was refused, `problem` is why and `typed` what the person had typed: the form comes back filled,
        with status 400 (409 and 403 come from the error itself, see `problems`).
        """
        text = self.house.templates.render(
            template, {"here": self, "view": view, "typed": typed, "problem": problem, **more}
        )
        cookies = [*self._visit_cookie()]
        if self.notice is not None:
            cookies.append(gone(self.settings, "notice"))
        return Response(
            text,
            media_type=HTML,
            status_code=status or (200 if problem is None else 400),
            cookies=cookies,
        )

    def redirect(
        self,
        to: str,
        *,
        say: str = "",
        tone: Tone = "done",
        cookies: tuple[Cookie, ...] = (),
        fragment: str = "",
        **parameters: Any,
    ) -> Response[None]:
        """Go on to a page, by its name, after an act (303: a reload does not repeat it).

        `say` is shown on that page, once; it holds nothing of a patient.
        """
        given = [*cookies]
        if say:
            value = self.house.notices.signed(Notice(say, tone).encoded())
            given.append(cookie(self.settings, "notice", value, seconds=SECONDS))
        address = self.url(to, **parameters) + (f"#{fragment}" if fragment else "")
        return go_to(address, given)

    def file(
        self, body: bytes, media_type: str, name: str, *, inline: bool = False
    ) -> Response[bytes]:
        """A file: a PDF, a CSV. `name` is ASCII and holds nothing of a patient; text is UTF-8, and said to be."""
        kind = "inline" if inline else "attachment"
        return Response(
            body,
            media_type=media_type,
            headers={"Content-Disposition": f'{kind}; filename="{name}"'},
        )

    def _visit_cookie(self) -> Iterator[Cookie]:
        if self.new_visit:
            yield cookie(self.settings, "visit", self.visit)

    # --- for templates ------------------------------------------------------------------------------

    def url(self, route: str, **parameters: Any) -> str:
        """The path of a route by its name.

        Raises `NoRouteMatchFoundException` where there is none.
        """
        return self.app.route_reverse(route, **parameters)

    def absolute(self, route: str, **parameters: Any) -> str:
        """The whole address of a route, for a link that is shared; the path where no public address is set."""
        base = (self.settings.public_url or "").rstrip("/")
        return f"{base}{self.url(route, **parameters)}"

    def may(self, route: str) -> bool:
        """Whether the person may use a route: pages show no link that would be refused."""
        permission = PERMISSIONS.get(route)
        return permission is not None and permission.allows(self.person)

    def asset(self, name: str) -> str:
        """The address of a style sheet, script or picture."""
        return self.house.assets.address(name)

    @property
    def csrf(self) -> str:
        """A token that says that a form came from this page."""
        return self.house.forms.token(f"{self.visit} {self.session}")

    @property
    def csrf_field(self) -> markupsafe.Markup:
        """The hidden field that every form carries."""
        return markupsafe.Markup('<input type="hidden" name="{}" value="{}">').format(
            CSRF_FIELD, self.csrf
        )

    @property
    def navigation(self) -> tuple[Entry, ...]:
        """The entries of the header for this person."""
        return entries(self.route, may=self.may, url=self.url)

    @property
    def version(self) -> str:
        """The version of medwarrant."""
        return __version__


def go_to(address: str, cookies: list[Cookie] | None = None) -> Response[None]:
    """Go on to an address (303). The address is ours, never one that a request names."""
    return Response(None, status_code=303, headers={"Location": address}, cookies=cookies or [])
