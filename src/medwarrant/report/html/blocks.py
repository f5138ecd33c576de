"""The blocks of the article in HTML, one function for the page of its own and the fragment alike."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from .. import article as a
from ..markup import Markup, as_markup, element, joined, raw
from ..text import safe_address
from ..tree_svg import tree_svg
from .lines import bullets, inline, paragraph
from .references import reference_list
from .tables import grid, table

_VERDICTS = {"evidence": "Evidence", "coverage": "Coverage", "coding": "Coding", "safety": "Safety"}


#: Where a slot is: no text can hold it, since text is escaped.
_SLOT = raw("<!slot>")


class Blocks:
    """Draws blocks; numbers the pictures so that their ids are unique, and notes where slots are."""

    def __init__(self, prefix: str = "tree") -> None:
        self.numbers = count(1)
        self.prefix = prefix
        self.slots: list[tuple[a.SlotName, Markup]] = []

    def draw(self, block: a.Block) -> Markup:
        """One block with everything inside it."""
        match block:
            case a.Prose(lines=lines):
                return joined(paragraph(line) for line in lines)
            case a.Bullets(lines=lines, numbered=numbered):
                return bullets(lines, "ol" if numbered else "ul")
            case a.Callout(tone=tone, title=title, lines=lines):
                inside = [element("p", element("b", title))]
                inside += [paragraph(line) for line in lines]
                return element("div", *inside, class_=f"callout {tone}", role="note")
            case a.Tracker(title=title, steps=steps):
                return _tracker(title, steps)
            case a.Choices():
                return _choices(block)
            case a.Grid():
                return grid(block)
            case a.Verdicts(verdicts=verdicts):
                return _verdicts(verdicts)
            case a.Table():
                return table(block)
            case a.Tree():
                return self._tree(block)
            case a.Command(text=text, says=says):
                return joined([element("p", f"{says}:"), element("pre", element("code", text))])
            case a.References(entries=entries):
                return reference_list(entries)
            case a.Details(summary=summary, blocks=blocks):
                return element("details", element("summary", summary), *map(self.draw, blocks))
            case a.Slot(name=name, blocks=blocks):
                return self.slot(name, blocks)

    def slot(self, name: a.SlotName, blocks: tuple[a.Block, ...] = ()) -> Markup:
        """A place that a page may fill; these are the article's own blocks there."""
        self.slots.append((name, joined(map(self.draw, blocks))))
        return _SLOT

    def drawn(self, whole: Markup) -> Drawn:
        """What was drawn with these blocks, ready to be filled."""
        return Drawn(tuple(map(raw, whole.split(_SLOT))), tuple(self.slots))

    def _tree(self, tree: a.Tree) -> Markup:
        pictures = []
        for kind, width in (("wide", 680), ("narrow", 340)):
            name = f"{self.prefix}-{next(self.numbers)}"
            picture = tree_svg(
                tree.root, title=tree.title, description=tree.description, width=width, name=name
            )
            pictures.append(element("div", raw(picture), class_=kind))
        caption = element("figcaption", element("b", tree.title), ". ", tree.description)
        return element("figure", caption, *pictures)


class Drawn:
    """Drawn once, to be set into pages often: what stands between the slots, and what is in each of them."""

    __slots__ = ("between", "slots")

    def __init__(
        self, between: tuple[Markup, ...], slots: tuple[tuple[a.SlotName, Markup], ...]
    ) -> None:
        self.between = between
        self.slots = slots

    def filled(self, given: Mapping[a.SlotName, str | Markup] | None = None) -> Markup:
        """The whole, with what a page puts into its slots.

        Where the page puts something in place of the article's own, that is still what is printed: on
        paper nobody fills in a form, and the page says there what the PDF says.
        """
        parts = [self.between[0]]
        for (name, own), after in zip(self.slots, self.between[1:], strict=True):
            parts += [_in_place(own, (given or {}).get(name)), after]
        return joined(parts)


def _in_place(own: Markup, given: str | Markup | None) -> Markup:
    if given is None:
        return own
    if not own:
        return as_markup(given)
    return joined(
        [
            element("div", as_markup(given), class_="on-screen"),
            element("div", own, class_="on-paper"),
        ]
    )


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
        if choice.url and not choice.chosen and safe_address(choice.url):
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
    return element(
        "li",
        element("span", _VERDICTS[verdict.kind], class_="k"),
        element("b", verdict.word),
        *(element("p", inline(line)) for line in verdict.lines),
    )
