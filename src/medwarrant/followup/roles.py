"""What a follow-up does with a service or diagnosis it names: adds it, takes it out, or puts it in place.

The cues are words of requests, not of medicine: *also add 64400*, *drop fibromyalgia*, *the diagnosis is
G44.86 rather than M54.2*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal

import msgspec

Role = Literal["add", "remove", "set", "named"]

_FILLER: Final = r"(?:\s+(?:the|a|an|any|all|of|for|code|codes|cpt|hcpcs|icd-?10|icd|diagnosis|diagnoses|dx|service|services|line|procedure|condition|asking|requesting|to|about|that|her|his|my))*\s*(?:\(|:|=|#|\"|')?\s*$"
_REMOVE_BEFORE: Final = re.compile(
    rf"\b(?:remov\w+|drop|dropped|dropping|delet\w+|without|forget|forgetting|leave\s+(?:out|off)|leaving\s+(?:out|off)|omit\w*|withdraw\w*|withdrew|cancel\w*|take\s+(?:out|off|away)|exclud\w+|skip\w*|minus|instead\s+of|rather\s+than|in\s+place\s+of|not|isn't|wasn't|other\s+than|replac\w+|swap\w*|change|changed|changing|never\s+mind|scratch|ignor\w+|disregard\w*|strike|pull|erase|discard\w*|no\s+longer|get\s+rid\s+of){_FILLER}",
    re.IGNORECASE,
)
_ADD_BEFORE: Final = re.compile(
    rf"\b(?:add|added|adding|plus|includ\w+|also|as\s+well\s+as|additionally|together\s+with|along\s+with|in\s+addition\s+to|too|another|secondary|comorbid|coexisting|has|have|had){_FILLER}",
    re.IGNORECASE,
)
_SET_BEFORE: Final = re.compile(
    rf"(?:\b(?:is|it's|its|was|be|are|were|means?|meant|say|says|read|to|with|use|used|using|becomes?|into|really|actually|rather|but|now|only|just|by|as|called|make\s+(?:it|that|them|those)|confirmed|documented|established|diagnosed\s+with)|=|:|->){_FILLER}",
    re.IGNORECASE,
)
_HAS: Final = re.compile(rf"\b(?:has|have|had){_FILLER}", re.IGNORECASE)
_ADD_AFTER: Final = re.compile(
    r"^\s*[,)]?\s*(?:as\s+(?:well|(?:an?\s+|the\s+)?(?:secondary|second|additional|further|supporting)\b)|too\b|also\b|in\s+addition|on\s+top)",
    re.IGNORECASE,
)
_INSTEAD_AFTER: Final = re.compile(
    r"^\s*[,)]?\s*(?:instead|rather\s+than|and\s+not|not\b)", re.IGNORECASE
)
_REMOVE_AFTER: Final = re.compile(
    r"^\s*[,)]?\s*(?:(?:(?:line|code|service|one)\s+)?(?:off|out|away)\b|(?:is|was|can\s+be|should\s+be|has\s+been|is\s+being)\s+(?:wrong|removed|dropped|withdrawn|cancell?ed|deleted|a\s+mistake|an\s+error|not\s+(?:needed|right|correct|requested)|off|out|incorrect)|is\s+no\s+longer|by\s+mistake)",
    re.IGNORECASE,
)
_LIST: Final = re.compile(
    r"^[\s,;/&()]*(?:and|or|plus|the)?[\s,(]*(?:the|code)?[\s(]*$", re.IGNORECASE
)
_CHANGES: Final = re.compile(
    r"\b(?:chang\w+|replac\w+|swap\w*|switch\w*|correct\w*|instead|rather)\b", re.IGNORECASE
)
_REACH: Final = 60


class Mentioned(msgspec.Struct, frozen=True):
    """A code that a text names, and where."""

    code: str
    start: int
    end: int


def roles_of(text: str, mentions: Iterable[Mentioned]) -> dict[str, Role]:
    """The role of each code named: by what stands before or after it, in a list by the entry before.

    >>> roles_of("the diagnosis is G44.86 rather than M54.2", [Mentioned("G44.86", 17, 23), Mentioned("M54.2", 36, 41)])
    {'G44.86': 'set', 'M54.2': 'remove'}
    """
    found: dict[str, Role] = {}
    last: tuple[int, Role] | None = None
    for mention in sorted(mentions, key=lambda one: (one.start, -one.end)):
        role = _role(text, mention)
        if role == "named" and last is not None and _LIST.match(text[last[0] : mention.start]):
            role = last[1]
        if found.get(mention.code, "named") == "named":
            found[mention.code] = role
        last = (mention.end, role)
    # Something taken out and one thing named beside it: the one takes the other's place.
    named = [code for code, role in found.items() if role == "named"]
    if "remove" in found.values() and "set" not in found.values() and len(named) == 1:
        if "add" not in found.values() and _CHANGES.search(text):
            found[named[0]] = "set"
    return found


def _role(text: str, mention: Mentioned) -> Role:
    before = _near(text[max(0, mention.start - _REACH) : mention.start])
    after = text[mention.end : mention.end + _REACH]
    if _REMOVE_AFTER.search(after):
        return "remove"
    if _REMOVE_BEFORE.search(before):
        return "remove"
    if _ADD_AFTER.search(after):
        return "add"
    if _HAS.search(before) and not re.search(r"\b(?:also|too)\b", before, re.IGNORECASE):
        return "named"
    if _ADD_BEFORE.search(before) or re.search(
        r"\b(?:also|add|adding)\s+(?:\w+\s+){0,2}$", before, re.IGNORECASE
    ):
        return "add"
    asks = re.fullmatch(
        rf"\W*(?:and\s+)?(?:is|was|are|were|now|but){_FILLER}", before, re.IGNORECASE
    )
    if (_SET_BEFORE.search(before) and not asks) or _INSTEAD_AFTER.search(after):
        return "set"
    return "named"


def _near(before: str) -> str:
    """What stands before in the same clause."""
    return re.split(r"[.;?!\n]", before)[-1]


def put_in_place(
    wanted: Sequence[str],
    codes: Sequence[str],
    removed: Sequence[str],
    near: Sequence[Sequence[str]],
) -> tuple[list[str], list[str]]:
    """The codes once some are put in place: those left, and those that had to go for it.

    What was taken out by name makes room; else the one code there is, or the ones that `near` names for
    it (of the same family); as many as there are take all their rooms once one of them does; where none of
    this tells which one is meant, the code is added.

    >>> put_in_place(["G44.86"], ["M54.2"], [], [[]]), put_in_place(["G44.86"], ["M54.2", "G50.0"], [], [[]])
    ((['G44.86'], ['M54.2']), (['M54.2', 'G50.0', 'G44.86'], []))
    """
    left = list(codes)
    gone: list[str] = []
    for code, relatives in zip(wanted, near, strict=True):
        if code in left:
            continue
        room = [name for name in removed if name in left] or [n for n in relatives if n in left]
        if not room and len(codes) == 1 and not removed:
            room = [name for name in codes if name in left]
        if room:
            at = left.index(room[0])
            left[at : at + 1] = [code]
            gone.append(room[0])
        else:
            left.append(code)
    if len(wanted) == len(codes) and gone and not removed:
        # As many as there were, one of them in the room of one: the others have the rooms that are left.
        over = [code for code in codes if code in left]
        if not set(wanted) & set(codes):
            return list(wanted), [*gone, *over]
    return left, gone
