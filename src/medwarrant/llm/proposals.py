"""Facts that a language model proposes, and the checks that each must pass.

A proposal is kept only if its quote stands in the note at the characters claimed and its value fits the
fact dictionary. Even then it changes nothing: a true quote does not prove that it was understood. Only
`confirm`, with the name of the person who read the quote, makes facts of proposals. The words of a note
never choose what happens here: the worst that an instruction inside a note can do is to have a model
propose a fact, which is checked and shown like any other.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from ..intake.facts import FactReader
from ..intake.files.note_text import NoteText
from ..intake.reading import plain_value
from ..model.errors import InputError
from ..model.facts import EventValue, Fact, FactStatus, History, Provenance, Value
from ..policy.library import Library
from .endpoint import Endpoint, completion
from .prompt import prompts

#: Why proposals are discarded, in the order of the checks.
REASONS: Final = (
    "no_answer",
    "not_json",
    "too_many",
    "malformed",
    "unknown_fact",
    "span_out_of_range",
    "quote_mismatch",
    "bad_value",
    "duplicate",
)
MOST: Final = 200
_LONGEST_QUOTE: Final = 1000
_LONGEST_VALUE: Final = 2000
_FENCE: Final = re.compile(r"\s*```(?:json)?[ \t]*\r?\n(.*?)```\s*", re.DOTALL | re.IGNORECASE)


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that a model read in a note, with the words it points to; without effect by itself.

    `span` counts characters of the original file, as the span of every fact does.
    """

    id: str
    fact: str
    status: FactStatus
    value: Value | EventValue | History | None
    quote: str
    span: tuple[int, int]
    document: str
    place: str

    def option(self, library: Library) -> str:
        """The text after `--fact` that states this fact, should a person agree."""
        return option_text(_fact(self), library)


class Proposals(msgspec.Struct, frozen=True, kw_only=True):
    """What was kept of the answers of a model, how much was discarded and why.

    `problem` says in words why there is nothing, or not everything, where the model gave no answer.
    """

    kept: tuple[Proposal, ...] = ()
    discarded: dict[str, int] = {}
    problem: str | None = None
    model: str = ""


def propose(note: NoteText, library: Library, endpoint: Endpoint) -> Proposals:
    """Ask a model which facts a note states, and keep the proposals that pass every check.

    An endpoint that cannot be reached is no error of the request: the problem is returned, and the
    answer goes out without proposals.
    """
    entries: list[Any] = []
    discarded: Counter[str] = Counter()
    problem = None
    for messages in prompts(note, library):
        try:
            reply = completion(endpoint, messages)
        except InputError as failure:
            discarded["no_answer"] += 1
            problem = str(failure)
            break
        found = read_reply(reply)
        if found is None:
            discarded["not_json"] += 1
        else:
            entries += found
    checked = check(entries, note, library)
    discarded.update(checked.discarded)
    return Proposals(
        kept=checked.kept,
        discarded=_in_order(discarded),
        problem=problem,
        model=endpoint.model,
    )


def read_reply(reply: str | None) -> list[Any] | None:
    """The list that a model wrote, with or without a fence around it; None for anything else.

    >>> read_reply('[{"fact": "fever"}]'), read_reply("Sure! Here are the facts:") is None
    ([{'fact': 'fever'}], True)
    """
    if reply is None:
        return None
    fenced = _FENCE.fullmatch(reply)
    try:
        found = json.loads(fenced[1] if fenced else reply, parse_constant=_refused)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) else None


def _refused(name: str) -> Any:
    raise ValueError(name)


def check(entries: Sequence[Any], note: NoteText, library: Library) -> Proposals:
    """The entries of a reply that pass every check, and a count of the others by reason."""
    reader = FactReader(library)
    discarded: Counter[str] = Counter()
    kept: list[Proposal] = []
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        if number >= MOST:
            discarded["too_many"] += len(entries) - MOST
            break
        found = _checked(entry, note, library, reader)
        if isinstance(found, str):
            discarded[found] += 1
            continue
        same = repr((found.fact, found.status, found.value, found.provenance.span))
        if same in seen:
            discarded["duplicate"] += 1
            continue
        seen.add(same)
        kept.append(_proposal(found, f"p{len(kept) + 1}", note, entry["start"]))
    return Proposals(kept=tuple(kept), discarded=_in_order(discarded))


def _checked(entry: Any, note: NoteText, library: Library, reader: FactReader) -> Fact | str:
    """The fact that an entry proposes, or the reason why it is discarded."""
    if not isinstance(entry, dict) or not {"fact", "start", "end", "quote"} <= set(entry):
        return "malformed"
    name, quote = entry["fact"], entry["quote"]
    start, end = entry["start"], entry["end"]
    if (
        not isinstance(name, str)
        or not isinstance(quote, str)
        or ("event" in entry) == ("value" in entry)
    ):
        return "malformed"
    if type(start) is not int or type(end) is not int:
        return "malformed"
    if name not in library.facts and name not in library.events:
        return "unknown_fact"
    span = note.original_span(start, end)
    if span is None or end - start > _LONGEST_QUOTE:
        return "span_out_of_range"
    if quote != note.text[start:end] or not re.search(r"[^\W_]", quote):
        return "quote_mismatch"
    raw = entry["event"] if "event" in entry else entry["value"]
    provenance = Provenance(document=note.name, span=span, quote=quote)
    try:
        if "event" in entry and (name not in library.events or not isinstance(raw, dict)):
            return "bad_value"
        if len(json.dumps(raw)) > _LONGEST_VALUE or not _printable(raw):
            return "bad_value"
        fact = reader.fact(name, raw, where="proposal", basis="read", provenance=provenance)
        again = reader.assignment(option_text(fact, library), basis="read")
    except (InputError, ValueError, OverflowError, RecursionError):
        return "bad_value"
    # An unknown or conflicting fact proposes nothing; one that cannot be stated cannot be confirmed.
    if fact.status not in ("present", "absent") or (again.status, again.value) != (
        fact.status,
        fact.value,
    ):
        return "bad_value"
    return fact


def _printable(raw: Any) -> bool:
    """Whether every word in a value can be shown as it is, without moving a cursor or turning text."""
    if isinstance(raw, str):
        return raw.isprintable()
    if isinstance(raw, dict):
        return all(_printable(part) for item in raw.items() for part in item)
    return all(map(_printable, raw)) if isinstance(raw, list) else True


def _proposal(fact: Fact, name: str, note: NoteText, start: int) -> Proposal:
    assert fact.provenance.span is not None
    return Proposal(
        id=name,
        fact=fact.fact,
        status=fact.status,
        value=fact.value,
        quote=fact.provenance.quote,
        span=fact.provenance.span,
        document=fact.provenance.document,
        place=note.place(start),
    )


def _fact(proposal: Proposal) -> Fact:
    return Fact(
        fact=proposal.fact,
        status=proposal.status,
        value=proposal.value,
        basis="confirmed",
        provenance=Provenance(document=proposal.document, span=proposal.span, quote=proposal.quote),
    )


def confirm(proposals: Proposals, chosen: Iterable[str], by: str) -> tuple[Fact, ...]:
    """The facts of the proposals that a named person confirms, by their ids.

    Raises `InputError` where nobody is named or an id is not among the proposals.
    """
    if not by.strip():
        raise InputError("a confirmation needs the name of the person", where="by")
    known = {proposal.id: proposal for proposal in proposals.kept}
    facts = []
    for name in dict.fromkeys(chosen):
        if name not in known:
            raise InputError(
                f"'{name[:20]}' is not among the proposals",
                where="chosen",
                mend=f"known: {', '.join(list(known)[:20]) or 'none'}",
            )
        facts.append(_fact(known[name]))
    return tuple(facts)


def option_text(fact: Fact, library: Library) -> str:
    """A fact as `--fact` takes it; reading it back gives the same fact.

    >>> from medwarrant import load_packs
    >>> option_text(Fact(fact="intent", value="acute"), load_packs())
    'intent=acute'
    """
    plain = plain_value(fact, library)
    if isinstance(fact.value, EventValue):
        plain = {**plain, **({"status": "absent"} if fact.status == "absent" else {})} or "present"
    elif fact.value is None:
        plain = fact.status
    elif fact.status == "absent":
        plain = {"not": plain}
    if isinstance(plain, str) and re.fullmatch(r"[A-Za-z0-9][\w./-]*", plain):
        return f"{fact.fact}={plain}"
    return f"{fact.fact}={json.dumps(plain, ensure_ascii=False)}"


def _in_order(discarded: Counter[str]) -> dict[str, int]:
    return {reason: discarded[reason] for reason in REASONS if discarded[reason]}
