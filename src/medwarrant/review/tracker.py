"""How far the review of an inquiry has come, as its article tells it: steps, reviewer, content."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ..answer import Answer
from .content import content_status
from .correspondence import on_calendar
from .decisions import DECISION_WORDS, last_decision
from .names import name_of
from .store.schema import review_case
from .work import Work


def review_of(work: Work, inquiry_id: str, answer: Answer) -> dict[str, Any]:
    """The review of an inquiry's determination, in the form of `review` of the contract.

    A case brings *under review*; only a signed approval of exactly this case as judged brings *approved*.
    Whatever else a person decided is told by `decided`, in words, and is no approval of this. `content` adds
    to the packs' own status what editors said of the policies used.
    """
    review: dict[str, Any] = answer.to_dict()["review"]
    history: list[dict[str, Any]] = list(review["history"])
    found = {**review, "content": [*review["content"], *_content(work, answer)]}
    row = work.connection.execute(
        select(review_case.c.id, review_case.c.received_at, review_case.c.assigned_to)
        .where(review_case.c.inquiry_id == inquiry_id)
        .order_by(review_case.c.received_at.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return found
    received = on_calendar(work, row.received_at).isoformat()
    reviewer = name_of(work.connection, row.assigned_to) if row.assigned_to else None
    history.append({"status": "under_review", "on": received, "by": reviewer})
    status = "under_review"
    decided = last_decision(work.connection, row.id)
    if decided is not None:
        said = decided.said()
        by = ", ".join(part for part in (said.signer.name, said.signer.credentials) if part)
        on = on_calendar(work, decided.signed_at).isoformat()
        if decided.kind == "approved" and said.digest == answer.digest:
            status = "approved"
            history.append({"status": "approved", "on": on, "by": by})
        else:
            found["decided"] = {"words": DECISION_WORDS[decided.kind], "on": on, "by": by}
    return {**found, "status": status, "history": history}


def _content(work: Work, answer: Answer) -> list[dict[str, Any]]:
    """The policies on which an editor has said a word in the version used."""
    return [
        {
            "policy": one.policy,
            "digest": one.digest,
            "status": one.status,
            "approved": one.word.created_at.date().isoformat()
            if one.status == "approved"
            else None,
            "by": name_of(work.connection, one.word.person_id),
        }
        for one in content_status(work.connection, answer)
        if one.word is not None
    ]
