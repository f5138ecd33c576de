"""The version of medwarrant, and of the engine that answers name."""

from __future__ import annotations

__version__ = "0.1.0"
