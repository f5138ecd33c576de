"""Building HTML from elements: everything that is not already markup is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


class Markup(str):
    """Text that is HTML already; only the functions here make it."""

    __slots__ = ()


def raw(text: str) -> Markup:
    """Markup that this package wrote itself: a style sheet, a picture. Never text from outside."""
    return Markup(text)


def element(tag: str, *children: str | Markup | None, **attributes: str | bool | None) -> Markup:
    """One element; children are escaped unless they are markup, attributes always.

    An underscore after a name is dropped (`class_`), others become hyphens; a false or None
    attribute is left out.

    >>> str(element("a", "<b>", href="#x", class_='"q"'))
    '<a href="#x" class="&quot;q&quot;">&lt;b&gt;</a>'
    """
    parts = [tag]
    for name, value in attributes.items():
        key = name.rstrip("_").replace("_", "-")
        if value is True:
            parts.append(key)
        elif value not in (None, False, ""):
            parts.append(f'{key}="{escape(str(value))}"')
    inside = "".join(as_markup(child) for child in children if child is not None)
    return Markup(f"<{' '.join(parts)}>{inside}</{tag}>")


def as_markup(child: str | Markup) -> Markup:
    """The child as markup, escaped where it is plain text.

    >>> str(as_markup("a < b"))
    'a &lt; b'
    """
    return child if isinstance(child, Markup) else Markup(escape(child))


def joined(parts: Iterable[str | Markup], between: str = "") -> Markup:
    """Several parts as one, each escaped where it is plain text."""
    return Markup(escape(between).join(as_markup(part) for part in parts))
