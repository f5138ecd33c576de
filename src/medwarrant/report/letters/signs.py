"""Shapes for statuses and decisions, so that colour is never alone."""

from __future__ import annotations

from ..words import OUTCOME_SHAPES, STATUS_SHAPES

SIGNS: dict[str, str] = {
    **OUTCOME_SHAPES,
    **STATUS_SHAPES,
    "approved": "✓",
    "not_approved": "✗",
    "modified": "◆",
}
