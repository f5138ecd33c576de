"""A small OpenID provider on loopback, with real keys and real HTTP, which can be told to misbehave."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey

CLIENT, SECRET = "desk", "a secret: with / and %"
ALICE = {"sub": "alice-1", "preferred_username": "alice", "name": "Alice Moreau", "groups": []}


class IdentityProvider:
    """Knows one person, who is always signed in, and answers `/authorize` at once."""

    def __init__(self) -> None:
        self.key: Key = RSAKey.generate_key(2048, parameters={"kid": "one"})
        self.alg = "RS256"
        self.published: list[dict[str, Any]] | None = None
        self.person: dict[str, Any] = dict(ALICE)
        #: What each token request was given, and the codes that are good, with what was asked for.
        self.asked: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        #: Changes to what an honest provider says.
        self.metadata: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] | None = None
        self.sign: Callable[[dict[str, Any]], str] | None = None
        self.raw: dict[str, tuple[int, bytes]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        """Stop."""
        if self.thread.is_alive():
            self.server.shutdown()
            self.thread.join()
        self.server.server_close()

    def new_key(self) -> None:
        """Sign with another key from now on."""
        self.key = ECKey.generate_key("P-256", parameters={"kid": "two"})
        self.alg = "ES256"

    # --- endpoints --------------------------------------------------------------------------------

    def discovery(self) -> dict[str, Any]:
        """What it publishes of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/logout?tenant=1",
            "authorization_response_iss_parameter_supported": True,
            **self.metadata,
        }

    def authorize(self, query: dict[str, str]) -> str:
        """Where it sends the browser, with a code that is good once."""
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        back = {"code": code, "state": query["state"], "iss": self.issuer}
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The tokens for a code."""
        if self.metadata.get("token_endpoint_auth_methods_supported") == ["client_secret_post"]:
            named = (form["client_id"], form.get("client_secret", ""))
        else:
            user, _, password = (
                base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
            )
            named = (unquote_plus(user), unquote_plus(password))
        if named != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or asked["redirect_uri"] != form["redirect_uri"]
            or asked["code_challenge"] != challenge
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.person,
            **self.claims,
        }
        claims = {key: value for key, value in claims.items() if value is not None}
        return 200, {
            "access_token": "good",
            "token_type": "Bearer",
            "id_token": self.signed(claims),
        }

    def signed(self, claims: dict[str, Any]) -> str:
        """An ID token."""
        if self.sign is not None:
            return self.sign(claims)
        header = {"alg": self.alg, "kid": self.key.kid}
        return jwt.encode(header, claims, self.key, algorithms=[self.alg])

    # --- HTTP -------------------------------------------------------------------------------------

    def _answer(self, path: str, query: dict[str, str], authorization: str) -> tuple[int, Any]:
        if path == "/.well-known/openid-configuration":
            return 200, self.discovery()
        if path == "/keys":
            keys = self.published
            return 200, {"keys": [self.key.as_dict(private=False)] if keys is None else keys}
        if path == "/userinfo" and authorization == "Bearer good":
            return 200, self.userinfo or {"sub": self.person["sub"]}
        return 404, {}

    def _handler(provider) -> type[BaseHTTPRequestHandler]:  # noqa: N805  # `self` is the handler's
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                provider.asked.append(parts.path)
                query = {key: values[0] for key, values in parse_qs(parts.query).items()}
                if parts.path == "/authorize":
                    self.send_response(302)
                    self.send_header("Location", provider.authorize(query))
                    self.end_headers()
                    return
                authorization = self.headers.get("Authorization", "")
                self._say(parts.path, *provider._answer(parts.path, query, authorization))

            def do_POST(self) -> None:
                provider.asked.append(self.path)
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {key: values[0] for key, values in parse_qs(body).items()}
                self._say(self.path, *provider.token(form, self.headers.get("Authorization", "")))

            def _say(self, path: str, status: int, said: Any) -> None:
                status, body = provider.raw.get(path, (status, json.dumps(said).encode()))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                if status in (301, 302, 307):
                    self.send_header("Location", provider.issuer + "/elsewhere")
                self.end_headers()
                try:
                    self.wfile.write(body)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return Handler
