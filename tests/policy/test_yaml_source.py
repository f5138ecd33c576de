"""YAML is read strictly: what each scalar is, and each error with its file and line."""

from __future__ import annotations

import subprocess
import sys

import pytest

from medwarrant.policy.yaml_source import Problems, read_yaml


def read(text):
    problems = Problems()
    value = read_yaml(text, "file.yaml", problems)
    plain = value.plain() if value is not None else None
    return plain, [str(problem) for problem in problems.found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("off", "off"), ("No", "No"), ("True", "True"),
        ("true", True), ("false", False), ("012", "012"), ("12", 12), ("-3", -3), ("0", 0), ("1.5", 1.5),
        ("1e5", "1e5"), ("0x1F", "0x1F"), ("1_000", "1_000"), ("12:30:45", "12:30:45"), (".5", ".5"),
        ("2026-11-23", "2026-11-23"), ("2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z"),
        ("null", None), ("~", None), ("", None), ("Null", "Null"), ('"12"', "12"), ("'true'", "true"),
        (".inf", ".inf"), (".nan", ".nan"), ("=", "="), ("!!python/object:os.system ls", "ls"),
        ("[a, 1, 012]", ["a", 1, "012"]), ("{a: no}", {"a": "no"}),
    ],
)  # fmt: skip
def test_scalars(text, expected):
    assert read(f"key: {text}") == ({"key": expected}, [])


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "file.yaml:3", "'a' stands twice in one mapping"),
        ("x:\n  a: 1\n  a: 2\n", "file.yaml:3", "'a' stands twice in one mapping (it is first on line 2"),
        ("a: &x [1]\nb: *x\n", "file.yaml:1", "anchors and aliases"),
        ("a: &x word\nb: *x\n", "file.yaml:1", "anchors and aliases"),
        ("base: &b {a: 1}\nc:\n  <<: *b\n", "file.yaml:1", "anchors and aliases"),
        ("a: *nobody\n", "file.yaml:1", "not YAML"),
        ("a: [1, 2\nb: 3\n", "file.yaml:2", "not YAML"),
        ("a: 'open\n", "file.yaml:", "not YAML"),
        ("a:\n\t- b\n", "file.yaml:2", "not YAML"),
        ("a: b: c\n", "file.yaml:1", "not YAML"),
        ("- a\n- b\n", "file.yaml:1", "must be a mapping"),
        ("word", "file.yaml:1", "must be a mapping"),
        ("", "file.yaml:1", "the file is empty"),
        ("# nothing\n", "file.yaml:1", "the file is empty"),
        ("a: 1\n---\nb: 2\n", "file.yaml:", "not YAML"),
        ("a: \x00", "file.yaml:", "not YAML"),
        ("a: \x1b[31m", "file.yaml:", "not YAML"),
    ],
)  # fmt: skip
def test_errors_name_their_place(text, place, said):
    _, problems = read(text)
    assert len(problems) == 1
    assert problems[0].startswith(place)
    assert said in problems[0]
    assert len(problems[0]) < 300


def test_a_bomb_of_aliases_is_refused_at_once():
    levels = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    _, problems = read("\n".join(levels))
    assert "anchors and aliases" in problems[0]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "-\t"])
def test_deep_nesting_is_an_error_and_no_crash(opening):
    """In a process of its own: a crash of the YAML library would end the tests."""
    program = (
        "from medwarrant.policy.yaml_source import Problems, read_yaml\n"
        "problems = Problems()\n"
        f"read_yaml('a:\\n  ' + {opening!r} * 200_000, 'file.yaml', problems)\n"
        "print(len(problems.found), problems.found[0].message[:40])\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr[-300:]
    assert ran.stdout.startswith("1 not YAML")
