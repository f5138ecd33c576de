"""What this software does not answer: prices and payments, doses to give, claims and appointments, advice."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from ..report.article import Callout, Line
from .talk import Talk, Told


class Outside(msgspec.Struct, frozen=True):
    """A subject by its words, and who answers it; `plain` in a patient's words."""

    words: re.Pattern[str]
    said: str
    plain: str


_SUBJECTS: Final[tuple[Outside, ...]] = (
    Outside(
        re.compile(
            r"\b(?:pay|pays|paid|cost\w*|charge[ds]?|prices?|priced|reimburse\w*|owed?|co-?pays?|copayments?|deductibles?|co-?insurance|allowables?|allowed amount|fee schedule|rvus?|out of pocket|cash rate|bill me|financial assistance|refund)\b"
        ),
        "Prices, payments and a member's share of them are not in the library; the payer or the billing office knows them.",
        "We do not know prices or what you must pay. Ask your health plan or the billing office.",
    ),
    Outside(
        re.compile(
            r"\b(?:dose|dosage|dosing|mgs?|milligrams?|mls?|ccs?|units?|vials?|pills?|tablets?)\b|\bhow (?:many|much)\b.*\btake\b"
        ),
        "No dose to give or to take is told here: that is for the prescriber, with the label of the drug.",
        "We do not tell how much of a drug to use. Ask your doctor or a pharmacist.",
    ),
    Outside(
        re.compile(
            r"\b(?:claims?|call|contact|phone|fax|email|appointments?|schedule|reschedule|complain\w*|customer)\b"
        ),
        "Claims, contacts and appointments are not in the library; the payer or the practice answers them.",
        "We can not help with claims, calls or visits. Ask your health plan or your doctor's office.",
    ),
    Outside(
        re.compile(r""),
        "What to do for a patient is for the clinician; this says what policies and evidence ask for.",
        "We can not tell you what to do. Ask your doctor or nurse.",
    ),
)


def tell_outside(talk: Talk, plain_text: str) -> Told:
    """That a question is of a sort that is not answered here, and who answers it."""
    subject = next(one for one in _SUBJECTS if one.words.search(plain_text))
    said = subject.plain if talk.plain else subject.said
    return Told("not_in_library", (Callout("note", "Not answered here", (Line(text=said),)),))
