"""The criteria tree as an inline SVG: status by shape and word, text that fits its box."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape

from .article import Status, TreeNode
from .words import STATUS_WORDS

_SIZE = 13.0
_LINE = 17.0
_SMALL = 11.0
_SMALL_LINE = 14.5
_PAD = 8.0
_ICON = 22.0
_GAP = 8.0
_LEAST_ROOM = 90.0
_NARROW = frozenset("iljtfrI.,:;'|!()[]{}·-/ ")
_WIDE = frozenset("mwMW@%—…")
_SPACE = 38


@cache
def _char_units(char: str) -> int:
    """The room of a character in hundredths of the font size, on the generous side."""
    if char in _NARROW:
        return _SPACE
    if char in _WIDE:
        return 95
    if char.isupper():
        return 74
    return 61 if ord(char) < 0x250 else 110


@lru_cache(maxsize=8192)
def _units(text: str) -> int:
    return sum(map(_char_units, text))


def text_width(text: str, size: float = _SIZE) -> float:
    """The width text may take, on the generous side, so that a wider font still fits its box.

    >>> text_width("mm") > text_width("ii")
    True
    """
    return _units(text) * size / 100


def wrapped(text: str, width: float, size: float = _SIZE) -> list[str]:
    """Text broken into lines no wider than `width`; a word that is too long is cut."""
    room = width * 100 / size
    lines: list[str] = []
    current: list[str] = []
    used = 0
    for word in text.split():
        while _units(word) > room:
            cut = _fitting(word, room)
            if current:
                lines.append(" ".join(current))
                current = []
            lines.append(word[:cut])
            word = word[cut:]
        needs = used + _SPACE + _units(word) if current else _units(word)
        if needs > room and current:
            lines.append(" ".join(current))
            current, used = [word], _units(word)
        elif word:
            current.append(word)
            used = needs
    return [*lines, " ".join(current)] if current or not lines else lines


def _fitting(word: str, room: float) -> int:
    """How many characters of a word fit; one at least."""
    used = 0
    for number, char in enumerate(word):
        used += _char_units(char)
        if used > room:
            return max(1, number)
    return len(word)


@dataclass(frozen=True)
class _Box:
    depth: int
    y: float
    height: float
    node: TreeNode
    title: list[str]
    quiet: list[str]


def _placed(root: TreeNode, width: int) -> tuple[list[_Box], list[tuple[int, int]], float]:
    """Every node's box, which boxes are joined, and the height of it all."""
    indent = _indent(width)
    boxes: list[_Box] = []
    edges: list[tuple[int, int]] = []

    def place(node: TreeNode, depth: int, y: float, parent: int | None) -> float:
        room = max(width - depth * indent - _ICON - 2 * _PAD - 4, _LEAST_ROOM)
        joins = f" — {node.joins}:" if node.joins else ""
        titled = wrapped(f"{STATUS_WORDS[node.status].capitalize()}: {node.title}{joins}", room)
        quiet = wrapped(node.quiet, room, _SMALL) if node.quiet else []
        height = 2 * _PAD + len(titled) * _LINE + len(quiet) * _SMALL_LINE
        index = len(boxes)
        boxes.append(_Box(depth, y, height, node, titled, quiet))
        if parent is not None:
            edges.append((parent, index))
        y += height + _GAP
        for child in node.children:
            y = place(child, depth + 1, y, index)
        return y

    return boxes, edges, place(root, 0, 2.0, None)


def _indent(width: int) -> float:
    return 26.0 if width >= 480 else 14.0


def tree_height(root: TreeNode, width: int = 680) -> float:
    """How tall the picture of a tree is at a width."""
    return _placed(root, width)[2]


def tree_svg(
    root: TreeNode, *, title: str, description: str, width: int = 680, name: str = "tree"
) -> str:
    """The picture of a tree as one `svg` element.

    Every node has a shape (circle, square, diamond), the word of its status, and its text; lines
    join parents and children. `name` makes the ids of title and description unique in a page.
    """
    boxes, edges, total = _placed(root, width)
    indent = _indent(width)
    head = (
        f'<svg class="tree" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {width} {total:.0f}" width="{width}" height="{total:.0f}" '
        f'aria-labelledby="{name}-t {name}-d" '
        f'font-family="system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif">'
        f'<title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(description)} {escape(_outline(root))}</desc>'
    )
    parts = [head]
    for parent, child in edges:
        parts.append(_elbow(boxes[parent], boxes[child], indent))
    parts += [_node(box, width, indent) for box in boxes]
    parts.append("</svg>")
    return "".join(parts)


def _elbow(parent: _Box, child: _Box, indent: float) -> str:
    x = parent.depth * indent + indent / 2
    start, end = parent.y + parent.height, child.y + min(child.height / 2, _PAD + _LINE / 2)
    left = child.depth * indent + 1
    return (
        f'<path class="edge" d="M{x:.1f} {start:.1f}V{end:.1f}H{left:.1f}" fill="none" '
        f'stroke="#7b8794" stroke-width="1.5"/>'
    )


_TINTS: dict[Status, tuple[str, str]] = {
    "met": ("#e3f4e8", "#14532d"),
    "not_met": ("#fde8e4", "#7f1d1d"),
    "missing": ("#fff3d6", "#6b4200"),
    "uncounted": ("#ebeff2", "#3a4551"),
}


def _node(box: _Box, width: int, indent: float) -> str:
    x = box.depth * indent + 1
    fill, ink = _TINTS[box.node.status]
    drawn = (
        f'<g class="{box.node.status}"><rect class="box" x="{x:.1f}" y="{box.y:.1f}" '
        f'width="{width - x - 2:.1f}" height="{box.height:.1f}" rx="6" fill="{fill}" '
        f'stroke="{ink}" stroke-opacity=".35"/>'
    )
    parts = [drawn, _icon(box.node.status, x + _PAD + 7, box.y + _PAD + _LINE / 2, ink)]
    left = x + _PAD + _ICON
    y = box.y + _PAD + _LINE - 4
    for line in box.title:
        weight = ' font-weight="600"' if box.node.children else ""
        parts.append(
            f'<text class="ink" x="{left:.1f}" y="{y:.1f}" font-size="{_SIZE:g}" fill="{ink}"{weight}>{escape(line)}</text>'
        )
        y += _LINE
    y -= _LINE - _SMALL_LINE
    for line in box.quiet:
        parts.append(
            f'<text class="ink quiet" x="{left:.1f}" y="{y:.1f}" font-size="{_SMALL:g}" fill="{ink}">{escape(line)}</text>'
        )
        y += _SMALL_LINE
    return "".join([*parts, "</g>"])


def _icon(status: Status, x: float, y: float, ink: str) -> str:
    """A circle with a tick, a square with a cross, a diamond with a question mark, an empty circle."""
    line = f'class="mark" fill="none" stroke="{ink}" stroke-width="1.8" stroke-linecap="round"'
    if status == "met":
        return (
            f'<circle {line} cx="{x:.1f}" cy="{y:.1f}" r="7"/>'
            f'<path {line} d="M{x - 3.2:.1f} {y:.1f}l2.3 2.5 4.2-5"/>'
        )
    if status == "uncounted":
        return f'<circle {line} stroke-dasharray="2.5 3" cx="{x:.1f}" cy="{y:.1f}" r="7"/>'
    if status == "not_met":
        return (
            f'<rect {line} x="{x - 6.5:.1f}" y="{y - 6.5:.1f}" width="13" height="13"/>'
            f'<path {line} d="M{x - 3:.1f} {y - 3:.1f}l6 6m0-6l-6 6"/>'
        )
    return (
        f'<path {line} d="M{x:.1f} {y - 8:.1f}l8 8-8 8-8-8z"/>'
        f'<path {line} d="M{x - 2:.1f} {y - 1.8:.1f}a2 2 0 1 1 2.6 1.9c-.5.2-.6.6-.6 1.2m0 2.2v.1"/>'
    )


def _outline(node: TreeNode) -> str:
    """The tree as text, for those who cannot see it."""
    said = f"{STATUS_WORDS[node.status]}: {node.title}"
    if not node.children:
        return f"{said}."
    inside = " ".join(_outline(child) for child in node.children)
    return f"{said}, {node.joins or 'of'}: {inside} End of {node.joins or 'list'}."
