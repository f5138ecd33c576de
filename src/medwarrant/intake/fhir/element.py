"""FHIR R4 JSON as elements that know their place, so that every error can name it.

An element is an object of a resource with its JSON pointer. What is absent is empty; what has the
wrong form is an `InputError`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ...model.dates import DateSpan, parse_date
from ...model.errors import InputError
from ..json_data import kind_of, pointer

_LONGEST: Final = 300
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_DAY: Final = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:T[\d:.+Z-]*)?")


@dataclass(frozen=True, slots=True)
class Element:
    """An object within a resource.

    >>> item = Element({"productOrService": {"text": "block"}}, "/item/0")
    >>> item.child("productOrService").at("text"), item.children("modifier")
    ('/item/0/productOrService/text', ())
    """

    data: Mapping[str, Any]
    where: str

    def at(self, name: str) -> str:
        """The JSON pointer of a member."""
        return pointer(self.where, name)

    def child(self, name: str) -> Element | None:
        """A member that is an object, or None where it is absent."""
        value = self.data.get(name)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise InputError(f"an object is needed, not {kind_of(value)}", where=self.at(name))
        return Element(value, self.at(name))

    def children(self, name: str) -> tuple[Element, ...]:
        """A member that is a list of objects; nulls in it say nothing."""
        value = self.data.get(name)
        if value is None:
            return ()
        where = self.at(name)
        if not isinstance(value, list | tuple):
            raise InputError(f"a list is needed, not {kind_of(value)}", where=where)
        found = []
        for number, part in enumerate(value):
            if part is None:
                continue
            if not isinstance(part, Mapping):
                raise InputError(
                    f"an object is needed, not {kind_of(part)}", where=pointer(where, number)
                )
            found.append(Element(part, pointer(where, number)))
        return tuple(found)

    def raw_text(self, name: str) -> str:
        """A member that is text, as it stands; empty where it is absent."""
        value = self.data.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise InputError(f"text is needed, not {kind_of(value)}", where=self.at(name))
        return value

    def text(self, name: str) -> str:
        """A member that is text, on one line and of bounded length, fit to be shown."""
        return shown(self.raw_text(name))

    def number(self, name: str) -> float | None:
        """A member that is a number, or None where it is absent."""
        value = self.data.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(f"a number is needed, not {kind_of(value)}", where=self.at(name))
        return float(value)

    def flag(self, name: str) -> bool | None:
        """A member that is true or false, or None where it is absent."""
        value = self.data.get(name)
        if value is not None and not isinstance(value, bool):
            raise InputError(f"true or false is needed, not {kind_of(value)}", where=self.at(name))
        return value

    def day(self, name: str) -> DateSpan | None:
        """A member that is a date or a moment: the day (or month, or year) it names.

        The day is the one written, in the local time of whoever wrote it.
        """
        text = self.raw_text(name).strip()
        if not text:
            return None
        found = _DAY.fullmatch(text)
        try:
            return parse_date(found[1] if found else text)
        except ValueError as error:
            raise InputError(str(error), where=self.at(name)) from None

    def period(self, name: str) -> DateSpan | None:
        """A member that is a Period with both ends known, or with a start: what it spans."""
        found = self.child(name)
        if found is None:
            return None
        start, end = found.day("start"), found.day("end")
        if start is not None and end is not None:
            if end.last < start.first:
                raise InputError("the period ends before it begins", where=found.where)
            return DateSpan(start.first, end.last)
        return start or end

    def when(self, *names: str) -> DateSpan | None:
        """The first of several members that gives a time, be it a moment or a period."""
        for name in names:
            if self.data.get(name) is None:
                continue
            found = self.period(name) if name.endswith("Period") else self.day(name)
            if found is not None:
                return found
        return None


def shown(text: str) -> str:
    r"""Text on one line, without control characters, shortened where it is long.

    >>> shown("two\n lines\x1b[2J")
    'two lines [2J'
    """
    line = " ".join(_CONTROL.sub(" ", text[: _LONGEST * 4]).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."
