"""Samples of decided cases for blind second reviews, and how far the second reviewers agree."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select

from ..model.determination import CriterionResult
from ..model.errors import InputError
from . import settings, written
from .agreement import (
    AgreementReport,
    CriterionPair,
    DecidedCase,
    OutcomePair,
    Sample,
    agreement_report,
    draw_sample,
)
from .criteria_of import items_of, leaves_excluding
from .decisions import DecisionKept, last_decision
from .second_reviews import (
    SecondReview,
    answer_drawn,
    criterion_of,
    decision_on,
    leaves_asked,
    review_of_row,
)
from .store.schema import audit_head, review_case, second_review
from .work import Work, new_id


def draw(
    work: Work, sample: str, *, since: datetime, until: datetime, size: int | None = None
) -> Sample:
    """Draw decided cases of a period for second review, as an auditor or administrator.

    Without a size, the percentage of the settings is drawn, one case at least. The seed is the digest of the
    last entry of the audit log, which nobody chooses. Raises `InputError` for a name that was used.
    """
    work.require("auditor", "administrator")
    name = written.line(sample, "sample", most=60)
    if work.connection.scalar(
        select(func.count()).select_from(second_review).where(second_review.c.sample == name)
    ):
        raise InputError("this sample was drawn", where="sample", mend="give it another name")
    decided: dict[str, tuple[DecidedCase, DecisionKept]] = {}
    rows = work.connection.execute(
        select(review_case.c.id).where(
            review_case.c.state == "decided",
            review_case.c.decided_at >= since,
            review_case.c.decided_at < until,
        )
    )
    for case_id in rows.scalars().all():
        last = last_decision(work.connection, case_id)
        if last is not None:
            drawable = DecidedCase(id=case_id, outcome=last.kind, digest=last.record_digest)
            decided[case_id] = (drawable, last)
    percent = settings.second_reviews(work.connection).percent
    wanted = max(1, -(-len(decided) * percent // 100)) if size is None else size
    seed = work.connection.execute(select(audit_head.c.digest)).scalar_one()
    drawn = draw_sample((one for one, _ in decided.values()), wanted, seed)
    for case_id in drawn.drawn:
        work.connection.execute(
            insert(second_review),
            {
                "id": new_id(),
                "case_id": case_id,
                "sample": name,
                "record_id": decided[case_id][1].record_id,
                "answers": None,
                "drawn_at": work.now,
            },
        )
    work.log("sample_drawn", f"sample:{name}", seed=seed, size=wanted, drawn=list(drawn.drawn))
    return drawn


def sample_agreement(work: Work, sample: str) -> AgreementReport:
    """How far the second reviewers of a sample agree with the decisions, for auditors and administrators.

    The first reviewer's answer to a criterion is its status in the record that was signed, or where an approval
    overrode it what that took it for: `met`, and of what must not be there `not_met`.
    """
    work.require("auditor", "administrator", "physician_reviewer", "nurse_reviewer")
    rows = work.connection.execute(
        select(second_review).where(
            second_review.c.sample == sample, second_review.c.answered_at.is_not(None)
        )
    )
    criteria: list[CriterionPair] = []
    outcomes: list[OutcomePair] = []
    for found in map(review_of_row, rows):
        more_criteria, more_outcomes = _pairs(work, found)
        criteria += more_criteria
        outcomes += more_outcomes
    return agreement_report(criteria, outcomes)


def _pairs(work: Work, found: SecondReview) -> tuple[list[CriterionPair], list[OutcomePair]]:
    said = found.answers
    decision = decision_on(work, found)
    if said is None or decision is None:
        return [], []
    body = decision.said()
    answer = answer_drawn(work, found)
    overridden = {
        (one.line, name)
        for one in body.overrides
        if one.decided == "approved"
        for name in one.criteria
    }
    excluding = {(item.line, name) for item in items_of(answer) for name in leaves_excluding(item)}

    def first(line: int, leaf: CriterionResult) -> str:
        named = (line, criterion_of(leaf.id))
        if named not in overridden:
            return leaf.status
        return "not_met" if named in excluding else "met"

    criteria = [
        CriterionPair(
            case=found.case_id,
            item=key,
            criterion=leaf.id,
            first=first(line, leaf),
            second=said.criteria.get(key, {}).get(leaf.id),
        )
        for key, line, leaf in leaves_asked(answer)
    ]
    outcomes = [
        OutcomePair(case=found.case_id, item=str(line.line), first=line.decided, second=second)
        for line, second in zip(body.lines, said.outcomes, strict=False)
    ]
    return criteria, outcomes
