"""What is put right beside the facts that a text states: events told anew, and amounts said alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from ..model.facts import EventValue, Fact, Provenance
from ..terminology.text import normalise
from .amounts import Amount, amounts, fits, put_right, same
from .clauses import Span, sentences
from .corrected import Corrected, Unsettled, Withdrawn
from .corrections import Correcting
from .cues import CORRECTS
from .held import named

_SMALL: Final = frozenset(
    "it was is were are be been it's its i we she he they that this the a an for of only just about actually really not no and but to at in on had did "
    "there has have s m re".split()
)


class PuttingRight:
    """Completes what the words of a correction told by the facts that its text states."""

    def __init__(self, by: Correcting) -> None:
        self.by = by
        self.put: list[Fact] = []

    def with_facts(self, facts: Iterable[Fact]) -> tuple[Corrected, tuple[Fact, ...]]:
        """All that is put right, once the facts of the text are known; and these facts.

        What was called wrong is taken out unless the text says what it is instead.
        """
        stated = list(facts)
        for number, fact in enumerate(stated):
            stated[number] = self._event(fact)
        self._amounts(stated)
        told = {fact.fact for fact in (*stated, *self.put)}
        events = self.by.answer.library.events
        for name, one in self.by.wrong.items():
            if one.fact.fact in events or one.fact.fact not in told:
                self.by.withdrawn.setdefault(name, one)
        corrected = Corrected(
            corrects=bool(self.by.wrong or self.by.withdrawn or self.put or self.by.day),
            withdrawn=tuple(self.by.withdrawn.values()),
            facts=tuple(self.put),
            day=self.by.day,
            remarks=tuple(self.by.remarks),
            unsettled=tuple(self.by.unsettled),
        )
        return corrected, tuple(stated)

    def _event(self, fact: Fact) -> Fact:
        """An event that says otherwise what the request holds of the same one takes its place."""
        if not isinstance(fact.value, EventValue):
            return fact
        new = dict(fact.value.attributes)
        quote, (start, _) = fact.provenance.quote, fact.provenance.span or (0, 0)
        for one in self.by.held:
            if one.model.fact != fact.fact or one.model.status != "present":
                continue
            if not isinstance(one.model.value, EventValue):
                continue
            old = dict(one.model.value.attributes)
            if fact.status == "absent":
                if all(old.get(name) == value for name, value in new.items()):
                    clause = self.by.text[slice(*self._around(start))].strip()
                    self.by.withdrawn[one.read.id] = Withdrawn(one.read, clause)
                continue
            same_one = named(quote, [one], self.by.readings).sure
            differs = [name for name in new if name in old and new[name] != old[name]]
            if same_one and differs and self._corrects(start):
                clause = self.by.text[slice(*self._around(start))].strip()
                self.by.withdrawn[one.read.id] = Withdrawn(one.read, clause)
                return msgspec.structs.replace(fact, value=EventValue.of({**old, **new}))
        return fact

    def _amounts(self, stated: list[Fact]) -> None:
        """Amounts that no stated fact took up, put in the place of those that the request holds."""
        taken = {value for fact in stated for value in _values(fact)}
        for start, end in self.by.clauses:
            within = [
                one
                for one in amounts(self.by.left, start, end)
                if not any(first <= one.start < last for first, last in self.by.not_these)
            ]
            left = [one for one in within if one.value not in taken]
            if len(left) == 1 and len(within) == 1:
                self._put_right(left[0], (start, end))

    def _put_right(self, amount: Amount, clause: Span) -> None:
        start, end = clause
        quote = self.by.text[start:end].strip(" ,")
        wrong = [
            old for first, last in self.by.not_these for old in amounts(self.by.text, first, last)
        ]
        fitting = [slot for slot in self.by.slots() if fits(slot, amount)]
        fitting = [slot for slot in fitting if slot.held.read.id not in self.by.withdrawn]
        if wrong:
            fitting = [slot for slot in fitting if any(same(slot, old) for old in wrong)]
        words = self.by.left[start : amount.start] + " " + self.by.left[amount.end : end]
        words = " ".join(
            word for word in CORRECTS.sub(" ", words).split() if normalise(word) not in _SMALL
        )
        meant = named(words, tuple(slot.held for slot in fitting), self.by.readings)
        if meant.found:
            known = {one.read.id for one in meant.found}
            fitting = [slot for slot in fitting if slot.held.read.id in known]
        elif not wrong and (words or not self._corrects(start)):
            return  # it may be an amount of what these words say, or no correction
        if len(fitting) > 1:
            self.by.unsettled.append(Unsettled(quote, tuple(slot.held.read for slot in fitting)))
        if len(fitting) != 1 or fitting[0].value == amount.value:
            return
        (slot,) = fitting
        where = Provenance(document=self.by.document, span=(start, end), quote=quote)
        fact = put_right(slot, amount.value)
        fact = msgspec.structs.replace(fact, basis="stated", provenance=where)
        if slot.attribute:
            self.by.withdrawn[slot.held.read.id] = Withdrawn(slot.held.read, quote)
        self.put.append(fact)

    def _corrects(self, at: int) -> bool:
        """Whether the sentence around a place says that it puts something right."""
        start, end = at, at
        for first, last in sentences(self.by.text):
            if first <= at < last:
                start, end = first, last
        return CORRECTS.search(self.by.text[start:end]) is not None

    def _around(self, at: int) -> Span:
        return next(((s, e) for s, e in self.by.clauses if s <= at < e), (0, len(self.by.text)))


def _values(fact: Fact) -> Iterator[object]:
    yield fact.value
    if isinstance(fact.value, EventValue):
        for _, value in fact.value.attributes:
            yield value
