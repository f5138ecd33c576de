"""The audit log, its verification, and replays, as auditors see them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from ...model.errors import InputError, MedwarrantError
from ...review.audit_log import (
    AuditFilters,
    LoggedEntry,
    acts_known,
    head_of,
    log_entries,
    log_page,
    people_logged,
)
from ...review.errors import NotIntact
from ...review.records import load_record, records_kept, replay
from ...review.store.replay import replay_all
from ...review.store.verify import Head, verify
from ...review.table import Table, csv_text
from ...review.work import Work
from ..here import Here

#: How many records are replayed at once, at most, from a page.
MOST_REPLAYED = 500


class EntryView(msgspec.Struct, frozen=True, kw_only=True):
    """An entry: `details` are its parts in words."""

    seq: int
    at: datetime
    person: str
    who: str
    act: str
    words: str
    subject: str
    detail: dict[str, Any]
    details: tuple[tuple[str, str], ...]
    digest: str


class AuditView(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the log, the newest first; `older` is the number to go on before. `head` is to be noted."""

    entries: tuple[EntryView, ...]
    older: int | None
    head: str
    acts: tuple[str, ...]
    people: tuple[tuple[str, str], ...]


class AlterationView(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is not as it was written."""

    where: str
    what: str


class VerifiedView(msgspec.Struct, frozen=True, kw_only=True):
    """What came of verifying: `intact` where nothing was altered; `rows` counts those that agree with the log."""

    intact: bool
    head: str
    entries: int
    rows: dict[str, int]
    alterations: tuple[AlterationView, ...]
    at: datetime


class Verification(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to verify; `expect` is a head that was noted earlier."""

    expect: Annotated[str, Meta(max_length=200)] = ""


class DifferentView(msgspec.Struct, frozen=True, kw_only=True):
    """A record that did not come out the same, and why."""

    record: str
    why: str


class ReplayedView(msgspec.Struct, frozen=True, kw_only=True):
    """What came of judging records again: how many gave the same bytes, and which did not."""

    same: int
    other: tuple[DifferentView, ...]
    record: str
    at: datetime


class Replay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to judge again: the record of an id, else a sample of so many, spread evenly over time."""

    record: Annotated[str, Meta(max_length=64)] = ""
    sample: Annotated[int, Meta(ge=1, le=MOST_REPLAYED)] = 20


class HeadView(msgspec.Struct, frozen=True, kw_only=True):
    """The last entry of the log: its number and digest, in one text to be noted elsewhere."""

    head: str


def head(work: Work) -> HeadView:
    """The head of the log, for auditors and administrators."""
    work.require("auditor", "administrator")
    return HeadView(head=head_of(work))


class RecordsView(msgspec.Struct, frozen=True, kw_only=True):
    """How many determinations are stored, and how many a sample has, at most."""

    records: int
    most: int


def records(work: Work) -> RecordsView:
    """How many determinations there are to judge again, for auditors and administrators."""
    work.require("auditor", "administrator")
    return RecordsView(records=records_kept(work.connection), most=MOST_REPLAYED)


def log(work: Work, filters: AuditFilters) -> AuditView:
    """A page of the log; that it was looked at is logged, after the page was read."""
    found = log_page(work, filters, UTC)
    view = AuditView(
        entries=tuple(map(_entry, found.entries)),
        older=found.older,
        head=found.head,
        acts=acts_known(work),
        people=people_logged(work),
    )
    work.log("log_seen", "audit", wanted=_told(filters))
    return view


def log_csv(work: Work, filters: AuditFilters) -> str:
    """Every entry that fits as CSV; the export is logged."""
    table = Table(
        caption="Audit log",
        columns=("seq", "at", "person", "name", "act", "subject", "detail", "digest"),
        rows=tuple(
            (
                entry.seq,
                entry.at.isoformat(timespec="microseconds"),
                entry.person_id,
                entry.who,
                entry.act,
                entry.subject,
                msgspec.json.encode(entry.detail).decode(),
                entry.digest,
            )
            for entry in log_entries(work, filters, UTC)
        ),
    )
    work.log("log_exported", "audit", entries=len(table.rows), wanted=_told(filters))
    return csv_text(table)


def verified(here: Here, sent: Verification) -> VerifiedView:
    """Verify the log and everything it witnesses, now; that it was done is logged with what was found."""
    _auditor(here)
    expect = _head(sent.expect)
    found = verify(here.desk.database, here.desk.audit_key, expect=expect)
    view = VerifiedView(
        intact=not found.alterations,
        head=str(found.head),
        entries=found.entries,
        rows=found.rows,
        alterations=tuple(
            AlterationView(where=one.where, what=one.what) for one in found.alterations
        ),
        at=here.desk.clock(),
    )
    with here.work() as work:
        work.log("log_verified", "audit", head=view.head, alterations=len(view.alterations))
    return view


def replayed(here: Here, sent: Replay) -> ReplayedView:
    """Judge one record again, or a sample, and compare bytes; that it was done is logged."""
    _auditor(here)
    if sent.record:
        same, other = _replay_one(here, sent.record)
    else:
        found = replay_all(here.desk, most=sent.sample)
        same = found.same
        other = tuple(DifferentView(record=record, why=why) for record, why in found.other)
    with here.work() as work:
        work.log(
            "replayed",
            f"record:{sent.record}" if sent.record else "audit",
            same=same,
            different=[one.record for one in other],
        )
    return ReplayedView(same=same, other=other, record=sent.record, at=here.desk.clock())


def _replay_one(here: Here, record: str) -> tuple[int, tuple[DifferentView, ...]]:
    with here.look() as work:
        try:
            kept = load_record(work.connection, record)
        except NotIntact as error:
            return 0, (DifferentView(record=record, why=error.problem),)
    try:
        replay(here.desk, kept)
    except MedwarrantError as error:
        return 0, (DifferentView(record=record, why=str(error)),)
    return 1, ()


def _auditor(here: Here) -> None:
    with here.look() as work:
        work.require("auditor", "administrator")


def _head(noted: str) -> Head | None:
    if not noted.strip():
        return None
    try:
        return Head.read(noted)
    except InputError as error:
        raise InputError(
            error.problem,
            where="expect",
            mend="give it as it was shown: NUMBER:hmac-sha256:FIGURES",
        ) from None


def _entry(entry: LoggedEntry) -> EntryView:
    return EntryView(
        seq=entry.seq,
        at=entry.at,
        person=entry.person_id,
        who=entry.who,
        act=entry.act,
        words=entry.act.replace("_", " "),
        subject=entry.subject,
        detail=entry.detail,
        details=tuple(
            (name.replace("_", " "), _said(value)) for name, value in entry.detail.items()
        ),
        digest=entry.digest,
    )


def _said(value: Any) -> str:
    match value:
        case None | "" | []:
            return "none"
        case dict():
            return ", ".join(f"{name} {_said(part)}" for name, part in value.items()) or "all"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(str, value))
        case _:
            return str(value)


def _told(filters: AuditFilters) -> dict[str, Any]:
    """The filters as the log tells of them, without empty ones."""
    plain = msgspec.to_builtins(filters)
    return {name: value for name, value in plain.items() if value not in ("", None)}
