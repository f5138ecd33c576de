"""Where sources disagree: both sides, with their dates."""

from __future__ import annotations

from .article import (
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
            source = view.library.sources.get(side.source)
            named = source.author[0] if source and source.author else {}
            who = (
                named.get("literal")
                or named.get("family")
                or (source.title if source else side.source)
            )
            rows.append(
                (
                    Line(text=clean(who), cites=citations.of_sources((side.source,))),
                    Line(text=side.date or "not known"),
                    Line(text=sentence(clean(side.says))),
                )
            )
        tables.append(Table(clean(conflict.about), ("Source", "Date", "Says"), tuple(rows)))
    return Section(id="conflicts", title="Where sources disagree", blocks=tuple(tables))
