"""Facts in words: the one place that says a fact, a value or an event as people read them.

The words are the packs': a fact, an attribute and a value each have a `title`, and `plain` words for
patients. An id is shown only where no pack knows it, and then with spaces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ..model.dates import DateSpan
from ..model.facts import EventValue
from ..model.measures import UNITS, Bound, Range, base_unit, unit_words
from ..model.wording import date_words, join
from .fact_dictionary import Attribute, ChoiceValue
from .library import Library

#: Facts and attributes whose values are a table of the library.
VALUE_TABLES: Final = {
    "payer": "payers",
    "line_of_business": "lines_of_business",
    "contractor": "contractors",
    "nerve": "nerves",
    "muscles": "muscles",
    "region": "regions",
    "procedure": "procedures",
    "kind": "kinds",
    "drug_class": "drug_classes",
}
_STATUS: Final = {
    "present": ("present", "yes"),
    "absent": ("absent", "no"),
    "unknown": ("not known", "not known"),
    "conflicting": ("the record says both yes and no", "your record says both yes and no"),
}
_BOUNDS: Final = {
    "at_least": "at least",
    "more_than": "more than",
    "at_most": "at most",
    "less_than": "less than",
}
_AMOUNT: Final = re.compile(
    rf"(\d+(?:\.\d+)?) ({'|'.join(sorted(map(re.escape, UNITS), key=len, reverse=True))})"
)


def spaced(name: str) -> str:
    """An id that no pack knows, with spaces.

    >>> spaced("used_for"), spaced("nerve-block")
    ('used for', 'nerve block')
    """
    return name.replace("-", " ").replace("_", " ")


def title_of(name: str, library: Library, *, plain: bool = False) -> str:
    """What a fact or a kind of event is called."""
    entry = library.facts.get(name) or library.events.get(name)
    if entry is None:
        return spaced(name)
    return (entry.plain if plain and entry.plain else entry.title).rstrip(".")


def value_words(name: str, value: Any, library: Library, *, plain: bool = False) -> str:
    """The value of a fact in words, as plain data or as the model holds it; an event with all that is known."""
    if isinstance(value, EventValue):
        value = dict(value.attributes)
    if name in library.events and isinstance(value, Mapping):
        return event_words(name, value, library, plain=plain)
    known = library.facts.get(name)
    if known is None:
        return _words(name, value, "choice", {}, library, plain=plain)
    words = _words(name, value, known.kind, known.values, library, plain=plain)
    if known.kind == "quantity" and _names_unit(known.unit, title_of(name, library, plain=plain)):
        words = words.replace(f" {unit_words('', known.unit).strip()}", "")
    return words


def bound_words(fact: str, bound: Bound, library: Library, *, plain: bool = False) -> str:
    """What a quantity is held against; a unit that the fact's own name says is not said again."""
    known = library.facts.get(fact)
    unit = base_unit(known.unit) if known else ""
    named = _names_unit(unit, title_of(fact, library, plain=plain))
    return bound.text("" if named else unit)


def _names_unit(unit: str, title: str) -> bool:
    """Whether a fact's own name says its unit already: *headache days a month*."""
    said = unit_words("", unit).strip()
    return bool(said) and said in title.lower()


def attribute_title(name: str, attribute: Attribute | None, *, plain: bool = False) -> str:
    """What an attribute of an event is called."""
    if attribute is None:
        return spaced(name)
    return (attribute.plain if plain else "") or attribute.title or spaced(name)


def told(name: str, attribute: Attribute | None, words: str) -> str:
    """An attribute with its value, as its pack tells it.

    >>> told("used_for", Attribute(id="used_for", kind="choice", told="for {}"), "prevention")
    'for prevention'
    """
    if attribute is None or not attribute.told:
        return f"{attribute_title(name, attribute).lower()} {words}"
    return attribute.told.replace("{}", words)


def event_words(
    name: str, attributes: Mapping[str, Any], library: Library, *, plain: bool = False
) -> str:
    """One event with what is known of it, in the order of its attributes; or the closing of a history."""
    event = library.events.get(name)
    known = event.attributes if event else {}
    order = {key: place for place, key in enumerate(known)}
    parts = []
    for key in sorted(attributes, key=lambda key: order.get(key, len(order))):
        if key in ("history", "from", "to"):
            continue
        attribute = known.get(key)
        own = attribute.values if attribute else {}
        kind = attribute.kind if attribute else "choice"
        words = _words(key, attributes[key], kind, own, library, plain=plain)
        parts.append(told(key, attribute, words))
    if "history" in attributes:
        whole = "all of them are named" if plain else "the history is complete"
        since = [
            f"{word} {date_words(str(attributes[key]))}"
            for key, word in (("from", "from"), ("to", "to"))
            if attributes.get(key)
        ]
        parts.append(" ".join([whole, *since]))
    return ", ".join(parts)


def said_words(name: str, status: str, value: Any, library: Library, *, plain: bool = False) -> str:
    """What is said of a fact: its value, that it is there, or that it is not."""
    words = value_words(name, value, library, plain=plain)
    said = _STATUS.get(status, (status, status))[plain]
    if not words:
        return "none" if status == "absent" and name in library.events else said
    match status:
        case "present":
            return words
        case "absent":
            return f"no {words}" if name in library.events else f"not {words}"
        case _:
            return f"{words} ({said})"


def fact_words(name: str, status: str, value: Any, library: Library, *, plain: bool = False) -> str:
    """A fact with what is said of it."""
    said = said_words(name, status, value, library, plain=plain)
    return f"{title_of(name, library, plain=plain)}: {said}"


def entry_words(entry: Any, *, plain: bool = False) -> str:
    """An entry of a vocabulary or table: its patient words, else its title or name."""
    own = getattr(entry, "plain", "") if plain else ""
    return str(own or getattr(entry, "title", "") or entry.name)


def entry_of(name: str, value: str, own: Mapping[str, ChoiceValue], library: Library) -> Any:
    """What the packs know of a value: its entry of the vocabulary or of the table, or None."""
    if value in own:
        return own[value]
    if name in ("drug", "drugs"):
        return library.drugs.get(value) or library.drug_classes.get(value)
    return getattr(library, VALUE_TABLES[name]).get(value) if name in VALUE_TABLES else None


def _words(
    name: str,
    value: Any,
    kind: str,
    own: Mapping[str, ChoiceValue],
    library: Library,
    *,
    plain: bool,
) -> str:
    match value:
        case None:
            return ""
        case DateSpan():
            return date_words(value.text())
        case Range():
            known = library.facts.get(name)
            return value.text(base_unit(known.unit) if known else "")
        case list() | tuple() | set() | frozenset():
            parts = [_words(name, one, kind, own, library, plain=plain) for one in value]
            return " to ".join(parts) if kind == "quantity" else join(parts, "and")
        case Mapping():
            return join(
                (
                    f"{_BOUNDS.get(key, spaced(key))} "
                    f"{_words(name, one, kind, own, library, plain=plain)}"
                    for key, one in value.items()
                ),
                "and",
            )
        case str() if kind == "date":
            return date_words(value)
        case str() if kind == "quantity":
            return _AMOUNT.sub(lambda found: unit_words(found[1], found[2]), value)
        case str() if kind in ("text", "code"):
            return value
        case str():
            entry = entry_of(name, value, own, library)
            return spaced(value) if entry is None else entry_words(entry, plain=plain)
        case _:
            return str(value)
