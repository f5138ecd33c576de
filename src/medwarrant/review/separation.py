"""Who may not review a case again: those who took part before, and those who are to review it blind.

A reopened or appealed case is looked at by other people than those who decided it (42 CFR 422.590 asks it
of a reconsideration). Whether somebody is a subordinate of the one who decided is not known to the desk:
whoever assigns an appeal must see to it.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, insert, select

from .errors import NotAllowed
from .states import Act
from .store.schema import second_review, took_part
from .work import Work, new_id

_PARTS: Final[frozenset[Act]] = frozenset(
    {
        "take_as_nurse",
        "take_as_physician",
        "refer",
        "review_facts",
        "comment",
        "request_information",
        "end_waiting",
        "peer_to_peer",
        "approve",
        "sign",
    }
)


def takes_part(act: Act) -> bool:
    """Whether whoever does the act takes part in the decision; clerical acts do not.

    >>> takes_part("review_facts"), takes_part("change_clock")
    (True, False)
    """
    return act in _PARTS


def took_part_before(connection: Connection, case_id: str, stage_number: int) -> frozenset[str]:
    """The ids of those who took part in an earlier stage of a case."""
    rows = connection.execute(
        select(took_part.c.person_id).where(
            took_part.c.case_id == case_id, took_part.c.stage_number < stage_number
        )
    )
    return frozenset(rows.scalars())


def refuse_those_who_decided(
    connection: Connection, case_id: str, stage_number: int, person_id: str
) -> None:
    """Raises `NotAllowed` for a person who took part in an earlier stage of the case."""
    if stage_number and person_id in took_part_before(connection, case_id, stage_number):
        raise NotAllowed(
            "whoever took part in the decision does not review it again",
            mend="leave it to somebody who did not",
        )


def remember_part(work: Work, case_id: str, stage_number: int) -> None:
    """Keep that the person takes part in this stage of the case."""
    known = work.connection.scalar(
        select(took_part.c.id).where(
            took_part.c.case_id == case_id,
            took_part.c.person_id == work.person.id,
            took_part.c.stage_number == stage_number,
        )
    )
    if known is None:
        work.connection.execute(
            insert(took_part),
            {
                "id": new_id(),
                "case_id": case_id,
                "person_id": work.person.id,
                "stage_number": stage_number,
                "first_at": work.now,
            },
        )


def blind_to(connection: Connection, case_id: str, person_id: str) -> bool:
    """Whether a person has a second review of the case to answer."""
    return (
        connection.scalar(
            select(second_review.c.id)
            .where(
                second_review.c.case_id == case_id,
                second_review.c.person_id == person_id,
                second_review.c.answered_at.is_(None),
            )
            .limit(1)
        )
        is not None
    )
