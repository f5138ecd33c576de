"""Drafts: a question that is being put together, kept for a day.

Once it was asked it stays for the rest of its day, so that whoever goes back finds it and may ask it otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, delete, func, insert, select, update

from ..intake.files.read import shown_name
from ..model.errors import InputError
from .asking import Shown
from .errors import NotFound
from .inquiries import MOST_DOCUMENTS, FileSent
from .store.schema import draft, draft_file
from .work import Work, new_id

KEPT: Final = timedelta(days=1)


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A question that is being put together, with the files dropped so far."""

    id: str
    question: str
    shown: Shown
    files: tuple[FileSent, ...]
    created_at: datetime


def keep_draft(work: Work, question: str, files: Iterable[FileSent]) -> str:
    """Keep a new draft; its id. Drafts that are older than a day are deleted."""
    gone = draft.c.created_at < work.now - KEPT
    work.connection.execute(
        delete(draft_file).where(draft_file.c.draft_id.in_(select(draft.c.id).where(gone)))
    )
    work.connection.execute(delete(draft).where(gone))
    made = new_id()
    work.connection.execute(
        insert(draft),
        {
            "id": made,
            "person_id": work.person.id,
            "question": question,
            "shown": "{}",
            "created_at": work.now,
        },
    )
    add_files(work, made, files)
    return made


def add_files(work: Work, draft_id: str, files: Iterable[FileSent]) -> None:
    """Add files to a draft; two of one name are told apart by a number.

    Raises `InputError` for a file that cannot be read and for too many.
    """
    names = set(
        work.connection.scalars(select(draft_file.c.name).where(draft_file.c.draft_id == draft_id))
    )
    for file in files:
        if len(names) >= MOST_DOCUMENTS:
            raise InputError(f"more than {MOST_DOCUMENTS} files", mend="send those that matter")
        name = _apart(shown_name(file.name), names)
        names.add(name)
        work.connection.execute(
            insert(draft_file),
            {
                "id": new_id(),
                "draft_id": draft_id,
                "number": len(names),
                "name": name,
                "media_type": file.media_type[:100],
                "body": file.body,
            },
        )


def _apart(name: str, taken: set[str]) -> str:
    number, found = 2, name
    while found in taken:
        found, number = shown_name(f"{name} ({number})"), number + 1
    return found


def load_draft(work: Work, draft_id: str) -> Draft:
    """The person's own draft; raises `NotFound` for any other."""
    row = work.connection.execute(select(draft).where(*_own(work, draft_id))).one_or_none()
    if row is None:
        raise NotFound("there is no such draft", mend="ask anew; drafts are kept for a day")
    files = work.connection.execute(
        select(draft_file.c.name, draft_file.c.media_type, draft_file.c.body)
        .where(draft_file.c.draft_id == draft_id)
        .order_by(draft_file.c.number)
    )
    return Draft(
        id=row.id,
        question=row.question,
        shown=msgspec.json.decode(row.shown, type=Shown),
        files=tuple(
            FileSent(name=file.name, media_type=file.media_type, body=bytes(file.body))
            for file in files
        ),
        created_at=row.created_at,
    )


def change_draft(work: Work, draft_id: str, *, question: str, shown: Shown) -> None:
    """Put a draft's question and what was said of its reading in place of the ones before."""
    found = work.connection.scalar(
        select(func.count()).select_from(draft).where(*_own(work, draft_id))
    )
    if not found:
        raise NotFound("there is no such draft", mend="ask anew; drafts are kept for a day")
    work.connection.execute(
        update(draft)
        .where(draft.c.id == draft_id)
        .values(question=question, shown=msgspec.json.encode(shown).decode())
    )


def drop_file(work: Work, draft_id: str, name: str) -> None:
    """Take a file out of the person's own draft."""
    load_draft(work, draft_id)
    work.connection.execute(
        delete(draft_file).where(draft_file.c.draft_id == draft_id, draft_file.c.name == name)
    )


def _own(work: Work, draft_id: str) -> tuple[ColumnElement[bool], ...]:
    """What picks out the person's own draft while its day lasts."""
    return (
        draft.c.id == draft_id,
        draft.c.person_id == work.person.id,
        draft.c.created_at >= work.now - KEPT,
    )
