"""Packs kept by digest, so that a determination can be replayed years later."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from ..model.errors import InputError
from .library import Library
from .load import digest_of, load_packs, pack_folders, read_files, shipped_packs


def keep_packs(archive: Path, folders: Iterable[str | os.PathLike[str]] = ()) -> list[Path]:
    """Copy the packs that ship, and those of the folders, into an archive named by digest.

    What is there already is left alone: a digest names the bytes. Returns the folders of the packs in
    the archive. Raises `InputError` where the archive cannot be written.
    """
    paths = [*shipped_packs(), *(path for folder in folders for path in pack_folders(Path(folder)))]
    kept: list[Path] = []
    for path in dict.fromkeys(paths):
        contents = read_files(path)
        place = _place(archive, digest_of(contents))
        kept.append(place)
        if place.is_dir():
            continue
        draft = place.with_name(f"{place.name}.part-{os.getpid()}")
        try:
            for name, data in contents.items():
                (draft / name).parent.mkdir(parents=True, exist_ok=True)
                (draft / name).write_bytes(data)
            draft.rename(place)
        except OSError as error:
            raise InputError(f"cannot be written ({error.strerror})", where=str(archive)) from None
    return kept


def packs_by_digest(archive: Path, digests: Iterable[str]) -> Library:
    """The library made of exactly these packs.

    Raises `InputError` with the digests that the archive does not hold.
    """
    wanted = list(digests)
    places = [_place(archive, digest) for digest in wanted]
    lacking = [digest for digest, place in zip(wanted, places, strict=True) if not place.is_dir()]
    if lacking:
        raise InputError(
            f"the archive does not hold {', '.join(lacking)}",
            where=str(archive),
            mend="keep packs with 'medwarrant packs --keep FOLDER' before they change",
        )
    return load_packs(*places, shipped=False)


def _place(archive: Path, digest: str) -> Path:
    return archive / digest.replace("sha256:", "")
