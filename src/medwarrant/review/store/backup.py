"""Writing a backup, while the server runs."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

import msgspec
from sqlalchemy import Connection, false, func, select
from sqlalchemy.exc import DBAPIError

from ...model.errors import InputError
from ...policy.load import digest_of, read_files
from ...version import __version__
from ..errors import NotIntact, Unavailable
from .audit_key import key_digest, named_key
from .backup_form import (
    KEY,
    MAC,
    MANIFEST,
    Held,
    LogHeld,
    Manifest,
    Progress,
    TableHeld,
    kinds_of,
    line_of,
    mac_of,
    table_file,
    tables_of,
)
from .backup_read import open_backup
from .database import Database
from .migrate import revision_of, revisions
from .schema import audit_head

_AT_ONCE: Final = 200
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
#: Who is signed in is not kept: a restored desk begins with everybody signed out.
_LEFT_OUT: Final = frozenset({"session"})
#: Tables with the bytes of files, which are packed already; and so nothing unpacks to many times its size.
_WITH_FILES: Final = frozenset({"document", "draft_file"})


def write_backup(
    path: Path,
    database: Database,
    key: bytes,
    kept_packs: Path,
    *,
    with_key: bool = False,
    now: datetime | None = None,
    progress: Progress = lambda what, done, total: None,
) -> Manifest:
    """Write everything that a desk holds, as it is at one moment, to a new file that only this user can read.

    Writers are not held up. The file is read back before it gets its name: what cannot be restored is no
    backup. Without `with_key` it does not hold the audit key, which is kept apart.

    Raises `InputError` where the file is there already or the database is not one of this version,
    `Unavailable` where the file cannot be written, and `NotIntact` where what is stored cannot be read.
    """
    if path.exists():
        raise InputError("this file is there already", where=str(path), mend="name a new one")
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        with _new_file(draft) as file:
            manifest = _write(
                file, database, key, kept_packs, with_key, now or datetime.now(UTC), progress
            )
        _read_back(draft, key, progress)
        os.link(draft, path)  # unlike a renaming, this overwrites nothing
    except FileExistsError:
        raise InputError(
            "this file is there already", where=str(path), mend="name a new one"
        ) from None
    except OSError as error:
        raise Unavailable(
            f"the backup cannot be written ({error.strerror})", where=str(path)
        ) from None
    finally:
        draft.unlink(missing_ok=True)
    _keep_name(path.parent)
    return manifest


def _read_back(draft: Path, key: bytes, progress: Progress) -> None:
    try:
        with open_backup(draft, key=key) as backup:
            backup.check(progress)
    except InputError:
        raise NotIntact(
            "something is stored that could not be restored",
            where="--database",
            mend="run 'medwarrant audit verify', and restore an earlier backup",
        ) from None


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _keep_name(folder: Path) -> None:
    """Let the name of a new file outlive a power failure, where the system can."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(
    file: IO[bytes],
    database: Database,
    key: bytes,
    kept_packs: Path,
    with_key: bool,
    now: datetime,
    progress: Progress,
) -> Manifest:
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        database.read() as connection,
    ):
        writing = _Writing(archive, now, progress)
        revision = _known_revision(connection)
        if named_key(connection) != key_digest(key):
            raise InputError(
                "the audit key is not the one of this database",
                where="audit.key",
                mend="put the key of this database in its place",
            )
        tables = {}
        for name, table in tables_of(connection).items():
            try:
                tables[name] = TableHeld(writing.table(connection, table), kinds_of(table))
            except (ValueError, TypeError, DBAPIError):
                raise NotIntact(
                    "a row cannot be read",
                    where=f"table {name}",
                    mend="run 'medwarrant audit verify', and restore an earlier backup",
                ) from None
        head = connection.execute(select(audit_head.c.seq, audit_head.c.digest)).one()
        writing.packs(kept_packs)
        if with_key:
            writing.file(KEY, key)
        manifest = Manifest(
            medwarrant=__version__,
            schema=revision,
            made_at=now.astimezone(UTC),
            audit=LogHeld(head.seq, head.digest, key_digest(key)),
            tables=tables,
            files=dict(writing.held),
        )
        data = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        writing.file(MANIFEST, data)
        writing.file(MAC, mac_of(key, data).encode())
    return manifest


def _known_revision(connection: Connection) -> str:
    found = revision_of(connection)
    if found not in revisions():
        raise InputError(
            "this database was written by a newer version of medwarrant"
            if found
            else "this database holds no desk",
            where="--database",
            mend="back it up with the version that wrote it" if found else "name another one",
        )
    return found


class _Writing:
    """The files of one backup, as they are written."""

    def __init__(self, archive: zipfile.ZipFile, now: datetime, progress: Progress) -> None:
        self.archive = archive
        self.moment = now.astimezone(UTC).timetuple()[:6]
        self.progress = progress
        self.held: dict[str, Held] = {}

    @contextmanager
    def _open(self, name: str, how: int = zipfile.ZIP_DEFLATED) -> Iterator[IO[bytes]]:
        info = zipfile.ZipInfo(name, self.moment)
        info.compress_type = how
        info.external_attr = 0o600 << 16
        with self.archive.open(info, "w", force_zip64=True) as target:
            yield target

    def file(self, name: str, data: bytes) -> None:
        with self._open(name) as target:
            target.write(data)
        self.held[name] = Held(len(data), hashlib.sha256(data).hexdigest())

    def packs(self, folder: Path) -> None:
        """The packs kept; one whose files do not give its name is none."""
        for pack in sorted(folder.iterdir()) if folder.is_dir() else []:
            if not _DIGEST.fullmatch(pack.name):  # one that is being copied, or nothing of ours
                continue
            contents = read_files(pack)
            if digest_of(contents) != f"sha256:{pack.name}":
                raise NotIntact(
                    "a kept pack does not agree with its digest",
                    where=str(pack),
                    mend="take it away; the packs in use are kept again at the next start",
                )
            for name, data in contents.items():
                self.file(f"packs/{pack.name}/{name}", data)

    def table(self, connection: Connection, table: Any) -> int:
        query = select(table).order_by(*table.primary_key.columns)
        if table.name in _LEFT_OUT:
            query = query.where(false())
        total = connection.scalar(select(func.count()).select_from(query.subquery())) or 0
        rows = connection.execute(
            query, execution_options={"yield_per": 8 if table.name in _WITH_FILES else _AT_ONCE}
        )
        how = zipfile.ZIP_STORED if table.name in _WITH_FILES else zipfile.ZIP_DEFLATED
        digest, size, done = hashlib.sha256(), 0, 0
        with self._open(table_file(table.name), how) as target:
            for row in rows:
                if done % _AT_ONCE == 0:
                    self.progress(f"rows of {table.name}", done, total)
                line = line_of(row)
                target.write(line)
                digest.update(line)
                size += len(line)
                done += 1
        self.progress(f"rows of {table.name}", total, total)
        self.held[table_file(table.name)] = Held(size, digest.hexdigest())
        return done
