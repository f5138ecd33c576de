"""ICD-10-CM at hand: codes, their notes, and the way from words to codes.

The tables are made once from the packaged release (`icd10cm_build`) and read from a file in the
user's cache folder. Nothing here needs a network.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import Any, Final, Literal, Self

import msgspec

from medwarrant.model.diagnosis_code import CodeNote, DiagnosisCode, NoteKind
from medwarrant.terminology import icd10cm_build as built
from medwarrant.terminology.cache import cache_folder
from medwarrant.terminology.text import content_words, key_of, lookup_key

BEFORE_ICD10: Final = date(2015, 10, 1)
"""The first day on which ICD-10-CM is used in the United States (45 CFR 162.1002(c))."""

_CODE: Final = re.compile(r"([A-Z][0-9A-Z]{2})(?:\.?([0-9A-Z]{1,4}))?")
_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALIKE: Final = frozenset({"0O", "O0", "1I", "I1", "1L", "L1", "5S", "S5", "2Z", "Z2", "8B", "B8"})
_LONGEST_PHRASE: Final = 1_000
_LONGEST_SEARCH: Final = 2_000
_FEW_WORDS: Final = 7  # up to here a search may also leave out one word, each in turn
_ENOUGH: Final = 60  # rows looked at to fill a page of results, where many are of one code

_BROKEN: Final = frozenset(
    {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
)
_ENCOUNTER: Final = re.compile(r"\b(?:initial|subsequent)\s+encounters?\b(?!\s+for\s+pre)", re.I)

_MORE: Final = msgspec.json.Decoder(
    tuple[tuple[str, ...], tuple[tuple[NoteKind, str, tuple[str, ...]], ...]]
)
_KINDS: Final[tuple[TermKind, ...]] = ("title", "inclusion", "variant")

TermKind = Literal["title", "inclusion", "variant"]
"""Where a term comes from: the title, a note under the code, or our own turn of one of these."""


class TermMatch(msgspec.Struct, frozen=True, kw_only=True):
    """One code that words lead to, and the term that led there.

    `term` is written as the release has it (for a variant: as it was derived). `every_word` says
    that the term holds every word looked for that carries meaning; a match without it is a
    suggestion at most.

    >>> TermMatch(code="M54.2", title="Cervicalgia", term="Cervicalgia", kind="title",
    ...           billable=True).every_word
    True
    """

    code: str
    title: str
    term: str
    kind: TermKind
    billable: bool
    every_word: bool = True


class Icd10cm:
    """One release of ICD-10-CM, opened for reading; safe to share between threads.

    `release` is the day from which it holds (`2026-04-01`), `title` its name, `valid_from` and
    `valid_until` its dates, `digest` the digest of the files it was made from, `path` the file.

    >>> with Icd10cm.open() as icd10cm:
    ...     icd10cm.lookup("m542").title
    'Cervicalgia'
    """

    def __init__(self, path: Path, repair: Callable[[], Path] | None = None) -> None:
        """Open a built file; `open` is the usual way in. Raises `sqlite3.DatabaseError`."""
        self.path = path
        self._repair = repair
        self._pool: list[sqlite3.Connection] = []
        self._owner = os.getpid()
        self._repairing = threading.Lock()
        meta = dict(self._rows("select key, value from meta"))
        self.release: str = meta["release"]
        self.title: str = meta["title"]
        self.valid_from = date.fromisoformat(meta["valid_from"])
        self.valid_until = date.fromisoformat(meta["valid_until"])
        self.digest: str = meta["digest"]
        self._common = frozenset(meta["common"].split())

    @classmethod
    def open(cls, path: Path | None = None, on_build: Callable[[str], None] | None = None) -> Self:
        """Open the packaged release, preparing its file on first use (about three seconds).

        The file is `path`, or one in the cache folder (`terminology.cache`). A file that is broken
        or belongs to another release is made anew, and so is one that breaks while it is in use.
        `on_build` is told when a preparation starts.

        Raises `CodeSetMissing` if there is neither a file nor the package simple-icd-10-cm, and
        `OSError` if the file cannot be written.

        >>> Icd10cm.open().valid_until > Icd10cm.open().valid_from
        True
        """
        try:
            release = built.find_release()
        except built.CodeSetMissing:
            ready = path if path and _is_whole(path, None) else None if path else _newest_file()
            if ready is None:
                raise
            return cls(ready)

        def prepare(again: bool = True) -> Path:
            return _prepare(release, path, on_build, again)

        return cls(prepare(again=False), repair=prepare)

    def close(self) -> None:
        """Close the file. Using the object again opens it again.

        >>> Icd10cm.open().close()
        """
        while self._pool:
            self._pool.pop().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        pool = getattr(self, "_pool", None)  # modules may be gone when the interpreter stops
        while pool:
            pool.pop().close()

    # Dates

    def covers(self, as_of: date) -> bool:
        """Tell whether this is the release in force on a date.

        >>> icd10cm = Icd10cm.open()
        >>> icd10cm.covers(icd10cm.valid_from)
        True
        """
        return self.valid_from <= as_of <= self.valid_until

    def judged_on_older_release(self, as_of: date) -> bool:
        """Tell whether a newer release has replaced this one by a date, so that answers say so.

        >>> icd10cm = Icd10cm.open()
        >>> icd10cm.judged_on_older_release(icd10cm.valid_until)
        False
        """
        return as_of > self.valid_until

    def before_icd10(self, as_of: date) -> bool:
        """Tell whether a date lies before ICD-10-CM was used at all (1 October 2015).

        Source: 45 CFR 162.1002(c).

        >>> Icd10cm.open().before_icd10(date(2015, 9, 30))
        True
        """
        return as_of < BEFORE_ICD10

    # Codes

    def lookup(self, code: str) -> DiagnosisCode | None:
        """Return a code with its place and its notes, or None if the release has no such code.

        The dot may be left out, case and surrounding space do not matter; a dot in another place
        does, because that is an error to point out and not to mend.

        >>> Icd10cm.open().lookup(" g43919 ").title
        'Migraine, unspecified, intractable, without status migrainosus'
        >>> Icd10cm.open().lookup("M46.061") is None
        True
        """
        plain = _dotted(code)
        rows = self._rows(_LINE, (plain,)) if plain else []
        if not rows:
            return None
        found, sort, billable, title, more, at = rows[0]
        if sort == built.EXTENSION:
            title = f"{rows[1][3]}, {title}"
        terms: tuple[str, ...] = ()
        notes: dict[str, list[CodeNote]] = {}
        for place, _, _, _, more, _ in rows:
            if more is not None:
                own, declared = _MORE.decode(more)
                terms = own if place == found else terms
                for kind, text, codes in declared:
                    note = CodeNote(kind=kind, text=text, codes=codes, declared_at=place)
                    notes.setdefault(kind, []).append(note)
        ancestors = tuple(row[0] for row in rows[1:])
        children: tuple[str, ...] = ()
        if not billable:
            children = tuple(row[0] for row in self._rows(_CHILDREN, (at,)))
        return DiagnosisCode(
            code=found,
            title=title,
            billable=bool(billable),
            parent=ancestors[0] if ancestors else None,
            ancestors=ancestors,
            children=children,
            inclusion_terms=terms,
            **{kind: tuple(listed) for kind, listed in notes.items()},
        )

    def title_of(self, place: str) -> str | None:
        """Return the title of a code, block or chapter: what a note's `declared_at` is called.

        >>> Icd10cm.open().title_of("6")
        'Diseases of the nervous system'
        """
        rows = self._rows(_TITLE, (_dotted(place) or place.strip(),)) if place.isascii() else []
        return str(rows[0][0]) if rows else None

    def billable_below(self, code: str) -> tuple[str, ...]:
        """Return the billable codes below a header, in tabular order; none for a billable code.

        >>> Icd10cm.open().billable_below("G43.81")
        ('G43.811', 'G43.819')
        """
        plain = _dotted(code)
        return tuple(row[0] for row in self._rows(_BELOW, (plain,))) if plain else ()

    def all_codes(self) -> frozenset[str]:
        """Return every code of the release, billable or header, without dots.

        >>> "G43919" in Icd10cm.open().all_codes()
        True
        """
        return frozenset(row[0].replace(".", "") for row in self._rows(_ALL))

    def nearest(self, code: str, limit: int = 5) -> tuple[DiagnosisCode, ...]:
        """Return codes that a code which does not exist may have been meant to be.

        First those one slip away (a character too many, missing, wrong, or two swapped; letters
        that look like digits before others), then the family: the longest part that is a code,
        its children and its siblings. They are suggestions to show, never a repair.

        >>> [near.code for near in Icd10cm.open().nearest("M46.061")][0]
        'M46.06'
        """
        plain = "".join(c for c in code.upper() if c in _LETTERS)[:8]
        if len(plain) < 2 or limit < 1:
            return ()
        slips = _one_slip_away(plain)
        found = {c: self._distance(plain, c, 1) for c in self._existing(slips)}
        stem = next(
            (plain[:n] for n in range(min(len(plain), 7), 2, -1) if self._exists(plain[:n])), ""
        )
        if stem:
            for relative in self._family(stem):
                found.setdefault(relative, self._distance(plain, relative, 2))
        if self.lookup(code) is not None:
            found.pop(plain, None)
        best = sorted(found, key=lambda c: (found[c], c))[:limit]
        looked_up = (self.lookup(c) for c in best)
        return tuple(near for near in looked_up if near is not None)

    def _distance(self, plain: str, other: str, slips: int) -> tuple[int, int, int, int]:
        pairs = zip(plain, other, strict=False)
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        alike = len(plain) == len(other) and all(
            a == b or a + b in _ALIKE for a, b in zip(plain, other, strict=True)
        )
        return (0 if alike else slips, -shared, abs(len(plain) - len(other)), len(other))

    def _exists(self, plain: str) -> bool:
        return bool(self._existing((plain,)))

    def _existing(self, codes: Iterable[str]) -> list[str]:
        names = msgspec.json.encode([name for c in codes if (name := _dotted(c))]).decode()
        return [row[0].replace(".", "") for row in self._rows(_EXISTING, (names,))]

    def _family(self, stem: str) -> list[str]:
        rows = self._rows(_FAMILY, {"code": _dotted(stem)})
        return [stem, *(row[0].replace(".", "") for row in rows)]

    # Words

    def exact(self, words: str) -> tuple[TermMatch, ...]:
        """Return every code that is called just this: title, inclusion term or a variant of one.

        Titles come before inclusion terms and these before variants; of equals, headers and
        unspecified codes come before more specific ones. No code is more specific than the words.

        >>> [(m.code, m.kind) for m in Icd10cm.open().exact("tic douloureux")]
        [('G50.0', 'inclusion')]
        """
        if len(words) > _LONGEST_PHRASE:
            return ()
        key = lookup_key(words)
        if not key:
            return ()
        rows = self._rows(_EXACT, (built.phrase_hash(key),))
        rows.sort(key=_most_general_first)
        return tuple(_match(row) for row in rows)

    def names_something(self, phrases: Iterable[str]) -> frozenset[str]:
        """Return those of many phrases in normal form for which `exact` has an answer.

        Asking for all at once takes a tenth of the time of asking for each.

        >>> Icd10cm.open().names_something({"tic douloureux", "patient states"})
        frozenset({'tic douloureux'})
        """
        by_hash: dict[int, list[str]] = {}
        for words in phrases:
            if key := key_of(words.split()):
                by_hash.setdefault(built.phrase_hash(key), []).append(words)
        hashes = list(by_hash)
        found: list[str] = []
        for at in range(0, len(hashes), _AT_ONCE):
            part = hashes[at : at + _AT_ONCE]
            marks = ",".join("?" * len(part))
            for (known,) in self._rows(
                f"select distinct hash from phrase where hash in ({marks})", part
            ):
                found += by_hash[known]
        return frozenset(found)

    def search(self, words: str, limit: int = 10) -> tuple[TermMatch, ...]:
        """Return the codes whose title or inclusion terms hold the words, the best first.

        Codes with every word come first, the least specific of them first, because detail that
        nobody gave is not to be guessed. If there are too few, codes follow whose last word only
        begins like the last one asked for, then codes with all words but one, then with any of
        them, by relevance (BM25). One code is listed once. Any text is accepted; only its
        first 2,000 characters and 24 words are looked at.

        >>> Icd10cm.open().search("pain of the neck and thoracic spine", limit=1)[0].every_word
        False
        """
        text = words[:_LONGEST_SEARCH]
        # The 7th character is no part of any term; its words would only mislead.
        wanted = [w for w in content_words(_ENCOUNTER.sub(" ", text) or text) if w.isascii()]
        if not wanted or limit < 1:
            return ()
        enough = max(_ENOUGH, 4 * limit)
        found: dict[str, TermMatch] = {}
        quoted = [f'"{word}"' for word in wanted]
        attempts = [(_EVERY_WORD, " AND ".join(quoted), True)]
        if len(wanted[-1]) > 2:
            attempts.append((_EVERY_WORD, " AND ".join(quoted) + "*", True))
        if 3 <= len(wanted) <= _FEW_WORDS:
            but_one = (quoted[:at] + quoted[at + 1 :] for at in range(len(quoted)))
            either = " OR ".join(f"({' AND '.join(kept)})" for kept in but_one)
            attempts.append((_ANY_WORD, either, False))
        if len(wanted) > 1:
            telling = [f'"{w}"' for w in wanted if w not in self._common] or quoted
            attempts.append((_ANY_WORD, " OR ".join(telling), False))
        for statement, query, every_word in attempts:
            for row in self._rows(statement, (query, enough)):
                found.setdefault(row[0], _match(row, every_word))
            if len(found) >= limit:
                break
        return tuple(found.values())[:limit]

    # Reading

    def _rows(self, statement: str, values: Any = ()) -> list[Any]:
        try:
            with self._connection() as db:
                return db.execute(statement, values).fetchall()
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF not in _BROKEN:
                raise
            # The file broke after it was opened: make it anew, once, and ask again.
            with self._repairing:
                repair, self._repair = self._repair, None
                if repair:
                    self.close()
                    self.path = repair()
            with self._connection() as db:
                return db.execute(statement, values).fetchall()

    @contextlib.contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection to one thread at a time; a forked process opens its own."""
        if self._owner != os.getpid():
            self._pool, self._owner = [], os.getpid()
        try:
            db = self._pool.pop()
        except IndexError:
            db = _connect(self.path)
        try:
            yield db
        except BaseException:
            db.close()
            raise
        self._pool.append(db)


_TITLED: Final = (
    "n.code, case n.sort when 3 then (select title from node where id = n.parent) || ', ' "
    "|| n.title else n.title end as title, n.billable"
)
_LINE: Final = """
with recursive line (id, parent, code, sort, billable, title, more) as (
  select id, parent, code, sort, billable, title, more from node where code = ? and sort >= 2
  union all
  select n.id, n.parent, n.code, n.sort, n.billable, n.title, n.more
  from line join node n on n.id = line.parent)
select code, sort, billable, title, more, id from line
"""
_CHILDREN: Final = "select code from node where parent = ? order by id"
_TITLE: Final = f"select title from (select {_TITLED} from node n where code = ?)"
# A code begins with its header's characters, so what is below a header lies together.
_ALL: Final = "select code from node where sort >= 2"
_BELOW: Final = """
with header as (select code from node where code = ? and sort >= 2 and not billable)
select n.code from header h join node n
  on n.code > h.code and n.code < h.code || '~' and n.billable and n.sort >= 2 order by n.id
"""
_EXISTING: Final = (
    "select code from node where code in (select value from json_each(?)) and sort >= 2"
)
_FAMILY: Final = """
select code from node where sort >= 2 and parent in (
  select id from node where code = :code
  union all select parent from node where code = :code and length(code) > 3)
order by id limit 200
"""
#: How many values one statement may bind in the oldest SQLite in use.
_AT_ONCE: Final = 900
_EXACT: Final = f"""
select {_TITLED}, p.kind, p.text, n.id from phrase p join node n on n.id = p.node where p.hash = ?
"""
_FOUND: Final = f"select {_TITLED}, t.kind, t.text, n.id from w join term t on t.id = w.rowid"
_EVERY_WORD: Final = f"""
with w as materialized (select rowid from words where words match ? order by rowid limit ?)
{_FOUND} join node n on n.id = t.node order by t.id
"""
_ANY_WORD: Final = f"""
with w as materialized (select rowid, rank from words where words match ? order by rank limit ?)
{_FOUND} join node n on n.id = t.node order by round(w.rank, 1), t.id
"""


def _match(row: tuple[str, str, int, int, str | None, int], every_word: bool = True) -> TermMatch:
    code, title, billable, kind, text, _ = row
    return TermMatch(
        code=code,
        title=title,
        term=text or title,
        kind=_KINDS[kind],
        billable=bool(billable),
        every_word=every_word,
    )


def _most_general_first(
    row: tuple[str, str, int, int, str | None, int],
) -> tuple[int, int, bool, int]:
    code, title, _, kind, _, at = row
    return (kind, len(code), "nspecified" not in title, at)


def _dotted(code: str) -> str | None:
    """Return a code as the release writes it, or None if it cannot be one."""
    text = code.strip()
    if len(text) > 8 or not text.isascii():
        return None
    match = _CODE.fullmatch(text.upper())
    if not match:
        return None
    return f"{match[1]}.{match[2]}" if match[2] else match[1]


def _one_slip_away(plain: str) -> set[str]:
    cuts = [(plain[:at], plain[at:]) for at in range(len(plain) + 1)]
    return {
        *(head + tail[1:] for head, tail in cuts if tail),
        *(head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1),
        *(head + letter + tail[1:] for head, tail in cuts if tail for letter in _LETTERS),
        *(head + letter + tail for head, tail in cuts if len(plain) < 7 for letter in _LETTERS),
    }


# The file


def _connect(path: Path) -> sqlite3.Connection:
    # A built file never changes: it is replaced by renaming. So no locks are needed.
    where = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    db = sqlite3.connect(where, uri=True, check_same_thread=False, isolation_level=None)
    db.execute("pragma cache_size = -1000")
    return db


def _is_whole(path: Path, release: built.Release | None) -> bool:
    """Tell whether a file is a finished build, of this release if one is given."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
        page = int.from_bytes(head[16:18], "big")
        pages = int.from_bytes(head[28:32], "big")
        if not head.startswith(b"SQLite format 3\0") or page * pages != path.stat().st_size:
            return False
        if int.from_bytes(head[68:72], "big") != built.APPLICATION_ID:
            return False
        if int.from_bytes(head[60:64], "big") != built.FORMAT:
            return False
        with contextlib.closing(_connect(path)) as db:
            meta = dict(db.execute("select key, value from meta").fetchall())
    except (OSError, sqlite3.Error):
        return False
    if meta.get("complete") != "yes":
        return False
    if release is None:
        return True
    return bool(meta["release"] == release.name and meta["source_size"] == str(release.size))


def _prepare(
    release: built.Release,
    path: Path | None,
    on_build: Callable[[str], None] | None,
    again: bool,
) -> Path:
    """Return a whole file of a release, building it where needed."""
    target = path or cache_folder() / f"icd10cm-{release.name}-{built.FORMAT}.sqlite"
    if not again and _is_whole(target, release):
        return target
    if on_build:
        on_build(
            f"Preparing {release.title} for first use; this happens once and takes a few seconds."
        )
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        built.build(target, release)
    except sqlite3.OperationalError as error:  # SQLite's word for a full or failing disk
        raise OSError(f"{target}: the code set could not be written: {error}") from error
    return target


def _newest_file() -> Path | None:
    found = sorted(cache_folder().glob(f"icd10cm-*-{built.FORMAT}.sqlite"), reverse=True)
    return next((path for path in found if _is_whole(path, None)), None)
