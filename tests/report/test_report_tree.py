"""The picture of the criteria tree."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medwarrant.report.article import Status, TreeNode
from medwarrant.report.text import clean
from medwarrant.report.tree_svg import text_width, tree_height, tree_svg, wrapped
from medwarrant.report.words import STATUS_WORDS

_STATUSES: tuple[Status, ...] = ("met", "not_met", "missing", "uncounted")
_LEAF = TreeNode(title="Pain for at least 3 months", status="missing", why="Not stated.")


def tree(depth: int, title: str = "A criterion with quite a long title to be wrapped") -> TreeNode:
    status = _STATUSES[depth % 4]
    if depth == 0:
        return TreeNode(title=title, status=status, why="Stated: no.", notes=("a note",))
    children = (tree(depth - 1, title), _LEAF)
    return TreeNode(title=title, status=status, joins="all of", children=children)


def drawn(node: TreeNode, width: int) -> ElementTree.Element:
    return ElementTree.fromstring(
        tree_svg(node, title="T <&>", description="D", width=width, name="x")
    )


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


@pytest.mark.parametrize("width", [340, 680])
def test_every_text_lies_inside_its_box(width: int) -> None:
    for group in drawn(tree(4), width).iter():
        if local(group) != "g":
            continue
        box = next(
            child for child in group if local(child) == "rect" and child.get("class") == "box"
        )
        left, top = float(box.get("x", 0)), float(box.get("y", 0))
        right, bottom = left + float(box.get("width", 0)), top + float(box.get("height", 0))
        assert right <= width
        for child in group:
            if local(child) == "text":
                x, y = float(child.get("x", 0)), float(child.get("y", 0))
                assert left < x
                assert top < y < bottom
                assert x + text_width(child.text or "", float(child.get("font-size", 0))) <= right


def test_boxes_do_not_overlap_and_the_picture_holds_them_all() -> None:
    picture = drawn(tree(3), 680)
    boxes = [e for e in picture.iter() if local(e) == "rect" and e.get("class") == "box"]
    spans = [
        (float(b.get("y", 0)), float(b.get("y", 0)) + float(b.get("height", 0))) for b in boxes
    ]
    assert all(before[1] < after[0] for before, after in zip(spans, spans[1:]))
    assert spans[-1][1] <= float(picture.get("height", 0)) == round(tree_height(tree(3)))


@pytest.mark.parametrize("status", _STATUSES)
def test_status_is_told_by_word_and_by_shape(status: Status) -> None:
    text = tree_svg(TreeNode(title="X", status=status), title="T", description="D")
    assert f">{STATUS_WORDS[status].capitalize()}: X<" in text
    others = [
        tree_svg(TreeNode(title="X", status=other), title="T", description="D")
        for other in _STATUSES
        if other != status
    ]

    def shape(picture: str) -> list[str]:
        return re.findall(r'<(circle|rect|path) class="mark"|dasharray|a2 2', picture)

    assert shape(text) not in [shape(other) for other in others]


def test_the_description_tells_the_tree() -> None:
    text = tree_svg(tree(1), title="T", description="D")
    said = re.search(r"<desc[^>]*>(.*)</desc>", text)
    assert said
    assert "Pain for at least 3 months" in said[1]


@given(st.text(max_size=200), st.integers(40, 700))
def test_wrapping_loses_nothing_and_fits(text: str, width: int) -> None:
    lines = wrapped(clean(text), width)
    assert "".join("".join(lines).split()) == "".join(clean(text).split())
    assert all(text_width(line) <= width or len(line) == 1 for line in lines)


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_makes_a_wellformed_picture(title: str, why: str) -> None:
    node = TreeNode(title=clean(title), status="met", why=clean(why))
    assert local(drawn(node, 340)) == "svg"
