"""Rows of every kind, written as the review desk writes them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Integer, LargeBinary, Table, insert

from medwarrant.model.canonical import canonical
from medwarrant.review import inquiries
from medwarrant.review.decisions import DecisionBody, Signer, signature_of
from medwarrant.review.records import answer_of, keep_record, load_record
from medwarrant.review.store.schema import Moment, decision, first_determination, letter
from medwarrant.review.store.witness import text_digest
from medwarrant.review.submitting import submit
from medwarrant.review.work import Desk, Work, new_id

QUESTION = "Is 64405 medically necessary for migraine?"


def write_inquiry(desk: Desk, person, *, note: bytes = b"Migraine for ten years.\n"):
    """An inquiry with two records, a file and a follow-up; its id and that of its last record."""
    app = desk.medwarrant
    answer = app.ask(QUESTION, as_of=desk.clock().date())
    file = inquiries.FileSent(name="note.txt", body=note, media_type="text/plain")
    with desk.work(person) as work:
        kept, _ = inquiries.keep_inquiry(work, answer, [file])
    again = app.revise(answer, facts=["intent=acute"])
    with desk.work(person) as work:
        record = inquiries.revise_inquiry(work, kept.id, again, why="answered", expected=1)
        inquiries.add_follow_up(work, kept.id, "Why?", {"kind": "why"}, answer=None, expected=2)
    return kept, record


def write_case(desk: Desk, people):
    """A case with a decision and a letter; the id of the case."""
    kept, _ = write_inquiry(desk, people["requester"])
    with desk.work(people["requester"]) as work:
        case = submit(
            work,
            kept.id,
            urgency="standard",
            member_name="A. Member",
            requester_name="A. Practice",
            expected=3,
        )
    with desk.work(people["nurse_reviewer"]) as work:
        answer = answer_of(desk, load_record(work.connection, case.record_id))
        record = keep_record(work, kept.id, answer, why="facts_reviewed", case_id=case.id)
        body = canonical(
            DecisionBody(
                case=case.id,
                case_number=case.number,
                number=1,
                stage="initial",
                kind="approved",
                record=record.id,
                record_number=record.number,
                digest=record.digest,
                record_digest=record.record_digest,
                proposed=None,
                lines=(),
                signer=Signer(
                    person=work.person.id, name="A", credentials="RN", role="nurse", statement="I"
                ),
                signed_at=work.now.isoformat(),
            )
        ).decode()
        signature = signature_of(body, record.record_digest)
        decided = row(
            work,
            decision,
            case_id=case.id,
            number=1,
            stage="initial",
            kind="approved",
            record_id=record.id,
            record_digest=record.record_digest,
            body=body,
            signature=signature,
        )
        work.log(
            "decided",
            case.subject,
            decision=decided,
            signature=signature,
            record_digest=record.record_digest,
            kind="approved",
            number=1,
            stage="initial",
        )
        first = insert(first_determination).values(
            case_id=case.id,
            decision_id=decided,
            kind="approved",
            decided_at=work.now,
            urgency="standard",
            due_at=case.due_at,
            extended=False,
        )
        work.connection.execute(first)
        text = '{"title":"Approved"}'
        for number, sent_at in enumerate((None, work.now), start=1):
            written = row(
                work,
                letter,
                case_id=case.id,
                number=number,
                kind="approval",
                body=text,
                decision_id=decided,
                record_digest=record.record_digest,
                sent_at=sent_at,
            )
            work.log(
                "letter",
                case.subject,
                letter=written,
                digest=text_digest(text),
                decision=decided,
                kind="approval",
                record_digest=record.record_digest,
            )
        work.log("letter_sent", case.subject, letter=written)
    return case


def row(work: Work, table: Table, **given: Any) -> str:
    """Insert a row with what is given; what must be there beside it is blank, whatever columns come."""
    values = {"id": new_id(), **given}
    for column in table.columns:
        if column.name in values or column.nullable or column.default is not None:
            continue
        if column.name == "person_id":
            values[column.name] = work.person.id
        elif isinstance(column.type, Moment):
            values[column.name] = work.now
        elif isinstance(column.type, Boolean):
            values[column.name] = False
        elif isinstance(column.type, Integer):
            values[column.name] = 1
        else:
            values[column.name] = b"" if isinstance(column.type, LargeBinary) else "-"
    work.connection.execute(insert(table), values)
    return values["id"]
