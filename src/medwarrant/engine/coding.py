"""Coding findings: codes that do not exist, headers, exclusions, nerves that do not fit their code.

Findings inform. Only an anatomical mismatch between code, nerve and diagnosis refers the item.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from ..model.determination import Ask, Finding
from ..model.diagnosis_code import DiagnosisCode, excludes_each_other
from ..model.procedure import Procedure
from ..model.request import Request
from ..model.status import Status
from ..policy.library import Library
from ..policy.pack import CodingRule
from .view import View

CODE_SET = "ICD-10-CM"


def diagnosis_findings(
    request: Request, codes: Mapping[str, DiagnosisCode | None], code_set_source: str | None
) -> dict[str, tuple[Finding, ...]]:
    """Remarks on each diagnosis of a request, alone and beside the others."""
    return {
        diagnosis.code: (
            *_code_findings(diagnosis.code, codes, code_set_source),
            *_pair_findings(diagnosis.code, request, codes, code_set_source),
        )
        for diagnosis in request.diagnoses
    }


def service_findings(view: View) -> tuple[Finding, ...]:
    """Remarks on the service of one item, and on how it fits the diagnosis."""
    line = view.line
    assert line is not None
    procedure = view.library.procedure(line.code)
    if procedure is None:
        return (_unknown_procedure(line.code), *_rule_findings(view))
    return (
        *_nerve_findings(view, procedure),
        *_muscle_findings(view, procedure),
        *_rule_findings(view),
    )


def _unknown_procedure(code: str) -> Finding:
    return Finding(
        id="unknown-procedure",
        kind="unknown_procedure",
        severity="warning",
        message=f"The procedure code {code} is not in the procedure data of these packs; no policy is applied to it.",
    )


def _code_findings(
    code: str, codes: Mapping[str, DiagnosisCode | None], source: str | None
) -> list[Finding]:
    known = codes.get(code)
    if known is None:
        return [
            Finding(
                id="unknown-diagnosis",
                kind="unknown_code",
                severity="warning",
                message=f"{code} is not a code of the ICD-10-CM release used; check it.",
                source=source,
            )
        ]
    found: list[Finding] = []
    if not known.billable:
        listed = ", ".join(known.children[:6])
        found.append(
            Finding(
                id="header-code",
                kind="header_code",
                severity="warning",
                message=f"{code} is a header, not a billable code; a more specific code is needed (for example {listed}).",
                source=source,
            )
        )
    for note in (*known.code_first, *known.code_also)[:2]:
        found.append(
            Finding(
                id=f"{note.kind.replace('_', '-')}",
                kind=note.kind,
                severity="info",
                message=f"{code}: the tabular list says to {_instruction(note.kind)}: {note.text}.",
                source=source,
            )
        )
    return found


def _instruction(kind: str) -> str:
    return {
        "code_first": "code first",
        "code_also": "code also",
        "use_additional": "use an additional code",
    }.get(kind, kind)


def _pair_findings(
    code: str, request: Request, codes: Mapping[str, DiagnosisCode | None], source: str | None
) -> list[Finding]:
    own = codes.get(code)
    if own is None:
        return []
    found = []
    for other in request.diagnoses:
        known = codes.get(other.code)
        if known is None or other.code == code:
            continue
        note = excludes_each_other(own, known)
        if note is not None:
            found.append(
                Finding(
                    id=f"excludes1-{other.code}",
                    kind="excludes1",
                    severity="warning",
                    message=f"{own.code} and {known.code} are not coded together: the Excludes1 note at {note.declared_at} names {note.text}.",
                    source=source,
                )
            )
    return found


def _nerve_findings(view: View, procedure: Procedure) -> list[Finding]:
    line = view.line
    assert line is not None
    library = view.library
    if line.nerve is None and not any(
        fact.fact == "nerve" and fact.service in (None, line.code) for fact in view.request.facts
    ):
        return []
    if not procedure.nerves and procedure.kind != "nerve-block":
        return []
    found = []
    stated = [name for name in view.choices.get("nerve", ()) if name in library.nerves]
    for name in sorted(stated):
        if any(library.nerves[other].parent == name for other in stated):
            continue
        codes = library.nerve_codes(name)
        if codes and line.code not in codes:
            found.append(
                Finding(
                    id=f"nerve-{name}",
                    kind="nerve_mismatch",
                    severity="refer",
                    message=nerve_message(library, name, line.code),
                    source=library.source_for(library.nerves[name].cites),
                )
            )
    return found


def nerve_message(library: Library, nerve: str, code: str) -> str:
    """Why a nerve does not fit a procedure code, and which code it belongs to.

    The words name the chain of anatomy: the supraorbital nerve is a branch of the trigeminal nerve.
    """
    line = library.nerve_line(nerve)
    codes = library.nerve_codes(nerve)
    owner = next((name for name in line if library.nerves[name].codes), nerve)
    own = library.nerves[nerve].name
    relation = f" is a branch of the {library.nerves[owner].name}" if owner != nerve else ""
    return f"The {own}{relation or ' has its own code'}: {' or '.join(codes)}, not {code}."


def _muscle_findings(view: View, procedure: Procedure) -> list[Finding]:
    muscles = view.choices.get("muscles")
    if not muscles:
        return []
    count = len(muscles)
    least, most = procedure.muscles_at_least, procedure.muscles_at_most
    if (least is None or count >= least) and (most is None or count <= most):
        return []
    return [
        Finding(
            id="muscle-count",
            kind="muscle_count",
            severity="warning",
            message=f"{count} muscles are named, which does not fit {view.line.code if view.line else procedure.id}; the two codes are told apart by the number of muscles.",
            source=view.library.source_for(procedure.cites),
        )
    ]


def _rules_that_hold(view: View) -> Iterator[CodingRule]:
    """The coding rules that name the item and whose condition, if there is one, is met."""
    line = view.line
    assert line is not None
    for rule in view.library.coding_for(line.code):
        if rule.diagnoses and not view.library.diagnosis_matches(view.diagnosis, rule.diagnoses):
            continue
        if rule.when is None or view.compiled.once(rule.when)(view) is Status.MET:
            yield rule


def _rule_findings(view: View) -> Iterator[Finding]:
    for rule in _rules_that_hold(view):
        refers = rule.kind == "mismatch" and rule.verified
        yield Finding(
            id=rule.id,
            kind=rule.kind,
            severity="refer" if refers else "info",
            message=rule.message,
            source=view.library.source_for(rule.rests_on),
        )


def code_questions(view: View, codes: Mapping[str, DiagnosisCode | None]) -> list[Ask]:
    """Questions whose answer is another code: from coding rules, and where a code says too little."""
    library = view.library
    found = [
        Ask(kind="code", question=ask.question, code=ask.code, why=rule.message)
        for rule in _rules_that_hold(view)
        for ask in rule.ask
    ]
    for question in library.specificity_for(view.diagnosis):
        found.append(
            Ask(
                kind="code",
                question=question.question,
                code=", ".join(question.candidates) or None,
                why=f"{view.diagnosis} says less than policies need.",
            )
        )
    known = codes.get(view.diagnosis)
    if known is not None and not known.billable:
        found.append(
            Ask(
                kind="code",
                question=f"Which code below {known.code} ({known.title}) is meant?",
                code=", ".join(known.children[:8]) or None,
                why="A header code cannot be billed.",
            )
        )
    return found


def before_icd10(day: date) -> bool:
    """Whether a date of service precedes ICD-10-CM, in use in the United States since 2015-10-01."""
    return day < date(2015, 10, 1)
