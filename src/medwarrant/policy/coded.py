"""What a code of a record says in our own facts: the `coded:` table of packs."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

#: In this code system a code stands for itself and everything below it.
HIERARCHICAL = "icd-10-cm"


class CodedFact(msgspec.Struct, frozen=True, omit_defaults=True):
    """One code and the fact it states; without a value, the fact takes what is recorded with it."""

    system: str
    code: str
    fact: str
    value: str | None = None
    line: int = 0


class CodedFacts:
    """The coded facts of all packs, by system and code.

    >>> table = CodedFacts([CodedFact("icd-10-cm", "E11", "diabetes", "present")])
    >>> [entry.fact for entry in table.of("icd-10-cm", "E11.9")]
    ['diabetes']
    """

    def __init__(self, entries: Iterable[CodedFact]) -> None:
        self._by_code: dict[tuple[str, str], list[CodedFact]] = {}
        for entry in entries:
            self._by_code.setdefault((entry.system, _plain(entry.code)), []).append(entry)

    def of(self, system: str, code: str) -> tuple[CodedFact, ...]:
        """What a code of a system states; nothing where the packs do not say."""
        bare = _plain(code)
        shortest = 3 if system == HIERARCHICAL else len(bare)
        for length in range(len(bare), max(shortest, 1) - 1, -1):
            found = self._by_code.get((system, bare[:length]))
            if found is not None:
                return tuple(found)
        return ()


def _plain(code: str) -> str:
    return code.replace(".", "").strip().upper()
