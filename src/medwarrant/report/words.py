"""What readers see for outcomes, verdicts, statuses and marks: fixed words, the same everywhere."""

from __future__ import annotations

from typing import Literal

from ..engine.summary import REASON_WORDS

Audience = Literal["patient", "practice", "clinician", "reviewer", "auditor"]
Depth = Literal["brief", "full"]
DEPTHS: tuple[Depth, ...] = ("brief", "full")
AUDIENCES: tuple[Audience, ...] = ("patient", "practice", "clinician", "reviewer", "auditor")

AUDIENCE_WORDS: dict[str, str] = {
    "patient": "I am a patient or a family member",
    "practice": "I prepare requests in a practice",
    "clinician": "I treat patients",
    "reviewer": "I review requests",
    "auditor": "I audit decisions",
}

#: The outcome in words; without a payer the best outcome says so.
OUTCOME_WORDS: dict[str, str] = {
    "meets_criteria": "Medically necessary",
    "needs_information": "Medically necessary if …",
    "needs_clinical_review": "For a clinician to decide",
    "no_policy": "No policy found",
}
GUIDELINE_ONLY = "Meets guideline criteria; no payer policy applied"

#: A shape for each outcome, so that colour is never alone.
OUTCOME_SHAPES: dict[str, str] = {
    "meets_criteria": "✓",
    "needs_information": "?",
    "needs_clinical_review": "◆",
    "no_policy": "○",
}

#: `uncounted` is a rule whose sources are unverified: it is shown and decides nothing.
STATUS_WORDS: dict[str, str] = {
    "met": "met",
    "not_met": "not met",
    "missing": "missing",
    "uncounted": "not counted",
}
STATUS_SHAPES: dict[str, str] = {"met": "✓", "not_met": "✗", "missing": "?", "uncounted": "○"}

PLAIN_REASONS: dict[str, str] = {
    "not_met": "one thing that is asked for is not there",
    "neither": "studies do not settle it",
    "against": "a source speaks against it",
    "no_support_found": "we found no proof for this use",
    "mismatch": "the treatment is not for this part of the body",
    "contraindication": "it may not be safe for you",
    "request_rule": "a rule on the whole plan is not kept",
    "out_of_scope": "the rules do not speak of this use",
    "rule_unverified": "the rule could not be checked",
}

DIRECTION_WORDS: dict[str, str] = {
    "for": "For",
    "against": "Against",
    "neither": "Neither for nor against",
    "none_found": "None found",
    "background": "Background",
}
PLAIN_DIRECTIONS: dict[str, str] = {
    "for": "Studies or guides speak for it",
    "against": "A source speaks against it",
    "neither": "Studies do not settle it",
    "none_found": "We found no study or guide for this use",
}
STRENGTH_WORDS: dict[str, str] = {
    "strong": "strong",
    "weak": "weak",
    "consensus": "consensus of experts",
    "none": "no recommendation",
}
CERTAINTY_WORDS: dict[str, str] = {
    "high": "high",
    "moderate": "moderate",
    "low": "low",
    "very_low": "very low",
    "none": "none",
}
VERIFIED_WORDS: dict[str, str] = {
    "primary": "source read",
    "secondary": "read in an account of the source",
    "unverified": "not verified",
}
#: What the mark of a source means, where the source is opened.
WARNINGS: dict[str, str] = {
    "retracted": "Retracted: withdrawn from the literature. It is shown and supports nothing.",
    "retired": "Retired: its publisher no longer keeps it in force.",
    "superseded": "Superseded: a later version has taken its place.",
    "proposed": "Proposed only: it is not in force.",
    "unverified": "Not verified: nobody has read it here, so it carries no rule.",
    "contested": "Contested: others dispute it.",
}
PLAIN_WARNINGS: dict[str, str] = {
    "retracted": "This study was taken back. We do not count it.",
    "retired": "This is an old rule. It is no longer used.",
    "superseded": "This is an old version. A new one has come out.",
    "proposed": "This is a plan. It is not yet a rule.",
    "unverified": "We could not check this one. We do not build on it.",
    "contested": "Not all experts agree with it.",
}
PLAIN_STATEMENT_DIRECTIONS: dict[str, str] = {
    "for": "It speaks for the treatment",
    "against": "It speaks against the treatment",
    "neither": "It does not settle the question",
    "none_found": "It found no proof for this use",
    "background": "It gives background facts",
}
PLAIN_PROOF: dict[str, str] = {
    "strong": "the advice is strong",
    "weak": "the advice is weak",
    "consensus": "experts agree on it",
}
PLAIN_VERIFIED: dict[str, str] = {
    "primary": "we read it",
    "secondary": "we read what others say of it",
    "unverified": "we could not check it",
}
KIND_WORDS: dict[str, str] = {
    "guideline": "Guideline",
    "research": "Research",
    "coverage": "Coverage policy",
    "regulation": "Regulation",
    "terminology": "Code set",
    "labelling": "Drug label",
    "commentary": "Commentary",
}
AUTHORITY_WORDS: dict[str, str] = {
    "statute": "statute",
    "national": "national coverage",
    "local": "local coverage",
    "plan": "plan policy",
    "guideline": "guideline layer",
}
POLICY_STATUS_WORDS: dict[str, str] = {
    "draft": "draft",
    "proposed": "proposed only",
    "in_force": "in force",
    "superseded": "superseded",
    "retired": "retired",
    "not_yet_in_force": "not yet in force",
}
BASIS_WORDS: dict[str, str] = {
    "coded": "from a coded field",
    "stated": "stated in the request",
    "read": "read from text by the machine",
    "confirmed": "confirmed by a person",
}


def outcome_words(outcome: str, *, payer_applied: bool) -> str:
    """The outcome of a pair as every reader sees it.

    >>> outcome_words("meets_criteria", payer_applied=False)
    'Meets guideline criteria; no payer policy applied'
    """
    if outcome == "meets_criteria" and not payer_applied:
        return GUIDELINE_ONLY
    return OUTCOME_WORDS[outcome]


def outcome_said(outcome: str, *, payer_applied: bool = True) -> str:
    """The outcome inside a sentence, where an ellipsis would break off.

    >>> outcome_said("needs_information")
    'Medically necessary if more is shown'
    """
    words = outcome_words(outcome, payer_applied=payer_applied)
    return words.replace(" …", " more is shown")


def reason_words(reason: str, *, plain: bool = False) -> str:
    """Why a clinician must look, as a phrase.

    >>> reason_words("neither")
    'the evidence does not decide'
    """
    return PLAIN_REASONS[reason] if plain else REASON_WORDS[reason]
