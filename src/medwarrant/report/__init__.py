"""The answer as an article: terminal, Markdown, HTML, PDF and JSON, for five audiences."""

from __future__ import annotations

from .render import FORMATS, Format, render
from .words import AUDIENCES, Audience

__all__ = ["AUDIENCES", "FORMATS", "Audience", "Format", "render"]
