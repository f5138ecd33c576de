"""The words of a source that a statement quotes: few, on one line, and read by somebody."""

from __future__ import annotations

import re

from msgspec import UNSET, UnsetType

from ..model.sources import Verification
from .yaml_source import YamlValue

#: So many characters are a short quotation; a longer one is copied, and hides what carries the claim.
LONGEST_QUOTE = 300
_MARKUP = re.compile(r"</?[A-Za-z!]|\*\*|__|`|\]\(")
_OUTER = re.compile(r"""^["'\u2018-\u201f\u00ab].*["'\u2018-\u201f\u00bb]$""")


def quote(value: YamlValue, verified: Verification) -> str | UnsetType:
    """The quotation of a statement, or `UNSET` where it may not stand, with the problem noted.

    Only words that somebody read may be shown between quotation marks: a statement that is `unverified`
    has none, and one read at second hand names who quotes it (`verified.via`), which readers see.
    """
    text = value.text()
    problem = _problem(text, verified)
    if problem is None:
        return text
    value.complain(*problem)
    return UNSET


def _problem(text: str, verified: Verification) -> tuple[str, str] | None:
    """What is wrong with a quotation, and how to mend it; the first thing only."""
    if not text:
        return "the quotation is empty", "leave quote out where no wording is held"
    if verified.how == "unverified":
        return (
            "an unverified statement has no quotation: nobody read the words",
            "leave quote out, or read the source and say so in verified",
        )
    if verified.how == "secondary" and not verified.via:
        return (
            "a quotation read at second hand must say who quotes it",
            "add via: ... to verified; it is shown as 'as quoted by ...'",
        )
    if len(text) > LONGEST_QUOTE:
        return (
            f"the quotation has {len(text)} characters, more than {LONGEST_QUOTE}",
            "quote the few words that carry the claim",
        )
    if len(text.splitlines()) > 1:
        return "a quotation is one line", "quote one passage, with … where words are left out"
    if not text.isprintable() or _MARKUP.search(text):
        return "a quotation is plain text", "leave out markup and characters that do not print"
    if _OUTER.match(text):
        return "quotation marks stand around the quotation", "leave them out: they are drawn"
    return None
