"""What a reviewer may ask for, and each thing asked as the practice reads it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ...model.errors import InputError
from ..citations import CitationList
from ..text import sentence, upper_first
from ..view import ArticleView, Pair, article_view
from .asked_entry import Entry, entries_of, policy_named
from .letter import Line
from .parts import pair_words
from .told import Asked

if TYPE_CHECKING:
    from ...answer import Answer


def missing_criteria(answer: Answer) -> tuple[Asked, ...]:
    """The missing criteria of a determination, each once, for a reviewer to choose from.

    Those that can still change an outcome, as each item lists them under `missing`.
    """
    found: dict[str, Asked] = {}
    for item in answer.determination.items:
        for name in item.missing:
            found.setdefault(name, Asked(about="criterion", id=name))
    return tuple(found.values())


def asked_lines(
    view: ArticleView, citations: CitationList, asked: Iterable[Asked]
) -> tuple[Line, ...]:
    """Each thing asked for with its question, why it is asked, and what closes it.

    What reads the same for several pairs is told once. Raises `InputError` for what the determination
    does not hold.
    """
    found: dict[Entry, list[Pair]] = {}
    for number, one in enumerate(asked, start=1):
        where = f"asked, entry {number}"
        entries = list(entries_of(view, citations, one, where))
        if not entries:
            raise InputError(
                f"the determination holds no {one.about} '{one.id[:80]}' for what is named",
                where=where,
                mend="name it by its id in the record",
            )
        for entry, pairs in entries:
            found.setdefault(entry, []).extend(pairs)
    if not found:
        raise InputError(
            "nothing is asked for", where="asked", mend="choose what is missing, or say it in words"
        )
    policies = {entry.policy for entry in found} - {""}
    named = len(policies) > 1
    return tuple(_line(view, entry, pairs, named=named) for entry, pairs in found.items())


def conditions_of(view: ArticleView, pairs: Iterable[Pair]) -> str:
    """Whose conditions are asked for, where they are those of one policy."""
    found = {policy_named(policy) for pair in pairs if (policy := view.lead(pair)) is not None}
    return f"Each is a point of {found.pop()}." if len(found) == 1 else ""


def _line(view: ArticleView, entry: Entry, pairs: list[Pair], *, named: bool) -> Line:
    """One entry; the policy is named with each where there are several."""
    known = entry.known not in ("", "Not stated.")
    whose = f"{entry.policy}." if named and entry.policy else ""
    why = " ".join(filter(None, (entry.why, whose)))
    inner = [
        Line(text=entry.question, origin="packs") if entry.question else None,
        Line(lead="We know:", text=entry.known, origin="record") if known else None,
        Line(lead="Why we ask:", text=why, origin="packs", cites=entry.cites) if why else None,
        Line(lead="What closes it:", text=entry.closes, origin="packs") if entry.closes else None,
    ]
    if entry.words and entry.what:
        inner.append(Line(lead="The reviewer adds:", text=entry.words, origin="person"))
    everywhere = len(pairs) == len(view.pairs) or not pairs
    note = "" if everywhere else f"for {pair_words(pairs)}"
    kept = tuple(line for line in inner if line is not None)
    if not entry.what:
        return Line(text=sentence(entry.words), origin="person", note=note)
    return Line(lead=sentence(upper_first(entry.what)), origin="record", note=note, inner=kept)


def asked_of(answer: Answer, asked: Iterable[Asked]) -> tuple[Line, ...]:
    """The lines of what is asked for, as a page shows them before the letter is made.

    Raises `InputError` as the letter does.
    """
    view = article_view(answer)
    return asked_lines(view, CitationList(view.references, view.library), asked)
