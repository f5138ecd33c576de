"""Search over the library of packs: statements, sources, policies, conflicts, coding rules, cautions."""

from __future__ import annotations

from .index import search
from .kept import Found
from .named import named_sources

__all__ = ["Found", "named_sources", "search"]
