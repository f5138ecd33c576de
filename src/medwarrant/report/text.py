"""Small things done to words: cleaning hostile text, joining lists, dates, ids for links."""

from __future__ import annotations

import re
import unicodedata

from ..model.wording import date_words as date_words  # its readers have the rest from here too
from ..model.wording import lower_first as lower_first

#: Controls that steer the direction of text; shown to a reader they could reorder a sentence.
_STEERING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}


def clean(text: str) -> str:
    r"""Text that is safe to show anywhere: no control, steering or broken characters.

    Line breaks and tabs become spaces, so that words stay apart; every other control character
    becomes the replacement character, so that nothing vanishes without a trace.

    >>> clean("a\x00b\tc")
    'a\ufffdb c'
    """
    if text.isascii() and text.isprintable():
        return text
    found = []
    for char in text:
        point = ord(char)
        category = unicodedata.category(char)
        if char in "\t\n\r\x0b\x0c\x85\u2028\u2029":
            found.append(" ")
        elif point in _STEERING:
            continue
        elif category in ("Cc", "Cs") or point & 0xFFFE == 0xFFFE:
            found.append("\ufffd")
        else:
            found.append(char)
    return "".join(found)


def shortened(text: str, most: int) -> str:
    """Text cut at a word, with an ellipsis where something was left out.

    >>> shortened("one two three", 9)
    'one two …'
    """
    if len(text) <= most:
        return text
    cut = text[:most]
    head, _, _ = cut.rpartition(" ")
    return f"{head or cut} …"


def upper_first(text: str) -> str:
    """A phrase as it reads at the start of a sentence.

    >>> upper_first("neck pain")
    'Neck pain'
    """
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Text that ends as a sentence does.

    >>> sentence("It helps"), sentence("Does it help?")
    ('It helps.', 'Does it help?')
    """
    text = text.strip()
    return text if not text or text[-1] in ".?!…:" else f"{text}."


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> counted(1, "pair"), counted(3, "policy", "policies")
    ('1 pair', '3 policies')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def anchor(*parts: str) -> str:
    """An id for a link, of letters, digits and hyphens only.

    >>> anchor("pair", "64405", "G43.919")
    'pair-64405-g43-919'
    """
    return re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-") or "part"


def safe_address(url: str) -> bool:
    """Whether a link may lead there: to a page of the same site, a part of one, or the web.

    >>> safe_address("/answers/1"), safe_address("javascript:alert(1)"), safe_address("//elsewhere")
    (True, False, False)
    """
    return url.startswith(("/", "?", "#", "https://", "http://")) and url[:2] not in ("//", "/\\")
