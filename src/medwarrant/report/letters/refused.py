"""What an adverse notice tells of the care that was not approved: what, why, and what could change it."""

from __future__ import annotations

from collections.abc import Iterable

from ..text import clean, sentence
from ..view import ArticleView
from .decided import LineDecided
from .grounds import Ground
from .letter import Block, Line, Listed, Part, Text
from .member_words import would_help
from .names import MemberNames
from .parts import listed, paragraphs


def refused_parts(
    view: ArticleView, names: MemberNames, lines: tuple[LineDecided, ...]
) -> list[Part]:
    """What was not approved as asked, then for each why and what would change it."""
    refused = tuple(line for line in lines if line.told.decided == "not_approved")
    modified = tuple(line for line in lines if line.told.decided == "modified")
    found: list[Part] = []
    if modified:
        told = tuple(
            Line(
                lead=f"Asked for: {sentence(names.care(line.pairs))} Approved:",
                text=sentence(clean(line.told.words)),
                origin="person",
                sign="modified",
            )
            for line in modified
        )
        found.append(
            Part(id="modified", title="What we approved in another form", blocks=(Listed(told),))
        )
    if refused:
        told = tuple(
            Line(lead=sentence(names.care(line.pairs)), origin="packs", sign="not_approved")
            for line in refused
        )
        found.append(
            Part(id="not-approved", title="What we did not approve", blocks=(Listed(told),))
        )
    found.append(Part(id="why", title="Why", blocks=() if len(lines) > 1 else _why(lines[0])))
    if len(lines) > 1:
        found += [
            Part(id=f"why-{number}", title=names.care(line.pairs), level=3, blocks=_why(line))
            for number, line in enumerate(lines, start=1)
        ]
    found.append(
        Part(
            id="change",
            title="What could change this",
            blocks=_change(view, names, lines),
        )
    )
    return found


def _why(line: LineDecided) -> tuple[Block, ...]:
    """The physician's reason, then what it rests on: not met, missing, and looked at besides."""
    reason = line.told.member_reason.strip() or line.told.reason
    first, *others = paragraphs(reason, "person")
    blocks: list[Block] = [
        Text((Line(lead="The reason:", text=first.text, origin="person"), *others))
    ]
    asks = ("criterion", "rule")
    told = (
        ("The rule asks for this, and it was not met:", _phrases(line.grounds, asks, "not_met")),
        (
            "The rule asks for this, and we did not find it in what was sent to us:",
            _phrases(line.grounds, asks, "missing"),
        ),
        ("On this use of the care:", _phrases(line.grounds, ("position",))),
        ("It may not be safe for you:", _phrases(line.grounds, ("safety",))),
        ("The care does not fit:", _phrases(line.grounds, ("coding",))),
        ("This was looked at too, and it was met:", _phrases(line.grounds, asks, "met")),
    )
    for lead, phrases in told:
        blocks += listed(lead, phrases, "packs")
    return tuple(blocks)


def _phrases(grounds: Iterable[Ground], kinds: tuple[str, ...], status: str = "") -> list[str]:
    return list(
        dict.fromkeys(
            text
            for ground in grounds
            if ground.kind in kinds and status in ("", ground.status)
            for text in ground.plain
        )
    )


def _change(
    view: ArticleView, names: MemberNames, lines: tuple[LineDecided, ...]
) -> tuple[Block, ...]:
    """What the record would still need, pair by pair; told once where it is the same."""
    asked: dict[tuple[tuple[str, ...], bool], list[str]] = {}
    for line in lines:
        missing = any(ground.status == "missing" for ground in line.grounds)
        for pair in line.pairs:
            helps = would_help(view, pair) if pair.item.outcome == "needs_information" else ()
            asked.setdefault((helps, missing), []).append(names.care((pair,)))
    blocks: list[Block] = []
    for (helps, missing), named in asked.items():
        if len(asked) > 1:
            heads = tuple(
                Line(lead=sentence(care), origin="packs") for care in dict.fromkeys(named)
            )
            blocks.append(Text(heads))
        if helps:
            lead = "The decision could change if your doctor's office can show this:"
            blocks += listed(lead, helps, "packs")
        else:
            said = "Proof of what is missing would not be enough by itself."
            none = "We know of no missing fact that would change the decision."
            blocks.append(Text((Line(text=said if missing else none),)))
    blocks.append(
        Text((Line(text="If there are new facts, your doctor's office can send them to us."),))
    )
    return tuple(blocks)
