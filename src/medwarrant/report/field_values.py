"""The values a field offers: a vocabulary of the fact dictionary, or a table of the library."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from ..policy.fact_words import VALUE_TABLES, entry_words
from ..policy.library import Library
from .text import clean, upper_first


class FieldValue(msgspec.Struct, frozen=True):
    """One value to choose; values of one group stand together."""

    id: str
    title: str
    group: str = ""


def values_of(
    name: str, own: Mapping[str, Any], codes: Collection[str], library: Library, *, plain: bool
) -> tuple[FieldValue, ...]:
    """The values of a vocabulary; nerves of the codes asked about first, muscles by region."""
    if name in ("drug", "drugs"):
        named = {**library.drugs, **(library.drug_classes if name == "drug" else {})}
        made = (FieldValue(key, clean(entry_words(one))) for key, one in named.items())
        return tuple(sorted(made, key=lambda value: value.title.casefold()))
    if own:
        return tuple(
            FieldValue(key, clean(entry_words(one, plain=plain))) for key, one in own.items()
        )
    table = getattr(library, VALUE_TABLES[name]) if name in VALUE_TABLES else {}
    found = []
    for key, one in table.items():
        group = _group(name, key, one, codes, library)
        found.append(FieldValue(key, clean(entry_words(one, plain=plain)), group))
    fitting = _of_codes(codes)
    order = dict.fromkeys([fitting, *(value.group for value in found)])
    return tuple(value for group in order for value in found if value.group == group)


def _group(name: str, key: str, one: Any, codes: Collection[str], library: Library) -> str:
    if name == "nerve" and codes:
        return _of_codes(codes) if set(codes) & set(library.nerve_codes(key)) else "Other nerves"
    if name == "muscles":
        region = library.regions.get(one.region or "")
        return upper_first(clean(region.name)) if region else "Other muscles"
    return ""


def _of_codes(codes: Collection[str]) -> str:
    return f"Nerves of {', '.join(codes)}"
