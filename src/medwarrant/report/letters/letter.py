"""A letter as data: what every format draws, kept as plain JSON and drawn again years later.

The blocks are the letters' own and not those of the article, since a kept letter must stay readable
whatever becomes of the article. All text is plain text: each format escapes for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Literal, get_args

import msgspec

from ...model.errors import InputError
from ..text import clean

LETTER_SCHEMA = "medwarrant/letter/1"
LetterKind = Literal[
    "approval_letter",
    "information_request_letter",
    "adverse_notice",
    "peer_to_peer_brief",
    "submission_checklist",
]
LETTER_KINDS: tuple[LetterKind, ...] = get_args(LetterKind)
#: Who a part is written for: the member reads plain words without codes.
Reader = Literal["member", "office"]
#: Whose words a line is: fixed words of ours, a pack's, the record's, a person's, or the plan's.
Origin = Literal["ours", "packs", "record", "person", "plan"]


class Cite(msgspec.Struct, frozen=True):
    """A reference number of the record, with the mark a reader must see (retracted ...)."""

    n: int
    mark: str = ""


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A sentence or short passage, with whose words it is; `sign` names a status whose shape leads.

    `lang` is the language of the text where it is not English.
    """

    text: str = ""
    lead: str = ""
    origin: Origin = "ours"
    cites: tuple[Cite, ...] = ()
    note: str = ""
    sign: str = ""
    lang: str = ""
    inner: tuple[Line, ...] = ()


class Text(msgspec.Struct, frozen=True, tag=True):
    """Paragraphs."""

    lines: tuple[Line, ...]


class Listed(msgspec.Struct, frozen=True, tag=True):
    """A list; numbered where the order or the number is meant."""

    lines: tuple[Line, ...]
    numbered: bool = False


class Ticks(msgspec.Struct, frozen=True, tag=True):
    """A list with a box to tick before each entry."""

    lines: tuple[Line, ...]


class Boxed(msgspec.Struct, frozen=True, tag=True):
    """A passage set apart, such as a day by which something is needed."""

    title: str
    lines: tuple[Line, ...]


class Table(msgspec.Struct, frozen=True, tag=True):
    """A table whose first column heads its row; `widths` are parts of the whole for paper."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    widths: tuple[int, ...] = ()


class SourceEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A numbered source: the citation, where to find it, and the marks a reader must see."""

    n: int
    text: str
    facts: str = ""
    marks: tuple[str, ...] = ()
    url: str = ""
    place: str = ""


class Sources(msgspec.Struct, frozen=True, tag=True):
    """The sources that the letter cites, under the numbers of the record."""

    entries: tuple[SourceEntry, ...]


Block = Text | Listed | Ticks | Boxed | Table | Sources


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A titled part; level 3 belongs to the level 2 before it. Without a title it only follows on."""

    id: str
    title: str = ""
    level: Literal[2, 3] = 2
    reader: Reader = "member"
    blocks: tuple[Block, ...] = ()


class Field(msgspec.Struct, frozen=True):
    """A label with its value beside the address: case number, member, date of service."""

    label: str
    value: str


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed: name, credentials and the day, under a line that says what was signed."""

    lead: str
    name: str
    credentials: str
    on: str


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter or document, complete; `enclosed` begins on a page of its own.

    `warnings` are for the person who is about to sign and are drawn nowhere.
    """

    schema: str = LETTER_SCHEMA
    kind: LetterKind
    title: str
    audience: Literal["member", "practice", "reviewer"]
    dated: date
    sender: str
    sender_lines: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    subject: str
    greeting: str = ""
    parts: tuple[Part, ...] = ()
    signature: Signature | None = None
    copies: tuple[str, ...] = ()
    enclosed_title: str = ""
    enclosed: tuple[Part, ...] = ()
    foot: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def lines_of(letter: Letter, reader: Reader | None = None) -> Iterator[Line]:
    """Every line of the body and of what is enclosed, nested ones too; of one reader, if named."""
    for part in (*letter.parts, *letter.enclosed):
        if reader is None or part.reader == reader:
            for block in part.blocks:
                yield from _lines(block)


def _lines(block: Block) -> Iterator[Line]:
    match block:
        case Text(lines=lines) | Listed(lines=lines) | Ticks(lines=lines) | Boxed(lines=lines):
            yield from _nested(lines)
        case Table(rows=rows):
            for row in rows:
                yield from _nested(row)
        case Sources():
            pass


def _nested(lines: Iterable[Line]) -> Iterator[Line]:
    for line in lines:
        yield line
        yield from _nested(line.inner)


def letter_data(letter: Letter) -> dict[str, Any]:
    """The letter as plain data that JSON can hold; `letter_from_data` makes the same letter of it.

    >>> made = Letter(kind="approval_letter", title="t", audience="member", dated=date(2026, 11, 23),
    ...               sender="Plan", subject="s")
    >>> letter_from_data(letter_data(made)) == made
    True
    """
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(letter))
    return found


def letter_from_data(data: Any) -> Letter:
    """A kept letter from its data, to be drawn as it was drawn first.

    Raises `InputError` for data that is not a letter, or is of a schema that this version cannot draw.
    """
    schema = data.get("schema") if isinstance(data, Mapping) else None
    if schema != LETTER_SCHEMA:
        raise InputError(
            "this is not a letter that this version can draw",
            where="schema",
            mend=f"it must be {LETTER_SCHEMA}",
        )
    try:
        return msgspec.convert(_each_text(dict(data), clean), Letter)
    except msgspec.ValidationError as error:
        # The message names the field and what was expected there; texts of the letter are not in it.
        raise InputError(
            "the kept letter cannot be read", where="letter", mend=str(error)
        ) from None


def finished(letter: Letter) -> Letter:
    """The letter with every text cleaned of control, steering and broken characters.

    All letters pass here once, so that no format needs to think of it; doing it again changes nothing.
    """
    plain = msgspec.to_builtins(letter)
    return msgspec.convert(_each_text(plain, clean), Letter)


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case list() | tuple():
            return [_each_text(entry, change) for entry in value]
        case dict():
            return {key: _each_text(entry, change) for key, entry in value.items()}
        case _:
            return value
