"""Setting a document with typst, where the optional extra is installed."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from ..model.errors import InputError


def typeset(template: Path, name: str, data: Any, *, where: str, **options: Any) -> bytes:
    """A template of typst filled in, as PDF bytes; `name` is how the template calls the data.

    Everything goes to typst as data, never as markup, so that no text can run anything. Raises `InputError`
    where typst is not installed, and lets its own `RuntimeError` pass.
    """
    try:
        typst = import_module("typst")
    except ImportError:
        raise InputError(
            "PDF needs typst, which is not installed",
            where=where,
            mend="install medwarrant[pdf], or print the HTML",
        ) from None
    text = msgspec.json.encode(data).decode()
    compiled = typst.compile(template.read_bytes(), sys_inputs={name: text}, **options)
    if not isinstance(compiled, bytes):  # one page list only where several outputs are asked for
        raise InputError("typst returned no document", where=where)
    return compiled
