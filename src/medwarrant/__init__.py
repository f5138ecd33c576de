"""medwarrant: is this medically necessary, on what grounds, and what is missing?

The public names; everything else is internal and may move.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .version import __version__

if TYPE_CHECKING:
    from .answer import Answer, Medwarrant, ask, determine
    from .model.errors import InputError, MedwarrantError, PackError, ReplayError
    from .model.facts import Fact
    from .model.request import Coverage, Diagnosis, Request, ServiceLine
    from .policy.load import load_packs

_HOMES = {
    "Answer": "answer",
    "Coverage": "model.request",
    "Diagnosis": "model.request",
    "Fact": "model.facts",
    "InputError": "model.errors",
    "Medwarrant": "answer",
    "MedwarrantError": "model.errors",
    "PackError": "model.errors",
    "ReplayError": "model.errors",
    "Request": "model.request",
    "ServiceLine": "model.request",
    "ask": "answer",
    "determine": "answer",
    "load_packs": "policy.load",
}

__all__ = [
    "Answer",
    "Coverage",
    "Diagnosis",
    "Fact",
    "InputError",
    "Medwarrant",
    "MedwarrantError",
    "PackError",
    "ReplayError",
    "Request",
    "ServiceLine",
    "__version__",
    "ask",
    "determine",
    "load_packs",
]


def __getattr__(name: str) -> Any:
    """Public names load the module behind them at first use, so that importing stays quick."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
