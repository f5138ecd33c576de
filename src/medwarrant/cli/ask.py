"""`ask`, `determine` and `replay`: from a question or a request to an answer on the screen."""

from __future__ import annotations

import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..model.errors import InputError
from .parts import FILE, PACKS
from .propose import show_proposals

if TYPE_CHECKING:
    from ..answer import Answer, Medwarrant
    from ..report.words import Depth

_MOST_BYTES = 5_000_000


class Format(StrEnum):
    """How an answer is written."""

    terminal = "terminal"
    markdown = "markdown"
    html = "html"
    pdf = "pdf"
    json = "json"


class Audience(StrEnum):
    """For whom an answer is worded."""

    patient = "patient"
    practice = "practice"
    clinician = "clinician"
    reviewer = "reviewer"
    auditor = "auditor"


_FORMAT = click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(Format),
    default=Format.terminal,
    show_default=True,
    help="How to write the answer.",
)
_AUDIENCE = click.option(
    "--for",
    "audience",
    type=click.Choice(Audience),
    default=Audience.clinician,
    show_default=True,
    help="For whom; never changes an outcome.",
)
_OUTPUT = click.option(
    "--output", "-o", type=FILE, help="Write to this file instead of the screen."
)
_FULL = click.option(
    "--full/--brief",
    default=None,
    help="All there is, or the short answer (which the terminal shows unless told otherwise).",
)
_PAYER = click.option("--payer", help="Who pays (an id or name of the packs).")
_LINE = click.option("--line-of-business", help="Commercial, medicare-advantage, ...")
_STATE = click.option("--state", help="Two-letter state of the service.")
_AS_OF = click.option("--as-of", help="Date of service, such as 2026-11-23; today if left out.")
_FACT = click.option(
    "--fact",
    multiple=True,
    help="A fact, such as intent=acute or 'drug-trial={drug: sumatriptan}'; repeatable.",
)
_NOTE = click.option(
    "--note",
    type=FILE,
    multiple=True,
    help="A clinical note: text, Markdown, HTML, PDF or DOCX; repeatable.",
)
_PROPOSE = click.option(
    "--propose",
    is_flag=True,
    help="Let the configured language model propose facts from the notes; they change nothing.",
)
_SERVICE = click.option(
    "--service",
    multiple=True,
    help="A procedure code; those named replace the services read; repeatable.",
)
_DIAGNOSIS = click.option(
    "--diagnosis",
    multiple=True,
    help="An ICD-10-CM code; those named replace the ones read; repeatable.",
)
_THEN = click.option(
    "--then",
    multiple=True,
    help="A follow-up, such as 'What is missing?' or 'She failed naproxen'; repeatable, answered in order.",
)


@click.command()
@click.argument(
    "question", help="The question in plain words, or - to read it from standard input."
)
@_FORMAT
@_AUDIENCE
@_OUTPUT
@_FULL
@_PAYER
@_LINE
@_STATE
@_AS_OF
@_FACT
@_NOTE
@_PROPOSE
@_SERVICE
@_DIAGNOSIS
@_THEN
@PACKS
def ask(
    question: str,
    form: Format,
    audience: Audience,
    output: Path | None,
    full: bool | None,
    payer: str | None,
    line_of_business: str | None,
    state: str | None,
    as_of: str | None,
    fact: tuple[str, ...],
    note: tuple[Path, ...],
    propose: bool,
    service: tuple[str, ...],
    diagnosis: tuple[str, ...],
    then: tuple[str, ...],
    packs: tuple[Path, ...],
) -> None:
    """Answer a question such as "Is 64405 medically necessary for migraine?"."""
    text = _standard_input() if question == "-" else _text(question)
    medwarrant = open_medwarrant(packs)
    answer = medwarrant.ask(
        text,
        facts=fact,
        notes=note,
        services=_codes(service),
        diagnoses=_codes(diagnosis),
        payer=payer,
        line_of_business=line_of_business,
        state=state,
        as_of=_date(as_of),
    )
    if propose:
        show_proposals(note, medwarrant.library)
    _write(medwarrant, answer, then, form, audience, output, full)


@click.command()
@click.argument(
    "request",
    help="A JSON file with a structured request or a FHIR bundle, or - for standard input.",
)
@_FORMAT
@_AUDIENCE
@_OUTPUT
@_FULL
@_PAYER
@_LINE
@_STATE
@_AS_OF
@_FACT
@_NOTE
@_PROPOSE
@_THEN
@PACKS
def determine(
    request: str,
    form: Format,
    audience: Audience,
    output: Path | None,
    full: bool | None,
    payer: str | None,
    line_of_business: str | None,
    state: str | None,
    as_of: str | None,
    fact: tuple[str, ...],
    note: tuple[Path, ...],
    propose: bool,
    then: tuple[str, ...],
    packs: tuple[Path, ...],
) -> None:
    """Judge a structured request or a FHIR R4 message."""
    raw = read_json(request)
    medwarrant = open_medwarrant(packs)
    answer = medwarrant.determine(
        raw,
        facts=fact,
        notes=note,
        payer=payer,
        line_of_business=line_of_business,
        state=state,
        as_of=_date(as_of),
    )
    if propose:
        show_proposals(note, medwarrant.library)
    _write(medwarrant, answer, then, form, audience, output, full)


@click.command()
@click.argument("stored", help="A JSON answer written earlier, or - for standard input.")
@PACKS
@click.option(
    "--kept",
    type=FILE,
    help="A folder of packs kept by digest; the stored answer's are used.",
)
def replay(stored: str, packs: tuple[Path, ...], kept: Path | None) -> None:
    """Judge a stored answer's request again and compare the digests."""
    raw = read_json(stored)
    if not isinstance(raw, dict) or not {"request", "digest", "packs"} <= set(raw):
        raise InputError(
            "this is not a stored answer",
            where=stored,
            mend="give a file written with --format json",
        )
    if kept is None:
        medwarrant = open_medwarrant(packs)
    else:
        from ..answer import Medwarrant
        from ..policy.archive import packs_by_digest

        medwarrant = Medwarrant(packs_by_digest(kept, [pack["digest"] for pack in raw["packs"]]))
    print(f"same determination: {medwarrant.replay(raw).digest}")


def open_medwarrant(packs: tuple[Path, ...]) -> Medwarrant:
    """The packs that ship and those of the folders named, with the code sets."""
    from ..answer import Medwarrant
    from ..policy.load import load_packs
    from ..terminology.icd10cm import Icd10cm

    library = load_packs(*packs)
    return Medwarrant(
        library,
        Icd10cm.open(on_build=lambda message: print(f"medwarrant: {message}", file=sys.stderr)),
    )


def _codes(given: tuple[str, ...]) -> list[Any]:
    """Codes as `--service` takes them: `64405`, or `'64405={intent: acute, side: left}'`."""
    if not given:
        return []
    from ..intake.facts import flow_value

    found: list[Any] = []
    for text in given:
        code, equals, rest = text.partition("=")
        if not equals:
            found.append(code)
            continue
        details = flow_value(rest, where=code[:20])
        if not isinstance(details, dict):
            raise InputError(
                "the details of a code are not readable",
                where=code[:20],
                mend="write CODE={intent: acute, side: left}",
            )
        found.append({"code": code, **details})
    return found


def read_json(path: str) -> Any:
    """A JSON file, or standard input for `-`.

    Raises `InputError` where it cannot be read, is not UTF-8, is too large or is not JSON.
    """
    import json

    if path == "-":
        data = _standard_input()
    else:
        try:
            with open(path, "rb") as file:
                raw = file.read(_MOST_BYTES + 1)
            if len(raw) > _MOST_BYTES:
                raise InputError(
                    "the file is larger than 5 MB", where=path, mend="send one request a file"
                )
            data = raw.decode("utf-8-sig")
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", where=path) from None
        except UnicodeDecodeError:
            raise InputError(
                "is not UTF-8 text", where=path, mend="save it as UTF-8 JSON"
            ) from None
    try:
        found = json.loads(data, parse_constant=_refuse_constant, object_pairs_hook=_no_duplicates)
        json.dumps(found, ensure_ascii=False).encode()
        return found
    except json.JSONDecodeError as error:
        raise InputError(
            f"is not JSON: {error.msg}", where=f"{path}:{error.lineno}:{error.colno}"
        ) from None
    except UnicodeEncodeError:
        raise InputError("holds half a character (a lone surrogate)", where=path) from None
    except ValueError:
        raise InputError("holds a number of thousands of digits", where=path) from None
    except RecursionError:
        raise InputError("is nested too deeply", where=path) from None


def _refuse_constant(name: str) -> Any:
    raise InputError(f"{name} is not a number", mend="leave the value out where it is not known")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InputError(f"the key '{key[:40]}' stands twice in one object", mend="keep one")
        found[key] = value
    return found


def _standard_input() -> str:
    data = sys.stdin.buffer.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise InputError("more than 5 MB on standard input", mend="send less")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("standard input is not UTF-8 text", mend="send it as UTF-8") from None


def _text(argument: str) -> str:
    """An argument that is text; bytes that are not UTF-8 reach Python as half characters."""
    try:
        argument.encode()
    except UnicodeEncodeError:
        raise InputError("what was asked is not UTF-8 text", mend="send it as UTF-8") from None
    return argument


def _date(text: str | None) -> date | None:
    from ..intake.structured import parse_as_of

    return parse_as_of(text, "--as-of") if text is not None else None


def _write(
    medwarrant: Medwarrant,
    answer: Answer,
    then: tuple[str, ...],
    form: Format,
    audience: Audience,
    output: Path | None,
    full: bool | None,
) -> None:
    if form is Format.pdf and output is None and sys.stdout.isatty():
        raise InputError(
            "a PDF cannot be shown on a terminal", where="--format pdf", mend="add --output FILE"
        )
    color = False if output is not None else None
    depth: Depth | None = None if full is None else "full" if full else "brief"
    if then:
        from ..followup.thread import converse, render_thread

        texts = [_text(text) for text in then]
        replies, last = converse(medwarrant, answer, texts, audience.value)
        rendered = render_thread(
            answer,
            last,
            replies,
            form.value,
            audience=audience.value,
            color=color,
            depth=depth,
        )
    else:
        from ..report.render import render

        rendered = render(answer, form.value, audience=audience.value, color=color, depth=depth)
    data = rendered.encode("utf-8", "replace") if isinstance(rendered, str) else rendered
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", where=str(output)) from None
