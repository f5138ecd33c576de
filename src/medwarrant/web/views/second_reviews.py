"""Blind second reviews as pages show them: samples, what is open, the sheet without statuses, agreement."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from ...intake.reading import FactRead
from ...model.errors import InputError
from ...policy.criterion_names import criterion_name
from ...policy.fact_words import fact_words, spaced
from ...report.text import clean, upper_first
from ...review import settings
from ...review.agreement import AgreementReport, Stratum
from ...review.errors import NotFound
from ...review.kappa import Agreement
from ...review.samples import SampleDrawn, samples_drawn
from ...review.second_reviews import (
    BlindCriterion,
    BlindSheet,
    SecondAnswers,
    SecondOutcome,
    answer_drawn,
    answer_second_review,
    second_review_sheet,
    second_reviews_open,
    take_second_review,
)
from ...review.second_sample import draw, sample_agreement
from ...review.shown_documents import ShownDocument, shown_documents
from ...review.work import Work
from ..forms import Form

#: What may be answered to a criterion, and to a service line.
ANSWER_WORDS: Final = (("met", "Met"), ("not_met", "Not met"), ("missing", "Not stated"))
OUTCOME_WORDS: Final[tuple[tuple[SecondOutcome, str], ...]] = (
    ("approved", "Approve it"),
    ("modified", "Approve something else instead"),
    ("not_approved", "Do not approve it"),
    ("needs_information", "Ask for information"),
)
#: Outcomes as a table of agreement names them, of either reviewer.
OUTCOME_NAMES: Final = (
    ("approved", "approved"),
    ("modified", "modified"),
    ("not_approved", "not approved"),
    ("needs_information", "information missing"),
    ("met", "met"),
    ("not_met", "not met"),
    ("missing", "not stated"),
)
#: A sample's name stands in addresses.
SampleName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=60,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        examples=["2026-11"],
        description="Letters, digits, dots and dashes.",
    ),
]


class OpenLine(msgspec.Struct, frozen=True, kw_only=True):
    """A second review that the person may take, or has taken."""

    id: str
    sample: str
    drawn_at: datetime
    mine: bool


class SecondReviewsView(msgspec.Struct, frozen=True, kw_only=True):
    """The samples, the latest first, and the second reviews that are open to the person."""

    samples: tuple[SampleDrawn, ...]
    open: tuple[OpenLine, ...]
    percent: int
    today: date


class NewSample(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sample to be drawn: of the cases decided from `first` to `last`, whole days of the plan's calendar."""

    sample: SampleName
    first: date
    last: date
    size: Annotated[int, Meta(ge=1, le=1000)] | None = None


class DrawnView(msgspec.Struct, frozen=True, kw_only=True):
    """What was drawn: the seed with which anybody can draw again, and how many of each outcome."""

    sample: str
    seed: str
    drawn: int
    strata: tuple[Stratum, ...]


class AskedNode(msgspec.Struct, frozen=True, kw_only=True):
    """A criterion on the sheet, without its status; `id` names it in answers.

    `field` is where the form has its answer, empty for a group and for one that was asked about above
    (`again`).
    """

    id: str
    title: str
    kind: str
    document: str
    field: str = ""
    again: bool = False
    children: tuple[AskedNode, ...] = ()


class AskedItem(msgspec.Struct, frozen=True, kw_only=True):
    """A service for a diagnosis, with its criteria; `key` names it in answers."""

    key: str
    service: str
    service_name: str
    diagnosis: str
    diagnosis_title: str
    criteria: tuple[AskedNode, ...]


class AskedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A service line, whose outcome is asked for."""

    code: str
    name: str


class SheetView(msgspec.Struct, frozen=True, kw_only=True):
    """What a second reviewer judges from: the question, documents, facts and criteria; no status, no name.

    `words` say each fact, by its id.
    """

    review: str
    question: str
    lines: tuple[AskedLine, ...]
    items: tuple[AskedItem, ...]
    facts: tuple[FactRead, ...]
    words: dict[str, str]
    documents: tuple[ShownDocument, ...]


class AnswersSent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answers: met, not_met or missing by item and criterion, and an outcome for each line in order."""

    criteria: dict[str, dict[str, Literal["met", "not_met", "missing"]]]
    outcomes: tuple[SecondOutcome, ...]
    remarks: Annotated[str, Meta(max_length=20_000)] = ""


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """A second review that was answered."""

    id: str
    sample: str
    answered_at: datetime | None


class AgreementLine(msgspec.Struct, frozen=True, kw_only=True):
    """The agreement on one thing in words and figures."""

    about: str
    pairs: int
    agreed: int
    percent: float | None
    percent_interval: tuple[float, float] | None
    kappa: float | None
    kappa_interval: tuple[float, float] | None
    method: str
    says: tuple[str, ...]
    unanswered: int


class SampleView(msgspec.Struct, frozen=True, kw_only=True):
    """How far the second reviewers of a sample agree with what was decided."""

    sample: SampleDrawn
    cases: int
    criteria: AgreementLine
    outcomes: AgreementLine
    by_criterion: tuple[AgreementLine, ...]
    outcome_table: tuple[tuple[str, str, int], ...]
    criteria_table: tuple[tuple[str, str, int], ...]
    unanswered: int


# --- samples --------------------------------------------------------------------------------------


def second_reviews(work: Work) -> SecondReviewsView:
    """The samples, and what is open to the person."""
    reviews = work.person.is_a("nurse_reviewer", "physician_reviewer")
    found = second_reviews_open(work) if reviews else []
    zone = settings.organisation(work.connection).zone
    return SecondReviewsView(
        samples=samples_drawn(work),
        open=tuple(
            OpenLine(
                id=one.id,
                sample=one.sample,
                drawn_at=one.drawn_at,
                mine=one.person_id == work.person.id,
            )
            for one in found
        ),
        percent=settings.second_reviews(work.connection).percent,
        today=work.now.astimezone(zone).date(),
    )


def drawn(work: Work, new: NewSample) -> DrawnView:
    """Draw a sample. Raises `InputError` where its days are the wrong way round or nothing was decided in them."""
    if new.last < new.first:
        raise InputError(
            "the last day is before the first", where="last", mend="give the earlier day first"
        )
    zone = settings.organisation(work.connection).zone
    found = draw(
        work,
        new.sample,
        since=_midnight(new.first, zone),
        until=_midnight(new.last + timedelta(days=1), zone) if new.last < date.max else work.now,
        size=new.size,
    )
    if not found.drawn:
        raise InputError("no case was decided in these days", where="first", mend="give other days")
    return DrawnView(
        sample=new.sample, seed=found.seed, drawn=len(found.drawn), strata=found.strata
    )


def _midnight(day: date, zone: Any) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def sample(work: Work, name: str) -> SampleView:
    """The agreement in a sample. Raises `NotFound` where none of that name was drawn."""
    known = next((one for one in samples_drawn(work) if one.sample == name), None)
    if known is None:
        raise NotFound("there is no such sample")
    found: AgreementReport = sample_agreement(work, name)
    library = work.desk.medwarrant.library
    return SampleView(
        sample=known,
        cases=found.cases,
        criteria=_line("All criteria", found.criteria),
        outcomes=_line("Outcomes", found.outcomes),
        by_criterion=tuple(
            _line(criterion_name(one.criterion, library), one.agreement, one.unanswered)
            for one in found.by_criterion
        ),
        outcome_table=found.outcomes.table,
        criteria_table=found.criteria.table,
        unanswered=found.unanswered,
    )


def _line(about: str, found: Agreement, unanswered: int = 0) -> AgreementLine:
    return AgreementLine(
        about=about[:1].upper() + about[1:],
        pairs=found.pairs,
        agreed=found.agreed,
        percent=found.percent,
        percent_interval=found.percent_interval,
        kappa=found.kappa,
        kappa_interval=found.kappa_interval,
        method=found.method or "",
        says=found.says,
        unanswered=unanswered,
    )


# --- one second review ----------------------------------------------------------------------------


def take(work: Work, review_id: str) -> SheetView:
    """Take a second review."""
    return _sheet(work, take_second_review(work, review_id))


def sheet(work: Work, review_id: str) -> SheetView:
    """The sheet of a second review that the person has taken."""
    return _sheet(work, second_review_sheet(work, review_id))


def answered(work: Work, review_id: str, sent: AnswersSent) -> Answered:
    """Answer a second review, once."""
    said = SecondAnswers(
        criteria={key: dict(words) for key, words in sent.criteria.items()},
        outcomes=sent.outcomes,
        remarks=sent.remarks,
    )
    found = answer_second_review(work, review_id, said)
    return Answered(id=found.id, sample=found.sample, answered_at=found.answered_at)


def answers_of(view: SheetView, form: Form) -> AnswersSent:
    """The answers as the page's form has them; raises `InputError` at the first that is missing."""
    criteria: dict[str, dict[str, Any]] = {}
    for item in view.items:
        said = criteria.setdefault(item.key, {})
        for node in asked_of(item):
            word = form.get(node.field)
            if not word:
                raise InputError(
                    "this is not answered", where=node.field, mend="choose one of three"
                )
            said[node.id] = word
    outcomes = []
    for place in range(len(view.lines)):
        word = form.get(f"outcome-{place}")
        if not word:
            raise InputError(
                "say what you would decide", where=f"outcome-{place}", mend="choose one of four"
            )
        outcomes.append(word)
    try:
        return msgspec.convert(
            {"criteria": criteria, "outcomes": outcomes, "remarks": form.get("remarks")},
            AnswersSent,
        )
    except msgspec.ValidationError:
        raise InputError("an answer is none of those offered", mend="open the page again") from None


def asked_of(item: AskedItem) -> tuple[AskedNode, ...]:
    """The criteria of an item that are to be answered, in the order of the page."""

    def below(node: AskedNode) -> list[AskedNode]:
        own = [node] if node.field else []
        return own + [one for child in node.children for one in below(child)]

    return tuple(one for root in item.criteria for one in below(root))


def _sheet(work: Work, found: BlindSheet) -> SheetView:
    library = work.desk.medwarrant.library
    review = next(one for one in second_reviews_open(work) if one.id == found.review)
    answer = answer_drawn(work, review)
    titles = {one.code: one.title for one in answer.reading.diagnoses}

    def name(code: str) -> str:
        known = library.procedure(code)
        return known.name if known else ""

    return SheetView(
        review=found.review,
        question=found.question or "",
        lines=tuple(AskedLine(code=code, name=name(code)) for code in found.lines),
        items=tuple(
            AskedItem(
                key=item.key,
                service=item.service,
                service_name=name(item.service),
                diagnosis=item.diagnosis,
                diagnosis_title=titles.get(item.diagnosis) or "",
                criteria=_nodes(item.criteria, place),
            )
            for place, item in enumerate(found.items)
        ),
        facts=found.facts,
        words={
            fact.id: upper_first(clean(fact_words(fact.fact, fact.status, fact.value, library)))
            for fact in found.facts
        },
        documents=shown_documents(work, found.inquiry_id, answer),
    )


def _nodes(roots: tuple[BlindCriterion, ...], place: int) -> tuple[AskedNode, ...]:
    """The criteria of an item, each that is asked about with a field of its own."""
    numbers = count()

    def node(one: BlindCriterion) -> AskedNode:
        return AskedNode(
            id=one.asked or one.id,
            title=one.title or spaced(one.id),
            kind=one.kind,
            document=one.document or "",
            field=f"c-{place}-{next(numbers)}" if one.asked else "",
            again=not one.asked and not one.children,
            children=tuple(map(node, one.children)),
        )

    return tuple(map(node, roots))
