"""What a physician says of each service line, and whether the record bears it as a reason.

CMS-0057-F asks for a specific reason with every denial, and Medicare Advantage decides on the patient's own
facts and on criteria that are public: a line that is not approved as asked has a reason in a sentence, tied
for each diagnosis to a criterion or finding of the record that is not met or missing. What rests only on
unverified sources, or only on what the editors of a pack ask for, decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from ..answer import Answer
from ..model.determination import Item
from ..model.errors import InputError
from ..report.letters import Decided, DecisionKind, Ground, grounds_of
from . import written
from .criteria_of import items_of_line, outcome_of_line
from .decisions import LineOfDecision, Override
from .errors import NotAllowed
from .overridden import criteria_overridden
from .refusal_grounds import usable_grounds

#: Grounds that need no policy to govern: the service itself is unsafe, or does not fit the diagnosis.
_FINDINGS: Final = frozenset({"safety", "coding"})


class LineSaid(msgspec.Struct, frozen=True, kw_only=True):
    """What a physician says of one service line, by its place in the request.

    `words` say what is approved instead, where it is modified. `reason` is the physician's own,
    `member_reason` the same in plain words. `criteria` are ids of `grounds_of`.
    """

    line: int
    decided: Decided
    words: str = ""
    reason: str = ""
    member_reason: str = ""
    criteria: tuple[str, ...] = ()


def kind_of(lines: Iterable[LineSaid]) -> DecisionKind:
    """What a decision is, given what is decided of each line.

    >>> kind_of([LineSaid(line=0, decided="approved"), LineSaid(line=1, decided="not_approved")])
    'partially_approved'
    """
    have = {line.decided for line in lines}
    if have == {"approved"}:
        return "approved"
    if have == {"not_approved"}:
        return "adverse"
    return "partially_approved" if {"approved", "not_approved"} <= have else "modified"


def lines_of_decision(answer: Answer, said: Sequence[LineSaid]) -> tuple[LineOfDecision, ...]:
    """Each line as the decision keeps it, once every rule on reasons and grounds holds.

    Raises `InputError` where a line is lacking, said twice or not tied, and `NotAllowed` where the record
    holds nothing that a refusal could rest on.
    """
    services = answer.reading.request.services
    if sorted(line.line for line in said) != list(range(len(services))):
        raise InputError(
            "a decision says something of every service line, once",
            where="lines",
            mend=f"there are {len(services)}, counted from 0",
        )
    return tuple(_line(answer, line) for line in sorted(said, key=lambda line: line.line))


def overrides_of(answer: Answer, lines: Iterable[LineOfDecision]) -> tuple[Override, ...]:
    """Where lines were decided otherwise than proposed, criterion by criterion.

    An approval overrides the criteria that kept the best item from meeting them; a refusal of what meets
    criteria overrides the policy, and is about the grounds that were named.
    """
    found = []
    for line in lines:
        meets = line.proposed == "meets_criteria"
        if (line.decided == "approved") == meets:
            continue
        if not meets and line.decided != "approved":
            continue
        item = best_item(answer, line.line)
        stood_between = criteria_overridden(answer, item) if item and not meets else ()
        found.append(
            Override(
                line=line.line,
                service=line.service,
                diagnosis=item.diagnosis if item else "",
                proposed=line.proposed,
                decided=line.decided,
                criteria=line.criteria or stood_between,
                reason=line.reason,
            )
        )
    return tuple(found)


def best_item(answer: Answer, line: int) -> Item | None:
    """The item that speaks best for a line: the first whose outcome is the line's."""
    outcome = outcome_of_line(answer, line)
    items = items_of_line(answer, line)
    return next((item for item in items if item.outcome == outcome), None)


def _line(answer: Answer, said: LineSaid) -> LineOfDecision:
    service = answer.reading.request.services[said.line]
    where = f"lines[{said.line}]"
    items = items_of_line(answer, said.line)
    proposed = outcome_of_line(answer, said.line)
    made = LineOfDecision(
        line=said.line,
        service=service.code,
        diagnoses=tuple(item.diagnosis for item in items),
        proposed=proposed,
        decided=said.decided,
        words=written.passage(
            said.words, f"{where}.words", most=1_000, needed=said.decided == "modified"
        ),
        reason=written.passage(said.reason, f"{where}.reason", needed=False),
        member_reason=written.passage(said.member_reason, f"{where}.member_reason", needed=False),
        criteria=tuple(dict.fromkeys(said.criteria)),
    )
    if said.decided == "approved":
        if proposed != "meets_criteria":
            written.reason(said.reason, f"{where}.reason")
        if made.words:
            raise InputError(
                "what is approved as asked needs no other words",
                where=f"{where}.words",
                mend="call it modified where it is less than was asked, or something else",
            )
        return msgspec.structs.replace(made, criteria=())
    written.reason(said.reason, f"{where}.reason")
    cited = [_tied(answer, item, made.criteria, where) for item in items]
    _refuse_unknown(answer, items, made.criteria, where)
    if not any(cited):
        raise _nothing_to_rest_on(service.code)
    missing_only = all(ground.status == "missing" for grounds in cited for ground in grounds)
    return msgspec.structs.replace(made, lacking=proposed == "needs_information" or missing_only)


def _tied(answer: Answer, item: Item, criteria: tuple[str, ...], where: str) -> tuple[Ground, ...]:
    """The grounds that are named for one item; refused unless one of them can decide."""
    usable = usable_grounds(answer, item)
    if not usable:
        if item.outcome == "no_policy":
            return ()
        raise _nothing_to_rest_on(f"{item.service} for {item.diagnosis}")
    cited = tuple(ground for ground in usable if ground.id in criteria)
    if not cited:
        raise InputError(
            f"the reason is tied to nothing that is not met or missing for {item.diagnosis}",
            where=f"{where}.criteria",
            mend="name a criterion or finding of that diagnosis; where a fact is wrong, correct it first",
        )
    if item.governing is None and not any(ground.kind in _FINDINGS for ground in cited):
        raise NotAllowed(
            f"it is not settled which policy governs {item.service} for {item.diagnosis}, so a refusal cannot "
            "rest on one",
            mend="add the facts that settle it: payer, line of business and state",
        )
    if not any(ground.counts and not ground.editorial for ground in cited):
        raise InputError(
            f"for {item.diagnosis} it rests only on what is unverified, or asked by the editors alone",
            where=f"{where}.criteria",
            mend="name a criterion of the policy whose source was verified",
        )
    return cited


def _refuse_unknown(
    answer: Answer, items: Iterable[Item], criteria: tuple[str, ...], where: str
) -> None:
    known = {
        ground.id
        for item in items
        for ground in grounds_of(answer, item.service, item.diagnosis, item.line)
    }
    unknown = [name for name in criteria if name not in known]
    if unknown:
        raise InputError(
            f"the record of this line holds no criterion or finding '{unknown[0][:80]}'",
            where=f"{where}.criteria",
            mend="name them by their id in the record",
        )


def _nothing_to_rest_on(what: str) -> NotAllowed:
    return NotAllowed(
        f"the record holds nothing that a refusal of {what} could rest on",
        mend="approve it, ask for information, correct a fact that is wrong, or have the policy that you "
        "rely on added to the library",
    )
