"""What the evidence says: of a pair, of a source named, or of anything else the library holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..evidence import named_sources, search
from ..policy.library import ANY
from ..report.article import Block, Bullets, Line, Prose
from ..report.citations import CitationList
from ..report.strongest import strongest
from ..report.text import clean, counted, lower_first, sentence, upper_first
from ..report.verdicts import FourVerdicts
from ..report.view import Pair
from .focus import Focus, pairs_of
from .found_told import nearest
from .narrowing import NARROWING, OF_EVIDENCE, Narrowing, has_subject, words_left
from .source_told import paper_named, retracted_sources, source_line, unknown_paper
from .talk import Talk, Told, names_of

_DISAGREE: Final = re.compile(
    r"\b(?:disagree\w*|conflict\w*|controvers\w*|differ\w*|contradict\w*)\b"
)
_IN_FULL: Final = 3
_MOST: Final = 8


def tell_evidence(
    talk: Talk, text: str, plain_text: str, focus: Focus, *, head: Line | None = None
) -> Told:
    """The evidence on a source named, on the pairs named, or on what else is asked."""
    blocks: list[Block] = [Prose((head,))] if head is not None else []
    sources = named_sources(talk.library, text)
    if sources:
        blocks.append(Bullets(tuple(source_line(talk, source) for source in sources)))
        return Told("evidence", tuple(blocks))
    if (paper := paper_named(text)) is not None:
        blocks.append(Prose((unknown_paper(talk, *paper),)))
        return Told("evidence", tuple(blocks))
    rest = words_left(text, talk, focus)
    sought = OF_EVIDENCE.sub(" ", text)
    found = search(talk.library, sought, _MOST, kinds=("statement", "conflict")) if rest else ()
    pairs = pairs_of(talk.view, focus)
    if rest and not found and not focus.anything and has_subject(sought, rest):
        return Told("not_in_library", ())
    if found:
        blocks += nearest(talk, found)
        if not focus.anything:
            return Told("evidence", tuple(blocks))
    elif rest and not talk.plain and has_subject(sought, rest):
        blocks.append(
            Prose(
                (Line(text=f"Nothing that the library holds speaks of “{clean(' '.join(rest))}”."),)
            )
        )
    if not pairs:
        return Told("evidence", tuple(blocks)) if blocks else Told("not_in_library", ())
    blocks += _of_pairs(talk, pairs, plain_text)
    return Told("evidence", tuple(blocks))


def _of_pairs(talk: Talk, pairs: Sequence[Pair], plain_text: str) -> list[Block]:
    alike: dict[str, list[Pair]] = {}
    for pair in pairs:
        alike.setdefault(repr((pair.item.service, pair.item.evidence)), []).append(pair)
    narrowing = next((one for one in NARROWING if one.words.search(plain_text)), None)
    if narrowing is not None and narrowing.told == "retracted sources":
        return [retracted_sources(talk)]
    in_full = len(alike) <= _IN_FULL
    lines: list[Line] = []
    silent: list[Pair] = []
    for group in alike.values():
        line = _pair_line(talk, group, narrowing, _MOST if in_full else 1, whole=in_full)
        if line is None:
            silent += group
        else:
            lines.append(line)
    if silent:
        told = sentence(upper_first(names_of(silent, plain=talk.plain)))
        lines.append(Line(lead=_silent(talk, narrowing), text=told))
    blocks: list[Block] = [Bullets(tuple(lines))]
    disagree = _DISAGREE.search(plain_text) is not None
    if disagree or (in_full and narrowing is None):
        blocks += _conflicts(talk, pairs, sides=disagree)
    if not in_full and not talk.plain:
        more = "Name a service and a diagnosis to see all statements on that pair."
        blocks.append(Prose((Line(text=more),)))
    return blocks


def _silent(talk: Talk, narrowing: Narrowing | None) -> str:
    if talk.plain:
        return "We found no study or guide for:"
    return f"No {narrowing.told} in the library on:" if narrowing else "None found for:"


def _pair_line(
    talk: Talk, group: Sequence[Pair], narrowing: Narrowing | None, most: int, *, whole: bool
) -> Line | None:
    """The evidence verdict of pairs with their weightiest statements; None where there is nothing."""
    pair = group[0]
    verdict = FourVerdicts(talk.view, CitationList({}, talk.library), talk.audience).of(pair)[0]
    parts = [lower_first(verdict.word)]
    parts += [f"{line.lead} {line.text}".strip() for line in verdict.lines[:4]]
    words = " ".join(sentence(part) for part in parts if part)
    name = upper_first(names_of(group, plain=talk.plain))
    if talk.plain:
        policy = talk.view.lead(pair)
        if pair.item.evidence.direction == "none_found" or policy is None:
            return None
        talk.cited.statements(entry.id for entry in strongest(pair.item))
        inner = [Line(text=sentence(clean(policy.plain)))] if policy.plain else []
        return Line(lead=f"{name}:", text=words, inner=tuple(inner))
    entries = list(strongest(pair.item, len(pair.item.evidence.statements)))
    if narrowing is not None:
        entries = [
            entry
            for entry in entries
            if (source := talk.library.sources.get(entry.source)) and narrowing.fits(source)
        ]
    if not whole and (pair.item.evidence.direction == "none_found" or not entries):
        return None
    if narrowing is not None and not entries:
        return None
    lines = [line for entry in entries[:most] if (line := talk.cited.statement(entry.id))]
    if whole and len(entries) > most:
        lines.append(Line(text=f"{counted(len(entries) - most, 'more statement')} in the answer."))
    return Line(lead=f"{name}:", text=words, inner=tuple(lines))


def _conflicts(talk: Talk, pairs: Sequence[Pair], *, sides: bool) -> list[Block]:
    """Where sources disagree on the pairs: the matters, and both sides where they are asked for."""
    library = talk.library
    records = [
        record
        for record in library.conflicts
        if any(
            library.service_matches(pair.item.service, record.services)
            and library.diagnosis_matches(pair.item.diagnosis, record.diagnoses)
            for pair in pairs
        )
    ]
    own = [record for record in records if ANY not in record.diagnoses]
    if not records:
        return []
    if talk.plain:
        said = f"Experts do not agree on {counted(len(records), 'point')}."
        return [Prose((Line(text=said),))]
    lines = []
    for record in (own or records)[:_MOST] if sides else own[:_MOST]:
        claims = [library.statements[name] for name in record.statements]
        if not sides:
            number = counted(len({claim.source for claim in claims}), "source")
            lines.append(Line(text=clean(record.about), note=number))
            continue
        told = [line for name in record.statements if (line := talk.cited.statement(name))]
        lines.append(Line(lead=f"{clean(record.about)}:", inner=tuple(told)))
    if not lines:
        return []
    return [Prose((Line(lead="Where sources disagree:"),)), Bullets(tuple(lines))]
