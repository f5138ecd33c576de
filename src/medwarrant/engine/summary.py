"""The sentences of an item: what the outcome means, for these reasons, in the words readers expect."""

from __future__ import annotations

from collections.abc import Iterable

from ..model.determination import CriterionResult, Outcome, Reason
from ..policy.policy import CodeQuestion

REASON_WORDS: dict[str, str] = {
    "not_met": "a requirement is not met",
    "neither": "the evidence does not decide",
    "against": "a source is against it",
    "no_support_found": "no support found",
    "mismatch": "code, nerve and diagnosis do not fit together",
    "contraindication": "an absolute contraindication is present",
    "request_rule": "a rule about the whole request is not respected",
    "out_of_scope": "no indication of the policy covers this purpose or setting",
    "rule_unverified": "the only rule that is met is unverified",
}


def summary(
    outcome: Outcome,
    reasons: tuple[Reason, ...],
    *,
    payer_applied: bool,
    conditions: Iterable[str],
    details: Iterable[str],
    questions: Iterable[CodeQuestion],
) -> str:
    """One or two sentences for an item.

    >>> summary("no_policy", (), payer_applied=False, conditions=(), details=(), questions=())
    'No policy found: nothing in the library speaks of this pair.'
    >>> summary(
    ...     "needs_clinical_review", ("neither", "no_support_found"), payer_applied=False,
    ...     conditions=(), details=(), questions=(),
    ... )
    'For a clinician to decide: the evidence does not decide; no support found.'
    """
    if outcome == "no_policy":
        return "No policy found: nothing in the library speaks of this pair."
    if outcome == "meets_criteria":
        if payer_applied:
            return "Medically necessary under the policy named."
        return "Meets guideline criteria; no payer policy applied."
    if outcome == "needs_information":
        listed = "; ".join(_lower_first(part) for part in conditions)
        return f"Medically necessary if: {listed}."
    # Reasons are of several forms ("no support found", "a source is against it"): set side by side.
    why = "; ".join(REASON_WORDS[reason] for reason in reasons)
    text = f"For a clinician to decide: {why or 'the rules do not decide this pair'}."
    more = [detail for detail in dict.fromkeys(details) if detail]
    if more:
        text += " " + " ".join(more[:2])
    asked = [question.question for question in questions]
    if asked:
        text += f" Ask: {asked[0]}"
    return text


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def leaves(result: CriterionResult) -> Iterable[CriterionResult]:
    """The leaves of an explained tree."""
    if not result.children:
        yield result
    for child in result.children:
        yield from leaves(child)
