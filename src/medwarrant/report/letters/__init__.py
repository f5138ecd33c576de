"""Letters and documents made from a determination: to a member, a practice or a reviewer.

Every sentence is the record's, a pack's, a person's, the plan's, or one of a few fixed ones of ours;
`docs/letters.md` lists them. Nothing here decides, sends or stores anything.
"""

from __future__ import annotations

from .adverse import adverse_notice
from .approval import approval_letter
from .asking import asked_of, missing_criteria
from .brief import peer_to_peer_brief
from .checklist import submission_checklist
from .grounds import Ground, grounds_of
from .html import letter_html, letter_html_fragment
from .information import information_request_letter
from .letter import LETTER_KINDS, LETTER_SCHEMA, Letter, LetterKind, letter_data, letter_from_data
from .pdf import letter_pdf
from .plain_text import letter_text
from .style import LETTER_STYLE
from .told import (
    Asked,
    Correspondence,
    Decided,
    DecisionKind,
    DecisionTold,
    InformationAsked,
    LanguageNote,
    LetterReplaced,
    LineDecision,
)

__all__ = [
    "LETTER_KINDS",
    "LETTER_SCHEMA",
    "LETTER_STYLE",
    "Asked",
    "Correspondence",
    "Decided",
    "DecisionKind",
    "DecisionTold",
    "Ground",
    "InformationAsked",
    "LanguageNote",
    "Letter",
    "LetterKind",
    "LetterReplaced",
    "LineDecision",
    "adverse_notice",
    "approval_letter",
    "asked_of",
    "grounds_of",
    "information_request_letter",
    "letter_data",
    "letter_from_data",
    "letter_html",
    "letter_html_fragment",
    "letter_pdf",
    "letter_text",
    "missing_criteria",
    "peer_to_peer_brief",
    "submission_checklist",
]
