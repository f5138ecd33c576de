"""What the plan of care says by itself: a steroid among the drugs of a service means a steroid in the injection.

The packs say which drug or class means which fact (`coded.yaml`, system `injected`).
"""

from __future__ import annotations

from collections.abc import Iterator

from ...model.facts import Fact
from ...model.request import Request
from ...policy.library import Library

_SYSTEM = "injected"


def implied_facts(request: Request, library: Library) -> tuple[Fact, ...]:
    """Facts that follow from the drugs of the service lines and that nothing states yet.

    A drug that is itself what is asked for, such as a supply code, is not injected with something else.
    """
    stated = {fact.fact for fact in request.facts}
    return tuple(
        {fact.fact: fact for fact in _implied(request, library) if fact.fact not in stated}.values()
    )


def _implied(request: Request, library: Library) -> Iterator[Fact]:
    for line in request.services:
        procedure = library.procedure(line.code)
        if procedure is not None and procedure.kind == "drug":
            continue
        for given in line.drugs:
            drug = library.drugs.get(given.drug)
            for name in (given.drug, *(drug.classes if drug else ())):
                for entry in library.coded.of(_SYSTEM, name):
                    yield Fact(fact=entry.fact, status="present", provenance=line.provenance)
