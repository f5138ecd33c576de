"""A letter as HTML: a whole printable page, or a fragment for a page of a site; every text escaped."""

from __future__ import annotations

from ..markup import Markup, element, joined, raw
from ..text import date_words
from .html_blocks import Blocks
from .letter import Letter, Part, Signature, Sources
from .style import LETTER_STYLE

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def letter_html(letter: Letter) -> str:
    """The letter as one file: no script, nothing from outside, made to be printed."""
    head = element(
        "head",
        raw('<meta charset="utf-8">'),
        raw('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        raw(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
        raw('<meta name="referrer" content="no-referrer">'),
        element("title", letter.title),
        element("style", raw(LETTER_STYLE)),
    )
    drawn = _Drawing(letter, 1, "letter").whole()
    body = element("body", element("main", drawn), class_="letter-page")
    return f'<!DOCTYPE html>\n<html lang="en">{head}{body}</html>\n'


def letter_html_fragment(letter: Letter, *, level: int = 2, prefix: str = "letter") -> Markup:
    """The letter for a page of a site: no style, no script, ids that begin with `prefix`.

    `level` is that of its first heading, 1 to 3 (`ValueError` for another). The site serves
    `LETTER_STYLE` beside its own style.
    """
    if level not in (1, 2, 3):
        raise ValueError("the first heading is of level 1, 2 or 3")
    return _Drawing(letter, level, prefix).whole()


class _Drawing:
    """One letter being drawn, its first heading of a level, its ids with a prefix."""

    def __init__(self, letter: Letter, level: int, prefix: str) -> None:
        self.letter = letter
        self.level = level
        entries = (
            entry.n
            for part in (*letter.parts, *letter.enclosed)
            for block in part.blocks
            if isinstance(block, Sources)
            for entry in block.entries
        )
        self.blocks = Blocks(prefix, frozenset(entries))

    def whole(self) -> Markup:
        """The letter as one article."""
        letter = self.letter
        subject = self.blocks.id("subject")
        foot = joined(element("p", line) for line in letter.foot)
        return element(
            "article",
            self._head(),
            element(f"h{self.level}", letter.subject, id=subject, class_="letter-subject"),
            element("p", _name(letter.greeting)) if letter.greeting else None,
            *self._parts(letter.parts, self.level + 1),
            _signature(letter.signature) if letter.signature else None,
            _copies(letter.copies) if letter.copies else None,
            self._enclosed() if letter.enclosed else None,
            element("footer", foot, class_="letter-foot") if letter.foot else None,
            class_=f"letter letter-{letter.kind.replace('_', '-')}",
            aria_labelledby=subject,
            lang="en",
        )

    def _head(self) -> Markup:
        letter = self.letter
        sender = None
        if letter.sender:
            sender = element(
                "div",
                element("p", element("b", _name(letter.sender)), class_="letter-sender"),
                _lines(letter.sender_lines, "letter-lines"),
                class_="letter-from",
            )
        fields = [("Date", date_words(letter.dated.isoformat()))]
        fields += [(field.label, field.value) for field in letter.fields]
        listed = (
            element("div", element("dt", label), element("dd", _name(value)))
            for label, value in fields
        )
        window = element(
            "div",
            _lines(letter.to, "letter-lines letter-to"),
            element("dl", *listed, class_="letter-fields"),
            class_="letter-window",
        )
        return element("header", sender, window)

    def _enclosed(self) -> Markup:
        title = self.blocks.id("enclosed")
        heading = element(
            f"h{self.level + 1}", self.letter.enclosed_title, id=title, class_="letter-subject"
        )
        inside = self._parts(self.letter.enclosed, self.level + 2)
        return element("section", heading, *inside, aria_labelledby=title, class_="letter-enclosed")

    def _parts(self, parts: tuple[Part, ...], level: int) -> list[Markup]:
        """Parts of level 2, each a section with those of level 3 that follow it inside."""
        groups: list[list[Part]] = []
        for part in parts:
            if part.level == 2 or not groups:
                groups.append([])
            groups[-1].append(part)
        found = []
        for group in groups:
            inside = joined(self._part(part, level) for part in group)
            named = self.blocks.id(group[0].id) if group[0].title else None
            found.append(element("section", inside, aria_labelledby=named) if named else inside)
        return found

    def _part(self, part: Part, level: int) -> Markup:
        drawn = [self.blocks.drawn(block) for block in part.blocks]
        if part.title:
            kind = "letter-part" if part.level == 2 else "letter-subpart"
            tag = f"h{level + part.level - 2}"
            heading = element(tag, part.title, id=self.blocks.id(part.id), class_=kind)
            drawn.insert(0, heading)
        return joined(drawn)


def _lines(lines: tuple[str, ...], kind: str) -> Markup | None:
    """An address: line by line, as it is written on an envelope."""
    return element("p", joined(map(_name, lines), "\n"), class_=kind) if lines else None


def _name(text: str) -> Markup:
    """A name or an address: words from outside, which may run either way."""
    return element("bdi", text)


def _signature(signature: Signature) -> Markup:
    who = f", {signature.credentials}" if signature.credentials else ""
    return element(
        "div",
        element("p", signature.lead),
        element("p", element("b", _name(f"{signature.name}{who}"))),
        element("p", signature.on),
        class_="letter-signature",
    )


def _copies(copies: tuple[str, ...]) -> Markup:
    named = joined(map(_name, copies), ", ")
    return element("p", "Copy to: ", named, class_="letter-copies")
