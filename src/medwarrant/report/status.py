"""Where the review stands, and which reader the article is for."""

from __future__ import annotations

from typing import Any

from ..policy.prose import join
from .article import (
    Callout,
    Choice,
    Choices,
    Line,
    Prose,
    Section,
    Step,
    Tracker,
)
from .text import clean, date_words
from .view import ArticleView
from .words import (
    AUDIENCE_WORDS,
    AUDIENCES,
    Audience,
    Depth,
)

_STEPS = (("submitted", "Submitted"), ("under_review", "Under Review"), ("approved", "Approved"))


def review_section(view: ArticleView, audience: Audience, depth: Depth = "full") -> Section:
    """Where the review stands, with the caution until a person has signed."""
    review = view.review
    current = str(review["status"])
    reached = next((n for n, (name, _) in enumerate(_STEPS) if name == current), 0)
    dates = {str(entry["status"]): entry for entry in review["history"]}
    steps = []
    for number, (name, label) in enumerate(_STEPS):
        entry = dates.get(name)
        detail = date_words(entry["on"]) if entry else ""
        if entry and entry.get("by"):
            detail += f", {clean(str(entry['by']))}"
        state = "done" if number < reached else "current" if number == reached else "ahead"
        steps.append(Step(label, detail, state))  # type: ignore[arg-type]  # one of three words
    blocks: list[Any] = [Tracker("Review status of this proposal", tuple(steps))]
    judged = f"Judged for the date of service {date_words(view.determination.as_of)}."
    if depth == "brief":
        if current != "approved":
            blocks.append(Prose((_caution(view, audience, judged),)))
        else:
            blocks.append(Prose((Line(text=judged),)))
        return Section(id="review", title="Review status", blocks=tuple(blocks))
    if current != "approved":
        said = (
            "No person has signed this yet. Software made it to help people decide. It is not an approval."
            if audience == "patient"
            else "Pending human review: no person has signed this proposal. Software proposes; people decide."
        )
        blocks.append(
            Callout("caution", "Exercise caution", (Line(text=said), *_content(view, audience)))
        )
    last = max((str(entry["on"]) for entry in review["history"]), default=view.determination.as_of)
    blocks.append(
        Prose(
            (
                Line(
                    lead="Last updated:",
                    text=f"{date_words(last)}. {judged}",
                ),
            )
        )
    )
    return Section(id="review", title="Review status", blocks=tuple(blocks))


def _caution(view: ArticleView, audience: Audience, judged: str) -> Line:
    pending = any(entry["status"] != "approved" for entry in view.review.get("content", ()))
    if audience == "patient":
        text = "No person has signed this yet. It is not an approval."
        more = " The medical content is still being checked by people." if pending else ""
    else:
        text = "no person has signed this proposal."
        more = " Its medical content awaits approval by its editors." if pending else ""
    return Line(lead="Exercise caution:", text=f"{text}{more} {judged}")


def _content(view: ArticleView, audience: Audience) -> tuple[Line, ...]:
    pending = [entry for entry in view.review.get("content", ()) if entry["status"] != "approved"]
    if not pending:
        return ()
    if audience == "patient":
        return (Line(text="The medical content is still being checked by people."),)
    named = []
    for entry in pending:
        words = entry["status"].replace("_", " ")
        since = f" since {entry['submitted']}" if entry.get("submitted") else ""
        named.append(f"{clean(entry['pack'])} {clean(entry['version'])} ({words}{since})")
    return (Line(text=f"Medical content pending approval by its editors: {join(named, 'and')}."),)


def reader_section(audience: Audience, links: dict[str, str]) -> Section:
    """Which best describes you."""
    choices = tuple(
        Choice(name, AUDIENCE_WORDS[name], name == audience, links.get(name, ""))
        for name in AUDIENCES
    )
    hint = "" if links else "For another reader, ask again with --for and one of these names."
    return Section(
        id="reader",
        title="Which best describes you?",
        blocks=(
            Choices("Wording and depth change with the reader; outcomes never do.", choices, hint),
        ),
    )
