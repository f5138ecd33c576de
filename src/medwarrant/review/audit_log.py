"""The audit log as people read it: filtered, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, select

from ..model.errors import InputError
from .names import names_of
from .store.audit import AuditEntry
from .store.schema import audit, audit_head, person, review_case
from .store.verify import Head
from .work import Work

#: How many entries a page has.
ON_A_PAGE: Final = 50
_AT_ONCE: Final = 1000


class AuditFilters(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries are wanted: those that fit everything that is given.

    `subject` is a subject as it stands in the log, or the number of a case; `first` and `last` are whole
    days. `before` is the number of an entry: only older ones.
    """

    act: str = ""
    person: str = ""
    subject: str = ""
    first: date | None = None
    last: date | None = None
    before: int | None = None


class LoggedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the log with the name of who did it."""

    seq: int
    at: datetime
    person_id: str
    who: str
    act: str
    subject: str
    detail: dict[str, Any]
    digest: str


class LogPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the log, the newest first; `older` is the number to go on before, or None at the end."""

    entries: tuple[LoggedEntry, ...]
    older: int | None
    head: str


def log_page(work: Work, filters: AuditFilters, zone: tzinfo) -> LogPage:
    """The newest entries that fit, for auditors and administrators."""
    work.require("auditor", "administrator")
    found = _entries(work, filters, zone, ON_A_PAGE + 1)
    shown = found[:ON_A_PAGE]
    return LogPage(
        entries=_named(work, shown),
        older=shown[-1].seq if len(found) > ON_A_PAGE else None,
        head=head_of(work),
    )


def log_entries(work: Work, filters: AuditFilters, zone: tzinfo) -> Iterator[LoggedEntry]:
    """Every entry that fits, the newest first, for auditors and administrators."""
    work.require("auditor", "administrator")
    while True:
        found = _entries(work, filters, zone, _AT_ONCE)
        yield from _named(work, found)
        if len(found) < _AT_ONCE:
            return
        filters = msgspec.structs.replace(filters, before=found[-1].seq)


def acts_known(work: Work) -> tuple[str, ...]:
    """Every act that the log holds."""
    work.require("auditor", "administrator")
    rows = work.connection.execute(select(audit.c.act).distinct().order_by(audit.c.act))
    return tuple(rows.scalars())


def people_logged(work: Work) -> tuple[tuple[str, str], ...]:
    """Everybody who may stand in the log, by name: pairs of id and name."""
    work.require("auditor", "administrator")
    rows = work.connection.execute(select(person.c.id, person.c.name).order_by(person.c.name))
    return tuple((row.id, row.name) for row in rows)


def head_of(work: Work) -> str:
    """The head of the log, to be noted elsewhere: it shows later what was cut off."""
    row = work.connection.execute(select(audit_head.c.seq, audit_head.c.digest)).one()
    return str(Head(row.seq, row.digest))


def _entries(work: Work, filters: AuditFilters, zone: tzinfo, most: int) -> Sequence[AuditEntry]:
    rows = work.connection.execute(
        select(audit)
        .where(*_conditions(work, filters, zone))
        .order_by(audit.c.seq.desc())
        .limit(most)
    )
    return [
        AuditEntry(**{**row._mapping, "detail": msgspec.json.decode(row.detail)}) for row in rows
    ]


def _conditions(work: Work, filters: AuditFilters, zone: tzinfo) -> list[ColumnElement[bool]]:
    if filters.first is not None and filters.last is not None and filters.last < filters.first:
        raise InputError(
            "the last day is before the first", where="last", mend="give the earlier day first"
        )
    found: list[ColumnElement[bool]] = [audit.c.seq > 0]
    if filters.act:
        found.append(audit.c.act == filters.act)
    if filters.person:
        found.append(audit.c.person_id == filters.person)
    if filters.subject:
        found.append(audit.c.subject == _subject(work, filters.subject))
    if filters.first is not None:
        found.append(audit.c.at >= datetime.combine(filters.first, time(), zone))
    if filters.last is not None:
        found.append(audit.c.at < datetime.combine(_next(filters.last), time(), zone))
    if filters.before is not None:
        found.append(audit.c.seq < filters.before)
    return found


def _next(day: date) -> date:
    if day == date.max:
        raise InputError(
            "there is no such day", where="last", mend="write a day such as 2026-11-23"
        )
    return day + timedelta(days=1)


def _subject(work: Work, said: str) -> str:
    """A subject as it stands in the log; the number of a case stands for the case."""
    if ":" in said:
        return said
    case_id = work.connection.scalar(select(review_case.c.id).where(review_case.c.number == said))
    return said if case_id is None else f"case:{case_id}"


def _named(work: Work, found: Sequence[AuditEntry]) -> tuple[LoggedEntry, ...]:
    names = names_of(work.connection, (entry.person_id for entry in found))
    return tuple(
        LoggedEntry(
            seq=entry.seq,
            at=entry.at,
            person_id=entry.person_id,
            who=names.get(entry.person_id, entry.person_id),
            act=entry.act,
            subject=entry.subject,
            detail=entry.detail,
            digest=entry.digest,
        )
        for entry in found
    )
