"""Every place of a JSON value, as the keys and indexes that lead to it."""

from __future__ import annotations


def places(value, path=()):
    yield path
    parts = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, part in parts:
        yield from places(part, (*path, key))
