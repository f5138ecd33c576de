"""The style sheet of letters: one file, `letter.css`, set inside a page or served beside it."""

from __future__ import annotations

from pathlib import Path

#: Every rule but those of the page itself (`body`) holds below `.letter` only, so that a site may set a
#: letter among parts of its own.
LETTER_STYLE = Path(__file__).with_name("letter.css").read_text(encoding="utf-8").strip()
