"""`ask`, `determine` and `replay`: from a question or a request to an answer on the screen."""

from __future__ import annotations

import json
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ..model.errors import InputError
from .propose import show_proposals

if TYPE_CHECKING:
    from ..answer import Answer, Medwarrant

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


_FORMAT = typer.Option(Format.terminal, "--format", "-f", help="How to write the answer.")
_AUDIENCE = typer.Option(Audience.clinician, "--for", help="For whom; never changes an outcome.")
_OUTPUT = typer.Option(None, "--output", "-o", help="Write to this file instead of the screen.")
_FULL = typer.Option(
    None,
    "--full/--brief",
    help="All there is, or the short answer (which the terminal shows unless told otherwise).",
)
_PAYER = typer.Option(None, "--payer", help="Who pays (an id or name of the packs).")
_LINE = typer.Option(None, "--line-of-business", help="Commercial, medicare-advantage, ...")
_STATE = typer.Option(None, "--state", help="Two-letter state of the service.")
_AS_OF = typer.Option(
    None, "--as-of", help="Date of service, such as 2026-11-23; today if left out."
)
_FACT = typer.Option(
    None,
    "--fact",
    help="A fact, such as intent=acute or 'drug-trial={drug: sumatriptan}'; repeatable.",
)
_PROPOSE = typer.Option(
    False,
    "--propose",
    help="Let the configured language model propose facts from the notes; they change nothing.",
)
_SERVICE = typer.Option(
    None, "--service", help="A procedure code; those named replace the services read; repeatable."
)
_DIAGNOSIS = typer.Option(
    None, "--diagnosis", help="An ICD-10-CM code; those named replace the ones read; repeatable."
)
_NOTE = typer.Option(
    None, "--note", help="A clinical note: text, Markdown, HTML, PDF or DOCX; repeatable."
)
_PACKS = typer.Option(None, "--packs", help="A folder with further packs; repeatable.")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(ask)
    app.command()(determine)
    app.command()(replay)


def ask(
    question: str = typer.Argument(
        ..., help="The question in plain words, or - to read it from standard input."
    ),
    form: Format = _FORMAT,
    audience: Audience = _AUDIENCE,
    output: Path | None = _OUTPUT,
    full: bool | None = _FULL,
    payer: str | None = _PAYER,
    line_of_business: str | None = _LINE,
    state: str | None = _STATE,
    as_of: str | None = _AS_OF,
    fact: list[str] | None = _FACT,
    note: list[Path] | None = _NOTE,
    propose: bool = _PROPOSE,
    service: list[str] | None = _SERVICE,
    diagnosis: list[str] | None = _DIAGNOSIS,
    packs: list[Path] | None = _PACKS,
) -> None:
    """Answer a question such as "Is 64405 medically necessary for migraine?"."""
    text = _standard_input() if question == "-" else _text(question)
    medwarrant = open_medwarrant(packs)
    answer = medwarrant.ask(
        text,
        facts=fact or (),
        notes=note or (),
        services=_codes(service),
        diagnoses=_codes(diagnosis),
        payer=payer,
        line_of_business=line_of_business,
        state=state,
        as_of=_date(as_of),
    )
    if propose:
        show_proposals(note or (), medwarrant.library)
    _write(answer, form, audience, output, full)


def determine(
    request: str = typer.Argument(
        ..., help="A JSON file with a structured request or a FHIR bundle, or - for standard input."
    ),
    form: Format = _FORMAT,
    audience: Audience = _AUDIENCE,
    output: Path | None = _OUTPUT,
    full: bool | None = _FULL,
    payer: str | None = _PAYER,
    line_of_business: str | None = _LINE,
    state: str | None = _STATE,
    as_of: str | None = _AS_OF,
    fact: list[str] | None = _FACT,
    note: list[Path] | None = _NOTE,
    propose: bool = _PROPOSE,
    packs: list[Path] | None = _PACKS,
) -> None:
    """Judge a structured request or a FHIR R4 message."""
    raw = read_json(request)
    medwarrant = open_medwarrant(packs)
    answer = medwarrant.determine(
        raw,
        facts=fact or (),
        notes=note or (),
        payer=payer,
        line_of_business=line_of_business,
        state=state,
        as_of=_date(as_of),
    )
    if propose:
        show_proposals(note or (), medwarrant.library)
    _write(answer, form, audience, output, full)


def replay(
    stored: str = typer.Argument(
        ..., help="A JSON answer written earlier, or - for standard input."
    ),
    packs: list[Path] | None = _PACKS,
    kept: Path | None = typer.Option(
        None, "--kept", help="A folder of packs kept by digest; the stored answer's are used."
    ),
) -> None:
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


def open_medwarrant(packs: list[Path] | None) -> Medwarrant:
    """The packs that ship and those of the folders named, with the code sets."""
    from ..answer import Medwarrant
    from ..policy.load import load_packs
    from ..terminology.icd10cm import Icd10cm

    library = load_packs(*(packs or ()))
    return Medwarrant(
        library,
        Icd10cm.open(on_build=lambda message: print(f"medwarrant: {message}", file=sys.stderr)),
    )


def _codes(given: list[str] | None) -> list[Any]:
    """Codes as `--service` takes them: `64405`, or `'64405={intent: acute, side: left}'`."""
    from ..intake.facts import flow_value

    found: list[Any] = []
    for text in given or ():
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
        raise InputError("the question is not UTF-8 text", mend="send it as UTF-8") from None
    return argument


def _date(text: str | None) -> date | None:
    from ..intake.structured import parse_as_of

    return parse_as_of(text, "--as-of") if text is not None else None


def _write(
    answer: Answer, form: Format, audience: Audience, output: Path | None, full: bool | None
) -> None:
    from ..report.render import render

    if form is Format.pdf and output is None and sys.stdout.isatty():
        raise InputError(
            "a PDF cannot be shown on a terminal", where="--format pdf", mend="add --output FILE"
        )
    color = False if output is not None else None
    rendered = render(
        answer,
        form.value,
        audience=audience.value,
        color=color,
        depth=None if full is None else "full" if full else "brief",
    )
    data = rendered.encode("utf-8", "replace") if isinstance(rendered, str) else rendered
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", where=str(output)) from None
