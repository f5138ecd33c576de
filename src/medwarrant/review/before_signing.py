"""What must hold before a decision is signed: the record, the signer, the talk, the information, the appeal text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from ..answer import Answer
from ..model.errors import InputError
from . import settings, written
from .cases import Case, case_answer, record_of
from .criteria_of import provisional
from .decisions import AppealText, InformationSought, LineOfDecision, Signer, TalkOffered
from .errors import NotAllowed
from .facts import vouched
from .information import information_requests
from .letters import provisional_refusal
from .peer_to_peer import last_talk
from .people import Role
from .records import RecordKept
from .vouching import unvouched
from .work import Work

#: What stands above a signature where the plan sets no words of its own.
STATEMENT: Final = (
    "I have read the record that is named here by its digest, and this is my own decision on it."
)


def decidable(work: Work, case: Case) -> tuple[RecordKept, Answer]:
    """The record of a case, once it may be decided on; raises `NotAllowed` while it may not.

    Nothing is decided while it rests on facts that only the machine has read, on a fact that is called
    confirmed and that no reviewer confirmed, or on other policies than those of today.
    """
    kept = record_of(work, case)
    answer = case_answer(work.desk, kept)
    if kept.provisional or provisional(answer):
        raise provisional_refusal()
    if unvouched(answer.reading.facts, vouched(work, case)):
        raise NotAllowed(
            "a fact is called confirmed that no reviewer of this case has confirmed",
            mend="accept, correct or reject it first",
        )
    packs = tuple(pack.digest for pack in work.desk.medwarrant.library.packs)
    if tuple(pack.digest for pack in answer.determination.packs) != packs:
        raise NotAllowed(
            "the policies have changed since this record was made",
            mend="judge it again with those of today",
        )
    return kept, answer


def signer_of(work: Work, role: Role, name: str, credentials: str, *, typed: bool) -> Signer:
    """Who signs: as typed, and only as what the account says; a physician always types.

    Whoever decides, a nurse who approves too, is a named person with credentials on file (42 CFR 422.566(d)
    has decisions made by health professionals). Raises `NotAllowed` for an account without them, `InputError`
    where something else is typed.
    """
    known = work.person
    for stated, what in ((known.name, "name"), (known.credentials, "credentials")):
        if not stated.strip():
            raise NotAllowed(
                f"your account states no {what}, and whoever decides is named with a licence",
                mend="ask an administrator to enter them",
            )
    for said, own, where in (
        (name, known.name, "name"),
        (credentials, known.credentials, "credentials"),
    ):
        if (typed or said.strip()) and _folded(said) != _folded(own):
            raise InputError(
                f"type your {where} as your account states them",
                where=where,
                mend="they are shown beside the signature",
            )
    statement = settings.sign_off(work.connection).statement or STATEMENT
    return Signer(
        person=known.id,
        name=known.name,
        credentials=known.credentials,
        role=role,
        statement=statement,
    )


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def talk_offered(work: Work, case: Case) -> TalkOffered:
    """The peer-to-peer talk of this stage; raises `NotAllowed` where none was offered, or nothing came of it yet.

    It was held, was declined, or nobody answered by the time that was stated.
    """
    talk = last_talk(work, case)
    if talk is None:
        raise NotAllowed(
            "no peer-to-peer talk has been offered",
            mend="offer one to the treating side, and keep what came of it",
        )
    if talk.state == "offered":
        raise NotAllowed(
            "a peer-to-peer talk was offered, and nothing says what came of it",
            mend="keep that it was held or declined, or, once the time stated is over, not answered",
        )
    return TalkOffered(id=talk.id, state=talk.state, offered_at=talk.created_at.isoformat())


def information_sought(
    work: Work, case: Case, lines: Sequence[LineOfDecision], without_waiting: str
) -> InformationSought | None:
    """What was asked for, where a refusal is for lack of information.

    Missing is not "no": such a refusal needs a request for that service in this stage. Its time must be over
    or the answer in; a clock that cannot wait does not make the request needless, but a physician may say
    why the answer is not waited for, and that is kept as part of the decision.
    """
    lacking = [line for line in lines if line.lacking]
    if not lacking:
        return None
    own = [one for one in information_requests(work, case) if one.stage_number == case.stage_number]
    for line in lacking:
        if not any(asked.service in ("", line.service) for one in own for asked in one.items):
            raise NotAllowed(
                f"{line.service} would be refused for lack of information that nobody asked for",
                mend="request the information first",
            )
    over = all(one.over(work.now) for one in own)
    said = "" if over else without_waiting.strip()
    if not over:
        if not said:
            raise NotAllowed(
                "the time to answer the request for information is not over",
                mend="wait for it, or say in a sentence why the decision cannot wait",
            )
        said = written.reason(said, "without_waiting")
    last = max((one.answer_by for one in own if one.answer_by), default=None)
    return InformationSought(
        requests=tuple(one.id for one in own),
        answer_by=last.isoformat() if last else None,
        answered=any(one.answered_at for one in own),
        time_over=over,
        without_waiting=said,
    )


def appeal_text(work: Work, answer: Answer) -> AppealText:
    """The plan's text on appeals for the coverage of a record; raises `NotAllowed` where there is none."""
    coverage = answer.reading.request.coverage
    line, state = coverage.line_of_business or "", coverage.state or ""
    if not line:
        raise NotAllowed(
            "the line of business is not known, so the appeal rights are not",
            mend="add the fact line_of_business to the case",
        )
    found = settings.appeal_rights(work.connection, line, state)
    if found is None:
        raise NotAllowed(
            f"the plan has supplied no text on appeal rights for {line}, {state or 'any state'}",
            where="settings",
            mend="an administrator puts it in the setting 'appeal_rights'",
        )
    return AppealText(
        line_of_business=line, state=found.state, source=found.source, text=found.text
    )


def check_period(work: Work, answer: Answer, first: date | None, last: date | None) -> None:
    """Raises `InputError` where the time for which an approval holds is none, or less than was asked.

    It does not end before it begins, holds on the date of service, and lasts as long as the setting `validity`
    says for the line of business; without a first day it is counted from the date of service.
    """
    day = answer.reading.request.as_of
    if first is not None and last is not None and last < first:
        raise InputError(
            "the approval would end before it begins",
            where="valid_to",
            mend=f"give {first.isoformat()} or a later day",
        )
    if (first is not None and first > day) or (last is not None and last < day):
        raise InputError(
            "the approval would not hold on the date of service that was asked for",
            where="valid_from",
            mend=f"it must include {day.isoformat()}",
        )
    line = answer.reading.request.coverage.line_of_business or ""
    least = settings.shortest_validity(work.connection, line)
    if last is None or least is None:
        return
    earliest = (first or day) + timedelta(days=least.days - 1)
    if last < earliest:
        raise InputError(
            f"an approval holds for {least.days} days at least ({least.source})",
            where="valid_to",
            mend=f"give {earliest.isoformat()} or a later day, or none",
        )
