"""What a follow-up gives: facts, who pays, services and diagnoses added, put in place or taken out.

The text is read as a question is (`medwarrant.intake.question`). A follow-up mostly leaves out the
service it speaks of (*it will be done in the office*): it is then read as if the answer's service stood
before it, and what it says of the service holds for every line.
"""

from __future__ import annotations

import msgspec

from ..answer import Answer
from ..engine.supplied import COVERAGE_FACTS
from ..intake.reading import Remark
from ..model.facts import Fact
from ..model.request import LINE_FACTS, Request
from .readings import Readings
from .told_text import Listed, ToldText, same_family, same_place


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a text gives that the request does not hold yet.

    `services` and `diagnoses` are None where both stay as they are, else the whole new lists as a
    structured request has them. `known` was stated before; `beside` are codes that the text names and
    that are neither asked about nor put into the request.
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

    @property
    def anything(self) -> bool:
        """Whether the request would be another with it."""
        return bool(self.facts) or self.services is not None

    @property
    def only_coverage(self) -> bool:
        """Whether it says who pays and nothing else."""
        return self.says_coverage and self.services is None and not self._others

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
    facts = tuple(
        fact
        for fact in dict.fromkeys(told.facts(set(services.left)))
        if fact.service is None or fact.service in services.left
    )
    known = tuple(fact for fact in facts if is_known(fact, request))
    new = tuple(fact for fact in facts if fact not in known)
    changed = services.changed or diagnoses.changed
    named = dict.fromkeys(mention.code for mention in (*told.services, *told.diagnoses))
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
        remarks=told.remarks({*services.added, *diagnoses.added}, new),
        unrecognised=tuple(entry.text for entry in told.reading.unrecognised),
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
