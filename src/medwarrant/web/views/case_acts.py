"""What people do to a case, as pages and programs send it: one entry for each act.

An act names the version of the case that was seen (`expected`). What is sent is a struct, the same for the form of
the page and the body of the twin; `run` calls the act of `review` and gives the case as it is then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from ...model.errors import InputError
from ...policy.clock_rule import Urgency
from ...report.letters import Asked, DecisionKind
from ...review import (
    appeals,
    assigning,
    comments,
    deciding,
    facts,
    information,
    letters,
    peer_to_peer,
    sections,
    timing,
)
from ...review.cases import Case, load_case
from ...review.inquiries import FileSent
from ...review.people import Role
from ...review.tied import LineSaid
from ...review.work import Work
from ..forms import Form
from .asking import FactText, NoteSent

Words = Annotated[str, Meta(max_length=10_000)]
Short = Annotated[str, Meta(max_length=400)]
Id = Annotated[str, Meta(max_length=64)]
Section = Annotated[
    str, Meta(max_length=60, extra_json_schema={"enum": list(sections.SECTION_IDS)})
]
Expected = Annotated[
    int, Meta(ge=1, le=2**31 - 1, description="The version of the case that was seen.")
]


class Sent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every act names: the version of the case that was seen."""

    expected: Expected


class Take(Sent, frozen=True, kw_only=True):
    """Take the case; `as_` chooses for whoever is both nurse and physician reviewer."""

    as_: Literal["nurse", "physician"] | None = msgspec.field(default=None, name="as")


class Assign(Sent, frozen=True, kw_only=True):
    """Give the case to the person with this id."""

    to: Id


class Reasoned(Sent, frozen=True, kw_only=True):
    """An act with its reason."""

    why: Words = ""


class ChangeUrgency(Sent, frozen=True, kw_only=True):
    """Make the case expedited, or standard again."""

    to: Urgency
    why: Words


class Extend(Sent, frozen=True, kw_only=True):
    """Extend the time to decide; `told` says how and when the requester was told."""

    days: Annotated[int, Meta(ge=1, le=366)]
    why: Words
    told: Words


class SaidOfFact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said of one fact; `value` as `--fact` takes it, to correct and to add."""

    act: facts.SaidOfFact
    fact: Short = ""
    value: FactText | None = None
    comment: Words = ""


class ReviewFacts(Sent, frozen=True, kw_only=True):
    """What is said of facts: accepted, corrected, rejected, added."""

    said: Annotated[tuple[SaidOfFact, ...], Meta(min_length=1, max_length=500)]


class AcceptDocument(Sent, frozen=True, kw_only=True):
    """Accept every fact that was read from one document."""

    document: Annotated[str, Meta(max_length=300)]
    comment: Words = ""


class AddComment(Sent, frozen=True, kw_only=True):
    """A comment on the case, an item or a criterion."""

    body: Words
    service: Short = ""
    diagnosis: Short = ""
    criterion: Short = ""


class RequestInformation(Sent, frozen=True, kw_only=True):
    """What is asked of the practice; without a day, that of the settings."""

    asked: Annotated[tuple[Asked, ...], Meta(max_length=200)]
    answer_by: date | None = None
    words: Words = ""
    sent_to: Short = ""


class ReceiveInformation(Sent, frozen=True, kw_only=True):
    """What the practice hands in: facts that it states, notes as text or, in base64, as files."""

    facts: Annotated[tuple[FactText, ...], Meta(max_length=200)] = ()
    notes: Annotated[tuple[NoteSent, ...], Meta(max_length=50)] = ()
    files: Annotated[tuple[FileSent, ...], Meta(max_length=50)] = ()
    words: Words = ""


class OfferTalk(Sent, frozen=True, kw_only=True):
    """To whom a peer-to-peer talk was offered, how, and until when an answer is awaited.

    A time without a time zone is one of the plan's.
    """

    contact: Words
    answer_by: datetime


class CloseTalk(Sent, frozen=True, kw_only=True):
    """What came of the talk."""

    state: Literal["held", "declined", "unanswered"]
    outcome: Words = ""


class OpenSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The sections of a record that the person has opened."""

    sections: Annotated[tuple[Section, ...], Meta(min_length=1, max_length=20)]
    record_digest: Short


class Approve(Sent, frozen=True, kw_only=True):
    """Approve everything as requested; the digest is that of the record which was shown."""

    record_digest: Short
    name: Short = ""
    credentials: Short = ""
    reason: Words = ""
    valid_from: date | None = None
    valid_to: date | None = None


class Sign(Sent, frozen=True, kw_only=True):
    """Sign a decision that gives less than was asked, line by line."""

    record_digest: Short
    kind: DecisionKind
    lines: Annotated[tuple[LineSaid, ...], Meta(min_length=1, max_length=200)]
    name: Short
    credentials: Short
    without_waiting: Words = ""
    valid_from: date | None = None
    valid_to: date | None = None


class WriteLetter(Sent, frozen=True, kw_only=True):
    """Which letter to make."""

    kind: Literal["decision", "peer_to_peer_brief", "submission_checklist"]


class SendLetter(Sent, frozen=True, kw_only=True):
    """A letter that was sent, with how and to whom."""

    letter: Id
    to: Short


class Reopen(Sent, frozen=True, kw_only=True):
    """A decided case that is taken up again: on which ground, and why."""

    ground: appeals.ReopenGround
    why: Words


class Appeal(Sent, frozen=True, kw_only=True):
    """An appeal: why, and of whom where a reviewer enters it."""

    why: Words
    appellant: Short = ""
    urgency: Urgency = "standard"


@dataclass(frozen=True, kw_only=True)
class CaseAct:
    """One act: its name in addresses, what is sent, who may, and what is said when it is done."""

    name: str
    summary: str
    sent: type[msgspec.Struct]
    run: Callable[[Work, str, Any], object]
    roles: tuple[Role, ...]
    say: str
    from_form: Callable[[Form], Any] | None = None
    #: Where the page goes on.
    to: Literal["cases.one", "cases.worksheet"] = "cases.worksheet"

    def read(self, form: Form) -> Any:
        """What a form sends. Raises `InputError` naming the field that cannot be used."""
        return self.from_form(form) if self.from_form else form.into(self.sent)


_NURSE: Role = "nurse_reviewer"
_PHYSICIAN: Role = "physician_reviewer"
_REVIEW: tuple[Role, ...] = (_NURSE, _PHYSICIAN)
_PARTIES: tuple[Role, ...] = (*_REVIEW, "requester")


def _open_sections(work: Work, case_id: str, sent: OpenSection) -> None:
    for section in sent.sections:
        sections.open_section(work, case_id, section, sent.record_digest)


def _review_facts(work: Work, case_id: str, sent: ReviewFacts) -> object:
    said = [facts.FactSaid(**msgspec.structs.asdict(one)) for one in sent.said]
    return facts.review_facts(work, case_id, said, expected=sent.expected)


def _request_information(work: Work, case_id: str, sent: RequestInformation) -> object:
    return information.request_information(
        work,
        case_id,
        sent.asked,
        answer_by=sent.answer_by,
        words=sent.words,
        sent_to=sent.sent_to,
        expected=sent.expected,
    )


def _receive_information(work: Work, case_id: str, sent: ReceiveInformation) -> object:
    return information.receive_information(
        work,
        case_id,
        facts=sent.facts,
        files=[*(note.file() for note in sent.notes), *sent.files],
        words=sent.words,
        expected=sent.expected,
    )


def _write_letter(work: Work, case_id: str, sent: WriteLetter) -> object:
    make = {
        "decision": letters.write_decision_letter,
        "peer_to_peer_brief": letters.write_brief,
        "submission_checklist": letters.write_checklist,
    }[sent.kind]
    return make(work, case_id, expected=sent.expected)


def _rest(sent: msgspec.Struct) -> dict[str, Any]:
    return msgspec.structs.asdict(sent)


# --- from forms -----------------------------------------------------------------------------------


def _asked_of(form: Form) -> RequestInformation:
    """A form with a box for each thing that may be asked: `about|id|service|diagnosis`."""
    asked = []
    for value in form.all("ask"):
        about, id_, service, diagnosis = (*value.split("|"), "", "", "", "")[:4]
        asked.append(
            msgspec.convert(
                {"about": about, "id": id_, "service": service, "diagnosis": diagnosis}, Asked
            )
        )
    if form.get("more"):
        asked.append(Asked(about="words", words=form.get("more")))
    return RequestInformation(
        expected=form.expected,
        asked=tuple(asked),
        answer_by=day_of(form, "answer_by"),
        words=form.get("words"),
        sent_to=form.get("sent_to"),
    )


def _offered_of(form: Form) -> OfferTalk:
    """A form with a time as browsers send it: of the plan's time zone, without saying so."""
    try:
        answer_by = datetime.fromisoformat(form.get("answer_by"))
    except ValueError:
        raise InputError(
            "this is not a time", where="answer_by", mend="write it as 2026-11-23T16:30"
        ) from None
    return OfferTalk(expected=form.expected, contact=form.get("contact"), answer_by=answer_by)


def day_of(form: Form, name: str) -> date | None:
    """A date of a form; None where the field is empty. Raises `InputError` for anything else."""
    text = form.get(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError("this is not a date", where=name, mend="write it as 2026-11-23") from None


def _received_of(form: Form) -> ReceiveInformation:
    facts_ = tuple(line.strip() for line in form.get("facts").splitlines() if line.strip())
    return ReceiveInformation(expected=form.expected, facts=facts_, words=form.get("words"))


def _signed_of(form: Form) -> Sign:
    """A form with the fields of each line: `decided.0`, `reason.0`, `member_reason.0`, `words.0`, `ground.0`."""
    places = sorted(int(name[8:]) for name in form.fields if name.startswith("decided."))
    lines = []
    for place in places:
        decided = form.get(f"decided.{place}")
        if decided not in ("approved", "not_approved", "modified"):
            raise InputError("say what is decided of this line", where=f"decided.{place}")
        less = decided != "approved"
        lines.append(
            LineSaid(
                line=place,
                decided=decided,  # type: ignore[arg-type]  # one of three words
                words=form.get(f"words.{place}") if decided == "modified" else "",
                reason=form.get(f"reason.{place}"),
                member_reason=form.get(f"member_reason.{place}") if less else "",
                criteria=form.all(f"ground.{place}") if less else (),
            )
        )
    if not lines:
        raise InputError("no line is decided", where="decided.0")
    return Sign(
        expected=form.expected,
        record_digest=form.get("record_digest"),
        kind=_kind_of(form),
        lines=tuple(lines),
        name=form.get("name"),
        credentials=form.get("credentials"),
        without_waiting=form.get("without_waiting"),
        valid_from=day_of(form, "valid_from"),
        valid_to=day_of(form, "valid_to"),
    )


def _kind_of(form: Form) -> DecisionKind:
    kinds: tuple[DecisionKind, ...] = ("approved", "partially_approved", "modified", "adverse")
    for kind in kinds:
        if form.get("kind") == kind:
            return kind
    raise InputError("say what is signed", where="kind")


def _sections_of(form: Form) -> OpenSection:
    return OpenSection(sections=form.all("section"), record_digest=form.get("record_digest"))


#: Every act, in the order in which a case lives through them.
CASE_ACTS: tuple[CaseAct, ...] = (
    CaseAct(name="take", summary="Take a case", sent=Take, roles=_REVIEW, say="You have the case.",
        run=lambda w, c, s: assigning.take(w, c, expected=s.expected, as_=s.as_)),
    CaseAct(name="assign", summary="Give a case to somebody", sent=Assign, roles=(*_REVIEW, "administrator"),
        say="The case was assigned.", to="cases.one",
        run=lambda w, c, s: assigning.assign(w, c, s.to, expected=s.expected)),
    CaseAct(name="release", summary="Give a case back", sent=Sent, roles=_REVIEW, say="The case was given back.", to="cases.one",
        run=lambda w, c, s: assigning.release(w, c, expected=s.expected)),
    CaseAct(name="refer", summary="Refer a case to a physician", sent=Reasoned, roles=(_NURSE,),
        say="The case was referred to a physician.", to="cases.one",
        run=lambda w, c, s: assigning.refer(w, c, s.why, expected=s.expected)),
    CaseAct(name="withdraw", summary="Withdraw a request", sent=Reasoned, roles=_PARTIES, say="The request was withdrawn.", to="cases.one",
        run=lambda w, c, s: assigning.withdraw(w, c, s.why, expected=s.expected)),
    CaseAct(name="urgency", summary="Make a case expedited, or standard again", sent=ChangeUrgency, roles=_REVIEW,
        say="The urgency was changed.", to="cases.one",
        run=lambda w, c, s: timing.change_urgency(w, c, s.to, s.why, expected=s.expected)),
    CaseAct(name="extend", summary="Extend the clock", sent=Extend, roles=_REVIEW, say="The clock was extended.", to="cases.one",
        run=lambda w, c, s: timing.extend_clock(w, c, s.days, s.why, s.told, expected=s.expected)),
    CaseAct(name="pause", summary="Pause the clock, where its rule allows it", sent=Reasoned, roles=_REVIEW,
        say="The clock stands still.", to="cases.one",
        run=lambda w, c, s: timing.pause_clock(w, c, s.why, expected=s.expected)),
    CaseAct(name="resume", summary="Let the clock run again", sent=Sent, roles=_REVIEW, say="The clock runs again.", to="cases.one",
        run=lambda w, c, s: timing.resume_clock(w, c, expected=s.expected)),
    CaseAct(name="sections", summary="Keep which sections of a record were opened", sent=OpenSection, roles=_REVIEW,
        say="", run=_open_sections, from_form=_sections_of),
    CaseAct(name="facts", summary="Accept, correct, reject or add facts", sent=ReviewFacts, roles=_REVIEW,
        say="The facts were reviewed, and the case judged again.", run=_review_facts),
    CaseAct(name="accept-document", summary="Accept every fact read from one document", sent=AcceptDocument, roles=_REVIEW,
        say="The facts of the document were accepted.",
        run=lambda w, c, s: facts.accept_document(w, c, s.document, expected=s.expected, comment=s.comment)),
    CaseAct(name="judge-again", summary="Judge a case again with the policies of today", sent=Sent, roles=_REVIEW,
        say="The case was judged again.", run=lambda w, c, s: facts.judge_again(w, c, expected=s.expected)),
    CaseAct(name="comment", summary="Comment on a case, an item or a criterion", sent=AddComment, roles=_REVIEW,
        say="The comment was added.", run=lambda w, c, s: comments.add_comment(w, c, **_rest(s))),
    CaseAct(name="request-information", summary="Request information from the practice", sent=RequestInformation,
        roles=_REVIEW, say="The request for information was made and sent.", to="cases.one",
        run=_request_information, from_form=_asked_of),
    CaseAct(name="receive-information", summary="Hand in information", sent=ReceiveInformation, roles=_PARTIES,
        say="The information was handed in, and the case judged again.", to="cases.one",
        run=_receive_information, from_form=_received_of),
    CaseAct(name="end-waiting", summary="Go on without the information", sent=Reasoned, roles=_REVIEW,
        say="The review goes on.", run=lambda w, c, s: information.end_waiting(w, c, s.why, expected=s.expected)),
    CaseAct(name="offer-talk", summary="Keep that a peer-to-peer talk was offered", sent=OfferTalk, roles=(_PHYSICIAN,),
        say="The offer was kept.", from_form=_offered_of,
        run=lambda w, c, s: peer_to_peer.offer_talk(w, c, s.contact, s.answer_by, expected=s.expected)),
    CaseAct(name="close-talk", summary="Keep what came of the talk", sent=CloseTalk, roles=(_PHYSICIAN,),
        say="The end of the talk was kept.",
        run=lambda w, c, s: peer_to_peer.close_talk(w, c, s.state, s.outcome, expected=s.expected)),
    CaseAct(name="approve", summary="Approve everything as requested", sent=Approve, roles=_REVIEW,
        say="Approved and signed.", to="cases.one", run=lambda w, c, s: deciding.approve(w, c, **_rest(s))),
    CaseAct(name="sign", summary="Sign a decision that gives less than was asked", sent=Sign, roles=(_PHYSICIAN,),
        say="Signed.", to="cases.one", run=lambda w, c, s: deciding.sign(w, c, **_rest(s)), from_form=_signed_of),
    CaseAct(name="letters", summary="Make a letter", sent=WriteLetter, roles=_REVIEW, say="The letter was made.", to="cases.one",
        run=_write_letter),
    CaseAct(name="send-letter", summary="Mark a letter as sent", sent=SendLetter, roles=_REVIEW, say="The letter is marked as sent.",
        to="cases.one", run=lambda w, c, s: letters.send_letter(w, c, s.letter, s.to, expected=s.expected)),
    CaseAct(name="reopen", summary="Reopen a decided case", sent=Reopen, roles=_REVIEW, say="The case was reopened.", to="cases.one",
        run=lambda w, c, s: appeals.reopen(w, c, s.ground, s.why, expected=s.expected)),
    CaseAct(name="appeal", summary="Appeal a decision", sent=Appeal, roles=_PARTIES, say="The appeal was entered.", to="cases.one",
        run=lambda w, c, s: appeals.appeal(w, c, s.why, expected=s.expected, appellant=s.appellant, urgency=s.urgency)),
)  # fmt: skip


def done(work: Work, act: CaseAct, case_id: str, sent: Any) -> Case:
    """Do an act; the case as it is then."""
    act.run(work, case_id, sent)
    return load_case(work, case_id)
