"""Who has a case: taking, assigning, releasing and referring it, and withdrawing it."""

from __future__ import annotations

from typing import Literal

import msgspec
from sqlalchemy import select, update

from ..model.errors import InputError
from . import written
from .cases import Case, belongs_to, case_for, change, find_case, note
from .errors import NotAllowed
from .names import name_of
from .people import Person, Role
from .separation import took_part_before
from .states import Act
from .store.schema import case_stage, person
from .work import Work

As = Literal["nurse", "physician"]
_TAKE: dict[As, Act] = {"nurse": "take_as_nurse", "physician": "take_as_physician"}
_ROLE_OF_STATE: dict[str, Role] = {
    "nurse_review": "nurse_reviewer",
    "physician_review": "physician_reviewer",
}


def take(work: Work, case_id: str, *, expected: int, as_: As | None = None) -> Case:
    """Take a case that nobody has, or that was assigned to the person, and begin or go on to review it.

    Whoever is both nurse and physician takes it `as_` one of them; without it, as the state asks for, a
    nurse first. Raises `NotAllowed` where somebody else has it, or where the person took part in the
    decision that is looked at again.
    """
    as_ = as_ or _as(work, case_id)
    case, standing = case_for(work, case_id, _TAKE[as_], expected)
    if case.assigned_to not in (None, work.person.id):
        raise NotAllowed(
            f"{name_of(work.connection, case.assigned_to)} has this case",
            mend="ask for it to be assigned to you, or take another",
        )
    work.log("taken", case.subject, state=standing.state, before=case.state)
    return change(work, case, standing, assigned_to=work.person.id)


def assign(work: Work, case_id: str, to: str, *, expected: int) -> Case:
    """Give a case to a person who can review it in the state it is in.

    An administrator gives any case, a reviewer one that nobody has or that is the reviewer's own. Raises
    `NotAllowed` for anybody else, and for a person who took part in the decision that is looked at again.
    """
    case, standing = case_for(work, case_id, "assign", expected)
    if not work.person.is_a("administrator") and case.assigned_to not in (None, work.person.id):
        raise NotAllowed(
            f"{name_of(work.connection, case.assigned_to)} has this case",
            mend="ask that person or an administrator",
        )
    receiver = _reviewer(work, to)
    wanted = _ROLE_OF_STATE.get(case.resumes or case.state)
    able = receiver.is_a(wanted) if wanted else receiver.is_a(*_ROLE_OF_STATE.values())
    if not able:
        needed = (wanted or "nurse reviewer or physician reviewer").replace("_", " ")
        raise NotAllowed(f"this case needs a {needed}", mend="choose somebody with that role")
    if receiver.id in took_part_before(work.connection, case.id, case.stage_number):
        raise NotAllowed(
            "whoever took part in the decision does not review it again",
            mend="choose somebody who did not",
        )
    work.log("assigned", case.subject, to=receiver.id, before=case.assigned_to)
    return change(work, case, standing, assigned_to=receiver.id)


def release(work: Work, case_id: str, *, expected: int) -> Case:
    """Give a case back, so that somebody else can take it; raises `NotAllowed` where it is not one's own."""
    case, standing = case_for(work, case_id, "release", expected)
    if not belongs_to(case, "release", work.person.id):
        raise NotAllowed("this case is not assigned to you", mend="leave it as it is")
    work.log("released", case.subject, state=case.state)
    return change(work, case, standing, assigned_to=None)


def refer(work: Work, case_id: str, why: str = "", *, expected: int) -> Case:
    """Refer a case to a physician, as the nurse who has it; whoever is a physician reviewer may take it."""
    case, standing = case_for(work, case_id, "refer", expected)
    said = written.passage(why, "why", needed=False)
    if said:
        note(work, case, "refer", said)
    work.log("referred", case.subject, record=case.record_id)
    return change(work, case, standing, assigned_to=None)


def withdraw(work: Work, case_id: str, why: str, *, expected: int) -> Case:
    """Withdraw a request that was not decided: its requester, or the reviewer who has it and was told so.

    An appeal is withdrawn by its requester alone. A reviewer says in a sentence who withdrew it and why, because a withdrawal must never stand in for a
    decision that somebody owes. An appeal or a reopening that is withdrawn leaves the decision before it.
    """
    case, standing = case_for(work, case_id, "withdraw", expected)
    own = case.submitted_by == work.person.id
    if not belongs_to(case, "withdraw", work.person.id):
        if case.stage == "appeal":
            raise NotAllowed(
                "an appeal is withdrawn by its requester", mend="decide it, or ask the requester"
            )
        raise NotAllowed("you do not have this case", mend="take it first")
    said = written.passage(why, "why") if own else written.reason(why, "why")
    note(work, case, "withdraw", said)
    if case.stage_number:
        work.connection.execute(
            update(case_stage)
            .where(case_stage.c.case_id == case.id, case_stage.c.number == case.stage_number)
            .values(result="withdrawn", ended_at=work.now)
        )
    work.log("withdrawn", case.subject, by_requester=own, state=standing.state, before=case.state)
    return change(work, case, standing, paused_since=None)


def _as(work: Work, case_id: str) -> As:
    roles = work.person.roles
    if "physician_reviewer" not in roles:
        return "nurse"
    if "nurse_reviewer" not in roles:
        return "physician"
    return (
        "physician" if find_case(work.connection, case_id).state == "physician_review" else "nurse"
    )


def _reviewer(work: Work, person_id: str) -> Person:
    row = work.connection.execute(
        select(person).where(person.c.id == person_id, person.c.active)
    ).one_or_none()
    if row is None:
        raise InputError("there is no such person", where="to", mend="choose one of the list")
    return msgspec.convert(
        {
            "id": row.id,
            "name": row.name,
            "login": row.login,
            "roles": row.roles.split(),
            "credentials": row.credentials,
        },
        Person,
    )
