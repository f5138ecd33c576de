"""Anything else: what the library holds that is nearest, or an honest *not in the library*."""

from __future__ import annotations

import re
from typing import Final

from ..evidence import search
from ..evidence.concepts import ASKING
from ..evidence.kept import Kind
from ..policy.prose import join
from ..report.article import Block, Bullets, Callout, Line, Prose
from ..report.text import clean, sentence, shortened, upper_first
from ..terminology.text import normalise
from .focus import Focus, pairs_of
from .found_told import nearest
from .patterns import written_out
from .talk import Talk, Told

_MOST: Final = 5
_SAFETY_WORDS: Final = frozenset(
    "safe safely safety risk risky side effect danger dangerous harm harmful complication contraindication contraindicated "
    "hurt adverse precaution careful caution".split()
)
_PAYS: Final = re.compile(
    r"\b(?:say|says|cover|covers|covered|pay|pays|policy|require|requires|want|wants|plan|insur\w+)\b"
)

#: What a follow-up can ask, shown where one was not understood.
CAN_ASK: Final = (
    "New facts: what was tried, with its result; where and when it is done; who pays",
    "What if something were otherwise",
    "Why a pair of service and diagnosis stands as it does",
    "What is missing, and which documents to send",
    "What the evidence says, or what one study says",
    "What another payer's policy says",
    "Which code fits",
)
_CAN_ASK_PLAIN: Final = (
    "Tell us what you have tried and if it helped",
    "Ask why",
    "Ask what is missing",
    "Ask what studies say",
    "Ask about your health plan",
)


def tell_library(talk: Talk, text: str, *, safety: Focus | None = None) -> Told:
    """The nearest statements of the library, marked as such; of a pair's safety where that is asked."""
    kinds: tuple[Kind, ...] | None = None
    text = written_out(text)
    if safety is not None:
        kinds = ("caution", "statement", "conflict")
    telling = [word for word in normalise(text).split() if word not in ASKING]
    if safety is not None and not set(telling) - _SAFETY_WORDS:
        return _safety(talk, safety)
    if safety is not None:
        text = " ".join(word for word in normalise(text).split() if word not in _SAFETY_WORDS)
    found = search(talk.library, text, _MOST, kinds=kinds)
    listed = nearest(talk, found)
    if listed:
        lead = (
            "Nearest in our library:"
            if talk.plain
            else "Nearest in the library, not judged for this request:"
        )
        return Told("library", (Prose((Line(lead=lead),)), *listed))
    if safety is not None and safety.anything:
        return _safety(talk, safety)
    return Told("not_in_library", ())


def _safety(talk: Talk, focus: Focus) -> Told:
    """What the packs say of the safety of the pairs: what is present first, then what to confirm."""
    pairs = pairs_of(talk.view, focus)
    policies = {policy.id: policy for pair in pairs for policy in talk.view.policies(pair)}
    lines = []
    present = {
        finding.message
        for pair in pairs
        for finding in pair.item.safety
        if finding.severity == "refer"
    }
    seen: set[str] = set()
    for policy in policies.values():
        for entry in policy.contraindications:
            if entry.message in seen:
                continue
            seen.add(entry.message)
            lead = {"absolute": "Must not be done:", "relative": "With care:"}[entry.severity]
            if any(entry.message in message for message in present):
                lead = "Present here, must not be done:"
            words = entry.plain if talk.plain and entry.plain else entry.message
            note = talk.cited.statements(entry.rests_on)
            lines.append(Line(lead=lead, text=sentence(clean(words)), note=note))
    if not lines:
        return Told("not_in_library", ())
    lines.sort(key=lambda line: ("Present" not in line.lead, "Must" not in line.lead))
    services = dict.fromkeys(pair.service.called(plain=talk.plain) for pair in pairs)
    head = Line(lead="Safety:", text=sentence(join(services, "and")))
    return Told("library", (Prose((head,)), Bullets(tuple(lines))))


def not_in_library(talk: Talk, text: str) -> Told:
    """That nothing in the library speaks of it, and what can be asked instead."""
    quoted = clean(shortened(" ".join(text.split()), 120))
    said = [
        Line(text="We have nothing on this in our library.")
        if talk.plain
        else Line(
            text=f"Nothing that the library holds speaks of “{quoted}”, so nothing is said about it."
        )
    ]
    payers = _known_payers(talk, text)
    if payers and not talk.plain:
        said.append(Line(lead="Payers it knows:", text=payers))
    can = _CAN_ASK_PLAIN if talk.plain else CAN_ASK
    blocks: tuple[Block, ...] = (
        Callout("note", "Not in the library", tuple(said)),
        Prose((Line(lead="What you can do:" if talk.plain else "A follow-up can be:"),)),
        Bullets(tuple(Line(text=sentence(upper_first(words))) for words in can)),
    )
    return Told("not_in_library", blocks)


def _known_payers(talk: Talk, text: str) -> str:
    """The payers of the packs, where a name may have been one."""
    if not _PAYS.search(text.lower()) or not re.search(r"(?<!^)\b[A-Z][A-Za-z]+", text):
        return ""
    held = {
        payer.title.partition(" (")[0]
        for payer in talk.library.payers.values()
        if any(
            payer.id in policy.id or payer.title.partition(" (")[0] in policy.publisher
            for policy in talk.library.policies.values()
        )
    }
    return sentence(join(sorted(held), "and"))
