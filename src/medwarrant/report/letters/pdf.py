"""A letter as PDF, set by typst where the optional extra is installed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from ...model.errors import InputError
from ..text import date_words
from ..typst import typeset
from .letter import Letter
from .signs import SIGNS

#: A word longer than this may be broken anywhere, so that it does not run off the paper.
_UNBROKEN = re.compile(r"\S{36,}")
_MAY_BREAK = "\u200b"
#: How typst says that a character, here the first few of a run, has no glyph.
_NO_GLYPH = re.compile(r'the text `"(.{1,8})[^`]*"` could not be displayed', re.DOTALL)
#: What is followed or compared as it stands, and never broken.
_WHOLE = ("url", "foot")


def letter_pdf(letter: Letter) -> bytes:
    """The letter as PDF bytes, tagged after PDF/UA-1 for readers that speak it aloud.

    The text goes to typst as data, never as markup. The same letter gives the same bytes with the same
    version of typst and the same fonts: its date is the letter's own. Raises `InputError` where typst is
    not installed, and where no font can show a character: a notice with holes in it is not sent.
    """
    found: dict[str, Any] = _breakable(msgspec.to_builtins(letter))
    found["date_words"] = date_words(letter.dated.isoformat())
    found["day"] = [letter.dated.year, letter.dated.month, letter.dated.day]
    found["signs"] = SIGNS
    try:
        return typeset(
            Path(__file__).with_name("letter.typ"),
            "letter",
            found,
            where="format pdf",
            pdf_standards="ua-1",
        )
    except RuntimeError as error:
        shown = _NO_GLYPH.search(str(error))
        if shown is None:
            raise
        raise InputError(
            f"no font here can show “{shown[1]}”",
            where="format pdf",
            mend="install a font for it, leave it out, or print the HTML",
        ) from None


def _breakable(value: Any) -> Any:
    """Every text with places to break inside words that no line could hold."""
    match value:
        case str():
            return _UNBROKEN.sub(lambda found: _MAY_BREAK.join(found[0]), value)
        case list() | tuple():
            return [_breakable(entry) for entry in value]
        case dict():
            return {
                key: entry if key in _WHOLE else _breakable(entry) for key, entry in value.items()
            }
        case _:
            return value
