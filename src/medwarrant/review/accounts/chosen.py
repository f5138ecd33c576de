"""Passwords that medwarrant chooses for people, for their first sign-in."""

from __future__ import annotations

import secrets
from typing import Final

#: Letters and digits that are not mistaken for each other when read aloud or from paper.
_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


def chosen_password() -> str:
    """A password that nobody can guess: four groups of five, about 98 bits.

    >>> len(chosen_password())
    23
    """
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(5)) for _ in range(4))
