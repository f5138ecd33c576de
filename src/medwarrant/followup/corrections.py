"""What a follow-up puts right: facts taken out, denied, or said otherwise; another date of service.

Only what the request holds can be put right, and only where the words tell which of it is meant: else nothing
is changed and it is said what might have been. What was taken from the words is left blank for those who read
facts after, so that *ignore the MRI* states no MRI.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from ..answer import Answer
from ..intake.reading import Remark
from ..model.facts import EventValue
from ..terminology.text import normalise
from .amounts import Slot, amounts, same, slots
from .clauses import Span, clauses
from .corrected import Unsettled, Withdrawn
from .cues import (
    DENIED,
    NOT_BUT,
    SAYS_RIGHT,
    TAKE_OUT,
    TAKE_OUT_LAST,
    WRONG_AFTER,
    WRONG_BEFORE,
)
from .held import Concept, Named, concepts_of, held_facts, named
from .readings import Readings
from .service_date import service_date

#: What was said, and not what is the case: *what I said about the MRI*.
_SAID: Final = re.compile(
    r"^\s*(?:(?:about|the|that|of)\s+)*(?:fact|part|bit|statement|what\s+(?:i|we)\s+(?:just\s+)?(?:said|told\s+you|wrote|put))\b",
    re.IGNORECASE,
)
#: *Has not used it since* speaks of now and denies no trial.
_OF_NOW: Final = re.compile(
    r"^\s*(?:since|in\s+the\s+(?:last|past)|for\s+the\s+(?:last|past)|lately|recently|this\s+(?:week|month)|again|today|now|anymore|any\s+more|as\s+directed|regularly|enough|well)\b",
    re.IGNORECASE,
)
#: *Everything but the MRI* names what stays.
_BUT: Final = re.compile(
    r"\b(?:but|except|besides|other\s+than|apart\s+from|save)\b", re.IGNORECASE
)
_ARTICLES: Final = re.compile(
    r"^\s*(?:(?:the|a|an|any|in|for|on|with|at|to|of|under|her|his|my|our|their|for\s+the)\s+)*",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(r"[\s,/&]*(?:and|or|nor)?\s*")


class Correcting:
    """What the words of one text take out, deny or call wrong of one answer; what is left is read after."""

    def __init__(self, text: str, answer: Answer, readings: Readings, document: str) -> None:
        self.text = text
        self.left = text
        self.answer = answer
        self.readings = readings
        self.document = document
        self.held = held_facts(answer, readings)
        self.day: date | None = None
        self.withdrawn: dict[str, Withdrawn] = {}
        self.wrong: dict[str, Withdrawn] = {}
        self.remarks: list[Remark] = []
        self.unsettled: list[Unsettled] = []
        self.not_these: list[Span] = []
        self.clauses = tuple(clauses(text))
        self._dated()
        for start, end in self.clauses:
            self._clause(start, end)

    # --- by their words ---------------------------------------------------------------------------

    def _dated(self) -> None:
        found = service_date(self.text)
        if found is None:
            return
        quote = self.text[found.start : found.end].strip()
        if found.day is None:
            self.unsettled.append(Unsettled(quote, problem=found.problem))
        else:
            self.day = found.day
            if remark := found.remark(self.text):
                self.remarks.append(Remark(kind="date", message=remark))
        self._blank(found.start, found.end)

    def _clause(self, start: int, end: int) -> None:
        clause = self.left[start:end]
        for cue in (TAKE_OUT_LAST, TAKE_OUT):
            match = cue.match(clause)
            if match is not None:
                self._take_out(start, match, clause)
                return
        denied = DENIED.search(clause)
        if denied is not None and self._deny(start, denied, clause):
            return
        match = WRONG_BEFORE.match(clause) or WRONG_AFTER.match(clause)
        if (
            match is not None
            and not SAYS_RIGHT.search(match[0])
            and self._call_wrong(match, clause)
        ):
            if not amounts(clause):
                self._blank(start, end)
            return
        for contrast in NOT_BUT.finditer(clause):
            self._not_this(start, contrast, clause)

    def _take_out(self, start: int, match: re.Match[str], clause: str) -> None:
        what = match["what"]
        span = (start + match.start("what"), start + match.end("what"))
        if self.readings.marked(what).codes:
            return  # a service or diagnosis: the request's lists are changed by their roles
        if _BUT.search(what):
            problem = "what is to stay is told, not what is to go: name what is to be taken out"
            self.unsettled.append(Unsettled(clause.strip(), problem=problem))
            self._blank(*span)
            return
        found = named(what, self.held, self.readings)
        if not found.found and not _SAID.match(what) and not self._is_fact(what):
            return
        self._blank(*span)
        quote = clause.strip()
        if not found.found:
            problem = "nothing of the kind was stated, so nothing was taken out"
            self.unsettled.append(Unsettled(quote, problem=problem))
        else:
            self._withdraw(found, quote, self.withdrawn)

    def _is_fact(self, what: str) -> bool:
        """Whether words name what facts are about, and no service or diagnosis."""
        marked = self.readings.marked(what)
        if marked.of("procedure", "family", "diagnosis", "nerve"):
            return False
        return bool(marked.of("drug", "drug_class", "attribute", "flag", "choice", "quantity"))

    def _deny(self, start: int, match: re.Match[str], clause: str) -> bool:
        group = next(name for name in ("what", "what2", "what3") if match[name])
        words = _without_articles(match[group])
        events = [one for one in self.held if isinstance(one.model.value, EventValue)]
        events = [one for one in events if one.model.status == "present"]
        lead = self._leading(words)
        found = named(lead, events, self.readings, titles=False) if lead else Named((), False)
        after = words[len(lead) :]
        if not found.found or not found.sure or _OF_NOW.match(after):
            return False
        self._withdraw(found, clause.strip(), self.withdrawn)
        return True

    def _leading(self, words: str) -> str:
        """The phrase that words begin with and that names something held, with those joined to it."""
        marked = self.readings.marked(words)
        tokens = marked.document.tokens
        held = frozenset[Concept]().union(*(one.concepts for one in self.held))
        reach = 0
        for mention in marked.mentions:
            start, end = tokens[mention.first].start, tokens[mention.last - 1].end
            joined = not reach or _JOINED.fullmatch(words[reach:start])
            if start <= reach or (reach and joined):
                if (start == 0 or reach) and not held.isdisjoint(concepts_of(mention)):
                    reach = max(reach, end)
        return words[:reach]

    def _call_wrong(self, match: re.Match[str], clause: str) -> bool:
        found = named(match["what"], self.held, self.readings)
        if not found.found:
            return False
        self._withdraw(found, clause.strip(), self.wrong)
        return True

    def _not_this(self, start: int, match: re.Match[str], clause: str) -> None:
        old = match["old"]
        span = (start + match.start(), start + match.end())
        wrong = amounts(old)
        if len(wrong) == 1 and any(same(slot, wrong[0]) for slot in self.slots()):
            self.not_these.append((start + match.start("old"), start + match.end("old")))
            return
        words = next(
            (w for w in (old.strip(), _without_articles(old)) if w and self._is_held(w)), ""
        )
        if not words:
            return
        choices = [one for one in self.held if one.model.value is not None]
        found = named(words, choices, self.readings)
        if not found.found or not found.sure:
            return
        self._withdraw(found, match[0].strip(" ,-"), self.wrong)
        self._blank(*span)

    def _is_held(self, words: str) -> bool:
        """Whether words are nothing but what a held fact is called, or its value."""
        own = set(normalise(words).split())
        return len(self._leading(words)) == len(words) or any(
            own <= one.words for one in self.held if not isinstance(one.model.value, EventValue)
        )

    def slots(self) -> tuple[Slot, ...]:
        """The amounts that the request holds."""
        return tuple(slots(self.held, self.answer.library))

    def _withdraw(self, found: Named, quote: str, into: dict[str, Withdrawn]) -> None:
        if not found.sure:
            choices = tuple(one.read for one in found.found)
            self.unsettled.append(Unsettled(quote, choices))
            return
        for one in found.found:
            into[one.read.id] = Withdrawn(one.read, quote)

    def _blank(self, start: int, end: int) -> None:
        self.left = self.left[:start] + " " * (end - start) + self.left[end:]


def _without_articles(words: str) -> str:
    first = _ARTICLES.match(words)
    return (words[first.end() :] if first else words).strip()
