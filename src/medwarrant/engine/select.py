"""Which policy governs an item, and why.

The highest authority in force for the payer, line of business, state and date; the guideline layer
where no payer is named or the named payer has no policy. Whether a coverage policy applies is itself
three-valued: an unnamed line of business or state leaves it missing, and then no policy is picked by
guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

from ..model.status import Status
from .judge import CompiledPolicy
from .view import View

MET, MISSING, NOT_MET = Status.MET, Status.MISSING, Status.NOT_MET


@dataclass(frozen=True, slots=True)
class Selection:
    """The policies that may govern, best first, and why.

    `certain` is true where exactly one is left; otherwise which one it is depends on missing
    coverage facts, or nothing governs.
    """

    candidates: tuple[CompiledPolicy, ...]
    certain: bool
    why: str

    @property
    def governing(self) -> CompiledPolicy | None:
        """The policy that governs, or None where none does or it cannot be told."""
        return self.candidates[0] if self.certain and self.candidates else None


def select(naming: tuple[CompiledPolicy, ...], view: View) -> Selection:
    """Choose among the policies that name an item."""
    in_force = [
        item
        for item in sorted(naming, key=attrgetter("rank"))
        if item.policy.status_on(view.as_of) == "in_force"
    ]
    guidelines = tuple(item for item in in_force if item.policy.is_guideline)[:1]
    coverage = [item for item in in_force if not item.policy.is_guideline]
    if not _coverage_named(view):
        return _without_payer(guidelines, coverage)
    possible: list[CompiledPolicy] = []
    for item in coverage:
        applies = item.applies(view)
        if applies is MET and not possible:
            return Selection((item,), True, _why_applies(item, coverage, view))
        if applies is MET:
            return Selection((*possible, item), False, _undetermined(view))
        if applies is MISSING:
            possible.append(item)
    if possible:
        return Selection((*possible, *guidelines), False, _undetermined(view))
    if guidelines:
        return Selection(
            guidelines,
            True,
            "The named payer has no policy on this in the library; the guideline layer governs.",
        )
    return Selection(
        (), True, "No policy of the named payer and no guideline policy names this pair."
    )


def _coverage_named(view: View) -> bool:
    """Whether something is said of who pays; a contractor that only follows from the state is not."""
    named = {"payer", "line_of_business"}
    if view.ids.get("contractor") != view.ids.get("state"):
        named.add("contractor")
    return any(name in view.choices or name in view.conflicts for name in named)


def _without_payer(
    guidelines: tuple[CompiledPolicy, ...], coverage: list[CompiledPolicy]
) -> Selection:
    if guidelines:
        return Selection(
            guidelines,
            True,
            "No payer is named; the guideline layer governs and no payer policy is applied.",
        )
    if coverage:
        return Selection(
            tuple(coverage),
            False,
            "Only coverage policies speak of this pair; the payer is not named.",
        )
    return Selection((), True, "No policy in force names this pair.")


def _undetermined(view: View) -> str:
    unknown = [
        words
        for name, words in (
            ("payer", "the payer"),
            ("line_of_business", "the line of business"),
            ("contractor", "the state or its Medicare contractor"),
        )
        if name not in view.choices
    ]
    listed = " and ".join(unknown) or "the coverage"
    return f"Which policy governs depends on {listed}, which is not stated or not known to the library."


def _why_applies(item: CompiledPolicy, coverage: list[CompiledPolicy], view: View) -> str:
    policy = item.policy
    level = {"national": "national policy", "local": "local policy", "plan": "plan policy"}.get(
        policy.authority, policy.authority
    )
    why = f"The highest {level} in force on {view.as_of.isoformat()} for the coverage named."
    if policy.last_seen is not None and (view.as_of - policy.last_seen).days > 365:
        why += f" It was last seen in force on {policy.last_seen.isoformat()}; confirm that it still is."
    return why
