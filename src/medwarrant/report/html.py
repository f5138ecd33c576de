"""The article as one HTML file: no script, nothing from outside, every text escaped."""

from __future__ import annotations

from itertools import count

from . import article as a
from .markup import Markup, as_markup, element, joined, raw
from .style import STYLE
from .tree_svg import tree_svg
from .words import OUTCOME_SHAPES, STATUS_SHAPES

_SIGNS = {**OUTCOME_SHAPES, **STATUS_SHAPES}
_VERDICTS = {"evidence": "Evidence", "coverage": "Coverage", "coding": "Coding", "safety": "Safety"}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def html(article: a.Article) -> str:
    """The whole page."""
    head = element(
        "head",
        raw('<meta charset="utf-8">'),
        raw('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        raw(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
        raw('<meta name="referrer" content="no-referrer">'),
        element("title", article.title),
        element("style", raw(STYLE)),
    )
    body = element(
        "body",
        element("a", "Skip to the answer", href="#bottom-line", class_="skip"),
        element(
            "div",
            _contents(article),
            element(
                "main",
                element(
                    "header",
                    element(
                        "p",
                        element("b", "medwarrant"),
                        " · medical necessity, item by item",
                        class_="brand",
                    ),
                    element("h1", element("bdi", article.title)),
                ),
                *_Page().sections(article),
                element("footer", element("p", f"Case digest {article.digest}", class_="note")),
                id="answer",
            ),
            class_="page",
        ),
    )
    return f'<!DOCTYPE html>\n<html lang="en">{head}{body}</html>\n'


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


class _Page:
    """Draws blocks; numbers the pictures so that their ids are unique."""

    def __init__(self) -> None:
        self.numbers = count(1)

    def sections(self, article: a.Article) -> list[Markup]:
        """Level 2 sections with their level 3 sections inside."""
        found: list[Markup] = []
        open_: list[Markup] = []
        current: a.Section | None = None
        for section in article.sections:
            if section.level == 2:
                if current is not None:
                    found.append(element("section", *open_, aria_labelledby=current.id))
                current, open_ = section, []
            open_.append(self._heading(section))
            open_ += [self._block(block) for block in section.blocks]
        if current is not None:
            found.append(element("section", *open_, aria_labelledby=current.id))
        return found

    def _heading(self, section: a.Section) -> Markup:
        if not section.words:
            return element(f"h{section.level}", section.title, id=section.id)
        pill = element(
            "span", _sign(section.sign), _kept(section.words), class_=f"pill o-{section.sign}"
        )
        return element(f"h{section.level}", section.title, " ", pill, id=section.id)

    def _block(self, block: a.Block) -> Markup:
        match block:
            case a.Prose(lines=lines):
                return joined(_paragraph(line) for line in lines)
            case a.Bullets(lines=lines, numbered=numbered):
                return _list(lines, "ol" if numbered else "ul")
            case a.Callout(tone=tone, title=title, lines=lines):
                inside = [element("p", element("b", title))]
                inside += [_paragraph(line) for line in lines]
                return element("div", *inside, class_=f"callout {tone}", role="note")
            case a.Tracker(title=title, steps=steps):
                return _tracker(title, steps)
            case a.Choices():
                return _choices(block)
            case a.Grid():
                return _grid(block)
            case a.Verdicts(verdicts=verdicts):
                return _verdicts(verdicts)
            case a.Table():
                return _table(block)
            case a.Tree():
                return self._tree(block)
            case a.Command(text=text, says=says):
                return joined([element("p", f"{says}:"), element("pre", element("code", text))])
            case a.References(entries=entries):
                return element(
                    "ol", *(_reference(entry) for entry in entries), class_="refs", role="list"
                )
            case a.Details(summary=summary, blocks=blocks):
                return element(
                    "details",
                    element("summary", summary),
                    *(self._block(inside) for inside in blocks),
                )

    def _tree(self, tree: a.Tree) -> Markup:
        pictures = []
        for kind, width in (("wide", 680), ("narrow", 340)):
            name = f"tree-{next(self.numbers)}"
            picture = tree_svg(
                tree.root, title=tree.title, description=tree.description, width=width, name=name
            )
            pictures.append(element("div", raw(picture), class_=kind))
        caption = element("figcaption", element("b", tree.title), ". ", tree.description)
        return element("figure", caption, *pictures)


def _sign(sign: str) -> Markup | None:
    if sign not in _SIGNS:
        return None
    return element("span", _SIGNS[sign], class_="sign", aria_hidden="true")


def _kept(words: str) -> str:
    """Words whose ellipsis stays on the line of the word before it."""
    return words.replace(" …", "\u00a0…")


def _signed(sign: str) -> Markup | None:
    if sign not in _SIGNS:
        return None
    return element("span", _SIGNS[sign], class_=f"sign o-{sign}", aria_hidden="true")


def _inline(line: a.Line) -> Markup:
    parts: list[str | Markup] = []
    signed = _signed(line.sign)
    if signed is not None:
        parts += [signed, " "]
    if line.lead:
        lead = element("b", line.lead)
        parts.append(
            element("a", lead, href=f"#{line.target}") if line.target and not line.see else lead
        )
        parts.append(" ")
    parts.append(line.text)
    if line.see:
        parts += [" ", element("a", line.see, href=f"#{line.target}"), "."]
    if line.cites:
        parts.append(" ")
        parts += [_cite(cite) for cite in line.cites]
    if line.code:
        parts += [" ", element("code", line.code)]
    if line.note:
        parts += [" ", element("span", line.note, class_="note")]
    return joined(parts)


def _cite(cite: a.Citation) -> Markup:
    mark = element("span", f" {cite.mark}", class_="m") if cite.mark else None
    label = f"reference {cite.n}" + (f", {cite.mark}" if cite.mark else "")
    link = element(
        "a", f"[{cite.n}", mark, "]", href=f"#ref-{cite.n}", class_="cite", aria_label=label
    )
    return element("sup", link)


def _paragraph(line: a.Line) -> Markup:
    only = bool(line.lead) and not (line.text or line.cites or line.code)
    paragraph = element("p", _inline(line), class_="lead" if only else None)
    return joined([paragraph, _list(line.inner)]) if line.inner else paragraph


def _list(lines: tuple[a.Line, ...], tag: str = "ul") -> Markup:
    items = [
        element("li", _inline(line), _list(line.inner) if line.inner else None) for line in lines
    ]
    signed = tag == "ul" and lines and all(line.sign for line in lines)
    return element(tag, *items, class_="signed" if signed else None)


def _tracker(title: str, steps: tuple[a.Step, ...]) -> Markup:
    states = {"done": "done", "current": "now", "ahead": "not yet"}
    items = [
        element(
            "li",
            step.label,
            element("small", f"{states[step.state]}{', ' if step.detail else ''}{step.detail}"),
            class_=step.state,
            aria_current="step" if step.state == "current" else None,
        )
        for step in steps
    ]
    return element("ol", *items, class_="steps", aria_label=title)


def _choices(block: a.Choices) -> Markup:
    items = []
    for choice in block.choices:
        label: str | Markup = choice.label
        if (
            choice.url
            and not choice.chosen
            and choice.url.startswith(("/", "?", "#", "https://", "http://"))
        ):
            label = element("a", choice.label, href=choice.url)
        said = " (this page)" if choice.chosen else ""
        code = joined([" ", element("code", choice.id)]) if block.hint else None
        items.append(
            element(
                "li",
                label,
                said,
                code,
                class_="chosen" if choice.chosen else None,
                aria_current="true" if choice.chosen else None,
            )
        )
    hint = element("p", block.hint, class_="note") if block.hint else None
    return joined([element("p", block.title), element("ul", *items, class_="choices"), hint or ""])


def _grid(grid: a.Grid) -> Markup:
    def label(head: a.Head) -> list[Markup | str]:
        name: Markup | str = head.name
        if head.target:
            name = element("a", head.name, href=f"#{head.target}")
        return [name, element("small", head.code)] if head.code else [name]

    columns = [
        element("th", *label(head), scope="col", role="columnheader") for head in grid.columns
    ]
    top = element(
        "tr",
        element("th", grid.corner, class_="corner", scope="col", role="columnheader"),
        *columns,
        role="row",
    )
    rows = []
    for row in grid.rows:
        cells = [_cell(cell, head) for cell, head in zip(row.cells, grid.columns, strict=True)]
        rows.append(
            element(
                "tr",
                element("th", *label(row.head), scope="row", role="rowheader"),
                *cells,
                role="row",
            )
        )
    return _scrolled_table(
        "grid stack", grid.caption, top, rows, label="Grid of services and diagnoses"
    )


def _cell(cell: a.Cell, head: a.Head) -> Markup:
    words = _kept(cell.words)
    linked = element("a", words, href=f"#{cell.target}") if cell.target else as_markup(words)
    signed = joined([_sign(cell.outcome) or "", linked])
    detail = element("small", cell.detail) if cell.detail else None
    name = f"{head.name} ({head.code})" if head.code else head.name
    return element("td", signed, detail, class_=f"o-{cell.outcome}", data_label=name, role="cell")


def _verdicts(verdicts: tuple[a.Verdict, ...]) -> Markup:
    """Four side by side; where the first has much to say, it stands beside the other three."""
    deep = " deep" if len(verdicts[0].lines) > 1 else ""
    return element(
        "ul",
        *(_verdict(one) for one in verdicts),
        class_=f"verdicts{deep}",
        aria_label="Four verdicts, never averaged",
    )


def _verdict(verdict: a.Verdict) -> Markup:
    lines = [element("p", _inline(line)) for line in verdict.lines]
    return element(
        "li",
        element("span", _VERDICTS[verdict.kind], class_="k"),
        element("b", verdict.word),
        *lines,
    )


def _table(table: a.Table) -> Markup:
    head = element(
        "tr",
        *(element("th", name, scope="col", role="columnheader") for name in table.header),
        role="row",
    )
    rows = []
    for row in table.rows:
        cells = [element("th", _inline(row[0]), scope="row", role="rowheader")]
        cells += [
            element("td", _inline(line), data_label=name, role="cell")
            for line, name in zip(row[1:], table.header[1:], strict=True)
        ]
        rows.append(element("tr", *cells, role="row"))
    return _scrolled_table("plain stack", table.caption, head, rows, label=table.caption)


def _scrolled_table(
    kind: str, caption: str, head: Markup, rows: list[Markup], *, label: str
) -> Markup:
    """A table that scrolls in a region of its own where the page is too narrow for it."""
    table = element(
        "table",
        element("caption", caption),
        element("thead", head, role="rowgroup"),
        element("tbody", *rows, role="rowgroup"),
        class_=kind,
        role="table",
    )
    return element("div", table, class_="scroll", tabindex="0", role="region", aria_label=label)


def _reference(entry: a.ReferenceEntry) -> Markup:
    parts: list[str | Markup] = []
    for mark in entry.marks:
        parts += [element("span", mark, class_="m"), " "]
    parts.append(entry.text)
    if entry.url:
        shown = element("span", entry.place or entry.url)
        parts += [" ", element("a", shown, href=entry.url, rel="noreferrer")]
    facts = "; ".join(filter(None, (entry.kind, *entry.facts)))
    if facts:
        parts += [" ", element("span", facts, class_="note")]
    return element(
        "li", element("span", f"[{entry.n}]"), element("span", *parts), id=f"ref-{entry.n}"
    )
