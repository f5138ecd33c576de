"""Everything medwarrant may refuse, as one small tree of errors.

Each message says what is wrong, where, and how to mend it. Messages never quote health data beyond
the few words the user must see to find the place.
"""

from __future__ import annotations

from dataclasses import dataclass


class MedwarrantError(Exception):
    """Base of every error that medwarrant raises on purpose."""


class InputError(MedwarrantError):
    """A question, request, fact or option that cannot be used as it is.

    >>> str(InputError("the date 1800-01-01 is too early", where="--as-of", mend="use 2015 or later"))
    '--as-of: the date 1800-01-01 is too early; use 2015 or later'
    """

    def __init__(self, problem: str, *, where: str = "", mend: str = "") -> None:
        self.problem = problem
        self.where = where
        self.mend = mend
        text = f"{where}: {problem}" if where else problem
        super().__init__(f"{text}; {mend}" if mend else text)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a pack: where it stands, what it is, how to mend it.

    `severity` is `error` (the pack cannot be used) or `warning` (it can, an author should look).
    """

    file: str
    line: int
    message: str
    mend: str = ""
    severity: str = "error"
    rule: str = "format"

    def __str__(self) -> str:
        mend = f" ({self.mend})" if self.mend else ""
        return f"{self.file}:{self.line}: {self.severity}: {self.message}{mend}"


class PackError(MedwarrantError):
    """A pack that cannot be loaded, with every problem found in it, not only the first.

    >>> error = PackError((Problem("facts.yaml", 3, "kind 'flagg' is not known"),))
    >>> print(error)
    1 problem in the packs:
    facts.yaml:3: error: kind 'flagg' is not known
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n".join([f"{count} in the packs:", *map(str, problems)]))


class ReplayError(MedwarrantError):
    """A stored determination that cannot be replayed, or comes out different."""
