"""Diagnoses in a text: in words and in codes, never more specific than what is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ...model.diagnosis_code import DiagnosisCode
from ...terminology.text import content_words, lookup_key
from ..reading import Remark
from .codes import CodeRead
from .diagnoses_apart import Apart
from .diagnosis_found import DiagnosesRead, DiagnosisFound
from .diagnosis_terms import InWords, Terms
from .document import phrase
from .lexicon import Mention
from .marked import Marked
from .narrowed import in_place, on_side
from .service_found import ServiceFound

_CAUSES: Final = frozenset("cause caused causing".split())
_TRIED: Final = frozenset("tried failed trialed trialled".split())
_BESIDE: Final = re.compile(
    r"[\s,]*[-\u2013\u2014:(\[,/]*\s*(?:icd[\s-]?(?:10|9)?(?:[\s-]?cm)?|dx|diagnosis)?(?:\s*codes?)?[\s:#]*\s*",
    re.IGNORECASE,
)
_BEFORE_WORDS: Final = re.compile(r"\s*[)\]]?\s*[-\u2013\u2014:,(/]*\s*")
_STRONG: Final = re.compile(r"[-\u2013\u2014:(\[/]")


def read_diagnoses(marked: Marked, services: Sequence[ServiceFound] = ()) -> DiagnosesRead:
    """The diagnoses of a document, in the order of the text; services may tell the part of the spine.

    A diagnosis that the text denies, rules out, gives to a relative or puts in the past is none.
    """
    reader = _Reader(marked, services)
    return reader.read()


class _Reader:
    def __init__(self, marked: Marked, services: Sequence[ServiceFound] = ()) -> None:
        self.marked = marked
        self.services = services
        self.document = marked.document
        self.icd = marked.icd
        self.library = marked.library
        self.result = DiagnosesRead()

    def read(self) -> DiagnosesRead:
        worded = [found for found in Terms(self.marked).in_words() if self._asserted(found.mention)]
        codes = [code for code in self.marked.codes if code.kind == "diagnosis"]
        worded = self._named(worded, codes)
        self.result.understood = [(w.mention.first, w.mention.last) for w in worded]
        found = self._join(codes, worded)
        apart = Apart(self.marked, self.result)
        found = apart.without_symptoms(found)
        found = [self._narrowed(diagnosis) for diagnosis in apart.without_generic(found)]
        unique: dict[str, DiagnosisFound] = {}
        for diagnosis in sorted(found, key=lambda d: d.span):
            unique.setdefault(diagnosis.code, diagnosis)
        self.result.found = list(unique.values())
        for diagnosis in self.result.found:
            self._remark(diagnosis)
        return self.result

    def _named(self, worded: list[InWords], codes: list[CodeRead]) -> list[InWords]:
        """Without what is only to be prevented, unless a question names nothing else: *64405 for migraine prevention*."""
        named = [words for words in worded if not words.prevented]
        return named if named or codes or self.marked.is_note else worded

    def _narrowed(self, diagnosis: DiagnosisFound) -> DiagnosisFound:
        """With the part of the spine or the side that the text names elsewhere."""
        if diagnosis.from_code or diagnosis.in_words is None:
            return diagnosis
        code = in_place(self.marked, diagnosis.code, diagnosis.in_words, self.services)
        known = self.icd.lookup(diagnosis.code)
        if code is None and known is not None:
            code = on_side(self.marked, known, diagnosis.in_words)
        narrower = self.icd.lookup(code) if code else None
        if narrower is None:
            return diagnosis
        return replace(diagnosis, code=narrower.code, title=narrower.title)

    def _asserted(self, mention: Mention) -> bool:
        first, last = mention.first, mention.last
        if self.marked.dropped(first, last):
            return False
        if self._is_reaction(first, last):
            return False
        cue = self.marked.scopes.cue("resolved", first, last)
        return cue is None or (
            self.marked.scopes.has("past", first, last)
            and "previous" not in self.marked.norms[cue[0]]
        )

    def _is_reaction(self, first: int, last: int) -> bool:
        """*Failed erenumab (constipation)*: alone in brackets after a drug that was tried, it is what the drug did."""
        document = self.document
        if not first or self.marked.is_note:
            return False
        if self.marked.norms[first - 1] in _CAUSES:
            return any(m.last == first - 1 for m in self.marked.of("drug"))
        if "(" not in document.gap(first):
            return False
        closed = document.text[document.span(first, last)[1] :].lstrip()[:1] == ")"
        return closed and any(
            m.last == first
            and (
                self.marked.scopes.has("earlier", m.first, m.last)
                or _TRIED & set(self.marked.norms[max(0, m.first - 8) : m.first])
            )
            for m in self.marked.of("drug")
        )

    # --- words and codes side by side ----------------------------------------------------------------

    def _join(self, codes: list[CodeRead], worded: list[InWords]) -> list[DiagnosisFound]:
        found: list[DiagnosisFound] = []
        used: set[int] = set()
        for code in codes:
            known = self.icd.lookup(code.code) if code.known else None
            beside = self._beside(code, worded, used)
            span = (code.start, code.end)
            in_words, said = None, frozenset[str]()
            if beside is not None:
                number, strong = beside
                words = worded[number]
                if self._same(words, code.code, known, strong):
                    used.add(number)
                    in_words = (words.mention.first, words.mention.last)
                    said = frozenset(phrase(words.mention.written))
                    start, end = self.document.span(*in_words)
                    span = _closed(self.document.text, (min(start, span[0]), max(end, span[1])))
                elif strong and known is not None and not self._fits_another(words, code, codes):
                    used.add(number)
                    self._contradiction(code, known, words)
            found.append(
                DiagnosisFound(
                    code.code, span, known.title if known else None, in_words, True, said=said
                )
            )
        for number, words in enumerate(worded):
            if number in used or self._said_in_code(words, found):
                continue
            known = self.icd.lookup(words.code)
            mention = words.mention
            found.append(
                DiagnosisFound(
                    words.code,
                    self.document.span(mention.first, mention.last),
                    known.title if known else None,
                    (mention.first, mention.last),
                    from_value_set=words.value_set,
                    candidates=words.others,
                    said=frozenset(phrase(mention.written)),
                    uncertain=self.marked.scopes.has("uncertain", mention.first, mention.last),
                )
            )
        return found

    def _beside(
        self, code: CodeRead, worded: list[InWords], used: set[int]
    ) -> tuple[int, bool] | None:
        text = self.document.text
        best: tuple[int, bool] | None = None
        for number, words in enumerate(worded):
            if number in used:
                continue
            start, end = self.document.span(words.mention.first, words.mention.last)
            if end <= code.start and (gap := _BESIDE.fullmatch(text, end, code.start)):
                return number, bool(_STRONG.search(gap[0]))
            if code.end <= start and (gap := _BEFORE_WORDS.fullmatch(text, code.end, start)):
                best = (number, bool(_STRONG.search(gap[0]))) if best is None else best
        return best

    def _same(
        self, words: InWords, code: str, known: DiagnosisCode | None, strong: bool = True
    ) -> bool:
        if words.code[:3] == code[:3] or any(other[:3] == code[:3] for other in words.others):
            return True
        if not strong:
            return False
        for value_set in self.library.valuesets.values():
            if not value_set.closed and value_set.contains(words.code) and value_set.contains(code):
                return True
        if known is None:
            return False
        told = set(content_words(" ".join((known.title, *known.inclusion_terms))))
        return bool(told.intersection(content_words(words.mention.written)))

    def _fits_another(self, words: InWords, code: CodeRead, codes: list[CodeRead]) -> bool:
        return any(
            self._same(words, other.code, self.icd.lookup(other.code))
            for other in codes
            if other is not code
        )

    def _contradiction(self, code: CodeRead, known: DiagnosisCode, words: InWords) -> None:
        quote = self.document.quote(words.mention.first, words.mention.last)
        self.result.corrections.append(
            Remark(
                kind="title_contradicts",
                message=f"{code.code} is '{known.title}', but the words beside it say '{quote}' ({words.code}). "
                "The code was kept as written; say which is meant.",
            )
        )

    def _said_in_code(self, words: InWords, found: list[DiagnosisFound]) -> bool:
        title = self.icd.lookup(words.code)
        vague = title is not None and ("nspecified" in title.title or not title.billable)
        for diagnosis in found:
            if not diagnosis.from_code:
                continue
            if diagnosis.code == words.code or (vague and diagnosis.code[:3] == words.code[:3]):
                return True
        return False

    # --- remarks -------------------------------------------------------------------------------------

    def _remark(self, diagnosis: DiagnosisFound) -> None:
        known = self.icd.lookup(diagnosis.code)
        if known is None:
            near = ", ".join(code.code for code in self.icd.nearest(diagnosis.code, 3))
            self.result.corrections.append(
                Remark(
                    kind="unknown_code",
                    message=f"{diagnosis.code} is not in ICD-10-CM ({self.icd.release}); near it: {near or 'nothing'}. It was kept as written.",
                )
            )
        elif not known.billable and diagnosis.from_code:
            listed = ", ".join(self.icd.billable_below(known.code)[:6])
            self.result.corrections.append(
                Remark(
                    kind="header_code",
                    message=f"{known.code} ({known.title}) is a header and cannot be billed; it was kept. Codes below it: {listed}.",
                )
            )
        if known is not None and diagnosis.in_words is not None and not diagnosis.from_code:
            self._assumed(diagnosis, known)

    def _assumed(self, diagnosis: DiagnosisFound, known: DiagnosisCode) -> None:
        assert diagnosis.in_words is not None
        quote = self.document.quote(*diagnosis.in_words)
        if diagnosis.uncertain:
            self.result.assumptions.append(
                Remark(
                    kind="uncertain_diagnosis",
                    message=f"'{quote}' is written as uncertain; it was read as {known.code} so that it is judged.",
                )
            )
        if lookup_key(quote) == lookup_key(known.title):
            return
        asks = [
            question.question
            for question in self.library.specificity
            if any(pattern.covers(known.code) for pattern in question.codes)
        ]
        ask = asks[0] if asks else "If more is known, give the code."
        self.result.assumptions.append(
            Remark(
                kind="diagnosis_code",
                message=f"'{quote}' was read as {known.code} ({known.title}): the words support no more specific code. {ask}",
            )
        )


def _closed(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """A span with the bracket closed that it opens."""
    inside = text[span[0] : span[1]]
    if inside.count("(") > inside.count(")") and text[span[1] : span[1] + 1] == ")":
        return span[0], span[1] + 1
    return span


def worded_diagnoses(marked: Marked) -> Iterator[tuple[int, int, str]]:
    """Every diagnosis that words name, asserted or not: the word range, and the code the words support.

    A code of ICD-10-CM written out is one too.
    """
    found = [(w.mention.first, w.mention.last, w.code) for w in Terms(marked).in_words()]
    for code in marked.codes:
        if code.kind == "diagnosis" and code.known:
            words = marked.words_of(code)
            found.append((words.start, max(words.stop, words.start + 1), code.code))
    yield from sorted(found)
