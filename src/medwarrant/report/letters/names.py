"""What the member reads for services and diagnoses: plain names of the packs, and never a code."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...policy.prose import join
from ..text import upper_first
from ..view import ArticleView, Named, Pair

#: Codes as they are written: CPT, HCPCS, ICD-10-CM with its dot, Medicare's documents.
_CODE = re.compile(
    r"\b(?:\d{4}[0-9AFTU]|[A-V]\d{4}|[A-TV-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}|D?[LA]\d{5})\b"
)


def has_code(text: str) -> bool:
    """Whether a text holds something that looks like a procedure, diagnosis or document code.

    >>> has_code("a shot for G43.919"), has_code("a shot in 2026 at T12")
    (True, False)
    """
    return _CODE.search(text) is not None


class MemberNames:
    """Names for the sentences of one letter; what has no plain name is named by its row of the table."""

    def __init__(self, view: ArticleView) -> None:
        self.view = view
        known = [view.library.procedure(named.code) for named in view.services]
        plains = [entry.plain if entry else "" for entry in known]
        self._services: dict[str, str] = {}
        for number, (named, plain) in enumerate(zip(view.services, plains, strict=True), start=1):
            words = plain
            if not plain or has_code(plain):
                words = f"the care in row {number} of the table"
            elif plains.count(plain) > 1:
                words = f"{plain} (row {number} of the table)"
            self._services[named.target] = words

    def service(self, named: Named) -> str:
        """The plain name of a service."""
        return self._services[named.target]

    def diagnosis(self, named: Named, *, short: bool = False) -> str:
        """The plain name of a diagnosis; `short` without what explains it."""
        words = named.called(plain=True) if short else named.plain
        return "the condition in the table" if has_code(words) else words

    def cares(self, pairs: Iterable[Pair]) -> str:
        """Several services for their diagnoses, one after the other."""
        by_service: dict[str, list[Pair]] = {}
        for pair in pairs:
            by_service.setdefault(pair.service.target, []).append(pair)
        return "; ".join(self.care(tuple(own)) for own in by_service.values())

    def care(self, pairs: tuple[Pair, ...]) -> str:
        """One service for its diagnoses, as a list names it."""
        several = len(pairs) > 1
        named = (self.diagnosis(pair.diagnosis, short=several) for pair in pairs)
        whom = join(dict.fromkeys(named), "and")
        return upper_first(f"{self.service(pairs[0].service)}, for {whom}")
