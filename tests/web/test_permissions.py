"""Every route has its permission, every permission its route, and what has none is denied."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from browsing import Browser
from litestar import Litestar, Response, get
from litestar.routes import HTTPRoute

from medwarrant.review.people import ROLES
from medwarrant.web import routes
from medwarrant.web.app import create_app
from medwarrant.web.navigation import NAVIGATION
from medwarrant.web.permissions import PERMISSIONS, roles
from medwarrant.web.settings import WebSettings
from medwarrant.web.views.home import STEPS

#: Page routes that have no twin of their own, with the reason.
WITHOUT_TWIN = {
    "static": "files",
    "health": "already plain",
    "ready": "already plain",
    "metrics": "already for programs",
    "signed_out": "says only that it was done",
    "sign_in.oidc": "a step of a browser's way through the identity provider",
    "sign_in.oidc_back": "the same",
    "sign_out.oidc": "the same",
}
#: How names of routes end that answer with a file, which is the same for everybody.
FILES = (".pdf", ".csv", ".text", ".document", ".svg")


def named_routes(app: Litestar) -> Iterator[tuple[str, str, str]]:
    """Name, method and path of every route; the OPTIONS that Litestar adds tell only methods."""
    for route in app.routes:
        assert isinstance(route, HTTPRoute), route
        for handler in route.route_handlers:
            if handler.http_methods == {"OPTIONS"}:
                continue
            for method in handler.http_methods:
                yield str(handler.name or ""), str(method), route.path_format


def test_every_route_has_a_permission_and_every_permission_a_route(local_app):
    found = {name for name, _, _ in named_routes(local_app)}
    assert "" not in found, "a route without a name"
    assert found == set(PERMISSIONS)


def test_every_name_belongs_to_one_route(local_app):
    found = [(name, method) for name, method, _ in named_routes(local_app)]
    assert len(found) == len(set(found)) == len({name for name, _ in found})


def test_every_page_has_a_twin_below_api(local_app):
    paths = {path: name for name, method, path in named_routes(local_app) if method == "GET"}
    lacking = {
        name
        for path, name in paths.items()
        if not path.startswith("/api") and name not in WITHOUT_TWIN and not name.endswith(FILES)
        if ("/api" + path).rstrip("/") not in paths
    }
    assert lacking == set()


def test_twins_are_for_tokens_and_pages_are_not():
    for name, permission in PERMISSIONS.items():
        if not name.startswith("api.") and name != "metrics":
            assert permission.scope is None, name


def test_a_page_and_its_twin_are_open_to_the_same_people():
    for name, permission in PERMISSIONS.items():
        twin = PERMISSIONS.get(f"api.{name}")
        if twin is not None:
            assert (twin.public, twin.roles) == (permission.public, permission.roles), name


def test_what_is_offered_exists():
    assert {route for _, route in NAVIGATION} <= set(PERMISSIONS)
    assert {step.route for step in STEPS} <= set(PERMISSIONS)


def test_a_route_without_a_permission_is_denied(desk, monkeypatch):
    @get("/forgotten", name="forgotten", include_in_schema=False, sync_to_thread=False)
    def forgotten() -> Response[str]:
        return Response("told")

    monkeypatch.setattr(routes, "PAGES", (*routes.PAGES, (forgotten,)))
    with Browser(create_app(desk, WebSettings())) as browser:
        assert browser.get("/forgotten").status_code == 403


def test_whoever_has_not_signed_in_gets_nothing_but_what_is_public(nobody, accounts_app):
    for name, method, path in named_routes(accounts_app):
        response = nobody.client.request(
            method, re.sub(r"\{\w+\}", "1", path), headers={"Accept": "application/json"}
        )
        if PERMISSIONS[name].public:
            assert response.status_code not in (401, 403) or method != "GET", name
        else:
            assert response.status_code == 401, name


def test_roles_need_a_name():
    with pytest.raises(ValueError, match="at least one"):
        roles()
    assert all(roles(role).roles == {role} for role in ROLES)
