"""The article as HTML: one safe file, or a fragment for a page of a site; no script, every text escaped."""

from __future__ import annotations

from .blocks import Drawn
from .forms import Form, audience_form
from .fragment import article_fragment, draw_blocks, drawn_article
from .page import html
from .question_form import question_form

__all__ = [
    "Drawn",
    "Form",
    "article_fragment",
    "audience_form",
    "draw_blocks",
    "drawn_article",
    "html",
    "question_form",
]
