"""The identity provider, over HTTP: where its endpoints are, its keys, its tokens. Asked only during a sign-in."""

from __future__ import annotations

import base64
import json
import ssl
import threading
import time
from functools import cache
from typing import Any, Final
from urllib.parse import quote_plus

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from ...review.errors import Unavailable
from .refused import SignInRefused
from .settings import OidcSettings, is_safe_address

_SECONDS: Final = 10.0
_MOST_BYTES: Final = 1_000_000
_KEPT_SECONDS: Final = 3600.0
#: Keys are asked for again for an unknown one, but not more often than this.
_AGAIN_SECONDS: Final = 30.0
_NEEDED: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_ENDPOINTS: Final = (*_NEEDED, "userinfo_endpoint", "end_session_endpoint")


class Provider:
    """The identity provider of the settings; what it publishes is kept for an hour."""

    def __init__(self, settings: OidcSettings) -> None:
        self.settings = settings
        self._turn = threading.Lock()
        self._metadata: dict[str, Any] = {}
        self._metadata_at = float("-inf")
        self._keys: KeySet | None = None
        self._keys_at = float("-inf")

    def metadata(self) -> dict[str, Any]:
        """What the provider publishes of itself. Raises `Unavailable` where it does not, or not as it must."""
        with self._turn:
            if time.monotonic() - self._metadata_at > _KEPT_SECONDS:
                address = self.settings.issuer.rstrip("/") + "/.well-known/openid-configuration"
                self._metadata = self._checked(_ask("GET", address))
                self._metadata_at = time.monotonic()
            return self._metadata

    def _checked(self, said: dict[str, Any]) -> dict[str, Any]:
        if said.get("issuer") != self.settings.issuer:
            raise _unusable("it names another issuer than the one that is set")
        for name in _ENDPOINTS:
            address = said.get(name)
            if address is None and name not in _NEEDED:
                continue
            if not isinstance(address, str) or not is_safe_address(address):
                raise _unusable(f"its {name} cannot be used")
        return said

    def keys(self, *, anew: bool = False) -> KeySet:
        """The keys with which the provider signs; `anew` asks again, at most every half minute."""
        address = self.metadata()["jwks_uri"]
        with self._turn:
            age = time.monotonic() - self._keys_at
            if self._keys is None or age > (_AGAIN_SECONDS if anew else _KEPT_SECONDS):
                self._keys = _signing_keys(_ask("GET", address))
                self._keys_at = time.monotonic()
            return self._keys

    def tokens(self, code: str, verifier: str, redirect_uri: str) -> dict[str, Any]:
        """The tokens for a code, which is good once. Raises `SignInRefused` where the provider refuses it."""
        metadata = self.metadata()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
            "client_id": self.settings.client_id,
        }
        headers = {}
        if secret := self.settings.secret():
            ways = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
            if "client_secret_basic" in ways:
                pair = f"{quote_plus(self.settings.client_id)}:{quote_plus(secret)}"
                headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
            else:
                form["client_secret"] = secret
        return _ask("POST", metadata["token_endpoint"], headers=headers, form=form)

    def userinfo(self, access_token: str) -> dict[str, Any]:
        """What the provider tells of the person beyond the ID token; empty where it has no such endpoint."""
        address = self.metadata().get("userinfo_endpoint")
        if not address or not access_token:
            return {}
        return _ask("GET", address, headers={"Authorization": f"Bearer {access_token}"})


def _unusable(problem: str) -> Unavailable:
    return Unavailable(
        f"the identity provider cannot be used: {problem}",
        mend="ask whoever runs this server, or sign in with a password",
    )


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates that are trusted: reading them takes longer than a request."""
    return httpx.create_ssl_context()


def _ask(
    method: str,
    address: str,
    *,
    headers: dict[str, str] | None = None,
    form: dict[str, str] | None = None,
) -> dict[str, Any]:
    """A JSON object from the provider; never more than a megabyte, never from where it redirects to."""
    try:
        with (
            httpx.Client(timeout=_SECONDS, follow_redirects=False, verify=_trusted()) as client,
            client.stream(
                method,
                address,
                headers={"Accept": "application/json", **(headers or {})},
                data=form,
            ) as response,
        ):
            body = b""
            for part in response.iter_bytes():
                body += part
                if len(body) > _MOST_BYTES:
                    raise _unusable("it sends too much")
            status = response.status_code
    except httpx.HTTPError:
        raise Unavailable(
            "the identity provider does not answer",
            mend="try again in a moment, or sign in with a password",
        ) from None
    if method == "POST" and 400 <= status < 500:
        raise SignInRefused("the identity provider refused the code")
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if status != 200 or not isinstance(said, dict):
        raise _unusable("its answer is not what it must be")
    return said


def _signing_keys(said: dict[str, Any]) -> KeySet:
    """The public keys for signatures; a shared key in the list is nobody's signature."""
    listed = said.get("keys")
    fit = [
        key
        for key in (listed if isinstance(listed, list) else [])
        if isinstance(key, dict)
        and key.get("kty") in ("RSA", "EC", "OKP")
        and key.get("use", "sig") == "sig"
    ]
    try:
        return KeySet.import_key_set({"keys": fit})
    except (JoseError, ValueError, TypeError, KeyError):
        raise _unusable("its keys cannot be read") from None
