"""Values that only this server can have made: tokens against forged forms, signed cookies.

Keys are derived from the key of the desk, each for one purpose, so that several workers agree and nothing
further has to be configured.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from typing import Final

_NONCE: Final = 16
_DIGEST: Final = 32


class Signing:
    """Makes and checks values of one purpose.

    >>> signing = Signing(b"k" * 32, "notice")
    >>> signing.opened(signing.signed(b"saved")), signing.opened("forged")
    (b'saved', None)
    """

    def __init__(self, key: bytes, purpose: str) -> None:
        self._key = hmac.digest(key, f"medwarrant web {purpose}".encode(), "sha256")

    def token(self, bound_to: str) -> str:
        """A token for somebody; another one at every call, so that compression tells nothing of it."""
        nonce = secrets.token_bytes(_NONCE)
        return _text(nonce + self._digest(nonce, bound_to))

    def accepts(self, token: str, bound_to: str) -> bool:
        """Whether a token was made for this somebody."""
        raw = _bytes(token)
        if raw is None or len(raw) != _NONCE + _DIGEST:
            return False
        nonce, digest = raw[:_NONCE], raw[_NONCE:]
        return hmac.compare_digest(digest, self._digest(nonce, bound_to))

    def signed(self, value: bytes) -> str:
        """A value with its signature, as a cookie may carry it."""
        return _text(hmac.digest(self._key, value, "sha256") + value)

    def opened(self, signed: str) -> bytes | None:
        """The value of a signed text; None where it is not ours."""
        raw = _bytes(signed)
        if raw is None or len(raw) < _DIGEST:
            return None
        digest, value = raw[:_DIGEST], raw[_DIGEST:]
        return (
            value if hmac.compare_digest(digest, hmac.digest(self._key, value, "sha256")) else None
        )

    def _digest(self, nonce: bytes, bound_to: str) -> bytes:
        return hmac.digest(self._key, nonce + bound_to.encode(), "sha256")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
