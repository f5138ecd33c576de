"""Review cases as they are kept: who may see one, and how it is changed without overwriting anybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Row, insert, select, update

from ..answer import Answer
from ..policy.clock_rule import Urgency
from .case_clock import CaseClock, clock_kept, reading
from .clock import ClockReading
from .errors import NotAllowed, NotFound, Stale
from .names import name_of
from .people import Person, Role
from .records import RecordKept, answer_of, load_record
from .separation import blind_to, refuse_those_who_decided, remember_part, takes_part
from .settings import organisation
from .states import OPEN, Act, Stage, Standing, State, after, may
from .store.schema import audit, comment, review_case
from .work import Desk, Work, new_id

#: Who sees every case. Requesters see their own; editors see none, because a policy is read without patients.
SEES_EVERY_CASE: Final[tuple[Role, ...]] = (
    "nurse_reviewer",
    "physician_reviewer",
    "auditor",
    "administrator",
)
#: Acts of the one person whom the case is assigned to.
_OF_THE_ASSIGNED: Final[frozenset[Act]] = frozenset(
    {
        "refer",
        "review_facts",
        "request_information",
        "approve",
        "sign",
        "peer_to_peer",
        "end_waiting",
    }
)
_SEEN_AGAIN: Final = timedelta(minutes=1)


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A review case; `version` is raised by every act on it."""

    id: str
    number: str
    inquiry_id: str
    record_id: str
    submitted_record_id: str
    version: int
    state: State
    is_open: bool
    resumes: State | None
    stage: Stage
    stage_number: int
    urgency: Urgency
    line_of_business: str
    payer: str
    outcome: str | None
    provisional: bool
    assigned_to: str | None
    submitted_by: str
    member_name: str
    member_reference: str
    requester_name: str
    requester_address: str
    summary: str
    clock: CaseClock
    received_at: datetime
    stage_at: datetime
    due_at: datetime
    paused_since: datetime | None
    decided_at: datetime | None
    changed_at: datetime
    changed_by: str

    @property
    def standing(self) -> Standing:
        """Where it stands, as `states` has it."""
        return Standing(state=self.state, stage=self.stage, resumes=self.resumes)

    @property
    def subject(self) -> str:
        """Its name in the audit log."""
        return f"case:{self.id}"


def case_of(row: Row[Any]) -> Case:
    """The case of a row."""
    return Case(**{**row._mapping, "clock": clock_kept(row.clock)})


def load_case(work: Work, case_id: str) -> Case:
    """A case to be looked at; that it was seen is logged, once a minute.

    Raises `NotFound` where there is none or the person may not know of it, and `NotAllowed` while the
    person is to review it blind: looking at it would show what somebody else decided.
    """
    found = _visible(work, case_id)
    if blind_to(work.connection, found.id, work.person.id):
        raise NotAllowed(
            "you are to review this case without knowing what was decided",
            mend="answer the second review first",
        )
    _log_seen(work, found)
    return found


def may_see(who: Person, case: Case) -> bool:
    """Whether a person may see a case: the one who submitted it, and everyone who works on cases."""
    return who.is_a(*SEES_EVERY_CASE) or case.submitted_by == who.id


def acts_open(work: Work, case: Case) -> tuple[Act, ...]:
    """What the person may do with a case now: for a page, which still shows what an act would refuse."""
    own = case.submitted_by == work.person.id
    roles = set(work.person.roles) if own else set(work.person.roles) - {"requester"}
    found = []
    for act in may(case.standing, roles):
        if belongs_to(case, act, work.person.id):
            found.append(act)
    return tuple(found)


def belongs_to(case: Case, act: Act, person_id: str) -> bool:
    """Whether an act, as far as whose it is goes, is this person's.

    Most of a review is done by whoever has the case. A request is withdrawn by whoever submitted it, or by
    whoever has it and was told so; an appeal by whoever submitted it alone.
    """
    has_it = case.assigned_to == person_id
    if act == "withdraw":
        return case.submitted_by == person_id or (has_it and case.stage != "appeal")
    return has_it or act not in {*_OF_THE_ASSIGNED, "release"}


def case_for(work: Work, case_id: str, act: Act, expected: int) -> tuple[Case, Standing]:
    """A case that the person is about to act on, locked, and where the act leads.

    Raises `NotFound`; `Stale` where somebody acted since the version that the person saw; `NotAllowed`
    where state, role or assignment do not allow the act, or where the person took part in the decision
    that is looked at again.
    """
    found = _visible(work, case_id, lock=True)
    if found.version != expected:
        raise stale(work, found)
    roles = set(work.person.roles)
    if found.submitted_by != work.person.id:
        roles -= {"requester"}  # requesters act on their own cases alone
    standing = after(found.standing, act, roles)
    if takes_part(act):
        refuse_those_who_decided(work.connection, found.id, found.stage_number, work.person.id)
    if act in _OF_THE_ASSIGNED and not belongs_to(found, act, work.person.id):
        raise _not_assigned(work, found)
    if takes_part(act):
        remember_part(work, found.id, found.stage_number)
    return found, standing


def change(work: Work, case: Case, standing: Standing | None = None, **values: Any) -> Case:
    """Change a case if it is still the version that was read; the case as it is then.

    Raises `Stale` otherwise.
    """
    if standing is not None:
        values |= {
            "state": standing.state,
            "stage": standing.stage,
            "resumes": standing.resumes,
            "is_open": standing.state in OPEN,
        }
    done = work.connection.execute(
        update(review_case)
        .where(review_case.c.id == case.id, review_case.c.version == case.version)
        .values(version=case.version + 1, changed_at=work.now, changed_by=work.person.id, **values)
    )
    if done.rowcount != 1:
        raise stale(work, case)
    return find_case(work.connection, case.id)


def find_case(connection: Connection, case_id: str) -> Case:
    """A case by its id, whoever asks: for acts and for letters, not for pages. Raises `NotFound`."""
    row = connection.execute(select(review_case).where(review_case.c.id == case_id)).one_or_none()
    if row is None:
        raise _not_found()
    return case_of(row)


def stale(work: Work, case: Case) -> Stale:
    """The refusal that says who changed the case and when."""
    now = find_case(work.connection, case.id)
    when = now.changed_at.strftime("%Y-%m-%d %H:%M UTC")
    who = "you" if now.changed_by == work.person.id else name_of(work.connection, now.changed_by)
    return Stale(
        f"{who} changed case {now.number} on {when}, after you opened it",
        mend="look at it again and repeat what still holds",
    )


def record_of(work: Work, case: Case) -> RecordKept:
    """The latest record of a case; raises `NotIntact` where somebody altered it."""
    return load_record(work.connection, case.record_id)


def case_answer(desk: Desk, kept: RecordKept) -> Answer:
    """The answer of a case's record, as it was shown."""
    return answer_of(desk, kept)


def clock_of(work: Work, case: Case) -> ClockReading:
    """What the clock of a case shows: now, or at the moment it was closed."""
    now = work.now if case.is_open else (case.decided_at or case.changed_at)
    zone = organisation(work.connection).zone
    return reading(case.clock, case.urgency, case.stage_at, max(now, case.stage_at), zone)


def note(work: Work, case: Case, act: str, text: str, **about: str) -> str:
    """Keep what a person wrote with an act beside the comments; it never goes to the audit log."""
    found = new_id()
    work.connection.execute(
        insert(comment),
        {
            "id": found,
            "case_id": case.id,
            "act": act,
            "body": text,
            "person_id": work.person.id,
            "created_at": work.now,
            **about,
        },
    )
    return found


def _visible(work: Work, case_id: str, *, lock: bool = False) -> Case:
    query = select(review_case).where(review_case.c.id == case_id)
    row = work.connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise _not_found()
    found = case_of(row)
    if not may_see(work.person, found):
        raise _not_found()
    return found


def _log_seen(work: Work, case: Case) -> None:
    latest = work.connection.scalar(
        select(audit.c.seq)
        .where(
            audit.c.subject == case.subject,
            audit.c.act == "seen",
            audit.c.person_id == work.person.id,
            audit.c.at > work.now - _SEEN_AGAIN,
        )
        .limit(1)
    )
    if latest is None:
        work.log("seen", case.subject, version=case.version)


def _not_assigned(work: Work, case: Case) -> NotAllowed:
    if case.assigned_to is None:
        return NotAllowed("nobody has taken this case", mend="take it first")
    return NotAllowed(
        f"{name_of(work.connection, case.assigned_to)} has this case",
        mend="ask for it to be assigned to you",
    )


def _not_found() -> NotFound:
    return NotFound("there is no such case, or it is not yours")
