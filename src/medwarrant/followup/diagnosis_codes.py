"""Diagnosis codes asked about: whether one is specific enough, and which fit words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..intake.words.marked import Marked
from ..model.diagnosis_code import DiagnosisCode
from ..policy.prose import join
from ..report.article import Line
from ..report.text import clean, counted, lower_first, sentence, upper_first
from ..terminology.text import normalise
from .talk import Talk

_CODE_FOR: Final = re.compile(r"\b(?:icd\w*|dx|diagnos\w+)\b|\bcodes?\b.*\b(?:for|of)\b")
_CODE_WORDS: Final = re.compile(
    r"\b(?:what|which|is|are|the|a|an|for|of|in|to|right|correct|proper|best|code[sd]?|coding|cpt|hcpcs|icd(?:-?10)?(?:-cm)?|10|cm|diagnos[ei]s|"
    r"diagnostic|dx|procedure|billing|bill|use|used|should|would|i|we|do|does|have|patients?|please|with|on|you|me|tell|give|find|need|"
    r"how|be|it|there|and|or|my|her|his|our)\b",
    re.IGNORECASE,
)
_SPECIFIC: Final = re.compile(
    r"\b(?:specific\w*|exact|precise|billable|header|enough|unspecified|valid)\b"
)
_MOST_BELOW: Final = 6


def diagnosis_line(talk: Talk, known: DiagnosisCode, plain_text: str) -> Line:
    """A diagnosis code: its title, whether it can be billed, and what would be more exact."""
    icd = talk.medwarrant.icd
    text = [sentence(clean(known.title))]
    inner = []
    if not known.billable:
        below = icd.billable_below(known.code)
        shown = (
            join(below[:_MOST_BELOW], "and") if below else join(known.children[:_MOST_BELOW], "and")
        )
        more = (
            f" and {counted(len(below) - _MOST_BELOW, 'more')}" if len(below) > _MOST_BELOW else ""
        )
        text.append(
            f"A header that is not specific enough to be reported; below it: {shown}{more}."
        )
    else:
        text.append("A complete code.")
    for question in talk.library.specificity_for(known.code):
        candidates = join(question.candidates[:_MOST_BELOW], "or")
        note = talk.cited.statements(question.cites)
        inner.append(
            Line(
                lead="Policies may need more:",
                text=clean(f"{question.question}{f' ({candidates})' if candidates else ''}"),
                note=note,
            )
        )
    if known.billable and not inner and _SPECIFIC.search(plain_text):
        text.append("No policy in the library asks for a more specific one.")
    return Line(lead=f"{known.code}:", text=" ".join(text), inner=tuple(inner))


def diagnosis_lines(talk: Talk, text: str, marked: Marked, written: Sequence[str]) -> list[Line]:
    """Codes for a diagnosis in words: as questions are read, else by searching the code set."""
    icd = talk.medwarrant.icd
    day = talk.answer.reading.request.as_of
    reading = talk.readings.reading(text, day)
    lines = []
    for read in reading.diagnoses:
        if read.code in written:
            continue
        others = ""
        if read.candidates:
            others = f" Also possible: {join(read.candidates[:_MOST_BELOW], 'or')}."
        remarks = [
            sentence(clean(remark.message.partition(": ")[2] or remark.message))
            for remark in reading.assumptions
            if read.code in remark.message
        ]
        lines.append(
            Line(
                lead=f"{upper_first(clean(read.text))}:",
                text=clean(
                    f"{read.code}, {lower_first(read.title or 'not in ICD-10-CM')}.{others}"
                ),
                inner=tuple(Line(text=remark) for remark in remarks[:1]),
            )
        )
    if lines or written or not _CODE_FOR.search(text.lower()):
        return lines
    words = " ".join(normalise(_CODE_WORDS.sub(" ", text)).split())
    found = [match for match in icd.search(words, 5) if match.every_word] if words else []
    return [Line(lead=f"{match.code}:", text=sentence(clean(match.title))) for match in found]
