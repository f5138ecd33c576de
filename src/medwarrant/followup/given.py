"""What a follow-up gives: facts, who pays, services and diagnoses added, put in place or taken out.

The text is read as a question is (`medwarrant.intake.question`). A follow-up mostly leaves out the
service it speaks of (*it will be done in the office*): it is then read as if the answer's service stood
before it, and what it says of the service holds for every line.
"""

from __future__ import annotations

from datetime import date

import msgspec

from ..answer import Answer
from ..engine.supplied import COVERAGE_FACTS
from ..intake.reading import Remark
from ..model.facts import EventValue, Fact
from ..model.request import LINE_FACTS, Request
from .corrected import Unsettled, Withdrawn
from .corrections import Correcting
from .cues import CORRECTS
from .put_right import PuttingRight
from .readings import Readings
from .told_text import Listed, ToldText, same_family, same_place


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a text gives that the request does not hold yet.

    `services` and `diagnoses` are None where both stay as they are, else the whole new lists as a
    structured request has them. `known` was stated before; `beside` are codes that the text names and
    that are neither asked about nor put into the request, `asked_already` those that it puts in place and that
    are there. `withdrawn` no longer counts; `unsettled` are words that ask for a change and do not tell it
    exactly: nothing of that is changed. `corrects` tells that something is put right and not only added.
    """

    facts: tuple[Fact, ...] = ()
    services: Listed | None = None
    diagnoses: Listed | None = None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    known: tuple[Fact, ...] = ()
    beside: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    unrecognised: tuple[str, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    unsettled: tuple[Unsettled, ...] = ()
    as_of: date | None = None
    asked_already: tuple[str, ...] = ()
    corrects: bool = False

    @property
    def anything(self) -> bool:
        """Whether the request would be another with it."""
        return bool(self.facts or self.withdrawn or self.as_of) or self.services is not None

    @property
    def says(self) -> bool:
        """Whether it states anything at all, new or not, exact enough to be taken or not."""
        return self.anything or bool(self.known or self.unsettled or self.asked_already)

    @property
    def only_coverage(self) -> bool:
        """Whether it says who pays and nothing else."""
        others = self._others or self.withdrawn or self.as_of or self.unsettled
        return self.says_coverage and self.services is None and not others

    @property
    def says_coverage(self) -> bool:
        """Whether it says who pays."""
        return any(fact.fact in COVERAGE_FACTS for fact in (*self.facts, *self.known))

    @property
    def _others(self) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.fact not in COVERAGE_FACTS)


def read_given(
    text: str,
    answer: Answer,
    readings: Readings,
    *,
    document: str = "follow-up",
    supposed: bool = False,
) -> Given:
    """What a text gives, beside what the request of an answer holds.

    Facts are `stated`, as those of a question are, with their characters in the text. Where something
    is `supposed`, codes named without a cue are judged too. Raises `InputError` where the text is too
    long to be read.
    """
    correcting = Correcting(text, answer, readings, document)
    told = ToldText.of(text, answer, readings, document)
    request = answer.reading.request
    services = told.listed(
        told.services,
        [line.code for line in request.services],
        same_family(answer.library),
        supposed,
    )
    diagnoses = told.listed(
        told.diagnoses, [diagnosis.code for diagnosis in request.diagnoses], same_place, supposed
    )
    # Facts are read from what is left once corrections are taken out; codes keep their words.
    bare = ToldText.of(correcting.left, answer, readings, document)
    stated = tuple(
        fact
        for fact in dict.fromkeys(bare.facts(set(services.left)))
        if fact.service is None or fact.service in services.left
    )
    corrected, facts = PuttingRight(correcting).with_facts(stated)
    gone = {one.fact.id for one in corrected.withdrawn}
    known = tuple(fact for fact in facts if is_known(fact, request) and fact.fact not in gone)
    new = tuple(dict.fromkeys([*(f for f in facts if f not in known), *corrected.facts]))
    changed = services.changed or diagnoses.changed
    named = dict.fromkeys(mention.code for mention in (*told.services, *told.diagnoses))
    corrects = corrected.corrects or CORRECTS.search(text) is not None
    day = None if corrected.day == request.as_of else corrected.day
    return Given(
        facts=new,
        services=told.service_lines(services, diagnoses) if changed else None,
        diagnoses=told.diagnosis_list(diagnoses) if changed else None,
        added=(*services.added, *diagnoses.added),
        removed=(*services.removed, *diagnoses.removed),
        known=known,
        beside=tuple(
            code
            for code in named
            if code not in {*services.left, *diagnoses.left, *services.removed, *diagnoses.removed}
        ),
        remarks=(
            *told.remarks({*services.added, *diagnoses.added}, ()),
            *bare.remarks(set(), new),
            *corrected.remarks,
        ),
        unrecognised=tuple(entry.text for entry in bare.reading.unrecognised),
        withdrawn=tuple(one for one in corrected.withdrawn if not _said_anew(one, new)),
        unsettled=corrected.unsettled,
        as_of=day,
        asked_already=(*services.kept, *diagnoses.kept) if corrects else (),
        corrects=corrects,
    )


def _said_anew(one: Withdrawn, facts: tuple[Fact, ...]) -> bool:
    """Whether a new fact takes the place of one that is withdrawn by itself, as all but events do."""
    return any(
        fact.fact == one.fact.fact
        and not isinstance(fact.value, EventValue)
        and not isinstance(one.fact.value, dict)
        for fact in facts
    )


def is_known(fact: Fact, request: Request) -> bool:
    """Whether a request holds a fact already: as it is, or on the service lines it is about."""
    if fact.fact in COVERAGE_FACTS:
        return bool(fact.value == getattr(request.coverage, fact.fact))
    key = (fact.fact, fact.status, fact.value)
    lines = [line for line in request.services if fact.service in (None, line.code)]
    if fact.fact in LINE_FACTS and lines:
        if all(line.attribute(fact.fact) == fact.value for line in lines):
            return True
    return any(
        key == (held.fact, held.status, held.value) and held.service in (None, fact.service)
        for held in request.facts
    )
