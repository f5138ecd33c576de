"""What would change an answer, as questions that a person can answer: data, whatever draws them.

The engine asks pair by pair; a person is asked each thing once. `open_questions` gathers the asks of
all pairs, those that change most first, and says for each which fields an answer has.
`question_answers` reads what was filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from ..model.determination import Ask
from ..model.request import LINE_FACTS
from ..policy.fact_words import said_words
from ..policy.library import Library
from ..policy.prose import join
from .question_fields import FieldGroup, code_fields, event_fields, fact_fields
from .text import anchor, clean, sentence, upper_first
from .view import ArticleView, Pair, article_view, plain_diagnosis
from .words import Audience

if TYPE_CHECKING:
    from ..answer import Answer
    from ..terminology.icd10cm import Icd10cm

#: What one line says of its own place on the body; one answer for several lines would fit none of them.
_OF_ONE_LINE = frozenset({"nerve", "muscles", "levels", "region", "side", "units", "modifier"})


class OpenQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to ask a person, for every pair that waits for it.

    `id` names it in a form and stays the same while the answer does. A question about a fact has
    `fact`, with the codes of the `services` it is limited to; a question about another code has
    `codes`, which it would put in place of, or beside, `instead_of`. `groups` hold what may be filled
    in: of an event one group for each, so that two drugs tried are two events. A question without
    groups can only be shown.
    """

    id: str
    kind: Literal["fact", "event", "diagnosis_code", "service_code", "shown"]
    question: str
    fact: str | None = None
    services: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    pair_words: tuple[str, ...] = ()
    groups: tuple[FieldGroup, ...] = ()


def open_questions(
    answer: Answer, audience: Audience = "clinician", icd: Icd10cm | None = None
) -> tuple[OpenQuestion, ...]:
    """The questions whose answers may change an outcome, in the audience's words.

    Facts come first, each ranked by how high it stands in how many pairs; then whether another code
    is meant, which patients are not asked. `icd` gives the titles of codes that may be chosen.

    >>> from medwarrant import determine
    >>> asked = open_questions(determine({"services": ["64405"], "diagnoses": ["G43.919"]}))
    >>> [(question.id, question.kind) for question in asked][:3]
    [('intent', 'fact'), ('setting', 'fact'), ('drug-trial', 'event')]
    """
    view = article_view(answer)
    gathered = _gathered(view)
    ranked = sorted(gathered.values(), key=lambda asked: -asked.weight)
    facts = [asked for asked in ranked if asked.first.kind == "fact"]
    made = [_fact_question(asked, view, audience) for asked in facts]
    if audience != "patient":
        codes = [asked for asked in ranked if asked.first.kind == "code"]
        made += [_code_question(asked, view, icd) for asked in codes]
    return tuple(question for question in made if question is not None)


class _Asked:
    """One thing asked, with the pairs that ask it."""

    def __init__(self, id_: str, first: Ask, codes: tuple[str, ...]) -> None:
        self.id = id_
        self.first = first
        self.codes = codes
        self.weight = 0.0
        self.pairs: list[Pair] = []
        self.asks: list[Ask] = []


def _gathered(view: ArticleView) -> dict[str, _Asked]:
    known = {entry.code for entry in (*view.services, *view.diagnoses)}
    found: dict[str, _Asked] = {}
    for pair in view.pairs:
        for place, ask in enumerate(pair.item.ask, start=1):
            codes: tuple[str, ...] = ()
            if ask.kind == "fact":
                id_ = str(ask.fact)
                if ask.fact in _OF_ONE_LINE and len(view.services) > 1:
                    id_ = f"{ask.fact}@{pair.item.service}"
            else:
                codes = tuple(code.strip() for code in (ask.code or "").split(",") if code.strip())
                left = tuple(code for code in codes if code not in known)
                if codes and not left:
                    continue  # what is asked about stands in the request already
                codes = left
                id_ = anchor("code", *codes) if codes else anchor("ask", ask.question[:60])
            asked = found.setdefault(id_, _Asked(id_, ask, codes))
            asked.weight += 1 / place
            asked.asks.append(ask)
            if pair not in asked.pairs[-1:]:
                asked.pairs.append(pair)
    return found


def _whom(pairs: Iterable[Pair], *, plain: bool) -> tuple[str, ...]:
    """The pairs in words, each service with the diagnoses it is asked for."""
    found: dict[str, dict[str, None]] = {}
    for pair in pairs:
        service = pair.service.plain if plain else pair.service.code
        diagnosis = pair.diagnosis.called(plain=True) if plain else pair.diagnosis.code
        found.setdefault(service, {})[diagnosis] = None
    return tuple(f"{service} for {join(named, 'and')}" for service, named in found.items())


def _fact_question(asked: _Asked, view: ArticleView, audience: Audience) -> OpenQuestion | None:
    library = view.library
    plain = audience == "patient"
    name = str(asked.first.fact)
    services: tuple[str, ...] = ()
    if name in LINE_FACTS and len(view.services) > 1:
        services = tuple(dict.fromkeys(pair.item.service for pair in asked.pairs))
    entry = library.facts.get(name) or library.events.get(name)
    if name in library.events:
        supplies = list(_supplies(asked, name))
        groups = event_fields(asked.id, library.events[name], supplies, library, plain=plain)
    elif name in library.facts:
        codes = services or tuple(dict.fromkeys(service.code for service in view.services))
        groups = fact_fields(asked.id, library.facts[name], codes, library, plain=plain)
    else:
        return (
            None  # a policy asks for what its own packs do not define: nothing could be read back
        )
    own = entry.plain if plain and entry else ""
    asks = asked.asks
    return OpenQuestion(
        id=asked.id,
        kind="event" if name in library.events else "fact",
        question=upper_first(clean(own)) or sentence(clean(asked.first.question)),
        fact=name,
        services=services,
        why=() if plain else _told(ask.why for ask in asks),
        documents=() if plain else _told(ask.document or "" for ask in asks),
        known=_known(view, name, services, plain=plain),
        pairs=tuple((pair.item.service, pair.item.diagnosis) for pair in asked.pairs),
        pair_words=_whom(asked.pairs, plain=plain),
        groups=groups,
    )


def _code_question(asked: _Asked, view: ArticleView, icd: Icd10cm | None) -> OpenQuestion:
    titles = {code: _code_title(code, view.library, icd) for code in asked.codes}
    kinds = {is_service_code(code) for code in asked.codes}
    service = kinds == {True}
    instead = tuple(
        dict.fromkeys(pair.item.service if service else pair.item.diagnosis for pair in asked.pairs)
    )
    answerable = len(kinds) == 1
    kind = "shown" if not answerable else "service_code" if service else "diagnosis_code"
    return OpenQuestion(
        id=asked.id,
        kind=kind,  # type: ignore[arg-type]  # one of three words
        question=sentence(clean(asked.first.question)),
        codes=asked.codes,
        instead_of=instead if answerable else (),
        why=_told(ask.why for ask in asked.asks),
        pairs=tuple((pair.item.service, pair.item.diagnosis) for pair in asked.pairs),
        pair_words=_whom(asked.pairs, plain=False),
        groups=code_fields(asked.id, titles, instead) if answerable else (),
    )


def is_service_code(code: str) -> bool:
    """Whether a code has the form of a procedure code (five places, four digits first or last).

    >>> is_service_code("64405"), is_service_code("J0585"), is_service_code("G43.719")
    (True, True, False)
    """
    return re.fullmatch(r"\d{4}[0-9A-Z]|[A-Z]\d{4}", code) is not None


def _code_title(code: str, library: Library, icd: Icd10cm | None) -> str:
    """Our own name of a procedure; the official title of a diagnosis, or the name of its set."""
    if is_service_code(code):
        procedure = library.procedure(code)
        return clean(procedure.name) if procedure else ""
    known = icd.lookup(code) if icd is not None else None
    return clean(known.title if known else plain_diagnosis(code, library))


def _told(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clean(part).rstrip(".") for part in parts if part))


def _known(
    view: ArticleView, name: str, services: tuple[str, ...], *, plain: bool
) -> tuple[str, ...]:
    """What the request says of the fact already, in words: an answer adds to it or replaces it."""
    return tuple(
        clean(said_words(name, fact.status, fact.value, view.library, plain=plain))
        for fact in view.reading.facts
        if fact.fact == name and (not services or fact.service in (None, *services))
    )


def _supplies(asked: _Asked, name: str) -> Iterator[list[dict[str, Any]]]:
    """The events of a kind that each set of facts would supply."""
    for pair in asked.pairs:
        for change in pair.item.would_change:
            yield [
                step.supply.event
                for step in change.criteria
                if step.supply.fact == name and step.supply.event is not None
            ]
