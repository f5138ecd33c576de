"""Building HTML from elements: everything that is not already markup is escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from html import escape


class Markup(str):
    """Text that is HTML already; only the functions here make it.

    Template engines take it as it is, and what they made is taken here, by way of `__html__`.
    """

    __slots__ = ()

    def __html__(self) -> str:
        """The same text, as template engines ask for it."""
        return self


def raw(text: str) -> Markup:
    """Markup that this package wrote itself: a style sheet, a picture. Never text from outside."""
    return Markup(text)


def element(tag: str, *children: str | Markup | None, **attributes: str | bool | None) -> Markup:
    """One element; children are escaped unless they are markup, attributes always.

    An underscore after a name is dropped (`class_`), others become hyphens; a false, None or empty
    attribute is left out.

    >>> str(element("a", "<b>", href="#x", class_='"q"'))
    '<a href="#x" class="&quot;q&quot;">&lt;b&gt;</a>'
    """
    return _closed(_opening(tag, attributes), children, f"</{tag}>")


def maker(tag: str, **attributes: str | bool | None) -> Callable[..., Markup]:
    """A function that makes elements of one kind, their opening tag written once.

    >>> note = maker("span", class_="note")
    >>> str(note("a < b"))
    '<span class="note">a &lt; b</span>'
    """
    opening, closing = _opening(tag, attributes), f"</{tag}>"

    def make(*children: str | Markup | None) -> Markup:
        return _closed(opening, children, closing)

    return make


def _closed(opening: str, children: Iterable[str | Markup | None], closing: str) -> Markup:
    parts: list[str] = [opening]
    for child in children:
        if type(child) is str:
            parts.append(escape(child))
        elif child is not None:
            parts.append(as_markup(child))
    parts.append(closing)
    return Markup("".join(parts))


def void(tag: str, **attributes: str | bool | None) -> Markup:
    """An element that has no inside, such as a field of a form.

    >>> str(void("input", name="a", required=True))
    '<input name="a" required>'
    """
    return Markup(_opening(tag, attributes))


def _opening(tag: str, attributes: Mapping[str, str | bool | None]) -> str:
    if not attributes:
        return f"<{tag}>"
    made = f"<{tag}"
    for name, value in attributes.items():
        if value is True:
            made += f" {_key(name)}"
        elif value:
            # A word of letters and digits, as most are, has nothing to escape.
            made += f' {_key(name)}="{value if value.isalnum() else escape(value)}"'
    return f"{made}>"


@lru_cache(maxsize=256)
def _key(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def as_markup(child: str | Markup) -> Markup:
    """The child as markup, escaped where it is plain text.

    >>> str(as_markup("a < b"))
    'a &lt; b'
    """
    if isinstance(child, Markup):
        return child
    if type(child) is str:
        return Markup(escape(child))
    made = getattr(child, "__html__", None)
    return Markup(escape(child) if made is None else made())


def joined(parts: Iterable[str | Markup], between: str = "") -> Markup:
    """Several parts as one, each escaped where it is plain text."""
    return Markup(escape(between).join([as_markup(part) for part in parts]))
