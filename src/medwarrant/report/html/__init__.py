"""The article as HTML: one safe file, or a fragment for a page of a site; no script, every text escaped."""

from __future__ import annotations

from .forms import Form, audience_form
from .fragment import article_fragment, draw_blocks
from .page import html
from .question_form import question_form

__all__ = ["Form", "article_fragment", "audience_form", "draw_blocks", "html", "question_form"]
