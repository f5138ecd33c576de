"""What imaging found: levels at which nothing is asked for, denials that say nothing of the patient's skin.

*MRI shows L4-5 stenosis* finds, *C7 radiculopathy* diagnoses; neither says where to inject.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from .marked import Marked
from .service_found import ServiceFound

#: What imaging is told to have shown begins with one of these.
SHOWS: Final = frozenset(
    "show shows showed showing shown demonstrate demonstrated demonstrating demonstrates reveal reveals revealed revealing "
    "confirm confirms confirmed confirming finding findings evidence consistent".split()
)
_FOUND: Final = frozenset(
    "stenosis hnp disc disk herniation protrusion extrusion bulge bulging root radiculopathy radiculitis radicular spondylosis arthropathy "
    "hypertrophy spondylolisthesis listhesis compression impingement fracture dermatome myotome distribution modic change "
    "degeneration fusion narrowing edema".split()
)
#: With one of these between, it is no longer the imaging that is spoken of.
_EXAMINED: Final = frozenset(
    "exam examination physical skin site afebrile vitals inspection plan assessment".split()
)
#: *At L4 and L5 for radiculopathy*: the levels are not those of the disease.
_LEADS_AWAY: Final = frozenset("for in with due to and given because".split())
_EVIDENCE: Final = frozenset("evidence sign".split())
_REACH_OF_REPORT: Final = 80
#: *Fluoroscopy-guided* names imaging and finds nothing.
_GUIDES: Final = frozenset({"guided", "guidance", "guide"})
_NEAR: Final = 2
#: *L4-L5 and L5-S1 disc herniation* is one at both.
_OTHER_LEVEL: Final = re.compile(r"[ctls]?\d{1,2}")
_OTHERS: Final = 6
_REACH: Final = 25


def in_imaging_report(marked: Marked, first: int, last: int) -> bool:
    """Whether words are part of what imaging is told to have shown.

    In the sentence of the imaging all is; further on only *no evidence of ...*, until something is examined.
    """
    document, norms = marked.document, marked.norms
    evidence = bool(_EVIDENCE & set(norms[first:last]))
    for start, end in _imaging(marked):
        if not 0 <= first - end < _REACH_OF_REPORT or _is_examined(norms, end, first):
            continue
        if evidence or document.sentence[start] == document.sentence[first]:
            return True
    return False


def _is_examined(norms: Sequence[str], start: int, end: int) -> bool:
    """Whether words between say that the patient is looked at; the date of an exam is that of the imaging."""
    return any(
        norms[at] in _EXAMINED and "date" not in norms[max(start, at - 2) : at + 2]
        for at in range(start, end)
    )


def _imaging(marked: Marked) -> list[tuple[int, int]]:
    """The words that name imaging which was done, and none that only guides a needle."""
    if "imaging" not in marked.library.events:
        return []
    return [
        (m.first, m.last)
        for m in marked.attributes("imaging", "modality")
        if not _GUIDES & set(marked.norms[m.last : m.last + 2])
        and marked.norms[max(0, m.first - 1) : m.first] not in (["under"], ["with"], ["via"])
    ]


class FoundAtLevels:
    """Whether levels in a text are those of a finding."""

    def __init__(self, marked: Marked) -> None:
        self.marked = marked
        self.document = marked.document
        self.norms = marked.norms
        self._imaging = _imaging(marked)

    def seen(self, first: int, last: int, services: Sequence[ServiceFound]) -> bool:
        """*MRI shows stenosis at L4-5*: up to the service named after the imaging, if one is."""
        return not self._of_service(first, last, services) and self._after_imaging(first, services)

    def named(self, first: int, last: int, services: Sequence[ServiceFound]) -> bool:
        """*L4-5 disc herniation*, *C7 radiculopathy*: of the service only where it has no levels of its own."""
        return not self._of_service(first, last, services) and self._before_a_finding(last)

    def _of_service(self, first: int, last: int, services: Sequence[ServiceFound]) -> bool:
        return any(
            (s.first < last and first < s.last)
            or (0 <= s.first - last < 4 and self._unbroken(last, s.first))
            for s in services
        )

    def _before_a_finding(self, last: int) -> bool:
        start = last
        while start < min(last + _OTHERS, len(self.norms)) and (
            self.norms[start] in ("and", "or") or _OTHER_LEVEL.fullmatch(self.norms[start])
        ):
            start += 1
        for at in range(start, min(start + _NEAR, len(self.norms))):
            if not self._unbroken(last, at + 1) or self.norms[at] in _LEADS_AWAY:
                return False
            if self.norms[at] in _FOUND and "block" not in self.norms[at + 1 : at + 3]:
                return True
        return False

    def _after_imaging(self, first: int, services: Sequence[ServiceFound]) -> bool:
        sentence = self.document.sentence[first]
        for start, end in self._imaging:
            if not 0 < first - start < _REACH or self.document.sentence[start] != sentence:
                continue
            between = self.norms[end:first]
            told = bool(SHOWS & set(between)) or not any(s.last <= start for s in services)
            if told and not any(end <= s.first < first for s in services):
                return True
        return False

    def _unbroken(self, start: int, end: int) -> bool:
        """Whether words stand in one sentence with no comma before any of them."""
        sentence = self.document.sentence
        return all(
            sentence[at] == sentence[start - 1] and not set(",;:()") & set(self.document.gap(at))
            for at in range(start, min(end, len(self.norms)))
        )
