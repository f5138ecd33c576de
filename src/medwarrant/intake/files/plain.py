"""Text and Markdown files: from bytes to characters, and from characters to what is read."""

from __future__ import annotations

import codecs
import re
from typing import Final

from ...model.errors import InputError
from .line_wraps import wraps
from .note_text import Kind, NoteText, TextBuilder

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Control characters that text does not hold; tab, line ends, vertical tab and form feed may stand.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MOST_CONTROL, _MOST_HIGH = 0.005, 0.2
_OLD_ENCODING: Final = (
    "it is not UTF-8 and was read as Windows-1252; check signs and accented letters"
)

#: What Markdown shows as no longer holding (struck out, within one paragraph), and addresses of links.
_MARKDOWN_HIDDEN: Final = re.compile(
    r"~~(?=\S)(?:(?!~~|\n[ \t]*\r?\n)[\s\S]){1,2000}?~~"
    r"|(?<=\])\((?:https?|mailto|ftp):[^\s()]{0,2000}\)",
    re.IGNORECASE,
)


def decoded(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    r"""The characters of a text file, without a byte-order mark, and remarks.

    UTF-8, UTF-16 and UTF-32 with a byte-order mark, else UTF-8, else Windows-1252 where that gives
    ordinary text. Line ends stay as they are. Raises `InputError` for anything else.

    >>> decoded("\ufeff38 \u00b0C".encode("utf-16"), "note.txt")
    ('38 °C', ())
    """
    remarks: tuple[str, ...] = ()
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                text = data[len(mark) :].decode(encoding).removeprefix("\ufeff")
            except UnicodeDecodeError:
                raise _not_text(
                    name, f"the file begins as {encoding.upper()} and does not go on so"
                ) from None
            break
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = _windows_1252(data, name)
            remarks = (_OLD_ENCODING,)
    if "\x00" in text or len(_CONTROL.findall(text)) > max(2, _MOST_CONTROL * len(text)):
        raise _not_text(name, "the file holds binary data, not text")
    return text, remarks


def _windows_1252(data: bytes, name: str) -> str:
    high = len(data.translate(None, bytes(range(128))))
    # Old notes hold a few degree signs and accented letters; much more is another alphabet or no text.
    if high <= max(3, _MOST_HIGH * len(data)):
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError:
            pass
    raise _not_text(name, "the file is not text in an encoding that can be read") from None


def _not_text(name: str, problem: str) -> InputError:
    return InputError(problem, where=name, mend="save the note as text in UTF-8, HTML, DOCX or PDF")


def plain(original: str, name: str, kind: Kind, remarks: tuple[str, ...] = ()) -> NoteText:
    r"""A text or Markdown note: as written, without what is not seen and with wrapped lines joined.

    >>> note = plain("Topiramate ~~helped~~ failed", "note.md", "markdown")
    >>> note.text, note.original_span(12, 18)
    ('Topiramate  failed', (22, 28))
    """
    builder = TextBuilder(original)
    hidden = _not_shown(original) if kind == "markdown" else []
    changes = [(start, end, "") for start, end in hidden]
    changes += [(start, end, " " * (end - start)) for start, end in wraps(original)]
    at = 0
    for start, end, text in sorted(changes):
        if start >= at:  # else a wrap within what is not shown
            builder.copy(at, start)
            builder.put(text, start, end)
            at = end
    builder.copy(at, len(original))
    return builder.note(name, kind, remarks)


def _not_shown(markdown: str) -> list[tuple[int, int]]:
    """Comments, text struck out and the addresses of links, in order and apart from each other."""
    comments = []
    at = markdown.find("<!--")
    while at >= 0 and (end := markdown.find("-->", at + 4)) >= 0:
        comments.append((at, end + 3))
        at = markdown.find("<!--", end)
    found = sorted(comments + [hit.span() for hit in _MARKDOWN_HIDDEN.finditer(markdown)])
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart
