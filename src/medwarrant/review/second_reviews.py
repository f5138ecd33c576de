"""Blind second reviews of decided cases: drawn at random, answered without knowing what was decided.

The second reviewer sees the facts, the documents and the criteria of the record that was decided on, without
any status, outcome or name; until the answer is in, the case itself stays closed to that person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, Literal, get_args

import msgspec
from sqlalchemy import select, update

from ..answer import Answer
from ..intake.reading import FactRead
from ..model.determination import CriterionResult
from ..model.errors import InputError
from . import written
from .agreement import ANSWERS
from .cases import Case, case_answer, find_case
from .criteria_of import leaves_of_item
from .decisions import DecisionKept, decisions_of
from .errors import NotAllowed, NotFound
from .records import load_record
from .store.schema import second_review, took_part
from .work import Work

SecondOutcome = Literal["approved", "modified", "not_approved", "needs_information"]
SECOND_OUTCOMES: Final[tuple[SecondOutcome, ...]] = get_args(SecondOutcome)


class BlindCriterion(msgspec.Struct, frozen=True, kw_only=True):
    """A criterion without its status.

    `asked` is the name under which it is answered: empty for a group, and for one that was asked before.
    """

    id: str
    asked: str
    title: str
    kind: str
    document: str | None
    children: tuple[BlindCriterion, ...] = ()


class BlindItem(msgspec.Struct, frozen=True, kw_only=True):
    """A service for a diagnosis, with its criteria to be judged."""

    key: str
    service: str
    diagnosis: str
    criteria: tuple[BlindCriterion, ...]


class BlindSheet(msgspec.Struct, frozen=True, kw_only=True):
    """What a second reviewer sees; `documents` are named by the facts and opened by the inquiry."""

    review: str
    inquiry_id: str
    question: str | None
    lines: tuple[str, ...]
    items: tuple[BlindItem, ...]
    facts: tuple[FactRead, ...]


class SecondAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """The answers: by item and criterion, and an outcome for each service line in order."""

    criteria: dict[str, dict[str, str]]
    outcomes: tuple[SecondOutcome, ...]
    remarks: str = ""


class SecondReview(msgspec.Struct, frozen=True, kw_only=True):
    """A case drawn for a second review, and who answers it."""

    id: str
    case_id: str
    sample: str
    record_id: str
    person_id: str | None
    drawn_at: datetime
    answered_at: datetime | None
    answers: SecondAnswers | None


def second_reviews_open(work: Work) -> list[SecondReview]:
    """The second reviews that the person may take or has taken, and has not answered."""
    work.require("nurse_reviewer", "physician_reviewer")
    rows = work.connection.execute(
        select(second_review)
        .where(
            second_review.c.answered_at.is_(None),
            second_review.c.person_id.is_(None) | (second_review.c.person_id == work.person.id),
        )
        .order_by(second_review.c.drawn_at, second_review.c.id)
    )
    return [found for found in map(review_of_row, rows) if _may_answer(work, found) is None]


def take_second_review(work: Work, review_id: str) -> BlindSheet:
    """Take a second review, and see what there is to judge.

    Raises `NotAllowed` for whoever took part in the case, and for a nurse where a physician decided.
    """
    work.require("nurse_reviewer", "physician_reviewer")
    found = _find(work, review_id)
    refused = _may_answer(work, found)
    if refused is not None:
        raise refused
    done = work.connection.execute(
        update(second_review)
        .where(
            second_review.c.id == found.id,
            second_review.c.answered_at.is_(None),
            second_review.c.person_id.is_(None) | (second_review.c.person_id == work.person.id),
        )
        .values(person_id=work.person.id)
    )
    if done.rowcount != 1:
        raise NotAllowed("somebody else has this second review", mend="take another")
    work.log("second_review_taken", f"second_review:{found.id}", sample=found.sample)
    return _sheet(work, found)


def second_review_sheet(work: Work, review_id: str) -> BlindSheet:
    """What there is to judge of a second review that the person has taken and not answered yet.

    Raises `NotAllowed` for any other; that it was seen is logged.
    """
    work.require("nurse_reviewer", "physician_reviewer")
    found = _find(work, review_id)
    if found.person_id != work.person.id or found.answered_at is not None:
        raise NotAllowed("this second review is not open to you", mend="take it first")
    work.log("second_review_seen", f"second_review:{found.id}", sample=found.sample)
    return _sheet(work, found)


def answer_second_review(work: Work, review_id: str, answers: SecondAnswers) -> SecondReview:
    """Answer a second review, once; every criterion without parts and every line is answered."""
    work.require("nurse_reviewer", "physician_reviewer")
    found = _find(work, review_id)
    if found.person_id != work.person.id or found.answered_at is not None:
        raise NotAllowed("this second review is not open to you", mend="take it first")
    answer = answer_drawn(work, found)
    _check(answer, answers)
    kept = msgspec.structs.replace(
        answers, remarks=written.passage(answers.remarks, "remarks", needed=False)
    )
    work.connection.execute(
        update(second_review)
        .where(second_review.c.id == found.id)
        .values(answers=msgspec.json.encode(kept).decode(), answered_at=work.now)
    )
    work.log("second_review_answered", f"second_review:{found.id}", sample=found.sample)
    return _find(work, review_id)


def item_key(service: str, diagnosis: str, line: int) -> str:
    """How answers name an item: two lines may have one code."""
    return f"{line}:{service}/{diagnosis}"


def decision_on(work: Work, found: SecondReview) -> DecisionKept | None:
    """The decision that was signed on the record that was drawn."""
    own = [
        one
        for one in decisions_of(work.connection, found.case_id)
        if one.record_id == found.record_id
    ]
    return own[0] if own else None


def leaves_asked(answer: Answer) -> Iterator[tuple[str, int, CriterionResult]]:
    """The criteria that are asked about: the key of the item, its line, and the criterion, once each.

    Two different criteria of one item may share an id: the second is named `id#2` (see `criterion_of`).
    """
    for item in answer.determination.items:
        key = item_key(item.service, item.diagnosis, item.line)
        names = _Names()
        for leaf in leaves_of_item(item):
            name = names.new(leaf)
            if name:
                yield key, item.line, msgspec.structs.replace(leaf, id=name)


def criterion_of(name: str) -> str:
    """The criterion that is asked about under a name.

    >>> criterion_of("setting#2"), criterion_of("setting")
    ('setting', 'setting')
    """
    return name.partition("#")[0]


class _Names:
    """The names under which the criteria of one item are asked about, in their order."""

    def __init__(self) -> None:
        self._titles: dict[str, list[str]] = {}

    def new(self, leaf: CriterionResult) -> str:
        """The name of a criterion; empty where the same one was asked before."""
        titles = self._titles.setdefault(leaf.id, [])
        if leaf.title in titles:
            return ""
        titles.append(leaf.title)
        return leaf.id if len(titles) == 1 else f"{leaf.id}#{len(titles)}"


def _check(answer: Answer, said: SecondAnswers) -> None:
    wanted: dict[str, set[str]] = {}
    for key, _, leaf in leaves_asked(answer):
        wanted.setdefault(key, set()).add(leaf.id)
    for key, criteria in said.criteria.items():
        for name, word in criteria.items():
            if name not in wanted.get(key, set()):
                raise InputError(
                    "this criterion is not asked about", where=f"{key[:40]}.{name[:60]}"
                )
            if word not in ANSWERS:
                raise InputError(
                    "this is not an answer", where=name, mend=f"one of {', '.join(ANSWERS)}"
                )
    for key, names in wanted.items():
        left = sorted(names - set(said.criteria.get(key, {})))
        if left:
            raise InputError(
                f"{len(left)} criteria of this item are not answered",
                where=key,
                mend=f"answer {left[0]}",
            )
    services = len(answer.reading.request.services)
    if len(said.outcomes) != services or any(o not in SECOND_OUTCOMES for o in said.outcomes):
        raise InputError(
            f"an outcome is needed for each of the {services} service lines",
            where="outcomes",
            mend=f"each one of {', '.join(SECOND_OUTCOMES)}",
        )


def _sheet(work: Work, found: SecondReview) -> BlindSheet:
    answer = answer_drawn(work, found)
    items = []
    for item in answer.determination.items:
        roots = (*((item.criteria,) if item.criteria else ()), *item.request_rules)
        names = _Names()
        items.append(
            BlindItem(
                key=item_key(item.service, item.diagnosis, item.line),
                service=item.service,
                diagnosis=item.diagnosis,
                criteria=tuple(_blind(root, names) for root in roots),
            )
        )
    return BlindSheet(
        review=found.id,
        inquiry_id=_case(work, found).inquiry_id,
        question=answer.question,
        lines=tuple(line.code for line in answer.reading.request.services),
        items=tuple(items),
        facts=answer.reading.facts,
    )


def _blind(node: CriterionResult, names: _Names) -> BlindCriterion:
    return BlindCriterion(
        id=node.id,
        asked="" if node.children else names.new(node),
        title=node.title,
        kind=node.kind,
        document=node.document,
        children=tuple(_blind(child, names) for child in node.children),
    )


def answer_drawn(work: Work, found: SecondReview) -> Answer:
    """The answer of the record that was drawn."""
    return case_answer(work.desk, load_record(work.connection, found.record_id))


def _case(work: Work, found: SecondReview) -> Case:
    return find_case(work.connection, found.case_id)


def _may_answer(work: Work, found: SecondReview) -> NotAllowed | None:
    part = work.connection.scalar(
        select(took_part.c.id)
        .where(took_part.c.case_id == found.case_id, took_part.c.person_id == work.person.id)
        .limit(1)
    )
    if part is not None or _case(work, found).submitted_by == work.person.id:
        return NotAllowed("you worked on this case", mend="leave it to somebody who did not")
    decision = decision_on(work, found)
    by_physician = decision is not None and decision.said().signer.role == "physician_reviewer"
    if by_physician and not work.person.is_a("physician_reviewer"):
        return NotAllowed("a physician decided this case", mend="leave it to a physician")
    return None


def _find(work: Work, review_id: str) -> SecondReview:
    row = work.connection.execute(
        select(second_review).where(second_review.c.id == review_id)
    ).one_or_none()
    if row is None:
        raise NotFound("there is no such second review")
    return review_of_row(row)


def review_of_row(row: Any) -> SecondReview:
    """The second review of a row."""
    held: Mapping[str, Any] = row._mapping
    answers = held["answers"]
    return SecondReview(
        **{
            **held,
            "answers": msgspec.json.decode(answers, type=SecondAnswers) if answers else None,
        }
    )
