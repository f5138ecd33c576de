"""Several follow-ups one after the other, and the whole thread as one article."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..answer import Answer, Medwarrant
from ..report.article import Article, Section
from ..report.render import Format, render
from ..report.text import clean, shortened
from ..report.words import Audience, Depth
from .follow_up import follow_up
from .reply import FollowUp

_LONGEST_TITLE = 100


def converse(
    medwarrant: Medwarrant, answer: Answer, texts: Iterable[str], audience: Audience = "clinician"
) -> tuple[tuple[FollowUp, ...], Answer]:
    """The replies to follow-ups in order, each on what was kept before it, and the answer as it then is.

    >>> app = Medwarrant()
    >>> first = app.ask("Is 64405 medically necessary for intractable migraine?")
    >>> replies, last = converse(app, first, ["It is for an acute attack", "In the ED", "What is missing?"])
    >>> [reply.kind for reply in replies], last.determination.outcome
    (['new_facts', 'new_facts', 'missing'], 'meets_criteria')
    """
    replies: list[FollowUp] = []
    before: Answer | None = None
    for number, text in enumerate(texts, start=1):
        found = follow_up(
            medwarrant,
            answer,
            text,
            audience=audience,
            document=f"follow-up {number}",
            before=before,
        )
        replies.append(found.reply)
        if found.reply.keeps and found.answer is not None:
            before, answer = answer, found.answer
    return tuple(replies), answer


def with_replies(article: Article, replies: Iterable[FollowUp]) -> Article:
    """An article with a section for each follow-up and its reply, after all others."""
    sections = tuple(
        Section(
            id=f"reply-{number}",
            title=f"Follow-up: {shortened(clean(' '.join(reply.question.split())), _LONGEST_TITLE)}",
            blocks=reply.blocks,
        )
        for number, reply in enumerate(replies, start=1)
    )
    return msgspec.structs.replace(article, sections=(*article.sections, *sections))


def render_thread(
    first: Answer,
    last: Answer,
    replies: Iterable[FollowUp],
    format: Format = "terminal",
    *,
    audience: Audience = "clinician",
    color: bool | None = None,
    depth: Depth | None = None,
) -> str | bytes:
    """The first answer with the follow-ups after it; as JSON the last answer, with what was kept.

    Options are those of `medwarrant.report.render`.
    """
    if format == "json":
        return render(last, "json")
    from ..report.compose import article
    from ..report.view import article_view

    if depth is None:
        short = format == "terminal" and audience not in ("reviewer", "auditor")
        depth = "brief" if short else "full"
    written = with_replies(article(article_view(first), audience, None, depth), replies)
    if format == "html":
        from ..report.html import html

        return html(written)
    if format == "markdown":
        from ..report.markdown import markdown

        return markdown(written)
    if format == "pdf":
        from ..report.pdf import pdf

        return pdf(written)
    from ..report.terminal import terminal

    return terminal(written, color=color)
