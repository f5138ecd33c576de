"""What the review desk refuses, beside input that cannot be used."""

from __future__ import annotations

from ..model.errors import MedwarrantError


class _Refused(MedwarrantError):
    """A refusal: what is wrong, where, and how to mend it; never with health data."""

    def __init__(self, problem: str, *, where: str = "", mend: str = "") -> None:
        self.problem = problem
        self.where = where
        self.mend = mend
        text = f"{where}: {problem}" if where else problem
        super().__init__(f"{text}; {mend}" if mend else text)


class NotFound(_Refused):
    """What was named does not exist, or the person may not know that it does."""


class NotAllowed(_Refused):
    """The person, the role, the state of the case or a rule does not allow the act.

    >>> str(NotAllowed("only a physician may sign this", mend="refer the case to a physician"))
    'only a physician may sign this; refer the case to a physician'
    """


class Stale(_Refused):
    """Somebody changed it since the person saw it; nothing was changed."""


class NotIntact(_Refused):
    """A stored record, decision or audit entry does not agree with its digest."""


class Unavailable(_Refused):
    """The database does not answer, cannot be written, is full or damaged; nothing was changed."""
