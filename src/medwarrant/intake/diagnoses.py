"""Diagnoses in a text: in words and in codes, never more specific than what is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ..model.diagnosis_code import DiagnosisCode
from ..terminology.icd10cm import TermMatch
from ..terminology.text import content_words, lookup_key
from .codes import CodeRead
from .document import phrase
from .lexicon import Mention, crosses_bracket, paths
from .marked import Marked
from .narrowed import in_place, on_side
from .reading import Remark
from .services import ServiceFound

_LONGEST_TERM: Final = 11
#: No term of the code set begins or ends with these.
_LINKING: Final = frozenset(
    "a an the of in at on to for with and or by is are be was were who which that this has have had due from as "
    "patient medically necessary treatment case his her their history diagnosis diagnosed code icd cpt than".split()
)
#: After these words a diagnosis is the name of something else: a pain clinic, migraine days.
_NAMES_SOMETHING_ELSE: Final = frozenset(
    "clinic management program programme specialist center score scale relief control medication medicine day "
    "reduction prevention prophylaxis cocktail level diary".split()
)
_OF_A_DIAGNOSIS: Final = frozenset(
    "diagnosis history treatment management case episode symptom control setting care complaint presence suspicion".split()
)
_BESIDE: Final = re.compile(
    r"[\s,]*[-\u2013\u2014:(\[,/]*\s*(?:icd[\s-]?(?:10|9)?(?:[\s-]?cm)?|dx|diagnosis)?(?:\s*codes?)?[\s:#]*\s*", re.IGNORECASE
)
_BEFORE_WORDS: Final = re.compile(r"\s*[)\]]?\s*[-\u2013\u2014:,(/]*\s*")
_STRONG: Final = re.compile(r"[-\u2013\u2014:(\[/]")
_OF_NO_INTEREST: Final = frozenset("VWXYZ")


@dataclass(frozen=True)
class DiagnosisFound:
    """A diagnosis with where it was read; `words` are word indexes, None for a bare code."""

    code: str
    span: tuple[int, int]
    title: str | None
    in_words: tuple[int, int] | None = None
    from_code: bool = False
    from_value_set: bool = False
    candidates: tuple[str, ...] = ()
    uncertain: bool = False
    said: frozenset[str] = frozenset()


@dataclass
class DiagnosesRead:
    """What was found, with remarks; `symptoms` were left out beside a definite diagnosis."""

    found: list[DiagnosisFound] = field(default_factory=list)
    corrections: list[Remark] = field(default_factory=list)
    assumptions: list[Remark] = field(default_factory=list)
    understood: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class _InWords:
    mention: Mention
    code: str
    others: tuple[str, ...]
    exact: bool
    value_set: bool


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
        worded = [found for found in self._in_words() if self._asserted(found.mention)]
        self.result.understood = [(w.mention.first, w.mention.last) for w in worded]
        codes = [code for code in self.marked.codes if code.kind == "diagnosis"]
        found = self._join(codes, worded)
        found = self._without_symptoms(found)
        found = [self._narrowed(diagnosis) for diagnosis in self._without_generic(found)]
        unique: dict[str, DiagnosisFound] = {}
        for diagnosis in sorted(found, key=lambda d: d.span):
            unique.setdefault(diagnosis.code, diagnosis)
        self.result.found = list(unique.values())
        for diagnosis in self.result.found:
            self._remark(diagnosis)
        return self.result

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

    # --- words -------------------------------------------------------------------------------------

    def _in_words(self) -> list[_InWords]:
        chosen: dict[tuple[int, int], _InWords] = {}
        for found in (*self._of_value_sets(), *self._of_code_set()):
            chosen.setdefault((found.mention.first, found.mention.last), found)
        mentions = _apart([found.mention for found in chosen.values()])
        return [chosen[mention.first, mention.last] for mention in mentions]

    def _of_value_sets(self) -> Iterator[_InWords]:
        for mention in self.marked.of("diagnosis"):
            if self._is_name_of_something_else(mention.last):
                continue
            codes = tuple(dict.fromkeys(entry.value for entry in mention.entries))
            yield _InWords(mention, codes[0], codes[1:], False, True)

    def _of_code_set(self) -> Iterator[_InWords]:
        document, norms = self.document, self.marked.norms
        services = self.marked.of("procedure", "family", "drug")
        taken = {(m.first, m.last) for m in services}
        seen: dict[tuple[int, ...], str] = {}
        for path in paths(document, norms, 1):
            for at in range(path.first, path.until):
                if not path.starts(at) or norms[path.indexes[at]] in _LINKING:
                    continue
                for length in range(_LONGEST_TERM, 0, -1):
                    indexes = tuple(path.indexes[at : at + length])
                    if len(indexes) < length or not path.crosses(at, length) or indexes in seen:
                        continue
                    end = indexes[-1]
                    if norms[end] in _LINKING or document.sentence[indexes[0]] != document.sentence[end]:
                        continue
                    if not crosses_bracket(document, indexes, path):
                        seen[indexes] = " ".join(norms[index] for index in indexes)
        full = {indexes: self._spelt_out(indexes, words) for indexes, words in seen.items()}
        named = self.icd.names_something({*seen.values(), *full.values()})
        for indexes, words in seen.items():
            for form in dict.fromkeys((words, full[indexes])):
                if form in named and (found := self._term(indexes, taken, form)) is not None:
                    yield found
                    break

    def _spelt_out(self, indexes: tuple[int, ...], words: str) -> str:
        """The words with what is short for others written out."""
        short = self.marked.spelt_out
        if not any(index in short for index in indexes):
            return words
        return " ".join(short.get(index, self.marked.norms[index]) for index in indexes)

    def _term(self, indexes: tuple[int, ...], taken: set[tuple[int, int]], words: str) -> _InWords | None:
        norms, document = self.marked.norms, self.document
        first, last = indexes[0], indexes[-1] + 1
        if norms[indexes[-1]] in _LINKING or document.sentence[first] != document.sentence[indexes[-1]]:
            return None
        if (first, last) in taken or any(index in self.marked.coded for index in indexes):
            return None
        if len(indexes) == 1 and (len(words) < 4 or words.isdigit()):
            return None
        matches = [match for match in self.icd.exact(words) if match.code[0] not in _OF_NO_INTEREST]
        if not matches or self._is_name_of_something_else(last):
            return None
        if len(indexes) == 1 and (matches[0].code[0] in "RST" or self._is_part_of_another(first)):
            return None
        best, others = self._best(matches)
        exact = best.kind == "title" and lookup_key(best.title) == lookup_key(words)
        return _InWords(Mention(first, last, (), words), self._billable(best.code), others, exact, False)

    def _is_part_of_another(self, at: int) -> bool:
        """Whether one word belongs to a nerve or service, or to *loss of lordosis* and the like."""
        if any(m.first <= at < m.last and m.last - m.first > 1 for m in self.marked.of("nerve", "procedure", "family")):
            return True
        for before in range(at - 1, max(-1, at - 5), -1):
            if self.document.gap(before + 1).strip() or self.marked.norms[before] in ("with", "for", "and", "has"):
                return False
            if self.marked.norms[before] == "of":
                return before == 0 or self.marked.norms[before - 1] not in _OF_A_DIAGNOSIS
        return False

    def _billable(self, code: str) -> str:
        """The unspecified code below a header, which the index sends the bare words to; else the header."""
        known = self.icd.lookup(code)
        if known is None or known.billable:
            return code
        stem = code if "." in code else f"{code}."
        for ending in ("9", "0", "90", "00", "909"):
            below = self.icd.lookup(f"{stem}{ending}")
            if below is not None and below.billable and ("nspecified" in below.title or "without complications" in below.title):
                return below.code
        return code

    @staticmethod
    def _best(matches: Sequence[TermMatch]) -> tuple[TermMatch, tuple[str, ...]]:
        """The code the words support: the first, or the billable one below it that says no more."""
        first = matches[0]
        if not first.billable:
            same = [m for m in matches[1:] if m.billable and m.code.startswith(first.code)]
            if same:
                first = same[0]
        return first, tuple(dict.fromkeys(m.code for m in matches if m.code != first.code))[:5]

    def _is_name_of_something_else(self, last: int) -> bool:
        norms = self.marked.norms
        return last < len(norms) and norms[last] in _NAMES_SOMETHING_ELSE and not self.document.gap(last).strip()

    def _asserted(self, mention: Mention) -> bool:
        first, last = mention.first, mention.last
        if self.marked.dropped(first, last):
            return False
        cue = self.marked.scopes.cue("resolved", first, last)
        return cue is None or (self.marked.scopes.has("past", first, last) and "previous" not in self.marked.norms[cue[0]])

    # --- words and codes side by side ----------------------------------------------------------------

    def _join(self, codes: list[CodeRead], worded: list[_InWords]) -> list[DiagnosisFound]:
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
                DiagnosisFound(code.code, span, known.title if known else None, in_words, True, said=said)
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

    def _beside(self, code: CodeRead, worded: list[_InWords], used: set[int]) -> tuple[int, bool] | None:
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

    def _same(self, words: _InWords, code: str, known: DiagnosisCode | None, strong: bool = True) -> bool:
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

    def _fits_another(self, words: _InWords, code: CodeRead, codes: list[CodeRead]) -> bool:
        return any(
            self._same(words, other.code, self.icd.lookup(other.code)) for other in codes if other is not code
        )

    def _contradiction(self, code: CodeRead, known: DiagnosisCode, words: _InWords) -> None:
        quote = self.document.quote(words.mention.first, words.mention.last)
        self.result.corrections.append(
            Remark(
                kind="title_contradicts",
                message=f"{code.code} is '{known.title}', but the words beside it say '{quote}' ({words.code}). "
                "The code was kept as written; say which is meant.",
            )
        )

    def _said_in_code(self, words: _InWords, found: list[DiagnosisFound]) -> bool:
        title = self.icd.lookup(words.code)
        vague = title is not None and ("nspecified" in title.title or not title.billable)
        for diagnosis in found:
            if not diagnosis.from_code:
                continue
            if diagnosis.code == words.code or (vague and diagnosis.code[:3] == words.code[:3]):
                return True
        return False

    # --- what is not a diagnosis of its own -----------------------------------------------------------

    def _without_symptoms(self, found: list[DiagnosisFound]) -> list[DiagnosisFound]:
        found = self._without_doubtful(found)
        definite = [d for d in found if (d.from_code or not self._is_symptom(d)) and not self._is_background(d)]
        kept = []
        for diagnosis in found:
            why = self._why_not(diagnosis, definite)
            if why is None or diagnosis.from_code or not definite or (diagnosis in definite and len(definite) == 1):
                kept.append(diagnosis)
                continue
            assert diagnosis.in_words is not None
            quote = self.document.quote(*diagnosis.in_words)
            self.result.assumptions.append(
                Remark(kind=why[0], message=f"'{quote}' ({diagnosis.code}) was not taken as a diagnosis to be judged: {why[1]}.")
            )
        return kept

    def _without_doubtful(self, found: list[DiagnosisFound]) -> list[DiagnosisFound]:
        """Without what is only suspected, where anything else can be judged: so the coding rules have it."""
        sure = [d for d in found if not d.uncertain]
        if not sure:
            return found
        for diagnosis in found:
            if diagnosis.uncertain and diagnosis.in_words is not None:
                quote = self.document.quote(*diagnosis.in_words)
                self.result.assumptions.append(
                    Remark(kind="uncertain_diagnosis", message=f"'{quote}' ({diagnosis.code}) was not taken as a diagnosis to be judged: it is written as uncertain.")
                )
        return sure

    def _why_not(self, diagnosis: DiagnosisFound, definite: list[DiagnosisFound]) -> tuple[str, str] | None:
        if diagnosis.in_words is None or diagnosis.from_code:
            return None
        first, last = diagnosis.in_words
        norms = self.marked.norms
        if not diagnosis.from_value_set and any(m.first <= first and last <= m.last for m in self.marked.of("flag")):
            return "fact", "it was read as a fact about the patient"
        if self._is_background(diagnosis):
            return "history", "it is told as history beside another diagnosis"
        cause = norms[last : last + 2]
        if self._is_symptom(diagnosis) and cause[:2] in (["due", "to"], ["secondary", "to"], ["caused", "by"], ["resulting", "from"]):
            reach = last + 12
            if any(d.in_words and last < d.in_words[0] < reach and not self._is_symptom(d) for d in definite):
                return "symptom", "its cause is named"
        if not self._is_symptom(diagnosis):
            return None
        if self.marked.scopes.has("symptom", first, last):
            return "symptom", "it is told as a complaint beside a definite diagnosis"
        if diagnosis.code[0] == "R" and not diagnosis.from_value_set:
            return "symptom", "signs and symptoms of a definite diagnosis are not coded beside it"
        return None

    def _is_symptom(self, diagnosis: DiagnosisFound) -> bool:
        return diagnosis.code[0] == "R" or diagnosis.code[:5] in ("M54.2", "M54.5", "M54.6", "M54.9", "M25.5", "M79.6")

    def _is_background(self, diagnosis: DiagnosisFound) -> bool:
        return (
            diagnosis.in_words is not None
            and not diagnosis.from_code
            and self.marked.scopes.has("past", *diagnosis.in_words)
        )

    def _without_generic(self, found: list[DiagnosisFound]) -> list[DiagnosisFound]:
        """Leave out a general word for what another mention names: *migraine* beside *chronic migraine*."""
        kept = []
        for diagnosis in found:
            if diagnosis.from_code or diagnosis.in_words is None or not self._named_elsewhere(diagnosis, found):
                kept.append(diagnosis)
        return kept

    def _named_elsewhere(self, diagnosis: DiagnosisFound, found: list[DiagnosisFound]) -> bool:
        for other in found:
            if other.in_words is None or other is diagnosis or other.code[:3] != diagnosis.code[:3]:
                continue
            if diagnosis.said < other.said:
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
                Remark(kind="uncertain_diagnosis", message=f"'{quote}' is written as uncertain; it was read as {known.code} so that it is judged.")
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


def _apart(mentions: list[Mention]) -> list[Mention]:
    """The longest mentions; of *A and B x*, both *A x* and *B x* stay."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.first - m.last, m.first)):
        clash = [other for other in kept if mention.first < other.last and other.first < mention.last]
        if all(mention.first > other.first and _has_gap(other) for other in clash):
            kept.append(mention)
    return sorted(kept, key=lambda m: (m.first, m.last))


def _has_gap(mention: Mention) -> bool:
    return mention.last - mention.first > len(mention.written.replace("-", " ").replace("/", " ").split())




def worded_diagnoses(marked: Marked) -> Iterator[tuple[int, int, str]]:
    """Every diagnosis that words name, asserted or not: the word range, and the code the words support.

    A code of ICD-10-CM written out is one too.
    """
    reader = _Reader(marked)
    found = [(w.mention.first, w.mention.last, w.code) for w in reader._in_words()]
    for code in marked.codes:
        if code.kind == "diagnosis" and code.known:
            words = marked.words_of(code)
            found.append((words.start, max(words.stop, words.start + 1), code.code))
    yield from sorted(found)
