"""What a reviewer says of facts, as controls of one form: accepted, rejected, corrected, added.

Everything that is said at once makes one record. Fields are named by the fact's id (`say.ID`, `fix.ID...`); those
of a fact that is added by its number in the form (`new.1...`), which `adding` names (`1:intent`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from ...answer import Answer
from ...intake.reading import FactRead
from ...model.errors import InputError
from ...report.fact_questions import (
    can_be_filled_in,
    fact_question,
    facts_to_state,
    filled_in,
    is_of_a_line,
    statements,
)
from ...report.field_values import FieldValue
from ...report.html import Filled, question_controls, refused_answers, suggested
from ...report.markup import Markup
from ...report.question_parts import part_names
from ...report.questions import OpenQuestion
from ...review.cases import case_answer, case_for, record_of
from ...review.work import Work
from ..forms import EMPTY_FORM, Form
from .case_acts import ReviewFacts, SaidOfFact

#: So many facts may be added at once.
MOST_ADDED = 20
#: A form carries so many controls of corrections at once, well below what the server takes of one form; of further
#: facts those are drawn that the reviewer has chosen to correct.
MOST_CONTROLS = 1_000


class FieldsError(InputError):
    """Fields of a form that cannot be used, each with what is wrong with it; the first one is named."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        where, problem = next(iter(self.errors.items()))
        super().__init__(problem, where=where)


class AddedFact(msgspec.Struct, frozen=True):
    """A fact that is being added: its place in the form, what it is, and its controls.

    `services` are the codes of the lines that it may be limited to.
    """

    place: int
    fact: str
    title: str
    controls: Markup
    services: tuple[str, ...] = ()


class FactForms(msgspec.Struct, frozen=True):
    """The controls by which facts are corrected, by the fact's id, and added.

    `later` are facts whose controls are shown once they are chosen to be corrected. `offered` is what may be added, group by group; `refused` says what could not be used.
    """

    corrections: dict[str, Markup]
    later: frozenset[str]
    added: tuple[AddedFact, ...]
    offered: tuple[tuple[str, tuple[FieldValue, ...]], ...]
    suggestions: Markup | None
    refused: Markup | None


def fact_forms(
    answer: Answer, typed: Form = EMPTY_FORM, problem: Exception | None = None
) -> FactForms:
    """The controls for every fact of an answer, filled in with what was read or, after a refusal, typed."""
    errors = problem.errors if isinstance(problem, FieldsError) else {}
    corrections: dict[str, Markup] = {}
    questions: list[OpenQuestion] = []
    later: set[str] = set()
    carried = 0
    for fact in answer.reading.facts:
        question = _correction(answer, fact)
        if question is None:
            continue
        carried += sum(len(part_names(field)) for one in question.groups for field in one.fields)
        if carried > MOST_CONTROLS and typed.get(f"say.{fact.id}") != "corrected":
            later.add(fact.id)
        else:
            values = typed.fields if _is_typed(typed, question) else filled_in(question, fact)
            corrections[fact.id] = question_controls(question, _filled(values, errors))
            questions.append(question)
    offered = facts_to_state(answer)
    titles = {value.id: value.title for value in offered}
    added = []
    for place, fact_id in _adding(typed):
        asked = _addition(answer, place, fact_id)
        if asked is not None:
            codes = tuple(dict.fromkeys(read.code for read in answer.reading.services))
            added.append(
                AddedFact(
                    place=place,
                    fact=fact_id,
                    title=titles[fact_id],
                    controls=question_controls(asked, _filled(typed.fields, errors)),
                    services=codes if is_of_a_line(answer, fact_id) else (),
                )
            )
            questions.append(asked)
    groups = dict.fromkeys(value.group for value in offered)
    return FactForms(
        corrections=corrections,
        later=frozenset(later),
        added=tuple(added),
        offered=tuple((name, tuple(v for v in offered if v.group == name)) for name in groups),
        suggestions=suggested(questions),
        refused=refused_answers(questions, _filled({}, errors)),
    )


def facts_said(work: Work, case_id: str, form: Form) -> ReviewFacts:
    """What the form says of the facts of a case.

    Raises `Stale` where the case is no longer the one that the form was made from, and `FieldsError` with every
    field that cannot be used.
    """
    case, _ = case_for(work, case_id, "review_facts", form.expected)
    answer = case_answer(work.desk, record_of(work, case))
    known = {fact.id: fact for fact in answer.reading.facts}
    said: list[SaidOfFact] = []
    errors: dict[str, str] = {}
    for name in form.fields:
        field, _, fact_id = name.partition(".")
        act = form.get(name)
        if field != "say" or act not in ("accepted", "corrected", "rejected"):
            continue
        value = None
        if act == "corrected":
            fact = known.get(fact_id)
            question = _correction(answer, fact) if fact else None
            if question is None:
                raise InputError("this fact cannot be corrected", mend="reject it and add another")
            stated = _stated(question, form, answer, errors, before=fact)
            value = stated[0] if stated else None
        said.append(
            SaidOfFact(
                act=act,  # type: ignore[arg-type]  # one of three words
                fact=fact_id,
                value=value,
                comment=form.get(f"comment.{fact_id}"),
            )
        )
    for place, fact_id in _adding(form):
        asked = _addition(answer, place, fact_id)
        if asked is None:
            raise InputError("there is no such fact", where="add", mend="choose one of the list")
        service = form.get(f"new.{place}.service")
        if service and service not in {read.code for read in answer.reading.services}:
            raise InputError("the request has no such service", mend="choose one of its services")
        comment = form.get(f"comment.new.{place}")
        said += [
            SaidOfFact(act="added", value=value, comment=comment)
            for value in _stated(asked, form, answer, errors, service=service)
        ]
    if errors:
        raise FieldsError(errors)
    if not said:
        raise InputError("nothing is said of any fact", where="add", mend="choose at least one")
    return ReviewFacts(expected=form.expected, said=tuple(said))


def refuse_unknown_fact(work: Work, case_id: str, form: Form) -> None:
    """Raises `InputError` unless the fact whose controls are asked for may be stated, and `Stale`."""
    case, _ = case_for(work, case_id, "review_facts", form.expected)
    answer = case_answer(work.desk, record_of(work, case))
    if form.get("add") not in {value.id for value in facts_to_state(answer)}:
        raise InputError("no fact is chosen", where="add", mend="choose one of the list")
    if len(tuple(_adding(form))) > MOST_ADDED:
        raise InputError("these are many facts at once", where="add", mend="keep those first")


def _stated(
    question: OpenQuestion,
    form: Form,
    answer: Answer,
    errors: dict[str, str],
    *,
    before: FactRead | None = None,
    service: str = "",
) -> tuple[str, ...]:
    """What the controls of one fact state; what is wrong with them is put among the errors."""
    try:
        return statements(question, form.fields, answer.library, before=before, service=service)
    except InputError as error:
        errors[error.where] = f"{error.problem}; {error.mend}" if error.mend else error.problem
        return ()


def _correction(answer: Answer, fact: FactRead) -> OpenQuestion | None:
    if not can_be_filled_in(fact):
        return None
    return fact_question(answer, fact.fact, f"fix.{fact.id}")


def _addition(answer: Answer, place: int, fact_id: str) -> OpenQuestion | None:
    return fact_question(answer, fact_id, f"new.{place}", closes=True)


def _filled(values: Mapping[str, str | Iterable[str]], errors: Mapping[str, str]) -> Filled:
    given = {name: one if isinstance(one, str) else tuple(one) for name, one in values.items()}
    return Filled(given, errors, names_pairs=False, statement=True)


def _is_typed(typed: Form, question: OpenQuestion) -> bool:
    """Whether the form came back from the browser: a group of buttons without a choice sends nothing."""
    lead = f"{question.id}."
    return typed.has(question.id) or any(name.startswith(lead) for name in typed.fields)


def _adding(form: Form) -> Iterator[tuple[int, str]]:
    """The facts that are being added, each with its place, and the one whose controls are asked for."""
    last = 0
    left_out = form.all("leave_out")
    for one in form.all("adding"):
        number, _, fact_id = one.partition(":")
        if number.isascii() and number.isdecimal() and len(number) < 4:
            last = max(last, int(number))
            if number not in left_out:
                yield int(number), fact_id
    if form.has("choose") and form.get("add"):
        yield last + 1, form.get("add")
