"""Inquiries: what somebody asked and keeps, with its numbered records, its thread and its files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, func, insert, select, update

from ..answer import Answer
from ..intake.files.note_text import NoteText
from ..intake.files.read import read_file
from ..model.errors import InputError
from .errors import NotAllowed, NotFound, Stale
from .records import RecordKept, keep_record, last_record
from .separation import blind_to
from .store.schema import document, follow_up, inquiry, record, review_case
from .work import Work, new_id

_LONGEST_TITLE = 200
MOST_DOCUMENTS = 50


class Inquiry(msgspec.Struct, frozen=True, kw_only=True):
    """A question or request that is kept; `version` is raised by every change of it."""

    id: str
    person_id: str
    question: str | None
    title: str
    shared: bool
    version: int
    created_at: datetime
    changed_at: datetime


class FollowUpKept(msgspec.Struct, frozen=True, kw_only=True):
    """One follow-up question with its reply, as plain data of `medwarrant.followup`."""

    id: str
    inquiry_id: str
    number: int
    question: str
    reply: dict[str, Any]
    record_id: str | None
    person_id: str
    created_at: datetime


class DocumentKept(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came with an inquiry, without its bytes."""

    id: str
    inquiry_id: str
    name: str
    media_type: str
    sha256: str
    person_id: str
    created_at: datetime


class FileSent(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was sent."""

    name: str
    body: bytes
    media_type: str = "application/octet-stream"

    def note(self) -> NoteText:
        """Its text; raises `InputError` where it cannot be read as a note."""
        return read_file(self.body, self.name)


def keep_inquiry(
    work: Work, answer: Answer, files: Iterable[FileSent] = ()
) -> tuple[Inquiry, RecordKept]:
    """Keep a first answer and the files that it was made from."""
    kept = Inquiry(
        id=new_id(),
        person_id=work.person.id,
        question=answer.question,
        title=title_of(answer),
        shared=False,
        version=1,
        created_at=work.now,
        changed_at=work.now,
    )
    work.connection.execute(insert(inquiry), msgspec.structs.asdict(kept))
    work.log("asked", f"inquiry:{kept.id}")
    add_documents(work, kept.id, files)
    return kept, keep_record(work, kept.id, answer, why="asked")


def title_of(answer: Answer) -> str:
    """What lists call an inquiry: the question, else its codes."""
    request = answer.reading.request
    codes = ", ".join(line.code for line in request.services) or "no service"
    diagnoses = ", ".join(diagnosis.code for diagnosis in request.diagnoses) or "no diagnosis"
    said = " ".join((answer.question or "").split()) or f"{codes} for {diagnoses}"
    return said if len(said) <= _LONGEST_TITLE else f"{said[: _LONGEST_TITLE - 1]}…"


def load_inquiry(work: Work, inquiry_id: str) -> Inquiry:
    """An inquiry that the person may see: an own one, a shared one, or one under review for reviewers.

    Raises `NotFound` for any other, whether it exists or not, and `NotAllowed` while the person is to review
    a case of it blind.
    """
    row = work.connection.execute(select(inquiry).where(inquiry.c.id == inquiry_id)).one_or_none()
    if row is None or not _may_see(work, row):
        raise NotFound("there is no such inquiry, or it is not shared with you")
    _refuse_blind(work, inquiry_id)
    return Inquiry(**row._mapping)


def own_inquiry(work: Work, inquiry_id: str) -> Inquiry:
    """The person's own inquiry; raises `NotFound` for any other."""
    found = load_inquiry(work, inquiry_id)
    if found.person_id != work.person.id:
        raise NotFound("there is no such inquiry of yours", mend="ask anew to keep your own")
    return found


def _refuse_blind(work: Work, inquiry_id: str) -> None:
    """The article and its review would show what a second reviewer is not to know yet."""
    cases = work.connection.scalars(
        select(review_case.c.id).where(review_case.c.inquiry_id == inquiry_id)
    )
    if any(blind_to(work.connection, case_id, work.person.id) for case_id in cases.all()):
        raise NotAllowed(
            "you are to review a case of this inquiry without knowing what was proposed and decided",
            mend="answer the second review first",
        )


def _may_see(work: Work, row: Row[Any]) -> bool:
    if row.shared or row.person_id == work.person.id:
        return True
    if not work.person.is_a("nurse_reviewer", "physician_reviewer", "auditor"):
        return False
    return (
        work.connection.scalar(
            select(func.count()).select_from(review_case).where(review_case.c.inquiry_id == row.id)
        )
        or 0
    ) > 0


def inquiries_of(work: Work, *, limit: int = 50, offset: int = 0) -> list[Inquiry]:
    """The person's own inquiries, the latest first."""
    rows = work.connection.execute(
        select(inquiry)
        .where(inquiry.c.person_id == work.person.id)
        .order_by(inquiry.c.changed_at.desc(), inquiry.c.id)
        .limit(limit)
        .offset(offset)
    )
    return [Inquiry(**row._mapping) for row in rows]


def revise_inquiry(
    work: Work,
    inquiry_id: str,
    answer: Answer,
    *,
    why: str,
    expected: int,
    files: Iterable[FileSent] = (),
) -> RecordKept:
    """Keep a revised answer as the next record of the person's own inquiry.

    Raises `Stale` where the inquiry changed since `expected` was seen, `NotFound` where it is not the
    person's own.
    """
    _changed(work, inquiry_id, expected, title=title_of(answer))
    add_documents(work, inquiry_id, files)
    return keep_record(work, inquiry_id, answer, why=why)


def share_inquiry(work: Work, inquiry_id: str, *, shared: bool, expected: int) -> None:
    """Let everyone inside the organisation who has the link read the inquiry, or no longer."""
    _changed(work, inquiry_id, expected, shared=shared)
    work.log("shared" if shared else "unshared", f"inquiry:{inquiry_id}")


def add_follow_up(
    work: Work,
    inquiry_id: str,
    question: str,
    reply: dict[str, Any],
    *,
    answer: Answer | None,
    expected: int,
) -> FollowUpKept:
    """Add a follow-up to the thread, with the new answer where facts were given and kept."""
    _changed(work, inquiry_id, expected)
    made = None if answer is None else keep_record(work, inquiry_id, answer, why="follow_up")
    last = work.connection.scalar(
        select(func.max(follow_up.c.number)).where(follow_up.c.inquiry_id == inquiry_id)
    )
    kept = FollowUpKept(
        id=new_id(),
        inquiry_id=inquiry_id,
        number=(last or 0) + 1,
        question=question,
        reply=reply,
        record_id=made.id if made else None,
        person_id=work.person.id,
        created_at=work.now,
    )
    row = msgspec.structs.asdict(kept)
    row["reply"] = msgspec.json.encode(reply).decode()
    work.connection.execute(insert(follow_up), row)
    work.log("followed_up", f"inquiry:{inquiry_id}", number=kept.number)
    return kept


def thread_of(work: Work, inquiry_id: str) -> list[FollowUpKept]:
    """The thread of an inquiry, the first follow-up first."""
    rows = work.connection.execute(
        select(follow_up).where(follow_up.c.inquiry_id == inquiry_id).order_by(follow_up.c.number)
    )
    return [
        FollowUpKept(**{**row._mapping, "reply": msgspec.json.decode(row.reply)}) for row in rows
    ]


def add_documents(work: Work, inquiry_id: str, files: Iterable[FileSent]) -> list[DocumentKept]:
    """Keep files with an inquiry, byte for byte; a name that is taken is told apart by the caller.

    Raises `InputError` for a name that is taken and for too many files.
    """
    known = {kept.name for kept in documents_of(work, inquiry_id)}
    added = []
    for file in files:
        if file.name in known:
            raise InputError(
                f"a file named '{file.name[:80]}' is there already", mend="give it another name"
            )
        if len(known) >= MOST_DOCUMENTS:
            raise InputError(f"more than {MOST_DOCUMENTS} files", mend="send those that matter")
        known.add(file.name)
        kept = DocumentKept(
            id=new_id(),
            inquiry_id=inquiry_id,
            name=file.name,
            media_type=file.media_type[:100],
            sha256=hashlib.sha256(file.body).hexdigest(),
            person_id=work.person.id,
            created_at=work.now,
        )
        row = {**msgspec.structs.asdict(kept), "body": file.body}
        work.connection.execute(insert(document), row)
        work.log("document", f"inquiry:{inquiry_id}", document=kept.id, sha256=kept.sha256)
        added.append(kept)
    return added


def documents_of(work: Work, inquiry_id: str) -> list[DocumentKept]:
    """The files of an inquiry, without their bytes."""
    columns = [document.c[name] for name in DocumentKept.__struct_fields__]
    rows = work.connection.execute(
        select(*columns)
        .where(document.c.inquiry_id == inquiry_id)
        .order_by(document.c.created_at, document.c.name)
    )
    return [DocumentKept(**row._mapping) for row in rows]


def document_body(work: Work, inquiry_id: str, document_id: str) -> FileSent:
    """A file as it was sent; raises `NotFound` where the inquiry holds none of that id."""
    row = work.connection.execute(
        select(document.c.name, document.c.body, document.c.media_type).where(
            document.c.id == document_id, document.c.inquiry_id == inquiry_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound("there is no such file")
    return FileSent(name=row.name, body=bytes(row.body), media_type=row.media_type)


def record_lines(work: Work, inquiry_id: str) -> list[Row[Any]]:
    """The records of an inquiry that were not made in a review, without their bodies."""
    return list(
        work.connection.execute(
            select(
                record.c.id,
                record.c.number,
                record.c.record_digest,
                record.c.outcome,
                record.c.provisional,
                record.c.why,
                record.c.created_at,
            )
            .where(record.c.inquiry_id == inquiry_id, record.c.case_id.is_(None))
            .order_by(record.c.number)
        )
    )


def no_record() -> NotFound:
    """There is no record of that number."""
    return NotFound("there is no such record", mend="look at the latest one")


def current_record(work: Work, inquiry_id: str) -> RecordKept:
    """The latest record of an inquiry as its asker sees it."""
    return last_record(work.connection, inquiry_id)


def _changed(work: Work, inquiry_id: str, expected: int, **values: Any) -> None:
    """Raise the version of the person's own inquiry, if it is still the one that was seen."""
    done = work.connection.execute(
        update(inquiry)
        .where(
            inquiry.c.id == inquiry_id,
            inquiry.c.version == expected,
            inquiry.c.person_id == work.person.id,
        )
        .values(version=expected + 1, changed_at=work.now, **values)
    )
    if done.rowcount == 1:
        return
    own = work.connection.scalar(
        select(inquiry.c.version).where(
            inquiry.c.id == inquiry_id, inquiry.c.person_id == work.person.id
        )
    )
    if own is None:
        raise NotFound("there is no such inquiry of yours", mend="ask anew to keep your own")
    raise Stale("this inquiry changed since you opened it", mend="look again and repeat")
