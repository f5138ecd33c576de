"""Sentences in HTML: leads, signs, citations, notes and lists."""

from __future__ import annotations

from functools import lru_cache

from .. import article as a
from ..markup import Markup, as_markup, element, joined, maker
from ..text import safe_address
from ..words import OUTCOME_SHAPES, STATUS_SHAPES

_SIGNS = {**OUTCOME_SHAPES, **STATUS_SHAPES}
_bold, _code, _item, _p = maker("b"), maker("code"), maker("li"), maker("p")
_note = maker("span", class_="note")
_quote = maker("q")
_MARKS = {
    name: element("span", shape, class_=f"sign o-{name}", aria_hidden="true")
    for name, shape in _SIGNS.items()
}


def sign(name: str) -> Markup | None:
    """The shape of an outcome or status, for the eye only: its word stands beside it."""
    if name not in _SIGNS:
        return None
    return element("span", _SIGNS[name], class_="sign", aria_hidden="true")


def kept(words: str) -> str:
    """Words whose ellipsis stays on the line of the word before it."""
    return words.replace(" …", "\u00a0…")


def inline(line: a.Line) -> Markup:
    """A sentence without the paragraph around it."""
    parts: list[str | Markup] = []
    if line.sign in _MARKS:
        parts.append(_MARKS[line.sign])
    if line.lead:
        lead = _bold(line.lead)
        linked = line.target and not line.see
        parts.append(element("a", lead, href=f"#{line.target}") if linked else lead)
    if line.text or not parts:
        parts.append(line.text)
    if line.see:
        parts.append(joined([_seen(line), "."]))
    if line.cites:
        parts.append(Markup("".join(map(citation, line.cites))))
    if line.code:
        parts.append(_code(line.code))
    if line.note:
        parts.append(_note(line.note))
    if line.wording is not None:
        parts.append(wording(line.wording))
    return joined(parts, " ") if len(parts) > 1 else as_markup(parts[0])


def wording(said: a.Wording) -> Markup:
    """The words of a source inside a sentence of ours, with their place."""
    place = _note(f"({said.place})")
    return joined([_quote(said.quote), place], " ") if said.quote else place


def _seen(line: a.Line) -> Markup | str:
    if line.url:
        return element("a", line.see, href=line.url) if safe_address(line.url) else line.see
    return element("a", line.see, href=f"#{line.target}")


@lru_cache(maxsize=1024)
def citation(cite: a.Citation) -> Markup:
    """A number that opens its source in place; on paper, and where nothing opens, a link to the list.

    The style sheet shows one of the two: a browser that cannot open the source shows the link.
    """
    shown = (f"[{cite.n}", element("span", f" {cite.mark}", class_="m") if cite.mark else None, "]")
    label = f"reference {cite.n}" + (f", {cite.mark}" if cite.mark else "")
    opener = element(
        "button",
        *shown,
        type="button",
        popovertarget=f"source-{cite.n}",
        class_="cite",
        aria_label=label,
    )
    link = element("a", *shown, href=f"#ref-{cite.n}", class_="cite")
    return element("sup", opener, link)


def paragraph(line: a.Line) -> Markup:
    """A sentence as a paragraph, with the list below it where there is one."""
    only = bool(line.lead) and not (line.text or line.cites or line.code or line.see)
    made = element("p", inline(line), class_="lead") if only else _p(inline(line))
    return joined([made, bullets(line.inner)]) if line.inner else made


def bullets(lines: tuple[a.Line, ...], tag: str = "ul") -> Markup:
    """A list; where every line begins with a shape, the shapes are its marks."""
    items = [_item(inline(line), bullets(line.inner) if line.inner else None) for line in lines]
    signed = tag == "ul" and lines and all(line.sign for line in lines)
    return element(tag, *items, class_="signed" if signed else None)
