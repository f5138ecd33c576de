"""The samples that were drawn for second reviews, and how far each has come."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import func, select

from .store.schema import second_review
from .work import Work


class SampleDrawn(msgspec.Struct, frozen=True, kw_only=True):
    """A sample: how many cases were drawn, and how many of them were taken and answered."""

    sample: str
    drawn_at: datetime
    cases: int
    taken: int
    answered: int


def samples_drawn(work: Work) -> tuple[SampleDrawn, ...]:
    """Every sample, the latest first; for all who may see how far reviewers agree."""
    work.require("auditor", "administrator", "nurse_reviewer", "physician_reviewer")
    drawn = func.min(second_review.c.drawn_at)
    rows = work.connection.execute(
        select(
            second_review.c.sample,
            drawn.label("drawn_at"),
            func.count().label("cases"),
            func.count(second_review.c.person_id).label("taken"),
            func.count(second_review.c.answered_at).label("answered"),
        )
        .group_by(second_review.c.sample)
        .order_by(drawn.desc(), second_review.c.sample)
    )
    return tuple(SampleDrawn(**row._mapping) for row in rows)
