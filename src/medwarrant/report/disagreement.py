"""Where sources disagree: both sides, with their dates."""

from __future__ import annotations

from collections.abc import Mapping

from ..model.determination import Conflict, ConflictStatement
from .article import (
    Block,
    Bullets,
    Citation,
    Details,
    Line,
    Prose,
    Section,
    Table,
    Wording,
)
from .citations import CitationList
from .text import clean, counted, sentence, shortened
from .view import ArticleView
from .wording import wording_of
from .words import (
    Audience,
    Depth,
)


def conflicts_section(
    view: ArticleView, citations: CitationList, audience: Audience, depth: Depth = "full"
) -> Section | None:
    """Where sources disagree: both sides, with their dates, never averaged."""
    conflicts = view.determination.conflicts
    if not conflicts:
        return None
    if audience == "patient":
        points = counted(len(conflicts), "point")
        said = f"Guides and plans do not agree on {points}. Your doctor can see both sides in the full report."
        return Section(
            id="conflicts", title="Where experts differ", blocks=(Prose((Line(text=said),)),)
        )
    if depth == "brief":
        titles = tuple(
            Line(text=shortened(clean(conflict.about), 60), note=_years(conflict, view))
            for conflict in conflicts
        )
        return Section(id="conflicts", title="Where sources disagree", blocks=(Bullets(titles),))
    tables: list[Block] = []
    told = {(one.source, one.claim): one.id for one in view.library.statements.values()}
    for conflict in conflicts:
        rows = []
        for side in conflict.statements:
            reference = view.references.get(side.source)
            who = (reference.author or reference.title) if reference else side.source
            first, *more = who.split(", ")
            who = f"{first} et al." if more and reference and reference.author else who
            rows.append(
                (
                    Line(text=clean(who), cites=_cites(side, told, citations)),
                    Line(text=_date(side, view)),
                    Line(text=sentence(clean(side.says)), wording=_quoted(side, told, view)),
                )
            )
        title = clean(conflict.about)
        table = Table(title, ("Source", "Date", "Says"), tuple(rows))
        tables.append(Details(f"{title} ({_extent(conflict, view)})", (table,)))
    return Section(id="conflicts", title="Where sources disagree", blocks=tuple(tables))


def _extent(conflict: Conflict, view: ArticleView) -> str:
    """How many sources, and the years they are from."""
    number = counted(len({side.source for side in conflict.statements}), "source")
    return f"{number}, {_years(conflict, view)}"


def _years(conflict: Conflict, view: ArticleView) -> str:
    """The years of the sources; pages without a date of their own do not count."""
    years = sorted(
        side.date[:4]
        for side in conflict.statements
        if side.date and _date(side, view) == side.date
    )
    if not years:
        return "undated"
    return years[0] if years[0] == years[-1] else f"{years[0]} to {years[-1]}"


def _cites(
    side: ConflictStatement, told: Mapping[tuple[str, str], str], citations: CitationList
) -> tuple[Citation, ...]:
    """The citation of the statement itself, since it may be unverified where its source is not."""
    name = told.get((side.source, side.says))
    return citations.of_statements((name,)) if name else citations.of_sources((side.source,))


def _quoted(
    side: ConflictStatement, told: Mapping[tuple[str, str], str], view: ArticleView
) -> Wording | None:
    """What the source itself says, where its words are held: a disagreement is often one over words."""
    name = told.get((side.source, side.says))
    statement = view.library.statements[name] if name else None
    return wording_of(statement) if statement is not None and statement.quote else None


def _date(side: ConflictStatement, view: ArticleView) -> str:
    """The date of the source; for a page without one, the day it was read."""
    source = view.library.sources.get(side.source)
    if side.date and source is not None and not source.issued:
        return f"read {side.date}"
    return side.date or "not known"
