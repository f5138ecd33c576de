"""Desks as released versions wrote them, so that the newest version is tested on their data.

Each folder in `released/` is a backup, unpacked, named by its revision. `draft_revision.py --released` adds one.
"""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

from desks import KEY, PEOPLE, Clock, desk_at, furnish
from rows import write_case

from medwarrant import Medwarrant
from medwarrant.review.store.backup import write_backup
from medwarrant.review.store.database import sqlite_url
from medwarrant.review.store.migrate import newest

RELEASED = Path(__file__).parent / "released"


def released() -> dict[str, Path]:
    """The folder of each revision that was released."""
    return {path.name: path for path in sorted(RELEASED.glob("r*"))}


def keep() -> Path:
    """Keep the newest schema, with rows of every kind, as released."""
    place = RELEASED / newest()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(make(Path(folder))) as archive:
        archive.extractall(place)
    return place


def make(folder: Path) -> Path:
    """A backup of a desk of the newest schema with rows of every kind, made in a folder."""
    url = sqlite_url(folder / "desk.sqlite")
    furnish(url)
    with desk_at(url, Medwarrant(), Clock(), folder / "no packs") as desk:
        write_case(desk, PEOPLE)
        write_backup(folder / "b", desk.database, KEY, desk.kept_packs, with_key=True)
    return folder / "b"


def packed(revision: str, folder: Path) -> Path:
    """The backup of a revision: as it was kept, or of today's where it was not released yet."""
    kept = released().get(revision)
    if kept is None:
        return make(folder)
    path = folder / "b"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(each for each in kept.rglob("*") if each.is_file()):
            archive.write(file, file.relative_to(kept).as_posix())
    return path
