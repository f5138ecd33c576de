"""Who pays, as a text says it: payer, line of business, contractor and state."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

from ...model.facts import Fact
from ...model.request import Coverage
from .lexicon import Mention
from .marked import Marked, longest

_KINDS: Final = ("payer", "line_of_business", "contractor", "state")
#: With one of these beside it, a plain lower-case word may be the name of a payer.
_BEFORE: Final = frozenset(
    {
        "under",
        "with",
        "by",
        "through",
        "payer",
        "payor",
        "insurance",
        "insured",
        "plan",
        "has",
        "policy",
        "via",
    }
)
_AFTER: Final = frozenset(
    {
        "plan",
        "policy",
        "insurance",
        "patient",
        "member",
        "coverage",
        "medicare",
        "commercial",
        "hmo",
        "ppo",
        "health",
        "covers",
        "cover",
        "criteria",
        "guideline",
        "requires",
        "bulletin",
        "beneficiary",
    }
)
_TWO_LETTERS: Final = re.compile(
    r"(?:\b(?:in|state(?:\s+of)?|state:|resident of|lives in|located in)\s+|,\s*|\(\s*)(?P<state>[A-Z]{2})(?=\s*(?:[).,;:?]|\d{5}|$|\s(?:is|are|patient|medicare|for|with|under)\b))"
)
_ENDS_A_PART: Final = re.compile(r"(?:\s+[A-Z][A-Za-z]*){0,2}\s*(?:[.,;:?!)/]|[-\u2013\u2014]\s|$)")
_SETS_OFF: Final = frozenset({",", ";", "(", "-", "\u2013", "\u2014", "/"})
_BESIDE: Final = re.compile(r"\s*[,(/-]?\s*")
#: Two capitals that mean something else beside a payer: prior authorisation, a therapist, *OK?*.
_NOT_A_STATE_BESIDE: Final = frozenset(
    {"PT", "OT", "MD", "DO", "NP", "PA", "OR", "IN", "RN", "LT", "RT", "ME", "HI", "OK", "MA"}
)
_NOT_A_STATE_AFTER_COMMA: Final = frozenset(
    {"PT", "OT", "MD", "DO", "NP", "PA", "OR", "IN", "RN", "LT", "RT", "ME", "HI", "OK", "OH"}
)


def read_coverage(marked: Marked) -> tuple[Coverage, list[Fact]]:
    """The coverage of a document, and the words that state it."""
    said: dict[str, str] = {}
    facts: list[Fact] = []
    mentions = [m for m in marked.of(*_KINDS) if _is_named(marked, m)]
    for kind in _KINDS:
        own = _of_kind(mentions, kind)
        values = dict.fromkeys(m.entries[0].id for m in own)
        if len(values) > 1 and kind == "payer":
            values = _most_telling(own)
        if len(values) == 1:
            mention = next(m for m in own if m.entries[0].id in values)
            said[kind] = next(iter(values))
            facts.append(
                Fact(
                    fact=kind,
                    value=said[kind],
                    provenance=marked.document.provenance(mention.first, mention.last),
                )
            )
    states = marked.library.facts["state"].values if "state" in marked.library.facts else {}
    if "state" not in said and (beside := _beside_coverage(marked, mentions, states)) is not None:
        at, said["state"] = beside
        where = marked.document.provenance(at, at + 1)
        facts.append(Fact(fact="state", value=said["state"], provenance=where))
    if "state" not in said:
        found = _two_letters(marked)
        if found is not None:
            said["state"] = found["state"]
            facts.append(
                Fact(
                    fact="state",
                    value=found["state"],
                    provenance=marked.document.provenance_of(found.span("state")),
                )
            )
    return Coverage(**said), facts


def _of_kind(mentions: list[Mention], kind: str) -> list[Mention]:
    """Mentions of one kind that no longer mention of another kind covers."""
    others = longest(mentions)
    return [
        Mention(m.first, m.last, entries, m.written)
        for m in longest(others)
        if (entries := tuple(e for e in m.entries if e.kind == kind))
    ]


def _most_telling(mentions: list[Mention]) -> dict[str, None]:
    """Of a payer named in general and in particular, the particular one; of two others, neither."""
    size = max(m.last - m.first for m in mentions)
    best = dict.fromkeys(m.entries[0].id for m in mentions if m.last - m.first == size)
    return best if size > 1 and len(best) == 1 else {}


def _is_named(marked: Marked, mention: Mention) -> bool:
    if marked.scopes.has("denied", mention.first, mention.last) or marked.scopes.has(
        "family", mention.first, mention.last
    ):
        return False
    document = marked.document
    if mention.last - mention.first > 1:
        return True
    text = document.tokens[mention.first].text
    if text[0].isupper() and (
        mention.first == 0
        or document.sentence[mention.first] == document.sentence[mention.first - 1]
        or text.isupper()
        or _stands_alone(marked, mention)
    ):
        return True
    if mention.of("state") and not mention.of("payer"):
        return True
    before = marked.norms[mention.first - 1] if mention.first else ""
    after = marked.norms[mention.last] if mention.last < len(marked.norms) else ""
    beside_payer = any(m.last == mention.first and m.of("payer") for m in marked.of(*_KINDS))
    return (
        beside_payer
        or before in _BEFORE
        or after in _AFTER
        or (before == "for" and not after)
        or mention.first == 0
        or (mention.of("payer") != () and _is_set_off(marked, mention))
    )


def _is_set_off(marked: Marked, mention: Mention) -> bool:
    """*... for neuralgia, anthem*: a payer set off by a comma or a bracket and last in its part."""
    before = marked.document.gap(mention.first).strip()
    return before in _SETS_OFF and _stands_alone(marked, mention)


def _stands_alone(marked: Marked, mention: Mention) -> bool:
    """*... necessary? Aetna.*: a capital opens every sentence, but a name alone in one is a name."""
    document = marked.document
    after = document.text[document.tokens[mention.last - 1].end :]
    return _ENDS_A_PART.match(after) is not None


def _beside_coverage(
    marked: Marked, mentions: list[Mention], states: Container[str]
) -> tuple[int, str] | None:
    """*MA plan TX*, *TX Medicaid*: two capitals right beside the words for who pays."""
    tokens = marked.document.tokens
    for mention in mentions:
        for at, gap in ((mention.last, mention.last), (mention.first - 1, mention.first)):
            if not 0 <= at < len(tokens) or gap >= len(tokens):
                continue
            letters = tokens[at].text
            beside = _BESIDE.fullmatch(marked.document.gap(gap)) is not None
            if beside and letters in states and letters not in _NOT_A_STATE_BESIDE:
                return at, letters
    return None


def _two_letters(marked: Marked) -> re.Match[str] | None:
    definition = marked.library.facts.get("state")
    if definition is None:
        return None
    for found in _TWO_LETTERS.finditer(marked.document.text):
        if found["state"] not in definition.values:
            continue
        lead = marked.document.text[found.start() : found.start("state")]
        if not re.search(r"[a-z]", lead) and found["state"] in _NOT_A_STATE_AFTER_COMMA:
            continue
        return found
    return None
