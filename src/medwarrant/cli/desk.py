"""`audit verify|log`, `backup`, `restore`: looking after a desk and its database."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..model.errors import InputError
from .parts import DATA, DATABASE, FILE, PACKS, CommandGroup, web_extra

if TYPE_CHECKING:
    from ..review.store.database import Database
    from ..review.store.verified import Verified


@click.group("audit", cls=CommandGroup, help="Verify and read the audit log of a desk.")
def audit_commands() -> None:
    """Hold the commands for the audit log."""


@audit_commands.command("verify")
@DATA
@DATABASE
@click.option(
    "--expect",
    metavar="HEAD",
    help="A head of the log that was noted earlier; the log must still hold it.",
)
@click.option(
    "--replay",
    metavar="HOW_MANY",
    help="Judge so many stored determinations again, or 'all', and compare bytes.",
)
@PACKS
def verify_log(
    data: Path | None,
    database: str | None,
    expect: str | None,
    replay: str | None,
    packs: tuple[Path, ...],
) -> int:
    """Find any alteration of the log, and of what it witnesses."""
    with web_extra():
        from ..review.store.verified import Head
        from ..review.store.verify import verify
    head = None if expect is None else Head.read(expect)
    most = _how_many(replay)
    progress = Progress()
    with _desk(data, database) as (opened, key, folder):
        found = verify(opened, key, expect=head, progress=progress)
        progress.end()
        for alteration in found.alterations:
            print(alteration)
        _print_verified(found)
        if replay is None:
            return 1 if found.alterations else 0
        different = _replay(opened, key, folder, packs, most, progress)
    return 1 if found.alterations or different else 0


def _print_verified(found: Verified) -> None:
    rows = ", ".join(f"{_count(number, name)}" for name, number in found.rows.items())
    print(f"{_count(found.entries, 'entry', 'entries')}; as the log witnesses them: {rows}")
    print(f"head: {found.head}")
    if found.alterations:
        print(f"NOT INTACT: {_count(len(found.alterations), 'alteration')}")
    else:
        print("intact")


def _how_many(replay: str | None) -> int | None:
    if replay in (None, "all"):
        return None
    if not (replay.isascii() and replay.isdigit() and 0 < int(replay[:9]) == int(replay)):
        raise InputError("write a number or 'all'", where="--replay")
    return int(replay)


def _replay(
    opened: Database,
    key: bytes,
    data: Path,
    packs: tuple[Path, ...],
    most: int | None,
    progress: Progress,
) -> bool:
    """Replay and say what came of it; whether anything came out different."""
    from ..review.store.replay import replay_all
    from ..review.work import Desk
    from .ask import open_medwarrant

    desk = Desk(opened, open_medwarrant(packs), key, data / "packs")
    found = replay_all(desk, most=most, progress=progress)
    progress.end()
    for record, why in found.other:
        print(f"record {record}: {why}")
    print(f"replayed: {found.same} the same, {len(found.other)} not")
    return bool(found.other)


@audit_commands.command("log")
@DATA
@DATABASE
@click.option("--subject", help="Only of this subject, such as case:ID.")
@click.option("--act", help="Only of this act, such as decided.")
@click.option("--person", help="Only of the person with this login.")
@click.option(
    "--since", type=click.IntRange(0), default=0, help="Only after the entry of this number."
)
@click.option("--json", "as_json", is_flag=True, help="Print each entry as a line of JSON.")
def show_log(
    data: Path | None,
    database: str | None,
    subject: str | None,
    act: str | None,
    person: str | None,
    since: int,
    as_json: bool,
) -> None:
    """Print the entries of the log, the first first."""
    with web_extra():
        from ..review.store import audit
    with _desk(data, database) as (opened, _, _), opened.read() as connection:
        logins = _logins(connection)
        if person is not None and person not in logins.values():
            raise InputError("nobody has this login", where="--person")
        for entry in audit.entries(connection, subject=subject, since=since):
            login = logins.get(entry.person_id, entry.person_id)
            if act in (None, entry.act) and person in (None, login):
                print(_entry_line(entry, login, as_json))


def _logins(connection: Any) -> dict[str, str]:
    from sqlalchemy import select

    from ..review.store.schema import person

    return {row.id: row.login for row in connection.execute(select(person.c.id, person.c.login))}


def _entry_line(entry: Any, login: str, as_json: bool) -> str:
    import msgspec

    if as_json:
        return msgspec.json.encode({**msgspec.structs.asdict(entry), "login": login}).decode()
    detail = msgspec.json.encode(entry.detail, order="sorted").decode()
    at = entry.at.isoformat(timespec="seconds").replace("+00:00", "Z")
    return f"{entry.seq}  {at}  {login}  {entry.act}  {entry.subject}  {detail}"


@click.command()
@click.argument("file", type=FILE, help="The file to write; it must not be there yet.")
@DATA
@DATABASE
@click.option(
    "--with-key",
    is_flag=True,
    help="Put the audit key in too. Whoever has such a file can write a log that verifies.",
)
def backup(file: Path, data: Path | None, database: str | None, with_key: bool) -> int:
    """Write everything that a desk holds to one file, while the server runs."""
    with web_extra():
        from ..review.store.backup import write_backup
        from ..review.store.verify import verify
    progress = Progress()
    with _desk(data, database, newest=False) as (opened, key, folder):
        manifest = write_backup(
            file, opened, key, folder / "packs", with_key=with_key, progress=progress
        )
        found = verify(opened, key, progress=progress) if _is_newest(manifest.schema) else None
        progress.end()
    print(f"{file}: {_count(manifest.rows, 'row')}, schema {manifest.schema}")
    print(f"head: {manifest.audit.seq}:{manifest.audit.digest}")
    if not with_key:
        print(
            "The audit key is not in it; keep a copy of it elsewhere, or nothing can be restored."
        )
    if found is not None and found.alterations:
        print(
            "medwarrant: what is stored does not verify; 'medwarrant audit verify' says where",
            file=sys.stderr,
        )
        return 1
    return 0


def _is_newest(schema: str) -> bool:
    from ..review.store.migrate import newest

    return schema == newest()


@click.command("restore")
@click.argument("file", type=FILE, help="A file that 'backup' wrote.")
@DATA
@DATABASE
@click.option("--key", type=FILE, help="The audit key, where the backup does not hold it.")
@click.option(
    "--altered-too", is_flag=True, help="Restore even what does not verify; it is listed."
)
def restore_backup(
    file: Path, data: Path | None, database: str | None, key: Path | None, altered_too: bool
) -> int:
    """Restore a backup into an empty desk, on SQLite or PostgreSQL, and verify it."""
    with web_extra():
        from ..review.store.audit_key import read_key
        from ..review.store.open import data_folder
        from ..review.store.restore import restore
    given = None
    if key is not None:
        given = read_key(key)
        if given is None:
            raise InputError("there is no such file", where=str(key))
    gc.enable()
    progress = Progress()
    manifest, found = restore(
        file,
        data=data_folder(data),
        database=database,
        key=given,
        altered_too=altered_too,
        progress=progress,
    )
    progress.end()
    for alteration in found.alterations:
        print(alteration)
    print(f"restored {_count(manifest.rows, 'row')} of {manifest.made_at:%Y-%m-%d %H:%M} UTC")
    _print_verified(found)
    return 1 if found.alterations else 0


# --- shared -----------------------------------------------------------------------------------------


class Progress:
    """Says on standard error how far something is, where it takes longer than a moment."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next = clock() + 2
        self._open = False

    def __call__(self, what: str, done: int, total: int) -> None:
        """`done` of `total` are finished."""
        if self._clock() < self._next:
            return
        on_terminal = sys.stderr.isatty()
        self._next = self._clock() + (0.2 if on_terminal else 10)
        text = f"medwarrant: {what}: {done} of {total}"
        print(
            f"\r{text:<70}" if on_terminal else text,
            end="" if on_terminal else "\n",
            file=sys.stderr,
            flush=True,
        )
        self._open = on_terminal

    def end(self) -> None:
        """Nothing more is to be said."""
        if self._open:
            print(file=sys.stderr)
        self._open = False


@contextmanager
def _desk(
    data: Path | None, database: str | None, *, newest: bool = True
) -> Iterator[tuple[Database, bytes, Path]]:
    """The database, the key and the folder of a desk that is there."""
    with web_extra():
        from ..review.store.open import data_folder, find_desk, require_newest
    gc.enable()  # a long log is walked for minutes, unlike what most commands do
    folder = data_folder(data)
    opened, key = find_desk(folder, database)
    try:
        if newest:
            require_newest(opened)
        yield opened, key, folder
    finally:
        opened.close()


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
