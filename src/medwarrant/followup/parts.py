"""A follow-up in parts: each statement or question of it, with its characters.

*He failed topiramate, so is it covered now? And what does Aetna say* has three parts. A supposition
(*if ..., would ...*) is one part.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from ..model.errors import InputError

#: The longest follow-up; whoever has more to say gives it as a note.
LONGEST: Final = 5_000
_SENTENCE: Final = re.compile(
    r"(?<!\bvs)(?<!\bdr)(?<!\bno)(?<!\bst)(?<!\bal)(?<!\bmr)(?<!\bmrs)(?<!\be\.g)(?<!\bi\.e)[.!](?=\s|$)|\?|;(?=\s)|[\n\r\u2028\u2029]+",
    re.IGNORECASE,
)
_ASKS: Final = (
    r"(?:what|why|which|how|who|whose|where)\b"
    r"|(?:is|are|was|were|does|do|did|has|have|would|will|can|could|should|may|isn't|aren't|doesn't|don't|won't|wouldn't|can't)"
    r"\s+(?:it|this|that|these|those|there|she|he|they|we|i|you|the|a|an|any|her|his|my|our|all)\b"
    r"|(?:please\s+)?(?:explain|show|tell|list|give)\s+(?:me|us|the)\b"
)
_JOINT: Final = re.compile(
    rf"(?:[,:]?\s+(?:and|but|so|then)|,)\s+(?:and\s+|but\s+|so\s+|then\s+|also\s+)*(?={_ASKS})",
    re.IGNORECASE,
)
_SUPPOSES: Final = re.compile(
    r"\b(?:if|suppose|supposing|assume|assuming|imagine|provided|let'?s\s+say|hypothetically|whether)\b"
    r"|^\W*(?:were|had|should)\s+(?:i|we|she|he|they|it|the)\b",
    re.IGNORECASE,
)
_AGAIN: Final = re.compile(
    r"(?:what|how\s+about)\s+(?:if|about)\b|(?:what|which|why)\b", re.IGNORECASE
)


class Part(msgspec.Struct, frozen=True):
    """A part of a follow-up: its characters from `start` up to `end`, its words, and its last mark."""

    start: int
    end: int
    text: str
    asked: bool = False


def checked(text: str) -> str:
    """The follow-up as it can be read; raises `InputError` where there are no words, or too many."""
    if not isinstance(text, str):
        raise InputError("a follow-up question is text", where="follow-up")
    if len(text) > LONGEST:
        raise InputError(
            f"the follow-up has {len(text):,} characters",
            where="follow-up",
            mend=f"shorten it to {LONGEST:,}, or give what is longer as a note",
        )
    if not re.search(r"[^\W_]", text):
        raise InputError(
            "there are no words in the follow-up",
            where="follow-up",
            mend='write a question or a fact, such as "What is missing?"',
        )
    return text


def parts_of(text: str) -> tuple[Part, ...]:
    """The parts of a follow-up, in order.

    >>> [part.text for part in parts_of("He failed topiramate, so is it covered now? And what does Aetna say")]
    ['He failed topiramate', 'is it covered now?', 'And what does Aetna say']
    >>> [part.text for part in parts_of("If he failed topiramate, would it be covered?")]
    ['If he failed topiramate, would it be covered?']
    """
    found: list[Part] = []
    start = 0
    ends = [(match.end(), "?" in match[0]) for match in _SENTENCE.finditer(text)]
    for end, asked in [*ends, (len(text), False)]:
        _cut(text, start, end, asked, found)
        start = end
    return tuple(found)


def _cut(text: str, start: int, end: int, asked: bool, found: list[Part]) -> None:
    """One sentence, cut before each question that is joined to what precedes it."""
    for match in _JOINT.finditer(text, start, end):
        head = text[start : match.start()]
        supposes = _SUPPOSES.search(head)
        if not re.search(r"[^\W_]", head) or (supposes and not _AGAIN.match(text, match.end())):
            continue
        _add(text, start, match.start(), False, found)
        start = match.end()
    _add(text, start, end, asked, found)


def _add(text: str, start: int, end: int, asked: bool, found: list[Part]) -> None:
    part = text[start:end]
    if re.search(r"[^\W_]", part):
        start += len(part) - len(part.lstrip())
        end -= len(part) - len(part.rstrip())
        found.append(Part(start, end, text[start:end], asked))


def only(text: str, ranges: list[tuple[int, int]]) -> str:
    """A text in which everything outside some ranges is blank, so that characters keep their places.

    >>> only("one. two. three", [(5, 9)])
    '     two.      '
    """
    kept = [" "] * len(text)
    for start, end in ranges:
        kept[start:end] = text[start:end]
    return "".join(kept)
