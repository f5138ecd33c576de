"""What figures count of the first decision of a case, kept with it so that they read neither it nor its record."""

from __future__ import annotations

import msgspec
from sqlalchemy import insert

from ..answer import Answer
from .cases import Case
from .criteria_of import items_of, leaves_of_item
from .decisions import DecisionBody, DecisionKept
from .store.schema import first_determination
from .work import Work


def keep_for_figures(
    work: Work, case: Case, answer: Answer, body: DecisionBody, made: DecisionKept
) -> None:
    """Keep what figures count of a decision, where it is the first of its case, as it is then."""
    if made.number != 1:
        return
    overridden = dict.fromkeys(name for one in body.overrides for name in one.criteria)
    judged = dict.fromkeys(leaf.id for item in items_of(answer) for leaf in leaves_of_item(item))
    work.connection.execute(
        insert(first_determination),
        {
            "case_id": case.id,
            "decision_id": made.id,
            "kind": made.kind,
            "decided_at": made.signed_at,
            "urgency": case.urgency,
            "due_at": case.due_at,
            "extended": bool(case.clock.extensions),
            "proposed": body.proposed,
            "services": " ".join(line.service for line in body.lines),
            "criteria": msgspec.json.encode([*judged, *(overridden.keys() - judged)]).decode(),
            "overridden": msgspec.json.encode(list(overridden)).decode(),
        },
    )
