"""The states of a review case: which act leads where, and for whom; pure, without storage.

Software proposes, people decide: `approve` is the only act of a nurse that decides, and it approves all that
was asked. Whatever gives less than was asked is `sign`, which no role but a physician's has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, get_args

import msgspec

from ..policy.prose import join
from .errors import NotAllowed
from .people import ROLE_WORDS, Role

State = Literal[
    "received",
    "nurse_review",
    "physician_review",
    "awaiting_information",
    "decided",
    "withdrawn",
    "reopened",
    "appealed",
]
STATES: Final[tuple[State, ...]] = get_args(State)
STATE_WORDS: Final[dict[State, str]] = {
    "received": "Received",
    "nurse_review": "In review by a nurse",
    "physician_review": "With a physician",
    "awaiting_information": "Awaiting information",
    "decided": "Decided",
    "withdrawn": "Withdrawn",
    "reopened": "Reopened",
    "appealed": "Appealed",
}
Stage = Literal["initial", "reopened", "appeal"]
#: A case in one of these has its clock running and a decision to come.
OPEN: Final[frozenset[State]] = frozenset(STATES) - {"decided", "withdrawn"}
#: A case that nobody has begun to review in its stage.
WAITING: Final[frozenset[State]] = frozenset({"received", "reopened", "appealed"})
IN_REVIEW: Final[frozenset[State]] = frozenset({"nurse_review", "physician_review"})

Act = Literal[
    "take_as_nurse",
    "take_as_physician",
    "assign",
    "release",
    "refer",
    "review_facts",
    "comment",
    "request_information",
    "receive_information",
    "end_waiting",
    "peer_to_peer",
    "approve",
    "sign",
    "write_letter",
    "withdraw",
    "change_urgency",
    "change_clock",
    "reopen",
    "appeal",
]
ACTS: Final[tuple[Act, ...]] = get_args(Act)
ACT_WORDS: Final[dict[Act, str]] = {
    "take_as_nurse": "take the case as a nurse reviewer",
    "take_as_physician": "take the case as a physician reviewer",
    "assign": "assign the case",
    "release": "release the case",
    "refer": "refer the case to a physician",
    "review_facts": "accept, correct, reject or add facts",
    "comment": "comment",
    "request_information": "request information",
    "receive_information": "hand in information",
    "end_waiting": "go on without the information",
    "peer_to_peer": "offer or record a peer-to-peer talk",
    "approve": "approve as requested",
    "sign": "sign a decision that gives less than was asked",
    "write_letter": "write a letter",
    "withdraw": "withdraw the case",
    "change_urgency": "change the urgency",
    "change_clock": "extend, pause or resume the clock",
    "reopen": "reopen the case",
    "appeal": "appeal the decision",
}
#: A state to go to, or one of the words below.
_Goal = Literal[State, "stays", "resumes"]
_NURSE: Final[frozenset[Role]] = frozenset({"nurse_reviewer"})
_PHYSICIAN: Final[frozenset[Role]] = frozenset({"physician_reviewer"})
_REVIEWER: Final = _NURSE | _PHYSICIAN
_PARTIES: Final = _REVIEWER | frozenset[Role]({"requester"})
_Roads = Mapping[State, tuple[frozenset[Role], _Goal]]


def _roads(states: Iterable[State], roles: frozenset[Role], goal: _Goal) -> _Roads:
    return dict.fromkeys(states, (roles, goal))


#: Who reviews: in each state of review the role it is named for.
_REVIEW: Final[_Roads] = {
    "nurse_review": (_NURSE, "stays"),
    "physician_review": (_PHYSICIAN, "stays"),
}
ROADS: Final[Mapping[Act, _Roads]] = {
    "take_as_nurse": _roads((*sorted(WAITING), "nurse_review"), _NURSE, "nurse_review"),
    "take_as_physician": _roads(
        (*sorted(WAITING), "nurse_review", "physician_review"), _PHYSICIAN, "physician_review"
    ),
    "assign": _roads(sorted(OPEN), _REVIEWER | frozenset[Role]({"administrator"}), "stays"),
    "release": _roads(sorted(WAITING | IN_REVIEW), _REVIEWER, "stays"),
    "refer": {"nurse_review": (_NURSE, "physician_review")},
    "review_facts": _REVIEW,
    "comment": _roads(sorted(OPEN | {"decided"}), _REVIEWER, "stays"),
    "request_information": {
        state: (roles, "awaiting_information") for state, (roles, _) in _REVIEW.items()
    },
    "receive_information": {
        **_roads(sorted(OPEN), _PARTIES, "stays"),
        "awaiting_information": (_PARTIES, "resumes"),
    },
    "end_waiting": {"awaiting_information": (_REVIEWER, "resumes")},
    "peer_to_peer": _roads(("physician_review", "awaiting_information"), _PHYSICIAN, "stays"),
    "approve": {state: (roles, "decided") for state, (roles, _) in _REVIEW.items()},
    "sign": {"physician_review": (_PHYSICIAN, "decided")},
    "write_letter": _roads(
        (*sorted(IN_REVIEW), "awaiting_information", "decided"), _REVIEWER, "stays"
    ),
    "withdraw": _roads(sorted(OPEN), _PARTIES, "withdrawn"),
    "change_urgency": _roads(sorted(OPEN), _REVIEWER, "stays"),
    "change_clock": _roads(sorted(OPEN), _REVIEWER, "stays"),
    "reopen": {"decided": (_REVIEWER, "reopened")},
    "appeal": {"decided": (_PARTIES, "appealed")},
}
_STAGE_OF: Final[Mapping[Act, Stage]] = {"reopen": "reopened", "appeal": "appeal"}


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a case stands; `resumes` is the state that a case awaiting information goes back to."""

    state: State = "received"
    stage: Stage = "initial"
    resumes: State | None = None


def after(standing: Standing, act: Act, roles: Iterable[Role]) -> Standing:
    """Where a case stands once somebody with these roles has done the act.

    An appeal is decided by a physician, whatever it comes to. A reopening or an appeal that is withdrawn
    leaves the decision before it in place. Raises `NotAllowed`, which says what may be done instead.

    >>> after(Standing(), "take_as_nurse", ["nurse_reviewer"]).state
    'nurse_review'
    >>> after(Standing(state="nurse_review"), "sign", ["nurse_reviewer"])
    Traceback (most recent call last):
      ...
    medwarrant.review.errors.NotAllowed: nobody can sign a decision that gives less than was asked while the case is in review by a nurse; you may refer the case to a physician, request information, approve as requested or withdraw the case
    """
    roles = frozenset(roles)
    road = ROADS[act].get(standing.state)
    if road is None:
        raise NotAllowed(
            f"nobody can {ACT_WORDS[act]} while the case is {in_words(standing.state)}",
            mend=_instead(standing, roles),
        )
    allowed, goal = road
    if allowed.isdisjoint(roles):
        raise NotAllowed(
            f"to {ACT_WORDS[act]} needs the role {_named(allowed)}", mend=_instead(standing, roles)
        )
    if not _open_to(standing, act, roles):
        raise NotAllowed(
            "an appeal is decided by a physician", mend="refer the case to a physician"
        )
    if goal == "stays":
        return standing
    if goal == "resumes":
        return msgspec.structs.replace(
            standing, state=standing.resumes or "nurse_review", resumes=None
        )
    if goal == "withdrawn" and standing.stage != "initial":
        goal = "decided"
    return Standing(
        state=goal,
        stage=_STAGE_OF.get(act, standing.stage),
        resumes=standing.state if goal == "awaiting_information" else None,
    )


def may(standing: Standing, roles: Iterable[Role]) -> tuple[Act, ...]:
    """The acts that somebody with these roles may do now, as far as roles and states decide.

    >>> may(Standing(state="decided"), ["requester"])
    ('appeal',)
    """
    roles = frozenset(roles)
    return tuple(act for act in ACTS if _open_to(standing, act, roles))


def _open_to(standing: Standing, act: Act, roles: frozenset[Role]) -> bool:
    road = ROADS[act].get(standing.state)
    if road is None or road[0].isdisjoint(roles):
        return False
    return act != "approve" or standing.stage != "appeal" or standing.state == "physician_review"


def _instead(standing: Standing, roles: frozenset[Role]) -> str:
    """What leads on from here, for these roles."""
    acts = [
        ACT_WORDS[act]
        for act in may(standing, roles)
        if ROADS[act][standing.state][1] not in ("stays", standing.state)
    ]
    return f"you may {join(acts, 'or')}" if acts else "there is nothing for your role to do here"


def in_words(state: State) -> str:
    """A state as it stands in a sentence."""
    return {"nurse_review": "in review by a nurse", "physician_review": "with a physician"}.get(
        state, STATE_WORDS[state].lower()
    )


def _named(roles: frozenset[Role]) -> str:
    return join((ROLE_WORDS[role].lower() for role in ROLE_WORDS if role in roles), "or")
