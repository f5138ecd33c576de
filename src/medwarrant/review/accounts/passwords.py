"""Passwords: what is refused, how they are kept, how one is compared. Nothing here logs or keeps one.

Kept is argon2id with the parameters that the library recommends; a password that was kept with others is kept
anew at the next sign-in. Length counts, not composition, and whatever can be typed or pasted is allowed
(NIST SP 800-63B): at least 12 characters, not the login, not one of those that everybody tries first.

A password that somebody else chose is temporary: it is good for choosing another one and for nothing else, so
that nobody can act, or sign, in the name of a person whose password they set.
"""

from __future__ import annotations

import secrets
import string
import threading
import unicodedata
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ...model.errors import InputError

LEAST_LENGTH: Final = 12
MOST_LENGTH: Final = 1000
#: What has to be left of a password when the login is taken out of it.
_LEAST_BESIDE_LOGIN: Final = 8
_LEAST_DIFFERENT: Final = 5
_RUN: Final = 4
_TEMPORARY: Final = "temporary:"

#: Words whose repetition, or trimming with digits and signs, makes the commonest long passwords.
_COMMON: Final = frozenset(
    """
    access admin adminadmin administrator baseball basketball changeme charlie computer correcthorse
    correcthorsebatterystaple default dragon football hospital iloveyou letmein letmeinplease liverpool
    medicine medwarrant michael monkey mustang nurse password passwort physician princess qwerty
    qwertyuiop qwertyuiopasdfghjkl asdfghjkl zxcvbnm qazwsx qazwsxedc qweasdzxc asdfzxcv secret starwars
    sunshine superman superuser supersecret temporary thisismypassword trustno unbelievable welcome whatever
    mypassword yourpassword newpassword testpassword
    """.split()
)
#: The same after digits that stand for letters were read as letters ("p4ssw0rd").
_DISGUISES: Final = str.maketrans("013457@$!", "oieastasi")
_ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiopasdfghjklzxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "q1w2e3r4t5y6u7i8o9p0",
)

hasher = PasswordHasher()
#: A computation takes 64 MiB: a flood of sign-ins must not take the memory of the machine.
_at_once = threading.BoundedSemaphore(4)


def _typed(password: str) -> bytes:
    """The same bytes for the same characters, whichever keyboard composed them."""
    return unicodedata.normalize("NFC", password).encode(errors="surrogatepass")


def check_password(password: str, login: str) -> None:
    """Refuse a new password that is too easy to guess; raises `InputError`, which never quotes it.

    >>> check_password("four quiet herons", "ada")
    >>> check_password("P4ssw0rd2026!!", "ada")
    Traceback (most recent call last):
    medwarrant.model.errors.InputError: password: this is among the first that anybody tries; choose several unrelated words
    """
    if len(password) < LEAST_LENGTH:
        raise _refused(f"this is shorter than {LEAST_LENGTH} characters")
    if len(password) > MOST_LENGTH:
        raise _refused(f"this is longer than {MOST_LENGTH} characters", "choose a shorter one")
    plain = "".join(password.casefold().split())
    if login and len(plain.replace(login.casefold(), "")) < _LEAST_BESIDE_LOGIN:
        raise _refused("this is little more than the login")
    if len(set(plain)) < _LEAST_DIFFERENT:
        raise _refused("this repeats a few characters")
    if _is_common(plain):
        raise _refused("this is among the first that anybody tries")


def _refused(problem: str, mend: str = "choose several unrelated words") -> InputError:
    return InputError(problem, where="password", mend=mend)


def _is_common(plain: str) -> bool:
    """Whether it is a common word trimmed, disguised or repeated, or runs along the keyboard."""
    trimmed = plain.strip(string.digits + string.punctuation)
    for reading in (plain, trimmed.translate(_DISGUISES)):
        word = "".join(c for c in reading if c.isalpha())
        if any(word and word == known * (len(word) // len(known)) for known in _COMMON):
            return True
    return _is_run(plain)


def _is_run(plain: str) -> bool:
    """Whether it is made of a few runs along the rows of a keyboard ("qwerty123456")."""
    left = plain
    for _ in range(3):
        longest = max((n for n in range(len(left) + 1) if _in_a_row(left[:n])), default=0)
        left = left[longest:]
        if len(left) < _RUN:
            return True
    return False


def _in_a_row(part: str) -> bool:
    return len(part) >= _RUN and any(part in row * 3 or part in row[::-1] * 3 for row in _ROWS)


def kept_form(password: str, *, temporary: bool = False) -> str:
    """The password as it is kept: argon2id with its own salt, marked where it is temporary."""
    with _at_once:
        return (_TEMPORARY if temporary else "") + hasher.hash(_typed(password))


def is_temporary(kept: str) -> bool:
    """Whether a kept password is good for choosing another one only."""
    return kept.startswith(_TEMPORARY)


@cache
def _nobodys() -> str:
    """What a password is compared with where there is none, so that it takes as long."""
    return kept_form(secrets.token_urlsafe())


def is_right(password: str, kept: str | None) -> bool:
    """Whether the password is the one that is kept; takes as long where none is."""
    beside = _nobodys()
    if len(password) > MOST_LENGTH:
        password = ""
    with _at_once:
        try:
            hasher.verify((kept or beside).removeprefix(_TEMPORARY), _typed(password))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether it was kept with other parameters than those of today."""
    return hasher.check_needs_rehash(kept.removeprefix(_TEMPORARY))
