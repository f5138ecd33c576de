"""What was tried before, as a text tells it: drugs, therapies, injections, operations, imaging.

An event has the attributes that the text gives it and no others: *failed conservative treatment* is a
therapy with an outcome, of unknown kind and length.
"""

from __future__ import annotations

from ..marked import Marked
from ..service_found import ServicesRead
from .closed import ClosedHistories
from .drug_trials import DrugTrials
from .imaging import Imaging
from .operations import Operations
from .procedures import Procedures
from .reader import EventsRead
from .therapies import Therapies


def read_events(marked: Marked, services: ServicesRead) -> EventsRead:
    """All events of a document; absent ones close the history they speak of."""
    told = EventsRead()
    ClosedHistories(marked, services, told).closed_histories()
    DrugTrials(marked, services, told).drugs()
    Therapies(marked, services, told).therapies()
    Procedures(marked, services, told).procedures()
    Operations(marked, services, told).operations()
    Imaging(marked, services, told).imaging()
    told.facts.sort(key=lambda fact: fact.provenance.span or (0, 0))
    return told
