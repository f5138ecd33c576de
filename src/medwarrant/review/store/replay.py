"""Replay: stored determinations judged again with the packs that were kept, and compared byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from sqlalchemy import func, select

from ...answer import Answer, Medwarrant
from ...model.canonical import canonical, case_digest, record_digest
from ...model.errors import InputError, MedwarrantError
from ..records import library_of
from ..work import Desk
from .schema import record
from .verify import Progress

_AT_ONCE: Final = 50
_VERSIONS: Final = 4
_Judges = dict[tuple[str, ...], Medwarrant]


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: how many records gave the same bytes, and why others did not, by record."""

    same: int
    other: tuple[tuple[str, str], ...]


def replay_all(
    desk: Desk,
    *,
    most: int | None = None,
    progress: Progress = lambda what, done, total: None,
) -> Replayed:
    """Judge every stored determination again, or `most` of them spread evenly over time.

    Each must give the bytes that are stored; the version of medwarrant that is named in it may differ.
    """
    same, other = 0, []
    judges: _Judges = {}
    with desk.database.read() as connection:
        total = connection.scalar(select(func.count()).select_from(record)) or 0
        step = 1 if most is None or total <= most else total / max(most, 1)
        rows = connection.execute(
            select(record.c.id, record.c.body).order_by(record.c.created_at, record.c.id),
            execution_options={"yield_per": _AT_ONCE},
        )
        for done, row in enumerate(_spread(rows, step)):
            progress("records replayed", done, round(total / step))
            problem = _replayed(desk, row.body, judges)
            if problem is None:
                same += 1
            else:
                other.append((row.id, problem))
    progress("records replayed", same + len(other), same + len(other))
    return Replayed(same=same, other=tuple(other))


def _spread(rows: Any, step: float) -> Iterator[Any]:
    following = 0.0
    for number, row in enumerate(rows):
        if number >= following:
            following += step
            yield row


def _replayed(desk: Desk, body: str, judges: _Judges) -> str | None:
    """Why a record does not give its bytes again; None where it does."""
    try:
        said = msgspec.json.decode(body)
        again = _judge(desk, said, judges).revise(Answer.of_record(said, library_of(desk, said)))
    except InputError as error:
        return str(error)
    except (MedwarrantError, msgspec.MsgspecError, KeyError, TypeError, ValueError) as error:
        return f"it cannot be judged again ({type(error).__name__})"
    found = {**again.to_dict(), "engine": said["engine"]}
    found["digest"] = case_digest(found)
    found["record_digest"] = record_digest(found)
    if canonical(found) == canonical(said):
        return None
    return _difference(said, found, again.to_dict()["engine"])


def _judge(desk: Desk, said: Any, judges: _Judges) -> Medwarrant:
    """What judges with the packs of a record; those of a few versions are kept at hand."""
    library = library_of(desk, said)
    if library is desk.medwarrant.library:
        return desk.medwarrant
    digests = tuple(pack.digest for pack in library.packs)
    if digests not in judges:
        if len(judges) >= _VERSIONS:
            judges.clear()
        judges[digests] = Medwarrant(library, desk.medwarrant.icd)
    return judges[digests]


def _difference(said: dict[str, Any], found: dict[str, Any], engine: str) -> str:
    """Where two records differ, without a word of what they say."""
    parts = sorted(
        key
        for key in {*said, *found} - {"digest", "record_digest"}
        if canonical(said.get(key)) != canonical(found.get(key))
    )
    what = f"it comes out different in {', '.join(parts)}"
    if "code_sets" in parts:
        return f"{what}: it was judged with another release of a code set"
    if said["engine"] != engine:
        return f"{what}: it was judged by medwarrant {str(said['engine'])[:20]}"
    return what
