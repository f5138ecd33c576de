"""What is kept of the clock of a case: extensions, pauses and changes of urgency, with their reasons."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ..policy.clock_rule import Urgency


class Extension(msgspec.Struct, frozen=True, omit_defaults=True):
    """So many calendar days more for one clock of a case, granted at a moment."""

    granted_at: datetime
    days: int
    of: Urgency = "standard"
    reason: str = ""


class Pause(msgspec.Struct, frozen=True, omit_defaults=True):
    """The clock stood still, or stands still where `until` is None."""

    since: datetime
    until: datetime | None = None
    reason: str = ""


class UrgencyChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """The urgency became another one: `at` is when that was asked, not when somebody granted it."""

    at: datetime
    to: Urgency
    reason: str = ""
