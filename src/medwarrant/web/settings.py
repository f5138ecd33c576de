"""How the web application is run."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import msgspec

from ..model.errors import InputError
from ..review.accounts import SessionLimits
from .hosts import host_name, is_loopback
from .oidc.settings import OidcSettings


class WebSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How the web application is run.

    Without `accounts` it is *local*: one person, no login, reachable from this machine alone. `public_url` is the
    address by which people reach it where a proxy stands before it; where it begins with https, cookies are
    marked secure. Raises `InputError` where the settings would leave a door open.

    >>> WebSettings(host="0.0.0.0")
    Traceback (most recent call last):
      ...
    medwarrant.model.errors.InputError: --host: without accounts the server may be reached from this machine alone; ...
    """

    accounts: bool = False
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str | None = None
    file_bytes: int = 10_000_000
    request_bytes: int = 25_000_000
    form_fields: int = 2_000
    body_seconds: float = 60.0
    #: How long a session lasts: without being used, and at most.
    session_minutes: int = 30
    session_hours: int = 12
    #: The identity provider with which people sign in, where there is one.
    oidc: OidcSettings | None = None

    def __post_init__(self) -> None:
        if not self.accounts and not is_loopback(self.host):
            raise InputError(
                "without accounts the server may be reached from this machine alone",
                where="--host",
                mend="leave --host out, or add --accounts",
            )
        if self.session_minutes < 1 or self.session_hours < 1:
            raise InputError("a session lasts a minute at least", where="session_minutes")
        if self.public_url is None:
            return
        parts = urlsplit(self.public_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
            raise InputError(
                "this is not the address of a server",
                where="--public-url",
                mend="write https://NAME, without a path",
            )
        if not self.accounts and not is_loopback(parts.hostname):
            raise InputError(
                "a server that others reach needs accounts",
                where="--public-url",
                mend="add --accounts",
            )

    @property
    def session_limits(self) -> SessionLimits:
        """How long a session lasts."""
        return SessionLimits(
            idle=timedelta(minutes=self.session_minutes), most=timedelta(hours=self.session_hours)
        )

    @property
    def address(self) -> str:
        """The address by which people reach it, without a path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether people reach it by https."""
        return self.public_url is not None and self.public_url.startswith("https:")

    def admits_host(self, host: str) -> bool:
        """Whether a request may name this host in its `Host` header.

        A local server answers to names of this machine only, so that no page of somebody else's can make a name
        of theirs point here (DNS rebinding); one with a public address answers to that address.
        """
        name = host_name(host)
        if not self.accounts:
            return is_loopback(name)
        if self.public_url is None:
            return bool(name)
        return name == urlsplit(self.public_url).hostname or is_loopback(name)
