"""Open questions as one form: a control for each, hints, errors where they belong, no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..markup import Markup, element
from ..question_answers import FormValues
from ..question_fields import Field, FieldGroup
from ..questions import OpenQuestion
from ..text import anchor, counted, sentence
from .controls import Filled, control, suggestions
from .forms import Form, form_element

#: So many questions stand open; the others, which change less, are folded.
_OPEN = 3


def question_form(
    questions: Sequence[OpenQuestion],
    form: Form,
    *,
    values: FormValues | None = None,
    errors: Mapping[str, str] | None = None,
    plain: bool = False,
) -> Markup:
    """What would change this, to be answered; for the slot `questions`.

    Only what is filled in is sent on as known: every control begins at "not known", or empty. After a
    form that could not be read, `values` are what was submitted and `errors` what was wrong, by name
    of the field (`report.question_answers.Answers.errors`); `plain` chooses the patient's wording.
    """
    alike = len({question.pair_words for question in questions}) == 1
    filled = Filled(values or {}, errors or {}, plain, names_pairs=not alike)
    facts = [question for question in questions if question.fact is not None]
    codes = [question for question in questions if question.fact is None]
    more = facts[_OPEN:] if len(facts) > _OPEN + 1 else []
    said = (
        "Answer what you can. What you leave open stays open."
        if plain
        else "Answer what is known; what is left open stays missing and is never taken for a no."
    )
    send = "Update the page" if plain else "Judge again with these answers"
    return form_element(
        form,
        refused_answers(questions, filled),
        element("p", said),
        _listed(facts[: len(facts) - len(more)], filled),
        _folded(counted(len(more), "more question"), more, filled),
        _folded(f"Whether another code is meant ({len(codes)})", codes, filled),
        element("p", element("button", send, type="submit", class_="send")),
        suggested(questions),
        class_="questions",
    )


def suggested(questions: Iterable[OpenQuestion]) -> Markup | None:
    """What fields of the questions may be completed with, once for a page."""
    return suggestions(field for question in questions for field in _fields(question))


def _fields(question: OpenQuestion) -> Iterable[Field]:
    return (field for group in question.groups for field in group.fields)


def refused_answers(questions: Iterable[OpenQuestion], filled: Filled) -> Markup | None:
    """What could not be used, each with a link to its field; None where all could."""
    told = []
    for question in questions:
        for field in _fields(question):
            if field.name in filled.errors:
                label = (field.label or question.question).rstrip(".?")
                lead = f"{question.question} " if field.label and filled.statement else ""
                what = f"{lead}{label}: {filled.errors[field.name]}"
                link = element("a", sentence(what), href=f"#{filled.first(field)}")
                told.append(element("li", link))
    if not told:
        return None
    lead = element(
        "p", element("b", "Some answers could not be used, so nothing was judged again.")
    )
    return element(
        "div",
        lead,
        element("ul", *told),
        class_="callout caution errors",
        role="alert",
        tabindex="-1",
        autofocus=True,
    )


def _folded(summary: str, questions: Sequence[OpenQuestion], filled: Filled) -> Markup | None:
    if not questions:
        return None
    touched = any(filled.touched(field) for one in questions for field in _fields(one))
    return element("details", element("summary", summary), _listed(questions, filled), open=touched)


def _listed(questions: Iterable[OpenQuestion], filled: Filled) -> Markup | None:
    items = [element("li", question_controls(question, filled)) for question in questions]
    return element("ol", *items, class_="asked", role="list") if items else None


def question_controls(question: OpenQuestion, filled: Filled) -> Markup:
    """The controls of one question, with what is said of it, for a form of any page."""
    said, why = _said(question, filled), _why(question)
    if not question.groups:
        return element("div", element("p", element("b", question.question)), said, why)
    first, *others = _fields(question)
    if not others:
        return control(first, filled, question.question, said, why)
    name = f"{anchor('ask', question.id)}-notes"
    return element(
        "fieldset",
        element("legend", question.question),
        element("div", said, id=name) if said is not None else None,
        why,
        *(_group(group, filled) for group in question.groups),
        aria_describedby=name if said is not None else None,
    )


def _group(group: FieldGroup, filled: Filled) -> Markup:
    """The fields of one event: those that decide side by side, the others folded."""
    main = [field for field in group.fields if not field.extra]
    extra = [field for field in group.fields if field.extra]
    shown = [control(field, filled, field.label) for field in main]
    drawn: list[Markup | None] = [
        element("legend", group.title) if group.title else None,
        element("div", *shown, class_="row" if len(shown) > 1 else None),
    ]
    if extra:
        inside = element(
            "div", *(control(field, filled, field.label) for field in extra), class_="row"
        )
        summary = element("summary", "More, where it is known")
        touched = any(filled.touched(field) for field in extra)
        drawn.append(element("details", summary, inside, open=touched))
    return element("fieldset" if group.title else "div", *drawn)


def _said(question: OpenQuestion, filled: Filled) -> Markup | None:
    """For which pairs it matters, and what is known so far."""
    whom = "; ".join(question.pair_words)
    told = []
    if filled.names_pairs:
        told.append(f"It matters for: {whom}." if filled.plain else f"For {whom}.")
    if question.known:
        told.append(f"Known so far: {'; '.join(question.known)}.")
    return element("p", " ".join(told), class_="note") if told else None


def _why(question: OpenQuestion) -> Markup | None:
    """Which criteria ask, and the document that shows it, folded."""
    told = [
        element("p", element("b", lead), " ", sentence("; ".join(parts)))
        for lead, parts in (("Why:", question.why), ("Document:", question.documents))
        if parts
    ]
    lead = "Why it is asked, and what shows it" if question.documents else "Why it is asked"
    return element("details", element("summary", lead), *told, class_="why") if told else None
