"""No committed file names a package registry, a machine, or a person; the locks are complete."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_LEFT_BEHIND = {".git", ".venv", "build", "dist", "demo", "__pycache__", ".hypothesis"}
_CACHES = ("_cache", ".egg-info")

#: Spelled in two parts, so that this file does not hold what it looks for.
REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "deb.debian" + ".org",
]
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s)\]}>\"'`]+")
MACHINE_PATH = re.compile(
    r"(?<![\w.~<>-])/(?:root|home|Users|work|workspace|mnt|media|srv|opt|private|tmp|var/tmp)/[\w.-]+"
)
FILE_ADDRESS = re.compile(r"file://\S+")
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_NO_PERSON = re.compile(r"@example\.(?:com|org|net)$")
SOCIAL_SECURITY_NUMBER = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")
NETWORK_ADDRESS = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_OWN_MACHINE = re.compile(r"127\.\d+\.\d+\.\d+|0\.0\.0\.0")


@cache
def committed_files() -> tuple[Path, ...]:
    """What git tracks or would add; every file of the folder where it is not a repository."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        ).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        listed = []
    names = [name for name in listed if name] or [
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*")
        if not any(part in _LEFT_BEHIND or part.endswith(_CACHES) for part in path.parts)
    ]
    return tuple(sorted(ROOT / name for name in names if (ROOT / name).is_file()))


@cache
def lines() -> tuple[tuple[str, str], ...]:
    """Every line of text with its place."""
    found = []
    for path in committed_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        name = path.relative_to(ROOT).as_posix()
        found += [(f"{name}:{number}", line) for number, line in enumerate(text.splitlines(), 1)]
    return tuple(found)


def test_there_is_something_to_look_at():
    names = {path.relative_to(ROOT).as_posix() for path in committed_files()}
    assert {"README.md", "pyproject.toml", "src/medwarrant/__init__.py"} <= names


def test_nothing_that_tools_leave_behind_is_committed():
    odd = [
        path
        for path in committed_files()
        if path.suffix in {".pyc", ".sqlite", ".log", ".tmp", ".orig"} or path.name == ".DS_Store"
    ]
    assert odd == []


def test_no_file_is_large():
    large = {str(path): size for path in committed_files() if (size := path.stat().st_size) > 2**20}
    assert large == {}


@pytest.mark.parametrize("registry", REGISTRIES)
def test_no_registry_is_named(registry):
    assert [place for place, line in lines() if registry in line.casefold()] == []


def test_no_path_of_a_machine_is_named():
    named = [
        (place, found[0])
        for place, line in lines()
        for pattern, text in ((MACHINE_PATH, _ADDRESS.sub("", line)), (FILE_ADDRESS, line))
        if (found := pattern.search(text))
        and not place.startswith("tests/project/test_committed_files.py")
    ]
    assert named == []


def test_no_person_or_network_is_addressed():
    named = [
        (place, found)
        for place, line in lines()
        for found in MAIL.findall(line)
        if not _NO_PERSON.search(found)
    ] + [
        (place, found)
        for place, line in lines()
        for found in NETWORK_ADDRESS.findall(line)
        if not _OWN_MACHINE.fullmatch(found)
    ]
    assert named == []


def test_no_social_security_number_stands_anywhere():
    assert [place for place, line in lines() if SOCIAL_SECURITY_NUMBER.search(line)] == []


# --- packages and locks -------------------------------------------------------------------------


def requirement_name(requirement: str) -> str:
    """The normalised name of a requirement.

    >>> requirement_name("PyYAML>=6.0.1")
    'pyyaml'
    """
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def wanted(lock: str) -> set[str]:
    """The direct requirements that a lock is made for."""
    data = project()
    core = data["project"]["dependencies"]
    extras = data["project"]["optional-dependencies"]
    every = {
        "core": core,
        "run": [*core, *extras["pdf"]],
        "serve": [*core, *extras["web"], *extras["pdf"], *extras["postgresql"]],
        "dev": [*core, *(name for extra in extras.values() for name in extra)],
        "build": [*data["build-system"]["requires"], "editables"],
    }
    return {requirement_name(requirement) for requirement in every[lock]}


def locked(lock: str) -> dict[str, str]:
    """Each package of a lock with its version; every one must have a digest."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    found = {}
    for entry in re.split(r"\n(?=\S)", text.strip()):
        head, *digests = entry.split(" \\\n")
        pinned = re.fullmatch(r"([a-z0-9-]+)==([\w.]+)(?: ; .+)?", head)
        assert pinned, f"{lock}: not a pinned version: {head}"
        assert digests, f"{lock}: {head} has no digest"
        assert all(re.fullmatch(r"\s+--hash=sha256:[0-9a-f]{64}", digest) for digest in digests)
        found[pinned[1]] = pinned[2]
    return found


@pytest.mark.parametrize("lock", ["core", "run", "serve", "dev", "build"])
def test_a_lock_pins_every_requirement_with_digests(lock):
    assert wanted(lock) <= set(locked(lock))


@pytest.mark.parametrize("lock", ["core", "run", "serve", "build"])
def test_the_locks_agree(lock):
    assert locked(lock).items() <= locked("dev").items()


def test_what_the_package_imports_is_declared():
    """Core dependencies are exactly what the source imports; extras may be imported late."""
    distributions = {
        "argon2": "argon2-cffi",
        "simple_icd_10_cm": "simple-icd-10-cm",
        "yaml": "pyyaml",
    }
    imported = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                imported.add(node.module.split(".")[0])
    imported -= {*sys.stdlib_module_names, "medwarrant"}
    named = {distributions.get(name, name.replace("_", "-").lower()) for name in imported}
    extras = project()["project"]["optional-dependencies"]
    # simple-icd-10-cm is read as data, never imported: its loading takes more than a second.
    core = wanted("core") - {"simple-icd-10-cm"}
    optional = {
        requirement_name(requirement)
        for extra in ("pdf", "web", "postgresql")
        for requirement in extras[extra]
    }
    # typst is imported by its name, and uvicorn imports what it runs on.
    assert core | optional - {"typst", "httptools", "uvloop"} <= named, "declared but not imported"
    assert named <= core | optional, "imported but not declared"
