"""Every area of the application, in one list."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Router
from litestar.types import ControllerRouterHandler

from .api import about as api_about
from .api import accounts as api_accounts
from .api import asking as api_asking
from .api import audit as api_audit
from .api import cases as api_cases
from .api import content as api_content
from .api import dashboard as api_dashboard
from .api import home as api_home
from .api import inquiries as api_inquiries
from .api import second_reviews as api_second_reviews
from .api import settings as api_settings
from .api import working_as as api_working_as
from .api.bodies import ExactBody
from .house import House
from .pages import (
    about,
    account,
    asking,
    audit,
    cases,
    content,
    dashboard,
    home,
    inquiries,
    people,
    second_reviews,
    service,
    settings,
    sign_in,
    static,
    working_as,
)

#: Pages; each area gives its routes as ROUTES.
PAGES: Sequence[Sequence[ControllerRouterHandler]] = (
    service.ROUTES,
    home.ROUTES,
    asking.ROUTES,
    inquiries.ROUTES,
    cases.ROUTES,
    about.ROUTES,
    working_as.ROUTES,
    sign_in.ROUTES,
    account.ROUTES,
    people.ROUTES,
    content.ROUTES,
    second_reviews.ROUTES,
    dashboard.ROUTES,
    audit.ROUTES,
    settings.ROUTES,
)
#: Their twins, with paths as the pages have them: `/api` stands before all of them.
TWINS: Sequence[Sequence[ControllerRouterHandler]] = (
    api_home.ROUTES,
    api_asking.ROUTES,
    api_inquiries.ROUTES,
    api_cases.ROUTES,
    api_about.ROUTES,
    api_working_as.ROUTES,
    api_accounts.ROUTES,
    api_content.ROUTES,
    api_second_reviews.ROUTES,
    api_dashboard.ROUTES,
    api_audit.ROUTES,
    api_settings.ROUTES,
)


def routes(house: House) -> list[ControllerRouterHandler]:
    """The routes of a server."""
    # One router for all: registered one by one with the application itself, a second method of a path would make
    # Litestar 2.25 wrap the first one's function in a thread twice.
    pages = [route for area in PAGES for route in area]
    return [
        Router("/", route_handlers=[*pages, static.route(house.assets)]),
        twins(),
    ]


def twins() -> Router:
    """The JSON routes, below /api."""
    return Router(
        "/api",
        route_handlers=[route for area in TWINS for route in area],
        dto=ExactBody,
        return_dto=None,
    )
