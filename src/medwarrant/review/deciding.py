"""Deciding a case: a nurse approves what meets criteria, a physician signs everything else, one at a time.

| rule | where it comes from |
|---|---|
| software proposes; less than was asked is the signed act of a physician | DESIGN 1.2; 42 CFR 422.566(d), Cal. H&S 1367.01(e) |
| nothing is decided while it rests on facts that only the machine has read | DESIGN 2, basis of a fact |
| the signature is bound to the record that was shown, with its sections opened | issue 4 |
| a specific reason, tied to criteria or findings of this patient's record | CMS-0057-F; `tied` |
| a peer-to-peer talk was offered, and ended, before less than was asked is signed | issue 4 |
| what is missing is asked for before it is a ground; a physician who does not wait says why | `_information` |
| the plan's text on appeals is there | 42 CFR 422.568(e) |
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
from sqlalchemy import insert

from ..answer import Answer
from ..model.canonical import canonical
from ..model.errors import InputError
from ..report.letters import DecisionKind
from . import written
from .appeal_result import settle_stage
from .before_signing import (
    appeal_text,
    check_period,
    decidable,
    information_sought,
    signer_of,
    talk_offered,
)
from .cases import Case, case_for, change
from .content import pending_content
from .criteria_of import meets_everything
from .decisions import (
    AppealText,
    DecisionBody,
    DecisionKept,
    InformationSought,
    LineOfDecision,
    Signer,
    TalkOffered,
    decisions_of,
    signature_of,
)
from .errors import NotAllowed
from .first_determination import keep_for_figures
from .letters import decision_letter
from .records import RecordKept
from .sections import (
    FOR_APPROVAL,
    SECTION_IDS,
    opened_by,
    refuse_other_record,
    refuse_unopened,
)
from .states import Standing
from .store.schema import decision
from .tied import LineSaid, kind_of, lines_of_decision, overrides_of
from .timing import settled_clock
from .work import Work, new_id


def approve(
    work: Work,
    case_id: str,
    *,
    expected: int,
    record_digest: str,
    name: str = "",
    credentials: str = "",
    reason: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> tuple[Case, DecisionKept]:
    """Approve everything, as it was requested.

    A nurse approves where every service line meets criteria; a physician also where not, with the reason
    (an override). Raises `Stale` where the case or its record is another than the one that was shown, and
    `NotAllowed` while the record is provisional or its sections are not opened.
    """
    case, standing = case_for(work, case_id, "approve", expected)
    refuse_other_record(work, case, record_digest)
    kept, answer = decidable(work, case)
    physician = case.state == "physician_review"
    meets = meets_everything(answer)
    if not meets and not physician:
        raise NotAllowed(
            "a nurse approves where every service meets criteria, and here one does not",
            mend="refer the case to a physician, or request information",
        )
    refuse_unopened(work, case, answer, SECTION_IDS if physician else FOR_APPROVAL)
    said = "" if meets else written.reason(reason, "reason")
    services = range(len(answer.reading.request.services))
    lines = lines_of_decision(
        answer, [LineSaid(line=line, decided="approved", reason=said) for line in services]
    )
    signer = signer_of(
        work,
        "physician_reviewer" if physician else "nurse_reviewer",
        name,
        credentials,
        typed=physician,
    )
    check_period(work, answer, valid_from, valid_to)
    return _seal(
        work, case, standing, kept, answer, "approved", lines, signer, valid_from, valid_to
    )


def sign(
    work: Work,
    case_id: str,
    *,
    expected: int,
    record_digest: str,
    kind: DecisionKind,
    lines: Sequence[LineSaid],
    name: str,
    credentials: str,
    without_waiting: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> tuple[Case, DecisionKept]:
    """Sign a decision that gives less than was asked, as the physician who has the case.

    `kind` is what the physician means to sign; it must be what the lines come to. `without_waiting` says
    why missing information that was asked for is not waited for. Raises `Stale`, `NotAllowed` and
    `InputError` as the rules above say; nothing is kept then.
    """
    case, standing = case_for(work, case_id, "sign", expected)
    refuse_other_record(work, case, record_digest)
    kept, answer = decidable(work, case)
    refuse_unopened(work, case, answer, SECTION_IDS)
    made = lines_of_decision(answer, lines)
    if kind_of(lines) != kind or kind == "approved":
        raise InputError(
            f"this is called {kind}, and its lines come to {kind_of(lines)}",
            where="kind",
            mend="sign what the lines say; approve where everything is approved as requested",
        )
    signer = signer_of(work, "physician_reviewer", name, credentials, typed=True)
    talk = talk_offered(work, case)
    information = information_sought(work, case, made, without_waiting)
    appeal = appeal_text(work, answer)
    check_period(work, answer, valid_from, valid_to)
    return _seal(
        work,
        case,
        standing,
        kept,
        answer,
        kind,
        made,
        signer,
        valid_from,
        valid_to,
        talk=talk,
        information=information,
        appeal=appeal,
    )


def _seal(
    work: Work,
    case: Case,
    standing: Standing,
    kept: RecordKept,
    answer: Answer,
    kind: DecisionKind,
    lines: tuple[LineOfDecision, ...],
    signer: Signer,
    valid_from: date | None,
    valid_to: date | None,
    *,
    talk: TalkOffered | None = None,
    information: InformationSought | None = None,
    appeal: AppealText | None = None,
) -> tuple[Case, DecisionKept]:
    """Keep a decision: body, signature, audit entry and state, in one transaction."""
    number = len(decisions_of(work.connection, case.id)) + 1
    body = DecisionBody(
        case=case.id,
        case_number=case.number,
        number=number,
        stage=case.stage,
        kind=kind,
        record=kept.id,
        record_number=kept.number,
        digest=kept.digest,
        record_digest=kept.record_digest,
        proposed=answer.determination.outcome,
        lines=lines,
        overrides=overrides_of(answer, lines),
        information=information,
        peer_to_peer=talk,
        appeal_rights=appeal,
        against=settle_stage(work, case, lines),
        content_pending=pending_content(work, answer),
        sections=tuple(sorted(opened_by(work, case.id, work.person.id, kept.record_digest))),
        valid_from=valid_from,
        valid_to=valid_to,
        signer=signer,
        signed_at=work.now.isoformat(),
    )
    if kind != "approved":
        # What cannot be told to the member is not signed: the notice is drafted now, and made again to be kept.
        decision_letter(work, answer, body, case)
    text = canonical(body).decode()
    made = DecisionKept(
        id=new_id(),
        case_id=case.id,
        number=number,
        stage=case.stage,
        kind=kind,
        record_digest=kept.record_digest,
        record_id=kept.id,
        body=text,
        signature=signature_of(text, kept.record_digest),
        person_id=work.person.id,
        signed_at=work.now,
    )
    work.connection.execute(insert(decision), msgspec.structs.asdict(made))
    work.log(
        "decided",
        case.subject,
        decision=made.id,
        number=number,
        kind=kind,
        stage=case.stage,
        record_digest=made.record_digest,
        signature=made.signature,
        overrides=len(body.overrides),
    )
    changed = change(work, case, standing, decided_at=work.now, **settled_clock(work, case))
    keep_for_figures(work, changed, answer, body, made)
    return changed, made
