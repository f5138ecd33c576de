"""The article as blocks: what every output format draws, and nothing about how it looks.

An `Article` is made for one audience by `medwarrant.report.compose`; terminal, Markdown, HTML and PDF
are four small functions over these blocks. All text is plain text: each format escapes for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

Status = Literal["met", "not_met", "missing", "uncounted"]


class Citation(msgspec.Struct, frozen=True):
    """A reference number, with the mark a reader must see beside it (retracted, unverified ...)."""

    n: int
    mark: str = ""


class Wording(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The words of a source behind a claim of ours: few of them in `quote`, or none where none are held.

    `place` tells in words where in the source, and of a quotation how it was read.
    """

    place: str
    quote: str = ""

    @property
    def told(self) -> str:
        """The quotation with its place, or the place alone, as text that knows no quotations has them."""
        return f"“{self.quote}” ({self.place})" if self.quote else f"({self.place})"


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A sentence or short passage: an emphasised lead, the text, its citations and a quiet note.

    `target` links the lead, or `see`, to a section, and `url` links `see` to another page; `sign` names
    an outcome or status whose shape goes before; `code` is something to type; `wording` is what the source
    itself says.
    """

    text: str = ""
    lead: str = ""
    cites: tuple[Citation, ...] = ()
    note: str = ""
    target: str = ""
    see: str = ""
    url: str = ""
    sign: str = ""
    code: str = ""
    wording: Wording | None = None
    inner: tuple[Line, ...] = ()


class Prose(msgspec.Struct, frozen=True, tag=True):
    """Paragraphs."""

    lines: tuple[Line, ...]


class Bullets(msgspec.Struct, frozen=True, tag=True):
    """A list; numbered where the order is meant."""

    lines: tuple[Line, ...]
    numbered: bool = False


class Callout(msgspec.Struct, frozen=True, tag=True):
    """A passage set apart: a caution, a correction or a note."""

    tone: Literal["caution", "correction", "note"]
    title: str
    lines: tuple[Line, ...]


class Step(msgspec.Struct, frozen=True):
    """One step of the review: passed, current or ahead."""

    label: str
    detail: str
    state: Literal["done", "current", "ahead"]


class Tracker(msgspec.Struct, frozen=True, tag=True):
    """How far a person's review has come."""

    title: str
    steps: tuple[Step, ...]


class Choice(msgspec.Struct, frozen=True):
    """One audience to choose; `url` is empty where the page cannot link to it."""

    id: str
    label: str
    chosen: bool
    url: str = ""


class Choices(msgspec.Struct, frozen=True, tag=True):
    """Which reader the article is written for."""

    title: str
    choices: tuple[Choice, ...]
    hint: str


class Head(msgspec.Struct, frozen=True):
    """A row or column header of the grid."""

    name: str
    code: str = ""
    target: str = ""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One pair in the grid: its outcome in words, why in a few, and its section."""

    outcome: str
    words: str
    detail: str = ""
    target: str = ""


class GridRow(msgspec.Struct, frozen=True):
    """A row of the grid."""

    head: Head
    cells: tuple[Cell, ...]


class Grid(msgspec.Struct, frozen=True, tag=True):
    """Every service for every diagnosis."""

    caption: str
    corner: str
    columns: tuple[Head, ...]
    rows: tuple[GridRow, ...]


class Verdict(msgspec.Struct, frozen=True):
    """One of the four verdicts, never averaged with the others."""

    kind: Literal["evidence", "coverage", "coding", "safety"]
    word: str
    lines: tuple[Line, ...] = ()


class Verdicts(msgspec.Struct, frozen=True, tag=True):
    """The four verdicts side by side; `inline` where a word or two of each will do."""

    verdicts: tuple[Verdict, ...]
    inline: bool = False


class Table(msgspec.Struct, frozen=True, tag=True):
    """A plain table; the first column heads its row."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


class TreeNode(msgspec.Struct, frozen=True, kw_only=True):
    """A criterion in the picture: what it asks, how it stands, and what is below it."""

    title: str
    status: Status
    joins: str = ""
    why: str = ""
    notes: tuple[str, ...] = ()
    children: tuple[TreeNode, ...] = ()

    @property
    def quiet(self) -> str:
        """Why, and the notes, in one phrase."""
        return "; ".join(part.rstrip(".") for part in (self.why, *self.notes) if part)


class Tree(msgspec.Struct, frozen=True, tag=True):
    """A picture of the criteria of one item."""

    title: str
    description: str
    root: TreeNode


class Command(msgspec.Struct, frozen=True, tag=True):
    """Something to type, and what for."""

    text: str
    says: str = ""


class CitedStatement(msgspec.Struct, frozen=True, kw_only=True):
    """What a source is cited for: its claim, the words of the source behind it, and how far it carries."""

    claim: str = ""
    wording: Wording | None = None
    words: tuple[str, ...] = ()


class ReferenceEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A numbered reference: the citation, its facts and its marks; `url` is where to find it.

    `statements` and `warning` are for a format that opens a citation where it stands; `wordings` is what
    the others show of the source's own words.
    """

    n: int
    kind: str
    text: str
    facts: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    url: str = ""
    place: str = ""
    warning: str = ""
    statements: tuple[CitedStatement, ...] = ()
    wordings: tuple[Wording, ...] = ()


class References(msgspec.Struct, frozen=True, tag=True):
    """The list of references."""

    entries: tuple[ReferenceEntry, ...]


class Details(msgspec.Struct, frozen=True, tag=True):
    """A long part that a page folds away under its summary; other formats show it in place."""

    summary: str
    blocks: tuple[Block, ...]


#: The places where a page may put something of its own; see `Slot`.
SlotName = Literal["top", "review", "audience", "questions", "follow-up", "end"]


class Slot(msgspec.Struct, frozen=True, tag=True):
    """A part that a page may put something of its own in place of, such as a form; elsewhere it stands as it is."""

    name: SlotName
    blocks: tuple[Block, ...] = ()


Block = (
    Prose
    | Bullets
    | Callout
    | Tracker
    | Choices
    | Grid
    | Verdicts
    | Table
    | Tree
    | Command
    | References
    | Details
    | Slot
)


def opened(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks with every folded part and every slot opened, for formats that know neither.

    >>> [type(block).__name__ for block in opened([Details("More", (Prose(()), Bullets(())))])]
    ['Prose', 'Bullets']
    """
    for block in blocks:
        if isinstance(block, Details | Slot):
            yield from opened(block.blocks)
        else:
            yield block


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A titled part; level 3 belongs to the level 2 before it. `sign` is an outcome, with `words`."""

    id: str
    title: str
    level: Literal[2, 3] = 2
    sign: str = ""
    words: str = ""
    blocks: tuple[Block, ...] = ()


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer for one audience."""

    title: str
    audience: str
    as_of: str
    digest: str
    sections: tuple[Section, ...]
    depth: Literal["brief", "full"] = "full"
