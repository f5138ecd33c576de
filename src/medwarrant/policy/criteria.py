"""The criteria tree: a dozen kinds of leaf and four connectives, as frozen values.

Every consumer (evaluation, prose, author checks, what-would-change, and later the batch compiler and
the form builder) is one `match` over these classes; nothing here evaluates anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from ..model.dates import Window
from ..model.measures import Bound

# --- conditions on the attributes of an event ---------------------------------------------------


class OneOf(msgspec.Struct, frozen=True, omit_defaults=True, tag=True):
    """The attribute has one of these values; `negated`: none of them."""

    values: tuple[str, ...]
    negated: bool = False


class InBound(msgspec.Struct, frozen=True, omit_defaults=True, tag=True):
    """The attribute's quantity satisfies a bound."""

    bound: Bound


class AsRequested(msgspec.Struct, frozen=True, omit_defaults=True, tag=True):
    """The attribute equals the service line's own attribute of that name (same side, same level)."""


Condition = OneOf | InBound | AsRequested
Where = tuple[tuple[str, Condition], ...]


# --- nodes --------------------------------------------------------------------------------------


class Node(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every criterion carries besides its kind.

    `verified` is false where all its support is unverified or retracted; `line` is the place in the
    policy file, for messages to authors.
    """

    id: str
    title: str = ""
    plain: str = ""
    document: str | None = None
    question: str | None = None
    rests_on: tuple[str, ...] = ()
    editorial: bool = False
    because: str = ""
    verified: bool = True
    line: int = 0


class AllOf(Node, frozen=True, kw_only=True, omit_defaults=True, tag="all_of"):
    """Met when every child is."""

    children: tuple[Criterion, ...]


class AnyOf(Node, frozen=True, kw_only=True, omit_defaults=True, tag="any_of"):
    """Met when one child is."""

    children: tuple[Criterion, ...]


class NoneOf(Node, frozen=True, kw_only=True, omit_defaults=True, tag="none_of"):
    """Met when no child is."""

    children: tuple[Criterion, ...]


class AtLeast(Node, frozen=True, kw_only=True, omit_defaults=True, tag="at_least"):
    """Met when `number` of the children are."""

    number: int
    children: tuple[Criterion, ...]


class Flag(Node, frozen=True, kw_only=True, omit_defaults=True, tag="flag"):
    """A fact is present."""

    fact: str


class Quantity(Node, frozen=True, kw_only=True, omit_defaults=True, tag="quantity"):
    """A quantity satisfies a bound; a range must satisfy it throughout."""

    fact: str
    bound: Bound


class Choice(Node, frozen=True, kw_only=True, omit_defaults=True, tag="choice"):
    """A fact has one of these values; `negated`: none of them."""

    fact: str
    values: tuple[str, ...]
    negated: bool = False


class DiagnosisIn(Node, frozen=True, kw_only=True, omit_defaults=True, tag="diagnosis"):
    """The item's diagnosis (or one of the patient's) is in a value set."""

    sets: tuple[str, ...]
    among: Literal["item", "request"] = "item"


class AlsoRequested(Node, frozen=True, kw_only=True, omit_defaults=True, tag="also_requested"):
    """Another line of the same session is one of these procedures, kinds or codes."""

    services: tuple[str, ...]
    except_diagnoses: tuple[str, ...] = ()


class EventKnown(Node, frozen=True, kw_only=True, omit_defaults=True, tag="event"):
    """Enough matching events are known, counted apart by `distinct` where it is given."""

    event: str
    where: Where = ()
    within: Window | None = None
    number: int = 1
    distinct: str | None = None


class EventCount(Node, frozen=True, kw_only=True, omit_defaults=True, tag="count"):
    """A cap: distinct dates of matching events, with the sessions asked for, stay within it.

    `window` None counts a lifetime. Decided as met only over a closed history.
    """

    event: str
    at_most: int
    where: Where = ()
    window: Window | None = None
    requested: bool = True


class TimeSince(Node, frozen=True, kw_only=True, omit_defaults=True, tag="time_since"):
    """The latest matching event lies at least `days` days before the date of service."""

    event: str
    days: int
    where: Where = ()


class Sequence(Node, frozen=True, kw_only=True, omit_defaults=True, tag="sequence"):
    """The latest `length` matching events in a row satisfy `each`, agree in `same`, are spaced."""

    event: str
    length: int
    where: Where = ()
    each: Where = ()
    same: tuple[str, ...] = ()
    gap_days: int = 0


class Change(Node, frozen=True, kw_only=True, omit_defaults=True, tag="change"):
    """A quantity fell from its baseline by a number or by a percentage."""

    fact: str
    baseline: str
    bound: Bound
    percent: bool = False


class SessionLimit(Node, frozen=True, kw_only=True, omit_defaults=True, tag="session"):
    """What is asked for in one session, counted as `what`, stays within `at_most`."""

    what: Literal["regions", "levels", "muscles", "services", "sides", "units"]
    at_most: int
    of: tuple[str, ...] = ()


class DoseLimit(Node, frozen=True, kw_only=True, omit_defaults=True, tag="dose"):
    """The summed dose of a drug or class in the session stays within absolute and weight limits.

    `over` adds the doses of earlier events in that window. Doses that are not stated never count.
    """

    drug: str
    at_most: float | None = None
    per_kg: float | None = None
    unit: str = "mg"
    epinephrine: bool | None = None
    over: Window | None = None


Connective = AllOf | AnyOf | NoneOf | AtLeast
Leaf = (
    Flag
    | Quantity
    | Choice
    | DiagnosisIn
    | AlsoRequested
    | EventKnown
    | EventCount
    | TimeSince
    | Sequence
    | Change
    | SessionLimit
    | DoseLimit
)
Criterion = Connective | Leaf


def kind_of(node: Criterion) -> str:
    """The kind key of a criterion, as in a policy file and in the answer.

    >>> kind_of(Flag(id="x", fact="pregnancy"))
    'flag'
    """
    return str(node.__struct_config__.tag)


def is_connective(node: Criterion) -> bool:
    """Whether the node joins others."""
    return isinstance(node, AllOf | AnyOf | NoneOf | AtLeast)


def children_of(node: Criterion) -> tuple[Criterion, ...]:
    """The children of a connective; nothing for a leaf."""
    match node:
        case AllOf() | AnyOf() | NoneOf() | AtLeast():
            return node.children
        case _:
            return ()


def walk(node: Criterion) -> Iterator[Criterion]:
    """The node and everything below it, parents first."""
    yield node
    for child in children_of(node):
        yield from walk(child)


def facts_read(node: Criterion) -> tuple[str, ...]:
    """Ids of the facts and events that a tree reads, in order, once each."""
    found: dict[str, None] = {}
    for part in walk(node):
        match part:
            case Flag(fact=fact) | Quantity(fact=fact) | Choice(fact=fact):
                found[fact] = None
            case Change(fact=fact, baseline=baseline):
                found[fact] = None
                found[baseline] = None
            case (
                EventKnown(event=event)
                | EventCount(event=event)
                | TimeSince(event=event)
                | Sequence(event=event)
            ):
                found[event] = None
            case DiagnosisIn(among="request"):
                found["diagnosis"] = None
            case DoseLimit():
                found["drugs"] = None
            case _:
                pass
    return tuple(found)
