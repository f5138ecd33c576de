"""The end of the article: record, references, disclaimer and how to ask on."""

from __future__ import annotations

from typing import Any

from .article import (
    Command,
    Details,
    Line,
    Prose,
    References,
    Section,
    Slot,
    Table,
)
from .citations import CitationList
from .criteria import fact_option
from .payers import pairs_words
from .reference_entries import reference_entries
from .text import clean, counted
from .view import ArticleView, Pair
from .words import (
    POLICY_STATUS_WORDS,
    STATUS_WORDS,
    Audience,
    Depth,
)


def record_section(view: ArticleView) -> Section:
    """For an auditor: digests, versions, code sets and why each policy was selected."""
    found = view.answer.to_dict()
    rows = [
        (Line(text="Case digest"), Line(code=str(found["digest"]))),
        (Line(text="Record digest"), Line(code=str(found["record_digest"]))),
        (Line(text="Schema"), Line(code=str(found["schema"]))),
        (Line(text="Engine"), Line(text=str(found["engine"]))),
        (Line(text="Date of service"), Line(text=view.determination.as_of)),
    ]
    for code_set in view.determination.code_sets:
        older = "; older than the date of service" if code_set.older_than_service else ""
        rows.append(
            (
                Line(text=clean(code_set.id)),
                Line(text=f"release {code_set.release}, valid until {code_set.valid_until}{older}"),
            )
        )
    for pack in view.determination.packs:
        rows.append(
            (Line(text=f"Pack {clean(pack.id)} {clean(pack.version)}"), Line(code=pack.digest))
        )
    selected: dict[tuple[str, str], list[Pair]] = {}
    for pair in view.pairs:
        governing = pair.item.governing
        policy = governing.policy if governing else "none"
        why = governing.why if governing else "No policy governs this pair for certain."
        selected.setdefault((policy, why), []).append(pair)
    chosen = tuple(
        (
            Line(text=policy),
            Line(text=pairs_words(pairs, False)),
            Line(text=clean(why)),
        )
        for (policy, why), pairs in selected.items()
    )
    blocks: list[Any] = [Table("What this was made with", ("Part", "Value"), tuple(rows))]
    if chosen:
        blocks.append(Table("Which policy governs, and why", ("Policy", "Pairs", "Why"), chosen))
    blocks.append(_beside(view))
    return Section(id="record", title="Record", blocks=tuple(blocks))


def _beside(view: ArticleView) -> Table:
    rows: dict[tuple[str, str], tuple[Line, ...]] = {}
    for pair in view.pairs:
        for entry in pair.item.coverage:
            if entry.governs:
                continue
            rows[(entry.policy, entry.applies)] = (
                Line(text=entry.policy),
                Line(text=f"applicability {STATUS_WORDS[entry.applies]}"),
                Line(text=POLICY_STATUS_WORDS.get(entry.status, entry.status)),
                Line(text=entry.last_seen or "not recorded"),
            )
    return Table(
        "Policies shown beside it",
        ("Policy", "Applies", "Status", "Last seen"),
        tuple(rows.values()),
    )


def references_section(
    citations: CitationList, audience: Audience, depth: Depth = "full"
) -> Section | None:
    """The numbered references; numbers are those of the full record for every reader."""
    brief = depth == "brief"
    entries = reference_entries(
        citations,
        everything=audience == "auditor" and not brief,
        brief=brief,
        plain=audience == "patient",
    )
    if not entries:
        return None
    blocks: list[Any] = []
    if len(entries) < len(citations.references):
        said = (
            "Numbers are the same in every version of this page."
            if audience == "patient"
            else f"{len(entries)} of the {len(citations.references)} sources in the record; --full cites the rest."
            if brief
            else f"Only what is cited here is listed: {len(entries)} of {len(citations.references)} sources in the record, which keep their numbers."
        )
        blocks.append(Prose((Line(text=said),)))
    if not brief and any(one.quote for entry in entries for one in entry.wordings):
        said = "Words in quotation marks after a source are its own; all else is told in ours."
        blocks.append(Prose((Line(text=said),)))
    blocks.append(
        References(entries)
        if brief
        else Details(counted(len(entries), "reference"), (References(entries),))
    )
    return Section(id="references", title="References", blocks=tuple(blocks))


def disclaimer_section(audience: Audience, depth: Depth = "full") -> Section:
    """What this is not."""
    if audience == "patient":
        text = "This page helps you talk with your doctor. It does not take the place of a visit. Do not start or stop a treatment because of it."
    elif depth == "brief":
        text = "For health professionals. A proposal of software: no approval, no refusal, and no substitute for clinical judgement. Check sources and coverage before acting."
    else:
        text = "For health professionals. This is a proposal of software from published sources and the facts given; it is no approval and no refusal, and it does not replace clinical judgement. Check sources and coverage before acting. A determination is the signed act of a named person."
    return Section(id="disclaimer", title="Disclaimer", blocks=(Prose((Line(text=text),)),))


def more_section(audience: Audience) -> Section:
    """How to see what a brief answer left out."""
    others = "--for reviewer every criterion with its trace"
    if audience == "patient":
        others = "--for clinician the words of the clinic"
    text = (
        f"--full shows the whole answer; --format html --output FILE writes it as a page; {others}."
    )
    return Section(id="more", title="To see more", blocks=(Prose((Line(text=text),)),))


def follow_up_section(view: ArticleView, audience: Audience) -> Section:
    """How to ask on."""
    if audience == "patient":
        lines = (
            Line(
                text="You can ask again and add what you know. The page will then show what changed."
            ),
            Line(text="You can also ask why, what is missing, or what studies say."),
        )
        asked = Slot("follow-up", (Prose(lines),))
        return Section(id="follow-up", title="More questions?", blocks=(asked,))
    options = ""
    for pair in view.pairs:
        if pair.item.would_change:
            steps = pair.item.would_change[0].criteria
            options = " ".join(dict.fromkeys(fact_option(step.supply) for step in steps))
            break
    command = f'medwarrant ask "..." {options or "--fact NAME=VALUE"}'
    lines = (
        Line(text="Ask again with new facts: the request is kept, and what changes is shown."),
        Line(
            text="You may also ask: why; why not; what is missing; what does the evidence say; what if."
        ),
    )
    return Section(
        id="follow-up",
        title="Have a follow-up question?",
        blocks=(Slot("follow-up", (Prose(lines), Command(clean(command), "For example"))),),
    )
