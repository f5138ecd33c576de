"""ICD-10-CM at hand: known facts of the April 2026 release, and any text at all."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medwarrant.model.diagnosis_code import (
    DiagnosisCode,
    excludes_each_other,
    not_included_here,
    note_covers,
)
from medwarrant.terminology import icd10cm_build as built
from medwarrant.terminology.icd10cm import Icd10cm
from medwarrant.terminology.icd10cm_build import CodeSetMissing


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("icd") / "icd10cm.sqlite"
    Icd10cm.open(path).close()
    return path


@pytest.fixture(scope="module")
def icd10cm(file: Path) -> Iterator[Icd10cm]:
    with Icd10cm.open(file) as opened:
        yield opened


def known(icd10cm: Icd10cm, code: str) -> DiagnosisCode:
    found = icd10cm.lookup(code)
    assert found is not None
    return found


HEADERS = [
    "G43.81",
    "M53.8",
    "G44.0",
    "G44.00",
    "M79.1",
    "R51",
    "M54.8",
    "M54.5",
    "M51.36",
    "M54.1",
    "G43",
]
BILLABLE = [
    "G50.0",
    "G43.819",
    "M54.2",
    "M53.81",
    "M79.7",
    "M54.81",
    "G44.86",
    "G43.919",
    "I10",
    "S72.001A",
    "T07.XXXA",
]


@pytest.mark.parametrize("code", HEADERS)
def test_header(icd10cm: Icd10cm, code: str) -> None:
    found = known(icd10cm, code)
    assert not found.billable
    assert found.children
    below = icd10cm.billable_below(code)
    assert below
    assert all(known(icd10cm, each).billable and code in known(icd10cm, each).ancestors
               for each in below[:20])  # fmt: skip


@pytest.mark.parametrize("code", BILLABLE)
def test_billable(icd10cm: Icd10cm, code: str) -> None:
    found = known(icd10cm, code)
    assert found.billable
    assert found.children == ()
    assert icd10cm.billable_below(code) == ()


@pytest.mark.parametrize(
    "code", ["M46.061", "M54.22", "M5.42", "M54", "", "  ", "M54.2.", "\u017f00", "G43-G44", "6",
             "\U0001f4a5", "G40-G47", "M" * 5000, "M54.2\x00", "M54 .2"],
)  # fmt: skip
def test_what_is_no_code(icd10cm: Icd10cm, code: str) -> None:
    """No slip is repaired, and blocks and chapters are not codes."""
    assert (icd10cm.lookup(code) is None) == (code != "M54")


@pytest.mark.parametrize("written", ["M54.2", "m54.2", "M542", " m542\n"])
def test_ways_to_write_a_code(icd10cm: Icd10cm, written: str) -> None:
    assert known(icd10cm, written).code == "M54.2"


def test_place_in_the_classification(icd10cm: Icd10cm) -> None:
    found = known(icd10cm, "G43.919")
    assert found.title == "Migraine, unspecified, intractable, without status migrainosus"
    assert found.parent == "G43.91"
    assert found.ancestors == ("G43.91", "G43.9", "G43", "G40-G47", "6")
    assert icd10cm.title_of("G40-G47") == "Episodic and paroxysmal disorders"
    assert icd10cm.title_of("S72.001A") == known(icd10cm, "S72.001A").title
    assert icd10cm.title_of("nowhere") is None


def test_seventh_character(icd10cm: Icd10cm) -> None:
    found = known(icd10cm, "s72001a")
    assert found.parent == "S72.001"
    assert found.title == (
        "Fracture of unspecified part of neck of right femur, initial encounter for closed fracture"
    )
    assert not known(icd10cm, "S72.001").billable


def test_notes_are_inherited_and_say_from_where(icd10cm: Icd10cm) -> None:
    found = known(icd10cm, "G43.719")
    assert [(n.text, n.declared_at) for n in found.excludes1] == [
        ("migraine without aura (G43.0-)", "G43.7"),
        ("lower half migraine (G44.00)", "G43"),
    ]
    assert known(icd10cm, "G44.86").code_also
    assert known(icd10cm, "G50.0").inclusion_terms == ("Syndrome of paroxysmal facial pain",
                                                       "Tic douloureux")  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "declared_at"),
    [
        ("M79.18", "M79.7", "M79.1"),
        ("M54.2", "M50.12", "M54.2"),
        ("M54.81", "M54.6", "M54.8"),
        ("M54.89", "M54.50", "M54.8"),
        ("G43.719", "G43.019", "G43.7"),
        ("M54.12", "M50.11", "M54.1"),
        ("M54.16", "M51.16", "M54.1"),
        ("M54.16", "M47.26", "M54.1"),
        ("G43.909", "G44.009", "G43"),
    ],
)
def test_excludes1(icd10cm: Icd10cm, one: str, other: str, declared_at: str) -> None:
    a, b = known(icd10cm, one), known(icd10cm, other)
    notes = [excludes_each_other(a, b), excludes_each_other(b, a)]
    assert all(note is not None for note in notes)
    assert declared_at in {note.declared_at for note in notes if note}


@pytest.mark.parametrize(
    ("one", "other"),
    [("M54.2", "M54.81"), ("G43.919", "R51.9"), ("G50.0", "G43.919"), ("M54.2", "M54.2"),
     ("M79.1", "M79.18"), ("M54.2", "M79.7")],
)  # fmt: skip
def test_no_excludes1(icd10cm: Icd10cm, one: str, other: str) -> None:
    assert excludes_each_other(known(icd10cm, one), known(icd10cm, other)) is None


@pytest.mark.parametrize(("one", "other"), [("R51.9", "G50.0"), ("G43.919", "R51.9")])
def test_excludes2(icd10cm: Icd10cm, one: str, other: str) -> None:
    assert not_included_here(known(icd10cm, one), known(icd10cm, other)) is not None


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("tic douloureux", "G50.0"),
        ("Trigeminal neuralgia", "G50.0"),
        ("transformed migraine", "G43.7"),
        ("cervicalgia", "M54.2"),
        ("fibromyalgia", "M79.7"),
        ("other specified dorsopathies", "M53.8 M53.80"),
        ("other specified dorsopathy", "M53.8 M53.80"),
        ("intractable migraine", "G43.91 G43.919"),
        ("migraine", "G43 G43.909 G43.9 G43.90"),
        ("low back pain", "M54.5 M54.50"),
        ("lumbar radiculopathy", "M54.16"),
        ("cervical spondylosis without myelopathy or radiculopathy", "M47.812"),
        ("spondylosis w/o myelopathy or radiculopathy", "M47.81 M47.819"),
        ("right knee pain", "M25.561"),
        ("occipital neuralgia", "M54.81"),
        ("cervicogenic headache", "G44.86"),
        ("myofascial pain syndrome", "M79.1"),
        ("headache", "R51 R51.9"),
        ("pain", "R52"),
        ("type II diabetes", "E11 E11.9"),
        ("nothing of the kind", ""),
        ("", ""),
    ],
)
def test_exact(icd10cm: Icd10cm, words: str, codes: str) -> None:
    """Best first, and never more specific than the words."""
    assert [match.code for match in icd10cm.exact(words)] == codes.split()


def test_exact_says_what_it_found(icd10cm: Icd10cm) -> None:
    first, second = icd10cm.exact("other specified dorsopathies")
    assert (first.kind, first.billable, first.term) == (
        "title", False, "Other specified dorsopathies")  # fmt: skip
    assert (second.kind, second.billable) == ("variant", True)
    (inclusion,) = icd10cm.exact("Tic douloureux")
    assert (inclusion.term, inclusion.title) == ("Tic douloureux", "Trigeminal neuralgia")


def test_every_title_leads_to_its_code(icd10cm: Icd10cm) -> None:
    for code in (*HEADERS, *BILLABLE, *icd10cm.billable_below("G43"),
                 *icd10cm.billable_below("S72.0")[:200]):  # fmt: skip
        title = known(icd10cm, code).title
        assert code in {match.code for match in icd10cm.exact(title)}


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("cervicalgia", "M54.2"),
        ("intractable migraine", "G43.91"),
        ("chronic migraine", "G43.7"),
        ("lumbar spondylosis without myelopathy", "M47.816"),
        ("spinal stenosis cervical", "M48.02"),
        ("type 2 diabetes", "E11"),
        ("rotator cuff tear", "M75.1"),
        ("plantar fasciitis", "M72.2"),
        ("fracture", "T14.8"),
        ("right femur fracture, initial encounter", "S72.91"),
        ("douloureux", "G50.0"),
        ("fibromyalg", "M79.7"),
    ],
)
def test_search_finds_first(icd10cm: Icd10cm, words: str, first: str) -> None:
    assert icd10cm.search(words)[0].code == first


def test_search_puts_unspecified_before_detail(icd10cm: Icd10cm) -> None:
    found = [match.code for match in icd10cm.search("shoulder pain", limit=30)]
    assert found.index("M25.51") < found.index("M25.519") < found.index("M25.511")


def test_search_marks_matches_on_some_words_only(icd10cm: Icd10cm) -> None:
    found = icd10cm.search("xyzzy migraine aura")
    assert found
    assert not any(match.every_word for match in found)


@pytest.mark.parametrize(
    "words",
    ['"', "'; drop table node; --", "AND OR NOT", "a* NEAR(b)", "^:{}()-", "\x00", "😀", "\ud800",
     "word " * 250_000, "a" * 1_000_000, "body : pain", "ΩΩΩ 頭痛", "- - -"],
)  # fmt: skip
def test_any_text_is_answered(icd10cm: Icd10cm, words: str) -> None:
    icd10cm.search(words)
    icd10cm.exact(words)
    icd10cm.lookup(words)
    icd10cm.nearest(words)
    icd10cm.billable_below(words)
    icd10cm.title_of(words)


@settings(max_examples=200, deadline=None)
@given(words=st.text(max_size=80), limit=st.integers(-1, 30))
def test_any_text_gives_few_and_distinct_codes(icd10cm: Icd10cm, words: str, limit: int) -> None:
    codes = [match.code for match in icd10cm.search(words, limit)]
    assert len(codes) == len(set(codes)) <= max(limit, 0)
    near = [code.code for code in icd10cm.nearest(words, max(limit, 0))]
    assert len(near) == len(set(near)) <= max(limit, 0)
    icd10cm.exact(words)


@pytest.mark.parametrize(
    ("code", "first"),
    [("M46.061", "M46.06"), ("M79.O", "M79.0"), ("G50.O", "G50.0"), ("I10.0", "I10"),
     ("M5.42", "M54.2"), ("G43.91X", "G43.911"), ("M54.21", "M54.2"), ("Q99.999", "Q99.9")],
)  # fmt: skip
def test_nearest(icd10cm: Icd10cm, code: str, first: str) -> None:
    near = icd10cm.nearest(code)
    assert near[0].code == first
    assert len(near) <= 5


def test_nearest_finds_a_dropped_character_and_the_family(icd10cm: Icd10cm) -> None:
    assert "G43.919" in {near.code for near in icd10cm.nearest("G4391", limit=8)}
    family = {near.code for near in icd10cm.nearest("M46.061", limit=12)}
    assert {"M46.06", "M48.061"} <= family
    assert icd10cm.nearest("") == icd10cm.nearest("💥") == ()


def test_dates(icd10cm: Icd10cm) -> None:
    assert icd10cm.release == "2026-04-01"
    assert (icd10cm.valid_from, icd10cm.valid_until) == (date(2026, 4, 1), date(2026, 9, 30))
    assert icd10cm.title == "ICD-10-CM, April 2026 update, fiscal year 2026"
    assert icd10cm.digest.startswith("sha256:")
    assert not icd10cm.judged_on_older_release(date(2026, 9, 30))
    assert icd10cm.judged_on_older_release(date(2026, 10, 1))
    assert icd10cm.covers(date(2026, 4, 1))
    assert not icd10cm.covers(date(2026, 3, 31))
    assert icd10cm.before_icd10(date(2015, 9, 30))
    assert not icd10cm.before_icd10(date(2015, 10, 1))


def test_notes_never_name_their_own_header_without_reason(icd10cm: Icd10cm) -> None:
    """A code that its own note covers is a misread note; the release has one known (D72)."""
    odd = []
    for category in ("G43", "G44", "G50", "M47", "M50", "M51", "M54", "M79", "R51", "G89"):
        for code in (category, *icd10cm.billable_below(category)):
            found = known(icd10cm, code)
            odd += [(code, n.text) for n in found.excludes1 if note_covers(n, found)
                    and n.declared_at == code]  # fmt: skip
    assert odd == []


# The file. Building is tested elsewhere; here a copy of a built file stands for it.


@pytest.fixture
def quick_build(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = file.read_bytes()
    monkeypatch.setattr(built, "build", lambda target, _: target.write_bytes(whole))


@pytest.mark.usefixtures("quick_build")
def test_first_use_prepares_and_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDWARRANT_CACHE", str(tmp_path / "cache"))
    told: list[str] = []
    for _ in range(2):
        with Icd10cm.open(on_build=told.append) as opened:
            assert opened.path == tmp_path / "cache" / "icd10cm-2026-04-01-1.sqlite"
    assert len(told) == 1
    assert "ICD-10-CM" in told[0]
    assert (tmp_path / "cache").stat().st_mode & 0o777 == 0o700


def damage_start(path: Path) -> None:
    path.write_bytes(b"not a database" * 1000)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5_000_000])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def other_release(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("update meta set value = '1' where key = 'source_size'")
    db.close()


@pytest.mark.usefixtures("quick_build")
@pytest.mark.parametrize("harm", [damage_start, truncate, empty, other_release])
def test_a_broken_file_is_made_anew(
    file: Path, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    path = tmp_path / "icd10cm.sqlite"
    path.write_bytes(file.read_bytes())
    harm(path)
    told: list[str] = []
    with Icd10cm.open(path, on_build=told.append) as opened:
        assert opened.lookup("M54.2") is not None
    assert len(told) == 1


@pytest.mark.usefixtures("quick_build")
def test_a_file_that_breaks_in_use_is_made_anew(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "icd10cm.sqlite"
    whole = file.read_bytes()
    path.write_bytes(whole)
    with Icd10cm.open(path) as opened:
        opened.close()
        path.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
        assert opened.lookup("M54.2") is not None


def test_without_the_package_a_prepared_file_still_serves(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise CodeSetMissing("install it")

    monkeypatch.setattr(built, "find_release", missing)
    monkeypatch.setenv("MEDWARRANT_CACHE", str(tmp_path))
    with pytest.raises(CodeSetMissing):
        Icd10cm.open()
    with pytest.raises(CodeSetMissing):
        Icd10cm.open(tmp_path / "none.sqlite")
    with Icd10cm.open(file) as opened:
        assert opened.lookup("M54.2") is not None
    (tmp_path / "icd10cm-2026-04-01-1.sqlite").write_bytes(file.read_bytes())
    with Icd10cm.open() as opened:
        assert opened.release == "2026-04-01"


def test_threads_share_one_object(icd10cm: Icd10cm) -> None:
    wrong: list[object] = []

    def work() -> None:
        for _ in range(200):
            found = icd10cm.lookup("G43.919")
            if found is None or found.parent != "G43.91" or not icd10cm.search("neck pain"):
                wrong.append(found)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_closing_is_not_the_end(file: Path) -> None:
    opened = Icd10cm.open(file)
    opened.close()
    assert opened.lookup("M54.2") is not None
    opened.close()


@pytest.mark.parametrize(
    ("what", "most"), [("lookup", 0.002), ("exact", 0.001), ("search", 0.05), ("open", 0.1)]
)
def test_speed(icd10cm: Icd10cm, file: Path, what: str, most: float) -> None:
    """Twenty times the figures measured: this catches a lost index, not a busy computer."""
    acts: dict[str, Callable[[], object]] = {
        "lookup": lambda: icd10cm.lookup("T36.0X5A"),
        "exact": lambda: icd10cm.exact("intractable migraine"),
        "search": lambda: icd10cm.search("chronic low back pain with radiculopathy"),
        "open": lambda: Icd10cm.open(file).close(),
    }
    best = 1.0
    for _ in range(20):
        start = perf_counter()
        acts[what]()
        best = min(best, perf_counter() - start)
    assert best < most
