"""Procedures and the anatomy they reach, in our own plain names."""

from __future__ import annotations

import msgspec


class Procedure(msgspec.Struct, frozen=True, kw_only=True):
    """A service that can be asked for; `codes` are CPT or HCPCS codes, without their descriptors.

    `further_level` is the procedure for one more level of the same session; `each_between`: done
    between neighbours, so that three vertebrae or nerves named are two levels.
    """

    id: str
    name: str
    plain: str
    kind: str
    codes: tuple[str, ...] = ()
    nerves: tuple[str, ...] = ()
    region: str | None = None
    drug: str | None = None
    words: tuple[str, ...] = ()
    muscles_at_least: int | None = None
    muscles_at_most: int | None = None
    further_level: str | None = None
    each_between: bool = False
    cites: tuple[str, ...] = ()


class ProcedureKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of procedure that rules may name as a whole, whatever its code."""

    id: str
    name: str
    plain: str = ""


class ProcedureFamily(msgspec.Struct, frozen=True, kw_only=True):
    """Words that name several procedures at once, and the question that tells them apart.

    With `only_with`, the words mean this family only where one of these, or a spinal level for the word
    `levels`, stands in the text too: elsewhere they may name something else.
    """

    id: str
    words: tuple[str, ...]
    candidates: tuple[str, ...]
    question: str
    only_with: tuple[str, ...] = ()


class Nerve(msgspec.Struct, frozen=True, kw_only=True):
    """A nerve; its procedure codes are its own or its nearest ancestor's."""

    id: str
    name: str
    plain: str = ""
    parent: str | None = None
    codes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()


class Muscle(msgspec.Struct, frozen=True, kw_only=True):
    """A muscle and the region it lies in."""

    id: str
    name: str
    plain: str = ""
    region: str | None = None
    words: tuple[str, ...] = ()


class Region(msgspec.Struct, frozen=True, kw_only=True):
    """A region of the body as policies count them."""

    id: str
    name: str
    plain: str = ""
    words: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


class SpinePlace(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the spine that diagnosis codes tell apart, finer than the regions of policies.

    A service whose region is `services_in` lies here, where the text says no more.
    """

    id: str
    words: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    services_in: str | None = None


class Drug(msgspec.Struct, frozen=True, kw_only=True):
    """An ingredient with its classes, brand names and HCPCS codes."""

    id: str
    name: str
    classes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    hcpcs: tuple[str, ...] = ()
    usual_use: str | None = None


class DrugClass(msgspec.Struct, frozen=True, kw_only=True):
    """A class of drugs, as policies and people name it."""

    id: str
    title: str
    plain: str = ""
    words: tuple[str, ...] = ()
    usual_use: str | None = None
