"""Restoring a backup into an empty desk of either kind; so a desk moves from one database to the other."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, MetaData, Table, delete, func, insert, select
from sqlalchemy.exc import DataError, IntegrityError

from ...model.errors import InputError
from ...policy.load import digest_of
from ..errors import NotIntact, Unavailable
from .audit_key import key_file, read_key, write_key
from .backup_form import Manifest, Progress, kinds_of, not_a_backup, tables_of
from .backup_read import Backup, open_backup
from .database import Database, connect, sqlite_file
from .guards import protect, unprotect
from .migrate import revision_of, revisions, upgrade
from .open import database_address, make_data_folder
from .schema import TextError
from .verified import Verified
from .verify import verify_here

_AT_ONCE: Final = 200
#: Rows with files in them.
_FEW_AT_ONCE: Final = 4


def restore(
    path: Path,
    *,
    data: Path,
    database: str | None = None,
    key: bytes | None = None,
    altered_too: bool = False,
    progress: Progress = lambda what, done, total: None,
) -> tuple[Manifest, Verified]:
    """Restore a backup into the desk of a data folder that is new or empty, and verify it.

    `key` is the audit key, where neither the backup nor the data folder holds it. A backup of an older
    schema is brought to the newest one. All of it happens in one transaction: where anything is wrong,
    everything is as it was before. `altered_too` restores even what does not verify, for a desk of which
    nothing better is left.

    Raises `InputError` for a file that is no backup, is damaged, altered or of a newer version, for a desk
    that is not empty and for a key that does not fit; `NotIntact` where what was in the backup does not
    verify; `Unavailable` where something cannot be written.
    """
    place = key_file(data)
    present = read_key(place)
    if key is not None and present is not None and key != present:
        raise InputError(
            "the desk has another audit key already",
            where=str(place),
            mend="restore into a new data folder",
        )
    key = present if key is None else key
    with open_backup(path, key=key) as backup:
        if backup.manifest.schema not in revisions():
            raise InputError(
                "this backup was made by a newer version of medwarrant",
                where=str(path),
                mend=f"install version {backup.manifest.medwarrant[:20]} or a later one",
            )
        used = key if key is not None else backup.key()
        assert used is not None
        backup.check(progress)
        with _folder_of(data), _new_or_there(database_address(data, database)) as opened:
            found = _restore(backup, opened, used, data, str(path), altered_too, progress)
        return backup.manifest, found


@contextmanager
def _folder_of(data: Path) -> Iterator[None]:
    """The data folder; one that was made for a restoration which failed is taken away again."""
    there = data.exists()
    make_data_folder(data)
    try:
        yield
    except BaseException:
        if not there:
            shutil.rmtree(data, ignore_errors=True)
        raise


@contextmanager
def _new_or_there(address: str) -> Iterator[Database]:
    """The database; a file that was made for a restoration which failed is taken away again."""
    file = sqlite_file(address)
    there = file is None or file.exists()
    opened = connect(address)
    try:
        yield opened
    except BaseException:
        opened.close()
        if file is not None and not there:
            for ending in ("", "-wal", "-shm"):
                file.with_name(file.name + ending).unlink(missing_ok=True)
        raise
    opened.close()


def _restore(
    backup: Backup,
    database: Database,
    key: bytes,
    data: Path,
    where: str,
    altered_too: bool,
    progress: Progress,
) -> Verified:
    place, made = key_file(data), False
    try:
        with database.begin(structure=True) as connection:
            make_tables(connection, backup.manifest.schema)
            try:
                fill(connection, backup, where, progress)
            except (IntegrityError, DataError, TextError):
                raise not_a_backup(where, "this backup holds rows that do not fit") from None
            upgrade(connection)
            protect(connection)
            verified = verify_here(connection, key, progress=progress)
            if verified.alterations and not altered_too:
                first = verified.alterations[0]
                raise NotIntact(
                    f"what is in the backup was altered before it was made ({first.what})",
                    where=first.where,
                    mend="use another backup, or restore it as it is with --altered-too; nothing was restored",
                )
            _put_packs(backup, data / "packs")
            made = not place.exists()
            write_key(place, key)
    except BaseException:
        if made:
            place.unlink(missing_ok=True)
        raise
    return verified


def make_tables(connection: Connection, revision: str) -> None:
    """The empty tables of a revision; raises `InputError` where the desk is not empty."""
    found = revision_of(connection)
    if found is not None:
        for table in tables_of(connection).values():
            held = connection.scalar(select(func.count()).select_from(table)) or 0
            if held > (table.name == "audit_head") or _log_begun(connection, table):
                raise InputError(
                    "this desk is not empty",
                    where="--data" if connection.dialect.name == "sqlite" else "--database",
                    mend="restore into a new data folder or database",
                )
    if found not in (None, revision):
        _drop_tables(connection)
    upgrade(connection, revision)
    unprotect(connection)
    connection.execute(delete(tables_of(connection)["audit_head"]))


def _log_begun(connection: Connection, table: Table) -> bool:
    return table.name == "audit_head" and connection.scalar(select(table.c.seq)) != 0


def _drop_tables(connection: Connection) -> None:
    everything = MetaData()
    everything.reflect(connection)
    everything.drop_all(connection)


def fill(connection: Connection, backup: Backup, where: str, progress: Progress) -> None:
    """Put the rows of a backup into the empty tables of its schema."""
    tables = tables_of(connection)
    held = backup.manifest.tables
    if {name: kinds_of(table) for name, table in tables.items()} != {
        name: table.columns for name, table in held.items()
    }:
        raise not_a_backup(where, "this backup has other tables than its version")
    total, done = backup.manifest.rows, 0
    for name, table in tables.items():
        few = "bytes" in held[name].columns.values()
        for rows in _groups(backup.rows(name), _FEW_AT_ONCE if few else _AT_ONCE):
            connection.execute(insert(table), rows)
            done += len(rows)
            progress("rows restored", done, total)


def _groups(rows: Iterator[dict[str, Any]], size: int) -> Iterable[list[dict[str, Any]]]:
    while group := list(islice(rows, size)):
        yield group


def _put_packs(backup: Backup, archive: Path) -> None:
    """Put the packs into the archive; what is there already is left alone."""
    for name, contents in backup.packs().items():
        if digest_of(contents) != f"sha256:{name}":
            raise not_a_backup(str(archive), "a pack in this backup does not agree with its digest")
        place = archive / name
        if place.is_dir():
            continue
        draft = archive / f"{name}.part-{secrets.token_hex(6)}"
        try:
            for path, data in contents.items():
                (draft / path).parent.mkdir(parents=True, exist_ok=True)
                (draft / path).write_bytes(data)
            os.rename(draft, place)
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            raise Unavailable(
                f"the packs cannot be written ({error.strerror})", where=str(archive)
            ) from None
