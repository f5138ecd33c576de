"""The worksheet of a case as data: criteria on one side, documents with the quotes on the other."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..answer import Answer
from ..intake.reading import FactRead
from ..model.determination import Ask, Conflict, CriterionResult, Finding, Item
from ..report.letters import Ground
from .appeal_result import StageKept, contested, stages_of
from .cases import Case, acts_open, case_answer, clock_of, load_case, record_of
from .clock import ClockReading
from .comments import Comment, comments_of
from .content import PolicyStanding, content_status
from .decisions import DecisionKept, decisions_of
from .facts import FactReview, fact_reviews, vouched
from .information import InformationRequest, information_requests
from .letters import LetterKept, letters_of
from .names import names_of
from .peer_to_peer import Talk, talks_of
from .refusal_grounds import usable_grounds
from .sections import Section, sections
from .shown_documents import NotPlaced, ShownDocument, facts_without_document, shown_documents
from .states import Act
from .vouching import same_fact
from .work import Work


class SheetFact(msgspec.Struct, frozen=True, kw_only=True):
    """A fact with what each person said of it, and whether it still awaits a reviewer."""

    fact: FactRead
    said: tuple[FactReview, ...] = ()
    awaits_reviewer: bool = False


class SheetCriterion(msgspec.Struct, frozen=True, kw_only=True):
    """A criterion with the facts that it read and the comments on it."""

    result: CriterionResult
    facts: tuple[SheetFact, ...]
    comments: tuple[Comment, ...]
    children: tuple[SheetCriterion, ...]


class SheetItem(msgspec.Struct, frozen=True, kw_only=True):
    """A service for a diagnosis: its criteria, findings, open questions, and grounds of a refusal."""

    item: Item
    service_name: str
    diagnosis_title: str
    criteria: tuple[SheetCriterion, ...]
    safety: tuple[Finding, ...]
    coding: tuple[Finding, ...]
    questions: tuple[Ask, ...]
    grounds: tuple[Ground, ...]
    comments: tuple[Comment, ...]


class Worksheet(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a reviewer works with, of exactly one record; `people` are names by id."""

    case: Case
    record_number: int
    record_digest: str
    clock: ClockReading
    acts: tuple[Act, ...]
    sections: tuple[Section, ...]
    answer: Answer
    items: tuple[SheetItem, ...]
    facts: tuple[SheetFact, ...]
    documents: tuple[ShownDocument, ...]
    not_placed: tuple[NotPlaced, ...]
    conflicts: tuple[Conflict, ...]
    comments: tuple[Comment, ...]
    requests: tuple[InformationRequest, ...]
    talks: tuple[Talk, ...]
    letters: tuple[LetterKept, ...]
    decisions: tuple[DecisionKept, ...]
    stages: tuple[StageKept, ...]
    contested: DecisionKept | None
    content: tuple[PolicyStanding, ...]
    people: dict[str, str]


def worksheet(work: Work, case_id: str) -> Worksheet:
    """The worksheet of a case, for those who review and audit; that it was seen is logged.

    Raises `NotFound`, and `NotAllowed` for anybody else and while the person is to review it blind.
    """
    work.require("nurse_reviewer", "physician_reviewer", "auditor")
    case = load_case(work, case_id)
    kept = record_of(work, case)
    answer = case_answer(work.desk, kept)
    reviews = fact_reviews(work, case)
    comments = comments_of(work, case)
    facts = _facts(answer, reviews, vouched(work, case))
    documents = shown_documents(work, case.inquiry_id, answer)
    requests = tuple(information_requests(work, case))
    talks = tuple(talks_of(work, case))
    decisions = tuple(decisions_of(work.connection, case.id))
    stages = tuple(stages_of(work, case))
    letters = tuple(letters_of(work, case))
    ids = {case.submitted_by, case.changed_by, *([case.assigned_to] if case.assigned_to else ())}
    for acted in (reviews, comments, requests, talks, decisions, stages, letters):
        ids |= {one.person_id for one in acted}
    return Worksheet(
        case=case,
        record_number=kept.number,
        record_digest=kept.record_digest,
        clock=clock_of(work, case),
        acts=acts_open(work, case),
        sections=sections(work, case, answer),
        answer=answer,
        items=tuple(_item(answer, item, facts, comments) for item in answer.determination.items),
        facts=facts,
        documents=documents,
        not_placed=facts_without_document(documents, answer.reading.facts),
        conflicts=answer.determination.conflicts,
        comments=tuple(comments),
        requests=requests,
        talks=talks,
        letters=letters,
        decisions=decisions,
        stages=stages,
        contested=contested(work, case),
        content=tuple(content_status(work.connection, answer)),
        people=names_of(work.connection, ids),
    )


def _facts(
    answer: Answer, reviews: Iterable[FactReview], known: frozenset[bytes]
) -> tuple[SheetFact, ...]:
    said: dict[bytes, list[FactReview]] = {}
    for review in reviews:
        of = {same_fact(fact) for fact in (review.before, review.after) if fact is not None}
        for key in of:
            said.setdefault(key, []).append(review)
    return tuple(
        SheetFact(
            fact=fact,
            said=tuple(said.get(same_fact(fact), ())),
            awaits_reviewer=fact.basis == "read"
            or (fact.basis == "confirmed" and same_fact(fact) not in known),
        )
        for fact in answer.reading.facts
    )


def _item(
    answer: Answer, item: Item, facts: tuple[SheetFact, ...], comments: list[Comment]
) -> SheetItem:
    procedure = answer.library.procedure(item.service)
    titles = {read.code: read.title for read in answer.reading.diagnoses}
    own = [
        one
        for one in comments
        if one.service == item.service and one.diagnosis in ("", item.diagnosis)
    ]
    by_id = {one.fact.id: one for one in facts}
    roots = (*((item.criteria,) if item.criteria else ()), *item.request_rules)
    return SheetItem(
        item=item,
        service_name=procedure.name if procedure else item.service,
        diagnosis_title=titles.get(item.diagnosis) or item.diagnosis,
        criteria=tuple(_criterion(root, by_id, own) for root in roots),
        safety=item.safety,
        coding=item.coding,
        questions=item.ask,
        grounds=usable_grounds(answer, item),
        comments=tuple(one for one in own if not one.criterion),
    )


def _criterion(
    node: CriterionResult, facts: dict[str, SheetFact], comments: list[Comment]
) -> SheetCriterion:
    return SheetCriterion(
        result=node,
        facts=tuple(facts[name] for name in node.facts if name in facts),
        comments=tuple(one for one in comments if one.criterion == node.id),
        children=tuple(_criterion(child, facts, comments) for child in node.children),
    )
