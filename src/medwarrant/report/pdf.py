"""The article as PDF, set by typst where the optional extra is installed."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ..model.errors import InputError
from . import article as a
from .tree_svg import tree_svg
from .words import OUTCOME_SHAPES, STATUS_SHAPES


def pdf(article: a.Article) -> bytes:
    """The article as PDF bytes.

    The text goes to typst as data, never as markup, so that a question cannot run anything.
    """
    try:
        import typst
    except ImportError:
        raise InputError(
            "PDF needs typst, which is not installed",
            where="--format pdf",
            mend="install medwarrant[pdf], or print the HTML",
        ) from None
    found = msgspec.to_builtins(article)
    for section, made in zip(article.sections, found["sections"], strict=True):
        for block, data in zip(section.blocks, made["blocks"], strict=True):
            if isinstance(block, a.Tree):
                data["svg"] = tree_svg(
                    block.root, title=block.title, description=block.description, width=680
                )
                del data["root"]
    found["signs"] = {**OUTCOME_SHAPES, **STATUS_SHAPES}
    template = Path(__file__).with_name("article.typ").read_bytes()
    text = msgspec.json.encode(found).decode()
    compiled = typst.compile(template, sys_inputs={"article": text})
    if not isinstance(compiled, bytes):  # one page list only where several outputs are asked for
        raise InputError("typst returned no document", where="--format pdf")
    return compiled
