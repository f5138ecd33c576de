"""The talk between the physician reviewer and the one who treats: offered before less than was asked is signed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import msgspec
from sqlalchemy import insert, select, update

from ..model.errors import InputError
from . import settings, written
from .cases import Case, case_for, change
from .errors import NotAllowed
from .store.schema import peer_to_peer
from .work import Work, new_id

TalkState = Literal["offered", "held", "declined", "unanswered"]
TALK_WORDS: Final[dict[TalkState, str]] = {
    "offered": "Offered",
    "held": "Held",
    "declined": "Declined by the treating side",
    "unanswered": "Offered, and not answered",
}


#: No clock lets a case wait longer for an answer.
_LONGEST_WAIT: Final = timedelta(days=60)


class Talk(msgspec.Struct, frozen=True, kw_only=True):
    """A peer-to-peer talk: how it was offered, to whom and until when, and what came of it."""

    id: str
    stage_number: int
    state: TalkState
    contact: str
    outcome: str
    answer_by: datetime
    person_id: str
    created_at: datetime
    closed_at: datetime | None


def offer_talk(
    work: Work, case_id: str, contact: str, answer_by: datetime, *, expected: int
) -> tuple[Case, Talk]:
    """Keep that a talk was offered: to whom, how, and until when an answer is awaited.

    A time without a time zone is one of the plan's. A talk that is open is closed first. Raises `InputError`
    for a time that has passed or is far away.
    """
    case, standing = case_for(work, case_id, "peer_to_peer", expected)
    known = last_talk(work, case)
    if known is not None and known.state == "offered":
        raise NotAllowed("a talk is offered already", mend="say what came of it")
    said = written.passage(contact, "contact", most=1_000)
    if len(said.split()) < 3:
        raise InputError(
            "say to whom it was offered, and how",
            where="contact",
            mend="for example: called Dr. Reyes' office at 10:15, left the number to call back",
        )
    if answer_by.tzinfo is None:
        answer_by = answer_by.replace(tzinfo=settings.organisation(work.connection).zone)
    if not work.now < answer_by <= work.now + _LONGEST_WAIT:
        raise InputError(
            f"an answer is awaited until a moment in the next {_LONGEST_WAIT.days} days",
            where="answer_by",
            mend="say until when, as the treating side was told",
        )
    made = Talk(
        id=new_id(),
        stage_number=case.stage_number,
        state="offered",
        contact=said,
        outcome="",
        answer_by=answer_by.astimezone(UTC),
        person_id=work.person.id,
        created_at=work.now,
        closed_at=None,
    )
    work.connection.execute(
        insert(peer_to_peer), {**msgspec.structs.asdict(made), "case_id": case.id}
    )
    work.log("talk_offered", case.subject, talk=made.id)
    return change(work, case, standing), made


def close_talk(
    work: Work, case_id: str, state: TalkState, outcome: str = "", *, expected: int
) -> tuple[Case, Talk]:
    """Keep what came of the talk: held (with what was said), declined, or unanswered.

    Raises `NotAllowed` for one that is called unanswered before the time that was stated is over.
    """
    case, standing = case_for(work, case_id, "peer_to_peer", expected)
    known = last_talk(work, case)
    if known is None or known.state != "offered":
        raise NotAllowed("no talk is open", mend="offer one first")
    if state not in ("held", "declined", "unanswered"):
        raise InputError("this is not an end of a talk", where="state")
    if state == "unanswered" and work.now < known.answer_by:
        zone = settings.organisation(work.connection).zone
        until = known.answer_by.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        raise NotAllowed(
            f"an answer is awaited until {until}, as was told to the treating side",
            mend="wait until then, or keep that the talk was held or declined",
        )
    said = written.passage(outcome, "outcome", needed=False)
    if state == "held":
        said = written.reason(outcome, "outcome")
    work.connection.execute(
        update(peer_to_peer)
        .where(peer_to_peer.c.id == known.id)
        .values(state=state, outcome=said, closed_at=work.now)
    )
    work.log("talk_closed", case.subject, talk=known.id, state=state)
    closed = msgspec.structs.replace(known, state=state, outcome=said, closed_at=work.now)
    return change(work, case, standing), closed


def talks_of(work: Work, case: Case) -> list[Talk]:
    """The talks of a case, of every stage, the first first."""
    columns = [peer_to_peer.c[name] for name in Talk.__struct_fields__]
    rows = work.connection.execute(
        select(*columns)
        .where(peer_to_peer.c.case_id == case.id)
        .order_by(peer_to_peer.c.created_at, peer_to_peer.c.id)
    )
    return [Talk(**row._mapping) for row in rows]


def last_talk(work: Work, case: Case) -> Talk | None:
    """The latest talk of the stage that a case is in, or None."""
    own = [talk for talk in talks_of(work, case) if talk.stage_number == case.stage_number]
    still_open = [talk for talk in own if talk.state == "offered"]
    found = still_open or own
    return found[-1] if found else None
