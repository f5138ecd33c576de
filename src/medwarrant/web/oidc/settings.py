"""Which identity provider people sign in with, from a file or the environment."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from ...model.errors import InputError
from ...review.people import ROLES, Role
from ..hosts import is_loopback

_PREFIX: Final = "MEDWARRANT_OIDC_"


class OidcSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which identity provider people sign in with.

    `client_secret_file` holds the secret, so that no setting does; without one the client is a public one, which
    PKCE alone protects. `roles_claim` names the claim that says what a person is (`groups`, or
    `realm_access.roles` for one inside another); `roles` says which role each of its values means, and without it
    values that are names of roles count. Where no claim is named, administrators give roles here.
    """

    issuer: str
    client_id: str
    client_secret_file: str = ""
    roles_claim: str = ""
    roles: dict[str, Role] = msgspec.field(default_factory=dict)
    name: str = "your organisation"
    scopes: str = "openid profile email"

    def __post_init__(self) -> None:
        parts = urlsplit(self.issuer)
        if not is_safe_address(self.issuer) or parts.query or parts.fragment:
            raise InputError(
                "this is not the issuer of an identity provider",
                where=_PREFIX + "ISSUER",
                mend="write its https address, exactly as the provider states it",
            )
        if not self.client_id or not self.client_id.isprintable():
            raise InputError("the id of the client is needed", where=_PREFIX + "CLIENT_ID")
        if "openid" not in self.scopes.split():
            raise InputError("the scopes need openid among them", where=_PREFIX + "SCOPES")

    def secret(self) -> str:
        """The secret of the client, empty for a public one. Raises `InputError` where its file cannot be read."""
        if not self.client_secret_file:
            return ""
        try:
            text = Path(self.client_secret_file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            text = ""
        if not text:
            raise InputError(
                "the file with the secret cannot be read, or is empty",
                where=_PREFIX + "CLIENT_SECRET_FILE",
                mend="name a file that this user can read",
            )
        return text


def is_safe_address(address: str) -> bool:
    """Whether an address may be asked: by https, or on this machine.

    >>> is_safe_address("https://id.example.org/realm"), is_safe_address("http://id.example.org")
    (True, False)
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host or parts.username is not None or not address.isprintable() or " " in address:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def read_oidc_settings(environ: Mapping[str, str], file: Path | None = None) -> OidcSettings | None:
    """The settings of the environment and of a file (TOML); None where nothing is set.

    The file is `file` or the one that `MEDWARRANT_OIDC_FILE` names; variables outweigh it. In a variable, roles are
    written `VALUE=role, VALUE=role`. Raises `InputError`.

    >>> read_oidc_settings({}) is None
    True
    >>> read_oidc_settings({
    ...     "MEDWARRANT_OIDC_ISSUER": "https://id.example.org", "MEDWARRANT_OIDC_CLIENT_ID": "desk",
    ...     "MEDWARRANT_OIDC_ROLES": "um-nurses=nurse_reviewer",
    ... }).roles
    {'um-nurses': 'nurse_reviewer'}
    """
    named = environ.get("MEDWARRANT_OIDC_FILE", "").strip()
    file = file or (Path(named) if named else None)
    found = _of_file(file) if file is not None else {}
    said = {
        "issuer": environ.get("MEDWARRANT_OIDC_ISSUER", ""),
        "client_id": environ.get("MEDWARRANT_OIDC_CLIENT_ID", ""),
        "client_secret_file": environ.get("MEDWARRANT_OIDC_CLIENT_SECRET_FILE", ""),
        "roles_claim": environ.get("MEDWARRANT_OIDC_ROLES_CLAIM", ""),
        "name": environ.get("MEDWARRANT_OIDC_NAME", ""),
        "scopes": environ.get("MEDWARRANT_OIDC_SCOPES", ""),
    }
    found.update((key, value.strip()) for key, value in said.items() if value.strip())
    if meaning := environ.get("MEDWARRANT_OIDC_ROLES", "").strip():
        found["roles"] = _roles(meaning)
    if not found:
        return None
    for key in ("issuer", "client_id"):
        if key not in found:
            raise InputError("this is needed", where=_PREFIX + key.upper())
    try:
        settings = msgspec.convert(found, OidcSettings)
    except msgspec.ValidationError as error:
        raise InputError(str(error), where="OpenID Connect") from None
    settings.secret()
    return settings


def _of_file(file: Path) -> dict[str, Any]:
    try:
        read = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise InputError(
            "this cannot be read as TOML", where=str(file), mend="look at docs/accounts.md"
        ) from None
    secret = read.get("client_secret_file")
    if isinstance(secret, str):
        read["client_secret_file"] = str(file.parent / secret)
    return read


def _roles(text: str) -> dict[str, str]:
    found = {}
    for part in text.split(","):
        value, _, role = part.rpartition("=")
        if not value.strip() or role.strip() not in ROLES:
            raise InputError(
                "this does not say which roles values mean",
                where=_PREFIX + "ROLES",
                mend=f"write VALUE=role, VALUE=role with roles of {', '.join(ROLES)}",
            )
        found[value.strip()] = role.strip()
    return found
