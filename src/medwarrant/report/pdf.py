"""The article as PDF, set by typst where the optional extra is installed."""

from __future__ import annotations

from pathlib import Path

import msgspec

from . import article as a
from .tree_svg import tree_height, tree_svg
from .typst import typeset
from .words import OUTCOME_SHAPES, STATUS_SHAPES

#: A picture taller than this, at 680 wide, is shrunk to one page rather than split.
_TALL = 880


def pdf(article: a.Article) -> bytes:
    """The article as PDF bytes.

    The text goes to typst as data, never as markup, so that a question cannot run anything.
    """
    article = msgspec.structs.replace(
        article,
        sections=tuple(
            msgspec.structs.replace(section, blocks=tuple(a.opened(section.blocks)))
            for section in article.sections
            if section.id != "reader"  # on paper nobody chooses another one
        ),
    )
    found = msgspec.to_builtins(article)
    for section, made in zip(article.sections, found["sections"], strict=True):
        for block, data in zip(section.blocks, made["blocks"], strict=True):
            if isinstance(block, a.Tree):
                picture = tree_svg(block.root, title=block.title, description=block.description)
                data["svg"] = picture
                data["tall"] = tree_height(block.root) > _TALL
                del data["root"]
    found["signs"] = {**OUTCOME_SHAPES, **STATUS_SHAPES}
    template = Path(__file__).with_name("article.typ")
    return typeset(template, "article", found, where="--format pdf")
