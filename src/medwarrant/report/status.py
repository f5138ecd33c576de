"""Where the review stands, and which reader the article is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .article import (
    Callout,
    Choice,
    Choices,
    Line,
    Prose,
    Section,
    Slot,
    Step,
    Tracker,
)
from .content_review import content_lines
from .text import clean, date_words, safe_address
from .view import ArticleView
from .words import (
    AUDIENCE_WORDS,
    AUDIENCES,
    Audience,
    Depth,
)

_STEPS = (("submitted", "Submitted"), ("under_review", "Under Review"), ("approved", "Approved"))


def review_section(view: ArticleView, audience: Audience, depth: Depth = "full") -> Section:
    """Where the review stands, with the caution until a person has signed.

    Of the review are read: `status`; `history[]` `{status, on, by}`; `content[]` (see `content_lines`);
    and, where a site keeps them, `decided` `{words, on, by}` (what a person decided that is no approval
    of this proposal), `editorial_policy` `{url, words}` and `links` `{case}`.
    """
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
        if review.get("decided"):
            told = _unsigned(review, plain=audience == "patient")
            blocks.append(Prose((*told, Line(text=judged))))
        elif current != "approved":
            blocks.append(Prose((_caution(view, audience, judged),)))
        else:
            blocks.append(Prose((Line(text=judged),)))
        return Section(id="review", title="Review status", blocks=tuple(blocks))
    content = content_lines(review.get("content", ()), view.library, audience)
    if current != "approved":
        said = _unsigned(review, plain=audience == "patient")
        blocks.append(Callout("caution", "Exercise caution", (*said, *content)))
        content = ()
    last = max((str(entry["on"]) for entry in review["history"]), default=view.determination.as_of)
    updated = Line(lead="Last updated:", text=f"{date_words(last)}. {judged}")
    blocks.append(Prose((updated, *content, *_people(review, audience))))
    blocks.append(Slot("review"))
    return Section(id="review", title="Review status", blocks=tuple(blocks))


def _unsigned(review: Mapping[str, Any], *, plain: bool) -> tuple[Line, ...]:
    """That no person has signed this proposal; and what a person decided otherwise, where one did."""
    decided = review.get("decided")
    if not decided:
        text = (
            "No person has signed this yet. Software made it to help people decide. It is not an approval."
            if plain
            else "Pending human review: no person has signed this proposal. Software proposes; people decide."
        )
        return (Line(text=text),)
    on, by = date_words(str(decided["on"])), clean(str(decided["by"]))
    text = (
        "What you read here was made by software. It is not what the person decided."
        if plain
        else "What stands here is the proposal of software, and not that decision."
    )
    lead = "A person has decided:"
    return (Line(lead=lead, text=f"{clean(str(decided['words']))} ({by}, {on})."), Line(text=text))


def _people(review: Mapping[str, Any], audience: Audience) -> tuple[Line, ...]:
    """Who reviews, by which rules, and where the case is kept; what the review does not say is left out."""
    lines = []
    seen = [entry for entry in review["history"] if entry["status"] != "submitted"]
    names = dict.fromkeys(clean(str(entry["by"])) for entry in seen if entry.get("by"))
    if names:
        lines.append(
            Line(lead="Reviewer:" if len(names) == 1 else "Reviewers:", text=f"{'; '.join(names)}.")
        )
    policy = review.get("editorial_policy") or {}
    if safe_address(str(policy.get("url", ""))):
        words = clean(str(policy.get("words") or "editorial policy"))
        lead = (
            "How we check what we write:" if audience == "patient" else "How content is reviewed:"
        )
        lines.append(Line(lead=lead, see=words, url=str(policy["url"])))
    case = str((review.get("links") or {}).get("case", ""))
    if safe_address(case):
        lines.append(Line(lead="Review case:", see="open it", url=case))
    return tuple(lines)


def _caution(view: ArticleView, audience: Audience, judged: str) -> Line:
    pending = any(entry["status"] != "approved" for entry in view.review.get("content", ()))
    if audience == "patient":
        text = "No person has signed this yet. It is not an approval."
        more = " The medical content is still being checked by people." if pending else ""
    else:
        text = "no person has signed this proposal."
        more = " Its medical content awaits approval by its editors." if pending else ""
    return Line(lead="Exercise caution:", text=f"{text}{more} {judged}")


def reader_section(audience: Audience, links: dict[str, str]) -> Section:
    """Which best describes you."""
    choices = tuple(
        Choice(name, AUDIENCE_WORDS[name], name == audience, links.get(name, ""))
        for name in AUDIENCES
    )
    hint = "" if links else "For another reader, ask again with --for and one of these names."
    listed = Choices("Wording and depth change with the reader; outcomes never do.", choices, hint)
    return Section(
        id="reader", title="Which best describes you?", blocks=(Slot("audience", (listed,)),)
    )
