"""What a search of the library found, each with its source and marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..evidence import Found
from ..report.article import Block, Bullets, Line
from ..report.text import clean, counted, sentence, upper_first
from ..report.words import VERIFIED_WORDS
from .talk import Talk

_NAMED: Final = {
    "statement": "Statement",
    "source": "Source",
    "policy": "Policy",
    "indication": "Indication",
    "conflict": "Sources disagree",
    "coding": "Coding",
    "caution": "Caution",
}


def nearest(talk: Talk, found: Sequence[Found]) -> list[Block]:
    """What the library holds that is nearest, each with its source and marks."""
    lines = []
    for entry in found:
        if talk.plain:
            if entry.plain and not entry.retracted:
                talk.cited.sources(entry.sources)
                lines.append(Line(text=sentence(upper_first(clean(entry.plain)))))
            continue
        if entry.kind == "statement":
            line = talk.cited.statement(entry.id)
            if line is not None:
                lines.append(line)
                continue
        note = talk.cited.sources(entry.sources)
        if entry.kind != "source":
            note = "; ".join(filter(None, (note, VERIFIED_WORDS[entry.verification])))
        lead = f"{_NAMED[entry.kind]}:"
        lines.append(Line(lead=lead, text=sentence(clean(entry.text)), note=note))
    if talk.plain and found and not lines:
        number = counted(len(found), "point", "points")
        lines.append(Line(text=f"We hold {number} on this. Your doctor can look at it."))
    unique = tuple({(line.lead, line.text): line for line in lines}.values())
    return [Bullets(unique)] if unique else []
