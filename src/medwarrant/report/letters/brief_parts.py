"""What the brief tells of one pair: its criteria with how they stand, the evidence, and disagreements."""

from __future__ import annotations

from ...model.determination import Conflict, ConflictStatement, CriterionResult
from ..citations import CitationList
from ..strongest import strongest
from ..text import clean, counted, sentence, shortened, upper_first
from ..verdicts import FourVerdicts
from ..view import ArticleView, Pair
from ..words import STATUS_WORDS
from .letter import Block, Line, Listed
from .parts import cites
from .paths import indication_titles, out_of_scope, paths, record_says

#: What fits on two pages; the record holds the rest, and the brief says so.
_MOST_ROWS, _MOST_CONFLICTS, _MOST_SIDES = 9, 2, 5
_LONG, _SHORT = 200, 130
_STATUS_ORDER = ("not_met", "missing", "met")


def criteria_rows(
    view: ArticleView, citations: CitationList, pair: Pair
) -> tuple[tuple[tuple[Line, ...], ...], int]:
    """The criteria of what is in scope, not met first; conjunctions are opened, other groups are not."""
    if pair.item.criteria is None:
        return (), 0
    policy = view.lead(pair)
    outside = out_of_scope(policy, pair.item)
    names = indication_titles(policy)
    found: dict[str, CriterionResult] = {}
    for path in paths(pair.item.criteria):
        node = path[-1]
        opened = (one.kind == "all_of" or one.id in names or "/" in one.id for one in path[:-1])
        own = node.children and (node.kind == "all_of" or node.id in names or "/" in node.id)
        if own or not all(opened) or any(one.id in outside for one in path):
            continue
        found.setdefault(repr((node.id, node.title, node.status)), node)
    rules = [rule for rule in pair.item.request_rules if rule.status == "not_met"]
    told = sorted((*found.values(), *rules), key=lambda node: _STATUS_ORDER.index(node.status))
    rows = []
    for node in told[:_MOST_ROWS]:
        notes = ["asked by the editors"] if node.basis == "editorial" else []
        notes += [] if node.verified else ["unverified; decides nothing"]
        sign = node.status if node.verified else "uncounted"
        room = _SHORT if node.status == "met" else _LONG
        rows.append(
            (
                Line(
                    text=upper_first(shortened(clean(node.title), _LONG)),
                    origin="record",
                    note="; ".join(notes),
                ),
                Line(text=STATUS_WORDS[sign], sign=sign, origin="record"),
                Line(text=shortened(record_says(view, node), room), origin="record"),
                Line(cites=cites(citations.of_sources(node.sources)), origin="record"),
            )
        )
    return tuple(rows), len(told) - len(rows)


def evidence_block(view: ArticleView, citations: CitationList, pair: Pair) -> Block:
    """Direction, strength and certainty, or what they depend on; then the statements that weigh most."""
    verdict = FourVerdicts(view, citations, "reviewer").of(pair)[0]
    said = (" ".join(filter(None, (line.lead, line.text))) for line in verdict.lines)
    words = " ".join([sentence(verdict.word), *said])
    lines = [Line(lead="Evidence:", text=words, origin="record")]
    for statement in strongest(pair.item):
        made = citations.statement_line(statement.id)
        if made is not None:
            lines.append(
                Line(
                    text=shortened(made.text, _LONG),
                    origin="packs",
                    cites=cites(made.cites),
                    note=made.note,
                )
            )
    return Listed(tuple(lines))


def conflict_blocks(
    view: ArticleView, citations: CitationList, pairs: tuple[Pair, ...]
) -> tuple[Block, ...]:
    """Both sides with their dates; first those between sources that these pairs rest on."""
    own = {statement.source for pair in pairs for statement in pair.item.evidence.statements}
    own |= {
        source
        for pair in pairs
        if pair.item.criteria is not None
        for path in paths(pair.item.criteria)
        for source in path[-1].sources
    }
    ordered = sorted(
        view.determination.conflicts,
        key=lambda conflict: -len({side.source for side in conflict.statements} & own),
    )
    about = [c for c in ordered if {side.source for side in c.statements} & own]
    lines = []
    for conflict in about[:_MOST_CONFLICTS]:
        shown = _sides(view, conflict)
        sides = [
            Line(
                text=sentence(shortened(clean(side.says), _SHORT)),
                origin="packs",
                cites=cites(citations.of_sources((side.source,))),
                note=side.date or "",
            )
            for side in shown
        ]
        if len(conflict.statements) > len(shown):
            left = counted(len(conflict.statements) - len(shown), "more statement")
            sides.append(Line(text=f"The record holds {left}."))
        lines.append(Line(lead=sentence(clean(conflict.about)), origin="packs", inner=tuple(sides)))
    if len(about) > len(lines):
        left = counted(len(about) - len(lines), "more disagreement")
        lines.append(Line(text=f"The record holds {left}."))
    return (Listed(tuple(lines)),) if lines else ()


def _sides(view: ArticleView, conflict: Conflict) -> tuple[ConflictStatement, ...]:
    """So many statements as there is room for, one of each direction before a second of any."""
    directions = {
        (one.source, one.claim): one.direction for one in view.library.statements.values()
    }
    waiting: dict[str, list[ConflictStatement]] = {}
    for side in conflict.statements:
        direction = directions.get((side.source, side.says), "background")
        waiting.setdefault(direction, []).append(side)
    chosen: list[ConflictStatement] = []
    while any(waiting.values()) and len(chosen) < _MOST_SIDES:
        for sides in waiting.values():
            if sides:
                chosen.append(sides.pop(0))
    kept = chosen[:_MOST_SIDES]
    return tuple(side for side in conflict.statements if side in kept)
