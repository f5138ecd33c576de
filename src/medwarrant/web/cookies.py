"""Cookies: never readable by scripts, never sent to other sites, bound to this host where it is reached by https."""

from __future__ import annotations

from typing import Literal

from litestar.datastructures import Cookie

from .settings import WebSettings

CookieName = Literal["session", "visit", "notice", "as", "reader", "oidc"]


def cookie_name(settings: WebSettings, name: CookieName) -> str:
    """The whole name of a cookie; `__Host-` keeps other servers of the domain from setting it."""
    return f"{'__Host-' if settings.secure else ''}medwarrant-{name}"


def cookie(
    settings: WebSettings, name: CookieName, value: str, *, seconds: int | None = None
) -> Cookie:
    """A cookie; without `seconds` it ends with the browser.

    `SameSite=Lax`: a link from elsewhere in the organisation opens the page, a form from elsewhere does not act.
    """
    return Cookie(
        key=cookie_name(settings, name),
        value=value,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.secure,
        max_age=seconds,
    )


def gone(settings: WebSettings, name: CookieName) -> Cookie:
    """What takes a cookie away."""
    return cookie(settings, name, "", seconds=0)
