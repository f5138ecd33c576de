"""A code of ICD-10-CM with its place in the classification and its instructional notes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

NoteKind = Literal["excludes1", "excludes2", "code_first", "code_also", "use_additional"]
"""The kinds of instructional notes that speak of other codes."""


class CodeNote(msgspec.Struct, frozen=True, kw_only=True):
    """One instructional note of ICD-10-CM, with the codes that its text names.

    `codes` are references in one of these forms; `note_covers` reads them:

    - ``M79.7`` or ``G44.-``: that code and every code below it. The dash is kept where the note
      has one.
    - ``M50.0-M50.9``: a range, both ends included, with every code below them.
    - ``T36-T50/5,6=5``: any of the above, and the character at one of the positions (counted
      without the dot, from 1) is one of those listed. It stands for "with fifth or sixth
      character 5".

    A note whose qualifier the text leaves open ("with open fracture 7th character") has no codes:
    it can be shown, but it accuses nobody.

    Source: ICD-10-CM Official Guidelines for Coding and Reporting, section I.A (conventions).

    >>> CodeNote(kind="excludes1", text="fibromyalgia (M79.7)", codes=("M79.7",),
    ...          declared_at="M79.1").codes
    ('M79.7',)
    """

    kind: NoteKind
    text: str
    codes: tuple[str, ...]
    declared_at: str


class DiagnosisCode(msgspec.Struct, frozen=True, kw_only=True):
    """One code of ICD-10-CM, billable or a header, as a release has it.

    Notes include those declared at the ancestors (`CodeNote.declared_at` tells where), nearest
    first, since a note at a category holds for every code below it. `inclusion_terms` are the
    code's own. `ancestors` goes from the nearest to the block (``G50-G59``; a block of one
    category is written ``B20-B20``) and the chapter (``6``). `parent` is None for a code
    directly under nothing, which no packaged release has.

    Source: the ICD-10-CM tabular list; section I.A.9 and I.A.12 of the Official Guidelines.

    >>> DiagnosisCode(code="M79.7", title="Fibromyalgia", billable=True).billable
    True
    """

    code: str
    title: str
    billable: bool
    parent: str | None = None
    ancestors: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    inclusion_terms: tuple[str, ...] = ()
    excludes1: tuple[CodeNote, ...] = ()
    excludes2: tuple[CodeNote, ...] = ()
    code_first: tuple[CodeNote, ...] = ()
    code_also: tuple[CodeNote, ...] = ()
    use_additional: tuple[CodeNote, ...] = ()


def note_covers(note: CodeNote, code: str | DiagnosisCode) -> bool:
    """Tell whether a note names a code, itself or by a header, a prefix or a range above it.

    The dot and the case of `code` do not matter. A header is covered only if the whole of it is:
    a note on M50.1 does not cover M50.

    >>> note = CodeNote(kind="excludes1", text="disc disorder (M50.-)", codes=("M50.-",),
    ...                 declared_at="M54.2")
    >>> note_covers(note, "M50.12"), note_covers(note, "M51.16")
    (True, False)
    """
    plain = _plain(code if isinstance(code, str) else code.code)
    return bool(plain) and any(_reference_covers(reference, plain) for reference in note.codes)


def excludes_each_other(a: DiagnosisCode, b: DiagnosisCode) -> CodeNote | None:
    """Return the Excludes1 note that says `a` and `b` are not coded together, if there is one.

    Both directions are looked at, `a`'s notes first. A code never excludes itself, its ancestors
    or its descendants, and a note declared above both codes does not part them. The note is a
    finding for a coder, not a verdict: section I.A.12.a of the Official Guidelines allows both
    codes where the two conditions are unrelated.

    >>> myalgia = DiagnosisCode(code="M79.18", title="Myalgia, other site", billable=True,
    ...     excludes1=(CodeNote(kind="excludes1", text="fibromyalgia (M79.7)", codes=("M79.7",),
    ...                         declared_at="M79.1"),))
    >>> fibromyalgia = DiagnosisCode(code="M79.7", title="Fibromyalgia", billable=True)
    >>> excludes_each_other(fibromyalgia, myalgia).text
    'fibromyalgia (M79.7)'
    """
    return _between(a, b, a.excludes1, b.excludes1)


def not_included_here(a: DiagnosisCode, b: DiagnosisCode) -> CodeNote | None:
    """Return the Excludes2 note between `a` and `b`: separate conditions, both may be coded.

    Same rules as `excludes_each_other`. Source: Official Guidelines, section I.A.12.b.

    >>> neuralgia = DiagnosisCode(code="G50.0", title="Trigeminal neuralgia", billable=True)
    >>> headache = DiagnosisCode(code="R51.9", title="Headache, unspecified", billable=True,
    ...     excludes2=(CodeNote(kind="excludes2", text="trigeminal neuralgia (G50.0)",
    ...                         codes=("G50.0",), declared_at="R51"),))
    >>> not_included_here(neuralgia, headache).declared_at
    'R51'
    """
    return _between(a, b, a.excludes2, b.excludes2)


def _between(
    a: DiagnosisCode, b: DiagnosisCode, of_a: Iterable[CodeNote], of_b: Iterable[CodeNote]
) -> CodeNote | None:
    one, other = _plain(a.code), _plain(b.code)
    if one.startswith(other) or other.startswith(one):
        return None
    for notes, target in ((of_a, b), (of_b, a)):
        for note in notes:
            # A category that names one of its own codes sorts codes within it.
            if note.declared_at not in target.ancestors and note_covers(note, target):
                return note
    return None


def _plain(code: str) -> str:
    return code.replace(".", "").strip().upper()


def _reference_covers(reference: str, plain: str) -> bool:
    base, _, qualifier = reference.partition("/")
    first, _, last = base.partition("-")
    low, high = _plain(first), _plain(last.rstrip("-"))
    inside = low <= plain and plain[: len(high)] <= high if high else plain.startswith(low)
    # A header that holds both the end of a range and codes past it is not covered as a whole.
    if not inside or (high and len(plain) < len(high) and high.startswith(plain)):
        return False
    if not qualifier:
        return True
    positions, _, characters = qualifier.partition("=")
    wanted = characters.split(",")
    return any(
        plain[position - 1 : position] in wanted for position in map(int, positions.split(","))
    )
