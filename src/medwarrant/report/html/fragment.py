"""The article without a page around it: header, contents and sections, for a site to set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import get_args

import msgspec

from .. import article as a
from ..markup import Markup, element, joined, raw
from .blocks import Blocks, Drawn
from .lines import kept, sign
from .references import source_cards


def article_fragment(
    article: a.Article, *, slots: Mapping[a.SlotName, str | Markup] | None = None
) -> Markup:
    """The article as one element, for a page with `report.style.STYLE` and a strict content policy.

    It needs no script, no inline style and no page of its own kind: it has the page's only `h1` and no
    `main`. `slots` are parts that the page puts in place of the article's own, or where it has none:

    - `top`, below the title, and `end`, below the last section;
    - `review`, below the review status;
    - `audience`, in place of the list of readers (see `audience_form`);
    - `questions`, in place of what would change this, as questions (see `question_form`);
    - `follow-up`, in place of how to ask on.

    What a part stands in place of is not shown, but printed: on paper the page says what the PDF says.

    Plain text in a slot is escaped; markup is `Markup` or whatever has `__html__`. Raises `ValueError`
    for a slot that is not among these.
    """
    unknown = set(slots or ()) - set(get_args(a.SlotName))
    if unknown:
        raise ValueError(f"the article has no slot {min(unknown)!r}")
    return drawn_article(article).filled(slots)


def drawn_article(article: a.Article) -> Drawn:
    """The article drawn, its slots still open: `drawn_article(article).filled(slots)` is its fragment."""
    heading = element("header", element("h1", element("bdi", article.title)))
    return set_article(article, heading, tag="div")


def draw_blocks(blocks: Iterable[a.Block]) -> Markup:
    """Blocks outside any article, such as the reply to a follow-up question.

    Their pictures are named after what they say, so that they may stand beside an article and other
    replies. Citations in them open the sources of an article on the same page.
    """
    told = tuple(blocks)
    name = sha256(msgspec.json.encode(told)).hexdigest()[:8]
    drawn = Blocks(prefix=f"tree-{name}")
    return drawn.drawn(joined(map(drawn.draw, told))).filled()


def set_article(article: a.Article, heading: Markup, *, tag: str) -> Drawn:
    """Contents beside the article itself, the latter in an element of this tag; then the sources.

    The text is long: its parts are joined once, not copied into one element after the other.
    """
    drawn = Blocks()
    whole = joined(
        [
            raw('<div class="article page">'),
            _contents(article),
            raw(f'<{tag} id="answer">'),
            heading,
            drawn.slot("top"),
            *_sections(article.sections, drawn),
            drawn.slot("end"),
            element("footer", element("p", f"Case digest {article.digest}", class_="note")),
            source_cards(article),
            raw(f"</{tag}></div>"),
        ]
    )
    return drawn.drawn(whole)


def _contents(article: a.Article) -> Markup:
    entries = [
        element("li", element("a", section.title, href=f"#{section.id}"))
        for section in article.sections
        if section.level == 2
    ]
    return element(
        "nav",
        element("b", "Contents"),
        element("ol", *entries),
        aria_label="Contents",
        class_="contents",
    )


def _sections(sections: Iterable[a.Section], drawn: Blocks) -> list[Markup]:
    """Level 2 sections with their level 3 sections inside."""
    found: list[Markup] = []
    open_: list[Markup] = []
    current: a.Section | None = None
    for section in sections:
        if section.level == 2:
            if current is not None:
                found.append(element("section", *open_, aria_labelledby=current.id))
            current, open_ = section, []
        open_.append(_heading(section))
        open_ += [drawn.draw(block) for block in section.blocks]
    if current is not None:
        found.append(element("section", *open_, aria_labelledby=current.id))
    return found


def _heading(section: a.Section) -> Markup:
    tag = f"h{section.level}"
    if not section.words:
        return element(tag, section.title, id=section.id)
    shown = element(
        "span", sign(section.sign), kept(section.words), class_=f"pill o-{section.sign}"
    )
    return element(tag, section.title, " ", shown, id=section.id)
