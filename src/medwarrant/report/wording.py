"""The words of a source behind a claim of ours, or where to look for them."""

from __future__ import annotations

from collections.abc import Iterable

from ..model.sources import EvidenceStatement
from .article import Wording
from .text import clean


def wording_of(statement: EvidenceStatement) -> Wording | None:
    """A statement's quotation with its place and how it was read; without one, where to look, if that is known.

    Words read at second hand are told as quoted by whoever quotes them: what stands between the marks may
    have been shortened or changed before anybody here read it.

    >>> from medwarrant import load_packs
    >>> statements = load_packs().statements
    >>> wording_of(statements["eular-2017-exercise"]).told
    '“strong for” (abstract; read in the source)'
    >>> wording_of(statements["maarbjerg-2021-hours"]).place
    'treatment section; as quoted by a reprint on a medical news site'
    >>> wording_of(statements["allen-2018-acute"]).told
    '(abstract, results)'
    """
    place = _place(statement)
    if not statement.quote:
        return Wording(place=place) if place else None
    by = clean(statement.quoted_by).rstrip(".")
    read = f"as quoted by {by}" if by else "read in the source"
    return Wording(place="; ".join(filter(None, (place, read))), quote=clean(statement.quote))


def wordings_of(statements: Iterable[EvidenceStatement]) -> tuple[Wording, ...]:
    """The quotations of what one source is cited for, once each; then, in one, where the rest is told."""
    quoted: dict[Wording, None] = {}
    places: dict[str, None] = {}
    for statement in statements:
        said = wording_of(statement)
        if said is not None and said.quote:
            quoted[said] = None
        elif said is not None:
            places[said.place] = None
    return (*quoted, Wording(place="; ".join(places))) if places else tuple(quoted)


def _place(statement: EvidenceStatement) -> str:
    return clean(statement.locator).rstrip(".")
