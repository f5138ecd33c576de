"""Opening a desk: its data folder, its database at the newest schema, its audit key, its packs."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from ...answer import Medwarrant
from ...model.errors import InputError
from ...policy.archive import keep_packs
from ..errors import Unavailable
from ..work import Desk
from .audit_key import key_digest, key_file, make_key, name_key, named_key, read_key
from .database import Database, connect, sqlite_file, sqlite_url
from .migrate import migrate, newest, revision_of


def data_folder(given: Path | None = None) -> Path:
    """The data folder: the one given, else `MEDWARRANT_DATA`, else this user's own.

    >>> data_folder(Path("desk"))
    PosixPath('desk')
    """
    if given is not None:
        return given
    if named := os.environ.get("MEDWARRANT_DATA"):
        return Path(named)
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "medwarrant"


def database_address(data: Path, given: str | None = None) -> str:
    """The database: the one given, else `MEDWARRANT_DATABASE`, else `desk.sqlite` in the data folder."""
    return given or os.environ.get("MEDWARRANT_DATABASE") or sqlite_url(data / "desk.sqlite")


def open_desk(
    *,
    data: Path,
    database: str | None = None,
    medwarrant: Medwarrant,
    packs: Iterable[Path] = (),
    checked: bool = True,
) -> Desk:
    """Open the desk of a data folder, made at the first call; whoever calls closes `desk.database`.

    `database` is the address of a database elsewhere, `packs` the folders that `medwarrant` was loaded from
    beside the packs that ship. Several processes may open one desk at once. `checked=False` is for
    `verify`, which tells itself of a key that does not fit.

    Raises `InputError` where something was named that cannot be used or does not belong together, and
    `Unavailable` where a file or the database cannot be read or written.
    """
    make_data_folder(data)
    opened = connect(database_address(data, database))
    try:
        migrate(opened)
        key = _key_of(opened, key_file(data), checked=checked)
        _keep_packs(opened, data / "packs", medwarrant, packs)
    except BaseException:
        opened.close()
        raise
    return Desk(opened, medwarrant, key, data / "packs")


def find_desk(data: Path, database: str | None = None) -> tuple[Database, bytes]:
    """The database and the audit key of a desk that is there already; nothing is made or changed.

    Raises `InputError` where there is none, where it is of another version, or where its key is missing.
    """
    address = database_address(data, database)
    file = sqlite_file(address)
    if file is not None and not file.is_file():
        raise InputError(
            "there is no desk",
            where=str(file),
            mend="name its folder with --data, or its --database",
        )
    key = read_key(key_file(data))
    if key is None:
        raise InputError(
            "there is no audit key",
            where=str(key_file(data)),
            mend="name the data folder with --data, or the file of the key in MEDWARRANT_AUDIT_KEY_FILE",
        )
    return connect(address), key


def require_newest(database: Database) -> None:
    """Raises `InputError` unless the schema is the one of this version."""
    with database.read() as connection:
        found = revision_of(connection)
    if found == newest():
        return
    if found is None:
        raise InputError("this database holds no desk", where="--database", mend="name another one")
    raise InputError(
        f"the schema of this database is {found}, and this version of medwarrant works with {newest()}",
        where="--database",
        mend="use the version that wrote it, or start this one on it once",
    )


def make_data_folder(data: Path) -> None:
    """Make the data folder, for this user alone."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise InputError("this is not a folder", where=str(data)) from None
    except OSError as error:
        raise Unavailable(
            f"the data folder cannot be made ({error.strerror})", where=str(data)
        ) from None


def _key_of(database: Database, path: Path, *, checked: bool) -> bytes:
    """The key of the desk, made where the log is still empty."""
    key = read_key(path)
    with database.read() as connection:
        named = named_key(connection)
    if key is not None and (not checked or named == key_digest(key)):
        return key
    with database.begin() as connection:
        key = read_key(path)
        if key is None:
            if named_key(connection):
                raise InputError(
                    "the audit key of this database is missing",
                    where=str(path),
                    mend="put back the copy that you keep of it, or name its file in MEDWARRANT_AUDIT_KEY_FILE",
                )
            key = make_key(path)
        name_key(connection, key)
        if named_key(connection) != key_digest(key):
            raise InputError(
                "this is the audit key of another database",
                where=str(path),
                mend="put the key of this one in its place, or name its file in MEDWARRANT_AUDIT_KEY_FILE",
            )
    return key


def _keep_packs(
    database: Database, archive: Path, medwarrant: Medwarrant, folders: Iterable[Path]
) -> None:
    """Keep the packs of the library by digest, so that its records can be replayed."""
    if not (lacking := _lacking(archive, medwarrant)):
        return
    with database.begin():  # one process at a time: two would copy over each other
        keep_packs(archive, folders)
    if lacking := _lacking(archive, medwarrant):
        raise InputError(
            f"the folder of the packs {', '.join(lacking)} was not named, or changed meanwhile",
            where=str(archive),
            mend="name their folders with --packs, and start again",
        )


def _lacking(archive: Path, medwarrant: Medwarrant) -> list[str]:
    return [
        pack.id
        for pack in medwarrant.library.packs
        if not (archive / pack.digest.replace("sha256:", "")).is_dir()
    ]
