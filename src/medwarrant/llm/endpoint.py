"""The endpoint of a language model: where it is, and one request to it.

Any endpoint that speaks the chat completions of OpenAI will do, best one on the same machine. A note
goes nowhere but to the address that was configured: over TLS unless it stays on this machine, without
following redirects, and without a proxy for an address of this machine.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import time
from collections.abc import Mapping
from email.message import Message
from typing import IO, Any, Final
from urllib import error, request
from urllib.parse import urlsplit

import msgspec

from ..model.errors import InputError

URL, MODEL, KEY = "MEDWARRANT_LLM_URL", "MEDWARRANT_LLM_MODEL", "MEDWARRANT_LLM_KEY"
MOST_BYTES: Final = 1_000_000
_PATH: Final = "/chat/completions"


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A language model as the user configured it; `seconds` bound the wait for one answer.

    >>> Endpoint(url="http://localhost:11434/v1", model="local").address
    'http://localhost:11434/v1/chat/completions'
    """

    url: str
    model: str
    key: str = ""
    seconds: float = 120.0

    def __post_init__(self) -> None:
        """Refuse addresses that a note must not be sent to."""
        _check(self.url)
        if not self.model.strip() or not self.model.isprintable():
            raise InputError("a model is needed", where=MODEL, mend="set it to the model's name")
        if not (self.key.isascii() and self.key.isprintable()) or " " in self.key:
            raise InputError("the key holds signs that no key has", where=KEY, mend="copy it anew")
        if not 0 < self.seconds <= 3600:
            raise InputError("the time to wait is between 0 and 3600 seconds", where=URL)

    def __repr__(self) -> str:
        """The address and the model; never the key."""
        return f"Endpoint(url={self.url!r}, model={self.model!r})"

    @property
    def address(self) -> str:
        """The address that requests go to."""
        base = self.url.rstrip("/")
        return base if base.endswith(_PATH) else base + _PATH

    @staticmethod
    def configured(environment: Mapping[str, str]) -> Endpoint:
        """The endpoint that environment variables name; there is no other one, and no default.

        Raises `InputError` where none is set or the address is not allowed.
        """
        url = environment.get(URL, "").strip()
        if not url:
            raise InputError(
                "no language model is configured",
                where="--propose",
                mend=f"set {URL} and {MODEL} (and {KEY} where one is needed), or leave the option out",
            )
        return Endpoint(
            url=url,
            model=environment.get(MODEL, "").strip(),
            key=environment.get(KEY, "").strip(),
        )


def _check(url: str) -> None:
    where = URL
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
        parts = urlsplit("")
    if (
        not host
        or parts.scheme not in ("http", "https")
        or not url.isascii()
        or not url.isprintable()
    ):
        raise InputError(
            "this is not an address", where=where, mend="for example http://localhost:11434/v1"
        )
    if parts.username is not None or parts.query or parts.fragment or " " in url:
        raise InputError(
            "the address holds more than host and path", where=where, mend=f"set a key as {KEY}"
        )
    if parts.scheme != "https" and not is_this_machine(host):
        raise InputError(
            "a note would leave this machine unencrypted",
            where=where,
            mend="use https, or an endpoint on this machine",
        )


def is_this_machine(host: str) -> bool:
    """Whether a host is this machine itself.

    >>> is_this_machine("127.0.0.1"), is_this_machine("example.org")
    (True, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _NoRedirect(request.HTTPRedirectHandler):
    """Redirects are answers like any other error: the note is not sent to a second address."""

    def redirect_request(
        self,
        req: request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> None:
        """No request follows."""


def completion(endpoint: Endpoint, messages: list[dict[str, str]]) -> str | None:
    """What the model wrote, or None where the reply does not have the form of a completion.

    Raises `InputError` where there is no reply: not reached, refused, redirected, too slow or too large.
    """
    body = {"model": endpoint.model, "messages": messages, "stream": False}
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    handlers: list[request.BaseHandler] = [_NoRedirect()]
    if is_this_machine(urlsplit(endpoint.url).hostname or ""):
        handlers.append(request.ProxyHandler({}))
    asked = request.Request(  # noqa: S310 - the scheme was checked when the endpoint was made
        endpoint.address,
        data=json.dumps(body, ensure_ascii=True).encode("ascii"),
        headers=headers,
        method="POST",
    )
    until = time.monotonic() + endpoint.seconds
    try:
        with request.build_opener(*handlers).open(asked, timeout=endpoint.seconds) as reply:
            data = _read(reply, until)
    except error.HTTPError as failure:
        failure.close()
        raise _no_answer(f"the language model answered with status {failure.code}") from None
    except TimeoutError:
        raise _too_slow() from None
    except error.URLError as failure:
        if isinstance(failure.reason, TimeoutError):
            raise _too_slow() from None
        raise _no_answer("the language model cannot be reached") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise _no_answer("the connection to the language model broke off") from None
    return _content(data)


def _read(reply: http.client.HTTPResponse, until: float) -> bytes:
    """The body of a reply; an endpoint that sends it drop by drop is cut off in time."""
    parts, length = [], 0
    while part := reply.read1(65_536):
        length += len(part)
        if length > MOST_BYTES:
            raise _no_answer(f"the language model answered with more than {MOST_BYTES // 1000} kB")
        if time.monotonic() > until:
            raise _too_slow()
        parts.append(part)
    return b"".join(parts)


def _no_answer(problem: str) -> InputError:
    """Why there is no reply; in no case with words of the note, of the reply or of the key."""
    return InputError(problem, where=URL, mend="the answer is complete without proposals")


def _too_slow() -> InputError:
    return _no_answer("the language model did not answer in time")


def _content(data: bytes) -> str | None:
    try:
        reply: Any = json.loads(data)
        content = reply["choices"][0]["message"]["content"]
    except (ValueError, RecursionError, LookupError, TypeError):
        return None
    return content if isinstance(content, str) else None
