"""Review cases as pages show them: the worklist, a case, its worksheet, its letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from ...answer import Answer
from ...intake.reading import FactRead
from ...model.determination import CriterionResult, Reference, Supply
from ...policy.clock_rule import Urgency
from ...policy.fact_words import spaced
from ...policy.library import Library
from ...report.citations import CitationList, source_mark
from ...report.criteria import fact_argument
from ...report.html import reference_list
from ...report.known_facts import why_words
from ...report.letters import Asked, Letter
from ...report.markup import Markup
from ...report.reference_entries import reference_entries
from ...report.text import clean, shortened
from ...report.words import OUTCOME_WORDS
from ...review import worklist as lists
from ...review.cases import Case, acts_open, case_answer, clock_of, load_case, record_of
from ...review.clock import ClockReading
from ...review.criteria_of import criteria_of_item, meets_everything
from ...review.decisions import DECISION_WORDS, DecisionBody, decisions_of
from ...review.history import Happened, history
from ...review.information import information_to_ask
from ...review.inquiries import FileSent, current_record, own_inquiry
from ...review.letters import LetterKept, letters_of, load_letter
from ...review.names import name_of, reviewers
from ...review.records import RecordKept
from ...review.states import STATE_WORDS, Act, Stage, State
from ...review.submitting import submit
from ...review.work import Work
from ...review.worklist import Filters, Worklist
from ...review.worksheet import SheetCriterion, Worksheet, worksheet
from .case_acts import ReceiveInformation
from .reading import reading_view

Short = Annotated[str, Meta(max_length=200)]


class CaseLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter of a case, as lists have it."""

    id: str
    number: int
    kind: str
    title: str
    created_at: datetime
    sent_at: datetime | None
    sent_to: str


class CaseDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision of a case, with what was signed."""

    id: str
    number: int
    words: str
    signature: str
    signed_at: datetime
    body: DecisionBody


class CaseView(msgspec.Struct, frozen=True, kw_only=True):
    """A case: where it stands, its clock, what the person may do, letters, decisions, history."""

    id: str
    number: str
    version: int
    inquiry: str
    state: State
    state_words: str
    stage: Stage
    urgency: Urgency
    is_open: bool
    provisional: bool
    outcome: str | None
    line_of_business: str
    payer: str
    member_name: str
    member_reference: str
    requester_name: str
    requester_address: str
    summary: str
    assigned_to: str | None
    assigned_name: str | None
    received_at: datetime
    due_at: datetime
    decided_at: datetime | None
    record_number: int
    record_digest: str
    clock: ClockReading
    acts: tuple[Act, ...]
    letters: tuple[CaseLetter, ...]
    decisions: tuple[CaseDecision, ...]
    history: tuple[Happened, ...]


class SubmitView(msgspec.Struct, frozen=True, kw_only=True):
    """What is submitted for review."""

    inquiry: str
    title: str
    expected: int
    outcome: str | None
    record_number: int


class Submission(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An inquiry that is submitted for review."""

    urgency: Urgency
    member_name: Short
    member_reference: Short = ""
    requester_name: Short
    requester_address: Annotated[str, Meta(max_length=1000)] = ""
    expected: Annotated[int, Meta(ge=1, le=2**31 - 1)]


class CaseMade(msgspec.Struct, frozen=True, kw_only=True):
    """The case that an inquiry became."""

    id: str
    number: str
    due_at: datetime


class CaseChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A case after an act."""

    id: str
    version: int
    state: State
    record_number: int
    record_digest: str
    due_at: datetime


class SourceShown(msgspec.Struct, frozen=True, kw_only=True):
    """A source as the worksheet cites it; `n` is its number among the references, `mark` what must be seen."""

    n: int
    title: str
    mark: str


class PolicyShown(msgspec.Struct, frozen=True, kw_only=True):
    """A policy as the worksheet names it; `publisher` and `name` are where its page is, if it has one still."""

    title: str
    publisher: str
    name: str
    has_page: bool


class WorksheetView(msgspec.Struct, frozen=True, kw_only=True):
    """The worksheet of a case, of exactly one record, with the determination itself.

    `to_ask` is what may be requested from the practice. By the id of each fact, `words` say it, and `stated` is
    it as `--fact` takes it, for programs. `sources` and `policies` are what is cited, by id.
    """

    sheet: Worksheet
    state_words: str
    to_ask: tuple[Asked, ...]
    words: dict[str, str]
    stated: dict[str, str]
    meets: bool
    asked_words: dict[str, str]
    sources: dict[str, SourceShown]
    policies: dict[str, PolicyShown]

    def why(self, result: CriterionResult) -> str:
        """Why a criterion stands as it does, its facts in words."""
        return why_words(self.sheet.answer, result)


def case_worklist(work: Work, filters: Filters) -> Worklist:
    """The cases that fit, due first."""
    return lists.worklist(work, filters)


def case_view(work: Work, case_id: str) -> CaseView:
    """A case as its page shows it; that it was seen is logged."""
    case = load_case(work, case_id)
    kept = record_of(work, case)
    return CaseView(
        id=case.id,
        number=case.number,
        version=case.version,
        inquiry=case.inquiry_id,
        state=case.state,
        state_words=STATE_WORDS[case.state],
        stage=case.stage,
        urgency=case.urgency,
        is_open=case.is_open,
        provisional=case.provisional,
        outcome=case.outcome,
        line_of_business=case.line_of_business,
        payer=case.payer,
        member_name=case.member_name,
        member_reference=case.member_reference,
        requester_name=case.requester_name,
        requester_address=case.requester_address,
        summary=case.summary,
        assigned_to=case.assigned_to,
        assigned_name=name_of(work.connection, case.assigned_to) if case.assigned_to else None,
        received_at=case.received_at,
        due_at=case.due_at,
        decided_at=case.decided_at,
        record_number=kept.number,
        record_digest=kept.record_digest,
        clock=clock_of(work, case),
        acts=acts_open(work, case),
        letters=tuple(map(_letter, letters_of(work, case))),
        decisions=tuple(
            CaseDecision(
                id=one.id,
                number=one.number,
                words=DECISION_WORDS[one.kind],
                signature=one.signature,
                signed_at=one.signed_at,
                body=one.said(),
            )
            for one in decisions_of(work.connection, case.id)
        ),
        history=tuple(history(work, case)),
    )


def changed(work: Work, case: Case) -> CaseChanged:
    """A case after an act."""
    kept = record_of(work, case)
    return CaseChanged(
        id=case.id,
        version=case.version,
        state=case.state,
        record_number=kept.number,
        record_digest=kept.record_digest,
        due_at=case.due_at,
    )


def colleagues(work: Work) -> tuple[tuple[str, str], ...]:
    """Everybody to whom a case can be given, as pairs of id and name."""
    return tuple(reviewers(work.connection))


def worksheet_view(work: Work, case_id: str) -> WorksheetView:
    """The worksheet of a case; that it was seen is logged."""
    sheet = worksheet(work, case_id)
    reading = reading_view(sheet.answer)
    return WorksheetView(
        words={fact.id: fact.words for fact in reading.facts},
        meets=meets_everything(sheet.answer),
        asked_words=_asked_words(sheet.answer),
        stated={fact.id: _stated(fact) for fact in sheet.answer.reading.facts},
        sheet=sheet,
        state_words=STATE_WORDS[sheet.case.state],
        to_ask=information_to_ask(case_answer(work.desk, record_of(work, sheet.case))),
        sources={one.id: _source(one) for one in sheet.answer.determination.references},
        policies=_policies(sheet.answer, work.desk.medwarrant.library),
    )


def _source(reference: Reference) -> SourceShown:
    title = shortened(clean(reference.title).rstrip("."), 80)
    dated = f"{title}, {reference.year}" if reference.year else title
    return SourceShown(n=reference.n, title=dated, mark=source_mark(reference))


def _policies(answer: Answer, today: Library) -> dict[str, PolicyShown]:
    """The policies that items name; the pages of today have those that are still in the packs."""
    found = {}
    for item in answer.determination.items:
        named = [one.policy for one in item.coverage]
        for name in (*named, item.governing.policy) if item.governing else named:
            policy = answer.library.policies.get(name)
            publisher, _, own = name.partition("/")
            found[name] = PolicyShown(
                title=clean(policy.title) if policy else name,
                publisher=publisher,
                name=own,
                has_page=name in today.policies,
            )
    return found


def references_shown(view: WorksheetView) -> Markup:
    """The references of everything that a worksheet cites: where its links lead, without leaving it."""
    answer = view.sheet.answer
    cited = CitationList({one.id: one for one in answer.determination.references}, answer.library)
    for item in view.sheet.items:
        cited.of_statements(one.id for one in item.item.evidence.statements)
        cited.of_sources(one.source for one in (*item.safety, *item.coding))
        for root in item.criteria:
            cited.of_sources(_sources_below(root))
    for conflict in view.sheet.conflicts:
        cited.of_sources(side.source for side in conflict.statements)
    return reference_list(reference_entries(cited))


def _sources_below(node: SheetCriterion) -> Iterator[str]:
    yield from node.result.sources
    for child in node.children:
        yield from _sources_below(child)


def _asked_words(answer: Answer) -> dict[str, str]:
    """What each thing that may be asked is called: `about:id` in words."""
    found = {f"document:{one.id}": one.what for one in answer.determination.documents}
    for item in answer.determination.items:
        for one in criteria_of_item(item):
            found.setdefault(f"criterion:{one.id}", one.title or spaced(one.id))
    return found


def _stated(fact: FactRead) -> str:
    """A fact as `--fact` takes it; empty where it says nothing that could be stated so."""
    if fact.status not in ("present", "absent"):
        return ""
    value = fact.status if fact.value is None else fact.value
    if fact.status == "absent" and fact.value is not None:
        value = {**value, "status": "absent"} if isinstance(value, dict) else {"not": value}
    service = f"{fact.service}:" if fact.service else ""
    return f"{service}{fact_argument(Supply(fact=fact.fact, value=value))}"


def worksheet_data(view: WorksheetView) -> dict[str, Any]:
    """The worksheet as plain data: the answer as the object of the contract."""
    sheet = view.sheet
    found = {
        name: msgspec.to_builtins(getattr(sheet, name))
        for name in sheet.__struct_fields__
        if name != "answer"
    }
    return {
        **found,
        "state_words": view.state_words,
        "to_ask": msgspec.to_builtins(view.to_ask),
        "words": view.words,
        "asked_words": view.asked_words,
        "stated": view.stated,
        "sources": msgspec.to_builtins(view.sources),
        "policies": msgspec.to_builtins(view.policies),
        "determination": sheet.answer.to_dict(),
    }


def submit_view(work: Work, inquiry_id: str) -> SubmitView:
    """The person's own inquiry, to be submitted. Raises `NotFound` for any other."""
    inquiry = own_inquiry(work, inquiry_id)
    kept = current_record(work, inquiry_id)
    return SubmitView(
        inquiry=inquiry.id,
        title=inquiry.title,
        expected=inquiry.version,
        outcome=kept.outcome,
        record_number=kept.number,
    )


def submitted(work: Work, inquiry_id: str, sent: Submission) -> CaseMade:
    """Submit an inquiry for review."""
    case = submit(
        work,
        inquiry_id,
        urgency=sent.urgency,
        member_name=sent.member_name,
        member_reference=sent.member_reference,
        requester_name=sent.requester_name,
        requester_address=sent.requester_address,
        expected=sent.expected,
    )
    return CaseMade(id=case.id, number=case.number, due_at=case.due_at)


def letter_of(work: Work, case_id: str, letter_id: str) -> LetterKept:
    """A letter that the person may see; the look is logged."""
    kept = load_letter(work, case_id, letter_id)
    work.log("letter_seen", f"case:{case_id}", letter=letter_id)
    return kept


class LetterView(msgspec.Struct, frozen=True, kw_only=True):
    """A letter with what it says."""

    case: str
    number: str
    letter: CaseLetter
    content: Letter
    text: str


def letter_view(work: Work, case_id: str, letter_id: str) -> LetterView:
    """A letter as its page shows it."""
    kept = letter_of(work, case_id, letter_id)
    case = load_case(work, case_id)
    return LetterView(
        case=case_id,
        number=case.number,
        letter=_letter(kept),
        content=kept.letter(),
        text=kept.drawn("text").decode(),
    )


def _letter(kept: LetterKept) -> CaseLetter:
    return CaseLetter(
        id=kept.id,
        number=kept.number,
        kind=kept.kind,
        title=kept.title,
        created_at=kept.created_at,
        sent_at=kept.sent_at,
        sent_to=kept.sent_to,
    )


#: Filters a person may choose from, as pairs of value and words.
OUTCOMES: tuple[tuple[str, str], ...] = tuple(OUTCOME_WORDS.items())


def record_kept(work: Work, case_id: str) -> RecordKept:
    """The latest record of a case."""
    return record_of(work, load_case(work, case_id))


def with_files(sent: ReceiveInformation, files: Sequence[FileSent]) -> ReceiveInformation:
    """Information with the files that came with it, as they were sent."""
    return msgspec.structs.replace(sent, files=tuple(files))
