"""The folder where medwarrant keeps what it has prepared: packs read, code sets converted.

Nothing in it is health data, and everything in it can be made again.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def cache_folder() -> Path:
    """The cache folder of this user, made if need be, closed to others.

    `$MEDWARRANT_CACHE`, else `$XDG_CACHE_HOME/medwarrant`, else `~/.cache/medwarrant`; where that cannot
    be written, a folder of this user's under the system's temporary folder.

    >>> cache_folder().is_dir()
    True
    """
    named = os.environ.get("MEDWARRANT_CACHE")
    base = os.environ.get("XDG_CACHE_HOME")
    first = (
        Path(named) if named else (Path(base) if base else Path.home() / ".cache") / "medwarrant"
    )
    for folder in (first, Path(tempfile.gettempdir()) / f"medwarrant-{_user()}"):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK) and folder.stat().st_uid == _user():
            return folder
    return Path(tempfile.mkdtemp(prefix="medwarrant-"))


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0
