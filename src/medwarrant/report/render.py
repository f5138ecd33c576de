"""One door to every format: `render(answer, "html", audience="patient")`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args

import msgspec

from ..model.errors import InputError
from .words import AUDIENCES, DEPTHS, Audience, Depth

if TYPE_CHECKING:
    from ..answer import Answer
    from .article import Article

Format = Literal["terminal", "markdown", "html", "pdf", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)


def render(
    answer: Answer,
    format: Format = "terminal",
    *,
    audience: Audience = "clinician",
    width: int | None = None,
    color: bool | None = None,
    review: Mapping[str, Any] | None = None,
    links: Mapping[str, str] | None = None,
    depth: Depth | None = None,
) -> str | bytes:
    """The answer as an article for one audience; bytes for PDF, text otherwise.

    `width` and `color` are for the terminal: None takes them from it (`NO_COLOR` is honoured).
    `review` shows a later state of the review than the answer's own; `links` are addresses of the
    other audiences' versions. `depth` None is brief in a terminal, but for reviewers and auditors,
    and full everywhere else. JSON is the contract itself, the same for every audience and depth.
    """
    if audience not in AUDIENCES:
        raise InputError(
            f"the reader '{audience}' is not known",
            where="--for",
            mend=f"choose one of {', '.join(AUDIENCES)}",
        )
    if format not in FORMATS:
        raise InputError(
            f"the format '{format}' is not known",
            where="--format",
            mend=f"choose one of {', '.join(FORMATS)}",
        )
    if depth not in (None, *DEPTHS):
        raise InputError(
            f"the depth '{depth}' is not known", mend=f"choose one of {', '.join(DEPTHS)}"
        )
    if format == "json":
        data = msgspec.json.format(msgspec.json.encode(answer.to_dict()), indent=2)
        return data.decode() + "\n"
    if depth is None:
        short = format == "terminal" and audience not in ("reviewer", "auditor")
        depth = "brief" if short else "full"
    written = article_of(answer, audience=audience, review=review, links=links, depth=depth)
    if format == "html":
        from .html import html

        return html(written)
    if format == "markdown":
        from .markdown import markdown

        return markdown(written)
    if format == "pdf":
        from .pdf import pdf

        return pdf(written)
    from .terminal import terminal

    return terminal(written, width=width, color=color)


def article_of(
    answer: Answer,
    *,
    audience: Audience = "clinician",
    review: Mapping[str, Any] | None = None,
    links: Mapping[str, str] | None = None,
    depth: Depth = "full",
    before: Answer | None = None,
) -> Article:
    """The answer written for one audience, to be drawn by `article_fragment` or `plain_text`.

    `review` and `links` are as in `render`. With the answer `before` a question was answered, the
    article says first what changed.
    """
    # What writes articles is loaded for articles only; JSON, asked for by programs, starts sooner.
    from .compose import article
    from .view import article_view

    return article(article_view(answer, review), audience, links, depth, before)
