"""Follow-up questions over an answer: what is given is judged again, what is asked is answered from the packs."""

from __future__ import annotations

from .follow_up import follow_up
from .reply import KINDS, CriterionChange, FollowUp, FollowUpReply, ItemChange, Kind

__all__ = [
    "KINDS",
    "CriterionChange",
    "FollowUp",
    "FollowUpReply",
    "ItemChange",
    "Kind",
    "follow_up",
]
