"""The one guard of every route: which host, from which site, who, with which permission, from whose form."""

from __future__ import annotations

import secrets
from typing import Any, Final
from urllib.parse import urlsplit

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler

from ..review import accounts
from ..review.errors import NotAllowed, NotFound
from ..review.people import Person
from ..review.work import Desk, Work
from .cookies import cookie_name
from .errors import Forged, NotSignedIn, WrongKind
from .forms import CSRF_FIELD, FORMS, read_form
from .here import Here
from .house import House
from .notice import Notice
from .permissions import PERMISSIONS, Permission
from .problems import is_for_programs
from .settings import WebSettings

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER: Final = "x-csrf-token"
_VISIT_LENGTH: Final = 22


class Admission:
    """The guard. It denies whatever the permission table does not allow, and leaves a `Here` for the route."""

    async def __call__(
        self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        """Admit a request, or raise what `problems` answers."""
        house = House.of(connection.app)
        settings = house.settings
        refuse_wrong_host(connection, settings)
        refuse_cross_site(connection, settings)
        method = method_of(connection)
        route = str(handler.name or "")
        permission = PERMISSIONS.get(route)
        if permission is None:
            raise NotAllowed("this route is in no permission table")
        here = await self._here(house, connection, route, permission)
        connection.scope["state"]["here"] = here
        if not permission.allows(here.person):
            if here.person is None:
                raise NotSignedIn
            raise NotAllowed(
                "this needs another role than yours", mend="ask an administrator for it"
            )
        if method not in SAFE:
            assert isinstance(connection, Request)
            refuse_other_content(connection)
            if not _has_bearer(connection):
                await self._refuse_forged(connection, here)

    async def _here(
        self,
        house: House,
        connection: ASGIConnection[Any, Any, Any, Any],
        route: str,
        permission: Permission,
    ) -> Here:
        settings, cookies = house.settings, connection.cookies
        session = ""
        person: Person | None
        if _has_bearer(connection):
            person = await self._of_token(house, connection, permission)
        elif house.local_person is not None:
            person = await self._of_local(
                house, house.local_person, cookies.get(cookie_name(settings, "as"), "")
            )
        else:
            session = cookies.get(cookie_name(settings, "session"), "")
            person = await sync_to_thread(_of_session, house, session) if session else None
        visit = cookies.get(cookie_name(settings, "visit"), "")
        known = len(visit) == _VISIT_LENGTH and visit.isascii()
        signed = cookies.get(cookie_name(settings, "notice"), "")
        return Here(
            house=house,
            app=connection.app,
            person=person,
            local_person=house.local_person,
            visit=visit if known else secrets.token_urlsafe(16),
            new_visit=not known,
            session=session if person is not None else "",
            notice=Notice.decoded(house.notices.opened(signed)) if signed else None,
            route=route,
            path=connection.scope["path"],
        )

    async def _of_token(
        self,
        house: House,
        connection: ASGIConnection[Any, Any, Any, Any],
        permission: Permission,
    ) -> Person:
        token = connection.headers["authorization"].partition(" ")[2].strip()
        found = await sync_to_thread(accounts.person_of_token, house.desk, token)
        if found is None:
            raise NotSignedIn
        person, scopes = found
        if not permission.allows_token(scopes):
            raise NotAllowed(
                "the token's scopes do not reach this", mend="make a token with the scope it needs"
            )
        return person

    async def _of_local(self, house: House, local: Person, chosen: str) -> Person:
        """The person of the local mode, or the one as whom he works."""
        if not chosen or chosen == local.id:
            return local
        return await sync_to_thread(_known, house.desk, local, chosen) or local

    async def _refuse_forged(self, request: Request[Any, Any, Any], here: Here) -> None:
        """An act needs a token that only a page of ours can have given."""
        if here.new_visit and here.local_person is not None and not _is_browser(request):
            return  # a program on this machine, in the local mode
        token = request.headers.get(CSRF_HEADER)
        if token is None:
            form = await read_form(
                request,
                most_fields=here.settings.form_fields,
                file_bytes=here.settings.file_bytes,
            )
            token = form.get(CSRF_FIELD)
        if not here.house.forms.accepts(token, f"{here.visit} {here.session}"):
            raise Forged


def _of_session(house: House, token: str) -> Person | None:
    return accounts.person_of_session(house.desk, token, house.settings.session_limits)


def _known(desk: Desk, local: Person, person_id: str) -> Person | None:
    with desk.database.read() as connection:
        try:
            found = accounts.account(Work(desk, connection, local, desk.clock()), person_id)
        except NotFound:
            return None
    return found.person if found.active else None


def refuse_wrong_host(
    connection: ASGIConnection[Any, Any, Any, Any], settings: WebSettings
) -> None:
    """Raises where the `Host` header names a host that is not ours."""
    reached_at, _ = connection.scope.get("server") or ("", None)
    if not settings.admits_host(connection.headers.get("host", ""), reached_at):
        raise HTTPException(
            status_code=421,
            detail=f"this server does not answer under the name in the address: {settings.host_wanted}",
        )


def refuse_cross_site(
    connection: ASGIConnection[Any, Any, Any, Any], settings: WebSettings
) -> None:
    """Raises `Forged` where another site sent the request.

    Browsers say in `Sec-Fetch-Site` where a request comes from; following a link from elsewhere is fine, anything else
    is not. Older ones say `Origin` with what acts.
    """
    headers, method = connection.headers, method_of(connection)
    site = headers.get("sec-fetch-site")
    if site in ("cross-site", "same-site"):
        followed = headers.get("sec-fetch-mode") == "navigate" and method in SAFE
        if not followed or headers.get("sec-fetch-dest", "document") != "document":
            raise Forged
    origin = headers.get("origin")
    if origin is None or (origin == "null" and site in (None, "same-origin")):
        return  # our pages send no referrer, for which browsers hide the origin of a form; its token counts
    if origin not in _own_origins(headers.get("host", ""), settings):
        raise Forged


def refuse_other_content(request: Request[Any, Any, Any]) -> None:
    """Raises `WrongKind` where a twin is sent something that is no JSON, or a page something that is no form.

    A form of another site can send forms and plain text, but no JSON.
    """
    headers = request.headers
    if headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers:
        return
    kind = request.content_type[0]
    if is_for_programs(request.scope["path"]):
        if kind != "application/json":
            raise WrongKind("send application/json")
    elif kind not in FORMS:
        raise WrongKind("send a form")


def method_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The method of a request."""
    return str(connection.scope.get("method", ""))


def _own_origins(host: str, settings: WebSettings) -> set[str]:
    found = {f"{scheme}://{host}" for scheme in ("http", "https")}
    if settings.public_url:
        parts = urlsplit(settings.public_url)
        found.add(f"{parts.scheme}://{parts.netloc}")
    return found


def _has_bearer(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    return connection.headers.get("authorization", "").lower().startswith("bearer ")


def _is_browser(request: Request[Any, Any, Any]) -> bool:
    return any(name in request.headers for name in ("origin", "sec-fetch-site", "cookie"))
