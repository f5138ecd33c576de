"""The audit key: 32 random bytes in a file of their own, outside the database."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select, update

from ...model.errors import InputError
from ..errors import Unavailable
from .schema import audit_head

_LENGTH: Final = 32
_OTHERS: Final = 0o077


def key_file(data: Path) -> Path:
    """Where the key of a desk is: `MEDWARRANT_AUDIT_KEY_FILE`, else `audit.key` in its data folder."""
    named = os.environ.get("MEDWARRANT_AUDIT_KEY_FILE")
    return Path(named) if named else data / "audit.key"


def read_key(path: Path) -> bytes | None:
    """The key in a file; None where there is no file.

    Raises `InputError` where it is not a key, or others on this machine could read it.
    """
    try:
        with path.open("rb") as file:
            lax = os.name == "posix" and os.fstat(file.fileno()).st_mode & _OTHERS
            key = file.read(_LENGTH + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(
            f"the audit key cannot be read ({error.strerror})", where=str(path)
        ) from None
    if len(key) != _LENGTH:
        raise InputError(
            f"the audit key is damaged: it has not {_LENGTH} bytes",
            where=str(path),
            mend="put back the copy that you keep of it",
        )
    if lax:
        raise InputError(
            "others on this machine can read the audit key",
            where=str(path),
            mend="take their rights away ('chmod 600'), and find out who read it",
        )
    return key


def make_key(path: Path) -> bytes:
    """The key of a new desk, made once: of two processes that make it at once, both get the same."""
    return write_key(path, secrets.token_bytes(_LENGTH))


def write_key(path: Path, key: bytes) -> bytes:
    """Put a key where there is none yet; the key that is there in the end.

    The file appears whole or not at all, so that nobody reads half a key and a process that is killed
    leaves none. Raises `Unavailable` where it cannot be written.
    """
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_new(draft, key)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without links
            if not path.exists():
                draft.rename(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable(
            f"the audit key cannot be written ({error.strerror})", where=str(path)
        ) from None
    found = read_key(path)
    assert found is not None
    return found


def _write_new(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def key_digest(key: bytes) -> str:
    """What names a key in the database and tells nothing of it.

    >>> key_digest(bytes(32)) == key_digest(bytes(32)) != key_digest(b"1" * 32)
    True
    """
    return f"hmac-sha256:{hmac.new(key, b'medwarrant audit key', 'sha256').hexdigest()}"


def named_key(connection: Connection) -> str:
    """The name of the key that the log is kept with; empty where none was named yet."""
    return connection.scalar(select(audit_head.c.key_digest).where(audit_head.c.id == 1)) or ""


def name_key(connection: Connection, key: bytes) -> None:
    """Name the key that the log will be kept with; a log that has begun keeps its own."""
    connection.execute(
        update(audit_head)
        .where(audit_head.c.id == 1, audit_head.c.seq == 0, audit_head.c.key_digest == "")
        .values(key_digest=key_digest(key))
    )
