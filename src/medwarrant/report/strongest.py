"""Which statements of an item weigh most: what a reader sees first, and what a short answer cites."""

from __future__ import annotations

from collections.abc import Iterable

from ..model.determination import Item, StatementShown

#: So many statements of an item are shown or cited before the rest.
FEW = 3

_STRENGTH = ("strong", "consensus", "weak")
_CERTAINTY = ("high", "moderate", "low", "very_low")
_VERIFIED = ("primary", "secondary", "unverified")


def strongest(item: Item, most: int = FEW) -> tuple[StatementShown, ...]:
    """The statements that carry the evidence verdict of an item, the weightiest first.

    What supports nothing (retracted, unverified) comes last, then what is only background. What
    speaks in the direction of the verdict outweighs the rest; then strength, certainty and how
    well the statement was verified decide, and last the order of the record.
    """

    def rank(entry: StatementShown) -> tuple[bool, bool, bool, int, int, int]:
        return (
            not entry.supports,
            entry.direction == "background",
            item.evidence.direction is not None and entry.direction != item.evidence.direction,
            _place(entry.strength, _STRENGTH),
            _place(entry.certainty, _CERTAINTY),
            _place(entry.verified, _VERIFIED),
        )

    return tuple(sorted(item.evidence.statements, key=rank)[:most])


def _place(value: str | None, order: Iterable[str]) -> int:
    """The place of a value in an order; what is not in it comes last.

    >>> _place("weak", ("strong", "weak")), _place(None, ("strong", "weak"))
    (1, 2)
    """
    known = list(order)
    return known.index(value) if value in known else len(known)
