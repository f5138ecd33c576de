"""The style sheet of the article: one file, `article.css`, set inside a page or served beside it."""

from __future__ import annotations

from pathlib import Path

#: Every rule but those of the page itself (`:root`, `body`, `.skip`) holds below `.article` only, at
#: no cost in specificity, so that a site may set the article among parts of its own.
STYLE = Path(__file__).with_name("article.css").read_text(encoding="utf-8").strip()
