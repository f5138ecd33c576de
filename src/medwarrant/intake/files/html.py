"""HTML notes: the text that a reader of the page sees, with the way back to the file.

A scanner of our own in one pass over the file: the parser of the standard library gives no positions of
entities, and its time grew with the square of hostile files until recently. It follows the tokenizer of
the HTML standard where that decides what is shown. Style sheets are not applied: text hidden by a class
is read, text hidden by an attribute is not.
"""

from __future__ import annotations

import html
import re
from typing import Final

from .note_text import NoteText, TextBuilder

_VOID: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()
)
#: Elements whose content is never shown, or is another kind of thing than the text of a note; text that
#: was deleted or struck out no longer holds.
_NOT_SHOWN: Final = frozenset(
    "head title template noscript select datalist svg math object audio video canvas map del s strike rp rt"
    " dialog".split()
)
_RAW: Final = frozenset("script style iframe noembed noframes".split())
_IN_HEAD: Final = frozenset("base link meta title style script noscript template".split())
_CELLS: Final = frozenset({"td", "th"})
_BLOCK: Final = frozenset(
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary table tbody"
    " textarea tfoot thead tr ul".split()
)
_CLOSES_P: Final = _BLOCK - frozenset("br body html tbody tfoot thead tr textarea".split())
#: A start tag ends open elements of these names, unless one of the others was opened since.
_ENDS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "li": (("li",), ("ul", "ol")),
    "dt": (("dt", "dd"), ("dl",)),
    "dd": (("dt", "dd"), ("dl",)),
    "td": (("td", "th"), ("table",)),
    "th": (("td", "th"), ("table",)),
    "tr": (("tr",), ("table",)),
    "tbody": (("tbody", "thead", "tfoot"), ("table",)),
    "tfoot": (("tbody", "thead", "tfoot"), ("table",)),
}
_NAME: Final = re.compile(r"[A-Za-z][^\s/>]*")
_GAP: Final = re.compile(r"[\s/]*")
_ATTRIBUTE: Final = re.compile(r"=?[^\s/>=]*")
_EQUALS: Final = re.compile(r"\s*=\s*")
_BARE: Final = re.compile(r"[^\s>]*")
_UNSEEN: Final = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|(?:opacity|font-size):0(?![.\d]*[1-9])"
)
_RUN: Final = re.compile(
    r"(?P<blank>[ \t\n\r\f]+)"
    r"|(?P<entity>&(?:\#[xX][0-9a-fA-F]{1,6};?|\#[0-9]{1,7};?|[A-Za-z][A-Za-z0-9]{1,31};?))"
    r"|&|[^& \t\n\r\f]+(?: [^& \t\n\r\f]+)*"
)
_LINES: Final = re.compile(
    r"(?P<blank>(?!))|(?P<entity>&(?:\#\w{1,8};?|[A-Za-z]\w{1,31};?))|&|[^&]+"
)
_RANK: Final = {" ": 1, "\t": 2, "\n": 3}


def html_note(original: str, name: str, remarks: tuple[str, ...] = ()) -> NoteText:
    r"""The visible text of a page or of a piece of one.

    Blocks and rows of tables become lines, cells are parted by tabs, check boxes are shown as `[x]` and
    `[ ]`.

    >>> note = html_note("<p>Pain &gt; 3 months<script>x</script></p><p>No fever", "note.html")
    >>> note.text, note.original_span(5, 6)
    ('Pain > 3 months\nNo fever', (8, 12))
    """
    page = _Page(original)
    page.read()
    return page.builder.note(name, "html", (*remarks, *page.remarks))


class _Page:
    """One pass over a page: which elements are open, and whether their text is seen."""

    def __init__(self, original: str) -> None:
        self.original = original
        self.builder = TextBuilder(original)
        self.remarks: list[str] = []
        self._open: list[tuple[str, bool, bool]] = []  # name, not shown, blanks kept
        self._where: dict[str, list[int]] = {}  # by name, the places in that list
        self._hidden = 0
        self._kept = 0
        self._before: tuple[str, int, int] | None = None  # what parts the next text from the last
        self._strict = original.lstrip()[:5].lower() == "<?xml"

    def read(self) -> None:
        text, at = self.original, 0
        while at < len(text):
            mark = text.find("<", at)
            if mark < 0:
                mark = len(text)
            if mark > at:
                self._text(at, mark)
            at = self._markup(mark) if mark < len(text) else mark

    def _markup(self, at: int) -> int:
        """What a `<` begins; the character after it."""
        text = self.original
        if text.startswith("<!--", at):
            if text.startswith((">", "->"), at + 4):
                return text.index(">", at) + 1
            found = _COMMENT_END.search(text, at + 4)
            return found.end() if found else self._cut_short(at, "a comment")
        after = text[at + 1 : at + 2]
        if after in ("!", "?") or (after == "/" and not _NAME.match(text, at + 2)):
            end = text.find(">", at)
            return end + 1 if end >= 0 else self._cut_short(at, "a declaration")
        closing = after == "/"
        named = _NAME.match(text, at + 1 + closing)
        if named is None:
            self._text(at, at + 1)  # as in "pain < 3 months"
            return at + 1
        attributes: dict[str, str] = {}
        end = self._attributes(named.end(), attributes)
        if end < 0:
            return self._cut_short(at, "a tag")
        tag = named[0].lower()
        if closing:
            self._end(tag, at)
            return end
        return self._start(tag, attributes, at, end)

    def _attributes(self, at: int, found: dict[str, str]) -> int:
        """Read the attributes of a tag; the character after it, or -1 where it does not end."""
        text = self.original
        while True:
            at = _skip(_GAP, text, at)
            if at >= len(text):
                return -1
            if text[at] == ">":
                return at + 1
            end = _skip(_ATTRIBUTE, text, at)
            name = text[at:end].lower()
            equals = _EQUALS.match(text, end)
            value = ""
            at = end
            if equals is not None:
                at = equals.end()
                quote = text[at : at + 1]
                if quote == "'" or quote == '"':
                    end = text.find(quote, at + 1)
                    if end < 0:
                        return -1
                    value, at = text[at + 1 : end], end + 1
                else:
                    end = _skip(_BARE, text, at)
                    value, at = text[at:end], end
            found.setdefault(name, value)

    def _start(self, tag: str, attributes: dict[str, str], at: int, end: int) -> int:
        if self._open and self._open[-1][0] == "head" and tag not in _IN_HEAD:
            self._close("head")
        if tag in _CLOSES_P:
            self._close("p", ("button", "td", "th", "table", "caption"))
        if tag in _ENDS:
            names, barriers = _ENDS[tag]
            for name in names:
                self._close(name, barriers)
        self._part(tag, at)
        if tag in _VOID:
            if tag == "input" and attributes.get("type", "").strip().lower() in (
                "checkbox",
                "radio",
            ):
                self._box("checked" in attributes, at, end)
            return end
        if tag in _RAW:
            found = re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE).search(self.original, end)
            return found.start() if found else self._cut_short(at, f"a {tag}")
        if self._strict and self.original[end - 2] == "/":
            return end
        style = re.sub(r"\s+", "", html.unescape(attributes.get("style", "")[:2000])).lower()
        hidden = tag in _NOT_SHOWN or "hidden" in attributes or bool(_UNSEEN.search(style))
        if tag == "dialog" and "open" in attributes:
            hidden = "hidden" in attributes
        kept = tag in ("pre", "textarea") or "white-space:pre" in style
        self._where.setdefault(tag, []).append(len(self._open))
        self._open.append((tag, hidden, kept))
        self._hidden += hidden
        self._kept += kept
        if tag == "textarea":
            found = re.compile(r"</textarea(?=[\s/>])", re.IGNORECASE).search(self.original, end)
            stop = found.start() if found else len(self.original)
            self._text(end, stop)
            return stop
        return end

    def _end(self, tag: str, at: int) -> None:
        self._close(tag)
        self._part(tag, at)

    def _close(self, tag: str, barriers: tuple[str, ...] = ()) -> None:
        """Close the innermost element of a name and all within it, unless a barrier was opened since."""
        place = self._innermost(tag)
        if place < 0 or any(self._innermost(name) > place for name in barriers):
            return
        while len(self._open) > place:
            name, hidden, kept = self._open.pop()
            self._where[name].pop()
            self._hidden -= hidden
            self._kept -= kept

    def _innermost(self, tag: str) -> int:
        places = self._where.get(tag)
        return places[-1] if places else -1

    def _part(self, tag: str, at: int) -> None:
        if tag in _BLOCK:
            self._apart("\n", at, at)
        elif tag in _CELLS:
            self._apart("\t", at, at)

    def _apart(self, sign: str, start: int, end: int) -> None:
        """Remember what stands before the next text: the stronger of what was found."""
        if self._before is None or _RANK[sign] > _RANK[self._before[0]]:
            self._before = (sign, start, end)

    def _box(self, checked: bool, start: int, end: int) -> None:
        if not self._hidden:
            self._flush()
            self.builder.put("[x]" if checked else "[ ]", start, end)
            self._apart(" ", end, end)

    def _flush(self) -> None:
        if self._before is not None and len(self.builder):
            self.builder.put(*self._before)
        self._before = None

    def _text(self, start: int, end: int) -> None:
        text = self.original
        if self._open and self._open[-1][0] == "head" and text[start:end].strip():
            self._close("head")
        if self._hidden:
            return
        for found in (_LINES if self._kept else _RUN).finditer(text, start, end):
            if found["blank"] is not None:
                self._apart(" ", found.start(), found.end())
                continue
            self._flush()
            if found["entity"] is not None:
                shown = html.unescape(found[0])
                if shown != found[0]:
                    self.builder.put(shown, found.start(), found.end())
                    continue
            self.builder.copy(found.start(), found.end())

    def _cut_short(self, at: int, what: str) -> int:
        """The rest of the file is not shown; say so instead of losing it in silence."""
        line = self.original.count("\n", 0, at) + 1
        self.remarks.append(
            f"{what} that begins in line {line} does not end; what follows was not read"
        )
        return len(self.original)


_COMMENT_END: Final = re.compile(r"--!?>")


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
