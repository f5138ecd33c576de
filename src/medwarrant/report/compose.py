"""The article for one audience, its sections in the order its readers know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .algorithm import algorithm_section
from .article import Article, Section
from .asked import documents_section, would_change_section
from .bottom_line import bottom_line_section
from .care import care_sections, safety_section
from .citations import CitationList
from .disagreement import conflicts_section
from .grid import grid_section
from .items import DiagnosisSections
from .payers import payers_section
from .question_read import reading_section
from .record import (
    disclaimer_section,
    follow_up_section,
    more_section,
    record_section,
    references_section,
)
from .status import reader_section, review_section
from .view import ArticleView
from .words import Audience, Depth

if TYPE_CHECKING:
    from ..answer import Answer


def article(
    view: ArticleView,
    audience: Audience = "clinician",
    links: Mapping[str, str] | None = None,
    depth: Depth = "full",
    before: Answer | None = None,
) -> Article:
    """Compose the article.

    Outcomes and numbers are the same for every audience and depth; wording, detail and, for a
    practice, the order differ. A brief article keeps every pair and its outcome and says how to see
    the rest. `links` are addresses of the other audiences' versions, where there are any. With an answer
    `before` this one, the article says first what changed.
    """
    citations = CitationList(view.references, view.library)
    written = DiagnosisSections(view, citations, audience, depth)
    diagnoses = written.sections()
    brief = depth == "brief"
    asked = (
        would_change_section(view, audience, depth),
        documents_section(view, audience, depth),
    )
    if not brief or audience == "practice":
        asked = asked[::-1]
    first = audience == "practice"
    care = (
        (safety_section(view, citations, audience),)
        if brief
        else care_sections(view, citations, audience)
    )
    sections: list[Section | None] = [
        None if before is None else _changes(before, view, audience, written.targets),
        review_section(view, audience, depth),
        None if brief else reader_section(audience, dict(links or {})),
        reading_section(view, audience, depth),
        bottom_line_section(view, audience),
        grid_section(view, audience, written.targets, depth)
        if len(view.pairs) > (1 if brief else 0)
        else None,
        *(asked if first else ()),
        *diagnoses,
        *care,
        conflicts_section(view, citations, audience, depth),
        payers_section(view, citations, audience, depth),
        None if brief else algorithm_section(view, citations, audience),
        *(() if first else asked),
        record_section(view) if audience == "auditor" else None,
        references_section(citations, audience, depth),
        disclaimer_section(audience, depth),
        more_section(audience) if brief else follow_up_section(view, audience),
    ]
    return Article(
        title=view.plain_title if audience == "patient" else view.title,
        audience=audience,
        as_of=view.determination.as_of,
        digest=view.answer.digest,
        depth=depth,
        sections=tuple(section for section in sections if section is not None),
    )


def _changes(
    before: Answer, view: ArticleView, audience: Audience, targets: dict[str, str]
) -> Section:
    """Loaded for a second answer only."""
    from .changes_section import changes_section

    return changes_section(before, view.answer, audience, targets)
