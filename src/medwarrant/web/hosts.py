"""Names and addresses of machines."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

_LOOPBACK_NAMES: Final = frozenset({"localhost", "ip6-localhost"})


def host_name(host: str) -> str:
    """The name in a `Host` header, without its port; empty where there is none.

    >>> host_name("[::1]:8000"), host_name("LocalHost:8000"), host_name("a b")
    ('::1', 'localhost', '')
    """
    try:
        parts = urlsplit(f"//{host}")
        parts.port  # noqa: B018  # raises where it is no number
    except ValueError:
        return ""
    if parts.path or parts.query or parts.username is not None or " " in host:
        return ""
    return (parts.hostname or "").rstrip(".")


def is_loopback(host: str) -> bool:
    """Whether a name or address means this machine.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("localhost"), is_loopback("example.org")
    (True, True, True, False)
    """
    if host.lower() in _LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
