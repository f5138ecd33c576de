"""A question about any fact of the dictionary, filled in with what was read of it, and read back as said.

Policies ask for what they miss (`questions`); whoever reviews a case may say something of any fact.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..intake.reading import FactRead
from ..model.determination import CriterionResult, Supply
from ..model.errors import InputError
from ..policy.fact_dictionary import EventDefinition
from ..policy.library import Library
from .criteria import fact_argument
from .field_values import FieldValue
from .question_answers import UNKNOWN, FormValues, answer_to_values
from .question_fields import Field, FieldGroup, event_fields, fact_fields
from .question_parts import as_text, in_parts
from .questions import OpenQuestion, open_questions
from .text import clean, sentence, upper_first

if TYPE_CHECKING:
    from ..answer import Answer

_ABOUT = {
    "event": "What was done before",
    "patient": "The patient",
    "service": "The service",
    "coverage": "The coverage",
}


def facts_to_state(answer: Answer) -> tuple[FieldValue, ...]:
    """Every fact and event that may be stated, those first that criteria of the answer wait for or miss.

    >>> from medwarrant import determine
    >>> answer = determine({"services": ["64405"], "diagnoses": ["G43.919"]})
    >>> facts_to_state(answer)[0].group
    'Asked for, or not met, in this case'
    """
    library = answer.library
    known = {fact.id: fact.fact for fact in answer.reading.facts}
    asked = [question.fact for question in open_questions(answer) if question.fact]
    for item in answer.determination.items:
        for root in (*((item.criteria,) if item.criteria else ()), *item.request_rules):
            asked += [known[name] for name in _not_met(root) if name in known]
    first = [
        FieldValue(name, _title(name, library), "Asked for, or not met, in this case")
        for name in dict.fromkeys(asked)
        if name in library.facts or name in library.events
    ]
    others = [
        *(FieldValue(name, _title(name, library), _ABOUT["event"]) for name in library.events),
        *(
            FieldValue(name, _title(name, library), _ABOUT[fact.about])
            for name, fact in library.facts.items()
        ),
    ]
    groups = tuple(_ABOUT.values())
    others.sort(key=lambda value: (groups.index(value.group), value.title.casefold()))
    offered = {value.id for value in first}
    return (*first, *(value for value in others if value.id not in offered))


def fact_question(
    answer: Answer, fact: str, name: str, *, closes: bool = False
) -> OpenQuestion | None:
    """The question about one fact, its fields named from `name`; None for what the dictionary lacks.

    Of an event every attribute is asked, long lists of boxes folded. With `closes` its history may be closed too: there was no other.
    """
    library = answer.library
    groups: tuple[FieldGroup, ...]
    if fact in library.events:
        event = library.events[fact]
        supplies: list[list[dict[str, Any]]] = [[dict.fromkeys(_shown_first(event))]]
        if closes:
            supplies.append([{"history": "complete"}, *_closings(answer, fact)])
        groups = event_fields(name, event, supplies, library, plain=False)
    elif fact in library.facts:
        codes = tuple(dict.fromkeys(read.code for read in answer.reading.services))
        groups = fact_fields(name, library.facts[fact], codes, library, plain=False)
    else:
        return None
    entry = library.events.get(fact) or library.facts[fact]
    return OpenQuestion(
        id=name,
        kind="event" if fact in library.events else "fact",
        question=upper_first(sentence(clean(entry.question or entry.title))),
        fact=fact,
        groups=groups,
    )


def _shown_first(event: EventDefinition) -> list[str]:
    return [one.id for one in event.attributes.values() if one.kind != "choice" or not one.many]


def is_of_a_line(answer: Answer, fact: str) -> bool:
    """Whether a fact may be said of one service line alone, because there are several."""
    found = answer.library.facts.get(fact)
    several = len({read.code for read in answer.reading.services}) > 1
    return several and found is not None and found.about == "service"


def can_be_filled_in(fact: FactRead) -> bool:
    """Whether the fields of its question can show all that a fact says, so that it can be corrected there.

    They cannot say "not this value", nor what closes a history: such a fact is rejected, and another
    one added.
    """
    if isinstance(fact.value, dict) and "history" in fact.value:
        return False
    return fact.status != "absent" or not fact.value


def filled_in(question: OpenQuestion, fact: FactRead) -> FormValues:
    """What the fields of a question hold when they show a fact that was read."""
    first = question.groups[0].fields[0]
    if question.kind != "event":
        if fact.status != "present":
            known = fact.status == "unknown" and first.kind in ("flag", "choice")
            return {first.name: UNKNOWN if known else "absent" if _denied(first, fact) else ""}
        return {first.name: "present" if first.kind == "flag" else _shown(first, fact.value)}
    if fact.status == "absent":
        return {first.name: "none"}
    if fact.status != "present":
        return {first.name: UNKNOWN if fact.status == "unknown" else ""}
    said = dict(fact.value or {})
    found: dict[str, str | list[str]] = {first.name: "present"}
    for field in question.groups[1].fields:
        if field.attribute in said:
            found[field.name] = _shown(field, said[field.attribute])
    return found


def _denied(field: Field, fact: FactRead) -> bool:
    return field.kind == "flag" and fact.status == "absent"


def _shown(field: Field, value: Any) -> str | list[str]:
    if in_parts(field):
        return as_text(field, value)
    titles = {one.id: one.title for one in field.values} if field.kind == "drug" else {}
    if isinstance(value, list | tuple):
        return [titles.get(str(one), str(one)) for one in value]
    if isinstance(value, bool):
        return "present" if value else "absent"
    return titles.get(str(value), str(value))


def statements(
    question: OpenQuestion,
    values: FormValues,
    library: Library,
    *,
    before: FactRead | None = None,
    service: str = "",
) -> tuple[str, ...]:
    """What a form states of a fact, as `--fact` takes it: not to know it may be said, to say nothing not.

    Where it stands in the place of a fact `before`, an attribute that has no field of its own stays, unless
    the one that it is derived from is known now. Raises `InputError` with the field's name in `where`.
    """
    fact = str(question.fact)
    first = question.groups[0].fields[0]
    stated = answer_to_values(question, values, library)
    if not stated:
        given = values.get(first.name, "")
        told = [given] if isinstance(given, str) else list(given)
        if UNKNOWN not in told or first.kind not in ("flag", "choice"):
            raise InputError("nothing is said here", where=first.name, mend="fill it in")
        stated = [UNKNOWN]
    if before is not None and isinstance(before.value, dict):
        kept = _without_field(question, before.value)
        stated = [
            {**{k: v for k, v in kept.items() if not _replaced(fact, k, one, library)}, **one}
            if isinstance(one, dict)
            else one
            for one in stated
        ]
    lead = f"{service}:" if service else ""
    return tuple(f"{lead}{fact_argument(Supply(fact=fact, value=one))}" for one in stated)


def _without_field(question: OpenQuestion, said: dict[str, Any]) -> dict[str, Any]:
    """The attributes of an event that its fields do not show: those derived from others."""
    shown = {field.attribute for group in question.groups for field in group.fields}
    return {name: value for name, value in said.items() if name not in shown}


def _replaced(fact: str, name: str, event: dict[str, Any], library: Library) -> bool:
    attribute = library.events[fact].attributes.get(name)
    return attribute is None or (attribute.derived_from or name) in event


def _not_met(node: CriterionResult) -> Iterable[str]:
    """The ids of facts that criteria read which are missing or not met."""
    if node.status == "met":
        return
    for child in node.children:
        yield from _not_met(child)
    if not node.children:
        yield from node.facts


def _closings(answer: Answer, fact: str) -> Iterable[dict[str, Any]]:
    """What would close the history of an event where the answer waits for it."""
    for item in answer.determination.items:
        for change in item.would_change:
            for step in change.criteria:
                event = step.supply.event or {}
                if step.supply.fact == fact and "history" in event:
                    yield event


def _title(name: str, library: Library) -> str:
    entry = library.events.get(name) or library.facts[name]
    return upper_first(clean(entry.title))
