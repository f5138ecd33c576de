"""The built file: same codes as the package, whole or absent, and honest note references."""

from __future__ import annotations

import importlib
import importlib.util
import sqlite3
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import msgspec
import pytest

from medwarrant.model.errors import MedwarrantError
from medwarrant.terminology import icd10cm_build
from medwarrant.terminology.icd10cm import Icd10cm
from medwarrant.terminology.icd10cm_build import (
    CodeList,
    CodeSetMissing,
    build,
    find_release,
    note_codes,
)

#: Builds the code set again and again; not part of `make test` (`make test-slow`).
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("icd") / "icd10cm.sqlite"
    build(path, find_release())
    return path


@pytest.fixture
def db(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file)) as connection:
        yield connection


@pytest.fixture(scope="module")
def codes() -> CodeList:
    return CodeList(find_release().code_list.read_text("utf-8").split())


def test_release_is_the_packaged_one() -> None:
    release = find_release()
    assert (release.name, release.valid_from, release.valid_until) == (
        "2026-04-01",
        date(2026, 4, 1),
        date(2026, 9, 30),
    )
    assert release.title == "ICD-10-CM, April 2026 update, fiscal year 2026"


@pytest.mark.parametrize(
    ("name", "start", "end", "title"),
    [
        ("October-1-2026", "2026-10-01", "2027-09-30", "ICD-10-CM, fiscal year 2027"),
        (
            "April-1-2027",
            "2027-04-01",
            "2027-09-30",
            "ICD-10-CM, April 2027 update, fiscal year 2027",
        ),
    ],
)
def test_later_releases_name_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, start: str, end: str, title: str
) -> None:
    """A newer package needs no new code: dates and name are read from its files' names."""
    data = tmp_path / "simple_icd_10_cm" / "data"
    data.mkdir(parents=True)
    (data.parent / "__init__.py").write_text("raise RuntimeError('must not be imported')")
    (data / f"icd10c-tabular-{name}.xml").write_text("<x/>")
    month, _, year = name.split("-")
    (data / f"code-list-{month}-{year}.txt").write_text("")
    monkeypatch.delitem(sys.modules, "simple_icd_10_cm", raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    release = find_release()
    found = (release.name, release.valid_until.isoformat(), release.title)
    assert found == (start, end, title)


def test_missing_package_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(CodeSetMissing, match="install the package simple-icd-10-cm") as raised:
        find_release()
    assert isinstance(raised.value, MedwarrantError)


def test_the_package_is_never_imported(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from medwarrant.terminology.icd10cm_build import build, find_release\n"
        "build(Path(sys.argv[1]), find_release())\n"
        "assert 'simple_icd_10_cm' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "x.sqlite")], check=True)


def test_same_nodes_as_the_package(db: sqlite3.Connection) -> None:
    """Every code has the title, parent, billability and notes of the package's own reading."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it reads its data the old way
        package = importlib.import_module("simple_icd_10_cm")  # 172 MB, needed here only

    rows = db.execute(
        "select n.code, case n.sort when 3 then p.title || ', ' || n.title else n.title end,"
        " p.code, n.billable, n.more from node n left join node p on p.id = n.parent"
        " where n.sort >= 2"
    ).fetchall()
    listed = [c for c in package.get_all_codes() if package.is_category_or_subcategory(c)]
    assert sorted(row[0] for row in rows) == sorted(set(listed))
    wrong = []
    for code, title, parent, billable, more in rows:
        # A block of one category has the category's name in the package.
        theirs = package.get_parent(code)
        theirs = f"{theirs}-{theirs}" if len(code) == 3 and "-" not in theirs else theirs
        said = tidy(package.get_description(code))
        if (tidy(title), parent, bool(billable)) != (said, theirs, package.is_leaf(code)):
            wrong.append((code, title, parent, billable))
        terms, notes = msgspec.json.decode(more) if more else ([], [])
        for kind, texts in (
            ("excludes1", package.get_excludes1(code)),
            ("excludes2", package.get_excludes2(code)),
            ("code_also", package.get_code_also(code).splitlines()),
            ("code_first", package.get_code_first(code).splitlines()),
            ("use_additional", package.get_use_additional_code(code).splitlines()),
        ):
            if [tidy(n[1]) for n in notes if n[0] == kind] != [tidy(text) for text in texts]:
                wrong.append((code, kind, texts, notes))
        if [tidy(text) for text in terms] != [
            tidy(text) for text in package.get_inclusion_term(code)
        ]:
            wrong.append((code, "inclusion", terms, ""))
    assert wrong == []


def tidy(text: str) -> str:
    return " ".join(text.split()).replace("/ ", "/")


def test_every_code_begins_like_its_header(db: sqlite3.Connection) -> None:
    """Ranges and prefixes in notes rest on this."""
    odd = db.execute(
        "select n.code from node n join node p on p.id = n.parent where p.sort = 2"
        " and substr(n.code, 1, length(p.code)) <> p.code"
    ).fetchall()
    assert odd == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("fibromyalgia (M79.7)", "M79.7"),
        ("headache syndromes (G44.-)", "G44.-"),
        ("low back pain (M54.5-)", "M54.5-"),
        ("headache syndromes (G44-)", "G44.-"),
        ("any associated seizure (G40.-, R56.9)", "G40.- R56.9"),
        ("influenza (J00-J06; J20-J22)", "J00-J06 J20-J22"),
        ("use M50.0 - M50.9 (M50.0 - M50.9)", "M50.0-M50.9"),
        ("rheumatoid arthritis (M05.00 to M05.8A)", "M05.00-M05.8A"),
        ("open fracture (S32.1--S32.9 with 7th character B)", "S32.1-S32.9/7=B"),
        ("drug (T36-T50 with fifth or sixth character 5)", "T36-T50/5,6=5"),
        ("drug (T36-T65 with fifth or sixth character 1-4 or 6)", "T36-T65/5,6=1,2,3,4,6"),
        ("drug (T36-T50) with fifth or sixth character 6", "T36-T50/5,6=6"),
        ("open fracture (S42.- with 7th character B or C)", "S42.-/7=B,C"),
        ("hypercapnia (J96. with 5th character 2)", "J96.-/5=2"),
        ("psychosis (F10, F13, F19 with .26, .96)", "F10.26 F10.96 F13.26 F13.96 F19.26 F19.96"),
        ("gangrene (E08-E13 with .52)", "E08.52 E09.52 E10.52 E11.52 E13.52"),
        ("torticollis NOS M43.6", "M43.6"),
        ("tuberculosis, any type in A15 (J65)", "J65"),
        ("vitamin B12 deficiency anemia (D51.-)", "D51.-"),
        ("vitamin B12 deficiency", ""),
        ("human immunodeficiency virus [HIV]", ""),
        ("forearm (S52.- with open fracture 7th character)", ""),
        ("T51-T65 (T51-T65 with fifth or sixth character to indicate intent)", ""),
        ("code, if applicable, for codes G31.0-G31.83, to identify:", ""),
        ("classified in subcategories S06.1- to S06.6-, code to it", "S06.1-S06.6"),
        ("neoplasms (C76-C80)", "C76-C79 C80"),
        ("neoplasms (C43-C44)", "C43-C44 C4A"),
    ],
)
def test_note_codes(codes: CodeList, text: str, found: str) -> None:
    assert sorted(note_codes(text, codes)) == sorted(found.split())


def test_two_builders_and_a_reader_do_not_disturb_each_other(tmp_path: Path) -> None:
    path = tmp_path / "icd10cm.sqlite"
    threads = [threading.Thread(target=build, args=(path, find_release())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    with Icd10cm.open(path) as icd10cm:
        assert icd10cm.lookup("M54.2") is not None


def test_a_failed_build_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(icd10cm_build, "_fill", fail)
    with pytest.raises(OSError, match="no space"):
        build(tmp_path / "icd10cm.sqlite", find_release())
    assert list(tmp_path.iterdir()) == []
