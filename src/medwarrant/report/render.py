"""One door to every format: `render(answer, "html", audience="patient")`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args

from ..model.errors import InputError
from .compose import article
from .view import article_view
from .words import AUDIENCES, Audience

if TYPE_CHECKING:
    from ..answer import Answer

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
) -> str | bytes:
    """The answer as an article for one audience; bytes for PDF, text otherwise.

    `width` and `color` are for the terminal: None takes them from it (`NO_COLOR` is honoured).
    `review` shows a later state of the review than the answer's own; `links` are addresses of the
    other audiences' versions. JSON is the contract itself and the same for every audience.
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
    if format == "json":
        return json.dumps(answer.to_dict(), ensure_ascii=False, indent=2) + "\n"
    written = article(article_view(answer, review), audience, links)
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
