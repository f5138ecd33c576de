"""What a letter is told by people: the plan and the parties, the decision, and what is asked for."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

DecisionKind = Literal["approved", "partially_approved", "modified", "adverse"]
Decided = Literal["approved", "not_approved", "modified"]


class LanguageNote(msgspec.Struct, frozen=True, kw_only=True):
    """A plan's note on help in one language; `lang` is the language of the text itself (`es`, `zh-Hant`)."""

    text: str
    lang: str = ""


class LetterReplaced(msgspec.Struct, frozen=True, kw_only=True):
    """The letter of the same decision that a letter takes the place of: its day; `version` is that of the new one."""

    dated: date
    version: int


class Correspondence(msgspec.Struct, frozen=True, kw_only=True):
    """Who writes to whom about which case, with the texts that only the plan can supply.

    `appeal_rights` is the plan's text for one `jurisdiction` (a line of business in a state); an adverse
    notice is refused without both. `peer_to_peer` says how a doctor reaches the one who decides; without it
    the plan's phone stands. `notices` are further texts that the plan puts on its letters, such as what an
    approval does not promise. Blank lines in these texts part paragraphs. Names are taken as they are given.
    `replaces` makes the letter of a decision say that it is a new version.
    """

    plan: str
    plan_address: tuple[str, ...] = ()
    phone: str = ""
    fax: str = ""
    online: str = ""
    member: str = ""
    member_reference: str = ""
    member_address: tuple[str, ...] = ()
    requester: str = ""
    requester_address: tuple[str, ...] = ()
    case_number: str
    dated: date
    appeal_rights: str = ""
    jurisdiction: str = ""
    peer_to_peer: str = ""
    language_notes: tuple[LanguageNote, ...] = ()
    notices: tuple[str, ...] = ()
    replaces: LetterReplaced | None = None


class LineDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What a person decided of one service line, for all its diagnoses or for some.

    `line` is the place of the line in the request (from 0), needed only where two lines have one code.
    `words` say what is approved: how much and how long, or, where it is modified, what is approved instead.
    `reason` is the physician's own; `member_reason` the same in plain words for the member, where the first
    is not. `criteria` and `sources` are ids of the record (see `grounds_of`).
    """

    service: str
    line: int | None = None
    diagnoses: tuple[str, ...] = ()
    decided: Decided
    words: str = ""
    reason: str = ""
    member_reason: str = ""
    criteria: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class DecisionTold(msgspec.Struct, frozen=True, kw_only=True):
    """A person's signed decision, as a letter tells it; that the person may make it is checked elsewhere.

    An adverse, partial or modified decision is the act of a physician: whoever builds one names one.
    """

    kind: DecisionKind
    signed_by: str
    credentials: str = ""
    signed_on: date
    lines: tuple[LineDecision, ...]
    authorization: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a reviewer asks for: a missing criterion, a document or a fact of the record.

    `id` is the criterion's, the document's (`documents[].id`) or the fact's; `service` and `diagnosis` narrow
    it to some pairs. `words` are the reviewer's own: beside the rest, or alone (`about` is `words`).
    """

    about: Literal["criterion", "document", "fact", "words"]
    id: str = ""
    service: str = ""
    diagnosis: str = ""
    words: str = ""


class InformationAsked(msgspec.Struct, frozen=True, kw_only=True):
    """What a reviewer asks a practice for, and the day by which it is needed."""

    asked: tuple[Asked, ...]
    answer_by: date
    words: str = ""
    asked_by: str = ""
    credentials: str = ""
