"""Files with clinical notes: what each is, told by its content, and the text that is read of it.

The name of a file only decides between text and Markdown. Whatever cannot be read is refused with its
reason; a message never quotes what a file holds.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePath
from typing import Final

from ...model.errors import InputError
from .docx import docx_note, is_docx
from .html import html_note
from .note_text import MOST_CHARACTERS, NoteText
from .pdf import pdf_note
from .plain import decoded, plain

MOST_BYTES: Final = 20_000_000
_MOST_MARKUP: Final = 1_000_000
_MEND: Final = "give the note as text, Markdown, HTML, DOCX or PDF"
_MARKDOWN: Final = frozenset({".md", ".markdown", ".mdown", ".mkd"})
_HTML: Final = frozenset({".html", ".htm", ".xhtml"})
_PAGE: Final = re.compile(
    r"\s*(?:<\?xml[^<>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)?"
    r"<(?:!doctype\s+html|(?:html|head|body|meta|title|style|article|section|main|div|p|h[1-6]|table|ul|ol|dl"
    r"|pre|span|b|strong|br)(?=[\s/>]))",
    re.IGNORECASE | re.DOTALL,
)
_XML: Final = re.compile(r"\s*<\?xml[\s?]", re.IGNORECASE)
#: Kinds of file that are recognised only to say what to do with them.
_OTHERS: Final = (
    (b"{\\rtf", "this is a rich text file (RTF)", "save it as DOCX, PDF or text"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "this is an old Word document, or one with a password",
        "save it as DOCX without a password",
    ),
    *(
        (sign, "this is a picture and holds no text", "run text recognition (OCR) first")
        for sign in (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM6")
    ),
    (b"\x1f\x8b", "this is a compressed file", "unpack it first"),
    (b"7z\xbc\xaf", "this is a compressed file", "unpack it first"),
)


def read_file(source: str | Path | bytes, name: str | None = None) -> NoteText:
    """The text of a note from a path, or from bytes with the name they came under.

    Raises `InputError` naming the file where it is missing, larger than 20 MB, of another kind, broken,
    protected or without text.

    >>> note = read_file(b"<p>Pain &ge; 7/10</p>", "visit.txt")
    >>> note.kind, note.text
    ('html', 'Pain ≥ 7/10')
    >>> note.original_span(5, 6), note.place(5)
    ((8, 12), 'line 1')
    """
    if isinstance(source, bytes):
        data, name = source, shown_name(name or "note")
    else:
        name = shown_name(name or PurePath(source).name or str(source))
        data = _bytes_of(source, name)
    if len(data) > MOST_BYTES:
        raise InputError(
            f"the file is larger than {MOST_BYTES // 1_000_000} MB",
            where=name,
            mend="give the part that matters",
        )
    note = _note(data, name)
    if not re.search(r"[^\W_]", note.text):
        raise InputError("the file holds no text", where=name, mend=_MEND)
    return note


def shown_name(name: str) -> str:
    r"""A name fit to be shown and to stand in an answer: printable and not endless.

    >>> shown_name("visit\x1b[31m.txt")
    'visit?[31m.txt'
    """
    printable = "".join(sign if sign.isprintable() else "?" for sign in name)
    return printable if len(printable) <= 120 else f"{printable[:80]}...{printable[-37:]}"


def _bytes_of(path: str | Path, name: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        problem = f"cannot be read ({os.strerror(error.errno) if error.errno else 'no such file'})"
    except ValueError:  # a name that no file can have
        problem = "cannot be read (not a file name)"
    raise InputError(problem, where=name, mend="check the name of the file")


def _note(data: bytes, name: str) -> NoteText:
    if not data.strip():
        raise InputError("the file is empty", where=name, mend=_MEND)
    # Viewers accept a PDF that begins within the first kilobyte.
    if data.startswith(b"%PDF-") or b"\n%PDF-" in data[:1024]:
        return pdf_note(data, name)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _from_archive(data, name)
    for sign, problem, mend in _OTHERS:
        if data.startswith(sign):
            raise InputError(problem, where=name, mend=mend)
    text, remarks = decoded(data, name)
    ending = PurePath(name).suffix.lower()
    if ending in _HTML or _PAGE.match(text):
        if text.count("<") + text.count("&") > _MOST_MARKUP:
            raise InputError(
                "this page holds more tags than a note can have", where=name, mend=_MEND
            )
        return html_note(text, name, remarks)
    if _XML.match(text):
        raise InputError("this is XML, which is not read as a note", where=name, mend=_MEND)
    if len(text) > MOST_CHARACTERS:
        raise InputError(
            f"the file holds more than {MOST_CHARACTERS:,} characters",
            where=name,
            mend="give the part that matters",
        )
    return plain(text, name, "markdown" if ending in _MARKDOWN else "text", remarks)


def _from_archive(data: bytes, name: str) -> NoteText:
    match is_docx(data):
        case True:
            return docx_note(data, name)
        case False:
            raise InputError(
                "this is a ZIP archive or another office file, not a DOCX",
                where=name,
                mend="save it as DOCX or PDF, or unpack it first",
            )
        case _:
            raise InputError(
                "this ZIP or DOCX is damaged and cannot be read",
                where=name,
                mend="open it in a word processor and save it anew, or give the note as text or PDF",
            )
