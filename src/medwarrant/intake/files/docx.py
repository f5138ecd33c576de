"""DOCX notes: paragraphs, tables and text boxes of the main part, without deleted or hidden text.

A DOCX is a ZIP of XML files. Only two of them are opened, each up to a fixed size whatever the archive
says of it; XML with a document type is refused, so that no entity is ever expanded.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from io import BytesIO
from typing import Final
from xml.parsers import expat

from ...model.errors import InputError
from .note_text import INVISIBLE, MOST_CHARACTERS, NoteText, starts_of

_MOST_UNPACKED: Final = 50_000_000
_MOST_DEPTH: Final = 500
_WORD: Final = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_COMPATIBILITY: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"
#: Deleted and moved text, what lies in the file twice, field codes, and notes of the word processor.
_NOT_READ: Final = frozenset(
    {"w:del", "w:moveFrom", "mc:Fallback", "w:instrText", "w:delText", "w:sdtPr"}
)
#: Marks of a run: its text is hidden, or struck out and so no longer holds.
_HIDING: Final = frozenset({"w:vanish", "w:webHidden", "w:strike", "w:dstrike"})
_SIGNS: Final = {"w:tab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def docx_note(data: bytes, name: str) -> NoteText:
    """The text of a DOCX; spans count characters of the text extracted, places are paragraphs.

    Rows of tables become lines with a tab between cells. Raises `InputError` where the file is broken,
    protected, too large or holds no text.
    """
    body = _Body(name)
    _parse(_main_part(data, name), body, name)
    paragraphs = [INVISIBLE.sub("", _CONTROL.sub("", text)) for text in body.finished()]
    text = "\n".join(paragraphs)
    if not re.search(r"[^\W_]", text):
        raise InputError(
            "this document holds no text",
            where=name,
            mend="if it holds pictures of pages, run text recognition (OCR) first",
        )
    return NoteText(
        name=name, kind="docx", text=text, place_word="paragraph", places=starts_of(paragraphs, 1)
    )


def is_docx(data: bytes) -> bool | None:
    """Whether a ZIP holds a word-processing document; None where it cannot even be listed."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = {entry.filename for entry in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError):
        return None
    return "[Content_Types].xml" in names and any(entry.startswith("word/") for entry in names)


def _main_part(data: bytes, name: str) -> bytes:
    """The XML of the document itself, wherever the package says that it lies."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            relations = _Relations()
            if "_rels/.rels" in archive.namelist():
                _parse(_unpacked(archive, "_rels/.rels", name), relations, name)
            target = posixpath.normpath(relations.document).lstrip("/")
            return _unpacked(archive, target, name)
    except InputError:
        raise
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, ValueError, OSError, RuntimeError):
        # RuntimeError: an encrypted member, or (NotImplementedError) a method of compression.
        raise _broken(name) from None


def _unpacked(archive: zipfile.ZipFile, member: str, name: str) -> bytes:
    with archive.open(member) as file:
        data = file.read(_MOST_UNPACKED + 1)
    if len(data) > _MOST_UNPACKED:
        raise InputError(
            "this document unpacks to more than 50 MB",
            where=name,
            mend="give the parts that matter",
        )
    return data


def _parse(data: bytes, handler: _Body | _Relations, name: str) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MOST_DEPTH:
            raise _broken(name)
        handler.start(_short(tag), attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(_short(tag))

    def refuse(*_: object) -> None:
        raise InputError(
            "this document holds XML with a document type, which no word processor writes",
            where=name,
            mend="save it anew as DOCX",
        )

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, UnicodeError, ValueError, LookupError):
        raise _broken(name) from None


def _short(tag: str) -> str:
    """A name with the prefix that Word writes, as `w:p`."""
    space, _, local = tag.rpartition(" ")
    if space in _WORD:
        return f"w:{local}"
    return f"mc:{local}" if space == _COMPATIBILITY else local


def _broken(name: str) -> InputError:
    return InputError(
        "this DOCX is damaged and cannot be read",
        where=name,
        mend="open it in a word processor and save it anew, or give the note as text or PDF",
    )


class _Relations:
    """Where the main part of a package lies."""

    def __init__(self) -> None:
        self.document = "word/document.xml"

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
            self.document = attributes.get("Target", self.document)

    def end(self, tag: str) -> None: ...

    def text(self, data: str) -> None: ...


class _Body:
    """The paragraphs of a main part, as they are met."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._paragraphs: list[str] = []
        self._current: list[str] = []
        self._run: list[str] | None = None  # the text of the run that is open
        self._unread = 0
        self._in_text = False
        self._path: list[str] = []
        self._hidden_run = False
        self._cells = 0  # tables that are open around here
        self._length = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._path.append(tag)
        if tag in _NOT_READ:
            self._unread += 1
        elif tag == "w:p":
            self._leave_run()  # a paragraph of a text box stands within a run
            if not self._cells:
                self._end_paragraph()
        elif tag == "w:tbl":
            self._end_paragraph()
            self._cells += 1
        elif tag == "w:r":
            self._leave_run()
            self._run, self._hidden_run = [], False
        elif tag == "w:t":
            self._in_text = True
        elif tag in _HIDING and self._path[-3:-1] == ["w:r", "w:rPr"]:
            self._hidden_run |= _on(attributes)
        elif tag in _SIGNS and self._path[-2:-1] == ["w:r"]:
            self.text(_SIGNS[tag], read=True)

    def end(self, tag: str) -> None:
        self._path.pop()
        if tag in _NOT_READ:
            self._unread -= 1
        elif tag == "w:t":
            self._in_text = False
        elif tag == "w:r":
            self._leave_run()
        elif tag == "w:p":
            self._leave_run()
            if self._cells:
                self._current.append("\n")
            else:
                self._end_paragraph(always=True)
        elif tag == "w:tc":
            self._current = ["".join(self._current).rstrip("\n"), "\t"]
        elif tag == "w:tr":
            self._end_paragraph()
        elif tag == "w:tbl":
            self._cells -= 1

    def text(self, data: str, *, read: bool = False) -> None:
        if self._unread or not (read or self._in_text) or self._run is None:
            return
        self._length += len(data)
        if self._length > MOST_CHARACTERS:
            raise InputError(
                f"this document holds more than {MOST_CHARACTERS:,} characters",
                where=self._name,
                mend="give the parts that matter",
            )
        self._run.append(data)

    def finished(self) -> list[str]:
        self._end_paragraph()
        return self._paragraphs

    def _leave_run(self) -> None:
        if self._run is not None and not self._hidden_run:
            self._current += self._run
        self._run = None

    def _end_paragraph(self, *, always: bool = False) -> None:
        text = "".join(self._current).strip(" \t\n")
        if self._cells:  # a row; paragraphs of one cell keep their own lines
            self._paragraphs += text.split("\n") if text else []
        elif text or always:
            self._paragraphs.append(text)
        self._current = []


def _on(attributes: dict[str, str]) -> bool:
    """Whether a mark that may be switched off is on."""
    values = [value for name, value in attributes.items() if name.rpartition(" ")[2] == "val"]
    return not values or values[0].lower() not in ("0", "false", "off", "none")
