"""Days as they stand in forms and addresses."""

from __future__ import annotations

import re
from datetime import date

from ..model.errors import InputError


def day_of(text: str, where: str) -> date | None:
    """A day such as 2026-11-23, None of an empty field. Raises `InputError` for anything else.

    >>> day_of("2026-11-23", "first")
    datetime.date(2026, 11, 23)
    """
    text = text.strip()
    if not text:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(
            "this is not a day", where=where, mend="write one such as 2026-11-23"
        ) from None
