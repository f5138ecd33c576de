"""Facts in the plain form of `reading.facts`."""

from __future__ import annotations

from collections.abc import Iterable

from ..intake.reading import FactRead, plain_value
from ..model.facts import Fact, fact_ids
from ..policy.library import Library


def read_facts(facts: Iterable[Fact], library: Library) -> tuple[FactRead, ...]:
    """Facts in the plain form of `reading.facts`."""
    listed = list(facts)
    return tuple(
        FactRead(
            id=name,
            fact=fact.fact,
            status=fact.status,
            value=plain_value(fact, library),
            basis=fact.basis,
            document=fact.provenance.document,
            quote=fact.provenance.quote,
            span=fact.provenance.span,
            service=fact.service,
        )
        for fact, name in zip(listed, fact_ids(listed, library.events), strict=True)
    )
