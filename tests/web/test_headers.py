"""Headers and cookies of every answer."""

from __future__ import annotations

import pytest
from browsing import Browser

from medwarrant.web.app import create_app
from medwarrant.web.settings import WebSettings

PATHS = [
    "/",
    "/about",
    "/api/about",
    "/nowhere",
    "/api/nowhere",
    "/static/medwarrant.css",
    "/health",
]


@pytest.mark.parametrize("path", PATHS)
def test_nothing_from_elsewhere_inline_or_framed(local, path):
    headers = local.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["font-src"] == policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize("path", PATHS)
def test_only_files_of_the_application_are_kept(local, path):
    kept = local.get(path).headers["cache-control"]
    assert kept == ("no-cache" if path.startswith("/static") else "no-store")


def test_a_file_with_its_digest_is_kept_for_ever(local):
    page = local.open("/about")
    address = page.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    response = local.get(address)
    assert "immutable" in response.headers["cache-control"]
    assert response.headers["content-type"] == "text/css; charset=utf-8"


def test_cookies_are_kept_from_scripts_and_other_sites(local):
    cookie = local.get("/about").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie
    assert "domain" not in cookie


def test_over_https_cookies_are_bound_to_the_host(desk):
    settings = WebSettings(accounts=True, public_url="https://review.example.org")
    with Browser(create_app(desk, settings)) as browser:
        response = browser.get("/sign-in")
        cookie = response.headers["set-cookie"]
        assert cookie.startswith("__Host-medwarrant-visit=")
        assert "Secure" in cookie
        assert response.headers["strict-transport-security"].startswith("max-age=")


def test_pages_load_nothing_from_elsewhere(local):
    for path in ("/", "/about", "/working-as"):
        page = local.open(path)
        assert "http://" not in page
        assert "https://" not in page
