"""How long a drug or a therapy was tried, and when."""

from __future__ import annotations

import re
from typing import Final

from ....model.facts import Value
from ....model.measures import Range
from ..lexicon import Mention
from ..quantities import dates, durations
from .reader import EventReader, Tried

_A_MONTH: Final = re.compile(r"\s*(?:a|per|each|every|/)\s*(?:week|month|year)", re.IGNORECASE)
_DOSE: Final = re.compile(
    r"^\s*\d+(?:\.\d+)?\s*(?:mg|mcg|g|units?)\b(?:\s*(?:bid|tid|qid|daily|qhs|nightly))?",
    re.IGNORECASE,
)
_VISITS: Final = re.compile(r"\b(?:visits?|sessions?|treatments?|appointments?)\b", re.IGNORECASE)


class Lengths(EventReader):
    """Reads the length and the date of a trial."""

    def with_time(self, tried: Tried) -> dict[str, Value]:
        """The attributes of what was tried, with its length and date where they are told."""
        attributes = dict(tried.attributes)
        text = self.document.text
        start, end = self.document.span(tried.first, tried.last)
        limit = min(
            [
                len(text),
                end + 70,
                *(
                    self.document.tokens[at].start
                    for at in self.others_between(_kind_of(tried), tried.last, tried.last + 12)
                ),
            ]
        )
        for found in durations(text, max(0, start - 40), start):
            if re.fullmatch(
                r"\s*(?:course\s+)?(?:of|trial of|course of|on|with)?\s*(?:(?!and\b|or\b)\w+\s+)?",
                text[found.end : start],
            ):
                attributes["duration"] = found.value
        for found in durations(text, end, limit) if "duration" not in attributes else ():
            gap = text[end : found.start]
            told = re.fullmatch(
                r"[\s\w()./%:]{0,50}?\b(?:for|x|over|lasting|of|after|completed|attended)\s+(?:the\s+|an?\s+)?(?:past\s+|last\s+)?",
                gap,
            )
            if (
                self.document.sentence[self.document.at(found.start)]
                != self.document.sentence[tried.first]
            ):
                break
            if _A_MONTH.match(text, found.end) or self.broken(
                tried.last, self.document.at(found.start)
            ):
                break
            if (
                told
                or not _DOSE.sub("", gap).strip(" (,x:")
                or (_VISITS.search(gap) and text[found.start :].startswith("over "))
            ):
                attributes["duration"] = (
                    _exactly(found.value)
                    if _VISITS.search(text, max(0, start - 30), found.start)
                    else found.value
                )
            break
        for found in (
            durations(text, end, min(len(text), end + 120)) if "duration" not in attributes else ()
        ):
            # "amitriptyline and topiramate for 3 months each": the length is everyone's
            same = (
                self.document.sentence[self.document.at(found.start)]
                == self.document.sentence[tried.first]
            )
            if same and re.match(r"\s*(?:each|apiece)\b", text[found.end :]):
                attributes["duration"] = found.value
            break
        for dated in dates(text, end, min(len(text), end + 30), day=self.document.day):
            if re.fullmatch(r"\s*\(?(?:in|on|since|from|started|,)?\s*", text[end : dated.start]):
                attributes["date"] = dated.value
            break
        return attributes

    def has_length(self, mention: Mention) -> bool:
        """Whether a length of time is told of words."""
        return "duration" in self.with_time(Tried(mention.first, mention.last, ()))


def _kind_of(tried: Tried) -> str:
    return (
        "drug-trial"
        if tried.attributes and tried.attributes[0][0].startswith("drug")
        else "therapy"
    )


def _exactly(value: Range) -> Range:
    """*12 visits over 6 weeks* took six weeks, not more."""
    bound = value.low if value.low is not None else value.high
    return Range(bound, bound) if value.high is None else value
