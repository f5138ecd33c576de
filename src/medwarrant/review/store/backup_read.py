"""Reading a backup, which may be damaged or made to do harm: nothing in it is believed unseen."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from ...model.errors import InputError
from .audit_key import key_digest
from .backup_form import (
    KEY,
    MAC,
    MANIFEST,
    Held,
    Manifest,
    Progress,
    mac_of,
    not_a_backup,
    row_of,
    table_file,
)

_MOST_FILES: Final = 200_000
_MOST_MANIFEST: Final = 64_000_000
_MOST_MAC: Final = 100
#: A line holds a file of at most 20 MB in base64; the rest are far shorter.
_LONGEST_LINE: Final = 64_000_000
#: Tables of files are not packed, and nothing else packs so well: what unpacks to more is no backup.
_MOST_TIMES: Final = 250
_ALWAYS: Final = 1_000_000
_CHUNK: Final = 1 << 20
_TABLE: Final = re.compile(r"tables/[a-z][a-z_]{0,62}\.jsonl")
_PACK: Final = re.compile(r"packs/[0-9a-f]{64}/(.{1,1000}\.yaml)")
_MOST_PACK_FILE: Final = 8_000_000
#: What reading a damaged or made-up ZIP raises.
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    OSError,
    msgspec.MsgspecError,
)


class Backup:
    """An opened backup, whose manifest fits its files; `check` reads them all."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest, where: str) -> None:
        self._archive = archive
        self.manifest = manifest
        self._where = where

    def check(self, progress: Progress = lambda what, done, total: None) -> None:
        """Read every file and every row. Raises `InputError` at the first that is not as the manifest says."""
        total = sum(held.bytes for held in self.manifest.files.values()) // _CHUNK
        seen = 0
        for name in self.manifest.files:
            progress("MB checked", seen // _CHUNK, total)
            if not name.startswith("tables/"):
                self.read(name)
        for name in self.manifest.tables:
            for _ in self.rows(name):
                pass
            seen += self.manifest.files[table_file(name)].bytes
            progress("MB checked", seen // _CHUNK, total)

    def read(self, name: str) -> bytes:
        """A whole file, once it agrees with the manifest."""
        held = self.manifest.files[name]
        with self._open(name, held) as (file, digest):
            data = file.read(held.bytes)
            digest.update(data)
        return data

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table; the last one comes only if all agree with the manifest."""
        held, name = self.manifest.tables[table], table_file(table)
        before, count = None, 0
        with self._open(name, self.manifest.files[name]) as (file, digest):
            while line := file.readline(_LONGEST_LINE + 1):
                digest.update(line)
                if before is not None:
                    yield before
                if len(line) > _LONGEST_LINE:
                    raise ValueError("a line is too long")
                before, count = row_of(line, held.columns), count + 1
        if count != held.rows:
            raise self._damaged()
        if before is not None:
            yield before

    def packs(self) -> dict[str, dict[str, bytes]]:
        """The files of each pack, by the name of its folder."""
        found: dict[str, dict[str, bytes]] = {}
        for name in self.manifest.files:
            if name.startswith("packs/"):
                _, pack, path = name.split("/", 2)
                found.setdefault(pack, {})[path] = self.read(name)
        return found

    def key(self) -> bytes | None:
        """The audit key, where the backup holds it."""
        return self.read(KEY) if KEY in self.manifest.files else None

    @contextmanager
    def _open(self, name: str, held: Held) -> Iterator[tuple[IO[bytes], Any]]:
        digest = hashlib.sha256()
        try:
            with self._archive.open(name) as file:
                yield file, digest
                if file.read(1):
                    raise ValueError("larger than it says")
        except _BROKEN:
            raise self._damaged() from None
        if digest.hexdigest() != held.sha256:
            raise self._damaged()

    def _damaged(self) -> InputError:
        return not_a_backup(self._where, "this backup is damaged")


@contextmanager
def open_backup(path: Path, *, key: bytes | None = None) -> Iterator[Backup]:
    """Open a backup. `key` is the audit key, if the desk has one; else the one in the backup counts.

    Raises `InputError` where it cannot be read, is none, is damaged, was made with another key or
    altered since, and where no key is to be had.
    """
    where = str(path)
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"the backup cannot be read ({error.strerror})", where=where) from None
    with file:
        try:
            archive = zipfile.ZipFile(file)
            manifest = _manifest(archive, path.stat().st_size)
            mac = _mac(archive)
        except (*_BROKEN, KeyError):
            raise not_a_backup(where) from None
        with archive:
            backup = Backup(archive, manifest, where)
            used = _key_of(backup, key, where)
            if not hmac.compare_digest(mac, mac_of(used, archive.read(MANIFEST)).encode()):
                raise not_a_backup(where, "this backup was altered after it was made")
            yield backup


def _manifest(archive: zipfile.ZipFile, size: int) -> Manifest:
    """The manifest, once every file that is there is named in it as it is, and no other is."""
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if len(names) > _MOST_FILES or len(set(names)) != len(names):
        raise ValueError("too many files, or two of one name")
    for info in infos:
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError("packed in another way")
        if info.flag_bits & 0x1:
            raise ValueError("encrypted")
    if sum(info.file_size for info in infos) > _ALWAYS + _MOST_TIMES * size:
        raise ValueError("it would unpack to far more than a backup does")
    if archive.getinfo(MANIFEST).file_size > _MOST_MANIFEST:
        raise ValueError("the manifest is too large")
    manifest = msgspec.json.decode(archive.read(MANIFEST), type=Manifest)
    if set(names) != {*manifest.files, MANIFEST, MAC}:
        raise ValueError("other files than the manifest names")
    for name, held in manifest.files.items():
        if not (name == KEY or _TABLE.fullmatch(name) or _is_of_pack(name)):
            raise ValueError("a file that is no part of a backup")
        if archive.getinfo(name).file_size != held.bytes:
            raise ValueError("a file of another size")
        if not name.startswith("tables/") and held.bytes > _MOST_PACK_FILE:
            raise ValueError("a file that is too large")
    if {name for name in manifest.files if name.startswith("tables/")} != {
        table_file(name) for name in manifest.tables
    }:
        raise ValueError("other tables than the manifest names")
    return manifest


def _is_of_pack(name: str) -> bool:
    """Whether a name is that of a file in a pack, and leads nowhere else.

    >>> _is_of_pack(f"packs/{'0' * 64}/policies/botulinum.yaml")
    True
    >>> _is_of_pack(f"packs/{'0' * 64}/../../audit.yaml")
    False
    """
    found = _PACK.fullmatch(name)
    if found is None or "\\" in name or "\0" in name or (os.name == "nt" and ":" in name):
        return False
    return not {"", ".", ".."} & set(found[1].split("/"))


def _mac(archive: zipfile.ZipFile) -> bytes:
    """What the backup says that its manifest is signed with."""
    return archive.read(MAC) if archive.getinfo(MAC).file_size <= _MOST_MAC else b""


def _key_of(backup: Backup, key: bytes | None, where: str) -> bytes:
    """The key that the backup was made with: the desk's, else its own."""
    used = key if key is not None else backup.key()
    if used is None:
        raise InputError(
            "this backup was made without its audit key, and the desk has none yet",
            where=where,
            mend="name the copy that you keep of the key with --key FILE",
        )
    if key_digest(used) != backup.manifest.audit.key_digest:
        raise InputError(
            "this backup was made with another audit key",
            where=where,
            mend="name the key of that desk with --key FILE, and restore into a new data folder",
        )
    return used
