"""The answer as an article: terminal, Markdown, HTML, PDF and JSON, for five audiences, brief or in full."""

from __future__ import annotations

from .render import FORMATS, Format, article_of, render
from .words import AUDIENCES, DEPTHS, Audience, Depth

__all__ = [
    "AUDIENCES",
    "DEPTHS",
    "FORMATS",
    "Audience",
    "Depth",
    "Format",
    "article_of",
    "render",
]
