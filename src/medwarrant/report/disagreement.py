"""Where sources disagree: both sides, with their dates."""

from __future__ import annotations

from ..model.determination import ConflictStatement
from .article import (
    Citation,
    Line,
    Prose,
    Section,
    Table,
)
from .citations import CitationList
from .text import clean, counted, sentence
from .view import ArticleView
from .words import (
    Audience,
)


def conflicts_section(
    view: ArticleView, citations: CitationList, audience: Audience
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
    tables = []
    for conflict in conflicts:
        rows = []
        for side in conflict.statements:
            reference = view.references.get(side.source)
            who = (reference.author or reference.title) if reference else side.source
            first, *more = who.split(", ")
            who = f"{first} et al." if more and reference and reference.author else who
            rows.append(
                (
                    Line(text=clean(who), cites=_cites(side, view, citations)),
                    Line(text=_date(side, view)),
                    Line(text=sentence(clean(side.says))),
                )
            )
        tables.append(Table(clean(conflict.about), ("Source", "Date", "Says"), tuple(rows)))
    return Section(id="conflicts", title="Where sources disagree", blocks=tuple(tables))


def _cites(
    side: ConflictStatement, view: ArticleView, citations: CitationList
) -> tuple[Citation, ...]:
    """The citation of the statement itself, since it may be unverified where its source is not."""
    for statement in view.library.statements.values():
        if statement.source == side.source and statement.claim == side.says:
            return citations.of_statements((statement.id,))
    return citations.of_sources((side.source,))


def _date(side: ConflictStatement, view: ArticleView) -> str:
    """The date of the source; for a page without one, the day it was read."""
    source = view.library.sources.get(side.source)
    if side.date and source is not None and not source.issued:
        return f"read {side.date}"
    return side.date or "not known"
