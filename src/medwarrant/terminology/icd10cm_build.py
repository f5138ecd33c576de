"""Convert the ICD-10-CM release inside the package simple-icd-10-cm to one SQLite file.

The package's two data files are read as a stream and the package itself is never imported, which
would cost 1.4 s and 172 MB. The tables are described at `_SCHEMA`.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import re
import sqlite3
import tempfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple
from xml.etree.ElementTree import Element, iterparse

import msgspec

from medwarrant.model.errors import MedwarrantError
from medwarrant.terminology.text import key_of, lookup_key, normalise, term_variants

FORMAT: Final = 1
"""Version of the tables; part of the file name, so that a new one never meets an old file."""

APPLICATION_ID: Final = 0x49434D57  # "ICMW", tells our file from any other SQLite file

CHAPTER, BLOCK, CODE, EXTENSION = range(4)
"""What a node is. An extension is a code made by adding the 7th character to another."""

TITLE, INCLUSION, VARIANT = range(3)
"""Where a phrase comes from, best first."""

_SCHEMA: Final = """
create table meta (key text primary key, value text) without rowid;
-- Nodes in tabular order. The title of an extension is only what the 7th character adds.
create table node (id integer primary key, parent integer, sort integer, billable integer,
                   code text, title text, more blob);
-- Every phrase that is exactly a code, by the hash of its key. A title has no text of its own.
create table phrase (hash integer, node integer, kind integer, text text,
                     primary key (hash, node)) without rowid;
-- Terms to search, the least specific first; the rowid in `words` is `term.id`.
create table term (id integer primary key, node integer, kind integer, detail integer, text text);
create virtual table words using fts5(
    body, content='', tokenize='porter unicode61', columnsize=1);
create temp table phrase_draft (hash integer, node integer, kind integer, text text);
create temp table draft (detail integer, node integer, kind integer, text text, body text);
"""

_NOTE_TAGS: Final = {
    "excludes1": "excludes1",
    "excludes2": "excludes2",
    "codeFirst": "code_first",
    "codeAlso": "code_also",
    "useAdditionalCode": "use_additional",
}
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_COMMON_FROM: Final = 1500  # a word in more terms than this is no help in an "any word" search


class CodeSetMissing(MedwarrantError, RuntimeError):
    """No ICD-10-CM release is installed, so nothing can be looked up.

    >>> issubclass(CodeSetMissing, RuntimeError)
    True
    """


class Release(NamedTuple):
    """One packaged release: its dates, its name and its two files.

    `name` is the day from which it holds, `2026-04-01`. It ends with the federal fiscal year
    (30 September), when the next annual release takes effect. Source: the files' names; ICD-10-CM
    is published for 1 October with an update on 1 April.

    >>> release = find_release()
    >>> release.valid_from < release.valid_until
    True
    """

    name: str
    title: str
    valid_from: date
    valid_until: date
    tabular: Path
    code_list: Path

    @property
    def size(self) -> int:
        """Bytes in both files: a cheap sign that a built file belongs to this release."""
        return self.tabular.stat().st_size + self.code_list.stat().st_size


def find_release() -> Release:
    """Find the release inside the installed package, without importing the package.

    Raises `CodeSetMissing` if simple-icd-10-cm is not installed or holds no data files.

    >>> find_release().title.startswith("ICD-10-CM")
    True
    """
    spec = importlib.util.find_spec("simple_icd_10_cm")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        data = Path(place) / "data"
        for tabular in sorted(data.glob("icd10c*-tabular-*.xml"), reverse=True):
            found = re.search(r"-([A-Z][a-z]+)-(\d{1,2})-(\d{4})\.xml$", tabular.name)
            lists = sorted(data.glob(f"code-list-{found[1]}-{found[3]}.txt")) if found else []
            if found and lists and found[1] in _MONTHS:
                return _release(found[1], int(found[2]), int(found[3]), tabular, lists[0])
    raise CodeSetMissing(
        "The ICD-10-CM code set is missing: install the package simple-icd-10-cm (1.5 or later)."
    )


def _release(month: str, day: int, year: int, tabular: Path, code_list: Path) -> Release:
    start = date(year, _MONTHS.index(month) + 1, day)
    fiscal_year = year + (start.month >= 10)
    update = "" if start.month == 10 else f"{month} {year} update, "
    return Release(
        name=start.isoformat(),
        title=f"ICD-10-CM, {update}fiscal year {fiscal_year}",
        valid_from=start,
        valid_until=date(fiscal_year, 9, 30),
        tabular=tabular,
        code_list=code_list,
    )


def build(target: Path, release: Release) -> None:
    """Write the SQLite file for a release to `target`, whole or not at all.

    The file is made under another name in the same folder and renamed, so that a reader never
    sees half of it and two builders do not disturb each other. Raises `OSError` or
    `sqlite3.Error` if the folder cannot be written.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     build(Path(folder) / "icd10cm.sqlite", find_release())
    ...     os.listdir(folder)
    ['icd10cm.sqlite']
    """
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    os.close(handle)
    draft = Path(name)
    try:
        with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as db:
            db.execute("pragma journal_mode = off")
            db.execute("pragma synchronous = off")
            db.execute(f"pragma application_id = {APPLICATION_ID}")
            db.execute(f"pragma user_version = {FORMAT}")
            db.executescript(_SCHEMA)
            db.execute("begin")
            _fill(db, release)
            db.execute("commit")
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _fill(db: sqlite3.Connection, release: Release) -> None:
    codes = CodeList(release.code_list.read_text("utf-8").split())
    writer = _Writer(db, codes)
    with release.tabular.open("rb") as file:
        writer.read(file)
    writer.finish()
    # Bodies are stored in the order of `detail`, so that the first rows of a match are the least
    # specific ones and a search may stop early.
    db.execute(
        "insert into term (node, kind, detail, text)"
        " select node, kind, detail, text from draft order by detail, kind, node, rowid"
    )
    db.execute(
        "insert into words (rowid, body)"
        " select row_number() over (order by detail, kind, node, rowid), body from draft"
    )
    db.execute("insert into words (words) values ('optimize')")
    db.execute("create unique index node_code on node (code)")
    # Sorted first: in the order of their hashes rows fill their pages.
    db.execute("insert into phrase select * from phrase_draft order by hash, node")
    db.execute("create index node_parent on node (parent)")
    digest = hashlib.sha256()
    for path in (release.tabular, release.code_list):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    meta = {
        "release": release.name,
        "title": release.title,
        "valid_from": release.valid_from.isoformat(),
        "valid_until": release.valid_until.isoformat(),
        "source_size": str(release.size),
        "digest": f"sha256:{digest.hexdigest()}",
        "common": " ".join(sorted(w for w, n in writer.seen.items() if n > _COMMON_FROM)),
        "complete": "yes",
    }
    db.executemany("insert into meta values (?, ?)", meta.items())


class CodeList:
    """The codes of a release in tabular order: what exists, and what lies in a range.

    >>> codes = CodeList(["C75", "C750", "C7A", "C76", "C80"])
    >>> codes.has("C75.0"), codes.range("C75", "C76")
    (True, ['C75', 'C7A', 'C76'])
    """

    def __init__(self, codes: Iterable[str]) -> None:
        """Take plain codes (no dot) in tabular order; blocks and chapters are passed over."""
        kept = [code for code in dict.fromkeys(codes) if "-" not in code and len(code) >= 3]
        self._sorted = sorted(kept)
        self.categories = [code for code in kept if len(code) == 3]
        self._place = {code: at for at, code in enumerate(self.categories)}

    def has(self, code: str) -> bool:
        """Tell whether a code, with or without its dot, exists."""
        plain = code.replace(".", "")
        at = bisect_left(self._sorted, plain)
        return at < len(self._sorted) and self._sorted[at] == plain

    def below(self, start: str) -> list[str]:
        """Return the plain codes that begin with `start`."""
        low = bisect_left(self._sorted, start)
        return self._sorted[low : bisect_left(self._sorted, start + "~")]

    def range(self, first: str, last: str) -> list[str]:
        """Return the categories from one to another, both included, in tabular order."""
        low, high = self._place.get(first[:3]), self._place.get(last[:3])
        return [] if low is None or high is None else self.categories[low : high + 1]


_ONE: Final = r"[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]{1,4})?"
_REFERENCE: Final = re.compile(
    rf"\b({_ONE})(?:(?:\.?-?(?:-|\s+-\s*|\s+to\s+)|\.-(?=[A-Z]))({_ONE})(\.?-)?|(\.?-))?"
)
_PARENTHESIS: Final = re.compile(r"\(([^()]*)\)?")
_DIGIT_NAMES: Final = {"fourth": 4, "fifth": 5, "sixth": 6, "six": 6, "seventh": 7, "final": 6}
_CHARACTER: Final = re.compile(
    r"((?:fourth|fifth|sixth|six|seventh|final|[4-7]th)(?:\s+or\s+(?:fifth|sixth|six|[4-7]th))?)"
    r"[\s-]+characters?\s+((?:[0-9A-Z](?:-[0-9])?(?:\s+or\s+|,\s*)?)+)$"
)
_WITH: Final = re.compile(r",?\s*\bwith\s+(?=.*(?:character|(?<![A-Z0-9])\.\d))")
_WITH_OUTSIDE: Final = re.compile(r"\)\s+(with [\w\s]+ characters? \S+)$")
_ENDING: Final = re.compile(r"(?<![A-Z0-9])\.(\d{1,3})(?:-\.(\d{1,3}))?")


def note_codes(text: str, codes: CodeList) -> tuple[str, ...]:
    """Return the code references in the text of a note, in the forms of `CodeNote.codes`.

    References are looked for in parentheses, and in the rest of the text only if there are none:
    "with tuberculosis, any type in A15 (J65)" is about J65. What looks like a code but is in no
    category of the release ("B12") is none. A qualifier that cannot be read ("with open fracture
    7th character") takes its references with it, so that a note never says too much.

    >>> codes = CodeList(["M501", "M50", "T36", "T50", "S52"])
    >>> note_codes("cervical disc disorder (M50.1-, M50)", codes)
    ('M50.1-', 'M50')
    >>> note_codes("drug (T36-T50 with fifth or sixth character 5)", codes)
    ('T36-T50/5,6=5',)
    >>> note_codes("forearm (S52.- with open fracture 7th character)", codes)
    ()
    """
    found: dict[str, None] = {}
    text = _WITH_OUTSIDE.sub(r" \1)", text)
    inside = [part for part in _PARENTHESIS.findall(text) if _REFERENCE.search(part)]
    spoken_of = any(codes.has(m[1][:3]) for part in inside for m in _REFERENCE.finditer(part))
    if not spoken_of:
        bare = _PARENTHESIS.sub(" ", text)
        inside = [] if "for codes" in bare else [re.sub(r"(?<=-)code\b", " code", bare)]
    for part in inside:
        named, qualifier = part, ""
        if found_with := _WITH.search(part):
            named, qualifier = part[: found_with.start()], part[found_with.end() :].strip()
        for match in _REFERENCE.finditer(named):
            if codes.has(match[1][:3]) and (not match[2] or codes.has(match[2][:3])):
                for reference in _qualified(match, qualifier, codes):
                    found[reference] = None
    return tuple(found)


def _qualified(match: re.Match[str], qualifier: str, codes: CodeList) -> list[str]:
    first, last = match[1], match[2]
    if not qualifier:
        if last:
            return _range(first, last, codes)
        # "G44-" and "G44.-" mean the same; one form is kept.
        return [first if not match[4] else f"{first}.-" if len(first) == 3 else f"{first}-"]
    if ending := re.fullmatch(r"fifth to sixth characters (\d\d)", qualifier):
        return _ending_in(first, last or first, ending[1], codes, at=5)
    if ending := re.fullmatch(r"final characters -(\d+)", qualifier):
        return _ending_in(first, last or first, ending[1], codes, at=None)
    if character := _CHARACTER.search(qualifier):
        places = sorted({_position(word) for word in re.split(r"\s+or\s+", character[1])})
        spans = re.findall(r"([0-9A-Z])(?:-([0-9]))?", character[2].replace("or", ","))
        wanted = [
            chr(number) for low, high in spans for number in range(ord(low), ord(high or low) + 1)
        ]
        base = f"{first}-{last}" if last else f"{first}.-" if len(first) == 3 else f"{first}-"
        return [f"{base}/{','.join(map(str, places))}={','.join(wanted)}"]
    endings: list[str] = []
    for low, high in _ENDING.findall(qualifier):
        numbers = range(int(low), int(high or low) + 1)
        endings += [str(number).zfill(len(low)) for number in numbers]
    return [
        f"{category}.{ending}"
        for category in codes.range(first, last or first)
        for ending in endings
        if codes.below(category + ending)
    ]


def _position(word: str) -> int:
    return int(word[0]) if word[0].isdigit() else _DIGIT_NAMES[word]


def _ending_in(first: str, last: str, ending: str, codes: CodeList, at: int | None) -> list[str]:
    found = []
    for category in codes.range(first, last):
        for plain in codes.below(category):
            part = plain[at - 1 :] if at else plain[3:] if len(plain) < 7 else ""
            if part == ending or (at is None and part.endswith(ending)):
                found.append(f"{plain[:3]}.{plain[3:]}")
    return found


def _range(first: str, last: str, codes: CodeList) -> list[str]:
    """Write a range so that comparing text gives the tabular list's answer.

    C7A stands between C75 and C76, and C4A before C44: where the letters fall elsewhere in the
    alphabet the range is written in pieces.
    """
    inside = codes.range(first, last)
    if len(first) > 3 or len(last) > 3 or not inside:
        return [f"{first}-{last}"]
    by_text = [code for code in codes.categories if first <= code <= last]
    if set(by_text) == set(inside):
        return [f"{first}-{last}"]
    wanted, pieces, run = set(inside), [], list[str]()
    for code in [*sorted(codes.categories), ""]:
        if code in wanted:
            run.append(code)
        elif run:
            pieces.append(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}")
            run = []
    return pieces


def phrase_hash(key: str) -> int:
    """Return the 64-bit number under which the phrase with this lookup key is stored.

    >>> phrase_hash("cervicalgia") == phrase_hash("cervicalgia")
    True
    """
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


class _Open:
    """A node whose element is still being read."""

    __slots__ = ("extensions", "has_children", "id", "inclusions", "name", "notes", "parent",
                 "tag", "terms", "title")  # fmt: skip

    def __init__(self, tag: str, parent: _Open | None) -> None:
        self.tag = tag
        self.parent = parent
        self.id = 0
        self.name = ""
        self.title = ""
        self.inclusions: list[str] = []
        self.terms: list[str] = []
        self.notes: list[tuple[str, str, tuple[str, ...]]] = []
        self.extensions: dict[str, str] = parent.extensions if parent else {}
        self.has_children = False


class _Writer:
    """Turns the stream of the tabular list into rows, parents before children."""

    def __init__(self, db: sqlite3.Connection, codes: CodeList) -> None:
        self.seen: Counter[str] = Counter()
        self._db = db
        self._codes = codes
        self._next = 0
        self._nodes: list[tuple[object, ...]] = []
        self._phrases: list[tuple[object, ...]] = []
        self._drafts: list[tuple[object, ...]] = []
        self._suffix_keys: dict[str, str] = {}

    def read(self, file: BinaryIO) -> None:
        node: _Open | None = None
        path: list[Element] = []
        for event, element in iterparse(file, ("start", "end")):
            tag = element.tag
            if event == "start":
                path.append(element)
                if tag in ("chapter", "section", "diag"):
                    if node and not node.has_children:
                        self._write(node)
                    node = _Open(tag, node)
                    node.name = element.get("id", "")
                continue
            path.pop()
            if tag in ("chapter", "section", "diag") and node:
                if not node.has_children:
                    self._write(node, leaf=True)
                node = node.parent
            if not path or path[-1].tag in ("chapter", "section", "diag", "ICD10CM.tabular"):
                if node and tag not in ("chapter", "section", "diag"):
                    _take(node, element, self._codes)
                element.clear()
                if path:
                    path[-1].remove(element)

    def finish(self) -> None:
        self._flush()

    def _write(self, node: _Open, leaf: bool = False) -> None:
        node.has_children = not leaf
        self._next += 1
        node.id = self._next
        if node.tag != "diag":
            kind = CHAPTER if node.tag == "chapter" else BLOCK
            if kind == BLOCK and "-" not in node.name:
                node.name = f"{node.name}-{node.name}"
            self._add_node(node, kind, billable=False)
            return
        plain = node.name.replace(".", "")
        extended = [
            (plain.ljust(6, "X") + char, meaning)
            for char, meaning in (node.extensions.items() if leaf else ())
            if self._codes.has(plain.ljust(6, "X") + char)
        ]
        self._add_node(node, CODE, billable=leaf and not extended)
        key = self._add_terms(node)
        if extended:
            for code, meaning in extended:
                self._next += 1
                dotted = f"{code[:3]}.{code[3:]}"
                self._nodes.append((self._next, node.id, EXTENSION, 1, dotted, meaning, None))
                if meaning not in self._suffix_keys:
                    self._suffix_keys[meaning] = lookup_key(meaning)
                whole = f"{key} {self._suffix_keys[meaning]}"
                self._phrases.append((phrase_hash(whole), self._next, TITLE, None))
        if len(self._nodes) > 4000:
            self._flush()

    def _add_node(self, node: _Open, kind: int, billable: bool) -> None:
        more = msgspec.json.encode((node.inclusions, node.notes))
        parent = node.parent.id if node.parent else None
        kept = more if node.inclusions or node.notes else None
        self._nodes.append((node.id, parent, kind, int(billable), node.name, node.title, kept))

    def _add_terms(self, node: _Open) -> str:
        """Add what a code is called; return the lookup key of its title."""
        terms = [(TITLE, node.title), *((INCLUSION, text) for text in node.terms)]
        known: set[str] = set()
        title_key = ""
        for kind, text in terms:
            words = normalise(text).split()
            key = key_of(words)
            title_key = title_key or key
            stored = None if kind == TITLE else text
            self._add_phrase(key, node.id, kind, stored, known)
            if kind == INCLUSION and key.endswith(" nos"):  # NOS says "unspecified", no more
                self._add_phrase(key.removesuffix(" nos"), node.id, kind, stored, known)
            distinct = set(words)
            self.seen.update(distinct)
            self._drafts.append((_detail(distinct), node.id, kind, stored, " ".join(words)))
        for _, text in terms:
            for form in term_variants(text):
                self._add_phrase(lookup_key(form), node.id, VARIANT, form, known)
        return title_key

    def _add_phrase(
        self, key: str, node: int, kind: int, text: str | None, known: set[str]
    ) -> None:
        if key not in known:
            known.add(key)
            self._phrases.append((phrase_hash(key), node, kind, text))

    def _flush(self) -> None:
        db = self._db
        db.executemany("insert into node values (?, ?, ?, ?, ?, ?, ?)", self._nodes)
        db.executemany("insert into phrase_draft values (?, ?, ?, ?)", self._phrases)
        db.executemany("insert into draft values (?, ?, ?, ?, ?)", self._drafts)
        self._nodes.clear()
        self._phrases.clear()
        self._drafts.clear()


_PLAIN_WORDS: Final = frozenset(
    {"of", "the", "in", "and", "or", "an", "a", "nos", "unspecified", "site", "part", "side"}
)
_OTHER_WORDS: Final = frozenset({"other", "specified"})


def _detail(words: set[str]) -> int:
    """Count what a term says beyond its subject, so that general terms come first.

    *Unspecified* says nothing; *other* says a little, and comes after it.
    """
    other = len(words & _OTHER_WORDS)
    return 2 * len(words - _PLAIN_WORDS - _OTHER_WORDS) + min(other, 1)


def _take(node: _Open, element: Element, codes: CodeList) -> None:
    """Take one finished element that belongs to a node itself."""
    tag, text = element.tag, " ".join((element.text or "").split())
    if tag == "name":
        node.name = text
    elif tag == "desc":
        node.title = text if node.tag == "diag" else re.sub(r"\s*\([^()]*\)$", "", text)
    elif tag == "sevenChrDef":
        node.extensions = dict(_extensions(element))
    elif tag in ("inclusionTerm", "includes"):
        terms = list(_notes(element))
        node.terms += terms
        if tag == "inclusionTerm":
            node.inclusions += terms
    elif kind := _NOTE_TAGS.get(tag):
        node.notes += [(kind, note, note_codes(note, codes)) for note in _notes(element)]


def _notes(element: Element) -> Iterator[str]:
    for note in element:
        if text := " ".join("".join(note.itertext()).split()):
            yield text


def _extensions(element: Element) -> Iterator[tuple[str, str]]:
    char, meaning = "", ""
    for child in element:
        text = " ".join((child.text or "").split())
        if child.tag == "extension":
            if char:
                yield char, meaning
            char, meaning = child.get("char", ""), text
        elif char and text:  # a note explains the 7th character before it
            meaning = f"{meaning}/{text}"
    if char:
        yield char, meaning
