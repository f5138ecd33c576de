"""The article as HTML: one safe file, or a fragment for a page of a site; no script, every text escaped."""

from __future__ import annotations

from .blocks import Drawn
from .controls import Filled
from .forms import Form, audience_form
from .fragment import article_fragment, draw_blocks, drawn_article
from .page import html
from .question_form import question_controls, question_form, refused_answers, suggested
from .references import reference_list

__all__ = [
    "Drawn",
    "Filled",
    "Form",
    "article_fragment",
    "audience_form",
    "draw_blocks",
    "drawn_article",
    "html",
    "question_controls",
    "question_form",
    "reference_list",
    "refused_answers",
    "suggested",
]
