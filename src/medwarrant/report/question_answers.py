"""What a person filled in, read as facts or as another code, with each error at its field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from ..intake.facts import FactReader
from ..intake.request_json import request_json
from ..model.determination import Supply
from ..model.errors import InputError
from ..model.request import Request
from ..policy.library import Library
from .criteria import fact_argument
from .question_fields import Field
from .question_parts import FormValues as FormValues  # what is read here comes in this form
from .question_parts import in_parts, whole
from .questions import OpenQuestion

#: The choice of those who do not know; it leaves a question open, as an empty field does.
UNKNOWN = "unknown"
_LONGEST = 200


class CodeMeant(msgspec.Struct, frozen=True, kw_only=True):
    """Another code, in place of one that was asked about, or beside them all where `instead_of` is empty."""

    kind: str
    code: str
    instead_of: str = ""
    pairs: tuple[tuple[str, str], ...] = ()


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """What a form says: facts as `--fact` takes them, codes, and what could not be read, by field."""

    facts: tuple[str, ...] = ()
    codes: tuple[CodeMeant, ...] = ()
    errors: dict[str, str] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing was answered, and nothing wrongly."""
        return not (self.facts or self.codes or self.errors)


def read_answers(
    questions: Iterable[OpenQuestion], values: FormValues, library: Library
) -> Answers:
    """Every answer of a form; errors are collected, so that all can be shown at once.

    >>> from medwarrant import determine
    >>> from medwarrant.report.questions import open_questions
    >>> answer = determine({"services": ["64405"], "diagnoses": ["G43.919"]})
    >>> form = {"intent": "acute", "setting": "moon"}
    >>> read = read_answers(open_questions(answer), form, answer.library)
    >>> read.facts, list(read.errors)
    (('intent=acute',), ['setting'])
    """
    facts: list[str] = []
    codes: list[CodeMeant] = []
    errors: dict[str, str] = {}
    for question in questions:
        try:
            facts += answer_to_facts(question, values, library)
            meant = answer_to_code(question, values)
        except InputError as error:
            mend = f"; {error.mend}" if error.mend else ""
            errors[error.where] = f"{error.problem}{mend}"
        else:
            codes += [meant] if meant else []
    return Answers(facts=tuple(facts), codes=tuple(codes), errors=errors)


def answer_to_facts(
    question: OpenQuestion, values: FormValues, library: Library
) -> tuple[str, ...]:
    """The facts an answer states, as `Medwarrant.ask(facts=...)` and `--fact` take them.

    Nothing filled in, or "not known", states nothing: the question stays open. Raises `InputError`
    with the field's name in `where` for a value that cannot be used.
    """
    if question.fact is None:
        return ()
    texts = [
        fact_argument(Supply(fact=question.fact, value=value))
        for value in answer_to_values(question, values, library)
    ]
    return tuple(
        f"{code}{text}" for text in texts for code in [f"{s}:" for s in question.services] or [""]
    )


def answer_to_values(
    question: OpenQuestion, values: FormValues, library: Library
) -> list[str | list[str] | dict[str, Any]]:
    """What an answer says of the question's fact: its value, or events as mappings; empty for nothing.

    Raises `InputError` with the field's name in `where` for a value that cannot be used.
    """
    reader = FactReader(library)
    if question.kind == "event":
        return _events(question, values, reader)
    field = question.groups[0].fields[0]
    value = _value(field, values)
    return [] if value is None else [_checked(field, str(question.fact), value, reader)]


def answer_to_code(question: OpenQuestion, values: FormValues) -> CodeMeant | None:
    """The code that is meant, or None while the question is open.

    Raises `InputError` where a code is chosen and not what it stands in place of.
    """
    if question.kind not in ("diagnosis_code", "service_code"):
        return None
    *which, place = question.groups[0].fields
    code = _value(which[0], values) if which else question.codes[0]
    stands = _value(place, values)
    if code is None or (stands is None and not which):
        return None
    if code not in question.codes:
        raise InputError("this is not one of the codes", where=which[0].name)
    if stands is None or stands not in {value.id for value in place.values}:
        raise InputError(
            "it is not said what the code stands in place of", where=place.name, mend="choose one"
        )
    return CodeMeant(
        kind=question.kind,
        code=str(code),
        instead_of="" if stands == "also" else str(stands),
        pairs=question.pairs,
    )


def with_codes(request: Request, meant: Iterable[CodeMeant], library: Library) -> dict[str, Any]:
    """The services and diagnoses of a request with other codes, as `Medwarrant.revise` takes them.

    A service line keeps what is known of it under its other code; a line beside the others is for
    the diagnoses of the pairs that asked. Empty where no code changes.
    """
    plain = request_json(request, library)
    services, diagnoses = list(plain["services"]), list(plain["diagnoses"])
    before = (list(services), list(diagnoses))
    for one in meant:
        if one.kind == "diagnosis_code":
            diagnoses = _with_code(diagnoses, one.code, one.instead_of)
            services = [_linked(line, one) for line in services]
        elif one.instead_of:
            services = [
                {**line, "code": one.code} if line["code"] == one.instead_of else line
                for line in services
            ]
        else:
            asked = [code for _, code in one.pairs if code in diagnoses]
            services.append({"code": one.code, "diagnoses": list(dict.fromkeys(asked))})
    if (services, diagnoses) == before:
        return {}
    # Lines may be linked to diagnoses, so these are given with them.
    linked = {"services": services} if services != before[0] else {}
    return {**linked, "diagnoses": diagnoses}


def _with_code(codes: list[str], code: str, instead_of: str) -> list[str]:
    replaced = [code if known == instead_of else known for known in codes]
    return list(dict.fromkeys([*replaced, code]))


def _linked(line: dict[str, Any], meant: CodeMeant) -> dict[str, Any]:
    """A line that names its diagnoses is for the new one too where its pair asked, or instead."""
    links = line.get("diagnoses")
    if not links:
        return line
    if meant.instead_of in links:
        return {**line, "diagnoses": _with_code(links, meant.code, meant.instead_of)}
    if not meant.instead_of and any(service == line["code"] for service, _ in meant.pairs):
        return {**line, "diagnoses": _with_code(links, meant.code, "")}
    return line


# --- one field ----------------------------------------------------------------------------------


def _value(field: Field, values: FormValues) -> str | list[str] | None:
    """What was filled in, None where nothing was; several only where a field takes several."""
    given = values.get(field.name, "")
    parts = [given] if isinstance(given, str) else list(given)
    if in_parts(field) and len(parts) <= 1:
        parts = [whole(field, values) or ""]
    if field.many and field.kind not in ("choices", "choice"):
        parts = [part for text in parts for part in text.split(",")]
    told = [part.strip() for part in parts if part.strip() and part.strip() != UNKNOWN]
    if any(len(part) > _LONGEST for part in told):
        raise InputError("the answer is too long", where=field.name, mend="shorten it")
    if field.kind == "drug":  # suggested by name, known by id
        ids = {value.title.casefold(): value.id for value in field.values}
        told = [ids.get(part.casefold(), part) for part in told]
    if not told:
        return None
    if field.many:
        return told
    if len(set(told)) > 1:
        raise InputError("one value is needed, not several", where=field.name)
    return told[0]


def _checked(field: Field, fact: str, value: Any, reader: FactReader) -> Any:
    """The value once the fact dictionary takes it; its error is told at the field."""
    if field.kind == "flag" and value not in ("present", "absent"):
        raise InputError("this is not an answer", where=field.name, mend="choose yes or no")
    try:
        reader.fact(fact, value, where="")
    except InputError as error:
        raise InputError(error.problem, where=field.name, mend=error.mend) from None
    return value


def _events(question: OpenQuestion, values: FormValues, reader: FactReader) -> list[Any]:
    fact = str(question.fact)
    (there,), *rows = (group.fields for group in question.groups)
    status = _value(there, values)
    if status not in (None, "present", "none"):
        raise InputError("this is not an answer", where=there.name, mend="choose yes or no")
    events: list[Any] = []
    closed: list[Any] = []
    for row in rows:
        event: dict[str, Any] = {}
        for field in row:
            value = _value(field, values)
            if value is None:
                continue
            if status == "none":
                raise InputError(
                    "this says that there was one, and the answer above that there was none",
                    where=field.name,
                    mend="change one of the two",
                )
            if field.kind == "complete":
                closed.append({"history": "complete", **field.where})
                continue
            _checked(field, fact, {field.attribute: value}, reader)
            event[field.attribute] = value
        events += [event] if event else []
    if status == "none":
        return ["none"]
    if status == "present" and not events:
        events = ["present"]
    return [*events, *closed]
