"""JSON data from outside: checked once for what no reader wants, and named by JSON pointer.

JSON pointers are RFC 6901: `/services/0/code`; the whole document is the empty pointer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from ..model.errors import InputError

MOST_VALUES: Final = 500_000
DEEPEST: Final = 60
_LARGEST: Final = 10**15


def pointer(parent: str, key: str | int) -> str:
    """The JSON pointer of a member of the value at `parent`.

    >>> pointer("/facts/0", "a/b")
    '/facts/0/a~1b'
    """
    return f"{parent}/{str(key)[:80].replace('~', '~0').replace('/', '~1')}"


def check_json(raw: Any) -> None:
    """Refuse what is no JSON, too deep, too much, or holds text and numbers that cannot be written.

    Raises `InputError` with the pointer of the first such place, so that readers need not ask again.

    >>> check_json({"services": ["64405"], "as_of": None})
    """
    waiting: list[tuple[Any, str, int]] = [(raw, "", 0)]
    count = 0
    while waiting:
        value, where, depth = waiting.pop()
        count += 1
        if count > MOST_VALUES:
            raise InputError(
                f"more than {MOST_VALUES:,} values", where=where, mend="send it in parts"
            )
        if depth > DEEPEST:
            raise InputError("is nested too deeply", where=where, mend=f"{DEEPEST} levels are read")
        match value:
            case str():
                _check_text(value, where)
            case None | bool() | date():
                pass
            case int():
                if abs(value) > _LARGEST:
                    raise InputError("the number is too large", where=where)
            case float():
                if not math.isfinite(value) or abs(value) > _LARGEST:
                    raise InputError("the number must be finite and not too large", where=where)
            case Mapping():
                for key, part in value.items():
                    if not isinstance(key, str):
                        raise InputError("a key that is not text", where=where, mend="quote it")
                    _check_text(key, where)
                    waiting.append((part, pointer(where, key), depth + 1))
            case list() | tuple():
                for number, part in enumerate(value):
                    waiting.append((part, pointer(where, number), depth + 1))
            case _:
                raise InputError("is not JSON data", where=where)


def _check_text(text: str, where: str) -> None:
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(
            "holds half of a character (a lone surrogate)", where=where, mend="send it as UTF-8"
        ) from None


def kind_of(raw: Any) -> str:
    """What a JSON value is, in words for messages.

    >>> kind_of([]), kind_of(None), kind_of("a")
    ('a list', 'null', 'text')
    """
    match raw:
        case None:
            return "null"
        case bool():
            return "true or false"
        case str():
            return "text"
        case int() | float():
            return "a number"
        case Mapping():
            return "an object"
        case _:
            return "a list"


def whole_number(raw: Any, where: str, *, most: int = 100_000) -> int:
    """A whole number from 0, given as one or as its digits.

    >>> whole_number("12", "/units")
    12
    """
    if isinstance(raw, str) and raw.strip().isascii() and raw.strip().isdigit() and len(raw) < 12:
        raw = int(raw.strip())
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int):
        shown = f"'{raw[:20]}'" if isinstance(raw, str) else kind_of(raw)
        raise InputError(f"{shown} is not a whole number", where=where)
    if not 0 <= raw <= most:
        raise InputError("the number is out of range", where=where, mend=f"0 to {most}")
    return raw
