"""The states of a case: which act leads where, and for whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medwarrant.review.errors import NotAllowed
from medwarrant.review.people import ROLES
from medwarrant.review.states import ACTS, OPEN, ROADS, STATES, Standing, after, may

NURSE, PHYSICIAN = ["nurse_reviewer"], ["physician_reviewer"]


@pytest.mark.parametrize(
    ("state", "act", "roles", "then"),
    [
        ("received", "take_as_nurse", NURSE, "nurse_review"),
        ("received", "take_as_physician", PHYSICIAN, "physician_review"),
        ("nurse_review", "refer", NURSE, "physician_review"),
        ("nurse_review", "take_as_physician", PHYSICIAN, "physician_review"),
        ("nurse_review", "request_information", NURSE, "awaiting_information"),
        ("nurse_review", "approve", NURSE, "decided"),
        ("physician_review", "sign", PHYSICIAN, "decided"),
        ("physician_review", "approve", PHYSICIAN, "decided"),
        ("physician_review", "withdraw", ["requester"], "withdrawn"),
        ("decided", "reopen", NURSE, "reopened"),
        ("decided", "appeal", ["requester"], "appealed"),
        ("reopened", "take_as_physician", PHYSICIAN, "physician_review"),
        ("appealed", "take_as_nurse", NURSE, "nurse_review"),
    ],
)
def test_an_act_leads_on(state, act, roles, then):
    assert after(Standing(state=state), act, roles).state == then


@pytest.mark.parametrize(
    ("state", "act", "roles", "said"),
    [
        ("nurse_review", "sign", NURSE, "while the case is in review by a nurse"),
        ("physician_review", "sign", NURSE, "needs the role physician reviewer"),
        ("physician_review", "approve", NURSE, "needs the role physician reviewer"),
        ("received", "approve", NURSE, "take the case as a nurse reviewer"),
        ("decided", "approve", PHYSICIAN, "reopen the case or appeal the decision"),
        ("decided", "withdraw", ["requester"], "you may appeal the decision"),
        ("withdrawn", "take_as_nurse", NURSE, "there is nothing for your role to do here"),
        ("nurse_review", "review_facts", ["requester"], "needs the role nurse reviewer"),
        ("received", "take_as_nurse", ["auditor", "administrator", "editor"], "needs the role"),
    ],
)
def test_a_refusal_says_what_may_be_done_instead(state, act, roles, said):
    with pytest.raises(NotAllowed, match=said):
        after(Standing(state=state), act, roles)


def test_a_nurse_decides_no_appeal():
    standing = Standing(state="nurse_review", stage="appeal")
    with pytest.raises(NotAllowed, match="decided by a physician"):
        after(standing, "approve", [*NURSE, *PHYSICIAN])
    assert "approve" not in may(standing, NURSE)


@pytest.mark.parametrize("state", ["nurse_review", "physician_review"])
def test_information_leads_back_to_where_it_was_asked(state):
    roles = NURSE if state == "nurse_review" else PHYSICIAN
    waiting = after(Standing(state=state, stage="appeal"), "request_information", roles)
    assert waiting.state == "awaiting_information"
    back = after(waiting, "receive_information", ["requester"])
    assert (back.state, back.stage, back.resumes) == (state, "appeal", None)


@pytest.mark.parametrize("stage", ["reopened", "appeal"])
def test_a_withdrawn_appeal_leaves_the_decision(stage):
    standing = Standing(state="physician_review", stage=stage)
    assert after(standing, "withdraw", PHYSICIAN).state == "decided"


@given(
    st.lists(st.tuples(st.sampled_from(ACTS), st.frozensets(st.sampled_from(ROLES))), max_size=30)
)
def test_only_a_physician_gives_less_than_was_asked(acts):
    """Whatever is tried by whomever, `sign` succeeds only in review by a physician, for a physician."""
    standing = Standing()
    for act, roles in acts:
        before = standing
        try:
            standing = after(standing, act, roles)
        except NotAllowed:
            assert act not in may(before, roles)
            continue
        assert act in may(before, roles)
        assert standing.state in STATES
        assert (standing.resumes is not None) == (standing.state == "awaiting_information")
        if act == "sign":
            assert before.state == "physician_review"
            assert "physician_reviewer" in roles
        if standing.state == "decided" and before.state != "decided" and act != "withdraw":
            assert act in ("approve", "sign")
            assert roles & {"nurse_reviewer", "physician_reviewer"}
            assert before.stage != "appeal" or "physician_reviewer" in roles


def test_the_only_ways_into_decided_are_an_approval_a_signature_and_a_withdrawn_appeal():
    ways = {act for act, roads in ROADS.items() for _, goal in roads.values() if goal == "decided"}
    assert ways == {"approve", "sign"}
    assert all(state in OPEN for act in ways for state in ROADS[act])
