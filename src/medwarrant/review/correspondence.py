"""Who writes to whom about a case: the plan's letterhead, the parties, and a decision as letters tell it."""

from __future__ import annotations

from datetime import date, datetime

from ..report.letters import Correspondence, DecisionTold, LineDecision
from . import settings
from .cases import Case
from .decisions import AppealText, DecisionBody
from .work import Work


def today(work: Work) -> date:
    """The day on the plan's calendar."""
    return on_calendar(work, work.now)


def on_calendar(work: Work, moment: datetime) -> date:
    """The day of a moment on the plan's calendar."""
    return moment.astimezone(settings.organisation(work.connection).zone).date()


def correspondence(work: Work, case: Case, appeal: AppealText | None = None) -> Correspondence:
    """The parties of a letter about a case, with the appeal rights that go with a decision."""
    head = settings.letterhead(work.connection)
    return Correspondence(
        plan=head.plan,
        plan_address=head.address,
        phone=head.phone,
        fax=head.fax,
        online=head.online,
        member=case.member_name,
        member_reference=case.member_reference,
        requester=case.requester_name,
        requester_address=tuple(filter(None, case.requester_address.splitlines())),
        case_number=case.number,
        dated=today(work),
        appeal_rights=appeal.text if appeal else "",
        jurisdiction=_jurisdiction(work, appeal) if appeal else "",
        peer_to_peer=head.peer_to_peer,
        language_notes=head.language_notes,
        notices=head.notices,
    )


def decision_told(work: Work, body: DecisionBody) -> DecisionTold:
    """A decision as letters tell it."""
    return DecisionTold(
        kind=body.kind,
        signed_by=body.signer.name,
        credentials=body.signer.credentials,
        signed_on=on_calendar(work, datetime.fromisoformat(body.signed_at)),
        lines=tuple(
            LineDecision(
                service=line.service,
                line=line.line,
                decided=line.decided,
                words=line.words,
                reason=line.reason if line.decided != "approved" else "",
                member_reason=line.member_reason,
                criteria=line.criteria,
            )
            for line in body.lines
        ),
        authorization="" if body.kind == "adverse" else body.case_number,
        valid_from=body.valid_from,
        valid_to=body.valid_to,
    )


def _jurisdiction(work: Work, appeal: AppealText) -> str:
    known = work.desk.medwarrant.library.lines_of_business.get(appeal.line_of_business)
    line = known.title if known else appeal.line_of_business
    return f"{line}, {appeal.state or 'every state'}"
