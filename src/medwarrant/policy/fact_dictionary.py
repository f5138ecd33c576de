"""The fact dictionary: which facts and events exist, their kinds, units, values and words."""

from __future__ import annotations

from typing import Literal

import msgspec

FactKind = Literal["flag", "choice", "quantity", "date", "text", "code", "drug"]
About = Literal["patient", "service", "coverage"]


class ChoiceValue(msgspec.Struct, frozen=True, omit_defaults=True):
    """One value of a vocabulary, with the words that stand for it."""

    id: str
    title: str
    plain: str = ""
    words: tuple[str, ...] = ()


class Attribute(msgspec.Struct, frozen=True, omit_defaults=True):
    """An attribute of an event; `told` is how it reads with its value in place of `{}`."""

    id: str
    kind: FactKind
    title: str = ""
    plain: str = ""
    told: str = ""
    unit: str = ""
    values: dict[str, ChoiceValue] = msgspec.field(default_factory=dict)
    derived_from: str | None = None
    many: bool = False
    words: tuple[str, ...] = ()


class FactDefinition(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fact that criteria may read and requests may state.

    What is `by_examination` only looking at the patient denies: an imaging report says nothing of it.
    """

    id: str
    kind: FactKind
    title: str
    about: About = "patient"
    question: str = ""
    plain: str = ""
    document: str | None = None
    unit: str = ""
    low: float | None = None
    high: float | None = None
    values: dict[str, ChoiceValue] = msgspec.field(default_factory=dict)
    many: bool = False
    words: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    by_examination: bool = False


class EventDefinition(msgspec.Struct, frozen=True, omit_defaults=True):
    """A kind of dated event with attributes."""

    id: str
    title: str
    question: str = ""
    plain: str = ""
    document: str | None = None
    words: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    attributes: dict[str, Attribute] = msgspec.field(default_factory=dict)
