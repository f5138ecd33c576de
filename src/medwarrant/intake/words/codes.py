"""Procedure and diagnosis codes in a text: alone, in lists and in ranges, with modifiers.

Codes are read as written. A code that does not exist is kept, so that it can be pointed out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ...policy.library import Library
from ...terminology.codes import diagnosis_code
from ...terminology.icd10cm import Icd10cm
from .document import Document

_CODE: Final = re.compile(
    r"(?<![A-Za-z0-9.$#/-])(?:"
    r"(?P<cpt>\d{5}|\d{4}[TtFfUu])"
    r"|(?P<letter>[A-Za-z]\d[0-9A-Za-z](?:\.[0-9A-Za-z]{1,4}|[0-9A-Za-z]{0,4}))"
    r")(?![A-Za-z0-9]|\.\d)"
)
_AFTER_SLASH: Final = re.compile(
    r"(?<=[0-9A-Za-z][/-])(?:(?P<cpt>\d{5})|(?P<letter>[A-Za-z]\d[0-9A-Za-z]\.[0-9A-Za-z]{1,4}|[A-Z]\d{4}))(?![A-Za-z0-9]|\.\d)"
)
_TO: Final = re.compile(r"\s*(?:-|\u2013|\u2014|to|through|thru)\s*", re.IGNORECASE)
_SHORT_END: Final = re.compile(r"\s?[-\u2013]\s?(\d{1,2})(?![\d./%A-Za-z])")
_MODIFIER: Final = re.compile(r"\s?[-\u2013]\s?(\d{2}|[A-Z]{2}|[A-Z]\d)(?![0-9A-Za-z.])")
_MODIFIERS: Final = re.compile(
    r"[\s,(]{0,3}(?:with\s+)?(?:the\s+)?modifiers?:?\s+((?:-?(?:\d{2}|[A-Z]{2}|[A-Z]\d)(?![0-9A-Za-z])(?:\s*(?:,|and|&|/)\s*)?)+)",
    re.IGNORECASE,
)
_UNITS: Final = re.compile(
    r"[\s,(]{0,3}(?:[x\u00d7]\s?(\d{1,4})(?:\s?units?)?|\(?(\d{1,4})\s?units?)\b", re.IGNORECASE
)
_SERVICE_CUE: Final = re.compile(
    r"\b(?:cpt|hcpcs|procedure|service|billing|procedures|services)\b", re.IGNORECASE
)
_DIAGNOSIS_CUE: Final = re.compile(r"\b(?:icd|dx|diagnos\w+|icd-?10\w*)\b", re.IGNORECASE)
_NO_CODE: Final = re.compile(
    r"(?:\bzip(?:\s?code)?|\bcase|\bclaim|\bmember|\bmrn|\bid|\bauth\w*|\breference|\bphone|\bfax|\bnumber|\bno\.|\blcd|\blca"
    r"|\barticle|\bbulletin|\bncd|\bpolicy|\bcpb|\$|#|(?-i:\b[A-Z]{2}))\s*(?:no\.?|number|#|:)?\s*$",
    re.IGNORECASE,
)
_STATE_BEFORE: Final = re.compile(r",\s*[A-Z]{2}\s*$")
_LEVEL: Final = re.compile(r"[CTLS]\d\d", re.IGNORECASE)
_DISPLACED: Final = re.compile(r"\b(units?|mg|dollars?|patients?|steps|cells)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CodeRead:
    """A code of a text: what kind, in capitals and with its dot, where, and what was attached to it."""

    kind: str
    code: str
    start: int
    end: int
    modifiers: tuple[str, ...] = ()
    units: int | None = None
    known: bool = True


def read_codes(document: Document, library: Library, icd: Icd10cm) -> tuple[CodeRead, ...]:
    """All codes of a document in order; a range is written out.

    >>> from medwarrant import load_packs
    >>> found = read_codes(Document("64405-50 for g43919"), load_packs(), Icd10cm.open())
    >>> [(code.kind, code.code, code.modifiers) for code in found]
    [('procedure', '64405', ('50',)), ('diagnosis', 'G43.919', ())]
    """
    reader = _Reader(document.text, library, icd)
    return tuple(reader.read())


class _Reader:
    def __init__(self, text: str, library: Library, icd: Icd10cm) -> None:
        self.text = text
        self.library = library
        self.icd = icd

    def read(self) -> Iterator[CodeRead]:
        previous: CodeRead | None = None
        at = 0
        while True:
            found = self._next(at)
            if found is None:
                return
            at = found.end()
            code = self._code(found, previous)
            if code is None:
                continue
            if (
                previous is not None
                and previous.kind == code.kind
                and _TO.fullmatch(self.text, previous.end, code.start)
            ):
                yield from self._between(previous, code)
            code, at = self._attached(code)
            yield code
            if code.kind == "procedure" and (short := self._short_end(code)):
                yield from short
                at = short[-1].end
                code = short[-1]
            previous = code

    def _next(self, at: int) -> re.Match[str] | None:
        plain = _CODE.search(self.text, at)
        joined = _AFTER_SLASH.search(self.text, at)
        if plain and joined:
            return min(plain, joined, key=lambda found: found.start())
        return plain or joined

    def _code(self, found: re.Match[str], previous: CodeRead | None) -> CodeRead | None:
        start, end = found.span()
        before = self.text[max(0, start - 40) : start]
        if found["cpt"]:
            code = found["cpt"].upper()
            known = self.library.procedure(code) is not None
            if not known and not self._may_be_service(code, before, end, previous):
                return None
            return CodeRead("procedure", code, start, end, known=known)
        return self._lettered(found["letter"], start, end, before, previous)

    def _may_be_service(self, code: str, before: str, end: int, previous: CodeRead | None) -> bool:
        cued = bool(
            _SERVICE_CUE.search(before[-30:])
            or re.search(r"\bcodes?\b", before[-30:], re.IGNORECASE)
        )
        if _STATE_BEFORE.search(before) or (_NO_CODE.search(before) and not cued):
            return False
        if _DISPLACED.match(self.text[end : end + 12].lstrip()):
            return False
        return cued or code[0] != "0" or not code.isdigit() or previous is not None

    def _lettered(
        self, raw: str, start: int, end: int, before: str, previous: CodeRead | None
    ) -> CodeRead | None:
        plain = raw.replace(".", "").upper()
        is_hcpcs_form = "." not in raw and re.fullmatch(r"[A-V]\d{4}", plain) is not None
        if is_hcpcs_form and self.library.procedure(plain):
            return CodeRead("procedure", plain, start, end)
        near = before[-30:]
        bracketed = before.endswith(("(", "[")) and self.text[end : end + 1] in (")", "]", ",", ";")
        listed = previous is not None and start - previous.end < 8
        cued = (
            bool(_DIAGNOSIS_CUE.search(near))
            or bracketed
            or (listed and previous is not None and previous.kind == "diagnosis")
        )
        exists = self.icd.lookup(raw) is not None
        if is_hcpcs_form and not (exists and not _SERVICE_CUE.search(near)):
            if _NO_CODE.search(before) and not _SERVICE_CUE.search(near):
                return None
            if not _DIAGNOSIS_CUE.search(near):
                return CodeRead("procedure", plain, start, end, known=False)
        if exists:
            if len(plain) == 3 and not cued and (raw[0].islower() or _LEVEL.fullmatch(raw)):
                return None
            if (
                len(plain) > 3
                and "." not in raw
                and raw[0].islower()
                and not cued
                and raw[-1].isalpha()
            ):
                return None
            return CodeRead("diagnosis", diagnosis_code(raw), start, end)
        if "." in raw:
            if raw[0].isupper() or cued:
                return CodeRead("diagnosis", raw.upper(), start, end, known=False)
            return None
        if _NO_CODE.search(before) or len(plain) < 4:
            return None
        if (
            cued
            and re.fullmatch(r"[A-Z]\d[0-9A-Z]\d{0,2}[0-9A-Z]{0,2}", plain)
            and self.icd.lookup(plain[:3])
        ):
            return CodeRead("diagnosis", diagnosis_code(raw), start, end, known=False)
        return None

    # --- ranges and what is attached ---------------------------------------------------------------

    def _between(self, first: CodeRead, last: CodeRead) -> Iterator[CodeRead]:
        """The known codes of a range, its ends left out; they carry the span of the whole range."""
        if first.kind == "procedure":
            codes = self._procedures_between(first.code, last.code)
        else:
            codes = self._diagnoses_between(first.code, last.code)
        for code in codes:
            yield CodeRead(first.kind, code, first.start, last.end)

    def _procedures_between(self, first: str, last: str) -> list[str]:
        if (
            len(first) != len(last)
            or not first.isdigit()
            or not last.isdigit()
            or int(last) - int(first) > 30
        ):
            return []
        numbers = range(int(first) + 1, int(last))
        return [code for number in numbers if self.library.procedure(code := f"{number:05d}")]

    def _diagnoses_between(self, first: str, last: str) -> list[str]:
        if first[:3] != last[:3]:
            return []
        below = self.icd.billable_below(first[:3])
        return [code for code in below if first < code < last and len(code) == len(first)][:40]

    def _short_end(self, code: CodeRead) -> list[CodeRead]:
        """64490-92: the last digits stand for a code of the same kind close by; -50 is a modifier."""
        found = _SHORT_END.match(self.text, code.end)
        own = self.library.procedure(code.code)
        if found is None or own is None or not code.code.isdigit():
            return []
        last = code.code[: 5 - len(found[1])] + found[1]
        other = self.library.procedure(last)
        if other is None or not 0 < int(last) - int(code.code) <= 5 or other.kind != own.kind:
            return []
        codes = [*self._procedures_between(code.code, last), last]
        return [CodeRead("procedure", each, code.start, found.end()) for each in codes]

    def _attached(self, code: CodeRead) -> tuple[CodeRead, int]:
        if code.kind != "procedure":
            return code, code.end
        at = code.end
        modifiers: list[str] = []
        while not self._short_end(code) and (found := _MODIFIER.match(self.text, at)):
            modifiers.append(found[1])
            at = found.end()
        if found := _MODIFIERS.match(self.text, at):
            modifiers += re.findall(r"\d{2}|[A-Z]{2}|[A-Z]\d", found[1].upper().replace("AND", " "))
            at = found.end()
        units = None
        if found := _UNITS.match(self.text, at):
            units = int(found[1] or found[2])
        return replace(code, modifiers=tuple(dict.fromkeys(modifiers)), units=units), max(
            at, code.end
        )
