"""Author checks on clock rules: times that contradict each other or their own sources."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model.errors import Problem
from .clock_rule import URGENCIES, ClockRule
from .library import Library


def clock_problems(library: Library) -> Iterator[Problem]:
    """What is wrong in the clock rules, and the lines of business that have none.

    Packs that state no clock at all are not meant for the review desk; nothing is lacking there.
    """
    for rule in library.clocks.values():
        yield from _contradictions(rule)
        yield from _numbers(rule, library)
    if not library.clocks:
        return
    for pack in library.packs:
        for name in pack.lines_of_business:
            if name not in library.clocks:
                yield Problem(
                    f"{pack.id}/payers.yaml",
                    1,
                    f"the line of business '{name}' has no clock; the strictest of all rules times its cases",
                    "add it to clocks.yaml",
                    severity="warning",
                    rule="clock",
                )


def _problem(rule: ClockRule, message: str, mend: str, severity: str = "error") -> Problem:
    return Problem(rule.file, rule.line, message, mend, severity=severity, rule="clock")


def _contradictions(rule: ClockRule) -> Iterator[Problem]:
    if rule.expedited.length() > rule.standard.length():
        yield _problem(
            rule,
            f"the expedited time of '{rule.id}' ({rule.expedited.text()}) is longer than the standard time",
            "one of them is wrong",
        )
    extended = rule.extension.of if rule.extension else ()
    for urgency in extended:
        limit = rule.limit(urgency)
        if rule.extension is not None and rule.extension.reach(limit) <= limit.length():
            yield _problem(
                rule,
                f"the extension of '{rule.id}' ({rule.extension.text()}) is no longer than its {urgency} time",
                "count it beyond: the time, or leave that urgency out",
            )
    if rule.pause.allowed and rule.pause.only_when_extended:
        for urgency in URGENCIES:
            if urgency in rule.pause.of and urgency not in extended:
                yield _problem(
                    rule,
                    f"the {urgency} clock of '{rule.id}' may pause only when extended, and may not be extended",
                    "allow the extension, or leave that urgency out of the pause",
                )


def _numbers(rule: ClockRule, library: Library) -> Iterator[Problem]:
    """A number of days or hours that none of the statements it rests on states."""
    stated = [
        (str(rule.standard.number), rule.standard.text(), rule.standard.rests_on),
        (str(rule.expedited.number), rule.expedited.text(), rule.expedited.rests_on),
    ]
    if rule.extension is not None:
        extension = rule.extension
        stated.append((str(extension.days), extension.text(), extension.rests_on))
    for number, words, rests_on in stated:
        claims = [library.statements[name].claim for name in rests_on if name in library.statements]
        if claims and not any(re.search(rf"\b{number}\b", claim) for claim in claims):
            yield _problem(
                rule,
                f"'{rule.id}' says {words}, which none of the statements it rests on states",
                "correct the number or the statements",
                severity="warning",
            )
