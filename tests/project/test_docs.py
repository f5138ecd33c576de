"""The documentation says what exists, all of it and nothing else, and what it shows runs."""

from __future__ import annotations

import ast
import doctest
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_args

import msgspec
import pytest
import yaml

import medwarrant as package
from medwarrant.answer import Medwarrant
from medwarrant.cli.ask import Audience, Format
from medwarrant.cli.main import app
from medwarrant.intake import reading as read
from medwarrant.model import determination as d
from medwarrant.model import errors, facts, request, sources
from medwarrant.policy.library import Library
from medwarrant.policy.policy import AUTHORITIES
from medwarrant.terminology import icd10cm_build

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def sections(text: str) -> dict[str, str]:
    """The text under each heading, code blocks set aside."""
    bare = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    parts = re.split(r"^#+ +(.+)$", bare, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def first_column(text: str) -> list[str]:
    """The words in code type in the first cell of each row of a section's tables."""
    cells = re.findall(r"^\|([^|]*)\|", text, flags=re.M)
    return [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]


# --- links --------------------------------------------------------------------------------------


def anchor(heading: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.strip().replace(" ", "-")


@pytest.mark.parametrize("name", NAMES)
def test_links_inside_the_project_lead_somewhere(name):
    page = ROOT / name
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(name)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, part = target.partition("#")
        to = (page.parent / path).resolve() if path else page
        assert to.exists(), f"{name}: {target}"
        if part:
            headings = sections(to.read_text(encoding="utf-8"))
            assert part in {anchor(heading) for heading in headings}, f"{name}: {target}"


def test_the_readme_lists_every_page():
    readme = text_of("README.md")
    lacking = [name for name in NAMES if name != "README.md" and f"({name})" not in readme]
    assert lacking == []


# --- command line -------------------------------------------------------------------------------


def commands(command=app, path=("medwarrant",)):
    """Every command with its path, groups left out."""
    parts = getattr(command, "commands", None)
    if not parts:
        yield " ".join(path), command
        return
    for name, part in parts.items():
        yield from commands(part, (*path, name))


COMMANDS = dict(commands())


def documented_commands() -> dict[str, str]:
    found = {}
    for heading, text in sections(text_of("docs/reference/cli.md")).items():
        if heading.startswith("medwarrant "):
            words = [word for word in heading.split() if word == word.lower()]
            found[" ".join(words)] = text
    return found


def test_every_command_is_documented_and_no_other():
    assert set(documented_commands()) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_documented_and_no_other(name):
    options = {
        option
        for parameter in COMMANDS[name].params
        if parameter.param_type_name == "option"
        for option in (*parameter.opts, *parameter.secondary_opts)
    } - {"--help"}
    told = {word for word in first_column(documented_commands()[name]) if word.startswith("-")}
    assert told == options


@pytest.mark.parametrize("word", [*Format, *Audience])
def test_every_format_and_audience_is_documented(word):
    assert f"`{word.value}`" in documented_commands()["medwarrant ask"]


def test_every_environment_variable_is_documented_and_no_other():
    used = {
        name
        for path in (ROOT / "src").rglob("*.py")
        for name in re.findall(
            r"environ(?:\.get\(|\[)\s*\"([A-Z_]+)\"", path.read_text(encoding="utf-8")
        )
    }
    page = sections(text_of("docs/reference/cli.md"))["Environment"]
    told = set(first_column(page))
    assert used <= told
    assert {name for name in told if name.startswith("MEDWARRANT")} <= used


# --- words --------------------------------------------------------------------------------------

CONCEPTS = sections(text_of("docs/concepts.md"))


def test_every_outcome_and_reason_is_documented_and_no_other():
    assert set(first_column(CONCEPTS["Outcomes"])) == {*d.OUTCOMES, *get_args(d.Reason)}


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Authority and which policy governs", AUTHORITIES),
        ("Basis and provisional", get_args(facts.Basis)),
        ("Verification", get_args(sources.HowVerified)),
        ("Direction, strength, certainty", get_args(sources.Direction)),
    ],
)
def test_the_words_of_a_vocabulary_are_explained(heading, words):
    told = re.findall(r"`([^`]+)`", CONCEPTS[heading])
    assert set(words) <= set(told)


# --- Python -------------------------------------------------------------------------------------


def all_errors(base=errors.MedwarrantError) -> set[str]:
    """Those that using the library may raise; the review desk and the web have their own."""
    below = [
        error
        for error in base.__subclasses__()
        if not error.__module__.startswith(("medwarrant.review", "medwarrant.web"))
    ]
    return {base.__name__}.union(*map(all_errors, below))


def test_every_error_is_documented_and_no_other():
    assert icd10cm_build.CodeSetMissing.__name__ in all_errors()
    told = first_column(sections(text_of("docs/reference/python.md"))["Errors"])
    assert set(told) == all_errors()


def test_every_public_name_is_documented():
    told = set(re.findall(r"`(\w+)`", text_of("docs/reference/python.md")))
    assert set(package.__all__) <= told


# --- JSON ---------------------------------------------------------------------------------------

FORMS = {
    "packs[]": d.PackUsed,
    "code_sets[]": d.CodeSetUsed,
    "reading.services[]": read.ServiceRead,
    "reading.diagnoses[]": read.DiagnosisRead,
    "reading.facts[]": read.FactRead,
    "reading.coverage": request.Coverage,
    "reading.corrections[]": read.Remark,
    "reading.unrecognised[]": read.Unrecognised,
    "reading.notes[]": read.NoteRead,
    "reading.notes[].statements[]": read.SaidInNote,
    "reading.notes[].services[]": read.NamedInNote,
    "items[]": d.Item,
    "items[].selection": d.SelectionShown,
    "items[].governing": d.Governing,
    "items[].indications[]": d.IndicationResult,
    "items[].evidence": d.EvidenceSummary,
    "items[].evidence.statements[]": d.StatementShown,
    "items[].coverage[]": d.CoverageResult,
    "items[].coverage[].rules[]": d.RuleShown,
    "items[].coding[]": d.Finding,
    "items[].criteria": d.CriterionResult,
    "items[].would_change[]": d.WouldChange,
    "items[].would_change[].criteria[]": d.CriterionSupply,
    "items[].ask[]": d.Ask,
    "services[]": d.ServiceResult,
    "documents[]": d.DocumentNeeded,
    "documents[].for[]": d.DocumentFor,
    "conflicts[]": d.Conflict,
    "conflicts[].statements[]": d.ConflictStatement,
    "references[]": d.Reference,
}
JSON = sections(text_of("docs/reference/json.md"))


@pytest.mark.parametrize("heading", FORMS)
def test_every_key_is_documented_and_no_other(heading):
    keys = {field.encode_name for field in msgspec.structs.fields(FORMS[heading])}
    assert set(first_column(JSON[heading])) == keys


def test_every_key_of_the_answer_is_documented_and_no_other(medwarrant: Medwarrant):
    answer = medwarrant.determine({"services": ["64405"], "diagnoses": ["G43.919"]}).to_dict()
    assert set(first_column(JSON["answer"])) == set(answer)
    assert set(first_column(JSON["reading"])) == set(answer["reading"])
    assert set(first_column(JSON["review"])) == set(answer["review"])


def test_no_form_is_left_out():
    assert set(JSON) == {*FORMS, "JSON", "answer", "reading", "review"}


# --- packs --------------------------------------------------------------------------------------


def test_every_file_of_a_pack_is_documented():
    from medwarrant.policy.load import FILES

    text = text_of("docs/pack-format.md")
    assert [stem for stem in FILES if f"{stem}.yaml" not in text and f"{stem}/" not in text] == []


def test_policies_named_in_the_documentation_exist(library: Library):
    named = {
        word
        for name in NAMES
        for word in re.findall(r"^\$ .*policy show ([a-z0-9/-]+)", text_of(name), flags=re.M)
    }
    made = {"valley-health/migraine-block"}  # the pack that pack-authoring.md makes
    assert named - made <= set(library.policies)


# --- dependencies -------------------------------------------------------------------------------


def test_every_dependency_has_its_reason_and_no_other():
    data = tomllib.loads(text_of("pyproject.toml"))
    extras = data["project"]["optional-dependencies"].values()
    wanted = [*data["project"]["dependencies"], *(name for extra in extras for name in extra)]
    names = {re.match(r"[\w.-]+", requirement)[0] for requirement in wanted}
    assert set(first_column(text_of("docs/dependencies.md"))) == names


# --- what the pages show runs -------------------------------------------------------------------

_BLOCK = re.compile(
    r"(?:^(?P<before>[^\n]*)\n\s*)?^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.M | re.S
)


def blocks(name: str) -> list[tuple[str, str, str]]:
    """Each code block: the line before it, its kind and its text."""
    return [
        (found["before"] or "", found["kind"], found["body"])
        for found in _BLOCK.finditer(text_of(name))
    ]


@pytest.mark.parametrize("name", NAMES)
def test_python_examples_run(name, tmp_path, monkeypatch):
    body = "\n".join(body for _, kind, body in blocks(name) if kind == "python")
    if not body:
        pytest.skip("no Python on this page")
    assert ">>>" in body, "write Python as a session, so that it is checked"
    monkeypatch.chdir(tmp_path)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    said: list[str] = []
    test = doctest.DocTestParser().get_doctest(body, {}, name, name, 0)
    runner.run(test, out=said.append)
    assert not runner.summarize(verbose=False).failed, "".join(said)


@pytest.mark.parametrize("name", NAMES)
def test_data_examples_can_be_read(name):
    for _, kind, body in blocks(name):
        if kind == "json":
            json.loads(body)
        elif kind == "yaml" and name != "docs/pack-format.md":  # forms there, abbreviated with ...
            list(yaml.safe_load_all(body))
        elif kind == "python":
            ast.parse("\n".join(e.source for e in doctest.DocTestParser().get_examples(body)))


def steps(body: str) -> list[tuple[str, list[str]]]:
    """The commands of a console block, each with the lines it shows."""
    found: list[tuple[str, list[str]]] = []
    for line in body.replace("\\\n", " ").splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def shown(expected: list[str], output: str) -> bool:
    """Whether the lines stand in the output, in order; `...` stands for anything.

    >>> shown(["a", "...", "d e..."], "a\\nb\\nd e f")
    True
    """
    pattern = r"\n".join(re.escape(line.rstrip()).replace(r"\.\.\.", ".*") for line in expected)
    text = "\n".join(line.rstrip() for line in output.strip("\n").splitlines())
    return re.fullmatch(pattern.strip(), text, flags=re.S) is not None


def run(arguments: list[str], folder: Path) -> tuple[str, int]:
    """What a command prints, errors included, and its status."""
    done = subprocess.run(
        [sys.executable, "-m", "medwarrant", *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return done.stdout + done.stderr, done.returncode


def next_commands() -> list[str]:
    """The commands that `make demo` names last."""
    return re.findall(r"^\t@echo '  \$\(BIN\)/medwarrant (.+)'$", text_of("Makefile"), flags=re.M)


def test_make_demo_names_three_commands():
    assert len(next_commands()) == 3


@pytest.mark.parametrize("command", next_commands())
def test_the_commands_that_make_demo_names_run(command, tmp_path):
    output, status = run(shlex.split(command), tmp_path)
    assert status == 0, output
    assert output.strip()


@pytest.mark.parametrize("name", NAMES)
def test_commands_run_and_show_what_the_page_shows(name, tmp_path):
    make_targets = set(re.findall(r"^([\w-]+):", text_of("Makefile"), flags=re.M))
    status, ran, output = 0, 0, ""
    for before, kind, body in blocks(name):
        if file := re.fullmatch(r"`([\w./-]+\.\w+)`:", before.strip()):
            path = tmp_path / file[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, encoding="utf-8")
        if kind != "console":
            continue
        for command, expected in steps(body):
            program, *arguments = shlex.split(command, comments=True)
            if command == "echo $?":
                assert expected == [str(status)]
                status = 0
                continue
            assert status == 0, f"before '{command}', status {status}:\n{output}"
            ran += 1
            if program == "make":
                assert set(arguments) <= make_targets, command
                continue
            if program == "pip":  # installing is what `make demo` and .ci/run do
                continue
            assert program.removeprefix(".venv/bin/") == "medwarrant", command
            output, status = run(arguments, tmp_path)
            if expected:
                assert shown(expected, output), f"{command} shows:\n{output}"
    assert status == 0, f"at the end, status {status}:\n{output}"
    if not ran:
        pytest.skip("no commands on this page")
