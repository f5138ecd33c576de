"""The JSON Schemas that medwarrant publishes: data, kept beside this loader."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from ..model.errors import InputError


def schema_names() -> tuple[str, ...]:
    """The names of the schemas there are.

    >>> "request" in schema_names()
    True
    """
    files = resources.files(__name__).iterdir()
    suffix = ".schema.json"
    return tuple(
        sorted(file.name.removesuffix(suffix) for file in files if file.name.endswith(suffix))
    )


def schema_text(name: str) -> str:
    """A schema as it is published; raises `InputError` where there is none of that name."""
    if name not in schema_names():
        raise InputError(
            f"there is no schema '{name[:40]}'", mend=f"known: {', '.join(schema_names())}"
        )
    return (resources.files(__name__) / f"{name}.schema.json").read_text(encoding="utf-8")


def schema(name: str) -> dict[str, Any]:
    """A schema as data.

    >>> schema("request")["title"]
    'medwarrant/request/1'
    """
    found: dict[str, Any] = json.loads(schema_text(name))
    return found
