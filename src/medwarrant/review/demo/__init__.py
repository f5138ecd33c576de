"""Demonstration data: invented people, an invented plan and invented cases, played through the real acts."""

from __future__ import annotations

from .fill import Filled, fill, refuse_used

__all__ = ["Filled", "fill", "refuse_used"]
