"""The ID token, checked: who signed it, for whom, when, and in answer to which request."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from .refused import SignInRefused

#: Signatures with a key that the provider alone has. Neither `none` nor those with a shared secret: with them,
#: whoever knows the public key or the secret of the client could sign.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")  # fmt: skip
_LEEWAY_SECONDS: Final = 60
_MOST_CHARACTERS: Final = 60_000


class UnknownKey(SignInRefused):
    """The token was signed with a key that is not among those known: the provider may have new ones."""


def checked_claims(
    token: str, keys: KeySet, *, issuer: str, client_id: str, nonce: str, now: datetime
) -> dict[str, Any]:
    """The claims of a token that this provider signed for us, in answer to our request, a moment ago.

    Raises `SignInRefused` (OpenID Connect Core 1.0, ID Token Validation).
    """
    if len(token) > _MOST_CHARACTERS or token.count(".") != 2:
        raise SignInRefused("the token is not of the form that was asked for")
    try:
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
    except InvalidKeyIdError:
        raise UnknownKey("the token was signed with an unknown key") from None
    except (JoseError, ValueError):
        raise SignInRefused("the signature of the token is not right") from None
    wanted = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=_LEEWAY_SECONDS,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True},
    )
    try:
        wanted.validate(claims)
    except ExpiredTokenError:
        raise SignInRefused("the token is no longer good") from None
    except (JoseError, ValueError, OverflowError):
        raise SignInRefused("the token is not meant for this sign-in") from None
    if claims["nonce"] != nonce:
        raise SignInRefused("the token does not belong to this sign-in")
    _check_party(claims, client_id)
    return claims


def _check_party(claims: dict[str, Any], client_id: str) -> None:
    """A token for several audiences, or with an authorized party, must name us as the party."""
    audience, party = claims["aud"], claims.get("azp")
    several = isinstance(audience, list) and len(audience) > 1
    if (party is not None or several) and party != client_id:
        raise SignInRefused("the token was made for another application")
