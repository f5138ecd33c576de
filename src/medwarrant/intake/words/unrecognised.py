"""What looks like a service or a diagnosis and was not understood, so that nobody takes it for read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from ..reading import Unrecognised
from .drugs_asked import NECESSITY
from .marked import Marked

_OPENS: Final = frozenset({"is", "are", "was", "would", "should", "does", "do", "can", "will"})
_ENDS: Final = NECESSITY | frozenset(
    {"for", "in", "to", "be", "who", "with", "given", "because", "due"}
)
_FRAMES: Final = (
    ("diagnosed", "with"), ("diagnosis", "of"), ("diagnoses", "of"), ("patient", "with"), ("patients", "with"),
    ("male", "with"), ("female", "with"), ("man", "with"), ("woman", "with"), ("suffering", "from"),
    ("treatment", "of"), ("management", "of"), ("adult", "with"), ("child", "with"),
)  # fmt: skip
_ASKED_AFTER: Final = (
    ("necessity", "met", "for"),
    ("necessity", "for"),
    ("necessity", "of"),
    ("request", "for"),
    ("approval", "for"),
    ("approval", "of"),
    ("authorization", "for"),
    ("coverage", "for"),
    ("coverage", "of"),
    ("requesting",),
)
_END_OF_LIST: Final = frozenset(
    "who that which is are was were medically but given considering due despite because and_has while without when if "
    "status including confirmed on by after since".split()
)
_PARTS: Final = re.compile(
    r"\s*(?:,\s*(?:and|or)\b|,|;|\band\b|\bor\b|&|\bplus\b|\bas well as\b)\s*", re.IGNORECASE
)
_EDGES: Final = re.compile(
    r"^(?:[\s\W]|(?:an?|the|this|these|any|his|her|their|both|of|for|on|at|considered|including|history|with|possible|of)\b)+|[\s\W]+$",
    re.IGNORECASE,
)
_SAYS_NOTHING: Final = frozenset(
    "it this that treatment treatments therapy procedure procedures service services injection injections surgery medication "
    "medications patient request drug one pain management code codes cpt hcpcs icd above following diagnosis condition the a "
    "left right bilateral side unit units mg milligram ml every week month day other related associated new repeat stage both "
    "response previous prior various multiple severe significant level levels response failed following medical necessity met "
    "first second third set sets visit visits session sessions series given "
    "symptoms symptom mentioned requested listed medical care they these pain and or of history severe chronic".split()
)
_LONGEST: Final = 120
_LONGEST_LIST: Final = 80


def find_unrecognised(
    marked: Marked,
    understood: Iterable[tuple[int, int]],
    services_found: bool,
    without_code: Iterable[tuple[int, int]],
) -> tuple[Unrecognised, ...]:
    """Members of what is asked for, and of the list of diagnoses, in which nothing was understood.

    `understood` are the word ranges that a service, diagnosis or fact was read from.
    """
    known = [*understood]
    spans: dict[tuple[int, int], None] = {
        marked.document.span(first, last): None for first, last in without_code
    }
    for start, end in (*_asked(marked), *_listed(marked)):
        for span in _members(marked, start, end):
            if not _touches(marked, span, known) and not any(
                s[0] < span[1] and span[0] < s[1] for s in spans
            ):
                spans[span] = None
    text = marked.document.text
    return tuple(Unrecognised(text=text[s:e], span=(s, e)) for s, e in sorted(spans))


def _asked(marked: Marked) -> Iterator[tuple[int, int]]:
    """What stands between *is* or *are* and *medically necessary*."""
    document, norms = marked.document, marked.norms
    at = 0
    while at < len(norms):
        begins = at == 0 or document.sentence[at] != document.sentence[at - 1]
        if begins and norms[at] in _OPENS and at + 1 < len(norms):
            end = at + 1
            while (
                end < len(norms)
                and end - at < 2 * _LONGEST_LIST
                and norms[end] not in _ENDS
                and document.sentence[end] == document.sentence[at]
            ):
                end += 1
            rest = [
                norms[i]
                for i in range(end, min(len(norms), end + 2 * _LONGEST_LIST))
                if document.sentence[i] == document.sentence[at]
            ]
            if end > at + 1 and NECESSITY & set(rest) and norms[at + 1] not in NECESSITY:
                yield document.tokens[at].end, document.tokens[end - 1].end
        for words in _ASKED_AFTER:
            if tuple(norms[at : at + len(words)]) == words:
                start = end = at + len(words)
                while (
                    end < len(norms)
                    and end - at < _LONGEST_LIST
                    and norms[end] not in _ENDS
                    and document.sentence[end] == document.sentence[at]
                ):
                    end += 1
                if end > start:
                    yield document.tokens[start - 1].end, document.tokens[end - 1].end
        at += 1


def _listed(marked: Marked) -> Iterator[tuple[int, int]]:
    """The list after *patient with*, *diagnosis of* and the like."""
    document, norms = marked.document, marked.norms
    for at in range(len(norms) - 2):
        if tuple(norms[at : at + 2]) not in _FRAMES or norms[at + 2] in ("history", "hx", "past"):
            continue
        end = at + 2
        while (
            end < len(norms)
            and end - at < _LONGEST_LIST
            and norms[end] not in _END_OF_LIST
            and document.sentence[end] == document.sentence[at]
        ):
            end += 1
        if end > at + 2:
            yield document.tokens[at + 1].end, document.tokens[end - 1].end


def _members(marked: Marked, start: int, end: int) -> Iterator[tuple[int, int]]:
    text = marked.document.text
    region = text[start:end]
    for _ in range(3):
        region = re.sub(r"\([^()]*\)|\([^()]*$", lambda found: " " * len(found[0]), region)
    at = 0
    for separator in [*_PARTS.finditer(region), None]:
        stop = separator.start() if separator else len(region)
        part = region[at:stop]
        lead = _EDGES.match(part)
        first = start + at + (lead.end() if lead and lead.start() == 0 else 0)
        last = start + at + len(part.rstrip(" \t\r\n.,;:?!)([]-\u2013"))
        if 3 <= last - first <= _LONGEST:
            yield first, last
        at = separator.end() if separator else stop


def _touches(marked: Marked, span: tuple[int, int], known: list[tuple[int, int]]) -> bool:
    first, last = marked.document.at(span[0]), marked.document.at(span[1])
    if first >= last:
        return True
    if any(start < last and first < end for start, end in known):
        return True
    beside = re.compile(r"\s*[(\[][^()]{0,60}[)\]]").match(marked.document.text, span[1])
    if beside and any(beside.start() <= code.start < beside.end() for code in marked.codes):
        return True  # the code says what the words mean
    words = {norm for norm in marked.norms[first:last] if not re.fullmatch(r"[ctlsv]?\d+", norm)}
    return words <= _SAYS_NOTHING or not any(word.isalpha() and len(word) > 3 for word in words)
