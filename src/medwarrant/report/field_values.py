"""The values a field offers: a vocabulary of the fact dictionary, or a table of the library."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from ..policy.library import Library
from .text import clean, upper_first

#: Facts and attributes whose values are a table of the library.
_TABLES = {
    "payer": "payers",
    "line_of_business": "lines_of_business",
    "contractor": "contractors",
    "nerve": "nerves",
    "muscles": "muscles",
    "region": "regions",
    "procedure": "procedures",
}


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
        made = (FieldValue(key, _title(one, plain=False)) for key, one in named.items())
        return tuple(sorted(made, key=lambda value: value.title.casefold()))
    if own:
        return tuple(FieldValue(key, _title(one, plain=plain)) for key, one in own.items())
    table = getattr(library, _TABLES[name]) if name in _TABLES else {}
    found = []
    for key, one in table.items():
        group = _group(name, key, one, codes, library)
        found.append(FieldValue(key, _title(one, plain=plain), group))
    fitting = _of_codes(codes)
    order = dict.fromkeys([fitting, *(value.group for value in found)])
    return tuple(value for group in order for value in found if value.group == group)


def _title(entry: Any, *, plain: bool) -> str:
    own = getattr(entry, "plain", "") if plain else ""
    return clean(str(own or getattr(entry, "title", "") or entry.name))


def _group(name: str, key: str, one: Any, codes: Collection[str], library: Library) -> str:
    if name == "nerve" and codes:
        return _of_codes(codes) if set(codes) & set(library.nerve_codes(key)) else "Other nerves"
    if name == "muscles":
        region = library.regions.get(one.region or "")
        return upper_first(clean(region.name)) if region else "Other muscles"
    return ""


def _of_codes(codes: Collection[str]) -> str:
    return f"Nerves of {', '.join(codes)}"
