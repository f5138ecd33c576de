"""Whose word a fact rests on: only a nurse or physician reviewer confirms what the machine read.

A practice's own statement is `stated`, whatever it calls it. A fact that somebody else called confirmed
is what it was before: `read` where it was read from a note, `stated` where it was not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import msgspec

from ..answer import Answer
from ..intake.reading import FactRead, facts_read
from ..model.canonical import canonical
from ..model.facts import Basis, Fact

_OWN_WORDS = frozenset({"question", "request", "request body", ""})


def same_fact(fact: FactRead | dict[str, Any]) -> bytes:
    """What makes a fact the same one in another record, whatever id and basis it has there.

    >>> one = FactRead(id="intent", fact="intent", status="present", value="acute", basis="read",
    ...                document="visit.txt", quote="acute", span=(3, 8))
    >>> same_fact(one) == same_fact(msgspec.structs.replace(one, id="intent#2", basis="confirmed"))
    True
    """
    said = fact if isinstance(fact, dict) else msgspec.to_builtins(fact)
    return canonical({key: value for key, value in said.items() if key not in ("id", "basis")})


def unvouched(facts: Iterable[FactRead], vouched: Collection[bytes]) -> tuple[FactRead, ...]:
    """The facts that are called confirmed and that no reviewer confirmed."""
    return tuple(
        fact for fact in facts if fact.basis == "confirmed" and same_fact(fact) not in vouched
    )


def without_unvouched(answer: Answer, vouched: Collection[bytes]) -> Answer:
    """The answer with what nobody vouched for as it was before, still to be judged again.

    The same answer where every confirmed fact is vouched for.
    """
    wrong = {fact.id for fact in unvouched(answer.reading.facts, vouched)}
    if not wrong:
        return answer
    reading = answer.reading
    facts = []
    # A reading lists the facts of its request first, in their order; those of service lines follow.
    for read, fact in zip(reading.facts, reading.request.facts, strict=False):
        if read.id in wrong:
            fact = msgspec.structs.replace(fact, basis=_basis_of(fact))
        facts.append(fact)
    request = msgspec.structs.replace(reading.request, facts=tuple(facts))
    reading = msgspec.structs.replace(
        reading, request=request, facts=facts_read(request, answer.library)
    )
    return Answer(answer.question, reading, answer.determination, answer.library)


def _basis_of(fact: Fact) -> Basis:
    from_note = fact.provenance.span is not None and fact.provenance.document not in _OWN_WORDS
    return "read" if from_note else "stated"
