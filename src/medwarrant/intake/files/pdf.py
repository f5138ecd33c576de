"""PDF notes: the text layer, page by page.

Nothing is recognised in pictures. A page without text is named, and a file without any is refused:
a fact that was not read must not look like one that is not there.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from ...model.errors import InputError
from .line_wraps import wraps
from .note_text import INVISIBLE, MOST_CHARACTERS, NoteText, starts_of, without_surrogates

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MOST_PAGES: Final = 1000
#: Bounds on what a file of a few megabytes may unpack to; and no other program is started for pictures.
_LIMITS: Final[dict[str, Any]] = {
    "zlib_maximum_output_length": 20_000_000,
    "lzw_maximum_output_length": 20_000_000,
    "run_length_maximum_output_length": 20_000_000,
    "array_based_stream_maximum_output_length": 20_000_000,
    "stream_decoding_work_maximum_length": 60_000_000,
    "stream_parsing_work_maximum_count": 1_000_000,
    "jbig2dec_binary": None,
}
#: A page with a picture and fewer letters than this is taken for a scan with a stamp or fax line.
_FEW_LETTERS: Final = 100
#: Fonts that do not say which characters they draw give private or unknown characters.
_UNREADABLE: Final = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f\x7f]")
_LIGATURES: Final = str.maketrans(
    dict(zip("\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06", "ff fi fl ffi ffl ft st".split()))
)
_SOFT_WITHIN: Final = re.compile("(?<=\\w)\u00ad(?=\\w)")
_CUT_WORD: Final = re.compile("([^\\W\\d_]+)([-\u2010\u00ad])\\n[ \\t]*([^\\W\\d_]+)")
_BREAKS: Final = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def pdf_note(data: bytes, name: str) -> NoteText:
    """The text of a PDF; spans count characters of the text extracted, places are pages.

    Raises `InputError` where the file is broken, protected, too long or holds no text.
    """
    from pypdf import apply_configuration

    with _quiet(), apply_configuration(**_LIMITS):
        reader = _opened(data, name)
        try:
            pages = _pages(reader, name)
            forms = bool(reader.get_form_text_fields())
        except InputError:
            raise
        except Exception as error:  # whatever a broken file makes the library stumble over
            raise _broken(name, error) from None
    texts = [_cleaned(text) for text, _ in pages]
    if not any(re.search(r"[^\W_]", text) for text in texts):
        raise InputError(
            "this PDF holds pictures of pages and no text"
            if any(picture for _, picture in pages)
            else "this PDF holds no text",
            where=name,
            mend="run text recognition (OCR) over it first, or give the note as text or DOCX",
        )
    everything = "".join(texts)
    if len(_UNREADABLE.findall(everything)) > 0.1 * len(everything):
        raise InputError(
            "the text of this PDF cannot be read: its fonts do not say which characters they draw",
            where=name,
            mend="export it anew, or give the note as text or DOCX",
        )
    return NoteText(
        name=name,
        kind="pdf",
        text="\n\n".join(texts),
        remarks=_remarks(texts, [picture for _, picture in pages], forms),
        place_word="page",
        places=starts_of(texts, 2),
    )


def _opened(data: bytes, name: str) -> PdfReader:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    protected = InputError(
        "this PDF is protected by a password",
        where=name,
        mend="save a copy without protection (print it to PDF)",
    )
    try:
        reader = PdfReader(BytesIO(data))
        # Files that only limit printing open with an empty password.
        if reader.is_encrypted and not reader.decrypt(""):
            raise protected
    except InputError:
        raise
    except DependencyError:
        raise InputError(
            "this PDF is encrypted",
            where=name,
            mend="install the package cryptography, or save a copy without protection (print it to PDF)",
        ) from None
    except Exception as error:
        raise _broken(name, error) from None
    return reader


def _pages(reader: PdfReader, name: str) -> list[tuple[str, bool]]:
    """The text of each page, and whether the page holds a picture."""
    if len(reader.pages) > MOST_PAGES:
        raise InputError(
            f"this PDF has more than {MOST_PAGES} pages",
            where=name,
            mend="give the pages that matter",
        )
    found: list[tuple[str, bool]] = []
    length = 0
    for page in reader.pages:
        text = page.extract_text()
        length += len(text)
        if length > MOST_CHARACTERS:
            raise InputError(
                f"this PDF holds more than {MOST_CHARACTERS:,} characters",
                where=name,
                mend="give the pages that matter",
            )
        found.append((text, _has_picture(page)))
    return found


def _has_picture(page: PageObject) -> bool:
    from pypdf.generic import DictionaryObject

    resources = page.get("/Resources")
    resources = resources.get_object() if resources is not None else None
    objects = resources.get("/XObject") if isinstance(resources, DictionaryObject) else None
    objects = objects.get_object() if objects is not None else None
    if not isinstance(objects, DictionaryObject):
        return False
    drawn = (entry.get_object() for entry in objects.values())
    return any(
        isinstance(entry, DictionaryObject) and entry.get("/Subtype") == "/Image" for entry in drawn
    )


def _broken(name: str, error: Exception) -> InputError:
    from pypdf.errors import LimitReachedError

    if isinstance(error, LimitReachedError):
        return InputError(
            "this PDF unpacks to more than can be read",
            where=name,
            mend="give the pages that matter",
        )
    return InputError(
        "this PDF is damaged and cannot be read",
        where=name,
        mend="open it in a viewer and print it to a new PDF, or give the note as text or DOCX",
    )


def _cleaned(raw: str) -> str:
    r"""The text of a page as it would have been written: hyphens mended, wrapped lines joined.

    >>> _cleaned("The patient was treated with a pre\xad\nventive drug since March\n2025\xad01 \ufb01rst")
    'The patient was treated with a preventive drug since March\n2025-01 first'
    """
    text = without_surrogates(_BREAKS.sub("\n", raw)).translate(_LIGATURES)
    text = _SOFT_WITHIN.sub("-", text)
    text = "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")
    known = set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.casefold()))
    changes = {start: (end, " ") for start, end in wraps(text)}
    for found in _CUT_WORD.finditer(text):
        changes.pop(found.end(2), None)
        changes[found.start(2)] = (found.start(3), "-" if _keeps_hyphen(found, known) else "")
    parts, at = [], 0
    for start, (end, between) in sorted(changes.items()):
        parts += [text[at:start], between]
        at = end
    return INVISIBLE.sub("", "".join((*parts, text[at:])))


def _keeps_hyphen(found: re.Match[str], known: set[str]) -> bool:
    """Whether a word cut at a line end is written with its hyphen: as it stands elsewhere on the page.

    Where it does not, a soft hyphen only parts syllables; a hard one belongs to the word.
    """
    first, hyphen, last = found[1].casefold(), found[2], found[3].casefold()
    if not found[3][0].islower() or f"{first}-{last}" in known:
        return True
    return f"{first}{last}" not in known and hyphen != "\u00ad"


def _remarks(texts: list[str], pictures: list[bool], forms: bool) -> tuple[str, ...]:
    scanned = [
        number
        for number, (text, picture) in enumerate(zip(texts, pictures), start=1)
        if picture and len(re.findall(r"[^\W\d_]", text)) < _FEW_LETTERS
    ]
    remarks = []
    if scanned:
        shown = ", ".join(map(str, scanned[:10])) + (" and more" if len(scanned) > 10 else "")
        pages = f"page {shown} holds" if len(scanned) == 1 else f"pages {shown} hold"
        remarks.append(
            f"{pages} a picture and hardly any text; what the picture shows was not read"
        )
    if forms:
        remarks.append("this PDF is a form; what is filled into its fields was not read")
    return tuple(remarks)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the library from logging, which may quote the file."""
    logger = logging.getLogger("pypdf")  # its modules have loggers below this one, without levels
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
