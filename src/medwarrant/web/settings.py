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
    address by which people reach it where a proxy stands before it, or under a name; where it begins with https,
    cookies are marked secure. Raises `InputError` where the settings would leave a door open.

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

    def admits_host(self, host: str, reached_at: str = "") -> bool:
        """Whether a request may name this host in its `Host` header; `reached_at` is the address it came in at.

        Every server answers to loopback names, one with a public address to that too, one with accounts and
        no public address to the address that it is bound to or was reached at. No other name is believed, so
        that no page of somebody else's can make a name of theirs point here (DNS rebinding).

        >>> everywhere = WebSettings(accounts=True, host="::")
        >>> names = ("localhost:8000", "[2001:db8::5]:8000", "[2001:db8::6]", "a.example")
        >>> [everywhere.admits_host(name, "2001:db8::5") for name in names]
        [True, True, False, False]
        """
        name = host_name(host)
        if is_loopback(name):
            return True
        if not self.accounts or not name:
            return False
        if self.public_url is None:
            return name in (self.host.lower(), reached_at)
        return name == urlsplit(self.public_url).hostname

    @property
    def host_wanted(self) -> str:
        """What is told to whoever comes under another name."""
        if not self.accounts:
            return "it serves this machine alone, as localhost or 127.0.0.1"
        return "whoever runs it names the address by which people reach it with --public-url"
