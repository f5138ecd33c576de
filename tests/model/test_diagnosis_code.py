"""Notes of ICD-10-CM: what a reference covers, and which codes part each other."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medwarrant.model.diagnosis_code import (
    CodeNote,
    DiagnosisCode,
    NoteKind,
    excludes_each_other,
    not_included_here,
    note_covers,
)


def note(*codes: str, at: str = "Z00", kind: NoteKind = "excludes1") -> CodeNote:
    return CodeNote(kind=kind, text="somewhere else", codes=codes, declared_at=at)


def code(name: str, *notes: CodeNote, ancestors: tuple[str, ...] = ()) -> DiagnosisCode:
    return DiagnosisCode(
        code=name,
        title=name,
        billable=True,
        ancestors=ancestors,
        excludes1=tuple(n for n in notes if n.kind == "excludes1"),
        excludes2=tuple(n for n in notes if n.kind == "excludes2"),
    )


@pytest.mark.parametrize(
    ("reference", "inside", "outside"),
    [
        ("M79.7", "M79.7 m797 M79.70", "M79 M79.1"),
        ("G44.-", "G44 G44.0 G44.209", "G43.909 G45.0"),
        ("M54.5-", "M54.5 M54.50 M54.59", "M54 M54.4 M54.6"),
        ("G44.00", "G44.00 G44.001 G44.009", "G44.01 G44.0 G44"),
        ("M50.0-M50.9", "M50.0 M50.01 M50.122 M50.9 M50.90", "M50 M51.0 M49.8"),
        ("A00-B99", "A00 A00.0 B20 B99 B99.9", "C00 D00.0"),
        ("T80-T88.6", "T80 T85.1 T88.6 T88.6XXA", "T88 T88.7 T79"),
        ("S72.001", "S72.001A S72.001", "S72.002A S72.00"),
        ("T36-T50/5,6=5", "T36.0X5A T45.515D", "T36.0X1A T36 T51.0X5A"),
        ("S06.0X-/7=A", "S06.0X0A", "S06.0X0D S06.0X0 S06.1X0A"),
        ("S42.-/7=B,C", "S42.001B S42.001C", "S42.001A S42"),
    ],
)
def test_reference_covers(reference: str, inside: str, outside: str) -> None:
    """Each form of reference covers what coders read in it, and nothing beside it."""
    one = note(reference)
    assert [c for c in inside.split() if not note_covers(one, c)] == []
    assert [c for c in outside.split() if note_covers(one, c)] == []


def test_a_note_without_codes_covers_nothing() -> None:
    assert not note_covers(note(), "M79.7")
    assert not note_covers(note("M79.7"), "")


def test_excludes1_works_in_both_directions() -> None:
    a, b = code("M79.18", note("M79.7", at="M79.1")), code("M79.7")
    assert excludes_each_other(a, b) == excludes_each_other(b, a) == a.excludes1[0]


def test_excludes2_is_no_excludes1() -> None:
    a, b = code("R51.9", note("G50.0", at="R51", kind="excludes2")), code("G50.0")
    assert excludes_each_other(a, b) is None
    assert not_included_here(b, a) == a.excludes2[0]


@pytest.mark.parametrize(("one", "other"), [("G44.8", "G44.86"), ("G44.86", "G44.86")])
def test_a_code_and_its_own_line_never_part(one: str, other: str) -> None:
    everything = note("A00-Z99")
    assert excludes_each_other(code(one, everything), code(other, everything)) is None


def test_a_note_above_both_codes_does_not_part_them() -> None:
    """D72 excludes basophilia (D72.824), which is one of its own codes: D72.1 is not meant."""
    above = note("D72.824", at="D72")
    a = code("D72.1", above, ancestors=("D72", "D70-D77", "3"))
    b = code("D72.824", above, ancestors=("D72.82", "D72.8", "D72", "D70-D77", "3"))
    assert excludes_each_other(a, b) is None


_codes = st.from_regex(r"[A-Z][0-9]{2}(\.[0-9A-Z]{1,4})?", fullmatch=True)


@given(st.lists(_codes, max_size=4), _codes, _codes)
def test_excluding_is_symmetric_and_never_fails(named: list[str], one: str, other: str) -> None:
    a, b = code(one, note(*named)), code(other)
    assert excludes_each_other(a, b) == excludes_each_other(b, a)


@given(_codes, _codes)
def test_what_a_note_covers_it_covers_to_the_leaves(reference: str, below: str) -> None:
    if note_covers(note(reference), below) and "." in below:
        assert note_covers(note(reference), below + "A")


@given(_codes, _codes, _codes)
def test_a_range_lies_between_its_ends(low: str, high: str, inner: str) -> None:
    first, last = sorted((low[:3], high[:3]))
    assert note_covers(note(f"{first}-{last}"), inner) == (first <= inner[:3] <= last)


def test_values_go_through_json_unchanged() -> None:
    whole = code("M79.18", note("M79.7"), ancestors=("M79.1",))
    assert msgspec.json.decode(msgspec.json.encode(whole), type=DiagnosisCode) == whole
