"""Words beside a percentage that make it a figure of relief: *80% relief*, *helped about 70%*."""

from __future__ import annotations

import re
from typing import Final

from .drugs_asked import NECESSITY
from .marked import Marked
from .quantities import Measured, percentages

AFTER_PERCENT: Final = re.compile(
    r"\W{0,3}(?:of\s+)?(?:(?:pain|symptom|sustained|significant|overall|symptomatic|headache|functional)\s+){0,2}(?:relief|improvement|reduction|better|improved|decrease|benefit)\b",
    re.IGNORECASE,
)
_BEFORE_PERCENT: Final = re.compile(
    r"(?:relief|improvement|reduction|improved|decreased|better|benefit)\s*(?:of|by|was|:|in pain of|in pain by)?\s*$"
    r"|(?:helped|improved|decreased|reduced|relieved|eased)(?:\s+(?:(?:her|his|the|their|my)\s+)?(?:(?:axial|back|neck|leg|arm|head|low|lower|headache|pain|symptoms|headaches)\s+){1,4})?\s*(?:by\s+)?$",
    re.IGNORECASE,
)


#: *On 1/12/2026 (90%)*: a percentage alone in brackets after a date.
_DATE_BEFORE: Final = re.compile(r"\d[/-]\d{2,4}\s*\($")
#: A figure beside one of these is hoped for or required, and no result.
_WANTED: Final = frozenset(
    "request requesting requested requests req need needs plan planned proposed expect expected goal require requires required "
    "if should would approve authorize authorization repeat can could is are does do".split()
)
#: *Implant after a trial with 70% relief*: the figure is that of the trial.
_OF_ANOTHER: Final = frozenset("after following since for because who due given trial".split())
_REACH_OF_RESULT: Final = 22


def tells_relief(text: str, percent: Measured, start: int = 0) -> bool:
    """Whether a percentage is one of relief, from the words right after it or, from `start`, before it.

    >>> from medwarrant.intake.words.quantities import percentages
    >>> text = "80% pain relief, 20% of her income"
    >>> [tells_relief(text, percent) for percent in percentages(text)]
    [True, False]
    """
    return (
        AFTER_PERCENT.match(text, percent.end) is not None
        or _BEFORE_PERCENT.search(text, start, percent.start) is not None
        or (
            _DATE_BEFORE.search(text, start, percent.start) is not None
            and text[percent.end : percent.end + 1] == ")"
        )
    )


def told_with_result(marked: Marked, first: int, last: int, until: int) -> bool:
    """Whether a figure of relief follows words in a sentence that asks for nothing, before the word `until`."""
    document, sentence = marked.document, marked.document.sentence[first]
    end = min(last + _REACH_OF_RESULT, len(marked.norms), until)
    while end > last and document.sentence[end - 1] != sentence:
        end -= 1
    told = any(
        tells_relief(document.text, percent)
        and not _OF_ANOTHER & set(marked.norms[last : document.at(percent.start)])
        for percent in percentages(
            document.text, document.span(last - 1, last)[1], document.span(end - 1, end)[1]
        )
    )
    return told and not any(
        norm in NECESSITY or norm in _WANTED
        for norm, at in zip(marked.norms, document.sentence, strict=True)
        if at == sentence
    )
