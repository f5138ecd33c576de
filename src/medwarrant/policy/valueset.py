"""Sets of diagnosis codes, written as codes with everything below them, and ranges."""

from __future__ import annotations

import msgspec


def undotted(code: str) -> str:
    """A code without its dot, in capitals, as sets compare them.

    >>> undotted("g43.919")
    'G43919'
    """
    return code.replace(".", "").strip().upper()


class CodePattern(msgspec.Struct, frozen=True):
    """Codes from `first` to `last`, with everything below both; a single code has them equal."""

    first: str
    last: str

    @staticmethod
    def read(text: str) -> CodePattern:
        """Read `G43`, `G43.-` or `G44.201-G44.229`.

        >>> CodePattern.read("G44.201-G44.229").covers("G44.209")
        True
        """
        first, _, last = text.partition("-")
        first = undotted(first)
        return CodePattern(first, undotted(last) or first)

    def covers(self, code: str) -> bool:
        """Whether the code is one of them, or below one."""
        bare = undotted(code)
        return self.first <= bare and (bare <= self.last or bare.startswith(self.last))


class ValueSet(msgspec.Struct, frozen=True, omit_defaults=True):
    """A named set of diagnosis codes, with the words users write for them."""

    id: str
    title: str
    plain: str = ""
    codes: tuple[CodePattern, ...] = ()
    without: tuple[CodePattern, ...] = ()
    words: dict[str, str] = msgspec.field(default_factory=dict)
    closed: bool = False
    cites: tuple[str, ...] = ()
    line: int = 0

    def contains(self, code: str) -> bool:
        """Whether a diagnosis code belongs to the set."""
        return any(pattern.covers(code) for pattern in self.codes) and not any(
            pattern.covers(code) for pattern in self.without
        )


class SpecificityQuestion(msgspec.Struct, frozen=True, omit_defaults=True):
    """A question to ask where a code says less than policies need.

    `by_place` answers it where the text itself names the part of the spine: the code for each place.
    """

    codes: tuple[CodePattern, ...]
    question: str
    candidates: tuple[str, ...] = ()
    by_place: dict[str, str] = msgspec.field(default_factory=dict)
    cites: tuple[str, ...] = ()
