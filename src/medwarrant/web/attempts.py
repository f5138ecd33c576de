"""How often somebody may fail to sign in from one address, whoever it is that they try.

The lock of an account stops guesses at one login; this slows guesses at many. Kept in memory: a server with
several workers counts in each, and forgets when it starts anew.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections.abc import Callable


class Attempts:
    """Failures by address: so many at once, and one more each few seconds.

    >>> attempts = Attempts(most=2, every=10.0, clock=lambda: 0.0)
    >>> for _ in range(2):
    ...     attempts.failed("127.0.0.1")
    >>> attempts.wait("127.0.0.1"), attempts.wait("127.0.0.2")
    (10.0, 0.0)
    """

    def __init__(
        self,
        *,
        most: int = 30,
        every: float = 10.0,
        addresses: int = 20_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most
        self._every = every
        self._addresses = addresses
        self._clock = clock
        self._turn = threading.Lock()
        #: For each address the moment at which all its failures will be forgotten.
        self._until: dict[str, float] = {}

    def wait(self, address: str) -> float:
        """The seconds until somebody at an address may try again; 0 where they may now."""
        with self._turn:
            left = self._until.get(_who(address), 0.0) - self._clock()
        return max(0.0, left - self._every * (self._most - 1))

    def failed(self, address: str) -> None:
        """Count a failure."""
        now = self._clock()
        with self._turn:
            if len(self._until) >= self._addresses:
                self._until = {who: until for who, until in self._until.items() if until > now}
            if len(self._until) >= self._addresses:
                self._until.pop(next(iter(self._until)))
            who = _who(address)
            self._until[who] = max(now, self._until.pop(who, now)) + self._every


def _who(address: str) -> str:
    """An address, or the network of an IPv6 address, which one household has to itself.

    >>> _who("2001:db8:1:2:3:4:5:6"), _who("::ffff:127.0.0.1"), _who("127.0.0.1"), _who("a socket")
    ('2001:db8:1:2::/64', '127.0.0.1', '127.0.0.1', 'a socket')
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:100]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))
