"""What a follow-up question gets: the reply, and the new answer where facts were given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import msgspec

from ..intake.reading import FactRead
from ..model.determination import Outcome
from ..report.article import Block
from ..report.comparison import CriterionStatus

if TYPE_CHECKING:
    from ..answer import Answer

Kind = Literal[
    "new_facts",
    "what_if",
    "why",
    "missing",
    "evidence",
    "other_payer",
    "coding",
    "library",
    "not_in_library",
]
KINDS: tuple[Kind, ...] = get_args(Kind)


class CriterionChange(msgspec.Struct, frozen=True, kw_only=True):
    """A criterion whose status differs; None where the criteria shown did not hold it."""

    id: str
    title: str
    before: CriterionStatus | None
    after: CriterionStatus | None


class ItemChange(msgspec.Struct, frozen=True, kw_only=True):
    """A pair of service and diagnosis that stands otherwise than before.

    `line` tells lines with one code apart, from 1; `before` is None for a pair that was added, `after` for one that was taken out; `missing_before`
    and `missing_after` are ids of criteria, as in `items[].missing`. `findings` are ids of the coding and
    safety remarks that are new, `settled` of those to confirm that no longer are.
    """

    service: str
    diagnosis: str
    line: int = 1
    before: Outcome | None
    after: Outcome | None
    missing_before: tuple[str, ...] = ()
    missing_after: tuple[str, ...] = ()
    criteria: tuple[CriterionChange, ...] = ()
    findings: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()


class RequestChange(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the request itself: facts that no longer count as they were, codes, date of service.

    `withdrawn` are facts taken out, denied, or said otherwise since; `as_of` is the new date of service,
    None where it stays.
    """

    withdrawn: tuple[FactRead, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    as_of: str | None = None


class FollowUp(msgspec.Struct, frozen=True, kw_only=True):
    """The reply to a follow-up question.

    `kind` is what the first part of it asked, `also` what its other parts asked. `keeps` says that the
    answer beside it replaces the old one; only facts that were stated do that. `facts` are what was
    understood as given, `request` what became of the request otherwise, `sources` the ids of the sources told.
    """

    kind: Kind
    question: str
    blocks: tuple[Block, ...]
    changes: tuple[ItemChange, ...] = ()
    facts: tuple[FactRead, ...] = ()
    request: RequestChange = RequestChange()
    keeps: bool = False
    sources: tuple[str, ...] = ()
    also: tuple[Kind, ...] = ()


@dataclass(frozen=True)
class FollowUpReply:
    """A reply with the answer it speaks of, where that is another than before.

    With `reply.keeps` the answer replaces the old one; without, it is what would be (another payer, a
    supposition), to look at and not to keep.
    """

    reply: FollowUp
    answer: Answer | None = None
