"""The list of references, and each source as a card that a citation opens where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from .. import article as a
from ..markup import Markup, element, maker
from ..text import sentence, upper_first
from .lines import wording

_span, _p, _item = maker("span"), maker("p"), maker("li")
_note, _mark = maker("span", class_="note"), maker("span", class_="m")
_facts, _warning = maker("p", class_="note"), maker("p", class_="warning")
_words = maker("span", class_="words")
_card_head = maker("div", class_="card-head")


def reference_list(entries: Iterable[a.ReferenceEntry]) -> Markup:
    """The numbered list; a link of a citation leads to its entry."""
    return element("ol", *(_entry(entry) for entry in entries), class_="refs", role="list")


@lru_cache(maxsize=2048)  # most answers cite the same sources, and no source is about a patient
def _entry(entry: a.ReferenceEntry) -> Markup:
    facts = "; ".join(filter(None, (entry.kind, *entry.facts)))
    told: list[str | Markup] = [" ", _note(facts)] if facts else []
    said = [part for one in entry.wordings for part in (" ", wording(one))]
    return element(
        "li",
        _span(f"[{entry.n}]"),
        _span(*_cited(entry), *told, *said),
        id=f"ref-{entry.n}",
    )


def _cited(entry: a.ReferenceEntry) -> list[str | Markup]:
    parts: list[str | Markup] = []
    for mark in entry.marks:
        parts += [_mark(mark), " "]
    parts.append(entry.text)
    if entry.url:
        shown = _span(entry.place or entry.url)
        parts += [" ", element("a", shown, href=entry.url, rel="noreferrer")]
    return parts


def source_cards(article: a.Article) -> Markup:
    """One card for each reference of the article, whatever number of sentences cite it.

    A card is a popover, which a browser opens and closes without script: Escape, its button or a
    click elsewhere close it, and the reader is back at the citation.
    """
    entries = [entry for section in article.sections for entry in _listed(section.blocks)]
    plain = article.audience == "patient"
    return element("div", *(_card(entry, plain=plain) for entry in entries), class_="sources")


def _listed(blocks: Iterable[a.Block]) -> Iterator[a.ReferenceEntry]:
    for block in a.opened(blocks):
        if isinstance(block, a.References):
            yield from block.entries


@lru_cache(maxsize=2048)
def _card(entry: a.ReferenceEntry, *, plain: bool) -> Markup:
    name = f"source-{entry.n}"
    close = element(
        "button", "Close", type="button", popovertarget=name, popovertargetaction="hide"
    )
    title = element("p", f"Reference {entry.n}", id=f"{name}-title")
    facts = "; ".join(filter(None, (entry.kind, *entry.facts)))
    parts: list[Markup | None] = [
        _card_head(title, close),
        _p(*_cited(entry)),
        _facts(facts) if facts else None,
        _warning(entry.warning) if entry.warning else None,
    ]
    if entry.statements:
        lead = "What this page takes from it" if plain else "What it is cited for"
        parts.append(element("p", lead, class_="card-lead"))
        parts.append(element("ul", *(_statement(one) for one in entry.statements)))
    return element(
        "div",
        *parts,
        id=name,
        popover="auto",
        role="dialog",
        aria_labelledby=f"{name}-title",
        tabindex="-1",
        autofocus=True,
        class_="source",
    )


def _statement(statement: a.CitedStatement) -> Markup:
    words = "; ".join(statement.words)
    if not statement.claim:
        return _item(words)
    return _item(statement.claim, *_wording(statement.wording), _words(words))


def _wording(said: a.Wording | None) -> Iterator[str | Markup]:
    """The words of the source as a quotation of their own, or that none are held; then their place."""
    place = said.place if said is not None else ""
    if said is not None and said.quote:
        yield element("blockquote", f"“{said.quote}”")
    else:
        place = f"in our words{f'; where: {place}' if place else ''}"
    yield " "
    yield _note(sentence(upper_first(place)))
