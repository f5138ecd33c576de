"""The review status: where it stands, who reviews, and which content is approved."""

from __future__ import annotations

from typing import Any

import pytest

from medwarrant import Answer
from medwarrant.policy.library import Library
from medwarrant.report import AUDIENCES, Audience, article_of, render
from medwarrant.report.content_review import content_lines
from medwarrant.report.html import article_fragment

GONB = "greater-occipital-nerve-block/migraine"


def review(**more: Any) -> dict[str, Any]:
    return {
        "status": "under_review",
        "history": [
            {"status": "submitted", "on": "2026-11-20", "by": "P. Ractice"},
            {"status": "under_review", "on": "2026-11-22", "by": "A. Reader, RN"},
        ],
        "content": [],
        **more,
    }


def shown(answer: Answer, state: dict[str, Any], audience: Audience = "clinician") -> str:
    return str(article_fragment(article_of(answer, audience=audience, review=state)))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_reviewer_the_dates_and_the_policy_are_shown(met: Answer, audience: Audience) -> None:
    state = review(
        editorial_policy={"url": "/editorial-policy", "words": "our editorial policy"},
        links={"case": "/cases/7"},
    )
    text = shown(met, state, audience)
    assert "<b>Reviewer:</b> A. Reader, RN." in text
    assert "done, November 20, 2026, P. Ractice" in text
    assert "now, November 22, 2026, A. Reader, RN" in text
    assert '<a href="/editorial-policy">our editorial policy</a>' in text
    assert '<a href="/cases/7">open it</a>' in text


def test_what_the_review_does_not_say_is_left_out(met: Answer) -> None:
    text = shown(met, met.to_dict()["review"])
    assert "Reviewer" not in text
    assert "How content is reviewed" not in text


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_a_person_decided_otherwise_is_told_and_is_no_approval(
    met: Answer, audience: Audience
) -> None:
    decided = {"words": "partially approved", "on": "2026-11-24", "by": "B. Signer, MD"}
    text = shown(met, review(decided=decided), audience)
    assert "<b>A person has decided:</b> partially approved (B. Signer, MD, November 24" in text
    assert "No person has signed" not in text
    assert "no person has signed" not in text
    assert "Exercise caution" in text
    brief = str(
        render(met, "markdown", audience=audience, review=review(decided=decided), depth="brief")
    )
    assert "partially approved (B. Signer" in brief
    assert "o person has signed" not in brief


@pytest.mark.parametrize("form", ["html", "markdown", "terminal"])
def test_an_address_that_runs_is_not_linked(met: Answer, form: Any) -> None:
    for bad in ("javascript:alert(1)", "//elsewhere", "/\\elsewhere", "data:text/html,x"):
        state = review(editorial_policy={"url": bad, "words": "w"}, links={"case": bad})
        assert bad not in str(render(met, form, review=state, width=100, depth="full"))


# --- content ------------------------------------------------------------------------------------


def entry(policy: str, status: str = "approved") -> dict[str, Any]:
    approved = status == "approved"
    return {
        "policy": policy,
        "digest": "sha256:0123456789abcdef",
        "status": status,
        "approved": "2026-11-10" if approved else None,
        "by": "E. Ditor, MD" if approved else None,
    }


def told(content: list[dict[str, Any]], library: Library, audience: Audience = "clinician") -> str:
    return " ".join(line.text for line in content_lines(content, library, audience))


def test_single_policies_are_approved_or_pending(library: Library) -> None:
    title = library.policies[GONB].title
    both = told([entry(GONB), entry("x/y", "submitted")], library)
    assert both == (
        f"Of 2 policies used here, 1 is approved by the editors: {title} "
        "(E. Ditor, MD, November 10, 2026); 1 is pending: x/y."
    )
    assert told([entry(GONB)], library).startswith("Approved by their editors: all of the 1 policy")
    assert told([entry(GONB, "under_review")], library).startswith("Pending approval")
    assert "sha256:0123" in told([entry(GONB)], library, "auditor")


def test_many_policies_are_counted(library: Library) -> None:
    text = told([entry(name) for name in list(library.policies)[:9]], library)
    assert "all of the 9 policies" in text
    assert text.endswith("; 5 more.")


def test_packs_that_are_approved_say_by_whom(library: Library) -> None:
    pack = {"pack": "common", "version": "1.0.0", "submitted": "2026-11-01"}
    done = {**pack, "status": "approved", "approved": "2026-11-10", "by": "E. Ditor"}
    assert told([done], library) == (
        "Medical content approved by its editors: “Shared words and facts” 1.0.0 (E. Ditor, November 10, 2026)."
    )
    waiting = told([{**pack, "status": "under_review"}], library)
    assert (
        "pending approval by its editors: “Shared words and facts” 1.0.0 (under review since"
        in waiting
    )


def test_patients_are_told_only_whether_anything_is_pending(library: Library) -> None:
    assert told([entry(GONB)], library, "patient") == ""
    pending = told([entry(GONB), entry("x/y", "submitted")], library, "patient")
    assert pending == "The medical content is still being checked by people."


def test_pending_content_is_told_after_the_determination_is_signed(met: Answer) -> None:
    signed = review(status="approved", content=[entry("x/y", "submitted")])
    text = shown(met, signed)
    assert "Exercise caution" not in text
    assert "Pending approval by their editors" in text
