"""What people write with their acts: reasons, comments, names; checked before it is kept."""

from __future__ import annotations

import re
from typing import Final

from ..model.errors import InputError

#: The longest reason or comment; a letter must still be able to hold it.
LONGEST: Final = 8_000
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
#: Verdicts that give no reason: they say that it was not approved, not why.
_VERDICTS: Final = frozenset(
    "not no medically medical necessity necessary necessarily denied deny denial approved approval"
    " service services request requested requirement requirements criteria criterion met meet does do did"
    " the this that is was are be for of a an it has have been as to and or by in on with under per"
    " treatment care patient member procedure insufficient information documentation provided".split()
)
_LEAST_WORDS: Final = 6
_LEAST_OWN_WORDS: Final = 3


def line(text: str, where: str, *, most: int = 200, needed: bool = True) -> str:
    """One line of text, its white space tidied.

    Raises `InputError` where it is needed and blank, or too long.
    """
    return _checked(" ".join(text.split()), where, most, needed)


def passage(text: str, where: str, *, most: int = LONGEST, needed: bool = True) -> str:
    """Text that may have paragraphs; raises `InputError` as `line` does."""
    lines = (" ".join(part.split()) for part in text.strip().splitlines())
    return _checked(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)), where, most, needed)


#: Words of a verdict, and of one that a machine would have made; a patient who "denies" fever is none.
_DECIDING: Final = re.compile(
    r"\b(?:denied|denial|deny|not approved|disapproved|rejected|refused"
    r"|not medically necessary|(?:computer|software|algorithm|ai)\s+(?:\w+\s+){0,2}(?:decided|denied|rejected|refused))\b",
    re.IGNORECASE,
)


def undecided(text: str, where: str) -> str:
    """Text of a letter that decides nothing. Raises `InputError` where it reads as a verdict.

    >>> undecided("Patient denies fever; please send the last note.", "words")
    'Patient denies fever; please send the last note.'
    >>> undecided("Your request is denied.", "words")
    Traceback (most recent call last):
      ...
    medwarrant.model.errors.InputError: words: this reads as a decision, and nothing is decided yet; ask for what is missing, in other words
    """
    if _DECIDING.search(text):
        raise InputError(
            "this reads as a decision, and nothing is decided yet",
            where=where,
            mend="ask for what is missing, in other words",
        )
    return text


def reason(text: str, where: str, *, most: int = LONGEST) -> str:
    """A reason that is a real sentence: six words or more, and more than a verdict.

    CMS-0057-F asks for a specific reason with every denial; "not medically necessary" repeats the
    verdict and is none. Raises `InputError` where it is not.

    >>> reason("Six weeks of physical therapy are not on record before the second block.", "reason")
    'Six weeks of physical therapy are not on record before the second block.'
    >>> reason("The service requested is not medically necessary for this patient.", "reason")
    Traceback (most recent call last):
      ...
    medwarrant.model.errors.InputError: reason: this repeats the verdict and gives no reason; say what of this patient and which requirement decide
    """
    found = passage(text, where, most=most)
    words = [word.lower() for word in _WORD.findall(found)]
    if len(words) < _LEAST_WORDS or len(set(words)) < _LEAST_WORDS - 1:
        raise InputError(
            "a reason is a whole sentence",
            where=where,
            mend="say in a sentence what of this case decides",
        )
    if len({word for word in words if len(word) > 3 and word not in _VERDICTS}) < _LEAST_OWN_WORDS:
        raise InputError(
            "this repeats the verdict and gives no reason",
            where=where,
            mend="say what of this patient and which requirement decide",
        )
    return found


def _checked(found: str, where: str, most: int, needed: bool) -> str:
    if needed and not found:
        raise InputError("this is needed", where=where, mend="write it")
    if len(found) > most:
        raise InputError(f"this is longer than {most:,} characters", where=where, mend="shorten it")
    if _CONTROL.search(found):
        raise InputError(
            "this holds characters that cannot be shown", where=where, mend="retype it"
        )
    return found
