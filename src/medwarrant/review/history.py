"""The history of a case in words, from the audit log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from .cases import Case
from .decisions import DECISION_WORDS
from .names import names_of
from .sections import SECTION_WORDS
from .states import STATE_WORDS
from .store.audit import AuditEntry, entries
from .work import Work


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to a case: when, who, and what."""

    seq: int
    at: datetime
    who: str
    act: str
    words: str


_Detail = Mapping[str, Any]
_LETTERS: Final = {
    "approval_letter": "approval letter",
    "information_request_letter": "request for information",
    "adverse_notice": "adverse notice",
    "peer_to_peer_brief": "peer-to-peer brief",
    "submission_checklist": "submission checklist",
}
_WORDS: Final[Mapping[str, Callable[[_Detail], str]]] = {
    "submitted": lambda d: f"submitted the request ({d.get('urgency')})",
    "seen": lambda _: "looked at the case",
    "opened": lambda d: f"opened the section: {_section(d)}",
    "record": lambda d: f"made record {d.get('number')} ({_plain(d.get('why'))})",
    "taken": lambda d: f"took the case ({_state(d)})",
    "assigned": lambda d: f"assigned the case to {d.get('to_name', 'somebody')}",
    "released": lambda _: "released the case",
    "referred": lambda _: "referred the case to a physician",
    "facts_reviewed": lambda d: f"reviewed facts: {_counts(d)}",
    "judged_again": lambda _: "had the case judged again with the policies of that day",
    "commented": lambda _: "commented",
    "information_requested": lambda d: f"asked for information ({d.get('items')} points)",
    "information_received": lambda d: f"handed in information ({_counts_of_information(d)})",
    "waiting_ended": lambda _: "went on without the information",
    "talk_offered": lambda _: "offered a peer-to-peer talk",
    "talk_closed": lambda d: f"closed the peer-to-peer talk ({_plain(d.get('state'))})",
    "urgency": lambda d: f"changed the urgency from {d.get('before')} to {d.get('to')}",
    "extended": lambda d: f"extended the clock by {d.get('days')} calendar days",
    "paused": lambda _: "paused the clock",
    "resumed": lambda _: "resumed the clock",
    "letter": lambda d: f"made a letter ({_LETTERS.get(str(d.get('kind')), 'letter')})",
    "letter_sent": lambda _: "marked a letter as sent",
    "decided": lambda d: f"signed decision {d.get('number')}: {_decision(d)}",
    "withdrawn": lambda d: (
        "withdrew the request"
        if d.get("state") == "withdrawn"
        else "withdrew it; the decision before stands"
    ),
    "reopened": lambda _: "reopened the case",
    "appealed": lambda _: "appealed the decision",
}
#: What the requester of a case sees of its history.
_FOR_REQUESTERS: Final = frozenset(
    {
        "submitted",
        "information_requested",
        "information_received",
        "urgency",
        "extended",
        "paused",
        "resumed",
        "letter_sent",
        "decided",
        "withdrawn",
        "reopened",
        "appealed",
    }
)


def history(work: Work, case: Case, *, with_looks: bool = False) -> list[Happened]:
    """What happened to a case, the first first; `with_looks` also who looked at it.

    A requester sees what concerns the request, without the inner work of the review and its people.
    """
    inside = work.person.is_a("nurse_reviewer", "physician_reviewer", "auditor", "administrator")
    told = [
        entry
        for entry in entries(work.connection, subject=case.subject)
        if (inside or entry.act in _FOR_REQUESTERS)
        and (with_looks or entry.act not in ("seen", "opened"))
    ]
    ids = {entry.person_id for entry in told} | {
        str(entry.detail["to"]) for entry in told if entry.act == "assigned"
    }
    names = names_of(work.connection, ids)
    return [_happened(entry, names, work.person.id, inside=inside) for entry in told]


def _happened(
    entry: AuditEntry, names: Mapping[str, str], reader: str, *, inside: bool
) -> Happened:
    detail: dict[str, Any] = dict(entry.detail)
    if entry.act == "assigned":
        detail["to_name"] = names.get(str(detail.get("to")), "somebody")
    words = _WORDS.get(entry.act)
    who = names.get(entry.person_id, "somebody")
    if not inside and entry.person_id != reader and entry.act != "decided":
        who = "The reviewers"
    return Happened(
        seq=entry.seq,
        at=entry.at,
        who=who,
        act=entry.act,
        words=words(detail) if words else _plain(entry.act),
    )


def _plain(word: object) -> str:
    return str(word or "").replace("_", " ")


def _state(detail: _Detail) -> str:
    words: Mapping[Any, str] = STATE_WORDS
    return words.get(detail.get("state"), "in review").lower()


def _section(detail: _Detail) -> str:
    words: Mapping[Any, str] = SECTION_WORDS
    return words.get(detail.get("section"), "a section")


def _decision(detail: _Detail) -> str:
    words: Mapping[Any, str] = DECISION_WORDS
    return words.get(detail.get("kind"), "decided").lower()


def _counts(detail: _Detail) -> str:
    acts = ("accepted", "corrected", "rejected", "added")
    return ", ".join(f"{detail[act]} {act}" for act in acts if detail.get(act)) or "none"


def _counts_of_information(detail: _Detail) -> str:
    return f"{detail.get('files', 0)} files, {detail.get('facts', 0)} facts"
