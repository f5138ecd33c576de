"""The way of a sign-in: to the provider with a request that only this browser can finish, and back."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from ...review.people import ROLES, Role
from ..signing import Signing
from .id_token import UnknownKey, checked_claims
from .provider import Provider
from .refused import SignInRefused
from .settings import OidcSettings

#: How long somebody may take to sign in at the provider.
SECONDS: Final = 600
_MOST_USED: Final = 10_000
_MOST_CHARACTERS: Final = 4096
_KNOWN_ERRORS: Final = frozenset(
    {"access_denied", "login_required", "interaction_required", "consent_required", "server_error", "temporarily_unavailable"}
)  # fmt: skip


class Begun(msgspec.Struct, frozen=True):
    """A sign-in that has begun, as the browser keeps it, signed by us, until it comes back."""

    state: str
    nonce: str
    verifier: str
    next: str
    until: float


class Vouched(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the provider vouches for. `roles` is None where it does not say what people are."""

    issuer: str
    subject: str
    login: str
    name: str
    roles: tuple[Role, ...] | None
    next: str


class Flow:
    """Sign-ins through one provider. `redirect_uri` is where it sends people back, as it is registered there."""

    def __init__(
        self,
        settings: OidcSettings,
        *,
        redirect_uri: str,
        signing: Signing,
        clock: Callable[[], datetime],
    ) -> None:
        self.settings = settings
        self.provider = Provider(settings)
        self._redirect_uri = redirect_uri
        self._signing = signing
        self._clock = clock
        self._turn = threading.Lock()
        self._used: dict[str, float] = {}

    def begin(self, next_path: str) -> tuple[str, str]:
        """The address at the provider to go to, and the value of the cookie with which one comes back."""
        begun = Begun(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            next=next_path,
            until=self._clock().timestamp() + SECONDS,
        )
        challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest())
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": self.settings.scopes,
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": challenge.decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        endpoint = self.provider.metadata()["authorization_endpoint"]
        return _with_query(endpoint, asked), self._signing.signed(msgspec.json.encode(begun))

    def finish(self, said: Mapping[str, str], cookie: str) -> Vouched:
        """Whom the provider vouches for, from what it sent the browser back with and from the cookie.

        Raises `SignInRefused` where the browser did not begin this sign-in or anything does not belong to it, and
        `Unavailable` where the provider does not answer.
        """
        begun = self._begun(cookie)
        if said.get("state") != begun.state:
            raise SignInRefused("it was not begun in this browser")
        self._use(begun)
        metadata = self.provider.metadata()
        if "iss" in said or metadata.get("authorization_response_iss_parameter_supported") is True:
            if said.get("iss") != self.settings.issuer:
                raise SignInRefused("another identity provider answered")
        if error := said.get("error"):
            known = error if error in _KNOWN_ERRORS else "no reason given"
            raise SignInRefused(f"the identity provider refused: {known.replace('_', ' ')}")
        code = said.get("code", "")
        if not 0 < len(code) <= _MOST_CHARACTERS:
            raise SignInRefused("the identity provider sent no code")
        tokens = self.provider.tokens(code, begun.verifier, self._redirect_uri)
        claims = self._claims(str(tokens.get("id_token", "")), begun.nonce)
        return self._vouched(claims, str(tokens.get("access_token", "")), begun.next)

    def sign_out_address(self, back: str) -> str | None:
        """Where one signs out at the provider, to be sent `back`; None where it offers no such place."""
        endpoint = self.provider.metadata().get("end_session_endpoint")
        if not endpoint:
            return None
        asked = {"client_id": self.settings.client_id, "post_logout_redirect_uri": back}
        return _with_query(endpoint, asked)

    def _begun(self, cookie: str) -> Begun:
        raw = self._signing.opened(cookie)
        try:
            begun = msgspec.json.decode(raw or b"", type=Begun)
        except msgspec.MsgspecError:
            raise SignInRefused("it was not begun in this browser") from None
        if self._clock().timestamp() >= begun.until:
            raise SignInRefused("it took too long")
        return begun

    def _use(self, begun: Begun) -> None:
        """Each begun sign-in is finished once, whether it succeeds or not."""
        now = self._clock().timestamp()
        with self._turn:
            if begun.state in self._used:
                raise SignInRefused("it was finished already")
            if len(self._used) >= _MOST_USED:
                self._used = {state: until for state, until in self._used.items() if until > now}
            self._used[begun.state] = begun.until

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        about = {"issuer": self.settings.issuer, "client_id": self.settings.client_id}
        now = self._clock()
        try:
            return checked_claims(token, self.provider.keys(), **about, nonce=nonce, now=now)
        except UnknownKey:
            keys = self.provider.keys(anew=True)
            return checked_claims(token, keys, **about, nonce=nonce, now=now)

    def _vouched(self, claims: dict[str, Any], access_token: str, next_path: str) -> Vouched:
        subject = claims["sub"]
        path = self.settings.roles_claim
        lacking = "name" not in claims or (path and claim(claims, path) is None)
        if lacking:
            more = self.provider.userinfo(access_token)
            if more and more.get("sub") != subject:
                raise SignInRefused("the identity provider told of another person")
            claims = {**more, **claims}
        return Vouched(
            issuer=self.settings.issuer,
            subject=subject,
            login=_text(claims.get("preferred_username")) or _text(claims.get("email")),
            name=_text(claims.get("name")),
            roles=roles_of(claim(claims, path), self.settings.roles) if path else None,
            next=next_path,
        )


def claim(claims: Mapping[str, Any], path: str) -> Any:
    """A claim by its name, or by the names of those that it lies in, parted by dots; None where there is none.

    >>> claim({"realm_access": {"roles": ["auditor"]}}, "realm_access.roles")
    ['auditor']
    """
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def roles_of(values: Any, meaning: Mapping[str, Role]) -> tuple[Role, ...]:
    """The roles that values of a claim mean; values that mean none are passed over.

    >>> roles_of(["um-nurses", "staff"], {"um-nurses": "nurse_reviewer"})
    ('nurse_reviewer',)
    >>> roles_of("auditor", {})
    ('auditor',)
    """
    said: Iterable[Any] = [values] if isinstance(values, str) else values or ()
    if not isinstance(said, list | tuple):
        return ()
    texts = [value for value in said if isinstance(value, str)]
    named = {meaning[text] for text in texts if text in meaning} if meaning else set(texts)
    return tuple(role for role in ROLES if role in named)


def _with_query(address: str, values: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(values)}"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
