"""Sets of diagnosis codes: a code with all below it, ranges, and what is left out."""

from __future__ import annotations

import pytest

from medwarrant.policy.valueset import CodePattern, ValueSet, undotted


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("G43", "G43 G43.9 G43.909 g43909", "G4 G44 G42.9 M54.2"),
        ("G43.-", "G43 G43.909", "G44.0"),
        ("G43.9", "G43.9 G43.90 G43.919", "G43 G43.8 G43.809"),
        ("M54.2", "M54.2 M542", "M54.20A1X2 M54.3".split()[1] + " M54"),
        ("G44.201-G44.229", "G44.201 G44.209 G44.221 G44.229", "G44.2 G44.20 G44.23 G44.311 G44.1"),
        ("C00-C14", "C00 C00.1 C10.9 C14 C14.8", "C15 B99 C30"),
        ("M79.1-M79.2", "M79.1 M79.10 M79.18 M79.2", "M79.7 M79.3 M79"),
        ("S72.001A", "S72.001A", "S72.001D S72.001"),
    ],
)
def test_patterns(pattern, inside, outside):
    known = CodePattern.read(pattern)
    assert [code for code in inside.split() if not known.covers(code)] == []
    assert [code for code in outside.split() if known.covers(code)] == []


def test_left_out():
    known = ValueSet(
        id="migraine",
        title="migraine",
        codes=(CodePattern.read("G43"), CodePattern.read("G44.1")),
        without=(CodePattern.read("G43.A-G43.D"),),
    )
    assert [
        known.contains(code) for code in ("G43.909", "G43.A0", "G43.D1", "G43.E0", "G44.1")
    ] == [
        True,
        False,
        False,
        True,
        True,
    ]


def test_undotted():
    assert undotted(" g43.909 ") == "G43909"
